"""A process that writes into a ledger what it is told to, for tests of several at once: ``python -m tests.making.ledger_writer WHERE``.

It reads lines of JSON, ``[campaign, name, seed]``, and answers each with a line: what it entered, as ``[table, number]``.
"""

from __future__ import annotations

import json
import random
import sys
from contextlib import suppress

from sqlalchemy import Connection, Engine

from tests.making.ledgers import START, entry_of, finding
from xlcheck.campaign.ledger.arrivals import enter_arrival, newest_arrival
from xlcheck.campaign.ledger.checks import enter_check
from xlcheck.campaign.ledger.contents import keep_content
from xlcheck.campaign.ledger.database import open_ledger_database, writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.reminders import enter_reminder
from xlcheck.campaign.ledger.replies import enter_reply
from xlcheck.campaign.ledger.units import campaign_units, enter_units
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.roster.units import Unit

Entered = list[tuple[str, int]]
TRANSACTIONS = 15
"""For each line that it reads."""


class Writer:
    """What one process writes into one campaign."""

    def __init__(self, connection: Connection, campaign: int, name: str, dice: random.Random) -> None:
        self.connection, self.campaign, self.name, self.dice = connection, campaign, name, dice
        self.unit = dice.choice(campaign_units(connection, campaign)).id

    def hand_in(self) -> Entered:
        """One of few contents, now and then from one of few places, so that others often hand in the same."""
        digest = keep_content(self.connection, b"%d" % self.dice.randrange(4))
        origin = f"letter {self.dice.randrange(9)}" if self.dice.random() < 0.4 else ""
        found = enter_arrival(
            self.connection, self.campaign, self.unit, digest, "a.xlsx", START, "upload", "", self.name, origin
        )
        if not found.is_new:
            return []
        check = enter_check(self.connection, found.arrival.id, START, "0", entry_of(finding("P101")))
        return [("arrival", found.arrival.id), ("arrival_check", check.id)]

    def explain(self) -> Entered:
        """What the unit handed in last."""
        newest = newest_arrival(self.connection, self.unit)
        if newest is None:
            return []
        # In the words of before it would be what stands already.
        words = f"{self.name} {self.dice.random()}"
        said = enter_reply(self.connection, newest.id, "P101", ("表一!D5",), words, START, self.name)
        return [("warning_reply", said.id)]

    def decide(self) -> Entered:
        """Of what the unit handed in last."""
        newest = newest_arrival(self.connection, self.unit)
        return (
            [("decision", enter_decision(self.connection, newest.id, "accepted", "", START, self.name).id)]
            if newest
            else []
        )

    def remind(self) -> Entered:
        """By telephone."""
        return [("reminder", enter_reminder(self.connection, self.unit, "phone", 1, self.name, START, self.name).id)]

    def list_unit(self) -> Entered:
        """One of few units, so that others often list the same."""
        unit = Unit(f"新{self.dice.randrange(5)}局")
        listed = enter_units(self.connection, self.campaign, [unit], START, self.name, is_whole=False)
        return [("unit", one.id) for one in listed.new]


def write(engine: Engine, campaign: int, name: str, seed: int) -> Entered:
    """Write in some transactions; answers what stands in the ledger."""
    dice = random.Random(seed)
    entered: Entered = []
    for _ in range(TRANSACTIONS):
        new: Entered = []
        with suppress(ActRefused), writing(engine) as connection:
            writer = Writer(connection, campaign, name, dice)
            acts = (writer.hand_in, writer.hand_in, writer.explain, writer.decide, writer.remind, writer.list_unit)
            new = dice.choice(acts)()
        entered += new
    return entered


if __name__ == "__main__":
    with open_ledger_database(sys.argv[1]) as engine:
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            print(json.dumps(write(engine, *json.loads(line))), flush=True)
