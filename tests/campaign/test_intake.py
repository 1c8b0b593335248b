"""What comes in is entered whole or not at all, once, and as that unit's whose it certainly is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.making.campaigns import (
    AFTER,
    BEFORE,
    UNITS,
    WRONG,
    address_of,
    handed_in,
    made_campaign,
    states,
    taken,
    unit_of,
)
from tests.making.filling import submission_of
from tests.servers.postgres import DatabaseServer
from xlcheck.campaign import intake
from xlcheck.campaign.acts import accept, answer_reply, change_units, explain, return_to
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import OfNoConcern, TakenIn, assign_to, look_at
from xlcheck.campaign.ledger.arrivals import arrivals_of, how_many_unowned, unowned_arrivals
from xlcheck.campaign.ledger.contents import content_of, has_content
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decision_of, decisions_of
from xlcheck.campaign.ledger.facts import unit_standing
from xlcheck.campaign.ledger.replies import answers_of, replies_of, standing_replies
from xlcheck.campaign.ledger.transfer import content_digests
from xlcheck.campaign.ledger.unowned import unowned_of
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.campaign.looking import FileAnswer
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.refused import LATELY, MOST_BYTES, MOST_FILES, keep_refused
from xlcheck.campaign.templates import unit_template
from xlcheck.model.errors import Refused
from xlcheck.model.submission import BLANK
from xlcheck.results.checked import unreadable
from xlcheck.results.entries import file_json
from xlcheck.results.record import of_entry
from xlcheck.results.writing import entry

OPEN_CASE: dict[str, Any] = {
    "requests__carried_out__person": 1,
    "requests__carried_out__total": 1,
    "requests__received__person": 7,
    "requests__received__total": 7,
}
"""One application more, that goes on next year."""


@pytest.fixture
def with_former(tmp_path: Path) -> Iterator[OpenCampaign]:
    """A campaign beside last year's, for which the unit handed in the same numbers but one."""
    with open_campaign(made_campaign(tmp_path / "2024", 2024)) as former:
        taken(former, handed_in("市教育局", 2024, disclosure__licensing__decisions=5))
    with open_campaign(made_campaign(tmp_path / "2025")) as campaign:
        yield campaign


def codes(found: TakenIn) -> list[str]:
    return [line.code for line in of_entry(found.check.entry).lines]


def test_all_of_it_is_kept(opened: OpenCampaign) -> None:
    data = handed_in(**WRONG)
    found = taken(opened, data, "C:\\来信\\报表.xlsx", sender="u0@example.org")
    assert found.is_new
    assert found.unit == unit_of(opened, "市教育局")
    assert (found.arrival.name, found.arrival.number, found.arrival.sender) == ("报表.xlsx", 1, "u0@example.org")
    assert (found.check.status, found.check.suffix) == ("failed", ".xlsx")
    with reading(opened.engine) as connection:
        assert content_of(connection, found.arrival.digest) == data
        assert content_of(connection, found.check.copy).startswith(b"PK")
        assert json.loads(content_of(connection, found.check.drawn))["form"] == "disclosure-2021"
    assert json.loads(found.check.entry)["annotated"] == "报表.审核.xlsx"
    assert states(opened)["市教育局"] == ("returned", 1)


def test_looking_keeps_nothing(opened: OpenCampaign) -> None:
    looked = look_at(
        opened, Incoming("a.xlsx", handed_in(**WRONG), "upload", unit_id=unit_of(opened, "市教育局").id), BEFORE
    )
    assert looked.record.status == "failed"
    assert looked.drawn is not None
    assert looked.answer.copy.startswith(b"PK")
    with reading(opened.engine) as connection:
        assert content_digests(connection) == []
    assert states(opened)["市教育局"] == ("missing", 0)


def test_the_copy_says_where_it_goes_back_to(opened: OpenCampaign) -> None:
    looked = look_at(opened, Incoming("a.xlsx", handed_in(**WRONG), "letter"), BEFORE)
    from tests.making.copies import opened as book

    texts = {str(cell.value) for row in book(looked.answer.copy)["审核结果"].iter_rows() for cell in row}
    assert any("2026年1月20日前" in text and "gk@example.org" in text for text in texts)


