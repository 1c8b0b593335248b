"""The record of what was sent from a folder (SQLite). What a crash must not lose is on the disk before it happens."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import get_args

from xlcheck.files.content import why
from xlcheck.files.database import database, has_our_tables, is_busy, is_full
from xlcheck.mail.sending.entries import (
    INTERRUPTED,
    Fate,
    LetterEntry,
    LetterState,
    Reply,
    after_try,
    message_id,
    unlisted,
)
from xlcheck.mail.sending.plan import LetterKind
from xlcheck.model.errors import LedgerTrouble
from xlcheck.roster.identity import code_key, name_key
from xlcheck.roster.units import Unit

LEDGER_FOLDER = ".xlcheck"
LEDGER_NAME = "mail.sqlite"
_VERSION = 1

_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE unit (name_key TEXT PRIMARY KEY, name TEXT NOT NULL, code TEXT NOT NULL);
CREATE TABLE letter (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL, name_key TEXT NOT NULL, code_key TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE, date INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ({", ".join(map(repr, get_args(LetterState)))})), note TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '', recipients TEXT NOT NULL DEFAULT '', attachment TEXT NOT NULL DEFAULT '',
  file TEXT NOT NULL DEFAULT '', file_digest TEXT NOT NULL DEFAULT '', moved INTEGER NOT NULL DEFAULT 0,
  UNIQUE (name_key, kind, content)
);
CREATE INDEX letter_content ON letter (kind, content);
CREATE INDEX letter_code ON letter (code_key);
CREATE TABLE delivery (
  letter INTEGER NOT NULL REFERENCES letter ON DELETE CASCADE, address TEXT NOT NULL,
  fate TEXT NOT NULL CHECK (fate IN ({", ".join(map(repr, get_args(Fate)))})), reply TEXT NOT NULL,
  PRIMARY KEY (letter, address)
);
"""


_COLUMN_NAMES = {
    "meta": ("key", "value"),
    "unit": ("name_key", "name", "code"),
    "letter": (
        "id", "name", "name_key", "code_key", "kind", "content", "message_id", "date", "state", "note",
        "subject", "recipients", "attachment", "file", "file_digest", "moved",
    ),
    "delivery": ("letter", "address", "fate", "reply"),
}  # fmt: skip


_COLUMNS = ", ".join(name for name in LetterEntry._fields if name != "text_digest")


@contextmanager
def locked(out: Path, said: str = "") -> Iterator[None]:
    """Be the only one to send from this folder; the lock ends with the process, however that ends.

    Args:
        out: the folder.
        said: what is told where somebody else is sending, in a clerk's words; empty for the usual.

    Raises:
        LedgerTrouble: somebody else is sending, or the folder cannot be written.
    """
    folder = out / LEDGER_FOLDER
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(
                closing(database(out, f"{LEDGER_FOLDER}/mail.lock", timeout=0, isolation_level=None))
            )
            lock.execute("BEGIN EXCLUSIVE")
        except (OSError, sqlite3.Error) as error:
            if is_busy(error):
                raise LedgerTrouble(said or f"另一个 xlcheck mail 正在处理“{out}”，请等它结束") from error
            because = f"（{why(error)}）" if isinstance(error, OSError) else ""
            raise LedgerTrouble(f"无法写入文件夹“{folder}”{because}，请检查权限和磁盘空间") from error
        yield


@contextmanager
def open_letter_ledger(out: Path, *, rehearse: bool = False) -> Iterator[FolderLetterLedger]:
    """The record of `out`; made if it is not there.

    Args:
        out: the folder of the results.
        rehearse: work on a copy in memory; nothing is written.

    Raises:
        LedgerTrouble: it is damaged, of a later version, or cannot be written.
    """
    path = out / LEDGER_FOLDER / LEDGER_NAME
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(closing(_opened(out, rehearse and not path.exists())))
            if rehearse:
                copy = stack.enter_context(closing(sqlite3.connect(":memory:", isolation_level=None)))
                connection.backup(copy)
                connection = copy
            if not has_our_tables(connection, _COLUMN_NAMES):
                raise sqlite3.DatabaseError("other columns")
            ledger = FolderLetterLedger(connection)
        except OSError as error:
            raise LedgerTrouble(f"无法使用发送记录“{path}”（{why(error)}）") from error
        except sqlite3.Error as error:
            raise LedgerTrouble(_told(error, path)) from error
        try:
            yield ledger
        except sqlite3.Error as error:
            raise LedgerTrouble(_told(error, path)) from error


