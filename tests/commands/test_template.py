"""``xlcheck template`` with what last year knows, also where that stands in a campaign's ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.making.campaigns import BEFORE, handed_in, made_campaign, taken
from tests.making.command import xlcheck
from tests.making.filling import submission_of
from xlcheck.campaign.opening import open_campaign
from xlcheck.model.submission import BLANK

CARRIED: dict[str, Any] = {
    "requests__received__person": 9, "requests__received__total": 9,
    "requests__carried_out__person": 3, "requests__carried_out__total": 3,
}  # fmt: skip


def carried(path: Path) -> object:
    return submission_of(path.read_bytes()).held["requests.carried_in.person"]


def test_last_years_campaign_knows_what_each_unit_handed_in_last(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2024", 2024)
    with open_campaign(folder) as opened:
        taken(opened, handed_in("市教育局", 2024), at=BEFORE)
        taken(opened, handed_in("市教育局", 2024, **CARRIED), at=BEFORE + 60)
        taken(opened, handed_in("市水利局", 2024), at=BEFORE)
    (tmp_path / "u.csv").write_text("单位名称\n市教育局\n市水利局\n市民政局\n", encoding="utf-8")
    ran = xlcheck(
        "template", "--units", tmp_path / "u.csv", "--year", "2025", "--prior", folder, "-o", tmp_path / "模板"
    )
    assert (ran.code, ran.out) == (0, "")
    assert "1 个单位没有预填上年数：没有找到“市民政局”的报送表" in ran.err
    names = ("市教育局", "市水利局", "市民政局")
    assert [carried(tmp_path / "模板" / f"{name}.xlsx") for name in names] == [3.0, 0.0, BLANK]
    ran = xlcheck("template", "--prior", folder, "-o", tmp_path / "a.xlsx")
    assert (ran.code, "上年的台账里有 2 份报送表，请用 --unit、--year" in ran.err) == (2, True)
    ran = xlcheck(
        "template", "--unit", "市教育局", "--year", "2025", "--prior", folder, "--totals", "-o", tmp_path / "a.xlsx"
    )
    assert (ran.code, carried(tmp_path / "a.xlsx")) == (0, 3.0)


def test_a_campaign_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text("= nonsense", encoding="utf-8")
    ran = xlcheck("template", "--prior", tmp_path, "-o", tmp_path / "a.xlsx")
    assert ran.code == 2
    assert "campaign.toml" in ran.err
    assert not (tmp_path / "a.xlsx").exists()
