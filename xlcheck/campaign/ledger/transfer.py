"""A ledger's rows as plain values: out of one ledger, and into another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from xlcheck.campaign.ledger.schema import CONTENTS, LINKS, METADATA, SESSIONS, TOKENS, USER_ENTRIES

TABLES: Mapping[str, Table] = {
    table.name: table for table in METADATA.sorted_tables if table not in (CONTENTS, LINKS, SESSIONS, TOKENS)
}
"""The tables whose rows an archive has, each behind those that it refers to. What lets somebody in is not among them."""

_AT_ONCE = 500
"""Rows in memory."""


def table_rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, in the order of their keys."""
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
    return (dict(row._mapping) for row in connection.execute(wanted))


def harmless_rows(table: str, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows without what others might guess a password from: whoever is entered so cannot log in until he has another one."""
    if table != USER_ENTRIES.name:
        return iter(rows)
    return ({**row, "password": ""} for row in rows)


def put_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put rows into a table, with the keys that they had; what is added later is numbered behind them."""
    waiting: list[Mapping[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            connection.execute(insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        name = {"name": table.name}
        last = connection.execute(select(func.max(table.c.id))).scalar()
        if last is not None:
            told = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
            connection.execute(told, {**name, "last": last})


def is_empty(connection: Connection) -> bool:
    """Whether nothing stands in the ledger yet."""
    return all(connection.execute(select(table).limit(1)).first() is None for table in (*TABLES.values(), CONTENTS))


def content_digests(connection: Connection) -> list[str]:
    """The digests of all contents, in order."""
    return list(connection.execute(select(CONTENTS.c.digest).order_by(CONTENTS.c.digest)).scalars())
