"""Adding rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert

from xlcheck.model.text import entered


def add_row(connection: Connection, table: Table, columns: Mapping[str, Any]) -> int:
    """Add a row; answers its number. Who did it (`by`) is cleaned here for all.

    Args:
        connection: of the ledger, for writing.
        table: which; its key is `id`.
        columns: what it holds; an `id` among them is passed over.
    """
    new = {name: entered(value) if name == "by" else value for name, value in columns.items() if name != "id"}
    return int(connection.execute(insert(table).values(new).returning(table.c.id)).scalar_one())
