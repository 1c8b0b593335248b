"""The tables of the ledger, as the newest migration leaves them.

Rows are only added: where something has versions its newest row counts, the one with the greatest id. Exceptions are what is
no fact of the year: a link or a token is revoked in its row, once, and sessions end by being gone. Times are whole seconds
since 1970, texts are never null, and digests are SHA-256 in hexadecimal.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

REVISION = "0002"
"""The newest migration."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers the rows of a table only where its key is an INTEGER."""


def _id() -> Column[int]:
    return Column("id", _NUMBER, primary_key=True)


def _one(table: str, *, index: bool = True) -> Column[int]:
    return Column(table, _NUMBER, ForeignKey(f"{table}.id"), nullable=False, index=index)


def _campaign_or_all() -> Column[int | None]:
    return Column("campaign", _NUMBER, ForeignKey("campaign.id"), nullable=True, index=True)


def _number(name: str) -> Column[int]:
    return Column(name, _NUMBER, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _yes(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _content(name: str) -> Column[str | None]:
    return Column(name, Text, ForeignKey("content.digest"), nullable=True)


CAMPAIGNS = Table(
    "campaign",
    METADATA,
    _id(),
    _text("form"),
    _number("year"),
    _text("name"),
    _number("created"),
    UniqueConstraint("form", "year", "name"),
)

TERMS = Table(
    "terms",
    METADATA,
    _id(),
    _one("campaign"),
    _text("office"),
    _text("phone"),
    _text("reply_to"),
    _text("deadline"),
    _number("at"),
    _text("by"),
)
"""Versions; `deadline` is ``2026-01-31`` or empty."""

# --- units -----------------------------------------------------------------------------------------------------------

UNITS = Table("unit", METADATA, _id(), _one("campaign"))

UNIT_ENTRIES = Table(
    "unit_entry",
    METADATA,
    _id(),
    _one("unit", index=False),
    _number("place"),
    _text("name"),
    _text("code"),
    _text("email"),
    _text("parent"),
    _text("contact"),
    _text("cc"),
    _text("phone"),
    _text("reports"),
    Column("name_key", Text, nullable=False, index=True),
    Column("code_key", Text, nullable=False, index=True),
    _yes("hands_in"),
    _yes("withdrawn"),
    _number("at"),
    _text("by"),
    Index("ix_unit_entry_unit_id", "unit", "id"),
)
"""Versions of what the list says of a unit; `place` is its line there, from 0.

`name_key` and `code_key` are those of :mod:`xlcheck.roster.identity`: where that changes, a migration works them out anew.
"""

# --- what came in ----------------------------------------------------------------------------------------------------

CONTENTS = Table(
    "content",
    METADATA,
    Column("digest", Text, primary_key=True),
    _number("size"),
    Column("data", LargeBinary, nullable=False),
)

ARRIVALS = Table(
    "arrival",
    METADATA,
    _id(),
    _one("campaign"),
    Column("digest", Text, ForeignKey("content.digest"), nullable=False),
    _text("name"),
    _number("at"),
    _text("way"),
    _text("sender"),
    _text("by"),
    Column("receipt", Text, nullable=False, unique=True),
    _text("origin"),
    Index(
        "uq_arrival_campaign_origin",
        "campaign",
        "origin",
        unique=True,
        sqlite_where=text("origin <> ''"),
        postgresql_where=text("origin <> ''"),
    ),
)

ASSIGNMENTS = Table(
    "assignment",
    METADATA,
    _id(),
    _one("arrival", index=False),
    _one("unit"),
    _number("at"),
    _text("by"),
    Index("ix_assignment_arrival_id", "arrival", "id"),
)
"""Whose an arrival is; versions."""

UNOWNED = Table(
    "unowned",
    METADATA,
    _id(),
    _one("arrival", index=False),
    _text("kind"),
    _text("reason"),
    Column("unit", _NUMBER, ForeignKey("unit.id"), nullable=True, index=True),
    _number("at"),
    _text("by"),
    Index("ix_unowned_arrival_id", "arrival", "id"),
)
"""Why an arrival is no unit's; versions, which hold as long as it is given to none. `unit` is by whose link or address it came."""

CHECKS = Table(
    "arrival_check",
    METADATA,
    _id(),
    _one("arrival", index=False),
    _number("at"),
    _text("version"),
    _text("status"),
    _yes("review"),
    _number("errors"),
    _number("warnings"),
    _content("copy"),
    _text("suffix"),
    _text("last_year"),
    _content("drawn"),
    _text("entry"),  # the last, so that SQLite reads the others without it
    Index("ix_arrival_check_arrival_id", "arrival", "id"),
)

WARNINGS = Table(
    "warning",
    METADATA,
    _id(),
    Column("check", _NUMBER, ForeignKey("arrival_check.id"), nullable=False),
    _text("code"),
    _text("cells"),
    UniqueConstraint("check", "code", "cells"),
)
"""What of a check wants an explanation, each once; `cells` has one a line."""

# --- what is said of it ----------------------------------------------------------------------------------------------

OFFICE_DECISIONS = Table(
    "decision",
    METADATA,
    _id(),
    _one("arrival", index=False),
    _text("kind"),
    _text("note"),
    _number("at"),
    _text("by"),
    Index("ix_decision_arrival_id", "arrival", "id"),
)

REPLIES = Table(
    "warning_reply",
    METADATA,
    _id(),
    _one("arrival", index=False),
    _text("code"),
    _text("cells"),
    _text("text"),
    _number("at"),
    _text("by"),
    Index("ix_warning_reply_arrival_code_cells_id", "arrival", "code", "cells", "id"),
)
"""What a unit says of a warning; of several for one warning the newest counts."""

ANSWERS = Table(
    "office_answer",
    METADATA,
    _id(),
    Column("reply", _NUMBER, ForeignKey("warning_reply.id"), nullable=False),
    _yes("accepted"),
    _text("note"),
    _number("at"),
    _text("by"),
    Index("ix_office_answer_reply_id", "reply", "id"),
)

REMINDERS = Table(
    "reminder",
    METADATA,
    _id(),
    _one("unit"),
    _text("way"),
    _number("round"),
    _text("note"),
    _number("at"),
    _text("by"),
)

# --- letters ---------------------------------------------------------------------------------------------------------

LETTERS = Table(
    "letter",
    METADATA,
    _id(),
    _one("unit", index=False),
    _text("name"),
    _text("kind"),
    _text("content"),
    Column("message_id", Text, nullable=False, unique=True),
    UniqueConstraint("unit", "kind", "content"),
)
"""Letters to units; what identifies one is never changed, and `name` is the unit's as the list had it."""

LETTER_TURNS = Table(
    "letter_turn",
    METADATA,
    _id(),
    _one("letter", index=False),
    _text("state"),
    _text("note"),
    _number("date"),
    _text("subject"),
    _text("recipients"),
    _text("attachment"),
    _text("file"),
    _text("file_digest"),
    _number("moved"),
    _number("at"),
    _text("by"),
    _content("text_digest"),
    Index("ix_letter_turn_letter_id", "letter", "id"),
)
"""How a letter stands; versions. `text_digest` is what it says, without the link in it; of a link only the hash is kept."""

LETTER_DELIVERIES = Table(
    "letter_delivery",
    METADATA,
    _id(),
    _one("letter"),
    _text("address"),
    _text("fate"),
    _text("reply"),
    _number("at"),
)
"""What became of a recipient; the newest one counts."""

# --- who may do what -------------------------------------------------------------------------------------------------

LINKS = Table(
    "unit_link",
    METADATA,
    _id(),
    _one("unit"),
    Column("hash", Text, nullable=False, unique=True),
    _number("created"),
    _text("by"),
    Column("revoked", _NUMBER, nullable=True),
)

USERS = Table("office_user", METADATA, _id(), Column("name", Text, nullable=False, unique=True))

USER_ENTRIES = Table(
    "office_user_entry",
    METADATA,
    _id(),
    _one("office_user", index=False),
    _text("password"),
    _text("role"),
    _yes("disabled"),
    _number("at"),
    _text("by"),
    Column("must_change", Boolean, nullable=False, server_default=false()),
    Index("ix_office_user_entry_office_user_id", "office_user", "id"),
)

SESSIONS = Table(
    "office_session",
    METADATA,
    _id(),
    _one("office_user"),
    Column("hash", Text, nullable=False, unique=True),
    _number("created"),
    _number("expires"),
)

TOKENS = Table(
    "api_token",
    METADATA,
    _id(),
    _campaign_or_all(),
    _text("name"),
    _text("role"),
    Column("hash", Text, nullable=False, unique=True),
    _number("created"),
    _number("expires"),
    _text("by"),
    Column("revoked", _NUMBER, nullable=True),
)

AUDIT = Table(
    "audit_line",
    METADATA,
    _id(),
    _campaign_or_all(),
    _number("at"),
    _text("who"),
    _text("what"),
    _text("about"),
)
