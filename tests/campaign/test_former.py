"""A folder of last year's workbooks becomes last year's campaign."""

from __future__ import annotations

from pathlib import Path

from tests.making.campaigns import BEFORE, handed_in, made_campaign, taken
from xlcheck.campaign.former import keep_last_year
from xlcheck.campaign.opening import campaigns, open_campaign
from xlcheck.results.record import of_entry


def test_it_is_compared_with_and_taken_in_once(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2025")
    (tmp_path / "上年").mkdir()
    (tmp_path / "上年" / "教育局.xlsx").write_bytes(handed_in("市教育局", 2024, "", filler="前任"))
    (tmp_path / "上年" / "错年.xlsx").write_bytes(handed_in("市水利局", 2023))
    for _ in range(2):
        with open_campaign(folder) as opened:
            found = list(keep_last_year(opened, [str(tmp_path / "上年")], "王科", BEFORE))
            assert sorted(one.taken is not None for one in found) == [False, True]
            assert [one.year for one in campaigns(opened.engine)] == [2025, 2024]
    with open_campaign(folder) as opened:
        assert opened.former is not None
        now = taken(opened, handed_in())
    assert (now.check.last_year, [line.code for line in of_entry(now.check.entry).lines]) == (
        "2024 年/教育局.xlsx",
        ["Y105"],
    )
