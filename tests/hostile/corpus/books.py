"""Small filled workbooks of the form in three formats, written byte by byte: the same on every machine.

They hold what is read and no more, so that what is hostile in them stands out.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from tests.hostile import makers as hostile
from tests.making.filling import COVER, clean_values, form
from tests.making.grids import Grid, drawn
from xlcheck.model.cells import Cell, cell_name, parse_cell


class Xml(NamedTuple):
    """A cell as it stands in the file: its content, and its attributes besides the reference."""

    inner: str
    attributes: str = ""


Book = dict[str, Grid]


def book(**changes: Any) -> Book:
    """A clean workbook of the form with `changes`: of fields by key, with ``__`` for the dots."""
    values = {**clean_values(), **{key.replace("__", "."): value for key, value in changes.items()}}
    cover = form().cover
    front: Grid = [["" for _ in range(10)] for _ in range(40)]
    for entry in cover.entries:
        _set(front, entry.label.cell, entry.label.text)
        _set(front, entry.cell, COVER.get(entry.key, ""))
    if cover.notes is not None:
        for head in cover.notes.heads:
            _set(front, head.cell, head.text)
    tables = {table.sheet: drawn(table, values.__getitem__) for table in form().tables}
    return {cover.sheet: front, **tables}


def put(made: Book, cells: Mapping[str, Any]) -> Book:
    """The same workbook with some cells changed; `cells` by address as ``主动公开!B4``."""
    for address, value in cells.items():
        sheet, _, cell = address.rpartition("!")
        _set(made.setdefault(sheet, []), parse_cell(cell), value)
    return made


def _set(grid: Grid, cell: Cell, value: Any) -> None:
    row, column = cell
    while len(grid) <= row:
        grid.append([])
    grid[row] += [""] * (column + 1 - len(grid[row]))
    grid[row][column] = value


def cover_cells() -> dict[str, str]:
    """The addresses of the cover's entries, by key."""
    cover = form().cover
    return {entry.key: f"{cover.sheet}!{cell_name(entry.cell)}" for entry in cover.entries}


def note_cells(line: int) -> tuple[str, str]:
    """The addresses of a line of 情况说明: which warning, and why."""
    cover = form().cover
    assert cover.notes is not None
    about, text = cover.notes.cells[line]
    return f"{cover.sheet}!{cell_name(about)}", f"{cover.sheet}!{cell_name(text)}"


# --- xlsx ------------------------------------------------------------------------------------------------------------


def xlsx(made: Book, **more: str | bytes) -> bytes:
    """As an .xlsx; `more` are members, ``xl__styles.xml`` is xl/styles.xml."""
    return hostile.pack(xlsx_parts(made) | {name.replace("__", "/"): content for name, content in more.items()})


def xlsx_parts(made: Book) -> dict[str, str | bytes]:
    """The members of the .xlsx; sheet after sheet they are sheet1.xml and so on."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(made, 1)
    )
    links = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(made) + 1)]
    parts = hostile.parts(book=hostile.workbook(sheets=listed), links=hostile.relationships(*links))
    del parts["xl/sharedStrings.xml"], parts[hostile.SHEET]
    parts["[Content_Types].xml"] = content_types(len(made))
    for number, grid in enumerate(made.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = hostile.sheet(_rows(grid))
    return parts


def content_types(sheets: int, more: str = "") -> str:
    """The content types of a workbook of so many sheets."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}"/>'
        for number in range(2, sheets + 1)
    )
    types = hostile.content_types()
    strings = types.index('<Override PartName="/xl/sharedStrings.xml"')
    return f"{types[:strings]}{listed}{more}</Types>"


def _rows(grid: Grid) -> str:
    return "".join(
        hostile.row(r + 1, "".join(_xlsx_cell(cell_name((r, c)), value) for c, value in enumerate(row) if value != ""))
        for r, row in enumerate(grid)
        if any(value != "" for value in row)
    )


def _xlsx_cell(ref: str, value: Any) -> str:
    if isinstance(value, Xml):
        return f'<c r="{ref}" {value.attributes}>{value.inner}</c>'
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return hostile.cell(ref, repr(value))


# --- ods -------------------------------------------------------------------------------------------------------------


def ods(made: Book) -> bytes:
    """As an .ods."""
    first, *others = (
        f"<table:table table:name={quoteattr(name)}>" + "".join(_ods_row(row) for row in grid) + "</table:table>"
        for name, grid in made.items()
    )
    empty = '<table:table table:name="表"></table:table>'
    return hostile.ods(content=hostile.ods_content("", "".join(others)).replace(empty, first))


def _ods_row(row: list[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row)) or '<table:table-cell/>'}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if isinstance(value, Xml):
        return f"<table:table-cell {value.attributes}>{value.inner}</table:table-cell>"
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return hostile.ods_text(escape(value))
    return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'


# --- xls -------------------------------------------------------------------------------------------------------------


def xls(made: Book) -> bytes:
    """As an .xls ([MS-XLS])."""
    bodies = [hostile.bof(16) + b"".join(xls_rows(grid)) + hostile.record(0x0A) for grid in made.values()]

    def head(places: list[int]) -> bytes:
        listed = (
            hostile.record(0x85, struct.pack("<L4B", place, 0, 0, len(name), 1) + name.encode("utf-16-le"))
            for name, place in zip(made, places, strict=True)
        )
        return hostile.bof(5) + hostile.record(0x42, b"\xb0\x04") + b"".join(listed) + hostile.record(0x0A)

    at = len(head([0] * len(bodies)))
    places = [at + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    return bytes(hostile.ole({"Workbook": head(places) + b"".join(bodies)}))


def xls_rows(grid: Grid) -> list[bytes]:
    """The records of a grid's cells."""
    return [
        _xls_cell(r, c, value)
        for r, row in enumerate(grid)
        for c, value in enumerate(row)
        if not isinstance(value, str) or value
    ]


def _xls_cell(row: int, column: int, value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        raw = value.encode("utf-16-le")
        return hostile.record(0x204, struct.pack("<4HB", row, column, 0, len(raw) // 2, 1) + raw)
    return hostile.number(row, column, float(value))
