"""One unit's year, round beside round: what changed, and whether it was what we suggested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.making.campaigns import BEFORE, WRONG, handed_in, made_campaign, taken, unit_of
from xlcheck.campaign.acts import answer_reply, explain, note_call, return_to
from xlcheck.campaign.history import CampaignRound, history_of
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.statement import history_text


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenCampaign]:
    with open_campaign(made_campaign(tmp_path / "2024", 2024)) as former:
        taken(former, handed_in("市教育局", 2024))
    with open_campaign(made_campaign(tmp_path / "2025")) as campaign:
        yield campaign


def test_what_changed_is_told_with_what_was_suggested(opened: OpenCampaign) -> None:
    # Of three fields one is mended as suggested, one otherwise, and one was no matter.
    taken(opened, handed_in(requests__received__person=16, requests__received__total=16))
    taken(opened, handed_in(requests__received__total=7, disclosure__licensing__decisions=3), "改.xlsx", at=BEFORE + 1)
    history = history_of(opened, unit_of(opened, "市教育局").id, BEFORE + 2)
    last, first = history.rounds
    assert (first.arrival.number, first.closed, first.changed, first.new) == (1, (), (), ())
    cells = {one.field: one for one in last.changed}
    person, total = cells["requests.received.person"], cells["requests.received.total"]
    assert (person.cell, person.old, person.new, person.advised, person.is_as_advised) == (
        "依申请公开!D5",
        "16",
        "6",
        "6",
        True,
    )
    assert (total.new, total.is_as_advised) == ("7", False)
    assert total.advised
    other = cells["disclosure.licensing.decisions"]
    assert (other.old, other.new, other.advised, other.is_as_advised) == ("0", "3", "", False)
    assert "行政许可" in other.says
    assert len(last.closed) >= 1
    assert {last.file.lines[number].code for number in last.new} >= {"B103"}
    assert last.says == "不通过"


def test_what_was_said_of_a_round_stands_beside_it(opened: OpenCampaign) -> None:
    unit = unit_of(opened, "市教育局")
    found = taken(opened, handed_in())
    (warning,) = history_of(opened, unit.id, BEFORE).rounds[0].warnings
    assert (warning.code, warning.reply, warning.answer) == ("Y105", None, None)
    reply = explain(opened, found.arrival.id, warning.code, warning.cells, "确实\n相同", "u0", BEFORE + 1)
    assert history_of(opened, unit.id, BEFORE + 1).rounds[0].says == "通过"
    answer_reply(opened, reply.id, "王科", BEFORE + 2, accepted=False, note="依据？")
    assert history_of(opened, unit.id, BEFORE + 2).rounds[0].says == "待核实"
    return_to(opened, found.arrival.id, "王科", BEFORE + 3, "请附依据")
    note_call(opened, unit.id, "王科", BEFORE + 4, "周五前")
    history = history_of(opened, unit.id, BEFORE + 5)
    (only,) = history.rounds
    (told,) = only.warnings
    assert told.reply is not None
    assert told.answer is not None
    assert (told.reply.text, told.answer.accepted, only.says) == ("确实\n相同", False, "退改")
    assert [one.note for one in history.reminders] == ["周五前"]
    assert history.standing is not None
    assert history.standing.state == "returned"
    text = history_text(history)
    for said in (
        "说明 Y105：确实 相同（不采纳）",
        "退改　2026-01-19",
        "请附依据",
        "催报（电话）",
        only.arrival.receipt,
    ):
        assert said in text


def test_the_one_before_is_the_last_that_could_be_read(opened: OpenCampaign) -> None:
    mine = unit_of(opened, "市教育局").id
    taken(opened, handed_in(**WRONG))
    taken(opened, b"PK\3\4 damaged", at=BEFORE + 1, unit_id=mine)
    taken(opened, handed_in(), at=BEFORE + 2)
    history = history_of(opened, mine, BEFORE + 3)
    assert [one.says for one in history.rounds] == ["待核实", "无法读取", "不通过"]
    assert all(one.is_as_advised for one in history.rounds[0].changed)
    assert len(history.rounds[0].changed) == 2


def test_a_unit_of_another_campaign_is_none_of_this(opened: OpenCampaign) -> None:
    with pytest.raises(ActRefused, match="没有这个单位"):
        history_of(opened, 99, BEFORE)


def test_nothing_is_said_of_a_round_that_it_was_not_compared_with(opened: OpenCampaign) -> None:
    late: dict[str, Any] = {"requests__received__person": 9, "requests__received__total": 9}
    taken(opened, handed_in(**WRONG))
    taken(opened, handed_in(filler="丙"), at=BEFORE + 100)
    third, second, first = rounds_with(opened, handed_in("教育局", 2025, "", filler="乙", **late), BEFORE + 50)
    assert [(one.old, one.new, one.is_as_advised) for one in second.changed] == [("7", "9", False)] * 2
    assert (third.changed, third.closed, third.new, third.remaining, first.changed) == ((), (), (), (), ())


def rounds_with(opened: OpenCampaign, late: bytes, at: int) -> tuple[CampaignRound, ...]:
    """The rounds of the unit once a letter that came earlier is taken in, too."""
    unit = unit_of(opened, "市教育局").id
    taken(opened, late, at=at, unit_id=unit)
    return history_of(opened, unit, BEFORE + 300).rounds
