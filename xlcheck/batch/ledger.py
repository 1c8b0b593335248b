"""The record of a batch (SQLite): what came of each file, so that an interrupted batch can go on."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType

from xlcheck.files.database import FOREIGN, FULL, database, has_our_tables, is_busy, is_full
from xlcheck.model.errors import LedgerTrouble
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Status, Tally
from xlcheck.results.writing import entry_dated

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
  path BLOB PRIMARY KEY,      -- as the user gave it, in UTF-8; names of files need not be texts
  key TEXT NOT NULL,          -- what the result depends on: content, form, version, options
  batch INTEGER NOT NULL,     -- the run that needed it last
  position INTEGER NOT NULL,  -- among the files of that run
  status TEXT NOT NULL,
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  explained INTEGER NOT NULL,
  annotated BLOB NOT NULL,    -- the copy, relative to the folder; or empty
  document TEXT NOT NULL      -- the entry of the JSON document
);
CREATE TABLE IF NOT EXISTS former (  -- readable files of runs before, which the last run did not check
  path BLOB PRIMARY KEY, unit TEXT NOT NULL, unit_code TEXT NOT NULL, year INTEGER, status TEXT NOT NULL,
  review INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS written (what TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_position ON files (batch, position);
"""
_COLUMNS = {
    "files": (
        "path", "key", "batch", "position", "status", "errors", "warnings", "explained", "annotated", "document"
    ),
    "former": ("path", "unit", "unit_code", "year", "status", "review"),
    "written": ("what", "state"),
}  # fmt: skip
_SECONDS = 1.0
"""A killed run loses no more than this."""


class Known(NamedTuple):
    """What an earlier run found in a file."""

    key: str
    """What the result depends on."""
    tally: Tally
    annotated: str
    """The copy, relative to the folder; or empty."""
    fixed: str = ""
    """The copy with mends, likewise."""
    modified: float = 0.0
    """When the file was last written then."""


class Former(NamedTuple):
    """A file that a run before checked, and the last one did not."""

    path: str
    unit: str
    """单位名称 on its cover, or empty."""
    unit_code: str
    """统一社会信用代码 on its cover, or empty."""
    year: int | None
    status: Status
    review: bool
    """Whether it passed with warnings that nobody explained."""


