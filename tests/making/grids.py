"""Workbooks as plain grids: taken apart, changed as people change them, and put together again."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping
from typing import Any

import python_calamine
import xlsxwriter

from tests.making.filling import form
from xlcheck.model.cells import Cell
from xlcheck.model.form import Table

Grid = list[list[Any]]
"""A worksheet's values from A1 on; an empty text is a blank cell."""


def grids_of(data: bytes) -> dict[str, Grid]:
    """All worksheets of a workbook, in their order."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def book_of(grids: Mapping[str, Grid], hidden: str | None = None) -> bytes:
    """A plain, unprotected workbook holding `grids`."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, grid in grids.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(grid):
                for c, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(r, c, value, date)
                    elif value != "":
                        sheet.write(r, c, value)
            if name == hidden:
                sheet.hide()
    return buffer.getvalue()


def table(key: str) -> Table:
    """A table of the form that most tests are about."""
    return next(table for table in form().tables if table.key == key)


def blocks(of: Table) -> list[tuple[Cell, Cell]]:
    """The first and last cell of everything that a table prints: labels and fields."""
    return [(label.cell, label.last) for label in of.printed] + [(field.cell, field.last) for field in of.fields]


def drawn(of: Table, value: Callable[[str], Any]) -> Grid:
    """The grid of a table as it is printed, with a value for every field."""
    height, width = of.last[0] + 1, of.last[1] + 1
    grid: Grid = [["" for _ in range(width)] for _ in range(height)]
    for label in of.printed:
        grid[label.cell[0]][label.cell[1]] = label.text
    for field in of.fields:
        grid[field.cell[0]][field.cell[1]] = value(field.key)
    return grid


def numbered(of: Table) -> tuple[Grid, dict[str, float]]:
    """The grid of a table in which every field holds a number of its own, and these numbers."""
    numbers = {field.key: float(1000 + number) for number, field in enumerate(of.fields)}
    return drawn(of, numbers.__getitem__), numbers


def insert_row(grid: Grid, at: int) -> None:
    """An empty row above row `at` (from 0); merged heads keep their text in their top left cell."""
    grid.insert(at, ["" for _ in grid[0]] if grid else [])


def insert_column(grid: Grid, at: int) -> None:
    """An empty column left of column `at` (from 0)."""
    for row in grid:
        row.insert(at, "")


def values_at(grid: Grid, cells: Mapping[str, Cell]) -> dict[str, Any]:
    """What stands at each of `cells`."""
    return {
        key: grid[row][column] if row < len(grid) and column < len(grid[row]) else ""
        for key, (row, column) in cells.items()
    }
