"""A table of a document as it is laid out: which cell stands where, and what its rows hold from left to right."""

from __future__ import annotations

from collections.abc import Sequence

from xlcheck.reading.documents.grid import Grid, GridCell


class Layout:
    """A grid looked up by rows and columns."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._rows: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            for row in range(cell.row, cell.row + cell.rows):
                self._rows.setdefault(row, []).append(cell)
        for cells in self._rows.values():
            cells.sort(key=lambda cell: cell.column)
        self.height = 1 + max(self._rows, default=-1)

    def row(self, number: int) -> Sequence[GridCell]:
        """The cells that stand in a row or reach into it, from left to right."""
        return self._rows.get(number, ())

    def beyond(self, label: GridCell, row: int) -> list[GridCell]:
        """The cells of a row on the right of a label."""
        return [cell for cell in self.row(row) if cell.column >= label.column + label.columns]

    def before(self, label: GridCell, row: int) -> list[GridCell]:
        """The cells of a row on the left of a label."""
        return [cell for cell in self.row(row) if cell.column < label.column]


def overlap(one: GridCell, other: GridCell) -> int:
    """How many columns two cells have in common."""
    return min(end_of(one), end_of(other)) - max(one.column, other.column)


def end_of(cell: GridCell) -> int:
    """The first column behind a cell."""
    return cell.column + cell.columns


def is_blank(cell: GridCell) -> bool:
    """Whether nothing is seen in a cell."""
    return not cell.text.strip() and not cell.doubt
