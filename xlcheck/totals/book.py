"""A total as a workbook: the official form filled with the sums, and a sheet that tells who gave what (XlsxWriter).

Beyond some thousand units that sheet is too large for a workbook that is handed in. Then it only names the units, and
their numbers stand in a workbook of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlcheck.drawing.formulas import reference
from xlcheck.drawing.look import HEI, SONG, drawn, must, text_height
from xlcheck.drawing.streamed import StreamedSheet
from xlcheck.drawing.template import render
from xlcheck.model import marks
from xlcheck.model.cells import cell_name
from xlcheck.model.form import Field
from xlcheck.model.numbers import FINEST, exact
from xlcheck.model.text import clean, literal
from xlcheck.totals.columns import LEFT, LEFT_WIDTHS, LEVELS, SCALE, FieldColumn, columns_of, runs_of
from xlcheck.totals.room import names_left_out
from xlcheck.totals.selection import kinds_left_out
from xlcheck.totals.sums import Total, fits
from xlcheck.totals.unit_rows import RowLooks, number_format, unit_rows

UNNAMED = "各单位汇总"
"""What a total is called that nobody gave a name."""

_HEIGHTS = (20, 44, 30, 30)
_TOP = 2
_SUM = _TOP + len(LEVELS)
_HEADS = _SUM + 1
"""The rows of the fields' heads, of the sums, and of the heads that the filter works on; the units stand below."""
_A4 = 9
_MERGED = 200
"""Of more reasons than these none gets a merged range of its own, of which a workbook may hold only so many."""

