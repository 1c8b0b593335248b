"""Columns of a hair's width are none."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlcheck.reading.documents.found import FoundCell
from xlcheck.reading.documents.slivers import without_slivers

_TD = etree.Element("td")


def cells(*rows: tuple[tuple[int, int], ...]) -> list[FoundCell]:
    """Cells of rows of columns and spans."""
    return [FoundCell(number, column, 1, span, _TD) for number, row in enumerate(rows) for column, span in row]


def spots(found: object) -> list[tuple[int, int, int]]:
    """Rows, columns and spans."""
    assert isinstance(found, list)
    return [(cell.row, cell.column, cell.columns) for cell in found]


def test_edges_that_miss_each_other_by_a_hair_are_one() -> None:
    found = without_slivers(cells(((0, 1), (1, 2)), ((0, 2), (2, 1))), [700, 1, 699])
    assert spots(found) == [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)]


def test_a_cell_of_a_hairs_width_keeps_its_column() -> None:
    before = cells(((0, 1), (1, 1), (2, 1)))
    assert without_slivers(before, [700, 1, 699]) is before


def test_widths_that_tell_nothing_change_nothing() -> None:
    before = cells(((0, 1), (1, 2)))
    assert without_slivers(before, [700]) is before
    assert without_slivers(before, []) is before
    assert without_slivers([], [1]) == []


@given(st.lists(st.integers(400, 3000), min_size=1, max_size=12), st.data())
def test_rows_whose_edges_are_moved_by_a_hair_are_read_as_before(widths: list[int], data: st.DataObject) -> None:
    edges = [sum(widths[:number]) for number in range(len(widths) + 1)]
    rows = [
        [edge + data.draw(st.integers(-15, 15)) if 0 < edge < edges[-1] else edge for edge in edges] for _ in range(3)
    ]
    grid = sorted({edge for row in rows for edge in row})
    moved = cells(*(tuple((grid.index(a), grid.index(b) - grid.index(a)) for a, b in pairwise(row)) for row in rows))
    found = without_slivers(moved, [b - a for a, b in pairwise(grid)])
    assert [(cell.column, cell.columns) for cell in found] == [(number, 1) for number in range(len(widths))] * 3
