"""An empty ledger in each of the databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from xlcheck.campaign.ledger.database import open_ledger_database


@pytest.fixture
def where(tmp_path: Path) -> str:
    """A place for a ledger."""
    return str(tmp_path / "台账.sqlite")


@pytest.fixture
def opened(where: str) -> Iterator[Callable[[], Engine]]:
    """Opens the ledger, as often as it is asked."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_ledger_database(where))


@pytest.fixture
def engine(opened: Callable[[], Engine]) -> Engine:
    """The ledger, opened."""
    return opened()
