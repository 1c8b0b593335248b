"""Long tables of a workbook: whole rows at a time, over as many sheets as they need, ready to be printed (XlsxWriter).

XlsxWriter takes some 15 µs for each cell that it is given; a row written at once takes about 1 µs for each of its cells.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from html import escape
from typing import Any, BinaryIO
from urllib.parse import quote

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from xlcheck.drawing.look import breadth, lines
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple

MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""

MOST_LINKS = 65_530
"""Links that Excel takes on one sheet."""

LONGEST_LINK = 2_079
"""Characters that Excel takes for one link, in UTF-16 units."""

LONGEST_TEXT = 1_000
"""Characters of a text that are shown; Excel takes 32,767, and nobody reads them."""
_LOOKED_AT = 4 * LONGEST_TEXT

FONT: Mapping[str, Any] = {"font_name": "宋体", "font_family": 1, "font_charset": 134}
_BOXED = {**FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "head": {**_BOXED, "bold": True, "align": "center", "bg_color": "#D9E1F2"},
    "text": _BOXED,
    "middle": {**_BOXED, "align": "center"},
    "link": {**_BOXED, "font_color": "#0563C1", "underline": 1},
    "total": {**_BOXED, "bold": True, "align": "center", "bg_color": "#F2F2F2"},
}

_A4 = 9
_PAGE_WIDTH = 150.0
"""How many characters of width are still readable on one A4 page across."""

_LINE = 14.0
"""Points from line to line."""
_HIGHEST = 400.0
"""Points of a row; Excel takes 409."""

CellValue = str | int | None
"""What a cell holds; None and an empty text are blank."""


class _Link(Url):  # type: ignore[misc]
    """A link whose target stays as it is: XlsxWriter would make backslashes of slashes, which no URI has (RFC 3986)."""

    def __init__(self, target: str) -> None:
        super().__init__("external:.")
        self._reference = target

    def _target(self) -> str:
        return self._reference


class RowWriter(Worksheet):  # type: ignore[misc]
    """A worksheet of a workbook in ``constant_memory`` mode that takes whole rows."""

    def put(self, number: int, cells: Sequence[CellValue], frames: Sequence[_Frame]) -> None:
        """Write row `number`, from 0, as high as its texts need; rows come in their order, and texts stay texts."""
        if self.table:
            self._write_single_row(number)  # what was written cell by cell above
        self.dim_rowmax = number
        place, full = number + 1, 1.0
        pieces = [""]
        for value, (begin, blank, count, text, width) in zip(cells, frames, strict=True):
            said, wide = _said(value[:_LOOKED_AT]) if isinstance(value, str) else ("", 0.0)
            if said:
                pieces.append(f"{begin}{place}{text}{said}</t></is></c>")
                if wide > width * full:
                    full = wide / width
            elif isinstance(value, int):
                pieces.append(f"{begin}{place}{count}{value}</v></c>")
            else:
                pieces.append(f"{begin}{place}{blank}")
        pieces[0] = f'<row r="{place}" ht="{min(_HIGHEST, _LINE * lines(full) + 4)}" customHeight="1">'
        pieces.append("</row>")
        self.row_data_fh.write("".join(pieces))

    def link(self, row: int, column: int, target: str) -> None:
        """Lay a link over a cell that :meth:`put` writes."""
        self.ignore_write_string = True
        self.write_url(row, column, _Link(target))
        self.ignore_write_string = False


_Frame = tuple[str, str, str, str, float]
"""XML around a cell's value: before the number of its row, after it for a blank, a number, a text; the column's width."""


def _frame(number: int, column: Column, style: Format) -> _Frame:
    begin, rest = f'<c r="{xl_col_to_name(number)}', f'" s="{style._get_xf_index()}"'
    return begin, f"{rest}/>", f"{rest}><v>", f'{rest} t="inlineStr"><is><t>', column.width


_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What would be read as the escape of another character (ISO/IEC 29500-1, 22.9.2.19)."""


@lru_cache(maxsize=1024)
def _said(text: str) -> tuple[str, float]:
    """A text as XML, and how wide it is; most texts come back many times."""
    text = shown_text(text)
    return _escaped(text), breadth(text)


def _escaped(text: str) -> str:
    return _ESCAPE.sub("_x005F_", escape(text, quote=False))


def inline_text(text: str) -> str:
    """A clean text of any length as what stands in an ``is`` element, its blanks kept; empty for an empty one."""
    return f'<t xml:space="preserve">{_escaped(text)}</t>' if text else ""


def shown_text(text: str) -> str:
    """A text as it stands in a cell: on one line, without what steers, and not without end."""
    text = clean(text[:_LOOKED_AT]).strip()
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}……（后略）"


_ASCII = re.compile(r"[\x00-\x7f]+")


