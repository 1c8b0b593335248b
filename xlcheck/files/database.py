"""Databases (SQLite) that a run keeps in a folder: opened where no link leads elsewhere, and their trouble in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from xlcheck.files.below import below

_BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a database (sqlite.org/tempfiles.html)."""


def database(root: Path, inside: str, **options: Any) -> sqlite3.Connection:
    """Open a database below `root`, made with its folder if it is not there.

    Args:
        root: the folder of a run; it exists.
        inside: the place below it, with ``/``.
        options: of :func:`sqlite3.connect`.

    Raises:
        Outside: a link leads elsewhere.
        OSError: its folder cannot be made.
        sqlite3.Error: it cannot be opened.
    """
    place = below(root, inside)
    place.parent.mkdir(parents=True, exist_ok=True)
    for beside in _BESIDE:
        below(root, inside + beside)
    if place.exists() and not place.is_file():
        raise sqlite3.DatabaseError("not a file")
    opened: sqlite3.Connection = sqlite3.connect(place, **options)
    return opened


def is_busy(error: BaseException) -> bool:
    """Whether somebody else has it."""
    return isinstance(error, sqlite3.OperationalError) and ("locked" in str(error) or "busy" in str(error))


def is_full(error: BaseException) -> bool:
    """Whether it cannot be written, for want of room or of permission."""
    words = ("full", "disk I/O", "readonly", "unable to open", "unable to write")
    return isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in words)


FULL = "写不进去；请检查磁盘空间和权限，然后重新运行"
FOREIGN = "已损坏，或者不是 xlcheck 写的；请把它改名移走后重新运行"


def has_our_tables(connection: sqlite3.Connection, tables: dict[str, tuple[str, ...]]) -> bool:
    """Whether each of these tables has just these columns, as far as it is there.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    for table, columns in tables.items():
        found = tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
        if found and found != columns:
            return False
    return True
