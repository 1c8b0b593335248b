"""An empty ledger in each of the databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.servers.postgres import DatabaseServer
from xlcheck.campaign.ledger.database import open_ledger_database
from xlcheck.campaign.ledger.schema import METADATA, REVISION
from xlcheck.campaign.ledger.upgrading import VERSION_TABLE


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in a file of SQLite, which others are copied from."""
    path = tmp_path_factory.mktemp("ledger") / "made.sqlite"
    with open_ledger_database(path):
        pass
    return path


@pytest.fixture(scope="session")
def made_on_server(postgres: DatabaseServer) -> str:
    """A ledger in PostgreSQL, which one test after the other has: emptying it is quicker than making one."""
    url = postgres.make("made")
    with open_ledger_database(url):
        pass
    return url


_EMPTY = "; ".join(
    [
        *(f'DELETE FROM "{table.name}"' for table in reversed(METADATA.sorted_tables)),
        f"UPDATE {VERSION_TABLE} SET version_num = '{REVISION}'",
    ]
)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def where(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty ledger is."""
    if kind == "sqlite":
        return str(shutil.copy(request.getfixturevalue("made"), tmp_path / "台账.sqlite"))
    postgres: DatabaseServer = request.getfixturevalue("postgres")
    url: str = request.getfixturevalue("made_on_server")
    postgres.run(_EMPTY, "made")
    return url


@pytest.fixture
def nowhere(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a ledger can be made, and is none yet."""
    if kind == "sqlite":
        yield str(tmp_path / "新" / "台账.sqlite")
        return
    postgres: DatabaseServer = request.getfixturevalue("postgres")
    yield postgres.make("new")
    postgres.drop("new")


@pytest.fixture
def opened(where: str) -> Iterator[Callable[[], Engine]]:
    """Opens the ledger, as often as it is asked."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_ledger_database(where))


@pytest.fixture
def engine(opened: Callable[[], Engine]) -> Engine:
    """The ledger, opened."""
    return opened()
