"""Who may come in: links of units, users of the office with their sessions, and tokens of other systems.

Of a secret only its hash is kept: whoever reads the ledger gets in nowhere by it. A secret is 192 random bits, so a plain hash
is enough; passwords come here as argon2 hashed them.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, select, update

from xlcheck.campaign.ledger.campaigns import terms_of
from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import LINKS, SESSIONS, TOKENS, UNITS, USER_ENTRIES, USERS
from xlcheck.campaign.ledger.standings import closes
from xlcheck.campaign.ledger.values import ApiToken, OfficeSession, OfficeUser, Role, UnitLink
from xlcheck.model.text import entered

_BYTES = 24
_DAY = 24 * 60 * 60
_AFTER_DEADLINE = 60 * _DAY
"""For so long links go on after the deadline, for those who are late or must mend something."""
_WITHOUT_DEADLINE = 180 * _DAY
"""For so long they are good where no deadline is set."""


def _secret() -> str:
    return secrets.token_urlsafe(_BYTES)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


# --- links of units --------------------------------------------------------------------------------------------------

_LINK = [*(LINKS.c[name] for name in ("id", "unit", "created", "by", "revoked")), UNITS.c.campaign]
_LINKED = select(*_LINK).join_from(LINKS, UNITS, UNITS.c.id == LINKS.c.unit)


def link_expires(deadline: datetime.date | None, created: int) -> int:
    """Until when a link is good that was made at a time: it goes by the deadline that is announced now."""
    end = closes(deadline)
    return created + _WITHOUT_DEADLINE if end is None else max(end, created) + _AFTER_DEADLINE


def grant_link(connection: Connection, unit: int, at: int, by: str) -> tuple[UnitLink, str]:
    """A new link for a unit, and its secret, which nobody can read again."""
    secret = _secret()
    number = add_row(connection, LINKS, {"unit": unit, "created": at, "by": by, "hash": _hash(secret)})
    return _links(connection, LINKS.c.id == number)[0], secret


def link_of(connection: Connection, secret: str, now: int) -> UnitLink | None:
    """The link with this secret, where it still lets somebody in."""
    found = _links(connection, LINKS.c.hash == _hash(secret), LINKS.c.revoked.is_(None))
    return next((one for one in found if one.expires > now), None)


def links_of(connection: Connection, unit: int) -> tuple[UnitLink, ...]:
    """All links that a unit ever got, oldest first."""
    return tuple(_links(connection, LINKS.c.unit == unit))


def _links(connection: Connection, *which: ColumnElement[bool]) -> list[UnitLink]:
    rows = connection.execute(_LINKED.where(*which).order_by(LINKS.c.id)).all()
    deadlines = {number: terms_of(connection, number).deadline for number in {row.campaign for row in rows}}
    return [
        UnitLink(row.id, row.unit, row.created, link_expires(deadlines[row.campaign], row.created), row.by, row.revoked)
        for row in rows
    ]


def revoke_link(connection: Connection, link: int, at: int) -> bool:
    """Let nobody in by it any more; answers whether it was not revoked before."""
    return _revoke(connection, LINKS, link, at)


# --- tokens of other systems -----------------------------------------------------------------------------------------

_TOKEN = [TOKENS.c[name] for name in ApiToken._fields]


def grant_token(
    connection: Connection, name: str, role: Role, at: int, expires: int, by: str, *, campaign: int | None = None
) -> tuple[ApiToken, str]:
    """A new token for another system, for one campaign or all, and its secret, which nobody can read again."""
    secret = _secret()
    new = ApiToken(0, campaign, entered(name), role, at, expires, by)
    number = add_row(connection, TOKENS, {**new._asdict(), "hash": _hash(secret)})
    return new._replace(id=number), secret


def token_of(connection: Connection, secret: str, now: int) -> ApiToken | None:
    """The token with this secret, where it still lets somebody in."""
    row = connection.execute(_valid(select(*_TOKEN), TOKENS, secret, now)).first()
    return ApiToken(*row) if row else None


def api_tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """All tokens that there ever were, oldest first."""
    return tuple(ApiToken(*row) for row in connection.execute(select(*_TOKEN).order_by(TOKENS.c.id)))


def revoke_token(connection: Connection, token: int, at: int) -> bool:
    """Let nobody in by it any more; answers whether it was not revoked before."""
    return _revoke(connection, TOKENS, token, at)


def _valid(wanted: Select[Any], table: Table, secret: str, now: int) -> Select[Any]:
    return wanted.where(table.c.hash == _hash(secret), table.c.expires > now, table.c.revoked.is_(None))


def _revoke(connection: Connection, table: Table, number: int, at: int) -> bool:
    wanted = update(table).where(table.c.id == number, table.c.revoked.is_(None)).values(revoked=at)
    return connection.execute(wanted).rowcount == 1


# --- users -----------------------------------------------------------------------------------------------------------

_ENTRY = [USER_ENTRIES.c[name] for name in ("password", "role", "disabled", "at", "by", "must_change")]


def _users() -> Select[Any]:
    """All users, as they stand now."""
    entry = USER_ENTRIES.alias("entry")
    newest = select(func.max(entry.c.id)).where(entry.c.office_user == USERS.c.id).correlate(USERS).scalar_subquery()
    return select(USERS, *_ENTRY).select_from(USERS.join(USER_ENTRIES, USER_ENTRIES.c.id == newest))


def enter_user(
    connection: Connection,
    name: str,
    password: str,
    role: Role,
    at: int,
    by: str,
    *,
    must_change: bool,
    disabled: bool = False,
) -> OfficeUser:
    """A user, new or as he stands from now on; whoever is logged in by that name is so no more.

    Args:
        connection: of the ledger, for writing.
        name: what he logs in by.
        password: its hash, as argon2 writes it.
        role: what he may do.
        at: when.
        by: who says so.
        must_change: whether somebody else chose the password, so that he must choose another first.
        disabled: whether he cannot log in.
    """
    name = entered(name).strip()
    known = user_named(connection, name)
    number = known.id if known else add_row(connection, USERS, {"name": name})
    new = OfficeUser(number, name, password, role, disabled, at, by, must_change)
    columns = {column.name: getattr(new, column.name) for column in _ENTRY}
    add_row(connection, USER_ENTRIES, {**columns, "office_user": number})
    connection.execute(delete(SESSIONS).where(SESSIONS.c.office_user == number))
    return new


def user_named(connection: Connection, name: str) -> OfficeUser | None:
    """The user of this name, disabled or not."""
    row = connection.execute(_users().where(USERS.c.name == entered(name).strip())).first()
    return OfficeUser(*row) if row else None


def office_users(connection: Connection) -> tuple[OfficeUser, ...]:
    """All users, disabled ones included, as they were entered first."""
    return tuple(OfficeUser(*row) for row in connection.execute(_users().order_by(USERS.c.id)))


# --- sessions --------------------------------------------------------------------------------------------------------


def begin_session(connection: Connection, user: OfficeUser, at: int, expires: int) -> tuple[OfficeSession, str]:
    """A user logged in; the session, and its secret, which nobody can read again. Sessions that are over are forgotten."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.expires <= at))
    secret = _secret()
    new = {"office_user": user.id, "hash": _hash(secret), "created": at, "expires": expires}
    return OfficeSession(add_row(connection, SESSIONS, new), user, at, expires), secret


def session_of(connection: Connection, secret: str, now: int) -> OfficeSession | None:
    """The session with this secret, where it still lets somebody in."""
    columns = (SESSIONS.c.id, SESSIONS.c.created, SESSIONS.c.expires)
    wanted = _users().add_columns(*columns).where(SESSIONS.c.office_user == USERS.c.id)
    wanted = wanted.where(SESSIONS.c.hash == _hash(secret), SESSIONS.c.expires > now, ~USER_ENTRIES.c.disabled)
    row = connection.execute(wanted).first()
    return OfficeSession(row[-3], OfficeUser(*row[:-3]), row[-2], row[-1]) if row else None


def end_session(connection: Connection, secret: str) -> None:
    """The user logged out."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.hash == _hash(secret)))
