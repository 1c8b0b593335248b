"""An empty ledger in each of the databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.servers.postgres import DatabaseServer
from xlcheck.campaign.ledger.database import open_ledger_database

_numbers = count()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in a file of SQLite, which others are copied from."""
    path = tmp_path_factory.mktemp("ledger") / "made.sqlite"
    with open_ledger_database(path):
        pass
    return path


@pytest.fixture(scope="session")
def made_on_server(postgres: DatabaseServer) -> str:
    """A ledger in PostgreSQL, which others are copied from."""
    with open_ledger_database(postgres.make("made")):
        pass
    return "made"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def where(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty ledger is."""
    if kind == "sqlite":
        yield str(shutil.copy(request.getfixturevalue("made"), tmp_path / "台账.sqlite"))
    else:
        yield from _on_server(request, request.getfixturevalue("made_on_server"))


@pytest.fixture
def nowhere(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a ledger can be made, and is none yet."""
    if kind == "sqlite":
        yield str(tmp_path / "新" / "台账.sqlite")
    else:
        yield from _on_server(request, "template0")


def _on_server(request: pytest.FixtureRequest, like: str) -> Iterator[str]:
    postgres: DatabaseServer = request.getfixturevalue("postgres")
    name = f"ledger{next(_numbers)}"
    yield postgres.make(name, like)
    postgres.drop(name)


@pytest.fixture
def opened(where: str) -> Iterator[Callable[[], Engine]]:
    """Opens the ledger, as often as it is asked."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_ledger_database(where))


@pytest.fixture
def engine(opened: Callable[[], Engine]) -> Engine:
    """The ledger, opened."""
    return opened()
