"""Cells of a table where they lie in a tree, so that the reader and whoever marks a copy mean the same ones."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from xlcheck.model.tuples import NamedTuple


class FoundCell(NamedTuple):
    """A cell of a table; rows and columns count from 0, as the table is laid out with all spans."""

    row: int
    column: int
    rows: int
    columns: int
    element: etree._Element
    """The element that holds what is seen of it."""
    under: tuple[etree._Element, ...] = ()
    """Elements that it lies above: they belong to it, and nobody sees what is in them."""


class FoundTable(NamedTuple):
    """A table, and its cells in the order of their rows."""

    element: etree._Element
    cells: Sequence[FoundCell]
