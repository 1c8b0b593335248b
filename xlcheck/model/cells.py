"""Cells and places: rows and columns from 0, and the names that a clerk knows them by."""

from __future__ import annotations

import re
from typing import NamedTuple

Cell = tuple[int, int]
"""Row and column, both from 0."""


_CELL = r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z"


def column_name(column: int) -> str:
    """``0`` → ``A``, ``27`` → ``AB``."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


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


class Place(NamedTuple):
    """A cell of a workbook."""

    sheet: str
    cell: Cell

    @property
    def address(self) -> str:
        """``依申请公开!D5``."""
        return f"{self.sheet}!{cell_name(self.cell)}"


class Spot(NamedTuple):
    """A cell of a document that is no workbook; everything counts from 1, as a clerk counts."""

    page: int
    """0 where a document has no pages."""
    table: int
    row: int
    column: int
