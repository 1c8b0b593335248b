"""How fast letters leave, against a bare smtplib loop that sends the same bytes to the same server.

Run ``python -m benchmarks.mail [LETTERS]`` with the extras ``dev`` installed. The server is a process of its own with
TLS and login. Both take turns in groups of 100 letters, each group on one connection, so that a noisy machine slows
both alike.
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.servers.letters import clones, listed
from tests.servers.smtp import PASSWORD, USER, Running, running
from xlcheck.mail.account import parse_account, tls_context
from xlcheck.mail.address import parse_address
from xlcheck.mail.sending import letter
from xlcheck.mail.sending.attachment import copies_in
from xlcheck.mail.sending.ledger import open_letter_ledger
from xlcheck.mail.sending.plan import Wanted, decide_letters
from xlcheck.mail.sending.prepare import Mailing, Prepared, Spool, prepare
from xlcheck.mail.sending.proof import opening_again
from xlcheck.mail.sending.send import Pace, Sender
from xlcheck.mail.sending.smtp import Session
from xlcheck.model.office import Office
from xlcheck.reading.open import Forms
from xlcheck.results.stored import load_results
from xlcheck.roster.units import Unit
from xlcheck.workers.spread import standing_by

GROUP = 100


def bare(server: Running, messages: list[tuple[str, bytes]], nodelay: bool = False) -> float:
    """The seconds that a plain loop takes; smtplib leaves Nagle's algorithm on, which costs it 40 ms a letter."""
    start = time.perf_counter()
    with smtplib.SMTP_SSL("localhost", server.port, context=ssl.create_default_context()) as smtp:
        smtp.login(USER, PASSWORD)
        if nodelay and smtp.sock:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for recipient, message in messages:
            smtp.sendmail(USER, [recipient], message)
    return time.perf_counter() - start


def turns(out: Path, units: tuple[Unit, ...], server: Running) -> tuple[float, float, float, float, int]:
    """The seconds of preparing, of sending, of the plain loop and of a quicker one; and the bytes of all messages."""
    (out / ".xlcheck").mkdir()
    with standing_by(opening_again(Forms())) as opened, open_letter_ledger(out) as ledger:
        spool, results = Spool(), load_results(out)
        job = Mailing(
            copies_in(out), Wanted(), Office(), parse_address(USER), (), letter.templates(None), Forms(), None, 20 << 20,
            int(time.time()), draft=False,
        )  # fmt: skip
        start = time.perf_counter()
        prepared: Prepared = prepare(
            decide_letters(units, (), results.records, job.wanted).drafts, units, job, ledger, spool
        )
        taken = time.perf_counter() - start
        assert len(prepared.ready) == len(units)
        account = parse_account(f"smtps://{USER}@localhost:{server.port}", "smtps")
        context = tls_context(account)
        ours = theirs = quicker = 0.0
        size = 0
        for at in range(0, len(units), GROUP):
            group = prepared.ready[at : at + GROUP]
            sender = Sender(partial(Session, account, PASSWORD, context), USER, ledger, spool, Pace(), opened)
            start = time.perf_counter()
            sent = sender.run(group, lambda *_: None)
            ours += time.perf_counter() - start
            assert set(sent.states.values()) == {"sent"}
            messages = [(one.left[0].spec, spool.read(one)) for one in group]
            size += sum(len(message) for _, message in messages)
            theirs += bare(server, messages)
            quicker += bare(server, messages, nodelay=True)
        spool.close()
    return taken, ours, theirs, quicker, size


def command(out: Path, units: Path, server: Running) -> float:
    """The seconds of the whole command, from its start to its end."""
    start = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "xlcheck",
            "mail",
            str(out),
            "--units",
            str(units),
            "--smtp",
            f"smtps://{USER}@localhost:{server.port}",
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "XLCHECK_SMTP_PASSWORD": PASSWORD},
    )
    return time.perf_counter() - start


def main(count: int) -> None:
    """Print the table."""
    units = tuple(Unit(f"市第{number:04}局", "", f"unit{number}@example.org") for number in range(count))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = clones(folder, [unit.name for unit in units])
        with running(folder / "server", "tls", "auth") as server:
            os.environ["SSL_CERT_FILE"] = str(server.ca)
            prepared, ours, theirs, quicker, size = turns(out, units, server)
            (out / ".xlcheck" / "mail.sqlite").unlink()
            whole = command(out, listed(folder, units), server)
            assert set(server.received.values()) == {4}, "a letter is missing or twice"
    print(
        f"Python {sys.version.split()[0]}, {count} letters of {size / count / 1024:.0f} kB, TLS and login, one connection for {GROUP}\n"
    )
    print("| what | letters a second | of the bare loop | of the quicker one | target |\n|---|---|---|---|---|")
    for what, seconds, target in (
        ("bare smtplib loop, the same bytes", theirs, ""),
        ("the same with TCP_NODELAY, the quicker one", quicker, ""),
        ("xlcheck, sending", ours, "≥ 0.70 of either"),
        ("xlcheck, writing and checking all letters before", prepared, ""),
        ("`xlcheck mail`, the whole process", whole, ""),
    ):
        print(f"| {what} | {count / seconds:.1f} | {theirs / seconds:.2f} | {quicker / seconds:.2f} | {target} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
