"""Files that came in, copies and words of letters that went out, each content once."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, insert, select

from xlcheck.campaign.ledger.schema import CONTENTS
from xlcheck.model.errors import LedgerTrouble


def keep_content(connection: Connection, data: bytes) -> str:
    """Keep a content; answers its digest."""
    digest = hashlib.sha256(data).hexdigest()
    if not has_content(connection, digest):
        connection.execute(insert(CONTENTS).values(digest=digest, size=len(data), data=data))
    return digest


def has_content(connection: Connection, digest: str) -> bool:
    """Whether it is kept."""
    return connection.execute(select(CONTENTS.c.digest).filter_by(digest=digest)).first() is not None


def content_of(connection: Connection, digest: str) -> bytes:
    """A content, as it was kept: SQLite would not notice what a bad disk makes of it.

    Raises:
        LookupError: it is not kept.
        LedgerTrouble: it is damaged.
    """
    found = connection.execute(select(CONTENTS.c.data).filter_by(digest=digest)).scalar()
    if found is None:
        raise LookupError(digest)
    data = bytes(found)
    if hashlib.sha256(data).hexdigest() != digest:
        raise LedgerTrouble("台账里的一份文件与收下时不一样，台账已损坏；请从备份恢复")
    return data


def size_of(connection: Connection, digest: str) -> int:
    """How many bytes a content has.

    Raises:
        LookupError: it is not kept.
    """
    found: int | None = connection.execute(select(CONTENTS.c.size).filter_by(digest=digest)).scalar()
    if found is None:
        raise LookupError(digest)
    return found
