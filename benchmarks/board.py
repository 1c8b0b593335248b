"""How long a page of the board takes with many units, in SQLite and in PostgreSQL, against a query that only counts the units.

Run ``python -m benchmarks.board [UNITS]`` with the extras ``dev`` installed, and Debian's ``postgresql``. A quarter of the units
handed in nothing, the others once to three times; entries are as long as real ones, a third warns, and of these half are
explained.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from tests.making.ledgers import OVER, START, a_campaign, entry_of, finding, hand_in, the_units
from tests.servers.postgres import running
from xlcheck.campaign.ledger.arrivals import recent_arrivals
from xlcheck.campaign.ledger.board import board_page, board_parents
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.facts import unit_standing, unit_standings
from xlcheck.campaign.ledger.replies import enter_reply
from xlcheck.campaign.ledger.schema import UNITS
from xlcheck.campaign.ledger.values import Campaign, CampaignUnit
from xlcheck.campaign.ledger.waiting import how_many_wait
from xlcheck.roster.units import Unit

ROUNDS = 15


def fill(engine: Engine, units: int) -> int:
    """A campaign in full swing; answers its number."""
    listed = [Unit(f"某某市第{number}单位", f"{number:018}", parent=f"第{number // 50}区") for number in range(units)]
    with writing(engine) as connection:
        campaign = a_campaign(connection, listed)
        known = list(the_units(connection, campaign).values())
    for start in range(0, units, 500):
        with writing(engine) as connection:
            for number in range(start, min(start + 500, units)):
                hand_in_some(connection, campaign, known[number], number)
        if engine.dialect.name == "postgresql":
            with writing(engine) as connection:
                connection.exec_driver_sql("ANALYZE")  # what the server does by itself, a minute later
    return campaign.id


LONG = finding("P102", explanation="去年多报") | {"message": "说明" * 2_500}
RIGHT = entry_of(LONG)
WARNED = entry_of(finding("P101"), LONG)
WRONG = entry_of(finding("B101", "error"), LONG)


def hand_in_some(connection: Connection, campaign: Campaign, unit: CampaignUnit, number: int) -> None:
    """What a unit handed in, by its number, and what was said of it."""
    rounds = [0, 0, 0, 1, 1, 1, 1, 1, 2, 3][number % 10] if number % 4 else 2
    for which in range(rounds):
        entry = WRONG if number % 7 == 0 and which == rounds - 1 else WARNED if number % 3 == 0 else RIGHT
        arrival = hand_in(connection, campaign, unit, entry, at=START + number * 10 + which)
        if entry == WARNED and which == rounds - 1:
            if number % 2:
                enter_reply(connection, arrival.id, "P101", ("表一!D5",), "去年多报", OVER, "链接")
            elif number % 5 == 0:
                enter_decision(connection, arrival.id, "accepted", "", OVER, "王科")


def measured(where: str | Path, units: int) -> dict[str, float]:
    """Milliseconds of each question, the median of rounds in which all take turns."""
    with open_ledger_database(where) as engine:
        start = time.perf_counter()
        campaign = fill(engine, units)
        print(f"filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        some = units // 2
        questions: dict[str, Callable[[Connection], Any]] = {
            "count of the units": lambda c: c.execute(select(func.count()).select_from(UNITS)).scalar(),
            "a page of 50, in the order of the list": lambda c: board_page(c, campaign, START),
            "its last page": lambda c: board_page(c, campaign, START, start=units - 50),
            "a page of those 待核实": lambda c: board_page(c, campaign, START, state="review"),
            "a page found by words": lambda c: board_page(c, campaign, START, words="第77"),
            "a page of one 上级单位": lambda c: board_page(c, campaign, START, parent="第7区"),
            "a page, newest first": lambda c: board_page(c, campaign, START, order="newest"),
            "all 上级单位": lambda c: board_parents(c, campaign),
            "how many explanations wait": lambda c: how_many_wait(c, campaign),
            "what came in last, a page of 50": lambda c: recent_arrivals(c, campaign),
            "how one unit stands": lambda c: unit_standing(c, campaign, some, START),
            "how all units stand": lambda c: unit_standings(c, campaign, START),
        }
        taken: dict[str, list[float]] = {name: [] for name in questions}
        for _ in range(ROUNDS):
            for name, question in questions.items():
                with reading(engine) as connection:
                    start = time.perf_counter()
                    question(connection)
                    taken[name].append(time.perf_counter() - start)
        return {name: statistics.median(times) * 1000 for name, times in taken.items()}


def main() -> None:
    """Measure both databases, and print a table."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, running() as server:
        files = measured(Path(folder) / "a.sqlite", units)
        served = measured(server.make("board"), units)
    first = next(iter(files))
    print(f"| {units:,} units | SQLite | of the count | PostgreSQL | of the count |\n|---|---|---|---|---|")
    for name, taken in files.items():
        ours, theirs = taken / files[first], served[name] / served[first]
        print(f"| {name} | {taken:.1f} ms | {ours:.0f}x | {served[name]:.1f} ms | {theirs:.0f}x |")


if __name__ == "__main__":
    main()
