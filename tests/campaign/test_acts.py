"""What an office does is a row more, or a sentence why not."""

from __future__ import annotations

import datetime

import pytest

from tests.making.campaigns import BEFORE, CODES, UNITS, WRONG, handed_in, states, taken, unit_of
from xlcheck.campaign.acts import (
    accept,
    answer_reply,
    change_terms,
    change_units,
    explain,
    left_with_rounds,
    newest_of,
    note_call,
    return_to,
    unit_named,
)
from xlcheck.campaign.ledger.campaigns import all_terms, enter_campaign
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.campaign.opening import OpenCampaign, campaign_in
from xlcheck.roster.units import Unit


def test_errors_never_pass(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in(**WRONG))
    with pytest.raises(ActRefused, match="还有 2 处错误"):
        accept(opened, found.arrival.id, "王科", BEFORE)
    assert states(opened)["市教育局"] == ("returned", 1)


def test_what_was_returned_is_accepted_and_the_other_way_round(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in())
    return_to(opened, found.arrival.id, "王科", BEFORE, "请核对")
    assert states(opened)["市教育局"] == ("returned", 1)
    accept(opened, found.arrival.id, "王科", BEFORE)
    assert states(opened)["市教育局"] == ("passed", 1)
    newer = taken(opened, handed_in(filler="别人"), at=BEFORE + 1)
    with pytest.raises(ActRefused, match="第 2 次"):
        accept(opened, found.arrival.id, "王科", BEFORE)
    with pytest.raises(ActRefused, match="第 2 次"):
        return_to(opened, found.arrival.id, "王科", BEFORE, "请")
    assert newest_of(opened, unit_of(opened, "市教育局")) == newer.arrival.id


@pytest.mark.parametrize("note", ["", " \n", "\u200b"])
def test_nothing_is_returned_without_a_word(opened: OpenCampaign, note: str) -> None:
    found = taken(opened, handed_in())
    with pytest.raises(ActRefused, match="退改要写明改什么"):
        return_to(opened, found.arrival.id, "王科", BEFORE, note)
    assert states(opened)["市教育局"] == ("passed", 1)


def test_a_warning_that_is_not_there_is_not_explained(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in())
    with pytest.raises(ActRefused, match="没有 Y105"):
        explain(opened, found.arrival.id, "Y105", (), "相同", "u0", BEFORE)


def test_what_is_announced_is_changed_one_by_one(opened: OpenCampaign) -> None:
    change_terms(opened, "李科", BEFORE, deadline=datetime.date(2026, 2, 1))
    change_terms(opened, "李科", BEFORE, phone="010-9")
    now = opened.terms
    assert (now.office, now.phone, now.deadline, now.by) == ("市政务公开办", "010-9", datetime.date(2026, 2, 1), "李科")
    with reading(opened.engine) as connection:
        assert len(all_terms(connection, opened.campaign.id)) == 3


def test_another_list_keeps_who_is_who(opened: OpenCampaign) -> None:
    taken(opened, handed_in())
    renamed = Unit("市教育和体育局", CODES["市教育局"])
    listed = change_units(opened, [renamed, UNITS[1]], "李科", BEFORE)
    assert ([one.unit.name for one in listed.changed], [one.unit.name for one in listed.withdrawn]) == (
        ["市教育和体育局"],
        ["市民政局"],
    )
    assert states(opened) == {"市教育和体育局": ("passed", 1), "市水利局": ("missing", 0)}
    change_units(opened, [Unit("市档案局")], "李科", BEFORE, is_whole=False)
    assert list(states(opened)) == ["市教育和体育局", "市水利局", "市档案局"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("市教育局", "市教育局"),
        ("教育", "市教育局"),
        (" 市 教育局", "市教育局"),
        (CODES["市水利局"].lower(), "市水利局"),
    ],
)
def test_a_unit_is_named_as_people_do(opened: OpenCampaign, text: str, name: str) -> None:
    assert unit_named(opened, text).unit.name == name


@pytest.mark.parametrize(("text", "said"), [("局", "可以指 3 个单位"), ("县教育局", "没有“县教育局”"), ("", "没有“”")])
def test_a_unit_is_not_guessed(opened: OpenCampaign, text: str, said: str) -> None:
    with pytest.raises(ActRefused, match=said):
        unit_named(opened, text)


def test_the_whole_name_is_meant_before_a_part(opened: OpenCampaign) -> None:
    change_units(opened, [Unit("市教育局考试中心")], "李科", BEFORE, is_whole=False)
    assert unit_named(opened, "市教育局").unit.name == "市教育局"


def test_what_is_another_campaigns_is_none_of_this(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in())
    with writing(opened.engine) as connection:
        other = enter_campaign(connection, "disclosure-2021", 2023, "别的", BEFORE)
    with campaign_in(opened.engine, other.id, opened.folder, opened.settings) as elsewhere:
        with pytest.raises(ActRefused, match="没有第 1 号"):
            accept(elsewhere, found.arrival.id, "王科", BEFORE)
        with pytest.raises(ActRefused, match="没有第 1 号"):
            return_to(elsewhere, found.arrival.id, "王科", BEFORE, "请")
        with pytest.raises(ActRefused, match="没有第 1 号"):
            explain(elsewhere, found.arrival.id, "Y105", (), "请", "u0", BEFORE)
        with pytest.raises(ActRefused, match="没有这条说明"):
            answer_reply(elsewhere, 1, "王科", BEFORE, accepted=True)
        with pytest.raises(ActRefused, match="没有这个单位"):
            note_call(elsewhere, unit_of(opened, "市教育局").id, "王科", BEFORE)


def test_a_unit_that_handed_in_nothing_has_no_newest(opened: OpenCampaign) -> None:
    with pytest.raises(ActRefused, match="还没有报送"):
        newest_of(opened, unit_of(opened, "市水利局"))


def test_who_leaves_the_list_with_what_it_handed_in_is_told_with_the_way_back(opened: OpenCampaign) -> None:
    """A unit without a code that gets another name cannot be known; told twice with its code it is the same again."""
    arrival = taken(opened, handed_in("市民政局")).arrival
    renamed = (*UNITS[:2], Unit("市民政和社会工作局"))
    listed = change_units(opened, renamed, "王科", BEFORE)
    assert "“市民政局”已经报送过" in left_with_rounds(opened, listed)
    code = "11510400008000007R"
    change_units(opened, (*UNITS[:2], Unit("市民政局", code)), "王科", BEFORE)
    listed = change_units(opened, (*UNITS[:2], Unit("市民政和社会工作局", code)), "王科", BEFORE)
    assert left_with_rounds(opened, listed) == ""
    assert states(opened)["市民政和社会工作局"] == ("passed", 1)
    assert unit_of(opened, "市民政和社会工作局").id == arrival.unit


def test_no_list_makes_what_one_unit_handed_in_another_units(opened: OpenCampaign) -> None:
    one, other, third = UNITS
    exchanged = [one._replace(code=other.code), other._replace(code=one.code), third]
    taken(opened, handed_in("市教育局", 2025, ""))
    before = states(opened)
    with pytest.raises(ActRefused, match="“市教育局”的代码，原来是“市水利局”的"):
        change_units(opened, exchanged, "王科", BEFORE)
    assert states(opened) == before
    for units in ([unit._replace(code="") for unit in exchanged], exchanged):
        change_units(opened, units, "王科", BEFORE)
        assert states(opened) == before
    assert unit_of(opened, "市教育局").unit.code == other.code
