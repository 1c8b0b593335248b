"""Suggested mends: a copy of its own, every change marked and listed, nothing else touched."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from tests.making.filling import clean_values, edit, verified, workbook
from xlcheck.copies.mend import Extent, fixed, mends
from xlcheck.copies.source import Source
from xlcheck.guard.admit import admit
from xlcheck.model.marks import BLUE, RESULT_SHEET


def changes(data: bytes, extent: Extent) -> dict[str, str]:
    return {mend.field: mend.new for mend in mends(verified(data), extent)}


def mended(data: bytes, extent: Extent) -> bytes:
    verification = verified(data)
    return fixed(Source(data, admit(data)), verification, mends(verification, extent))


def cells(data: bytes) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        if sheet.title != RESULT_SHEET
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_only_texts_that_mean_numbers_are_certain() -> None:
    data = workbook(
        disclosure__regulations__issued="１件",
        disclosure__penalties__decisions="无",
        disclosure__coercion__decisions="-3",
        disclosure__licensing__decisions="2.5",
        requests__received__person=60,
    )
    assert changes(data, "text") == {"disclosure.regulations.issued": "1"}


def test_all_takes_unique_explanations_too() -> None:
    data = workbook(disclosure__regulations__issued="１件", requests__received__person=60)
    assert changes(data, "all") == {"disclosure.regulations.issued": "1", "requests.received.person": "6"}


def test_what_is_only_possible_is_not_written() -> None:
    assert changes(workbook(disputes__review__upheld=1), "all") == {}


def test_the_copy_passes_and_differs_in_nothing_else() -> None:
    data = workbook(disclosure__regulations__issued="１件", requests__received__person=60)
    copy = mended(data, "all")
    assert verified(copy).findings == ()
    before, after = cells(data), cells(copy)
    changed = {place for place in before | after if before.get(place) != after.get(place)}
    assert changed == {("主动公开", "B4"), ("依申请公开", "D5")}
    assert (after["主动公开", "B4"], after["依申请公开", "D5"]) == (1, 6)


def test_every_change_is_marked_and_listed() -> None:
    book = openpyxl.load_workbook(io.BytesIO(mended(workbook(requests__received__person="６"), "text")))
    cell = book["依申请公开"]["D5"]
    assert cell.fill.fgColor.rgb == BLUE
    assert "建议由“６”改为 6" in cell.comment.text
    rows = [row for row in book[RESULT_SHEET].iter_rows(max_col=6, values_only=True) if row[1] == "依申请公开!D5"]
    assert [row[3:5] for row in rows] == [("６", "6")]


def test_verifying_the_mended_copy_takes_it_for_no_foreign_sheet() -> None:
    copy = mended(workbook(requests__received__person="６"), "text")
    assert verified(copy).findings == ()


def test_a_cell_of_text_format_becomes_a_number_for_good() -> None:
    book, saved = edit(workbook())
    book["依申请公开"]["D5"].value = "6"
    book["依申请公开"]["D5"].number_format = "@"
    copy = openpyxl.load_workbook(io.BytesIO(mended(bytes(saved()), "text")))
    assert (copy["依申请公开"]["D5"].value, copy["依申请公开"]["D5"].number_format) == (6, "General")


def test_clean_values_need_no_mends() -> None:
    assert changes(workbook(clean_values()), "all") == {}
