"""A campaign added up: what each unit handed in last, where it passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.campaigns import BEFORE, WRONG, handed_in, made_campaign, states, taken, unit_of
from tests.making.filling import submission_of
from xlcheck.campaign import intake
from xlcheck.campaign.acts import accept, return_to
from xlcheck.campaign.intake import assign_to
from xlcheck.campaign.looking import FileQuestion, look
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.totals import total_campaign
from xlcheck.reading.open import Forms
from xlcheck.results.record import of_entry
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.total import Summed, TotalOptions


def left_out(summed: Summed) -> dict[str, str]:
    return {one.unit: one.reason for one in summed.selection.left_out}


def test_the_newest_of_each_unit_counts(opened: OpenCampaign, tmp_path: Path) -> None:
    taken(opened, handed_in(**WRONG))
    taken(opened, handed_in(), at=BEFORE + 1)
    taken(opened, handed_in("市水利局"))
    summed = total_campaign(opened, TotalOptions(tmp_path / "汇总.xlsx", "某某市"), BEFORE + 2)
    assert summed.is_right
    assert left_out(summed) == {"市民政局": "没有报送"}
    total = submission_of((tmp_path / "汇总.xlsx").read_bytes())
    assert (total.unit, total.year, total.held["requests.received.person"]) == ("某某市", 2025, 12)


def test_an_earlier_one_that_passed_does_not_stand_in(opened: OpenCampaign) -> None:
    taken(opened, handed_in())
    taken(opened, handed_in(**WRONG), at=BEFORE + 1)
    found = taken(opened, handed_in("市水利局"))
    return_to(opened, found.arrival.id, "王科", BEFORE, "请核对")
    options = TotalOptions(unit="某某市")
    summed = total_campaign(opened, options, BEFORE + 2)
    assert summed.selection.contributions == ()
    assert left_out(summed)["市教育局"].startswith("不通过，强制性 2 处")
    assert "已退改" in left_out(summed)["市水利局"]
    failed = total_campaign(opened, options._replace(include_failed=True), BEFORE + 2)
    assert {one.unit for one in failed.selection.contributions} == {"市教育局", "市水利局"}


def test_it_is_whose_the_ledger_says(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in("市民政局和老龄办"))
    assign_to(opened, found.arrival.id, unit_of(opened, "市民政局").id, "王科", BEFORE)
    taken(opened, b"PK\3\4 damaged", unit_id=unit_of(opened, "市水利局").id)
    summed = total_campaign(opened, TotalOptions(unit="某某市"), BEFORE + 2)
    assert [one.unit for one in summed.selection.contributions] == ["市民政局"]
    assert left_out(summed)["市教育局"] == "没有报送"
    assert "损坏" in left_out(summed)["市水利局"]


def test_what_waits_for_an_explanation_is_named_whatever_it_does_not_fit(tmp_path: Path) -> None:
    with open_campaign(made_campaign(tmp_path / "2024", 2024)) as former:
        taken(former, handed_in("市教育局", 2024))
        taken(former, handed_in("市水利局", 2024))
    with open_campaign(made_campaign(tmp_path / "2025")) as opened:
        found = taken(opened, handed_in(disclosure__licensing__decisions=900))
        accepted = taken(opened, handed_in("市水利局", disclosure__licensing__decisions=900))
        assert {line.code for line in of_entry(found.check.entry).lines} == {"Y104"}
        accept(opened, accepted.arrival.id, "王科", BEFORE)
        summed = total_campaign(opened, TotalOptions(unit="某某市"), BEFORE + 2)
    assert [(one.unit, one.unexplained) for one in summed.selection.contributions] == [
        ("市教育局", "核实性 1 处"), ("市水利局", ""),
    ]  # fmt: skip


def test_a_file_that_nobody_could_check_does_not_count(opened: OpenCampaign, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = look(FileQuestion("报表.xlsx", b"PK damaged", 2025), Forms())
    with monkeypatch.context() as patched:
        patched.setattr(intake, "look", lambda *_: lost)
        taken(opened, handed_in(), unit_id=unit_of(opened, "市教育局").id)
    assert states(opened)["市教育局"] == ("unreadable", 1)
    summed = total_campaign(opened, TotalOptions(unit="某某市"), BEFORE + 2)
    assert summed.selection.contributions == ()
    assert "没有核对成" in left_out(summed)["市教育局"]


def test_a_total_lands_where_a_program_opens_it(opened: OpenCampaign, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="汇总表的文件名要以"):
        total_campaign(opened, TotalOptions(tmp_path / "汇总.txt"), BEFORE)
