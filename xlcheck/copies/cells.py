"""Cells changed in a worksheet part (ECMA-376 part 1, 18.3.1): those that are not there, and their rows, are put in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from xlcheck.copies.sheet import Sheet
from xlcheck.copies.splice import Element, Splice, appended, retagged
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.tuples import NamedTuple


class CellChange(NamedTuple):
    """What becomes of a cell."""

    style: int
    number: str | None = None
    """What it holds from now on; None leaves what it holds."""


def changed(sheet: Sheet, changes: Mapping[Cell, CellChange]) -> list[Splice]:
    """The edits that give cells another style and perhaps a number; cells and rows that are not there are put in."""
    edits: list[Splice] = []
    absent: dict[int, list[Cell]] = {}
    for cell, change in changes.items():
        if cell in sheet.cells:
            edits.append(_changed(sheet, sheet.cells[cell].element(sheet.data, 3), change))
        else:
            absent.setdefault(cell[0], []).append(cell)
    rows: list[tuple[int, bytes]] = []
    for row, cells in sorted(absent.items()):
        new = [(cell, _cell(sheet, cell, changes[cell])) for cell in sorted(cells)]
        if row in sheet.rows:
            edits += _in_row(sheet, row, new)
        else:
            rows.append((row, b"".join(xml for _, xml in new)))
    return [*edits, *_new_rows(sheet, rows)]


def _changed(sheet: Sheet, one: Element, change: CellChange) -> Splice:
    tag = sheet.data[one.start : one.inner]
    if change.number is None:
        return Splice(one.start, one.inner, retagged(tag, s=change.style))
    tag = retagged(tag, s=change.style, t=None)
    return Splice(one.start, one.end, _open(tag) + _value(sheet, change.number) + b"</%sc>" % sheet.prefix)


def _open(tag: bytes) -> bytes:
    return tag[:-2] + b">" if tag.endswith(b"/>") else tag


def _cell(sheet: Sheet, cell: Cell, change: CellChange) -> bytes:
    head = b'<%sc r="%s" s="%d"' % (sheet.prefix, cell_name(cell).encode("ascii"), change.style)
    if change.number is None:
        return head + b"/>"
    return b"%s>%s</%sc>" % (head, _value(sheet, change.number), sheet.prefix)


def _value(sheet: Sheet, number: str) -> bytes:
    return b"<%sv>%s</%sv>" % (sheet.prefix, number.encode("ascii"), sheet.prefix)


def _in_row(sheet: Sheet, number: int, new: list[tuple[Cell, bytes]]) -> Iterator[Splice]:
    """Put cells into a row that is there; what it says of its first and last cell may no longer be so."""
    row = sheet.rows[number].element(sheet.data, 2)
    tag = retagged(sheet.data[row.start : row.inner], spans=None)
    there = sorted((cell[1], one.start) for cell, one in sheet.cells.items() if row.inner <= one.start < row.close)
    at_end = b"".join(xml for cell, xml in new if not there or cell[1] > there[-1][0])
    for cell, xml in new:
        at = next((start for column, start in there if column > cell[1]), None)
        if at is not None:
            yield Splice(at, at, xml)
    if row.inner == row.end:
        yield Splice(row.start, row.end, b"%s%s</%srow>" % (_open(tag), at_end, sheet.prefix))
    else:
        yield Splice(row.start, row.inner, tag)
        yield Splice(row.close, row.close, at_end)


def _new_rows(sheet: Sheet, rows: list[tuple[int, bytes]]) -> Iterator[Splice]:
    """Put rows before the first that comes later, or behind all; `rows` are ascending, with their cells."""
    last: list[bytes] = []
    known = sorted(sheet.starts)
    for row, cells in rows:
        xml = b'<%srow r="%d">%s</%srow>' % (sheet.prefix, row + 1, cells, sheet.prefix)
        later = bisect_right(known, row)
        if later == len(known):
            last.append(xml)
        else:
            yield Splice(at := sheet.starts[known[later]], at, xml)
    data = sheet.first("sheetData")
    if last and data:
        yield from appended(sheet.data, data, b"".join(last))
    elif last:
        at = sheet.behind("sheetData")
        yield Splice(at, at, b"<%ssheetData>%s</%ssheetData>" % (sheet.prefix, b"".join(last), sheet.prefix))
