"""Ledgers as each version left them, one a migration: what must still be opened.

Each file holds the rows of all tables, and what the board said of them. ``python -m tests.campaign.released.make`` writes the
one of the newest migration; it is never written again once a version with that migration is released.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from xlcheck.campaign.ledger.schema import METADATA
from xlcheck.campaign.ledger.transfer import put_rows, table_rows
from xlcheck.campaign.ledger.upgrading import as_left_by

FOLDER = Path(__file__).parent


def dumps() -> list[Path]:
    """All of them, oldest first."""
    return sorted(FOLDER.glob("*.json"))


def rows_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    return {table.name: [_out(row) for row in table_rows(connection, table)] for table in METADATA.sorted_tables}


def put(connection: Connection, revision: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put rows of an earlier migration into an empty ledger, which is up to date again when the call returns."""
    with as_left_by(connection, revision) as tables:
        for name, table in tables.items():
            put_rows(connection, table, map(_in, rows[name]))


def _out(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "data": base64.b64encode(row["data"]).decode()} if "data" in row else row


def _in(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "data": base64.b64decode(row["data"])} if "data" in row else row


def read(path: Path) -> Any:
    """One of them: `rows` by table, and `board` by unit."""
    return json.loads(path.read_text(encoding="utf-8"))
