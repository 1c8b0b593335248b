"""How a unit stands, worked out from what the ledger holds; nothing of it is ever kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from xlcheck.campaign.ledger.values import CampaignTerms, CampaignUnit
from xlcheck.model.times import CHINA
from xlcheck.model.tuples import NamedTuple

UnitState = Literal["overdue", "missing", "unreadable", "returned", "review", "passed"]
"""In the order of how much the office has to do with it."""

UNIT_STATES: tuple[UnitState, ...] = get_args(UnitState)

STATE_WORDS: Mapping[UnitState, str] = {
    "overdue": "逾期",
    "missing": "未报送",
    "unreadable": "打不开",
    "returned": "退改",
    "review": "待核实",
    "passed": "通过",
}


UNCHECKED = "unchecked"
"""In place of a check's status, of an arrival that is not checked yet."""


class UnitFacts(NamedTuple):
    """What the ledger holds of a unit's newest arrival, as far as its state follows from it."""

    unit: CampaignUnit
    arrival: int | None = None
    """The number of its newest arrival; None where it handed in nothing."""
    number: int = 0
    """How often it handed in."""
    first: int = 0
    """When it handed in first; 0 if never."""
    at: int = 0
    """When it handed in last; 0 if never."""
    status: str = ""
    """What the newest check came to; :data:`UNCHECKED` where there is none, and empty where the unit handed in nothing."""
    errors: int = 0
    warnings: int = 0
    unexplained: int = 0
    """Warnings without an explanation, or with one that the office did not accept."""
    unanswered: int = 0
    """Explanations that wait for the office."""
    decision: str = ""
    """What the office decided of it last, or empty."""
    reminded: int = 0
    """How often it was reminded."""


class UnitStanding(NamedTuple):
    """How a unit stands at a moment."""

    unit: CampaignUnit
    state: UnitState
    arrival: int | None
    """Its newest arrival; None where it handed in nothing."""
    number: int
    """How often it handed in (第几次); 0 if never."""
    at: int
    """When it handed in last; 0 if never."""
    is_late: bool
    """Whether it had handed in nothing when the deadline was over: the one of now, and the one that it knew of by then."""
    errors: int
    warnings: int
    unexplained: int
    """Warnings that nobody explained, or whose explanation the office did not accept."""
    unanswered: int
    """Explanations that wait for the office."""
    decision: str
    """``accepted``, ``returned``, or empty."""
    reminded: int


def closes(deadline: datetime.date | None) -> int | None:
    """The first second after the last day on which to hand in, by Chinese time; None where there is no such day."""
    if deadline is None:
        return None
    after = datetime.datetime.combine(deadline, datetime.time(), CHINA) + datetime.timedelta(days=1)
    return int(after.timestamp())


def was_late(at: int, announced: Sequence[CampaignTerms]) -> bool:
    """Whether what came at a moment came behind the deadline.

    Who is given more days is not late any more. Who handed in before an earlier day was announced was in time and stays so.

    Args:
        at: the moment.
        announced: all that the office ever announced, oldest first.
    """
    then = next((terms for terms in reversed(announced) if terms.at <= at), announced[0])
    ends = (closes(terms.deadline) for terms in (then, announced[-1]))
    return all(end is not None and at >= end for end in ends)


def state_conditions(facts: Any, is_over: Any) -> tuple[tuple[UnitState, Any], ...]:
    """When a unit is in which state; the first that holds, and ``review`` where none does.

    Args:
        facts: a unit's facts, or the columns of a query that are called so: the same conditions hold for both.
        is_over: whether the deadline is over, as a value or in the query's terms.
    """
    return (
        ("overdue", (facts.status == "") & is_over),
        ("missing", facts.status == ""),
        ("unreadable", facts.status == "unreadable"),
        ("returned", (facts.status == "failed") | (facts.decision == "returned")),
        ("passed", (facts.status == "passed") & ((facts.decision == "accepted") | (facts.unexplained == 0))),
    )


def state_of(facts: Any, *, is_over: bool) -> UnitState:
    """The state by :func:`state_conditions`."""
    return next((state for state, holds in state_conditions(facts, is_over) if holds), "review")


def standing_of(facts: UnitFacts, announced: Sequence[CampaignTerms], now: int) -> UnitStanding:
    """How a unit stands at a moment, by all that the office ever announced, oldest first."""
    end = closes(announced[-1].deadline)
    is_over = end is not None and now >= end
    state = state_of(facts, is_over=is_over)
    is_late = is_over if facts.number == 0 else was_late(facts.first, announced)
    return UnitStanding(
        facts.unit, state, facts.arrival, facts.number, facts.at, is_late, facts.errors, facts.warnings, facts.unexplained,
        facts.unanswered, facts.decision, facts.reminded,
    )  # fmt: skip
