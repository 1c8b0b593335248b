"""What the sheets of the template share: their looks, their page, and the words of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from xlcheck.drawing.look import HEI, SONG, GrowingSheet
from xlcheck.model import marks
from xlcheck.model.cells import Cell

_FANG = {"font_name": "仿宋", "font_family": 1, "font_charset": 134}
_RED = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
_ORANGE = {"bg_color": "#FFD8A8", "font_color": "#7F3F00"}
_GREEN = {"bg_color": "#C6EFCE", "font_color": "#006100"}
_BLANK = "#FFEFB0"
"""Of what can be typed into and is blank; filled it is as pale as all that can be typed into."""
_FIXED = "#F2F2F2"
"""Of fields that nobody types into."""
_A4 = 9


@dataclass(frozen=True, slots=True)
class TemplateStyles:
    """The formats of the template."""

    title: Format
    subtitle: Format
    label: Format
    field: Format
    fixed: Format
    hint: Format
    foot: Format
    entry_label: Format
    entry: Format
    required: Format
    check_label: Format
    check: Format
    left: Format
    status: Format
    note: Format
    signature: Format
    guide: Format
    red: Format
    orange: Format
    green: Format
    blank: Format


def styles_of(book: xlsxwriter.Workbook) -> TemplateStyles:
    """The formats, added to a workbook."""
    middle = {"valign": "vcenter", "text_wrap": True}
    boxed = {**SONG, **middle, "font_size": 10, "border": 1}
    entry = {**SONG, **middle, "font_size": 11, "border": 1}
    typed = {**entry, "locked": False, "num_format": "@", "indent": 1, "bg_color": f"#{marks.INPUT[2:]}"}
    made: dict[str, dict[str, Any]] = {
        "title": {**HEI, **middle, "font_size": 16, "align": "center"},
        "subtitle": {**_FANG, **middle, "font_size": 12, "align": "center"},
        "label": {**boxed, "align": "center"},
        "field": {**boxed, "align": "center", "locked": False, "bg_color": f"#{marks.INPUT[2:]}"},
        "fixed": {**boxed, "align": "center", "bg_color": _FIXED},
        "hint": {**SONG, **middle, "font_size": 9, "font_color": "#595959", "align": "center"},
        "foot": {**SONG, "font_size": 9, "valign": "vcenter"},
        "entry_label": {**entry, "align": "center"},
        "entry": typed,
        "required": {**SONG, "font_size": 9, "font_color": "#C00000", "valign": "vcenter"},
        "check_label": {**entry, "font_size": 10},
        "check": {**entry, "align": "center"},
        "left": {**entry, "font_size": 10, "indent": 1},
        "status": {**HEI, **middle, "font_size": 14, "align": "center", "border": 1},
        "note": {**typed, "valign": "top"},
        "signature": {**SONG, "font_size": 11, "valign": "bottom"},
        "guide": {**_FANG, "font_size": 12, "text_wrap": True, "valign": "top"},
        "red": _RED,
        "orange": _ORANGE,
        "green": _GREEN,
        "blank": {"bg_color": _BLANK},
    }
    return TemplateStyles(**{name: book.add_format(dict(look)) for name, look in made.items()})


def page_of(
    book: xlsxwriter.Workbook, name: str, last: Cell, first_column: int = 0, landscape: bool = False
) -> GrowingSheet:
    """A locked sheet that prints on one A4 page; the heights of its rows may be changed."""
    sheet: GrowingSheet = book.add_worksheet(name, GrowingSheet)
    sheet.protect("", {"select_locked_cells": True, "select_unlocked_cells": True, "format_rows": True})
    sheet.hide_gridlines(2)
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.55, right=0.55, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, first_column, *last)
    sheet.set_footer("&C第 &P 页，共 &N 页", {"margin": 0.3})
    return sheet


def put_merged(sheet: GrowingSheet, first: Cell, last: Cell, text: str, style: Format) -> None:
    """A text in a cell, or in several that are merged."""
    if first != last:
        sheet.merge_range(*first, *last, "", style)
    sheet.write_string(*first, text, style)
