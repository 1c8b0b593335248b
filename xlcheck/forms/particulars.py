"""The two sheets of a workbook that are no tables: the one that says who reports, and the one that says how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcheck.forms.draft import DraftCover, DraftGuide
from xlcheck.forms.outline import DrawnSheet
from xlcheck.model.cells import Cell, column_name
from xlcheck.model.labels import fold

_KNOWN = {
    "unit": "单位名称|(?:填报|报送|填表)(?:单位|部门|机关)|机关名称|机构名称|^单位$|^部门$",
    "code": "信用代码|机构代码",
    "year": "年度|年份",
    "filler": "填报人|填表人|经办人",
    "phone": "电话",
    "email": "邮箱|邮件",
    "date": "日期|时间",
}
_FIRST = 3
"""The title and the subtitle stand above the first entry."""


def cover_of(sheet: DrawnSheet) -> DraftCover | None:
    """The cover that a sheet is, if it asks for a unit and a year, one below the other; None where it is none."""
    for cell in sorted(sheet.cells):
        if _key(sheet, cell) != "unit":
            continue
        rows = list(_run(sheet, cell))
        keys = [_key(sheet, (row, cell[1])) for row in rows]
        if "year" not in keys or rows[0] + 1 < _FIRST:
            continue
        entries = tuple(
            (key if key and keys.index(key) == number else f"entry{number + 1}", sheet.cells[row, cell[1]].text.strip())
            for number, (row, key) in enumerate(zip(rows, keys, strict=True))
        )
        above = [sheet.cells[at].text for at in sorted(sheet.cells) if at[0] < rows[0] and sheet.cells[at].text]
        title, subtitle = (*above, "", "")[:2]
        columns = column_name(cell[1]), column_name(sheet.cells[cell].last[1] + 1)
        return DraftCover(sheet.name, title or sheet.name, subtitle, rows[0] + 1, columns, entries)
    return None


def _key(sheet: DrawnSheet, cell: Cell) -> str:
    drawn = sheet.cells.get(cell)
    text = fold(drawn.text) if drawn else ""
    return next((key for key, words in _KNOWN.items() if text and re.search(words, text)), "")


def _run(sheet: DrawnSheet, cell: Cell) -> Iterator[int]:
    """The rows around a label that have a label in its column, too, and something to fill in on the right of it."""
    top = bottom = cell[0]
    while _asks(sheet, (top - 1, cell[1])):
        top -= 1
    while _asks(sheet, (bottom + 1, cell[1])):
        bottom += 1
    return iter(range(top, bottom + 1))


def _asks(sheet: DrawnSheet, cell: Cell) -> bool:
    label = sheet.cells.get(cell)
    if label is None or not label.text:
        return False
    entry = sheet.cells.get((cell[0], label.last[1] + 1))
    return entry is not None and not (entry.locked if sheet.protected else entry.text)


def guide_of(sheet: DrawnSheet) -> DraftGuide | None:
    """The guide that a sheet is: nothing but texts, on a sheet that is called so; None where it is none."""
    texts = [drawn.text.rstrip() for _, drawn in sorted(sheet.cells.items()) if drawn.text.strip()]
    if "说明" not in fold(sheet.name) or not texts:
        return None
    return DraftGuide(sheet.name, texts[0], tuple(texts[1:]) or (texts[0],))
