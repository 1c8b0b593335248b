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
from collections.abc import Callable, Sequence
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
from xlcheck.campaign.ledger.schema import METADATA, UNITS
from xlcheck.campaign.ledger.transfer import put_rows, table_rows
from xlcheck.campaign.ledger.values import Campaign, CampaignUnit
from xlcheck.campaign.ledger.waiting import how_many_wait
from xlcheck.roster.units import Unit

ROUNDS = 15


def fill(connection: Connection, units: int) -> None:
    """A campaign in full swing."""
    listed = [Unit(f"某某市第{number}单位", f"{number:018}", parent=f"第{number // 50}区") for number in range(units)]
    campaign = a_campaign(connection, listed)
    for number, unit in enumerate(the_units(connection, campaign).values()):
        hand_in_some(connection, campaign, unit, number)


def copy(source: Engine, target: Engine) -> None:
    """All rows of a ledger into an empty one, of which the server then knows how much there is."""
    with reading(source) as old, writing(target) as new:
        for table in METADATA.sorted_tables:
            put_rows(new, table, table_rows(old, table))
        new.exec_driver_sql("ANALYZE")


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


def questions(campaign: int, units: int) -> dict[str, Callable[[Connection], Any]]:
    """What is asked, by what it is called."""
    return {
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
        "how one unit stands": lambda c: unit_standing(c, campaign, units // 2, START),
        "how all units stand": lambda c: unit_standings(c, campaign, START),
    }


def measured(engines: Sequence[Engine], units: int) -> dict[str, list[float]]:
    """Milliseconds of each question in each database, the medians of rounds in which all take turns."""
    asked = questions(1, units)
    taken: dict[str, list[list[float]]] = {name: [[] for _ in engines] for name in asked}
    for _ in range(ROUNDS):
        for name, question in asked.items():
            for at, engine in enumerate(engines):
                with reading(engine) as connection:
                    start = time.perf_counter()
                    question(connection)
                    taken[name][at].append(time.perf_counter() - start)
    return {name: [statistics.median(times) * 1000 for times in both] for name, both in taken.items()}


def main() -> None:
    """Measure both databases, and print a table."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with (
        tempfile.TemporaryDirectory() as folder,
        running() as server,
        open_ledger_database(Path(folder) / "a.sqlite") as one,
        open_ledger_database(server.make("board")) as other,
    ):
        with writing(one) as connection:
            fill(connection, units)
        copy(one, other)
        taken = measured([one, other], units)
    counts = next(iter(taken.values()))
    print(f"| {units:,} units | SQLite | of the count | PostgreSQL | of the count |\n|---|---|---|---|---|")
    for name, both in taken.items():
        told = [f"{each:.1f} ms | {each / count:.0f}x" for each, count in zip(both, counts, strict=True)]
        print(f"| {name} | {' | '.join(told)} |")


if __name__ == "__main__":
    main()
