"""Ledgers as each version left them, one a migration: what must still be opened.

Each file holds the rows of all tables, and what the board said of them. ``python -m tests.campaign.released.make`` writes the
one of the newest migration; it is never written again once a version with that migration is released.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, insert, select, text

FOLDER = Path(__file__).parent


def dumps() -> list[Path]:
    """All of them, oldest first."""
    return sorted(FOLDER.glob("*.json"))


def rows_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables that the database has."""
    tables = _tables(connection).sorted_tables
    return {table.name: [_out(row) for row in connection.execute(select(table)).mappings()] for table in tables}


def put(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put rows back, with their numbers; what is numbered later comes behind them."""
    for table in _tables(connection).sorted_tables:
        bytes_in = {column.name for column in table.c if isinstance(column.type, LargeBinary)}
        for row in rows[table.name]:
            new = {name: base64.b64decode(value) if name in bytes_in else value for name, value in row.items()}
            connection.execute(insert(table).values(new))
        if connection.dialect.name == "postgresql" and "id" in table.c:
            last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
            connection.execute(text(last))


def _tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != "xlcheck_version")
    return found


def _out(row: Any) -> dict[str, Any]:
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in row.items()
    }


def read(path: Path) -> Any:
    """One of them: `rows` by table, and `board` by unit."""
    return json.loads(path.read_text(encoding="utf-8"))
