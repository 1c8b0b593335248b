"""What the cells of a document are to bear, whatever kind of document it is."""

from __future__ import annotations

from xlcheck.model.cells import Cell
from xlcheck.model.tuples import NamedTuple

TableCell = tuple[int, Cell]
"""Which table of a document, from 1, and the cell of it, from 0."""


class CellMark(NamedTuple):
    """What a cell of a document is to bear."""

    colour: str
    """ARGB, one of :mod:`xlcheck.model.marks`."""
    note: str
    """What is said of it, a line a text."""


class ListedFinding(NamedTuple):
    """What the list of a copy says of a finding."""

    text: str
    """A line a text."""
    cells: tuple[TableCell, ...] = ()
    """What it is about; the first that is there is linked."""