def _opened(out: Path, in_memory: bool) -> sqlite3.Connection:
    if in_memory:
        return sqlite3.connect(":memory:", isolation_level=None)
    return database(out, f"{LEDGER_FOLDER}/{LEDGER_NAME}", isolation_level=None, timeout=10)


def _told(error: sqlite3.Error, path: Path) -> str:
    if is_busy(error) or is_full(error):
        return f"无法使用发送记录“{path}”，请检查权限和磁盘空间"
    return f"发送记录“{path}”已损坏，不能确定哪些信已经发过，所以没有发送；请从备份恢复，或移走后逐个核实"


class FolderLetterLedger:
    """The open record of a folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use `connection`, which is empty or holds a record.

        Raises:
            LedgerTrouble: a later version wrote it.
            sqlite3.DatabaseError: it is damaged.
        """
        self._db = connection
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise LedgerTrouble("发送记录是更新版本的 xlcheck 写的，请先升级")
        if version == 0:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={_VERSION};COMMIT;")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("INSERT OR IGNORE INTO meta VALUES ('secret', ?)", (secrets.token_hex(16),))
        (self._secret,) = connection.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()

    # --- units -------------------------------------------------------------------------------------------------------

    def units(self) -> tuple[Unit, ...]:
        """Every unit that a list named."""
        return tuple(Unit(name, code) for name, code in self._db.execute("SELECT name, code FROM unit"))

    def remember(self, units: Iterable[Unit]) -> None:
        """Keep the units of a list; what it says of one replaces what an earlier list said."""
        rows = [(name_key(unit.name), unit.name, unit.code, code_key(unit.code)) for unit in units]
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO unit VALUES (?, ?, ?)", [row[:3] for row in rows])
            # So a code that the list gave to another unit since finds nobody else's letters.
            self._db.executemany(
                "UPDATE letter SET code_key = ? WHERE name_key = ?", [(row[3], row[0]) for row in rows]
            )

    # --- letters -----------------------------------------------------------------------------------------------------

    def letters(self) -> tuple[LetterEntry, ...]:
        """All letters, in the order in which they were entered."""
        return tuple(LetterEntry(*row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM letter ORDER BY id"))

    def find(self, unit: Unit, kind: LetterKind, content: str) -> LetterEntry | None:
        """The letter with this identity. A unit that changed its name or got its code since is still the same."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM letter WHERE kind = ? AND content = ?"
            " AND (name_key = ? OR (code_key <> '' AND code_key = ?))"
            " ORDER BY state IN ('sent', 'partly', 'sending', 'uncertain') DESC, id LIMIT 1",
            (kind, content, name_key(unit.name), code_key(unit.code)),
        ).fetchone()
        return LetterEntry(*row) if row else None

    def of(self, unit: Unit) -> tuple[LetterEntry, ...]:
        """All letters to a unit."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM letter WHERE name_key = ? OR (code_key <> '' AND code_key = ?) ORDER BY id",
            (name_key(unit.name), code_key(unit.code)),
        )
        return tuple(LetterEntry(*row) for row in rows)

    def enter(self, unit: Unit, kind: LetterKind, content: str, domain: str, now: int) -> LetterEntry:
        """The letter with this identity, entered as ``planned`` if it is new."""
        found = self.find(unit, kind, content)
        if found:
            return found
        made = message_id(self._secret, unit, kind, content, domain)
        new = LetterEntry(0, unit.name, kind, content, made, now, "planned")
        with self._transaction():
            done = self._db.execute(
                "INSERT INTO letter (name, name_key, code_key, kind, content, message_id, date, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (unit.name, name_key(unit.name), code_key(unit.code), kind, content, made, now, new.state),
            )
        return new._replace(id=done.lastrowid or 0)

    def change(self, letters: Iterable[LetterEntry], texts: Iterable[str] = ()) -> None:
        """Write down what is known of letters, all at once; identity and Message-ID stay. No texts are kept."""
        del texts
        with self._transaction():
            self._db.executemany(
                "UPDATE letter SET date = ?, state = ?, note = ?, subject = ?, recipients = ?, attachment = ?, file = ?,"
                " file_digest = ? WHERE id = ?",
                [
                    (
                        it.date,
                        it.state,
                        it.note,
                        it.subject,
                        it.recipients,
                        it.attachment,
                        it.file,
                        it.file_digest,
                        it.id,
                    )
                    for it in letters
                ],
            )

    def unfile(self, letter: LetterEntry) -> None:
        """Its .eml is in the outbox no more."""
        with self._transaction():
            self._db.execute("UPDATE letter SET file = '', file_digest = '' WHERE id = ?", (letter.id,))

    def drop(self, letters: Iterable[LetterEntry]) -> None:
        """Forget letters that never left."""
        with self._transaction():
            self._db.executemany(
                "DELETE FROM letter WHERE id = ? AND state IN ('planned', 'written', 'refused')"
                " AND NOT EXISTS (SELECT 1 FROM delivery WHERE letter = letter.id AND fate IN ('accepted', 'uncertain'))",
                [(letter.id,) for letter in letters],
            )

    # --- sending -----------------------------------------------------------------------------------------------------

    def interrupted(self) -> int:
        """Call what a run left as ``sending`` uncertain; answers how many. Only for who holds the lock."""
        with self._transaction():
            self._db.execute(
                "UPDATE delivery SET fate = 'uncertain' WHERE fate = 'later'"
                " AND letter IN (SELECT id FROM letter WHERE state = 'sending')"
            )
            done = self._db.execute(
                "UPDATE letter SET state = 'uncertain', note = ? WHERE state = 'sending'", (INTERRUPTED,)
            )
        return done.rowcount

    def begin(self, letter: LetterEntry, addresses: Sequence[str], listed: Container[str]) -> None:
        """The letter is about to be handed over to `addresses`; this is on the disk when the call returns.

        Recipients that are not `listed` any more and have not got it are no longer waited for.
        """
        known = self.deliveries(letter)
        gone = unlisted(known, listed)
        self._db.execute("PRAGMA synchronous=FULL")
        with self._transaction():
            self._db.executemany(
                "DELETE FROM delivery WHERE letter = ? AND address = ?",
                [(letter.id, address) for address in gone],
            )
            self._db.execute(
                "UPDATE letter SET state = 'sending', note = '', moved = ? WHERE id = ?", (int(time.time()), letter.id)
            )
            self._replies(letter, after_try(known, dict.fromkeys(addresses, Reply("later", ""))).replies)
        self._db.execute("PRAGMA synchronous=NORMAL")

    def settle(self, letter: LetterEntry, replies: Mapping[str, Reply]) -> LetterState:
        """What came of it; answers its state.

        A process that is killed cannot lose this, the system has it. Only a machine without power can, and then the
        letter is uncertain; so there is no need to wait for the disk.
        """
        with self._transaction():
            after = after_try(self.deliveries(letter), replies)
            self._replies(letter, after.replies)
            self._db.execute("UPDATE letter SET state = ?, note = ? WHERE id = ?", (after.state, after.note, letter.id))
        return after.state

    def deliveries(self, letter: LetterEntry) -> dict[str, Reply]:
        """What became of each recipient so far."""
        rows = self._db.execute("SELECT address, fate, reply FROM delivery WHERE letter = ?", (letter.id,))
        return {address: Reply(fate, text) for address, fate, text in rows}

    def _replies(self, letter: LetterEntry, replies: Mapping[str, Reply]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO delivery VALUES (?, ?, ?, ?)",
            [(letter.id, address, *reply) for address, reply in replies.items()],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
