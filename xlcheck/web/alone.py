"""One window a folder: whoever opens it once more is shown the one that is open."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from xlcheck.files.below import below
from xlcheck.files.content import write_bytes
from xlcheck.files.database import database, is_busy

_LOCK = ".xlcheck/window.lock"
_PORT = ".xlcheck/window.port"


@contextmanager
def only_window(folder: Path) -> Iterator[bool]:
    """Be the only window of a folder, until the context or the process ends, however that ends.

    Gives whether it is. Where nothing can be locked in the folder, no other one is looked for.
    """
    with ExitStack() as stack:
        is_alone = True
        try:
            lock = stack.enter_context(closing(database(folder, _LOCK, timeout=0, isolation_level=None)))
            lock.execute("BEGIN EXCLUSIVE")
            below(folder, _PORT).unlink(missing_ok=True)
        except (OSError, sqlite3.Error) as error:
            is_alone = not is_busy(error)
        yield is_alone


def note_port(folder: Path, port: int) -> None:
    """Note where the window of a folder listens."""
    with suppress(OSError):
        write_bytes(below(folder, _PORT), str(port).encode())


def noted_port(folder: Path, patience: float = 20) -> int | None:
    """Where the window of a folder listens; one that is just being opened is waited for. None where it does not say so.

    Args:
        folder: in which another one is the :func:`only_window`.
        patience: seconds.
    """
    until = time.monotonic() + patience
    while True:
        with suppress(OSError, ValueError):
            return int(below(folder, _PORT).read_text(encoding="ascii"))
        if time.monotonic() >= until:
            return None
        time.sleep(0.1)
