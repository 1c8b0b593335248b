"""Cells changed in a worksheet part (ECMA-376 part 1, 18.3.1): those that are not there, and their rows, are put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xlcheck.copies.sheet import Sheet
from xlcheck.copies.splice import Edit, Element, appended, retagged
from xlcheck.form import Cell, cell_name


class Change(NamedTuple):
    """What becomes of a cell."""

    style: int
    number: str | None = None
    """What it holds from now on; None leaves what it holds."""


def changed(sheet: Sheet, changes: Mapping[Cell, Change]) -> list[Edit]:
    """The edits that give cells another style and perhaps a number; cells and rows that are not there are put in."""
    edits: list[Edit] = []
    absent: dict[int, list[Cell]] = {}
    for cell, change in changes.items():
        if cell in sheet.cells:
            edits.append(_changed(sheet, sheet.cells[cell].element(sheet.data, 3), change))
        else:
            absent.setdefault(cell[0], []).append(cell)
    for row, cells in absent.items():
        new = [(cell, _cell(sheet, cell, changes[cell])) for cell in sorted(cells)]
        edits += _in_row(sheet, row, new) if row in sheet.rows else _new_row(sheet, row, new)
    return edits


def _changed(sheet: Sheet, one: Element, change: Change) -> Edit:
    tag = sheet.data[one.start : one.inner]
    if change.number is None:
        return Edit(one.start, one.inner, retagged(tag, s=change.style))
    tag = retagged(tag, s=change.style, t=None)
    return Edit(one.start, one.end, _open(tag) + _value(sheet, change.number) + b"</%sc>" % sheet.prefix)


def _open(tag: bytes) -> bytes:
    return tag[:-2] + b">" if tag.endswith(b"/>") else tag


def _cell(sheet: Sheet, cell: Cell, change: Change) -> bytes:
    head = b'<%sc r="%s" s="%d"' % (sheet.prefix, cell_name(cell).encode("ascii"), change.style)
    if change.number is None:
        return head + b"/>"
    return b"%s>%s</%sc>" % (head, _value(sheet, change.number), sheet.prefix)


def _value(sheet: Sheet, number: str) -> bytes:
    return b"<%sv>%s</%sv>" % (sheet.prefix, number.encode("ascii"), sheet.prefix)


def _in_row(sheet: Sheet, number: int, new: list[tuple[Cell, bytes]]) -> Iterator[Edit]:
    """Put cells into a row that is there; what it says of its first and last cell may no longer be so."""
    row = sheet.rows[number].element(sheet.data, 2)
    tag = retagged(sheet.data[row.start : row.inner], spans=None)
    there = sorted((cell[1], one.start) for cell, one in sheet.cells.items() if row.inner <= one.start < row.close)
    at_end = b"".join(xml for cell, xml in new if not there or cell[1] > there[-1][0])
    for cell, xml in new:
        at = next((start for column, start in there if column > cell[1]), None)
        if at is not None:
            yield Edit(at, at, xml)
    if row.inner == row.end:
        yield Edit(row.start, row.end, b"%s%s</%srow>" % (_open(tag), at_end, sheet.prefix))
    else:
        yield Edit(row.start, row.inner, tag)
        yield Edit(row.close, row.close, at_end)


def _new_row(sheet: Sheet, row: int, new: list[tuple[Cell, bytes]]) -> Iterable[Edit]:
    xml = b'<%srow r="%d">%s</%srow>' % (sheet.prefix, row + 1, b"".join(xml for _, xml in new), sheet.prefix)
    later = min((start for number, start in sheet.starts.items() if number > row), default=None)
    if later is not None:
        return [Edit(later, later, xml)]
    data = sheet.first("sheetData")
    return appended(sheet.data, data, xml) if data else [Edit(at := sheet.behind("sheetData"), at, b"<%ssheetData>%s</%ssheetData>" % (sheet.prefix, xml, sheet.prefix))]  # fmt: skip
