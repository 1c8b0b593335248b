"""Writing templates as a task."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.filling import COVER, clean_values, clean_workbook, form, submission_of
from tests.making.prefilled import LAST
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.model.submission import BLANK
from xlcheck.roster.units import Unit
from xlcheck.tasks.events import Event, Notice
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.template import TemplateOptions, drawn_for, drawn_unit, write_templates


def test_what_is_known_stands_on_the_cover() -> None:
    data = drawn_for(form(), unit="某\x07局", code="A1", email="a@example.org", year=2025)
    cover = submission_of(data).cover
    assert (cover["unit"], cover["code"], cover["email"], cover["year"]) == ("某局", "A1", "a@example.org", "2025")
    assert data == drawn_for(form(), unit="某局", code="A1", email="a@example.org", year=2025)


def test_one_for_each_unit_and_one_sentence_at_the_end(tmp_path: Path) -> None:
    events: list[Event] = []
    units = "name,code\n市教育局,11510400008000000P\n市水利局,11510400008000001T\n".encode()
    write_templates(TemplateOptions(tmp_path / "模板", 2025, units=units), events.append)
    assert events == [Notice(f"已生成 2 个模板，在文件夹“{tmp_path / '模板'}”")]
    found = {path.name: submission_of(path.read_bytes()) for path in (tmp_path / "模板").iterdir()}
    assert {name: (one.unit_code, one.year) for name, one in found.items()} == {
        "市教育局.xlsx": ("11510400008000000P", 2025),
        "市水利局.xlsx": ("11510400008000001T", 2025),
    }


def test_a_blank_one_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    options = TemplateOptions(path, unit="某局")
    write_templates(options)
    write_templates(options)
    for content in (clean_workbook(), b"no workbook"):
        path.write_bytes(content)
        with pytest.raises(CannotDo, match="没有覆盖") as caught:
            write_templates(options)
        assert caught.value.code == "output"
        assert path.read_bytes() == content


def test_what_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for options, code in (
        (TemplateOptions(form="x"), "form"),
        (TemplateOptions(tmp_path, units=b""), "units"),
        (TemplateOptions(tmp_path, units=tmp_path / "nowhere.csv"), "units"),
        (TemplateOptions(tmp_path / "file" / "a.xlsx"), "output"),
    ):
        with pytest.raises(CannotDo) as caught:
            write_templates(options)
        assert caught.value.code == code


# --- what last year knows --------------------------------------------------------------------------------------------


def last_years(folder: Path, *changed: tuple[str, dict[str, FieldValue]]) -> Path:
    """A folder with submissions of 2024: 3 requests of a person are carried over, or as `changed` says, by unit."""
    folder.mkdir()
    for unit, changes in changed:
        values = {**clean_values(), **LAST, **changes}
        (folder / f"{unit}.xlsx").write_bytes(
            render(form(), {**COVER, "unit": unit, "code": "", "year": "2024"}, values)
        )
    return folder


def carried(path: Path) -> list[object]:
    held = submission_of(path.read_bytes()).held
    return [held["requests.carried_in.person"], held["requests.carried_in.total"]]


def test_each_unit_gets_what_its_own_workbook_carries_over(tmp_path: Path) -> None:
    broken: dict[str, FieldValue] = {"requests.carried_out.person": 5}
    blank: dict[str, FieldValue] = {"requests.carried_out.person": ""}
    prior = last_years(tmp_path / "上年", ("甲局", {}), ("乙局", broken), ("丙局", blank))
    (prior / "别的.xlsx").write_bytes(b"no workbook")
    events: list[Event] = []
    options = TemplateOptions(
        tmp_path / "模板", 2025, units="单位名称\n甲局\n乙局\n丙局\n丁局\n".encode(), last_year=prior
    )
    write_templates(options, events.append)
    assert [carried(tmp_path / "模板" / f"{unit}局.xlsx") for unit in "甲乙丙丁"] == [
        [3.0, 3.0], [BLANK, BLANK], [BLANK, 3.0], [BLANK, BLANK]
    ]  # fmt: skip
    assert [event.text for event in events if isinstance(event, Notice)] == [
        f"“{prior / '别的.xlsx'}”不是可以读取的报送表，没有用于比对",
        "1 个单位没有预填上年数：没有找到“丁局”的报送表",
        "2 份上年的报送表审核不通过，预填的上年数请核对：乙局；丙局",
        "1 份上年的报送表里有结转数不平衡，相应的格没有预填：乙局",
        "1 份上年的报送表里有结转数空着或读不出，相应的格没有预填：丙局",
        f"已生成 4 个模板，在文件夹“{tmp_path / '模板'}”",
    ]


def test_unit_and_year_go_on_from_the_only_workbook(tmp_path: Path) -> None:
    prior = last_years(tmp_path / "上年", ("甲局", {}))
    for given, more in (
        (prior, {}), (prior / "甲局.xlsx", {}), ((prior / "甲局.xlsx").read_bytes(), {}), (prior, {"unit": Unit("甲局"), "year": 2025})
    ):  # fmt: skip
        unit, year = more.get("unit", Unit("")), more.get("year")
        assert isinstance(unit, Unit)
        data = drawn_unit(form(), unit, year if isinstance(year, int) else None, given, totals=True)
        submission = submission_of(data)
        assert (submission.unit, submission.year) == ("甲局", 2025)
        assert submission.held["requests.carried_in.total"] == 3.0


@pytest.mark.parametrize(
    ("unit", "year", "units", "code", "said"),
    [
        (None, None, None, "options", "2 份报送表，请用 --unit、--year 指明"),
        ("甲局", None, None, "options", "2 份报送表，请用 --year 指明"),
        ("丁局", 2025, None, "input", "没有找到“丁局”的报送表"),
        ("甲局", 2027, None, "input", "只找到“甲局”2024 年的报送表，没有 2026 年的"),
        (None, None, "单位名称\n甲局\n".encode(), "options", "要用 --year 指明报告年度"),
    ],
)
def test_nobody_guesses_whose_year_it_is(
    tmp_path: Path, unit: str | None, year: int | None, units: bytes | None, code: str, said: str
) -> None:
    prior = last_years(tmp_path / "上年", ("甲局", {}), ("乙局", {}))
    options = TemplateOptions(tmp_path / "模板", year, unit, units, last_year=prior)
    with pytest.raises(CannotDo, match=said) as caught:
        write_templates(options)
    assert caught.value.code == code
    assert not (tmp_path / "模板").exists()


def test_there_must_be_something_of_last_year(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "不是.xlsx").write_bytes(b"no workbook")
    for given, said in (
        (tmp_path / "空", "没有可以读取的报送表"),
        (tmp_path / "没有", "无法读取"),
        (tmp_path / "不是.xlsx", "没有可以读取的报送表"),
        (b"no workbook", "没有可以预填的上年数"),
        (clean_workbook(), "给出的报送表是 2025 的"),
    ):
        with pytest.raises(CannotDo, match=said):
            drawn_unit(form(), Unit("甲局"), 2025, given)


def test_only_what_nobody_typed_is_replaced(tmp_path: Path) -> None:
    """What is filled in anew may be replaced by the same; what else there is may be somebody's work."""
    path = tmp_path / "a.xlsx"
    for options in (TemplateOptions(path, unit="某局", totals=True), TemplateOptions(path, unit="某局", zeros=True)):
        path.unlink(missing_ok=True)
        write_templates(options)
        write_templates(options)
    before = path.read_bytes()
    for options in (TemplateOptions(path, unit="某局"), TemplateOptions(path, unit="别的局", zeros=True)):
        with pytest.raises(CannotDo, match="没有覆盖"):
            write_templates(options)
    assert path.read_bytes() == before
