"""Every ledger that a version left is brought up to date, and what is made now is what the tables say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, text

from tests.campaign.released import dumps, put, read, rows_of
from tests.campaign.released.make import fill
from tests.making.ledgers import OVER, a_campaign
from xlcheck.campaign.ledger.board import board_page
from xlcheck.campaign.ledger.campaigns import ledger_campaigns
from xlcheck.campaign.ledger.database import is_database_url, open_ledger_database, reading, writing
from xlcheck.campaign.ledger.schema import METADATA, REVISION
from xlcheck.campaign.ledger.upgrading import VERSION_TABLE, alembic_config
from xlcheck.model.errors import LedgerTrouble

GONE = {"unit_link": "expires"}
"""Columns that later migrations took away: their meaning is worked out since."""


def _without(row: dict[str, Any], column: str | None) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != column}


def plain(nowhere: str) -> Engine:
    """The database as any program opens it."""
    if is_database_url(nowhere):
        return create_engine(nowhere.replace("://", "+psycopg://"))
    Path(nowhere).parent.mkdir()
    return create_engine(f"sqlite:///{nowhere}")


def test_migrations_lead_to_the_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        # What is compared is what the database says of itself.
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
        assert ScriptDirectory.from_config(alembic_config(connection)).get_heads() == [REVISION]


def test_every_migration_left_a_ledger() -> None:
    with create_engine("sqlite://").connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()
        assert {script.revision for script in scripts} == {path.stem for path in dumps()}


@pytest.mark.parametrize("path", dumps(), ids=lambda path: path.stem)
def test_a_ledger_of_every_version_is_brought_up_to_date(path: Path, nowhere: str) -> None:
    left = read(path)
    assert all(left["rows"].values())
    old = plain(nowhere)
    with old.begin() as connection:
        command.upgrade(alembic_config(connection), path.stem)
        tables = MetaData()
        tables.reflect(connection)
        for name in METADATA.tables.keys() & tables.tables.keys():
            assert {column.name for column in tables.tables[name].c} == set(left["rows"][name][0])
    old.dispose()
    with open_ledger_database(nowhere) as engine, writing(engine) as connection:
        put(connection, path.stem, left["rows"])
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == REVISION
        (campaign,) = ledger_campaigns(connection)
        rows = board_page(connection, campaign.id, OVER).rows
        assert {one.unit.unit.name: one.state for one in rows} == left["board"]
        now = rows_of(connection)
        for table, before in left["rows"].items():
            assert [_without(one, GONE.get(table)) for one in before] == [
                {name: one[name] for name in before[0] if name != GONE.get(table)} for one in now[table]
            ]
        assert a_campaign(connection, ["甲局"], "明年").id > campaign.id


def test_the_newest_is_as_it_would_be_written_now(engine: Engine) -> None:
    board = fill(engine)
    with reading(engine) as connection:
        assert {name: len(rows) for name, rows in rows_of(connection).items()} == {
            name: len(rows) for name, rows in read(dumps()[-1])["rows"].items()
        }
    assert board == read(dumps()[-1])["board"]


def test_several_who_make_a_ledger_at_once_make_one(nowhere: str) -> None:
    troubles: list[BaseException] = []

    def make(number: int) -> None:
        try:
            with open_ledger_database(nowhere) as engine, writing(engine) as connection:
                a_campaign(connection, ["甲局"], f"第 {number}")
        except BaseException as error:
            troubles.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with open_ledger_database(nowhere) as engine, reading(engine) as connection:
        assert len(ledger_campaigns(connection)) == 4


def test_a_ledger_of_a_later_version_is_left_alone(engine: Engine, opened: Callable[[], Engine]) -> None:
    with writing(engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(LedgerTrouble, match="请先升级"):
        opened()


def test_tables_of_others_are_left_alone(nowhere: str) -> None:
    other = plain(nowhere)
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE unit (id INTEGER)"))
    other.dispose()
    with pytest.raises(LedgerTrouble, match="别的程序的表"), open_ledger_database(nowhere):
        pass


def test_what_a_later_version_left_is_not_put_back(engine: Engine) -> None:
    with pytest.raises(LedgerTrouble, match="请先升级"), writing(engine) as connection:
        put(connection, "9999", {})
    with reading(engine) as connection:
        assert ledger_campaigns(connection) == ()
