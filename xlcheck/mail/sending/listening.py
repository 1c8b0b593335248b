"""What an SMTP server says, within bounds: a reply has only so many bytes and takes only so long, and none comes unasked."""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
import time
from typing import Any

from xlcheck.model.errors import Error

_MOST_BYTES = 64 << 10
"""Of one reply; honest ones have some hundred."""


class OutOfTurn(Error):
    """The server spoke unasked where that would be taken for what it says later, over TLS."""

    code = "unasked"


class Replies:
    """The lines that come over a connection, for :class:`smtplib.SMTP` in place of a file."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray()
        self._until = self._left = 0.0

    def begin(self, seconds: float) -> None:
        """The next reply is expected, within so many seconds from now."""
        self._until, self._left = time.monotonic() + seconds, _MOST_BYTES

    def readline(self, limit: int = -1) -> bytes:
        """The next line; empty where the connection is closed.

        Raises:
            OSError: the reply is too long, or takes too long.
        """
        while (end := self._buffer.find(b"\n") + 1) == 0 and not 0 < limit <= len(self._buffer):
            seconds = self._until - time.monotonic()
            if seconds <= 0:
                raise TimeoutError
            if self._left <= 0:
                raise ConnectionError("reply without end")
            self._connection.settimeout(seconds)
            piece = self._connection.recv(4096)
            if not piece:
                end = len(self._buffer)
                break
            self._left -= len(piece)
            self._buffer += piece
        end = end or limit
        line = bytes(self._buffer[:end])
        del self._buffer[:end]
        return line

    @property
    def is_unasked(self) -> bool:
        """Whether there is something to read that was not asked for."""
        if self._buffer or (isinstance(self._connection, ssl.SSLSocket) and self._connection.pending()):
            return True
        return bool(select.select([self._connection], [], [], 0)[0])

    def close(self) -> None:
        """There is nothing to close: the connection is another's."""


class _Bounded(smtplib.SMTP):
    """A connection whose replies are bounded."""

    def getreply(self) -> tuple[int, bytes]:
        """The server's reply.

        Raises:
            smtplib.SMTPServerDisconnected: there is none, or it is beyond the bounds.
        """
        connection: Any = self.sock
        if self.file is None:
            self.file = Replies(connection)
        patience: float | None = connection.gettimeout()
        self.file.begin(300.0 if patience is None else patience)
        try:
            return super().getreply()
        finally:
            if self.sock is not None:
                self.sock.settimeout(patience)

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        """Ask for something; answers what the server says.

        Raises:
            OutOfTurn: more stands behind the answer to STARTTLS, where nobody vouches for who said it (CVE-2011-0411).
        """
        said = super().docmd(cmd, args)
        if cmd == "STARTTLS" and said[0] == 220 and self.is_unasked:
            self.close()
            raise OutOfTurn
        return said

    @property
    def is_unasked(self) -> bool:
        """Whether the server hung up, or has something to say before its turn."""
        return self.sock is None or (isinstance(self.file, Replies) and self.file.is_unasked)


class Plain(_Bounded):
    """A connection that begins without TLS."""


class Safe(smtplib.SMTP_SSL, _Bounded):
    """A connection that begins with TLS (RFC 8314)."""
