"""Files that came in and copies that went out, each content once."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, insert, select

from xlcheck.campaign.ledger.schema import CONTENTS


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
    """A content.

    Raises:
        LookupError: it is not kept.
    """
    found = connection.execute(select(CONTENTS.c.data).filter_by(digest=digest)).scalar()
    if found is None:
        raise LookupError(digest)
    return bytes(found)


def size_of(connection: Connection, digest: str) -> int:
    """How many bytes a content has.

    Raises:
        LookupError: it is not kept.
    """
    found: int | None = connection.execute(select(CONTENTS.c.size).filter_by(digest=digest)).scalar()
    if found is None:
        raise LookupError(digest)
    return found
