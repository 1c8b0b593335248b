"""The board: the database finds, counts and orders as the units stand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, Engine

from tests.making.ledgers import OVER, START, a_campaign, entry_of, finding, hand_in, the_units
from xlcheck.campaign.ledger.arrivals import assign_arrival
from xlcheck.campaign.ledger.board import BOARD_ORDERS, board_page, board_parents
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.facts import unit_standing, unit_standings
from xlcheck.campaign.ledger.reminders import enter_reminder
from xlcheck.campaign.ledger.replies import enter_answer, enter_reply, replies_of
from xlcheck.campaign.ledger.standings import UNIT_STATES
from xlcheck.campaign.ledger.units import enter_units
from xlcheck.campaign.ledger.values import ActRefused, Campaign, CampaignArrival
from xlcheck.campaign.ledger.waiting import how_many_wait, waiting_replies
from xlcheck.roster.units import Unit

UNITS = [
    Unit("市教育局", "11440100007482476Q", "a@example.org", "市政府", "张三"),
    Unit("市教育局考试中心", "", "b@example.org；c@example.org", "市教育局"),
    Unit("甲乡_100%", parent="县政府"),
    Unit("乙乡", parent="县政府", contact="李四"),
]


def named(engine: Engine, campaign: Campaign, **how: Any) -> list[str]:
    with reading(engine) as connection:
        return [one.unit.unit.name for one in board_page(connection, campaign.id, START, **how).rows]


@pytest.fixture
def campaign(engine: Engine) -> Campaign:
    with writing(engine) as connection:
        made = a_campaign(connection, [one._replace(reports="是") for one in UNITS])
        units = the_units(connection, made)
        hand_in(connection, made, units["乙乡"], entry_of(finding("B101", "error")), at=START + 5)
        hand_in(connection, made, units["市教育局考试中心"], entry_of(), at=START + 9)
        return made


def test_pages_by_pieces(engine: Engine, campaign: Campaign) -> None:
    every = [one.name for one in UNITS]
    assert named(engine, campaign) == every
    assert [named(engine, campaign, start=start, count=3) for start in (0, 3, 6)] == [every[:3], every[3:], []]
    with reading(engine) as connection:
        page = board_page(connection, campaign.id, START, start=3, count=3)
    assert (page.total, page.unreachable) == (4, 2)
    assert {state: many for state, many in page.counts.items() if many} == {"missing": 2, "returned": 1, "passed": 1}


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ({"state": "missing"}, ["市教育局", "甲乡_100%"]),
        ({"state": "overdue"}, []),
        ({"words": "教育"}, ["市教育局", "市教育局考试中心"]),
        ({"words": " 考试 教育 "}, ["市教育局考试中心"]),
        ({"words": "7482476q"}, ["市教育局"]),
        ({"words": "１００％"}, ["甲乡_100%"]),
        ({"words": "_"}, ["甲乡_100%"]),
        ({"words": "%"}, ["甲乡_100%"]),
        ({"words": "李四"}, ["乙乡"]),
        ({"parent": "县政府"}, ["甲乡_100%", "乙乡"]),
        ({"parent": "县政府", "state": "returned", "words": "乡"}, ["乙乡"]),
        ({"unreachable": True}, ["甲乡_100%", "乙乡"]),
        ({"unreachable": True, "state": "returned"}, ["乙乡"]),
        ({"order": "newest"}, ["市教育局考试中心", "乙乡", "市教育局", "甲乡_100%"]),
        ({"order": "oldest"}, ["乙乡", "市教育局考试中心", "市教育局", "甲乡_100%"]),
        ({"order": "state"}, ["市教育局", "甲乡_100%", "乙乡", "市教育局考试中心"]),
    ],
)
def test_finds_and_orders(engine: Engine, campaign: Campaign, how: dict[str, Any], names: list[str]) -> None:
    assert named(engine, campaign, **how) == names


def test_counts_are_of_what_is_found_whatever_state_is_asked_for(engine: Engine, campaign: Campaign) -> None:
    with reading(engine) as connection:
        page = board_page(connection, campaign.id, OVER, state="returned", words="乡")
        assert (page.total, page.counts["returned"], page.counts["overdue"], page.counts["passed"]) == (1, 1, 1, 0)
        assert board_parents(connection, campaign.id) == ("市政府", "市教育局", "县政府")


# --- whatever happens, database and values agree ------------------------------------------------------------------------

ENTRIES = [
    entry_of(),
    entry_of(finding("B101", "error")),
    entry_of(finding("P101")),
    entry_of(finding("P101", explanation="对"), finding("P102", cells=())),
    entry_of(status="unreadable"),
]


def act(
    connection: Connection, campaign: Campaign, arrivals: list[CampaignArrival], what: str, which: int, at: int
) -> None:
    """One thing that happens; what the ledger refuses does not."""
    units = [one for one in the_units(connection, campaign).values() if not one.withdrawn]
    if what == "list":
        enter_units(connection, campaign.id, UNITS[which % 4 :] or UNITS, at, "王科")
    elif what == "hand in":
        unit = [*units, None][which % (len(units) + 1)]
        arrivals.append(
            hand_in(connection, campaign, unit, ENTRIES[which % len(ENTRIES)], data=f"{at}".encode(), at=at)
        )
    elif what == "remind":
        enter_reminder(connection, units[which % len(units)].id, "phone", 1, "", at, "王科")
    elif arrivals:
        arrival = arrivals[which % len(arrivals)].id
        replies = replies_of(connection, arrival)
        try:
            if what == "assign":
                assign_arrival(connection, arrival, units[which % len(units)].id, at, "王科")
            elif what == "explain":
                enter_reply(connection, arrival, "P101", ("表一!D5",), f"{at}", at, "链接")
            elif what == "answer" and replies:
                enter_answer(connection, replies[-1].id, accepted=bool(which % 2), note="", at=at, by="王科")
            elif what == "decide":
                enter_decision(connection, arrival, "accepted" if which % 2 else "returned", "", at, "王科")
        except ActRefused:
            pass


ACTS = some.tuples(
    some.sampled_from(["hand in", "hand in", "assign", "explain", "answer", "decide", "remind", "list"]),
    some.integers(0, 11),
    some.integers(START, OVER + 99),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=some.lists(ACTS, max_size=14), now=some.sampled_from([START, OVER]))
def test_the_board_says_what_the_units_stand_at(engine: Engine, acts: list[tuple[str, int, int]], now: int) -> None:
    with writing(engine) as connection:
        whole = connection.begin_nested()
        agree(connection, acts, now)
        whole.rollback()


def agree(connection: Connection, acts: list[tuple[str, int, int]], now: int) -> None:
    """What happened shows on the board as each unit by itself stands."""
    campaign = a_campaign(connection, UNITS)
    a_campaign(connection, UNITS, "另一个")
    arrivals: list[CampaignArrival] = []
    for what, which, at in acts:
        act(connection, campaign, arrivals, what, which, at)
    standings = unit_standings(connection, campaign.id, now)
    units = the_units(connection, campaign).values()
    assert {unit_standing(connection, campaign.id, one.id, now) for one in units} - {None} == set(standings)
    counts = Counter(one.state for one in standings)
    for state in UNIT_STATES:
        page = board_page(connection, campaign.id, now, state=state)
        assert page.rows == tuple(one for one in standings if one.state == state)
        assert dict(page.counts) == {each: counts[each] for each in UNIT_STATES}
        assert page.total == counts[state]
    for order in BOARD_ORDERS:
        assert sorted(board_page(connection, campaign.id, now, order=order).rows) == sorted(standings)
    waiting = waiting_replies(connection, campaign.id)
    assert how_many_wait(connection, campaign.id) == len(waiting) == sum(one.unanswered for one in standings)
