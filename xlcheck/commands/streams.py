"""Where output goes: a stream that cannot be written to stops no work, and is told at the end."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import IO, Any, cast


class Patient(io.BufferedIOBase):
    """A stream that takes everything; the first trouble is kept, and what comes after it is dropped."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.trouble: OSError | None = None
        """Why it could not be written to."""

    def write(self, data: Any) -> int:
        """Take some bytes."""
        self._try(lambda: self._inner.write(data))
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Hand on what was taken."""
        self._try(self._inner.flush)

    def _try(self, call: Any) -> None:
        if self.trouble is not None:
            return
        try:
            call()
        except OSError as error:
            self.trouble = error
            # What still waits to be written goes nowhere, and nothing complains of it when the process ends.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._inner.fileno())
            os.close(nowhere)

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def fileno(self) -> int:
        """Of the stream below."""
        return self._inner.fileno()

    def isatty(self) -> bool:
        """Whether a person sees it at once."""
        return self._inner.isatty()


def patient(name: str) -> Patient:
    """Make ``sys.stdout`` or ``sys.stderr`` patient; one that was closed when the process began takes nothing."""
    old = getattr(sys, name)
    number = {"stdout": 1, "stderr": 2}[name]
    if isinstance(old, io.TextIOWrapper):
        encoding, by_lines = old.encoding, old.line_buffering
        stream = Patient(cast(IO[bytes], old.detach()))
    else:
        encoding, by_lines = "utf-8", False
        stream = Patient(open(number, "wb", closefd=False))  # noqa: SIM115  # it lasts as long as the process
    # A terminal of an encoding without Chinese shows question marks, not a traceback.
    setattr(sys, name, io.TextIOWrapper(stream, encoding, "replace", line_buffering=by_lines))
    return stream


def is_gone(error: OSError) -> bool:
    """Whether the reader of our output went away, as `head` does; there is nobody left to tell."""
    return isinstance(error, BrokenPipeError) or error.errno in (errno.EPIPE, errno.ECONNRESET)
