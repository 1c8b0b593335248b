"""An IMAP server that answers what it is told to, for what no real one can be made to say. It speaks TLS from the first byte."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.servers.certificates import certify

Answers = Mapping[str, str | Callable[[str], str]]
"""By a pattern that a command begins with: what is said to it, with ``TAG`` for its tag; or a function of the command."""


class Speaking(NamedTuple):
    """A server that runs."""

    port: int
    ca: Path
    commands: list[str]
    """What it was told, without tags."""

    def url(self, user: str = "clerk@example.org") -> str:
        """The address of its mailbox."""
        return f"imaps://{user}@localhost:{self.port}"


def mailbox(
    letters: Mapping[int, bytes], dates: Mapping[int, str] | None = None
) -> dict[str, str | Callable[[str], str]]:
    """The answers of an honest server with these letters; `dates` are INTERNALDATEs as they go over the wire."""
    when = dict.fromkeys(letters, '"03-Nov-2025 17:30:00 +0800"') | dict(dates or {})

    def fetch(command: str) -> str:
        said = []
        for uid in map(int, re.findall(r"\d+", command.split()[2])):
            data = letters[uid]
            if "BODY" in command:
                text = data.decode("latin-1")
                said.append(f"* {uid} FETCH (UID {uid} BODY[] {{{len(data)}}}\r\n{text})\r\n")
            elif "INTERNALDATE" in command:
                said.append(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(data)} INTERNALDATE {when[uid]})\r\n")
            else:
                said.append(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(data)})\r\n")
        return "".join(said) + "TAG OK FETCH\r\n"

    uids = " ".join(map(str, letters))
    return {
        "CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
        "EXAMINE": f"* {len(letters)} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT {max(letters, default=0) + 1}] x\r\nTAG OK done\r\n",
        "UID SEARCH": f"* SEARCH {uids}\r\nTAG OK done\r\n",
        "UID FETCH": fetch,
        "LOGOUT": "* BYE bye\r\nTAG OK done\r\n",
    }


@contextmanager
def speaking(folder: Path, answers: Answers, greeting: str = "* OK ready\r\n") -> Iterator[Speaking]:
    """Start a server that says ``TAG OK`` where `answers` say nothing else."""
    folder.mkdir(exist_ok=True)
    trusted, own = certify(folder, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    commands: list[str] = []

    def answer(line: str) -> str:
        tag, _, command = line.partition(" ")
        commands.append(command)
        said = next((said for begin, said in answers.items() if re.match(begin, command)), "TAG OK done\r\n")
        return (said if isinstance(said, str) else said(command)).replace("TAG", tag)

    def serve(peer: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(peer, server_side=True) as safe, safe.makefile("rb") as lines:
            safe.sendall(greeting.encode("latin-1"))
            for line in lines:
                safe.sendall(answer(line.decode("latin-1").strip()).encode("latin-1"))

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield Speaking(listener.getsockname()[1], trusted, commands)
