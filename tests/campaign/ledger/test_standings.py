"""States from facts, and the end of the last day."""

from __future__ import annotations

import datetime

import pytest

from tests.making.ledgers import DEADLINE, OVER, START, TERMS
from xlcheck.campaign.ledger.standings import STATE_WORDS, UNCHECKED, UNIT_STATES, UnitFacts, closes, standing_of
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.roster.units import Unit

NOTHING = UnitFacts(CampaignUnit(1, Unit("甲局")))
CAME = NOTHING._replace(arrival=1, number=1, first=START, at=START, status="passed")


def test_the_last_day_ends_by_chinese_time() -> None:
    assert closes(DEADLINE) == OVER
    assert datetime.datetime.fromtimestamp(OVER, datetime.timezone.utc).isoformat() == "2026-01-31T16:00:00+00:00"
    assert closes(None) is None


def test_every_state_has_its_word() -> None:
    assert set(STATE_WORDS) == set(UNIT_STATES)


def test_without_a_last_day_nothing_is_late() -> None:
    for facts in (NOTHING, CAME):
        found = standing_of(facts, [TERMS._replace(deadline=None)], OVER * 2)
        assert (found.state, found.is_late) == ("missing" if facts is NOTHING else "passed", False)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (CAME._replace(unexplained=1), "review"),
        (CAME._replace(unexplained=1, decision="accepted"), "passed"),
        (CAME._replace(unexplained=1, decision="returned"), "returned"),
        (CAME._replace(status=UNCHECKED), "review"),
        (CAME._replace(status=UNCHECKED, decision="accepted"), "review"),
        (CAME._replace(status="failed", decision="accepted"), "returned"),
        (CAME._replace(status="unreadable", decision="accepted"), "unreadable"),
        (CAME._replace(status="unreadable", decision="returned"), "unreadable"),
    ],
)
def test_states(facts: UnitFacts, state: str) -> None:
    assert standing_of(facts, [TERMS], START).state == state


DAY = 24 * 60 * 60
EARLIER, LATER = DEADLINE - datetime.timedelta(10), DEADLINE + datetime.timedelta(10)


@pytest.mark.parametrize(
    ("came", "changes", "is_late"),
    [
        (OVER - 1, [], False),
        (OVER, [], True),
        (OVER + 5 * DAY, [(OVER + 6 * DAY, LATER)], False),  # it was given more days
        (OVER + 5 * DAY, [(OVER + 6 * DAY, LATER), (OVER + 7 * DAY, DEADLINE)], True),  # and they were taken back
        (OVER - 5 * DAY, [(OVER - 4 * DAY, EARLIER)], False),  # it could not know of the day that was set afterwards
        (OVER - 5 * DAY, [(OVER - 6 * DAY, EARLIER)], True),
        (OVER + 5 * DAY, [(OVER + 6 * DAY, None)], False),
        (START - DAY, [(OVER, EARLIER)], False),  # before anything was announced
    ],
)
def test_late_is_who_was_behind_the_day_of_now_and_the_one_of_then(
    came: int, changes: list[tuple[int, datetime.date | None]], is_late: bool
) -> None:
    announced = [TERMS, *(TERMS._replace(at=at, deadline=day) for at, day in changes)]
    facts = CAME._replace(first=came, at=came)
    assert standing_of(facts, announced, OVER + 20 * DAY).is_late is is_late
