"""Whatever happens in whatever order: the ledger says of each unit what a plain model of the rules says, and refuses what it refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, Engine

from tests.making.ledgers import OVER, START, a_campaign, entry_of, finding, hand_in, the_units
from xlcheck.campaign.ledger.checks import enter_check
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.facts import round_states, unit_standings
from xlcheck.campaign.ledger.moving import move_arrival
from xlcheck.campaign.ledger.replies import enter_answer, enter_reply, replies_of
from xlcheck.campaign.ledger.units import enter_units
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.campaign.ledger.waiting import waiting_replies
from xlcheck.roster.units import Unit

UNITS = ("甲局", "乙局", "丙局")
ENTRIES = [
    entry_of(),
    entry_of(finding("P101"), finding("P102", cells=())),
    entry_of(finding("P101", explanation="对")),
    entry_of(finding("P101"), finding("P101", explanation="又对"), finding("P102", cells=("a!A1", "a!A2"))),
    entry_of(finding("B101", "error"), finding("P101", explanation="错")),
    entry_of(status="unreadable"),
]
KEYS = [("P101", ("表一!D5",)), ("P102", ()), ("P102", ("a!A1", "a!A2"))]


@dataclass
class Said:
    """An explanation."""

    id: int
    key: Any
    in_file: bool
    answers: list[bool] = field(default_factory=list)


@dataclass
class Came:
    """Something that came in."""

    id: int
    at: int
    unit: str | None
    content: str
    entry: str
    said: list[Said] = field(default_factory=list)
    decision: str = ""

    @property
    def standing(self) -> dict[Any, Said]:
        return {one.key: one for one in self.said}

    @property
    def file(self) -> Any:
        return json.loads(self.entry)

    def found(self, severity: str) -> list[Any]:
        return [one for one in self.file["findings"] if one["severity"] == severity]

    @property
    def keys(self) -> set[Any]:
        return {key_of(one) for one in self.found("warning")}

    def explained(self, key: Any) -> bool:
        said = self.standing.get(key)
        return said is not None and (not said.answers or said.answers[-1])


def key_of(one: Any) -> Any:
    return one["code"], tuple(one["cells"])


class Model:
    """A campaign of three units, in the ledger and in mind."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.campaign = a_campaign(connection, UNITS)
        self.listed = set(UNITS)
        self.came: list[Came] = []

    # --- what happens ------------------------------------------------------------------------------------------------

    def act(self, what: str, which: int, more: int, at: int) -> None:
        units = the_units(self.connection, self.campaign)
        if what == "list":
            kept = UNITS[which % 3 :]
            enter_units(self.connection, self.campaign.id, [Unit(name) for name in kept], at, "王科")
            self.listed = set(kept)
        elif what == "come":
            self.come(units, [*UNITS, None][which % 4], more % len(ENTRIES), at)
        elif self.came:
            came = self.came[-1 - which % min(len(self.came), 4)]
            getattr(self, what)(came, more, at, units)

    def come(self, units: Any, unit: str | None, number: int, at: int) -> None:
        arrival = hand_in(
            self.connection, self.campaign, units[unit] if unit else None, ENTRIES[number], data=b"%d" % number, at=at
        )
        same = self.beside(unit, str(number), at) if unit else None
        if same is not None:
            assert arrival.id == same.id
            return
        self.came.append(Came(arrival.id, at, unit, str(number), ENTRIES[number]))
        self.file_says(self.came[-1], anew=False)

    def beside(self, unit: str, content: str, at: int) -> Came | None:
        """What is no new one: of the same content, right before or right behind, unless it alone came in time."""
        mine = self.of(unit)
        before, behind = [one for one in mine if one.at <= at], [one for one in mine if one.at > at]
        if before and before[-1].content == content:
            return before[-1]
        if behind and behind[0].content == content and not (not before and at < OVER <= behind[0].at):
            return behind[0]
        return None

    def move(self, came: Came, more: int, at: int, units: Any) -> None:
        unit = UNITS[more % 3]
        if self.is_done(came.unit != unit, lambda: move_arrival(self.connection, came.id, units[unit].id, at, "王科")):
            if came.unit is not None:
                came.decision = ""
                for said in came.standing.values():
                    said.answers += [] if said.in_file else [False]
            came.unit = unit
            self.check(came, came.entry, moved=True)

    def again(self, came: Came, more: int, at: int, units: Any) -> None:
        self.check(came, ENTRIES[more % len(ENTRIES)], moved=False)

    def check(self, came: Came, entry: str, moved: bool) -> None:
        enter_check(self.connection, came.id, START, "1", entry, moved=moved)
        came.entry = entry
        self.file_says(came, anew=moved)

    def file_says(self, came: Came, anew: bool) -> None:
        told = dict.fromkeys(key_of(one) for one in came.found("warning") if one["explanation"])
        new = [key for key in told if anew or key not in came.standing]
        entered = replies_of(self.connection, came.id)[len(came.said) :]
        assert [(one.code, one.cells) for one in entered] == new
        came.said += [Said(one.id, (one.code, one.cells), in_file=True) for one in entered]

    def explain(self, came: Came, more: int, at: int, units: Any) -> None:
        code, cells = key = KEYS[more % len(KEYS)]
        words = f"第 {len(came.said)} 句"  # the same words again are no other explanation
        may = self.is_newest(came) and key in came.keys
        if self.is_done(may, lambda: enter_reply(self.connection, came.id, code, cells, words, at, "链接")):
            came.said.append(Said(replies_of(self.connection, came.id)[-1].id, key, in_file=False))

    def answer(self, came: Came, more: int, at: int, units: Any) -> None:
        if not came.said:
            return
        said, accepted = came.said[more // 2 % len(came.said)], bool(more % 2)
        may = self.is_newest(came) and came.standing[said.key] is said and (accepted or came.decision != "accepted")
        answer: Any = {"accepted": accepted, "note": "", "at": at, "by": "王科"}
        if self.is_done(may, lambda: enter_answer(self.connection, said.id, **answer)):
            said.answers.append(accepted)

    def decide(self, came: Came, more: int, at: int, units: Any) -> None:
        kind: Any = "accepted" if more % 2 else "returned"
        may = self.is_newest(came) and (kind == "returned" or came.file["status"] == "passed")
        if self.is_done(may, lambda: enter_decision(self.connection, came.id, kind, "", at, "王科")):
            came.decision = kind

    def is_done(self, may: bool, act: Any) -> bool:
        """Do it; it is refused exactly where the model says so."""
        try:
            act()
        except ActRefused:
            assert not may
            return False
        assert may
        return True

    # --- how it stands -----------------------------------------------------------------------------------------------

    def of(self, unit: str | None) -> list[Came]:
        return sorted((one for one in self.came if one.unit == unit), key=lambda one: (one.at, one.id))

    def newest(self, unit: str | None) -> Came | None:
        return next(reversed(self.of(unit)), None)

    def is_newest(self, came: Came) -> bool:
        return came.unit is not None and self.newest(came.unit) is came

    def state(self, newest: Came | None, now: int) -> str:
        if newest is None:
            return "overdue" if now >= OVER else "missing"
        status = newest.file["status"]
        if status == "unreadable":
            return "unreadable"
        if status == "failed" or newest.decision == "returned":
            return "returned"
        return "passed" if newest.decision == "accepted" or all(map(newest.explained, newest.keys)) else "review"

    def waiting(self, newest: Came | None) -> list[int]:
        if newest is None or newest.decision == "accepted":
            return []
        return sorted(one.id for one in newest.standing.values() if not one.answers)

    def stands(self, unit: str, now: int) -> tuple[object, ...]:
        mine = self.of(unit)
        newest = mine[-1] if mine else None
        return (
            unit,
            self.state(newest, now),
            newest.id if newest else None,
            len(mine),
            newest.at if newest else 0,
            (mine[0].at if mine else now) >= OVER,
            len(newest.found("error")) if newest else 0,
            len(newest.found("warning")) if newest else 0,
            sum(not newest.explained(key) for key in newest.keys) if newest else 0,
            len(self.waiting(newest)),
            newest.decision if newest else "",
        )


ACTS = some.tuples(
    some.sampled_from(
        ["come", "come", "move", "move", "again", "explain", "explain", "answer", "answer", "decide", "decide", "list"]
    ),
    some.integers(0, 11),
    some.integers(0, 11),
    some.sampled_from([START, START + 1, OVER - 1, OVER]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=some.lists(ACTS, min_size=6, max_size=20), now=some.sampled_from([START, OVER]))
def test_the_ledger_says_what_the_rules_say(engine: Engine, acts: list[tuple[str, int, int, int]], now: int) -> None:
    with writing(engine) as connection:
        whole = connection.begin_nested()
        model = Model(connection)
        for what, which, more, at in acts:
            model.act(what, which, more, at)
        found = [(one.unit.unit.name, *one[1:-1]) for one in unit_standings(connection, model.campaign.id, now)]
        named = [unit for unit in UNITS if unit in model.listed]
        assert found == [model.stands(unit, now) for unit in named]
        rounds = {one.id: model.state(one, now) for one in model.came}
        assert round_states(connection, list(rounds)) == rounds
        waiting = [number for unit in named for number in model.waiting(model.newest(unit))]
        assert sorted(one.id for one in waiting_replies(connection, model.campaign.id)) == sorted(waiting)
        whole.rollback()
