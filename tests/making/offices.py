"""Tables of an office's own, as people draw them: heads of several rows, groups of rows, with and without locks."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.styles import Border, Protection, Side

_SIDE = Side(style="thin")
_THIN = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)

Rows = Sequence[Sequence[Any]]


def draw(
    book: Any,
    name: str,
    rows: Rows,
    merged: str = "",
    framed: str = "",
    unlocked: str = "",
    formats: Mapping[str, str] = {},
) -> Any:
    """A sheet with `rows` from A1 on; areas are written as programs do, with blanks between."""
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(list(row))
    for area in framed.split():
        for cells in sheet[area]:
            for cell in cells:
                cell.border = _THIN
    for area in merged.split():
        sheet.merge_cells(area)
    for area in unlocked.split():
        for cells in sheet[area]:
            for cell in cells:
                cell.protection = Protection(locked=False)
        sheet.protection.enable()
    for area, code in formats.items():
        for cells in sheet[area]:
            for cell in cells:
                cell.number_format = code
    return sheet


def saved(book: Any) -> bytes:
    """The workbook's bytes."""
    if len(book.sheetnames) > 1 and book.sheetnames[0] == "Sheet":
        del book["Sheet"]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def staff() -> Any:
    """Heads of two rows, groups of rows, sums down and across, a column of remarks, particulars above; framed, no locks."""
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [
        ["附件1"],
        ["某某市机关人员情况表"],
        ["填报单位：", None, None, None, None, "单位：人"],
        ["类别", None, "在编", None, "合计", "备注"],
        [None, None, "男", "女", None, None],
        ["行政编制", "处级", None, None, "=C6+D6", None],
        [None, "科级", None, None, "=C7+D7", None],
        ["事业编制", "管理岗", None, None, "=C8+D8", None],
        [None, "专技岗", None, None, "=C9+D9", None],
        ["合计", None, "=SUM(C6:C9)", "=SUM(D6:D9)", "=SUM(E6:E9)", None],
    ]
    draw(book, "人员", rows, "A2:F2 A4:B5 C4:D4 E4:E5 F4:F5 A6:A7 A8:A9 A10:B10", "A4:F10")
    return book


def money() -> Any:
    """Two sheets, one locked but for its fields, one that takes from the other; an amount, a change, a running number."""
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [
        ["某某局经费执行情况"],
        ["行次", "项目", "年初数", "本年增减", "年末数"],
        [1, "人员经费（万元）", None, None, "=C3+D3"],
        [2, "公用经费（万元）", None, None, "=C4+D4"],
        [3, "合计", "=C3+C4", "=D3+D4", "=SUM(E3,E4)"],
    ]
    draw(book, "经费", rows, "A1:E1", "A2:E5", "C3:D4", {"C3:C5": "0.00", "E3:E5": "#,##0.00"})
    more: list[list[Any]] = [
        ["经费使用去向"],
        ["去向", "件数", "万元"],
        ["本级", None, None],
        ["下级", None, "=经费!E5-C3"],
    ]
    draw(book, "去向", more, "", "A2:C4", formats={"C3:C4": "0.00"})
    return book


def bare() -> Any:
    """Neither locks nor borders: texts, and blanks between them."""
    book = openpyxl.Workbook()
    draw(book, "来信", [["来信来访情况"], ["事项", "来信", "来访"], ["收到", None, None], ["办结", None, None]])
    return book


OFFICES = {"staff": staff, "money": money, "bare": bare}
