"""The state of a unit follows from what was entered last: every way that it goes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from tests.making.ledgers import OVER, START, a_campaign, entry_of, finding, hand_in, the_units
from xlcheck.campaign.ledger.arrivals import assign_arrival
from xlcheck.campaign.ledger.checks import check_of, checks_of, enter_check, warnings_of
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.decisions import decision_of, decisions_of, enter_decision
from xlcheck.campaign.ledger.facts import round_states, unit_standing, unit_standings
from xlcheck.campaign.ledger.moving import move_arrival
from xlcheck.campaign.ledger.reminders import enter_reminder, reminders_of
from xlcheck.campaign.ledger.replies import IN_WORKBOOK, answers_of, enter_answer, enter_reply, replies_of
from xlcheck.campaign.ledger.standings import UnitStanding
from xlcheck.campaign.ledger.values import ActRefused, ArrivalWarning, Campaign, CampaignUnit
from xlcheck.roster.units import Unit

CELLS = ("表一!D5", "表一!E5")
WARNED = entry_of(finding("P101", cells=CELLS))


class Clerk:
    """A campaign of one unit, and what is done in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.campaign: Campaign = a_campaign(connection, ["甲局"])
        self.unit: CampaignUnit = the_units(connection, self.campaign)["甲局"]
        self.at = START

    def hand_in(self, entry: str | None = None) -> int:
        self.at += 60
        return hand_in(self.connection, self.campaign, self.unit, entry, at=self.at).id

    def stands(self, now: int = START + 9999) -> UnitStanding:
        found = unit_standing(self.connection, self.campaign.id, self.unit.id, now)
        assert found is not None
        assert unit_standings(self.connection, self.campaign.id, now) == (found,)
        if found.arrival is not None:
            assert round_states(self.connection, [found.arrival]) == {found.arrival: found.state}
        return found

    def explain(self, arrival: int, text: str = "去年多报") -> int:
        return enter_reply(self.connection, arrival, "P101", CELLS, text, self.at, "链接").id

    def answer(self, reply: int, accepted: bool) -> None:
        enter_answer(self.connection, reply, accepted=accepted, note="不清楚", at=self.at, by="王科")

    def decide(self, arrival: int, kind: Any, note: str = "") -> None:
        enter_decision(self.connection, arrival, kind, note, self.at, "王科")


@pytest.fixture
def clerk(engine: Engine) -> Any:
    with writing(engine) as connection:
        yield Clerk(connection)


def test_before_anything_comes(clerk: Clerk) -> None:
    assert clerk.stands(OVER - 1)[1:6] == ("missing", None, 0, 0, False)
    assert clerk.stands(OVER)[1:6] == ("overdue", None, 0, 0, True)


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (entry_of(), "passed"),
        (entry_of(finding("B101", "error")), "returned"),
        (entry_of(finding("B101", "error"), finding("P101", explanation="对")), "returned"),
        (WARNED, "review"),
        (entry_of(finding("P101", explanation="去年多报")), "passed"),
        (entry_of(finding("P101", explanation="对"), finding("P102")), "review"),
        (entry_of(finding("F101", "error"), status="unreadable"), "unreadable"),
    ],
)
def test_what_checking_says(clerk: Clerk, entry: str, state: str) -> None:
    clerk.hand_in(entry)
    found = clerk.stands()
    assert (found.state, found.number, found.at, found.is_late) == (state, 1, START + 60, False)


def test_late_is_who_had_handed_in_nothing_when_the_deadline_was_over(clerk: Clerk) -> None:
    clerk.at = OVER - 61
    clerk.hand_in(WARNED)
    clerk.hand_in(entry_of())
    assert (clerk.stands().state, clerk.stands().is_late) == ("passed", False)


def test_late_stays_late(clerk: Clerk) -> None:
    clerk.at = OVER - 60
    clerk.hand_in(entry_of())
    assert (clerk.stands().state, clerk.stands().is_late) == ("passed", True)


