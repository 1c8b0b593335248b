"""Rows of cells laid out as browsers lay out a table (HTML, 4.9.12): what spans takes room in rows below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from lxml import etree

from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import too_much
from xlcheck.model.tuples import NamedTuple

_T = TypeVar("_T")
_SPAN = re.compile(r"\s*\+?([0-9]{1,9})")
_WIDEST = 1_000
"""Columns that browsers let a cell span."""


class Reach(NamedTuple):
    """How many rows and columns a cell spans; 0 rows for all that are left."""

    rows: int
    columns: int


def spans(element: etree._Element) -> Reach:
    """What a cell says of itself."""
    return Reach(_span(element.get("rowspan"), 0), max(1, min(_span(element.get("colspan"), 1), _WIDEST)))


def _span(text: str | None, least: int) -> int:
    found = _SPAN.match(text or "1")
    return max(least, int(found[1])) if found else 1


class Slot(NamedTuple):
    """Where a cell stands, and what it covers."""

    row: int
    column: int
    rows: int
    columns: int


def laid(groups: Sequence[Sequence[Sequence[tuple[_T, Reach]]]]) -> Iterator[tuple[_T, Slot]]:
    """Each cell with its place, in the order of their rows.

    Args:
        groups: heads, bodies and feet, each with its rows of cells; no cell reaches beyond its group.

    Raises:
        Refused: F104 the cells cover more than any table of the form does.
    """
    found: list[tuple[_T, Slot]] = []
    first = area = 0
    for group in groups:
        taken = [0] * len(group)
        for below, row in enumerate(group):
            column = 0
            for cell, span in row:
                while taken[below] >> column & 1:
                    column += 1
                left = len(group) - below
                slot = Slot(first + below, column, min(span.rows or left, left), span.columns)
                for line in range(below, below + slot.rows):
                    taken[line] |= ((1 << slot.columns) - 1) << column
                area += slot.rows
                if column > LIMITS.document_columns or area > LIMITS.area:
                    raise too_much("表格的行列过多")
                found.append((cell, slot))
                column += slot.columns
        first += len(group)
    return _narrowed(found)


def _narrowed(found: list[tuple[_T, Slot]]) -> Iterator[tuple[_T, Slot]]:
    """Columns in which no cell begins are no columns: a title may span a hundred."""
    width = max((slot.column for _, slot in found), default=0) + 1
    for cell, slot in found:
        yield cell, slot._replace(columns=max(1, min(slot.columns, width - slot.column)))