class ResultLedger:
    """The record in one file; use it in a ``with`` statement.

    Whatever SQLite says of it in the meantime becomes LedgerTrouble at the end of that statement.
    """

    def __init__(self, root: Path, inside: str) -> None:
        """Open the record `inside` the folder `root`, or begin one, for a new run.

        Raises:
            LedgerTrouble: another run has it, it cannot be written, or it is no record of ours.
            OSError: its folder cannot be made, or a link leads elsewhere.
        """
        self._path = root / inside
        try:
            self._base = database(root, inside, timeout=1, isolation_level=None)
            # Exclusive, so that two runs never mix, and so that WAL works on a shared drive, too (sqlite.org/wal.html).
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            if not has_our_tables(self._base, _COLUMNS):
                raise LedgerTrouble(FOREIGN)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.executescript(_SCHEMA)
            self._base.execute("BEGIN IMMEDIATE")
            (last,) = self._base.execute("SELECT coalesce(max(batch), 0) FROM files").fetchone()
        except sqlite3.Error as error:
            raise LedgerTrouble(_told(error)) from error
        self._batch = last + 1 if isinstance(last, int) else 1
        self._saved = time.monotonic()

    def __enter__(self) -> ResultLedger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        trouble = error if isinstance(error, sqlite3.Error) else None
        try:
            self.save()
        except sqlite3.Error as again:
            trouble = trouble or again
        finally:
            self._base.close()
        # Whatever else went wrong is told instead, and Ctrl-C is no trouble.
        if trouble is not None and (error is None or error is trouble):
            raise LedgerTrouble(_told(trouble)) from trouble

    def known(self, path: str) -> Known | None:
        """What is on record of a file."""
        query = "SELECT key, status, errors, warnings, explained, annotated, document FROM files WHERE path = ?"
        row = self._base.execute(query, (_bytes(path),)).fetchone()
        if row is None:
            return None
        key, *counted, annotated, document = row
        try:
            told = json.loads(document)
            sound = told["path"] == path and isinstance(key, str) and all(type(each) is int for each in counted[1:])
            fixed, modified = str(told.get("fixed") or ""), float(told.get("modified") or 0)
            return Known(key, Tally(*counted), _text(annotated), fixed, modified) if sound else None
        except (ValueError, TypeError, LookupError, AttributeError):  # damaged: the file is checked again
            return None

    def add(self, path: str, position: int, known: Known, document: str) -> None:
        """Put down what came of a file in this run, and its entry of the JSON document."""
        row = (_bytes(path), known.key, self._batch, position, *known.tally, _bytes(known.annotated), document)
        self._base.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        if time.monotonic() - self._saved > _SECONDS:
            self.save()

    def keep(self, path: str, position: int) -> None:
        """Take over into this run what is on record of a file."""
        self._base.execute(
            "UPDATE files SET batch = ?, position = ? WHERE path = ?", (self._batch, position, _bytes(path))
        )

    def redate(self, path: str, modified: float) -> None:
        """A file on record was written again, with the same content: what is told of it tells the new time."""
        (document,) = self._base.execute("SELECT document FROM files WHERE path = ?", (_bytes(path),)).fetchone()
        self._base.execute(
            "UPDATE files SET document = ? WHERE path = ?", (entry_dated(document, modified), _bytes(path))
        )

    def save(self) -> None:
        """Make what was put down outlive this process."""
        self._base.execute("COMMIT")
        self._base.execute("BEGIN")
        self._saved = time.monotonic()

    def content(self) -> bytes:
        """The record as the bytes of a file."""
        self._base.execute("COMMIT")
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = self._path.read_bytes()
        self._base.execute("BEGIN")
        return content

    def others(self, paths: Collection[str]) -> int:
        """How many files are on record that are none of these."""
        return sum(_text(path) not in paths for (path,) in self._base.execute("SELECT path FROM files"))

    def finish(self) -> None:
        """Of the files that this run did not need, nothing is kept but whose they were and what became of them."""
        self._base.execute(
            "INSERT OR REPLACE INTO former SELECT path, coalesce(json_extract(document, '$.unit'), ''),"
            " coalesce(json_extract(document, '$.unit_code'), ''), json_extract(document, '$.year'), status,"
            " status = 'passed' AND warnings > explained FROM files WHERE batch < ? AND status <> 'unreadable' AND json_valid(document)",
            (self._batch,),
        )
        self._base.execute("DELETE FROM files WHERE batch < ?", (self._batch,))
        self._base.execute("DELETE FROM former WHERE path IN (SELECT path FROM files)")
        self.save()

    def former(self) -> list[Former]:
        """The readable files of runs before that the last one did not check, by their paths."""
        rows = self._base.execute("SELECT * FROM former ORDER BY path")
        return [
            Former(_text(path), unit, code, year, status, bool(review))
            for path, unit, code, year, status, review in rows
        ]

    def state(self) -> str:
        """A text that is the same for two runs just when they have the same files with the same results, in order."""
        import hashlib

        digest = hashlib.sha256()
        query = "SELECT path, key, json_extract(document, '$.modified') FROM files WHERE batch = ? ORDER BY position"
        for row in self._base.execute(query, (self._batch,)):
            digest.update(repr(row).encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    def written(self, what: str) -> str:
        """The state for which something was written last, or empty."""
        row = self._base.execute("SELECT state FROM written WHERE what = ?", (what,)).fetchone()
        return str(row[0]) if row else ""

    def write(self, what: str, state: str) -> None:
        """Put down for which state something was written."""
        self._base.execute("INSERT OR REPLACE INTO written VALUES (?, ?)", (what, state))
        self.save()

    def documents(self) -> Iterator[str]:
        """The entries of this run, in the order of its files."""
        query = "SELECT document FROM files WHERE batch = ? ORDER BY position"
        for (document,) in self._base.execute(query, (self._batch,)):
            yield document

    def characters(self) -> int:
        """How long the entries of this run are together."""
        query = "SELECT coalesce(sum(length(document)), 0) FROM files WHERE batch = ?"
        (characters,) = self._base.execute(query, (self._batch,)).fetchone()
        return int(characters)

    def years(self) -> dict[int, int]:
        """How many files of this run report on each year."""
        query = "SELECT json_extract(document, '$.year') AS year, count(*) FROM files WHERE batch = ? GROUP BY year"
        return {year: number for year, number in self._base.execute(query, (self._batch,)) if year is not None}

    def of_other_years(self, year: int, most: int) -> list[tuple[str, int]]:
        """The first files of this run that report on another year, and which."""
        query = (
            "SELECT path, json_extract(document, '$.year') AS year FROM files "
            "WHERE batch = ? AND year <> ? ORDER BY position LIMIT ?"
        )
        return [(_text(path), other) for path, other in self._base.execute(query, (self._batch, year, most))]

    def tallies(self) -> dict[str, Tally]:
        """What each file of this run adds to the counts, by its path."""
        query = "SELECT path, status, errors, warnings, explained FROM files WHERE batch = ?"
        return {_text(path): Tally(*counted) for path, *counted in self._base.execute(query, (self._batch,))}


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogatepass")


def _told(error: sqlite3.Error) -> str:
    """What is wrong and what to do, in a clerk's words."""
    if is_busy(error):
        return "另一个 xlcheck 正在往这个文件夹写；请等它完成"
    return FULL if is_full(error) else FOREIGN
