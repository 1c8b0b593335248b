"""Where the boxes of comments stand: beside their cells, in the size that shows their text.

openpyxl writes boxes without an anchor; Excel then finds a place of its own, LibreOffice puts them all at the top left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import count

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.model.cells import Cell

_POINT = 4 / 3
"""Pixels in a point."""
_USUAL, _HEIGHT = 64, 15.0
"""Excel's usual width of a column in pixels, and height of a row in points."""
_MOST_COLUMNS = 600
"""No box reaches further than the guard's window and some."""
_PLACE = re.compile(
    rb"(<(?:\w+:)?ClientData\b[^>]*>)(.*?<(?:\w+:)?Row>(\d+)</(?:\w+:)?Row><(?:\w+:)?Column>(\d+)<)", re.DOTALL
)


def of_book(book: Workbook) -> dict[str, dict[Cell, str]]:
    """The anchors of all comments, by the member that openpyxl writes them into and by cell."""
    commented = (sheet for sheet in book.worksheets if any(cell.comment for cell in sheet._cells.values()))
    return {f"xl/drawings/commentsDrawing{n}.vml": _of_sheet(sheet) for n, sheet in enumerate(commented, start=1)}


def _of_sheet(sheet: Worksheet) -> dict[Cell, str]:
    anchors: dict[Cell, str] = {}
    widths = _column_widths(sheet)
    for cell in sheet._cells.values():
        if cell.comment is not None:
            row, column = (cell.row or 1) - 1, (cell.column or 1) - 1
            top, left = max(row - 1, 0), column + 1
            bottom, low = _reach(top, cell.comment.height, lambda at: _row_height(sheet, at))
            right, over = _reach(left, cell.comment.width, lambda at: widths.get(at, _USUAL))
            # Column and offset left, row and offset at the top, then the same right and at the bottom.
            anchors[row, column] = f"{left}, 12, {top}, 2, {right}, {over}, {bottom}, {low}"
    return anchors


def _reach(start: int, pixels: float, size: Callable[[int], int]) -> tuple[int, int]:
    """The row or column that lies `pixels` beyond the beginning of `start`, and how far into it."""
    left = int(pixels)
    for at in count(start):
        here = size(at)
        if left <= here:
            return at, left
        left -= here
    raise AssertionError("count() does not end")


def _row_height(sheet: Worksheet, row: int) -> int:
    height = sheet.row_dimensions[row + 1].height if row + 1 in sheet.row_dimensions else None
    return max(1, int((height or _HEIGHT) * _POINT))


def _column_widths(sheet: Worksheet) -> dict[int, int]:
    """The widths in pixels of columns that have one of their own; one entry may stand for many columns."""
    widths: dict[int, int] = {}
    for dimension in sheet.column_dimensions.values():
        first, last = dimension.min or 0, min(dimension.max or 0, _MOST_COLUMNS)
        widths.update(dict.fromkeys(range(first - 1, last), max(1, int((dimension.width or 0) * 7 + 5))))
    return widths


def with_anchors(content: bytes, anchors: Mapping[Cell, str]) -> bytes:
    """The drawing with an anchor for each box ([MS-OI29500] and ECMA-376 part 4, 19.4.2.2)."""

    def anchored(match: re.Match[bytes]) -> bytes:
        anchor = anchors.get((int(match[3]), int(match[4])))
        if anchor is None:
            return match[0]
        prefix = match[1][1:].partition(b":")[0] + b":" if b":" in match[1].split(b" ")[0] else b""
        return b"%b<%bAnchor>%b</%bAnchor>%b" % (match[1], prefix, anchor.encode("ascii"), prefix, match[2])

    return _PLACE.sub(anchored, content)
