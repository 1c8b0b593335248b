"""A table of a document as it is laid out: which cell stands where, and what its rows hold from left to right."""

from __future__ import annotations

from collections.abc import Sequence

from xlcheck.model.marks import LAST_YEAR
from xlcheck.reading.documents.grid import Grid, GridCell


class Layout:
    """A grid looked up by rows and columns."""

    def __init__(self, grid: Grid, *, in_columns: bool = True) -> None:
        """`in_columns` says whether its cells are believed to stand below each other, where the grid says so."""
        self.grid = grid
        self.aligned = grid.aligned and in_columns
        self._rows: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            for row in range(cell.row, cell.row + cell.rows):
                self._rows.setdefault(row, []).append(cell)
        for cells in self._rows.values():
            cells.sort(key=lambda cell: cell.column)
        self.height = 1 + max(self._rows, default=-1)

    @property
    def is_flat(self) -> bool:
        """Whether no cell spans anything, titles over a whole row aside."""
        return self.aligned and not any(
            cell.rows > 1 or cell.columns > 1 for cells in self._rows.values() if len(cells) > 1 for cell in cells
        )

    def row(self, number: int) -> Sequence[GridCell]:
        """The cells that stand in a row or reach into it, from left to right."""
        return self._rows.get(number, ())

    def counted(self, cells: Sequence[GridCell], number: int) -> list[GridCell]:
        """Those of a line's cells that so many fields may stand in, one after the other; others where there are not so many."""
        if self.aligned:
            return list(cells)
        if not self.grid.aligned:
            # In plain text, blanks at both ends are nothing but spans.
            return without_ends(cells)
        # Nothing spans anything: each line begins on the left, and blanks fill it up.
        found = list(cells[:number]) if all(map(is_blank, cells[number:])) else []
        # Where the first or the last is blank, nobody knows that none is missing.
        return found if len(without_ends(found)) == number else []

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


def without_ends(cells: Sequence[GridCell]) -> list[GridCell]:
    """The cells without blank ones at both ends."""
    filled = [number for number, cell in enumerate(cells) if not is_blank(cell)]
    return list(cells[filled[0] : filled[-1] + 1]) if filled else []


def is_blank(cell: GridCell) -> bool:
    """Whether nothing is seen in a cell, or nothing but what the template says of last year beside its tables."""
    text = cell.text.strip()
    return not cell.doubt and (not text or text.startswith(LAST_YEAR))
