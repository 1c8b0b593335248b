"""What was fetched already: a small SQLite database in the folder, so that no letter is taken twice.

A letter is settled in one transaction, after its files are on the disk. Whoever is stopped in between writes them again
to the same places, which :mod:`~xlcheck.mail.fetching.receive` finds by their content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from xlcheck.files.content import why
from xlcheck.files.database import FOREIGN, FULL, database, has_our_tables, is_busy, is_full
from xlcheck.mail.account import Account
from xlcheck.model.errors import LedgerTrouble
from xlcheck.model.tuples import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (
  mailbox TEXT NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL,
  identity TEXT NOT NULL, state TEXT NOT NULL, size INTEGER NOT NULL, sender TEXT NOT NULL,
  PRIMARY KEY (mailbox, validity, uid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS letter_identity ON letter (identity);
CREATE TABLE IF NOT EXISTS file (
  unit TEXT NOT NULL, digest TEXT NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (unit, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
  letter TEXT NOT NULL, number INTEGER NOT NULL, received TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
  name TEXT NOT NULL, reason TEXT NOT NULL, kept TEXT NOT NULL,
  PRIMARY KEY (letter, number)) WITHOUT ROWID;
"""
_VERSION = 1
_PLACE = ".xlcheck/inbox.sqlite"
_COLUMNS = {
    "letter": ("mailbox", "validity", "uid", "identity", "state", "size", "sender"),
    "file": ("unit", "digest", "path"),
    "held": ("letter", "number", "received", "sender", "subject", "name", "reason", "kept"),
}

ReceiptState = Literal["settled", "stranger", "large"]
"""Done with; quarantined for its sender, who may yet be listed; not fetched, and may yet be with a larger limit."""


class Key(NamedTuple):
    """A letter's place on a server."""

    mailbox: str
    """The account and the folder."""
    validity: int
    uid: int

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.mailbox} {self.validity} {self.uid}"


class Receipt(NamedTuple):
    """What is written down of a letter."""

    key: Key
    identity: str
    """Of :class:`~xlcheck.mail.fetching.letter.Letter`; for a letter that was not fetched, the text of its place."""
    state: ReceiptState
    size: int
    sender: str
    """As addresses are compared."""


class File(NamedTuple):
    """A workbook that was saved."""

    unit: str
    """Its code, or its name if it has none."""
    digest: str
    """SHA-256 of the content, hex."""
    path: str
    """Relative to the folder, with ``/``."""


class HeldEntry(NamedTuple):
    """One line of the list of what is held back."""

    received: str
    sender: str
    subject: str
    name: str
    reason: str
    kept: str
    """The file with the whole letter, relative to the folder; empty if it was not fetched."""


class InboxLedger:
    """The ledger of one folder; it is closed by leaving :func:`open_ledger`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def settled(self, mailbox: str, validity: int, largest: int, senders: Collection[str]) -> set[int]:
        """The UIDs that need not be looked at again.

        Args:
            mailbox: the account and the folder.
            validity: its UIDVALIDITY.
            largest: the size up to which letters are fetched now.
            senders: the addresses that are listed now.
        """
        rows = self._database.execute(
            "SELECT uid, state, size, sender FROM letter WHERE mailbox = ? AND validity = ?", (mailbox, validity)
        )
        return {
            uid
            for uid, state, size, sender in rows
            if not (state == "large" and size <= largest) and not (state == "stranger" and sender in senders)
        }

    def known(self, identity: str, senders: Collection[str]) -> ReceiptState | None:
        """The state of such a letter that was looked at before, in whatever folder it lay; None if it must be now."""
        rows = self._database.execute("SELECT state, sender FROM letter WHERE identity = ?", (identity,))
        return next((state for state, sender in rows if not (state == "stranger" and sender in senders)), None)

    def path(self, unit: str, digest: str) -> str | None:
        """Where a workbook of the unit with this content was saved."""
        row = self._database.execute("SELECT path FROM file WHERE unit = ? AND digest = ?", (unit, digest)).fetchone()
        return str(row[0]) if row else None

    def settle(self, entry: Receipt, files: Iterable[File] = (), held: Sequence[HeldEntry] | None = None) -> None:
        """Be done with a letter.

        Args:
            entry: the letter.
            files: its workbooks, which are on the disk now.
            held: what of it is held back from now on; None leaves the list as it is.
        """
        with self._database as database:
            database.execute("INSERT OR REPLACE INTO letter VALUES (?, ?, ?, ?, ?, ?, ?)", (*entry.key, *entry[1:]))
            database.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", files)
            if held is None:
                return
            for letter in (entry.identity, entry.key.text):
                database.execute("DELETE FROM held WHERE letter = ?", (letter,))
            database.executemany(
                "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(entry.identity, number, *line) for number, line in enumerate(held)],
            )

    def held(self) -> list[HeldEntry]:
        """All that is held back, in the order it came."""
        rows = self._database.execute(
            "SELECT received, sender, subject, name, reason, kept FROM held ORDER BY received, letter, number"
        )
        return [HeldEntry(*row) for row in rows]


def mailbox_name(account: Account) -> str:
    """An account and its folder, the same for imap:// and imaps://."""
    folder = account.folder or "INBOX"
    return f"{account.user}@{account.host}/{'INBOX' if folder.upper() == 'INBOX' else folder}"


@contextmanager
def open_ledger(folder: Path) -> Iterator[InboxLedger]:
    """Open the ledger of a folder; until it is closed, no other process can.

    Raises:
        LedgerTrouble: another process has it open, it is damaged, or it cannot be made.
    """
    path = folder / _PLACE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        base = database(folder, _PLACE, timeout=1)
    except (OSError, UnicodeError) as error:
        raise LedgerTrouble(f"无法建立文件夹“{folder}”（{why(error)}）；请换一个位置") from error
    except sqlite3.Error as error:
        raise LedgerTrouble(_told(error, folder, path)) from error
    try:
        # With the lock held from here on, the log needs no memory shared between processes.
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
        base.execute("PRAGMA journal_mode = WAL")
        if base.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
            raise LedgerTrouble(f"“{path}”是更新版本的 xlcheck 写的，请升级后再用")
        base.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
        if not has_our_tables(base, _COLUMNS):
            raise sqlite3.DatabaseError("other columns")
        yield InboxLedger(base)
    except sqlite3.Error as error:
        raise LedgerTrouble(_told(error, folder, path)) from error
    finally:
        base.close()


def _told(error: sqlite3.Error, folder: Path, path: Path) -> str:
    if is_busy(error):
        return f"另一处正在往“{folder}”里收取，请等它结束"
    if is_full(error):
        return f"收取记录“{path}”{FULL}"
    return f"收取记录“{path}”{FOREIGN}，已保存的工作簿不会重复"
