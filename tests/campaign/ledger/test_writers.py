"""Two processes that write at once: whatever either was told to be entered is there, once, and nothing else is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, Engine, func, select

from tests import ROOT
from tests.making.ledgers import a_campaign
from xlcheck.campaign.ledger.arrivals import recent_arrivals
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.schema import CONTENTS, METADATA
from xlcheck.campaign.ledger.units import campaign_units

TABLES = ("arrival", "arrival_check", "warning_reply", "decision", "reminder", "unit")


@pytest.fixture
def writers(where: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that have the ledger open; the first to open it made it."""
    with ExitStack() as stack:
        command = [sys.executable, "-m", "tests.making.ledger_writer", where]
        both = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(2)
        ]
        assert [answer(one) for one in both] == ["ready", "ready"]
        yield both
        for one in both:
            assert one.stdin is not None
            one.stdin.close()
            assert one.wait(20) == 0


def answer(writer: subprocess.Popen[str]) -> Any:
    assert writer.stdout is not None
    return json.loads(writer.stdout.readline())


def tell(writer: subprocess.Popen[str], *what: object) -> None:
    assert writer.stdin is not None
    print(json.dumps(what), file=writer.stdin, flush=True)


def counted(connection: Connection) -> dict[str, int]:
    tables = METADATA.tables
    return {name: connection.execute(select(func.count()).select_from(tables[name])).scalar_one() for name in TABLES}


def test_nothing_is_lost_and_nothing_is_doubled(engine: Engine, writers: list[subprocess.Popen[str]]) -> None:
    @settings(max_examples=6)
    @given(seeds=some.tuples(some.integers(0, 2**32), some.integers(0, 2**32)))
    def law(seeds: tuple[int, int]) -> None:
        with writing(engine) as connection:
            campaign = a_campaign(connection, ["甲局", "乙局"], f"{counted(connection)} {seeds}")
            before = counted(connection)
        for writer, name, seed in zip(writers, ("一", "二"), seeds, strict=True):
            tell(writer, campaign.id, name, seed)
        entered = [tuple(row) for writer in writers for row in answer(writer)]
        with reading(engine) as connection:
            assert max(Counter(entered).values(), default=1) == 1
            new = Counter(table for table, _ in entered)
            assert counted(connection) == {table: before[table] + new[table] for table in TABLES}
            for table, number in entered:
                assert connection.execute(select(METADATA.tables[table]).filter_by(id=number)).first(), (table, number)
            arrivals = recent_arrivals(connection, campaign.id, count=999)
            names = [one.unit.name for one in campaign_units(connection, campaign.id)]
            assert connection.execute(select(func.count()).select_from(CONTENTS)).scalar_one() <= 4
        assert len(set(names)) == len(names)
        origins = [one.origin for one in arrivals if one.origin]
        assert len(set(origins)) == len(origins)
        for unit in {one.unit for one in arrivals}:
            mine = [one for one in reversed(arrivals) if one.unit == unit]
            assert [one.number for one in mine] == list(range(1, len(mine) + 1))
            assert all(one.origin or other.origin or one.digest != other.digest for one, other in pairwise(mine))

    law()
