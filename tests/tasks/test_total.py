"""Adding up as a task: what is told and in which order, and what is never written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.making.filling import clean_values, form
from tests.making.written_reports import word_report
from xlcheck.drawing.template import render
from xlcheck.tasks.events import Event, FileDone, Notice, Selected, Started
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.total import TotalOptions, total_up

UNITS = "单位名称,统一社会信用代码,上级单位\n市政府,A0,\n市教育局,A1,市政府\n县政府,B0,\n县教育局,B1,县政府\n".encode()


def put(path: Path, unit: str, code: str, **changes: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    values = {**clean_values(), **{key.replace("__", "."): value for key, value in changes.items()}}
    path.write_bytes(render(form(), {"unit": unit, "code": code, "year": "2025"}, values))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that passes and one that fails."""
    put(tmp_path / "in" / "a.xlsx", "市教育局", "A1", disclosure__fees__amount=0.1)
    put(tmp_path / "in" / "b.xlsx", "市水利局", "A2", disclosure__fees__amount="无")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_then_the_selection_are_told_before_anything_is_written(folder: Path) -> None:
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        assert not (folder / "汇总.xlsx").exists()

    summed = total_up(["in"], TotalOptions(folder / "汇总.xlsx", "某市"), listen)
    assert [type(event) for event in events] == [Started, FileDone, FileDone, Selected]
    assert isinstance(events[-1], Selected)
    assert [one.unit for one in events[-1].selection.left_out] == ["市水利局"]
    assert len(events[-1].addresses) == len(form().fields)
    assert summed.is_right
    assert [one.path for one in summed.results] == [str(folder / "汇总.xlsx")]


def test_a_report_that_cannot_be_read_is_left_out_and_a_document_that_is_none_passed_over(folder: Path) -> None:
    events: list[Event] = []
    (folder / "in" / "c.docx").write_bytes(word_report()[:9_000])
    (folder / "in" / "d.html").write_text("<html><body><p>通知</p></body></html>", encoding="utf-8")
    summed = total_up(["in"], TotalOptions(folder / "汇总.xlsx", "某市"), events.append)
    assert [one.path for one in summed.selection.left_out] == ["in/b.xlsx", "in/c.docx"]
    assert [event.text for event in events if isinstance(event, Notice) and "没有汇总" in event.text] == [
        "文件夹里有 1 个文档不是可以读取的年报，没有汇总：“in/d.html”"
    ]


def test_nothing_to_add_up_is_no_error_and_leaves_nothing(folder: Path) -> None:
    summed = total_up(["in/b.xlsx"], TotalOptions(folder / "汇总.xlsx", "某市"))
    assert (summed.results, summed.is_right) == ((), False)
    assert not (folder / "汇总.xlsx").exists()


def test_a_unit_above_without_submissions_is_told(folder: Path) -> None:
    events: list[Event] = []
    summed = total_up(["in/a.xlsx"], TotalOptions(folder / "out", units=UNITS, by_parent=True), events.append)
    assert summed.empty == ("县政府",)
    assert not summed.is_right
    assert [one.unit for one in summed.results] == ["市政府"]
    assert Notice("“县政府”没有可以汇总的报送表，没有写出它的汇总表") in events


def test_a_total_never_lands_among_what_it_is_made_of(folder: Path) -> None:
    before = {path: path.read_bytes() for path in (folder / "in").iterdir()}
    for options in (
        TotalOptions(folder / "in" / "a.xlsx", "某市"),
        TotalOptions(folder, units=UNITS, by_parent=True),
        TotalOptions(folder / "in" / "a.xlsx", units=UNITS, by_parent=True),
        TotalOptions(folder / "汇总.xls"),
    ):
        with pytest.raises(CannotDo) as caught:
            total_up(["in"], options)
        assert caught.value.code == "output"
    assert {path: path.read_bytes() for path in (folder / "in").iterdir()} == before


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("options", "code"),
    [
        (TotalOptions(form="x"), "form"),
        (TotalOptions(units=b"no head\n"), "units"),
        (TotalOptions(Path("out"), units="name\n市教育局\n".encode(), by_parent=True), "units"),
        (TotalOptions(published=Path("nowhere.xlsx")), "input"),
    ],
)
def test_what_cannot_be_used(options: TotalOptions, code: str) -> None:
    with pytest.raises(CannotDo) as caught:
        total_up(["in"], options)
    assert caught.value.code == code