def test_an_explanation_passes_until_the_office_returns_it(clerk: Clerk) -> None:
    arrival = clerk.hand_in(WARNED)
    assert (clerk.stands().state, clerk.stands().unexplained, clerk.stands().unanswered) == ("review", 1, 0)
    reply = clerk.explain(arrival)
    assert (clerk.stands().state, clerk.stands().unexplained, clerk.stands().unanswered) == ("passed", 0, 1)
    clerk.answer(reply, accepted=False)
    assert (clerk.stands().state, clerk.stands().unexplained, clerk.stands().unanswered) == ("review", 1, 0)
    second = clerk.explain(arrival, "新增了一个窗口")
    assert (clerk.stands().state, clerk.stands().unanswered) == ("passed", 1)
    clerk.answer(second, accepted=True)
    assert (clerk.stands().state, clerk.stands().unanswered) == ("passed", 0)
    clerk.answer(second, accepted=False)
    assert clerk.stands().state == "review"
    assert [one.text for one in replies_of(clerk.connection, arrival)] == ["去年多报", "新增了一个窗口"]
    assert [one.accepted for one in answers_of(clerk.connection, arrival)] == [False, True, False]


def test_what_stands_in_the_workbook_waits_for_the_office_too(clerk: Clerk) -> None:
    arrival = clerk.hand_in(entry_of(finding("P101", cells=CELLS, explanation="去年\n多报")))
    (said,) = replies_of(clerk.connection, arrival)
    assert (said.code, said.cells, said.text, said.by) == ("P101", CELLS, "去年\n多报", IN_WORKBOOK)
    assert (clerk.stands().state, clerk.stands().unanswered) == ("passed", 1)
    clerk.answer(said.id, accepted=False)
    assert clerk.stands().state == "review"


def test_checking_again_says_nothing_twice_and_its_newest_word_counts(clerk: Clerk) -> None:
    entry = entry_of(finding("P101", cells=CELLS, explanation="去年多报"))
    arrival = clerk.hand_in(entry)
    clerk.answer(replies_of(clerk.connection, arrival)[0].id, accepted=False)
    enter_check(clerk.connection, arrival, clerk.at, "1", entry)
    assert len(replies_of(clerk.connection, arrival)) == 1
    assert clerk.stands().state == "review"
    enter_check(clerk.connection, arrival, clerk.at, "2", entry_of(finding("B101", "error")))
    assert clerk.stands().state == "returned"


def test_the_office_accepts_what_warns(clerk: Clerk) -> None:
    arrival = clerk.hand_in(WARNED)
    clerk.decide(arrival, "accepted")
    assert (clerk.stands().state, clerk.stands().decision, clerk.stands().unexplained) == ("passed", "accepted", 1)
    reply = clerk.explain(arrival)
    assert clerk.stands().unanswered == 0
    with pytest.raises(ActRefused, match="已经审核通过"):
        clerk.answer(reply, accepted=False)
    clerk.decide(arrival, "returned", "请核对")
    assert clerk.stands().state == "returned"
    assert [one.kind for one in decisions_of(clerk.connection, arrival)] == ["accepted", "returned"]


def test_what_passed_by_itself_can_be_returned_and_comes_again(clerk: Clerk) -> None:
    clerk.decide(clerk.hand_in(entry_of()), "returned", "是去年的表\n请核对")
    assert clerk.stands().state == "returned"
    clerk.hand_in(entry_of())
    assert (clerk.stands().state, clerk.stands().number, clerk.stands().decision) == ("passed", 2, "")


def test_errors_never_pass(clerk: Clerk) -> None:
    arrival = clerk.hand_in(entry_of(finding("B101", "error"), finding("B102", "error")))
    with pytest.raises(ActRefused, match="还有 2 处错误，不能通过"):
        clerk.decide(arrival, "accepted")
    arrival = clerk.hand_in(entry_of(status="unreadable"))
    with pytest.raises(ActRefused, match="打不开，不能通过"):
        clerk.decide(arrival, "accepted")
    accepted = clerk.hand_in(WARNED)
    clerk.decide(accepted, "accepted")
    enter_check(clerk.connection, accepted, clerk.at, "1", entry_of(finding("B101", "error")))
    assert clerk.stands().state == "returned"


def test_acts_are_about_what_came_last(clerk: Clerk) -> None:
    old = clerk.hand_in(WARNED)
    reply = clerk.explain(old)
    clerk.hand_in(entry_of())
    for act in (lambda: clerk.decide(old, "accepted"), lambda: clerk.explain(old), lambda: clerk.answer(reply, True)):
        with pytest.raises(ActRefused, match="请看第 2 次报送"):
            act()