_PLAIN = {**SONG, "font_size": 10, "valign": "vcenter"}
_BOX = {**_PLAIN, "border": 1, "border_color": "#BFBFBF"}
_MIDDLE = {**_BOX, "align": "center"}
_HEAD = {**_BOX, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E1F2"}
_BOLD = {**_BOX, "bold": True, "bg_color": "#F2F2F2"}
_GAP = {"bg_color": f"#{marks.AMBER[2:]}"}
_BAD = {"bg_color": f"#{marks.RED[2:]}", "font_color": "#9C0006"}


def book(total: Total, unit: str, code: str = "", apart: str = "") -> bytes:
    """The official workbook with the sums, and the sheet of who gave what.

    Args:
        total: what was added up.
        unit: 单位名称 on the cover.
        code: 统一社会信用代码 on the cover.
        apart: the name of the workbook with the units' numbers, where they stand apart.
    """
    cover = {"unit": clean(unit), "code": clean(code), "year": str(total.year)}
    fields = () if apart else total.form.fields
    return render(total.form, cover, total.values, more=lambda book: _Sheet(book, total, unit, fields, apart).draw())


def numbers_book(total: Total, unit: str) -> bytes:
    """A workbook with nothing but the sheet of who gave what; for totals that are not small (totals/room.py)."""
    with tempfile.TemporaryDirectory() as folder:
        return drawn(
            lambda book: _Sheet(book, total, unit, total.form.fields, "").draw(),
            marks.TOTAL_TITLE,
            total.form.title,
            folder,
        )


class _Sheet:
    """The sheet of who gave what."""

    def __init__(self, book: xlsxwriter.Workbook, total: Total, unit: str, fields: Sequence[Field], apart: str) -> None:
        self._book = book
        self._sheet: StreamedSheet = book.add_worksheet(marks.TOTAL_SHEET, StreamedSheet)
        self._format: Callable[[Mapping[str, Any]], Format] = _formats(book)
        self._total, self._unit, self._apart = total, unit, apart
        self._below = not apart or names_left_out(total)
        self._columns = columns_of(total, fields)
        self._last = _HEADS + len(total.contributions)

    def draw(self) -> None:
        """Draw all of it."""
        self._set_up()
        self._draw_top()
        self._draw_heads()
        self._draw_sums()
        self._sheet.stream(_HEADS + 1, len(self._total.contributions), self._units())
        row = self._draw_too_long(self._last + 2)
        if self._below:
            row = self._draw_left_out(row)
        self._print_apart(row)

    def _units(self) -> Iterator[str]:
        """The rows of the units, made one at a time."""
        numbers = (number for one in self._total.contributions for number in one.numbers) if self._columns else ()
        places = {number_format(number) for number in numbers if number is not None and not isinstance(number, int)}
        looks = RowLooks(
            text=self._index(_BOX),
            middle=self._index(_MIDDLE),
            bad=self._index({**_MIDDLE, **_BAD}),
            gaps=self._index({**_MIDDLE, **_GAP}),
            blank=self._index({**_BOX, **_GAP}),
            whole=self._index({**_BOX, "num_format": "0"}),
            places={place: self._index({**_BOX, "num_format": place}) for place in sorted(places)},
        )
        return unit_rows(self._total.contributions, len(self._columns), _HEADS + 2, looks)

    def _index(self, look: Mapping[str, Any]) -> int:
        return int(self._format(look)._get_xf_index())

    def _set_up(self) -> None:
        sheet = self._sheet
        allowed = ("autofilter", "format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
        sheet.hide_gridlines(2)
        sheet.freeze_panes(_HEADS + 1, 2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.set_print_scale(SCALE)
        sheet.print_across()
        sheet.repeat_rows(_TOP, _HEADS)
        sheet.repeat_columns(0, 1)
        for column, width in enumerate((*LEFT_WIDTHS, *(column.width for column in self._columns))):
            sheet.set_column(column, column, width)
        pairs = zip(self._columns, self._columns[1:], strict=False)
        sheet.set_v_pagebreaks([after.at for before, after in pairs if after.page != before.page])
        sheet.autofilter(_HEADS, 0, self._last, LEFT + len(self._columns) - 1)

    # --- above the units ---------------------------------------------------------------------------------------------

    def _draw_top(self) -> None:
        total, sheet = self._total, self._sheet
        gaps = sum(1 for one in total.contributions if one.gaps)
        where = "表后" if self._below else f"“{clean(self._apart)}”"
        said = [
            f"{clean(self._unit)}　{total.year} 年　汇总 {len(total.contributions)} 个单位",
            f"没有汇总的 {len(total.left_out)} 项，列在{where}{kinds_left_out(total.left_out)}"
            if total.left_out
            else "",
            f"{gaps} 个单位有空着或填写有误的格（标黄），没有计入合计" if gaps else "",
            f"超过 15 位有效数字的合计 {len(total.too_long)} 格，列在表后" if total.too_long else "",
            f"各单位的数另存在“{clean(self._apart)}”" if self._apart else "",
        ]
        sheet.set_row(0, 30)
        sheet.set_row(1, 20)
        title = self._format({**HEI, "font_size": 16, "valign": "vcenter"})
        sheet.write_string(0, 0, marks.TOTAL_TITLE, title)
        sheet.write_string(1, 0, "；".join(filter(None, said)), self._format({**SONG, "font_size": 11}))

    def _draw_heads(self) -> None:
        sheet, head = self._sheet, self._format(_HEAD)
        for level, name in enumerate(LEVELS) if self._columns else ():
            row = _TOP + level
            sheet.set_row(row, _HEIGHTS[level])
            self._name(row, name, _HEAD)
            for text, first, last in runs_of(self._columns, level):
                _merge(sheet, row, first, last, text, head)
        sheet.set_row(_HEADS, 20)
        for column, name in enumerate(marks.TOTAL_HEADS):
            sheet.write_string(_HEADS, column, name, head)
        for one in self._columns:
            sheet.write_string(_HEADS, one.at, cell_name(one.field.cell), head)

    def _draw_sums(self) -> None:
        if not self._columns:
            return
        sheet = self._sheet
        sheet.set_row(_SUM, 22)
        self._name(_SUM, "合计", _BOLD)
        for one in self._columns:
            number = one.number
            if number is None:
                sheet.write_blank(_SUM, one.at, None, self._format({**_BOLD, **_GAP}))
            elif not fits(number):
                sheet.write_string(_SUM, one.at, exact(number), self._format({**_BOLD, **_BAD, "align": "right"}))
            else:
                look = self._format({**_BOLD, "num_format": number_format(number)})
                value = number if isinstance(number, int) else float(number)
                must(sheet.write_formula(_SUM, one.at, self._formula(one), look, value))

    def _name(self, row: int, name: str, look: Mapping[str, Any]) -> None:
        """Say what stands in a row, in the columns that stay in sight."""
        _merge(self._sheet, row, 0, 1, name, self._format({**look, "align": "right", "indent": 1}))
        _merge(self._sheet, row, 2, LEFT - 1, "", self._format(look))

    def _formula(self, column: FieldColumn) -> str:
        units = reference("", (_HEADS + 1, column.at), (self._last, column.at), "")
        # Amounts may carry binary noise; none is finer than a fen.
        places = -int(FINEST.as_tuple().exponent)
        return f"=SUM({units})" if column.field.whole else f"=ROUND(SUM({units}),{places})"

    # --- below the units ---------------------------------------------------------------------------------------------

    def _draw_too_long(self, row: int) -> int:
        """The exact sums that no cell can hold; answers the next free row."""
        if not self._total.too_long:
            return row
        self._caption(row, "超过 15 位有效数字的合计：表格软件存不下，官方表里的是近似数，准确的数如下")
        for number, (field, exactly) in enumerate(self._total.too_long, start=1):
            self._sheet.write_string(row + number, 1, f"{field.address} {field.says}", self._format(_PLAIN))
            self._sheet.write_string(row + number, 3, exact(exactly), self._format({**_PLAIN, "bold": True}))
        return row + len(self._total.too_long) + 2

    def _draw_left_out(self, row: int) -> int:
        """What was left out, and why; answers the next free row."""
        if not self._total.left_out:
            return row
        self._caption(row, "没有汇总的")
        looks = (_HEAD, _BOX, {**_BOX, "text_wrap": True}, _PLAIN)
        head, text, reason, plain = map(self._format, looks)
        # Reasons stay on the first of the pages side by side.
        last = self._first_page
        width = sum(LEFT_WIDTHS[4:]) + sum(one.width for one in self._columns if one.page == 0)
        # Nothing in the first column: what is numbered there is added up.
        for column, name in enumerate(marks.TOTAL_HEADS[1:4], start=1):
            self._sheet.write_string(row + 1, column, name, head)
        _merge(self._sheet, row + 1, 4, last, "原因", head)
        for below, one in enumerate(self._total.left_out, start=row + 2):
            for column, said in enumerate((one.unit, one.code, one.path), start=1):
                self._text(below, column, said, text)
            said = literal(clean(one.reason))
            if len(self._total.left_out) > _MERGED:
                self._text(below, 4, said, plain)
            else:
                self._sheet.set_row(below, max(15.0, text_height(said, width, 10)))
                _merge(self._sheet, below, 4, last, said, reason)

        return row + 2 + len(self._total.left_out)

    def _print_apart(self, end: int) -> None:
        """What stands below the units is printed on its own, and not again on each of the pages side by side."""
        if not self._columns or end <= self._last + 2:
            return
        areas = (
            reference(marks.TOTAL_SHEET, (0, 0), (self._last, self._columns[-1].at)),
            reference(marks.TOTAL_SHEET, (self._last + 2, 0), (end - 1, self._first_page)),
        )
        must(self._book.define_name(f"'{marks.TOTAL_SHEET}'!_xlnm.Print_Area", f"={','.join(areas)}"))

    @property
    def _first_page(self) -> int:
        """The last column of the first of the pages side by side."""
        return max((one.at for one in self._columns if one.page == 0), default=LEFT - 1)

    def _text(self, row: int, column: int, text: str, style: Format) -> None:
        """A stranger's text."""
        said = literal(clean(text))
        if said:
            self._sheet.write_string(row, column, said, style)
        else:
            self._sheet.write_blank(row, column, None, style)

    def _caption(self, row: int, text: str) -> None:
        self._sheet.write_string(row, 1, text, self._format({**HEI, "font_size": 12}))


def _formats(book: xlsxwriter.Workbook) -> Callable[[Mapping[str, Any]], Format]:
    """Makes each look a format once."""
    made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format_of(look: Mapping[str, Any]) -> Format:
        key = tuple(look.items())
        if key not in made:
            made[key] = book.add_format(dict(look))
        return made[key]

    return format_of


def _merge(sheet: Worksheet, row: int, first: int, last: int, text: str, style: Format) -> None:
    if first != last:
        sheet.merge_range(row, first, row, last, text, style)
    elif text:
        sheet.write_string(row, first, text, style)
    else:
        sheet.write_blank(row, first, None, style)
