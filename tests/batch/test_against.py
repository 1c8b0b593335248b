"""A file compared with last year's and with the one before it: what is told, and what is new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.making.copies import opened
from tests.making.documents import json_of
from tests.making.filling import clean_values, form, submission_of
from xlcheck.batch.earlier import Against, Stocking, stock
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.checking.copying import Original
from xlcheck.drawing.template import render
from xlcheck.reading.open import Forms
from xlcheck.results.checked import Checked
from xlcheck.results.text import file_text


def put(path: Path, year: int, unit: str = "市教育局", code: str = "", **changes: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(form(), {"unit": unit, "code": code, "year": str(year)}, clean_values(**changes)))
    return path


def checked(path: Path, against: Against, copy: Path | None = None) -> Checked:
    return check_file(Job(path, str(path), copy), Forms(), against)


def codes(result: Checked, numbers: tuple[int, ...]) -> set[str]:
    return {result.findings[number].code for number in numbers}


def test_last_years_file_is_named_in_text_document_and_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(Path("上年/去年的.xlsx"), 2024)
    now = put(Path("今年.xlsx"), 2025, disclosure__licensing__decisions=5)
    failing = put(Path("有误.xlsx"), 2025, disclosure__licensing__decisions=-5)
    against = Against(stock(Path("上年"), Stocking(form())))
    for path in (now, failing):
        result = checked(path, against, tmp_path / "副本.xlsx")
        assert "\n  与上年比对：上年/去年的.xlsx\n" in file_text(result)
        assert json.loads(json_of([result]))["files"][0]["last_year"] == "上年/去年的.xlsx"
    sheet = opened((tmp_path / "副本.xlsx").read_bytes())["审核结果"]
    assert [row[2].value for row in sheet.iter_rows() if row[0].value == "上年报表"] == ["去年的.xlsx"]


def test_where_no_file_of_last_year_was_used_none_is_named(tmp_path: Path) -> None:
    now = put(tmp_path / "a.xlsx", 2025)
    put(tmp_path / "上年/b.xlsx", 2024, "市水利局")
    for against in (Against(), Against(stock(tmp_path / "上年", Stocking(form())))):
        result = checked(now, against)
        assert "与上年比对：上年" not in file_text(result)
        assert json.loads(json_of([result]))["files"][0]["last_year"] is None


def test_a_file_by_the_code_of_another_unit_is_not_compared_with(tmp_path: Path) -> None:
    put(tmp_path / "上年/甲24.xlsx", 2024, "甲局", "A", requests__carried_out__person=3)
    put(tmp_path / "上年/乙24.xlsx", 2024, "乙局", "B")
    result = checked(
        put(tmp_path / "乙25.xlsx", 2025, "乙局", "A"), Against(stock(tmp_path / "上年", Stocking(form())))
    )
    assert result.findings == ()
    assert "不能确定" in result.notices[0]


def test_a_file_that_repeats_last_year_is_to_be_looked_at(tmp_path: Path) -> None:
    put(tmp_path / "上年/a.xlsx", 2024)
    result = checked(put(tmp_path / "a.xlsx", 2025), Against(stock(tmp_path / "上年", Stocking(form()))))
    assert [one.code for one in result.findings] == ["Y105"]
    assert result.tally.conclusion == "review"


def test_what_did_not_fit_last_year_before_is_not_new(tmp_path: Path) -> None:
    put(tmp_path / "上年/a.xlsx", 2024, requests__carried_out__person=3, disclosure__licensing__decisions=400)
    shelf = stock(tmp_path / "上年", Stocking(form()))
    put(tmp_path / "上次/a.xlsx", 2025, disclosure__licensing__decisions=1, disclosure__penalties__decisions="无")
    now = put(tmp_path / "a.xlsx", 2025, disclosure__licensing__decisions=1)
    result = checked(now, Against(shelf, stock(tmp_path / "上次", Stocking(form()))))
    assert result.rounds is not None
    assert codes(result, result.rounds.new) == set()
    assert codes(result, result.rounds.remaining) == {"Y101", "Y104"}
    assert {one.code for one in result.rounds.closed} == {"C103"}


def test_another_year_than_the_one_collected_is_told_in_both_rounds(tmp_path: Path) -> None:
    put(tmp_path / "上次/a.xlsx", 2024, disclosure__penalties__decisions="无")
    now = put(tmp_path / "a.xlsx", 2024)
    result = checked(now, Against(last_round=stock(tmp_path / "上次", Stocking(form())), year=2025))
    assert (result.status, [one.code for one in result.findings]) == ("failed", ["S107"])
    assert result.rounds is not None
    assert codes(result, result.rounds.remaining) == {"S107"}


@pytest.mark.parametrize(
    ("unit", "year", "said"),
    [("市 教育局", 2025, ()), ("市水利局", 2025, ("单位不同：这里是“市教育局”，“原.xlsx”是“市水利局”",)),
     ("市教育局", 2024, ("年度不同：这里是“2025 年”，“原.xlsx”是“2024 年”",)), ("", 2025, ())],
)  # fmt: skip
def test_an_original_of_another_unit_or_year_is_told(
    tmp_path: Path, unit: str, year: int, said: tuple[str, ...]
) -> None:
    original = put(tmp_path / "原.xlsx", year, unit)
    against = Against(original=Original(submission_of(original.read_bytes()), "原.xlsx"))
    told = [notice.partition("；")[0] for notice in checked(put(tmp_path / "年报.xlsx", 2025), against).notices]
    assert told == list(said)


def test_one_file_to_compare_with_is_read_once(tmp_path: Path) -> None:
    before = put(tmp_path / "上次/a.xlsx", 2025, disclosure__penalties__decisions="无")
    earlier = put(tmp_path / "上年/a.xlsx", 2024, requests__carried_out__person=3)
    now = put(tmp_path / "a.xlsx", 2025)
    against = Against(stock(earlier, Stocking(form())), stock(before, Stocking(form())))
    whole = checked(now, against)
    before.unlink()
    earlier.unlink()
    result = checked(now, against)
    assert result.rounds is not None
    assert (result.findings, result.rounds, result.notices) == (whole.findings, whole.rounds, whole.notices)
    assert {one.code for one in result.rounds.closed} == {"C103"}