def test_only_what_warns_is_explained_and_only_with_words(clerk: Clerk) -> None:
    arrival = clerk.hand_in(WARNED)
    with pytest.raises(ActRefused, match="没有 P102 这一条"):
        enter_reply(clerk.connection, arrival, "P102", CELLS, "对", START, "链接")
    with pytest.raises(ActRefused, match="没有 P101 这一条"):
        enter_reply(clerk.connection, arrival, "P101", CELLS[:1], "对", START, "链接")
    with pytest.raises(ActRefused, match="请写明情况说明"):
        clerk.explain(arrival, " \u200b")
    reply = clerk.explain(arrival, "一")
    clerk.explain(arrival, "二")
    with pytest.raises(ActRefused, match="已经改写"):
        clerk.answer(reply, accepted=True)
    with pytest.raises(LookupError):
        clerk.answer(77, accepted=True)


def test_what_was_said_of_it_as_anothers_holds_no_more(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局", "乙局"])
        first, second = the_units(connection, campaign).values()
        entry = entry_of(finding("P101", cells=CELLS), finding("P102", explanation="去年多报"))
        arrival = hand_in(connection, campaign, first, entry).id
        enter_reply(connection, arrival, "P101", CELLS, "对", START, "甲局")
        for reply in replies_of(connection, arrival):
            enter_answer(connection, reply.id, accepted=True, note="", at=START, by="王科")
        enter_decision(connection, arrival, "accepted", "", START, "王科")
        move_arrival(connection, arrival, second.id, START, "王科")
        enter_check(connection, arrival, START, "1", entry, moved=True)
        found = unit_standing(connection, campaign.id, second.id, START)
        assert found is not None
        assert (found.state, found.decision, found.unexplained, found.unanswered) == ("review", "", 1, 1)
        assert decision_of(connection, arrival) is None
        enter_decision(connection, arrival, "accepted", "", START, "王科")
        found = unit_standing(connection, campaign.id, second.id, START)
        assert found is not None and (found.state, found.decision) == ("passed", "accepted")


def test_nobody_decides_of_what_is_nobodys(clerk: Clerk) -> None:
    stray = hand_in(clerk.connection, clerk.campaign, None)
    with pytest.raises(ActRefused, match="先归到单位"):
        clerk.decide(stray.id, "returned")
    assert clerk.stands().state == "missing"
    assign_arrival(clerk.connection, stray.id, clerk.unit.id, START, "王科")
    assert clerk.stands().state == "passed"


def test_what_a_check_keeps(clerk: Clerk) -> None:
    entry = entry_of(
        finding("P101", cells=CELLS), finding("P101", cells=CELLS), finding("S110", cells=()), finding("B101", "error")
    )
    arrival = clerk.hand_in(entry)
    check = check_of(clerk.connection, arrival)
    assert check is not None
    assert (check.status, check.review, check.errors, check.warnings, check.copy) == ("failed", False, 1, 3, "")
    assert check.entry == entry
    assert checks_of(clerk.connection, [arrival, 77]) == {arrival: check}
    assert checks_of(clerk.connection, []) == {}
    assert check_of(clerk.connection, 77) is None
    assert warnings_of(clerk.connection, check.id) == (ArrivalWarning("P101", CELLS), ArrivalWarning("S110", ()))


def test_who_need_not_hand_in_stands_nowhere_until_he_does(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, [Unit("市政府"), Unit("甲局", parent="市政府")])
        above = the_units(connection, campaign)["市政府"]
        assert unit_standing(connection, campaign.id, above.id, START) is None
        hand_in(connection, campaign, above)
        assert [one.unit.unit.name for one in unit_standings(connection, campaign.id, START)] == ["市政府", "甲局"]


def test_reminders_are_counted(clerk: Clerk) -> None:
    one = enter_reminder(clerk.connection, clerk.unit.id, "phone", 1, "占线\n再打", START, "王科")
    two = enter_reminder(clerk.connection, clerk.unit.id, "letter", 1, "", START, "王科")
    assert reminders_of(clerk.connection, clerk.unit.id) == (one, two)
    assert (one.note, clerk.stands().reminded) == ("占线\n再打", 2)


def test_an_earlier_round_keeps_what_it_came_to(clerk: Clerk) -> None:
    explained = clerk.hand_in(WARNED)
    clerk.explain(explained)
    returned = clerk.hand_in(entry_of())
    clerk.decide(returned, "returned", "请盖章")
    refused = clerk.hand_in(WARNED)
    clerk.answer(clerk.explain(refused), accepted=False)
    last = clerk.hand_in(entry_of(finding("B101", "error")))
    assert round_states(clerk.connection, [last, refused, returned, explained]) == {
        explained: "passed", returned: "returned", refused: "review", last: "returned",
    }  # fmt: skip
