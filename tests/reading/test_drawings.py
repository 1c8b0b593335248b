"""A form file drafted from a workbook: the loader takes it, its template looks like the table, and filled originals pass."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ROOT
from tests.making.offices import OFFICES, draw, saved
from xlcheck.checking.verify import Verification, verify_submission
from xlcheck.drawing.template import render
from xlcheck.forms.file import form_ids, load_form, parse_form
from xlcheck.model.cells import cell_name, column_name
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form
from xlcheck.reading.drawings import draft_of
from xlcheck.reading.open import open_submission


def drafted(data: bytes) -> str:
    text = draft_of(("own", data))
    assert isinstance(text, str), text
    return text


def form_for(name: str) -> Form:
    return parse_form(drafted(saved(OFFICES[name]())))


def filled(name: str, values: Mapping[str, Any]) -> bytes:
    """The office's own workbook with values in the cells of a sheet; formulas are replaced by what they give."""
    book = OFFICES[name]()
    for address, value in values.items():
        sheet, _, cell = address.partition("!")
        book[sheet][cell] = value
    return saved(book)


def verified(name: str, values: Mapping[str, Any]) -> Verification:
    form = form_for(name)
    zeros = {field.address: 0 for field in form.fields}
    return verify_submission(open_submission(filled(name, {**zeros, **values}), form).submission)


def labels(form: Form) -> list[Any]:
    """What is printed and asked for, apart from keys."""
    return [
        [table.title.text, table.sheet, [(label.text, label.cell, label.last) for label in table.labels],
         [(field.cell, field.last, field.kind, field.labels) for field in table.fields]]
        for table in form.tables
    ]  # fmt: skip


@pytest.mark.parametrize("form", [load_form(name) for name in form_ids()], ids=form_ids())
def test_our_own_template_gives_the_same_tables(form: Form) -> None:
    found = parse_form(drafted(render(form)))
    assert labels(found) == labels(form)
    assert [(entry.label, entry.cell) for entry in found.cover.entries] == [
        (entry.label, entry.cell) for entry in form.cover.entries
    ]
    assert [entry.key for entry in found.cover.entries] == [entry.key for entry in form.cover.entries]
    assert found.guide == form.guide
    assert [table.landscape for table in found.tables] == [table.landscape for table in form.tables]
    for ours, theirs in zip(form.tables, found.tables, strict=True):
        assert theirs.widths == pytest.approx(ours.widths, abs=0.1)
        assert theirs.heights == pytest.approx(ours.heights, abs=0.76)


def test_a_draft_of_a_template_of_a_draft_is_the_same_form() -> None:
    for name in OFFICES:
        form = form_for(name)
        again = parse_form(drafted(render(form)))
        assert labels(again) == labels(form)


@pytest.mark.parametrize("name", OFFICES)
def test_the_template_stands_where_the_table_stood(name: str) -> None:
    original = openpyxl.load_workbook(io.BytesIO(saved(OFFICES[name]())))
    form = form_for(name)
    made = openpyxl.load_workbook(io.BytesIO(render(form)))
    for table in form.tables:
        theirs, ours = original[table.sheet], made[table.sheet]
        for label in table.printed:
            assert str(theirs[cell_name(label.cell)].value) == ours[cell_name(label.cell)].value
        merged = {str(area) for area in theirs.merged_cells.ranges if area.min_row > table.corner[0]}
        drawn = [f"{cell_name(label.cell)}:{cell_name(label.last)}" for label in table.labels]
        assert {area for area in drawn if len(set(area.split(":"))) > 1} == merged
        assert all(ours[cell_name(cell)].border.left.style for label in table.idle for cell in (label.cell, label.last))


def test_heads_groups_and_sums_of_a_table_without_locks() -> None:
    form = form_for("staff")
    (table,) = form.tables
    assert (table.title.text, table.title.cell) == ("某某市机关人员情况表", (1, 0))
    by_cell = {cell_name(field.cell): field for field in table.fields}
    assert set(by_cell) == {f"{column}{row}" for column in "CDE" for row in range(6, 11)}
    assert by_cell["C9"].labels == ("事业编制", "专技岗", "在编", "男")
    found = {(relation.where, len(relation.right_keys)) for relation in form.relations}
    assert found == {(f"{row}行", 2) for row in ("处级", "科级", "管理岗", "专技岗")} | {
        (f"{column}列", 4) for column in ("男", "女", "合计")
    }


def test_years_in_the_heads_are_no_fields() -> None:
    book = openpyxl.Workbook()
    draw(book, "表", [["近年情况"], ["项目", 2023, 2024], ["收到", None, 4], ["办结", None, None]], framed="A2:C4")
    form = parse_form(drafted(saved(book)))
    assert [field.address for field in form.fields] == ["表!B3", "表!C3", "表!B4", "表!C4"]
    assert [label.text for label in form.tables[0].idle] == ["2023", "2024"]


