"""Bringing a ledger's tables up to date, by Alembic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text

from xlcheck.campaign.ledger.schema import METADATA, REVISION
from xlcheck.model.errors import LedgerTrouble

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "xlcheck_version"
"""Where the ledger says which migration it is at."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
    """Make the tables, or change them to what this version works with; of several who open a ledger one does it.

    Args:
        engine: whose ledger it is.
        begin: begins a transaction in which nobody else writes.

    Raises:
        LedgerTrouble: a later version wrote it, or it is none of ours.
    """
    with engine.connect() as connection:
        if _revision(connection) == REVISION:
            return
    with begin() as connection:
        found = _revision(connection)
        if found is None and set(METADATA.tables) & set(inspect(connection).get_table_names()):
            raise LedgerTrouble("数据库里有别的程序的表，与台账的表同名；请另建一个空的数据库")
        _migrate(connection, found, REVISION)


def _revision(connection: Connection) -> str | None:
    """The migration that the ledger is at; None where there is no ledger yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return found


@contextmanager
def as_left_by(connection: Connection, revision: str) -> Iterator[Mapping[str, Table]]:
    """An empty ledger's tables as an earlier migration left them, by their names, each behind those that it refers to.

    When the context ends they are brought up to date with what was put into them.

    Args:
        connection: of an empty ledger, for writing.
        revision: the migration.

    Raises:
        LedgerTrouble: a later version has it.
    """
    METADATA.drop_all(connection)
    connection.execute(text(f"DELETE FROM {VERSION_TABLE}"))  # noqa: S608
    _migrate(connection, revision, revision)
    left = MetaData()
    left.reflect(connection, only=lambda name, _: name != VERSION_TABLE)
    yield {table.name: table for table in left.sorted_tables}
    _migrate(connection, revision, REVISION)


def _migrate(connection: Connection, found: str | None, to: str) -> None:
    # Only a ledger that is not up to date waits for this library.
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise LedgerTrouble("台账是更新版本的 xlcheck 写的，请先升级 xlcheck")
    command.upgrade(config, to)


def alembic_config(connection: Connection) -> Config:
    """What Alembic's commands need to work on a ledger, in the transaction that the connection is in."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
