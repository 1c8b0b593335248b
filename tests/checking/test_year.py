"""The year that is collected."""

from __future__ import annotations

from tests.making.filling import clean_workbook, submission_of
from xlcheck.checking.verify import verify_submission
from xlcheck.checking.year import of_year

CLEAN = submission_of(clean_workbook())


def test_a_report_of_another_year_must_be_mended() -> None:
    for year in (2024, 2026):
        verification = verify_submission(of_year(CLEAN, year))
        (finding,) = verification.findings
        assert (finding.code, finding.severity, finding.expected, finding.actual) == (
            "S107",
            "error",
            str(year),
            "2025",
        )
        assert [place.address for place in finding.places] == ["封面!C6"]
        assert f"填的是 2025，本次填报的是 {year} 年" in finding.message
        assert not verification.passed


def test_the_year_itself_and_any_where_none_is_asked_for() -> None:
    assert of_year(CLEAN, 2025) is CLEAN
    assert of_year(CLEAN, None) is CLEAN


def test_a_cover_without_a_year_is_told_of_once() -> None:
    nameless = CLEAN._replace(cover={**CLEAN.cover, "year": "去年"})
    assert of_year(nameless, 2025) is nameless
