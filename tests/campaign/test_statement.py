"""How a campaign stands, said to people: what is open comes first, and why something belongs to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.campaigns import AFTER, BEFORE, WRONG, handed_in, made_campaign, taken
from xlcheck.campaign.acts import set_aside
from xlcheck.campaign.ledger.values import ActRefused
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.statement import statement_of, statement_text
from xlcheck.roster.units import Unit


def test_what_is_open_is_listed_and_the_rest_counted(tmp_path: Path) -> None:
    with open_campaign(made_campaign(tmp_path / "2025")) as opened:
        taken(opened, handed_in(**WRONG), at=AFTER)
        taken(opened, handed_in("市水利局"))
        for name, data in (
            ("名.xlsx", handed_in("市水利局", 2024)),
            ("坏.xlsx", b"PK\3\4 no"),
            ("市水利局.xlsx", b"PK\3\4 no"),
        ):
            taken(opened, data, name, at=BEFORE + 60)
        told = statement_of(opened, AFTER)
    assert not told.is_done
    assert statement_text(told).splitlines() == [
        "2025 年　政府信息公开工作年度报告　市政务公开办　截止 2026-01-20",
        "应报 3　通过 1　待核实 0　退改 1　打不开 0　未报送 0　逾期 1",
        "逾期　市民政局",
        "退改　市教育局　第 1 次　2026-01-24 13:20　强制性 2 处　晚于截止日期",
        "归属不明　编号 3　名.xlsx　2026-01-19 13:21　报告年度是 2024，不是本次的 2025，没有算作“市水利局”的报送",
        "归属不明　编号 4　坏.xlsx　2026-01-19 13:21　文件无法读取，看不出是哪个单位的",
        "归属不明　编号 5　市水利局.xlsx　2026-01-19 13:21　打不开；按文件名疑为“市水利局”的，它已另有报送，没有算作它的",
    ]
    assert "通过　市水利局　第 1 次" in statement_text(told, whole=True)


def test_what_is_no_submission_waits_no_more(opened: OpenCampaign) -> None:
    found = taken(opened, handed_in("市档案局"), "名.xlsx")
    set_aside(opened, found.arrival.id, "王科", BEFORE, "通知的回执")
    assert statement_of(opened, BEFORE).unowned == ()
    with pytest.raises(ActRefused, match="已经标为"):
        set_aside(opened, found.arrival.id, "王科", BEFORE)
    with pytest.raises(ActRefused, match="没有第 9 号"):
        set_aside(opened, 9, "王科", BEFORE)


def test_who_need_not_hand_in_and_did_is_no_part_of_those_that_must(tmp_path: Path) -> None:
    """The numbers are those of the notice."""
    units = (Unit("市政府"), Unit("市教育局", parent="市政府"), Unit("市水利局", parent="市政府"))
    with open_campaign(made_campaign(tmp_path / "2025", units=units)) as opened:
        taken(opened, handed_in("市政府", 2025, ""))
        taken(opened, handed_in("市水利局", 2025, ""))
        told = statement_of(opened, BEFORE)
    counts = statement_text(told).splitlines()[1]
    assert counts == "应报 2　通过 1　待核实 0　退改 0　打不开 0　未报送 1　逾期 0　另有不要求单独报送的 1"
