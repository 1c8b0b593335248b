"""Workbooks that hold a list, as texts."""

from __future__ import annotations

import io

import xlsxwriter

from tests.making.filling import workbook
from xlcheck.model.errors import Refused
from xlcheck.reading.listings import begins_like_workbook, sheet_texts


def book(**sheets: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, lines in sheets.items():
            sheet = made.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
    return buffer.getvalue()


def test_cells_are_what_they_show() -> None:
    lines: list[list[object]] = [[], ["单位", 13800000000, 1.5, 115104000087000000, True]]
    texts = sheet_texts(book(名单=lines, 说明=[["x"]]))
    assert not isinstance(texts, Refused)
    assert [sheet.name for sheet in texts] == ["名单", "说明"]
    assert texts[0].rows[1] == ("单位", "13800000000", "1.5", "1.15104E+17", "True")
    assert not any(texts[0].rows[0])


def test_a_cell_that_is_merged_downwards_is_said_of_each_of_its_rows() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        sheet = made.add_worksheet("名单")
        sheet.merge_range("A1:B1", "名单")
        sheet.merge_range("A3:A4", "市教育局")
        lines = [["上级单位", "单位"], ["", "一中"], ["", "二中"], ["", "三中"]]
        for row, line in enumerate(lines, start=1):
            for column, text in enumerate(line):
                if text:
                    sheet.write(row, column, text)
    texts = sheet_texts(buffer.getvalue())
    assert not isinstance(texts, Refused)
    parents = [("上级单位", "单位"), ("市教育局", "一中"), ("市教育局", "二中"), ("", "三中")]
    assert texts[0].rows == (("名单", ""), *parents)


def test_what_no_parser_may_see_is_a_value() -> None:
    assert isinstance(sheet_texts(workbook()[:500]), Refused)


def test_what_is_taken_for_a_workbook() -> None:
    assert begins_like_workbook(book(甲=[["x"]]))
    assert begins_like_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert not begins_like_workbook("单位名称\n".encode())