def test_locks_formats_and_formulas_of_two_sheets() -> None:
    form = form_for("money")
    kinds = {field.address: field.kind for field in form.fields}
    assert {address for address, kind in kinds.items() if kind == "count"} == {"去向!B3", "去向!B4"}
    assert "# change 是可以为负的整数（增减数），不能带小数" in drafted(saved(OFFICES["money"]()))
    assert {address for address, kind in kinds.items() if kind == "change"} == {"经费!D3", "经费!D4", "经费!D5"}
    across = next(relation for relation in form.relations if relation.code == "B903")
    assert [field.address for field in across.left_fields] == ["去向!C4", "去向!C3"]
    assert [field.address for field in across.right_fields] == ["经费!E5"]
    assert [label.text for label in form.tables[0].idle] == ["1", "2", "3"]


@pytest.mark.parametrize("name", OFFICES)
def test_a_filled_original_is_read_with_every_rule(name: str) -> None:
    found = verified(name, {})
    # Who reported is on no sheet of it; everything else is as the form has it.
    assert {finding.code for finding in found.findings} == {"S101"}
    assert all("封面" in finding.message for finding in found.findings)
    assert len(found.values) == len(found.submission.form.fields)
    assert {outcome.status for outcome in found.outcomes} <= {"passed"}


def test_a_wrong_total_of_a_filled_original_is_found() -> None:
    right = {"人员!C6": 3, "人员!E6": 3, "人员!C10": 3, "人员!E10": 3}
    assert {finding.code for finding in verified("staff", right).findings} == {"S101"}
    found = verified("staff", {**right, "人员!E6": 4})
    assert {finding.code for finding in found.findings} == {"S101", "B901", "B902"}


def test_a_cover_of_ones_own_is_known() -> None:
    book = OFFICES["staff"]()
    rows: list[list[Any]] = [["人员情况表"], [], ["填报单位", None], ["年度", None], ["经办人", None]]
    draw(book, "首页", rows, framed="A3:B5")
    form = parse_form(drafted(saved(book)))
    assert (form.cover.sheet, form.cover.title) == ("首页", "人员情况表")
    assert [entry.key for entry in form.cover.entries] == ["unit", "year", "filler"]
    assert [table.sheet for table in form.tables] == ["人员"]


def test_what_is_not_taken_over_is_told_in_the_draft() -> None:
    book = OFFICES["staff"]()
    book["人员"]["E6"] = "=ROUND(C6*D6,0)"
    book.create_sheet("空白")
    text = drafted(saved(book))
    assert "# 人员!E6 的公式不是几格相加，没有写成勾稽关系：=ROUND(C6*D6,0)" in text
    assert "# 工作表“空白”里没有认出要填的格，没有写进来。" in text
    assert "# 没有作为填数的格：F6、F7、F8、F9、F10（表头要的是文字）。" in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "F1"),
        (b"PK\3\4" + b"\0" * 99, "F1"),
        (saved(openpyxl.Workbook()), "没有认出要填的格"),
        ((ROOT / "samples" / "make.py").read_bytes(), "F1"),
    ],
    ids=["empty", "damaged", "blank", "text"],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, told: str) -> None:
    refused = draft_of(("own", data))
    assert isinstance(refused, Refused)
    assert told in f"{refused.code} {refused.message}"


def test_a_sheet_of_any_size_is_refused() -> None:
    book = openpyxl.Workbook()
    draw(book, "大", [["表"], ["甲", "乙"]], framed="A2:B1200")
    refused = draft_of(("own", saved(book)))
    assert isinstance(refused, Refused)
    assert "太大" in refused.message


WORDS = st.text(st.sampled_from('甲乙表（）"\\^<.:,#{}[]count1= \n'), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.lists(WORDS, min_size=8, max_size=8),
    st.booleans(),
    st.sampled_from(["framed", "unlocked", "bare"]),
)
def test_whatever_is_written_on_a_table_its_draft_is_a_form(
    height: int, width: int, words: list[str], summed: bool, how: str
) -> None:
    book = openpyxl.Workbook()
    heads: list[Any] = [f"栏{words[column]}" for column in range(width)]
    rows: list[list[Any]] = [
        ["表名"],
        ["项目", *heads],
        *([f"行{words[4 + row]}", *[None] * width] for row in range(height)),
    ]
    if summed:
        last = column_name(width)
        rows.append(
            ["合计", *(f"=SUM({column_name(at + 1)}3:{column_name(at + 1)}{height + 2})" for at in range(width))]
        )
        assert last
    area = f"B3:{column_name(width)}{len(rows)}"
    draw(book, "表", rows, framed=area if how == "framed" else "", unlocked=area if how == "unlocked" else "")
    form = parse_form(drafted(saved(book)))
    assert len(form.fields) == width * (height + summed)
    assert len(form.relations) == (width if summed else 0)
    assert render(form)
