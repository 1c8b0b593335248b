"""Cells and places: rows and columns from 0, and the names that a clerk knows them by."""

from __future__ import annotations

import re
from functools import lru_cache

from xlcheck.model.tuples import NamedTuple

Cell = tuple[int, int]
"""Row and column, both from 0."""


_CELL = r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z"


@lru_cache(maxsize=1024)
def column_name(column: int) -> str:
    """``0`` → ``A``, ``27`` → ``AB``."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=4096)
def cell_name(cell: Cell) -> str:
    """``(4, 3)`` → ``D5``."""
    return f"{column_name(cell[1])}{cell[0] + 1}"


def parse_cell(name: str) -> Cell:
    """``D5`` → ``(4, 3)``.

    Raises:
        ValueError: `name` is no cell name.
    """
    match = re.match(_CELL, name)
    if not match:
        raise ValueError(f"not a cell name: {name!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


class Spot(NamedTuple):
    """A cell of a document that is no workbook; everything counts from 1, as a clerk counts."""

    page: int
    """0 where a document has no pages."""
    table: int
    row: int
    column: int


class Place(NamedTuple):
    """A cell of a workbook, or of a table of a document."""

    sheet: str
    """The worksheet; of a document the table, as a clerk counts it."""
    cell: Cell
    table: int = 0
    """Which table of a document, from 1; 0 for a worksheet."""
    page: int = 0
    """The page of a document that the cell begins on, from 1; 0 where that is not known."""

    @property
    def address(self) -> str:
        """``依申请公开!D5``, or ``第 2 个表格第 5 行第 4 列``."""
        return f"{self.sheet}{self.name}" if self.table else f"{self.sheet}!{self.name}"

    @property
    def name(self) -> str:
        """The cell without its sheet: ``D5``, or ``第 5 行第 4 列``."""
        return f"第 {self.cell[0] + 1} 行第 {self.cell[1] + 1} 列" if self.table else cell_name(self.cell)

    @property
    def found(self) -> str:
        """The address with its page, where it is known: ``第 3 页，第 2 个表格第 5 行第 4 列``."""
        return f"第 {self.page} 页，{self.address}" if self.page else self.address

    @property
    def spot(self) -> Spot | None:
        """The same of a document's cell, counted from 1; None on a worksheet."""
        row, column = self.cell
        return Spot(self.page, self.table, row + 1, column + 1) if self.table else None


def table_place(table: int, cell: Cell, page: int = 0) -> Place:
    """A cell of a document's table, which is counted from 1."""
    return Place(f"第 {table} 个表格", cell, table, page)