# --- once ------------------------------------------------------------------------------------------------------------


def test_the_same_again_is_no_new_one_and_what_comes_back_is(opened: OpenCampaign) -> None:
    first, other = handed_in(**WRONG), handed_in()
    assert taken(opened, first).is_new
    again = taken(opened, first, "另存.xlsx", at=BEFORE + 1)
    assert not again.is_new
    assert again.arrival.number == 1
    assert taken(opened, other, at=BEFORE + 2).arrival.number == 2
    assert taken(opened, first, at=BEFORE + 3).arrival.number == 3  # the unit went back to it
    assert states(opened)["市教育局"] == ("returned", 3)


def test_one_origin_is_taken_in_once(opened: OpenCampaign) -> None:
    for number in range(2):
        for name in ("甲", "乙"):
            found = taken(opened, handed_in(**({} if name == "甲" else WRONG)), origin=f"letter {name}")
            assert found.is_new == (number == 0)
    assert states(opened)["市教育局"] == ("returned", 2)


def test_what_fails_in_the_middle_leaves_nothing(opened: OpenCampaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the end")

    data = handed_in(**WRONG)
    with monkeypatch.context() as patch:
        patch.setattr("xlcheck.campaign.intake.enter_check", fails)
        with pytest.raises(RuntimeError):
            taken(opened, data)
    with reading(opened.engine) as connection:
        assert content_digests(connection) == []
    assert taken(opened, data).is_new


def test_what_comes_at_once_is_all_entered_each_beside_the_one_before(
    tmp_path: Path, postgres: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_campaign(tmp_path / "2025", ledger=address_of(postgres.make("at_once"), monkeypatch))
    numbers = range(4)
    with open_campaign(folder) as opened:
        unit = unit_of(opened, "市教育局").id
        files = [handed_in(disclosure__licensing__decisions=number) for number in numbers]

        def hand_in(number: int) -> TakenIn:
            return taken(opened, files[number], way="upload", unit_id=unit)

        with ThreadPoolExecutor(len(numbers)) as units:
            found = list(units.map(hand_in, numbers))
        assert all(one.is_new for one in found)
        with reading(opened.engine) as connection:
            arrivals = arrivals_of(connection, unit)
        assert sorted(one.id for one in arrivals) == sorted(one.arrival.id for one in found)
        compared = [
            json.loads(one.check.entry).get("previous") for one in sorted(found, key=lambda one: one.arrival.id)
        ]
        assert [one is None for one in compared] == [True, False, False, False]


# --- whose -----------------------------------------------------------------------------------------------------------


def test_a_file_of_another_unit_is_not_taken_for_the_links(opened: OpenCampaign) -> None:
    mine = unit_of(opened, "市水利局").id
    for data, said in (
        (handed_in("市教育局"), "“市教育局”，不是“市水利局”"),
        (handed_in("县教育局", 2025, "11510400008000009X"), "“县教育局”，不是“市水利局”"),
        (handed_in("市水利局", 2025, "11510400008000000P"), "代码是“市教育局”的，名称却是“市水利局”的"),
        (handed_in("市水利局河道管理站", 2025, ""), "“市水利局河道管理站”，不是“市水利局”"),
        (handed_in("市水利局河道管理站", 2025, "11510400008000001T"), "“市水利局河道管理站”，不是“市水利局”"),
    ):
        incoming = Incoming("a.xlsx", data, "upload", unit_id=mine)
        assert said in look_at(opened, incoming, BEFORE).refusal
        with pytest.raises(ActRefused, match=said):
            taken(opened, data, way="upload", unit_id=mine)
    assert refusals(opened) == [("报表.xlsx", mine, "upload")] * 5
    with reading(opened.engine) as connection:
        assert arrivals_of(connection, mine) == ()
        assert how_many_unowned(connection, opened.campaign.id) == 0
    assert states(opened)["市水利局"] == ("missing", 0)


def refusals(opened: OpenCampaign) -> list[tuple[str, int | None, str]]:
    """What was not taken in: the names, by whose link each came, and how."""
    with reading(opened.engine) as connection:
        found = unowned_arrivals(connection, opened.campaign.id, "refused")
        why = unowned_of(connection, [one.id for one in found])
        assert all(has_content(connection, one.digest) and why[one.id].reason for one in found)
    return [(one.name, why[one.id].unit, one.way) for one in found]


def test_what_is_not_taken_in_is_kept_once_and_never_without_end(opened: OpenCampaign) -> None:
    mine, other = (unit_of(opened, name).id for name in ("市水利局", "市民政局"))

    def handed(data: bytes, whose: int, at: int = BEFORE) -> bool:
        return keep_refused(opened, Incoming("a.xlsx", data, "upload", unit_id=whose), "拿错了", "链接", at) is not None

    assert handed(b"A", mine)
    assert not handed(b"A", mine)
    assert handed(b"A", other)
    assert [handed(b"%d" % number, mine) for number in range(MOST_FILES)] == [*[True] * (MOST_FILES - 1), False]
    assert handed(b"more", other)
    assert not handed(bytes(MOST_BYTES), other)
    assert handed(b"the next day", mine, BEFORE + LATELY + 1)
    assert len(refusals(opened)) == MOST_FILES + 3


def test_what_a_link_brought_of_another_unit_can_be_given_to_it(opened: OpenCampaign) -> None:
    with pytest.raises(ActRefused):
        taken(opened, handed_in("市教育局"), way="upload", unit_id=unit_of(opened, "市水利局").id)
    found = assign_to(opened, 1, unit_of(opened, "市教育局").id, "王科", BEFORE + 1)
    assert (found.arrival.number, found.check.status) == (1, "passed")
    assert refusals(opened) == []


def test_what_the_office_has_itself_and_is_refused_is_not_kept(opened: OpenCampaign) -> None:
    with pytest.raises(ActRefused):
        taken(opened, handed_in("市教育局"), way="hand", unit_id=unit_of(opened, "市水利局").id)
    with reading(opened.engine) as connection:
        assert content_digests(connection) == []


def test_who_may_be_meant_is_taken_for_the_links(opened: OpenCampaign) -> None:
    mine = unit_of(opened, "市水利局").id
    for number, (name, code) in enumerate(
        [("市水利局", ""), ("某某市水利局", ""), ("", ""), ("市水务局", "11510400008000001T")]
    ):
        changes: dict[str, Any] = {"disclosure__licensing__decisions": number}
        found = taken(opened, handed_in(name, 2025, code, **changes), way="upload", unit_id=mine)
        assert (found.arrival.unit, found.arrival.number) == (mine, number + 1)


def test_what_cannot_be_read_is_that_units_whose_it_is_said_to_be(opened: OpenCampaign) -> None:
    found = taken(opened, b"PK\3\4 no zip", way="upload", unit_id=unit_of(opened, "市水利局").id)
    assert (found.check.status, codes(found), found.check.drawn) == ("unreadable", ["F101"], "")
    assert states(opened)["市水利局"] == ("unreadable", 1)


def test_what_cannot_be_read_goes_by_its_name_where_the_unit_handed_in_nothing(opened: OpenCampaign) -> None:
    assert taken(opened, b"PK\3\4 no zip", "市水利局年报.xlsx").unit == unit_of(opened, "市水利局")
    assert taken(opened, b"PK\3\4 no", "年报.xlsx").unit is None
    taken(opened, handed_in())
    found = taken(opened, b"PK\3\4 damaged", "市教育局.xlsx", at=BEFORE + 1)
    assert found.unit is None
    assert "按文件名疑为“市教育局”的" in found.said[0]
    assert states(opened)["市教育局"] == ("passed", 1)
    with reading(opened.engine) as connection:
        assert len(unowned_arrivals(connection, opened.campaign.id)) == 2


def test_of_a_unit_that_is_not_listed_nobody_knows_whose_it_is(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in("市档案局"))
    assert (found.unit, found.arrival.unit, found.said) == (None, None, ("单位名单里没有这个单位",))
    unit = unit_of(opened, "市民政局")
    assigned = assign_to(opened, found.arrival.id, unit.id, "王科", BEFORE + 1)
    assert (assigned.arrival.unit, assigned.arrival.number) == (unit.id, 1)
    with pytest.raises(ActRefused):
        assign_to(opened, found.arrival.id, unit.id, "王科", BEFORE + 2)
    with pytest.raises(ActRefused, match="没有第 99 号"):
        assign_to(opened, 99, unit.id, "王科", BEFORE + 2)


def test_it_may_be_said_later_whose_it_is(opened: OpenCampaign) -> None:
    unit = unit_of(opened, "市民政局")
    assert taken(opened, handed_in("市档案局"), origin="file 1").unit is None
    found = taken(opened, handed_in("市民政局档案室"), origin="file 1", way="hand", unit_id=unit.id)
    assert (found.unit, found.arrival.number) == (unit, 1)
    with reading(opened.engine) as connection:
        assert unowned_arrivals(connection, opened.campaign.id) == ()


def test_what_is_certainly_anothers_is_not_assigned(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in("市教育局"))
    with pytest.raises(ActRefused, match="封面写的是“市教育局”，不能归到“市民政局”"):
        assign_to(opened, found.arrival.id, unit_of(opened, "市民政局").id, "王科", BEFORE + 1)
    assert states(opened)["市教育局"] == ("passed", 1)


def test_one_whom_the_list_names_no_more_hands_in_nothing(opened: OpenCampaign) -> None:
    unit = unit_of(opened, "市民政局")
    change_units(opened, [one for one in UNITS if one.name != "市民政局"], "王科", BEFORE)
    found = taken(opened, handed_in("市民政局"))
    assert (found.unit, found.said) == (None, ("“市民政局”已经不在单位名单里；还要报送的，请把它加回名单",))
    with pytest.raises(ActRefused, match="已经不在单位名单里"):
        taken(opened, handed_in("市民政局"), way="upload", unit_id=unit.id)


def test_a_unit_of_another_campaign_is_none_of_this(opened: OpenCampaign) -> None:
    with pytest.raises(ActRefused, match="没有这个单位"):
        taken(opened, handed_in(), way="upload", unit_id=99)


def test_a_document_of_a_folder_that_is_no_report_is_of_no_concern(opened: OpenCampaign) -> None:
    page = "<html><body>关于召开会议的通知</body></html>".encode()
    with pytest.raises(OfNoConcern):
        taken(opened, page, "会议通知.html", way="folder", is_found=True)
    with pytest.raises(ActRefused, match="--unit"):
        taken(opened, page, "会议通知.html", way="hand")
    assert taken(opened, page, "会议通知.html", way="letter").check.status == "unreadable"
    mine = unit_of(opened, "市教育局").id
    assert taken(opened, page, "会议通知.html", way="hand", unit_id=mine).check.status == "unreadable"


# --- the year --------------------------------------------------------------------------------------------------------


def test_a_file_of_another_year_counts_only_where_somebody_says_whose_it_is(opened: OpenCampaign) -> None:
    data = handed_in("市教育局", 2024)
    with pytest.raises(ActRefused, match="报告年度是 2024，不是本次的 2025"):
        taken(opened, data, way="folder")
    assert states(opened)["市教育局"] == ("missing", 0)
    found = taken(opened, data, way="hand", unit_id=unit_of(opened, "市教育局").id)
    assert "S107" in codes(found)
    assert states(opened)["市教育局"] == ("returned", 1)


def test_a_letter_of_another_year_does_not_replace_what_is_right(opened: OpenCampaign) -> None:
    taken(opened, handed_in())
    found = taken(opened, handed_in("市教育局", 2024), at=BEFORE + 1)
    assert found.unit is None
    assert states(opened)["市教育局"] == ("passed", 1)


def test_a_letter_of_another_year_is_the_next_round_of_what_was_of_another_year(opened: OpenCampaign) -> None:
    for number in (1, 2):
        found = taken(opened, handed_in("市教育局", 2024, filler=f"{number}"), at=BEFORE + number)
        assert (found.arrival.number, codes(found)) == (number, ["S107"])


def test_last_years_campaign_is_compared_with_by_itself(with_former: OpenCampaign) -> None:
    found = taken(with_former, handed_in("市教育局", 2025, disclosure__licensing__decisions=5))
    assert (codes(found), found.check.last_year) == (["Y105"], "2024 年/报表.xlsx")
    other = taken(with_former, handed_in("市水利局"))
    assert (codes(other), other.check.last_year) == ([], "")
    assert any("没有与上年比对" in said for said in other.said)


def test_nobody_is_held_to_what_was_returned_last_year(tmp_path: Path) -> None:
    with open_campaign(made_campaign(tmp_path / "2024", 2024)) as former:
        taken(former, handed_in("市教育局", 2024, disclosure__licensing__decisions=5))
        newest = taken(former, handed_in("市教育局", 2024, **OPEN_CASE), at=BEFORE + 1)
        unbalanced = {**OPEN_CASE, "requests__received__person": 6, "requests__received__total": 6}
        taken(former, handed_in("市水利局", 2024, **unbalanced))
        for returned in (False, True):
            if returned:
                return_to(former, newest.arrival.id, "王科", BEFORE, "数字不对")
            with open_campaign(made_campaign(tmp_path / f"2025{returned}")) as now:
                opened = now._replace(former=former)
                prefilled, other = (
                    submission_of(unit_template(opened, unit_of(opened, name)).data).held["requests.carried_in.person"]
                    for name in ("市教育局", "市水利局")
                )
                found = taken(opened, handed_in("市教育局"))
            assert (prefilled, other) == ((BLANK, BLANK) if returned else (1.0, BLANK))
            assert ("Y101" in codes(found)) is not returned
            assert any("没有与上年比对" in said for said in found.said) is returned


def test_the_deadline_is_told_and_stops_nothing(opened: OpenCampaign) -> None:
    assert states(opened, AFTER)["市教育局"] == ("overdue", 0)
    found = taken(opened, handed_in(), at=AFTER)
    assert (found.is_new, found.said) == (True, ("首次报送晚于截止日期 2026-01-20",))
    assert taken(opened, handed_in(filler="别人"), at=AFTER + 1).said == ()
    assert states(opened, AFTER)["市教育局"] == ("passed", 2)


# --- the round before ------------------------------------------------------------------------------------------------


def test_it_is_compared_with_the_round_before(opened: OpenCampaign) -> None:
    taken(opened, handed_in(**WRONG))
    found = taken(
        opened,
        handed_in(requests__received__person=7, requests__received__total=7, requests__handled__total=7),
        at=BEFORE + 1,
    )
    previous = json.loads(found.check.entry)["previous"]
    assert previous["path"] == "第 1 次报送/报表.xlsx"
    assert [one["field"] for one in previous["changed"]] == ["requests.handled.total"]


SAME: dict[str, Any] = {"disclosure__licensing__decisions": 5}
"""The numbers of last year, which is a warning."""


@pytest.mark.parametrize("accepted", [None, True, False])
def test_what_was_explained_holds_for_the_next_round_unless_the_office_turned_it_down(
    with_former: OpenCampaign, accepted: bool | None
) -> None:
    opened = with_former
    found = taken(opened, handed_in(**SAME))
    (warning,) = of_entry(found.check.entry).lines
    reply = explain(opened, found.arrival.id, "Y105", warning.cells, "确实相同", "u0", BEFORE + 1)
    if accepted is not None:
        answer_reply(opened, reply.id, "王科", BEFORE + 2, accepted=accepted, note="请看")
    last = taken(opened, handed_in(filler="别人", **SAME), at=BEFORE + 3)
    with reading(opened.engine) as connection:
        said = [(one.text, one.by) for one in replies_of(connection, last.arrival.id)]
        answers = [(one.accepted, one.note) for one in answers_of(connection, last.arrival.id)]
    assert said == ([] if accepted is False else [("确实相同", "u0")])
    assert answers == ([(True, "请看")] if accepted else [])
    assert states(opened)["市教育局"] == ("review" if accepted is False else "passed", 2)


def test_what_was_explained_does_not_hold_for_other_numbers(with_former: OpenCampaign) -> None:
    opened = with_former
    found = taken(opened, handed_in(disclosure__fees__amount=1900))
    (warning,) = of_entry(found.check.entry).lines
    explain(opened, found.arrival.id, warning.code, warning.cells, "没有错", "u0", BEFORE + 1)
    last = taken(opened, handed_in(disclosure__fees__amount=2900), at=BEFORE + 3)
    assert [(line.code, line.cells) for line in of_entry(last.check.entry).lines] == [(warning.code, warning.cells)]
    with reading(opened.engine) as connection:
        assert replies_of(connection, last.arrival.id) == ()


def test_what_the_workbook_says_holds_for_the_numbers_that_it_was_written_for(with_former: OpenCampaign) -> None:
    opened, notes = with_former, (("Y104", "窗口合并"),)
    rounds = [(900, "passed"), (800, "review"), (800, "review"), (900, "passed")]
    for number, (decisions, state) in enumerate(rounds):
        data = handed_in(filler=f"{number}", notes=notes, disclosure__licensing__decisions=decisions)
        found = taken(opened, data, at=BEFORE + number)
        assert codes(found) == ["Y104"]
        assert states(opened)["市教育局"] == (state, number + 1)
    anew = handed_in(notes=(("Y104", "窗口合并，本年 800"),), disclosure__licensing__decisions=800)
    taken(opened, anew, at=BEFORE + 9)
    assert states(opened)["市教育局"] == ("passed", 5)


def test_what_the_office_turned_down_stays_turned_down_in_the_same_words(with_former: OpenCampaign) -> None:
    opened, unit = with_former, unit_of(with_former, "市教育局").id
    first, again, other = (
        handed_in(filler=filler, notes=(("Y104", text),), disclosure__licensing__decisions=900)
        for filler, text in (("甲", "没有错"), ("乙", "没有错"), ("乙", "三个窗口合并"))
    )
    found = taken(opened, first)
    with reading(opened.engine) as connection:
        (reply,) = replies_of(connection, found.arrival.id)
    answer_reply(opened, reply.id, "王科", BEFORE + 1, accepted=False, note="请写明原因")
    taken(opened, again, at=BEFORE + 2)
    with reading(opened.engine) as connection:
        standing = unit_standing(connection, opened.campaign.id, unit, BEFORE + 2)
    assert standing is not None
    assert (standing.state, standing.unexplained, standing.unanswered) == ("review", 1, 0)
    taken(opened, other, at=BEFORE + 3)
    assert states(opened)["市教育局"] == ("passed", 3)


def test_what_was_explained_outlives_a_round_that_cannot_be_read(with_former: OpenCampaign) -> None:
    opened, unit = with_former, unit_of(with_former, "市教育局").id
    found = taken(opened, handed_in(**SAME))
    (warning,) = of_entry(found.check.entry).lines
    explain(opened, found.arrival.id, "Y105", warning.cells, "确实相同", "u0", BEFORE + 1)
    taken(opened, b"PK\x03\x04", at=BEFORE + 2, way="upload", unit_id=unit)
    assert states(opened)["市教育局"] == ("unreadable", 2)
    taken(opened, handed_in(filler="别人", **SAME), at=BEFORE + 3)
    assert states(opened)["市教育局"] == ("passed", 3)


@pytest.mark.parametrize(("text", "accepted"), [("确实相同", [True]), ("改由两个科室办理", [])])
def test_what_the_office_accepted_of_a_workbook_holds_for_the_same_words(
    with_former: OpenCampaign, text: str, accepted: list[bool]
) -> None:
    opened = with_former

    def table(filler: str, text: str) -> bytes:
        return handed_in(filler=filler, notes=[("Y105", text)], **SAME)

    found = taken(opened, table("甲", "确实相同"))
    assert states(opened)["市教育局"] == ("passed", 1)
    with reading(opened.engine) as connection:
        (reply,) = replies_of(connection, found.arrival.id)
    answer_reply(opened, reply.id, "王科", BEFORE + 2, accepted=True)
    last = taken(opened, table("乙", text), at=BEFORE + 3)
    with reading(opened.engine) as connection:
        assert len(replies_of(connection, last.arrival.id)) == 1
        assert [one.accepted for one in answers_of(connection, last.arrival.id)] == accepted


def test_a_round_is_compared_with_those_before_it_only(opened: OpenCampaign) -> None:
    """Whenever it is entered: a letter that was fetched late, and what was assigned late."""
    unit = unit_of(opened, "市民政局").id
    taken(opened, handed_in("市民政局"), at=BEFORE)
    letter = taken(opened, handed_in("市民政局", **WRONG), at=BEFORE - 100)
    stray = taken(opened, handed_in("市民政局档案室", disclosure__licensing__decisions=9), at=BEFORE - 50)
    assigned = assign_to(opened, stray.arrival.id, unit, "王科", BEFORE + 9)
    assert [one.arrival.number for one in (letter, assigned)] == [1, 2]
    assert json.loads(letter.check.entry).get("previous") is None
    assert json.loads(assigned.check.entry)["previous"]["path"] == "第 1 次报送/报表.xlsx"
    assert states(opened)["市民政局"] == ("passed", 3)


def test_what_goes_to_another_unit_begins_anew(with_former: OpenCampaign) -> None:
    opened = with_former
    first, second = (unit_of(opened, name).id for name in ("市民政局", "市教育局"))
    found = taken(opened, handed_in("市教育局", 2025, "", notes=[("Y105", "确实相同")], **SAME), way="hand")
    # Of a list without the unit that its cover names, it may be anybody's.
    change_units(opened, [one for one in UNITS if one.name != "市教育局"], "王科", BEFORE)
    assert found.unit is not None
    moved = assign_to(opened, found.arrival.id, first, "王科", BEFORE + 1)
    accept(opened, moved.arrival.id, "王科", BEFORE + 2)
    assert states(opened)["市民政局"] == ("passed", 1)
    change_units(opened, UNITS, "王科", BEFORE + 3)
    back = assign_to(opened, found.arrival.id, second, "王科", BEFORE + 4)
    (warning,) = of_entry(back.check.entry).lines
    assert states(opened) == {"市教育局": ("passed", 1), "市水利局": ("missing", 0), "市民政局": ("missing", 0)}
    with reading(opened.engine) as connection:
        assert [one.kind for one in decisions_of(connection, found.arrival.id)] == ["accepted", "withdrawn"]
        assert decision_of(connection, found.arrival.id) is None
        reply = list(standing_replies(replies_of(connection, found.arrival.id)).values())[-1]
    assert (reply.code, reply.cells) == (warning.code, warning.cells)
    answer_reply(opened, reply.id, "王科", BEFORE + 5, accepted=False, note="请看")
    assert states(opened)["市教育局"] == ("review", 1)


def test_what_nothing_got_through_with_is_looked_at_again(
    opened: OpenCampaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = unit_of(opened, "市教育局").id
    lost = Refused("F105", "核对时进程异常中断")
    answer = FileAnswer(entry(file_json(unreadable("报表.xlsx", lost))), is_lost=True)
    with monkeypatch.context() as busy:
        busy.setattr(intake, "look", lambda *_: answer)
        first = taken(opened, handed_in(), unit_id=unit)
        assert taken(opened, handed_in(), unit_id=unit).check == first.check
    assert states(opened)["市教育局"] == ("unreadable", 1)
    again = taken(opened, handed_in(), at=BEFORE + 1, unit_id=unit)
    assert (again.is_new, again.arrival) == (False, first.arrival)
    assert states(opened)["市教育局"] == ("passed", 1)


def test_older_letters_go_behind_what_is_newer(opened: OpenCampaign) -> None:
    newest = taken(opened, handed_in(), at=BEFORE)
    older = taken(opened, handed_in(**WRONG), at=BEFORE - 100)
    assert (older.arrival.number, older.is_new) == (1, True)
    with reading(opened.engine) as connection:
        assert [one.id for one in arrivals_of(connection, unit_of(opened, "市教育局").id)] == [
            older.arrival.id,
            newest.arrival.id,
        ]
        assert has_content(connection, older.arrival.digest)
    assert states(opened)["市教育局"] == ("passed", 2)