def link_target(path: str) -> str | None:
    """A relative path with slashes as a URI reference; None if no link can be made of it.

    Only ASCII is escaped: Windows takes escapes of other characters in links to files for those of its own code page. A
    backslash or a colon could make another computer's address of a name.
    """
    if not path or path.startswith("/") or "\\" in path or ":" in path or clean(path) != path:
        return None
    target = _ASCII.sub(lambda match: quote(match[0], safe="/!$&'()*+,;=@~"), path)
    return target if len(target.encode("utf-16-le")) <= 2 * LONGEST_LINK else None


class Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook whose rows go to disk at once."""

    def __init__(self, target: BinaryIO, folder: str, title: str, created: datetime.datetime) -> None:
        """Begin a workbook.

        Args:
            target: where :meth:`close` writes it.
            folder: where the rows are kept until then.
            title: what it is, for its properties.
            created: for its properties; XlsxWriter would take the clock.
        """
        super().__init__(target, {"constant_memory": True, "tmpdir": folder})
        self.use_zip64()
        self.set_properties({"title": title, "created": created})
        self.looks: Mapping[str, Format] = {name: self.add_format(dict(look)) for name, look in _LOOKS.items()}

    def add_sheet(self, name: str, title: str) -> RowWriter:
        """A worksheet that prints on A4, across, under its title."""
        sheet: RowWriter = self.add_worksheet(name, RowWriter)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
        sheet.set_header(f'&C&"黑体,Regular"&14审核汇总：{title}', {"margin": 0.35})
        sheet.set_footer("&C第 &P 页，共 &N 页", {"margin": 0.3})
        return sheet

    def discard(self) -> None:
        """Let go of what was written so far; nothing reaches the target."""
        for sheet in self.worksheets():
            with suppress(OSError):
                sheet.row_data_fh.close()


class Column(NamedTuple):
    """One column of a table."""

    head: str
    width: float
    """In characters."""
    look: str = "text"
    """``text``, ``middle`` for short things, or ``link``."""
    colours: Mapping[str, Format] = {}
    """Formats of cells that hold just these texts."""


class ListTable:
    """A table with a head, a grid and a filter; what one sheet does not hold goes on on the next one."""

    def __init__(
        self,
        book: Book,
        name: str,
        columns: Sequence[Column],
        rows: int,
        *,
        total: bool = False,
        frozen: int = 1,
        height: float = 24,
    ) -> None:
        """Begin a table; its sheets are made at once, so that they stand in their order.

        Args:
            book: where it stands.
            name: of the first sheet; further ones are called ``name 2`` and so on.
            columns: from the left.
            rows: how many :meth:`add` will write.
            total: whether :meth:`total` will write one more.
            frozen: how many columns stay when others are scrolled.
            height: that of the head.
        """
        self._columns = columns
        self._frames = [_frame(number, column, book.looks[column.look]) for number, column in enumerate(columns)]
        self._total = [_frame(number, column, book.looks["total"]) for number, column in enumerate(columns)]
        self._next = 0
        self._sheets = []
        for page in range(max(1, -(-(rows + total) // MOST_ROWS))):
            sheet = book.add_sheet(f"{name} {page + 1}" if page else name, name)
            self._draw(sheet, book.looks["head"], frozen, height)
            self._finish(sheet, min(max(rows - page * MOST_ROWS, 1), MOST_ROWS))
            self._sheets.append(sheet)

    def _draw(self, sheet: RowWriter, head: Format, frozen: int, height: float) -> None:
        for number, column in enumerate(self._columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.head, head)
        sheet.set_row(0, height)
        sheet.freeze_panes(1, frozen)
        sheet.repeat_rows(0)
        pages = max(1, round(sum(column.width for column in self._columns) / _PAGE_WIDTH))
        sheet.fit_to_pages(pages, 0)
        if pages > 1:
            sheet.repeat_columns(0, frozen - 1)

    def _finish(self, sheet: RowWriter, last: int) -> None:
        sheet.autofilter(0, 0, last, len(self._columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, last, len(self._columns) - 1)})
        for number, column in enumerate(self._columns):
            for text, style in column.colours.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": style}
                sheet.conditional_format(1, number, last, number, rule)

    @property
    def takes_links(self) -> bool:
        """Whether the sheet of the next row takes one more link."""
        return bool(self._sheets[self._next // MOST_ROWS].hlink_count < MOST_LINKS)

    def add(self, cells: Sequence[CellValue], link: tuple[int, str] | None = None) -> None:
        """Write the next row, and lay a link (column, target) over one of its cells."""
        self._put(cells, self._frames)
        if link:
            page, row = divmod(self._next - 1, MOST_ROWS)
            self._sheets[page].link(row + 1, *link)

    def total(self, cells: Sequence[CellValue]) -> None:
        """Write the last row, below what the filter takes."""
        self._put(cells, self._total)

    def _put(self, cells: Sequence[CellValue], frames: Sequence[_Frame]) -> None:
        page, row = divmod(self._next, MOST_ROWS)
        self._sheets[page].put(row + 1, cells, frames)
        self._next += 1
