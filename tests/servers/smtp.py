"""A real mail server in a process of its own (aiosmtpd), which misbehaves when the recipient's address tells it to.

The part of an address before the first dash says what happens: ``refuse`` is refused for ever, ``later2`` twice for now,
``content`` is refused after its content, ``cut`` loses the connection while the content comes in, ``mute`` after the dot
without keeping the letter, ``lost`` after the dot having kept it (both once), ``busy2`` is told to come back on a new connection.
Every letter that was taken lies in the folder as ``NUMBER.eml``, its envelope as ``NUMBER.json``.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests import ROOT
from tests.servers.certificates import certify

USER, PASSWORD = "gkb@example.org", "秘钥不写在这里-abc".encode().hex()


class Letter(NamedTuple):
    """A letter that the server took."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    login: str
    connection: int


class Running(NamedTuple):
    """A server that runs."""

    port: int
    folder: Path
    ca: Path
    """The certificate to trust."""
    process: subprocess.Popen[str]

    @property
    def letters(self) -> list[Letter]:
        """What it took, in that order."""
        taken = []
        for path in sorted(self.folder.glob("*.json"), key=lambda path: int(path.stem)):
            said = json.loads(path.read_text(encoding="utf-8"))
            data = path.with_suffix(".eml").read_bytes()
            taken.append(Letter(said["from"], tuple(said["to"]), data, said["login"], said["connection"]))
        return taken

    @property
    def received(self) -> Counter[str]:
        """How many letters each recipient got."""
        return Counter(recipient for letter in self.letters for recipient in letter.recipients)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """Start a server.

    Args:
        folder: where it keeps letters and its certificate.
        options: ``tls`` (from the first byte), ``starttls``, ``auth``, ``no-utf8``, ``delay=SECONDS``.
    """
    folder.mkdir(exist_ok=True)
    trusted, _ = certify(folder, "localhost", "127.0.0.1")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.servers.smtp", str(folder), *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        yield Running(int(process.stdout.readline()), folder, trusted, process)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def main(folder: Path, options: dict[str, str]) -> None:
    """Serve until killed; the port is printed first."""
    import logging

    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

    logging.disable()
    tries: Counter[str] = Counter()
    numbers = iter(range(1, 1_000_000))
    connections = iter(range(1, 1_000_000))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")

    def mode(address: str) -> tuple[str, int]:
        match = re.fullmatch(r"([a-z]+)([0-9]*)", address.partition("-")[0]) if "-" in address else None
        return (match[1], int(match[2] or 0)) if match else ("", 0)

    class Handler:
        async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, _: Any) -> str:
            what, times = mode(address)
            if what == "refuse":
                return "550 5.1.1 no such user"
            if what in ("later", "busy"):
                tries[address] += 1
                if tries[address] <= times:
                    if what == "busy":
                        server.transport.write(b"421 4.3.2 come back\r\n")
                        server.transport.close()
                    return "451 4.7.1 greylisted, try again later"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            if delay := options.get("delay"):
                await asyncio.sleep(float(delay))
            modes = {mode(address)[0]: address for address in envelope.rcpt_tos}
            if "content" in modes:
                return "554 5.7.1 message looks like spam"
            kept = "mute" not in modes or tries[modes["mute"]] > 0
            if kept:
                number = next(numbers)
                (folder / f"{number}.eml").write_bytes(bytes(envelope.content))
                said = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "connection": server.number}
                text = json.dumps({**said, "login": (session.auth_data or b"").decode()}, ensure_ascii=False)
                (folder / f"{number}.tmp").write_text(text, encoding="utf-8")
                os.rename(folder / f"{number}.tmp", folder / f"{number}.json")
            for what in ("mute", "lost"):
                if what in modes:
                    tries[modes[what]] += 1
                    if tries[modes[what]] == 1:
                        server.transport.abort()
            return "250 OK"

    class Server(SMTP):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.number = next(connections)

        async def smtp_DATA(self, arg: str) -> None:
            cut = next((a for a in (self.envelope.rcpt_tos if self.envelope else ()) if mode(a)[0] == "cut"), None)
            if cut is not None:
                tries[cut] += 1
                if tries[cut] <= max(1, mode(cut)[1]):
                    await self.push("354 go on")
                    await self._reader.read(2000)
                    self.transport.abort()  # type: ignore[union-attr]
                    return
            await super().smtp_DATA(arg)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False, auth_data=data.login if right else None)

    def factory() -> SMTP:
        return Server(
            Handler(),
            hostname="localhost",
            enable_SMTPUTF8="no-utf8" not in options,
            data_size_limit=int(options.get("size", 33_554_432)),
            tls_context=context if "starttls" in options else None,
            authenticator=authenticate,
            auth_required="auth" in options,
            auth_require_tls="starttls" in options,
        )

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(factory, "127.0.0.1", 0, ssl=context if "tls" in options else None)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


def wait_for(condition: Any, seconds: float = 20) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), {key: value for key, _, value in (option.partition("=") for option in sys.argv[2:])})
