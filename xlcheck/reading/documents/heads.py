"""Column heads that a document holds in pieces: one in each column that it stands over, or its words below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcheck.reading.documents.grid import Grid, GridCell
from xlcheck.reading.documents.layout import end_of
from xlcheck.reading.documents.wording import Wording


def with_whole_heads(grid: Grid, heads: Wording) -> Grid:
    """A table whose heads are one cell each; what stands in other cells stays where it is.

    Args:
        grid: the table.
        heads: the column heads of the form.
    """
    if not grid.aligned:
        return grid
    cells = list(_side_by_side(list(_below_each_other(grid.cells, heads)), heads))
    return grid if len(cells) == len(grid.cells) else grid._replace(cells=tuple(cells))


def _side_by_side(cells: Sequence[GridCell], heads: Wording) -> Iterator[GridCell]:
    """The cells, heads that are repeated in each of their columns made one."""
    held: GridCell | None = None
    for cell in cells:
        if held and _is_same_line(held, cell) and held.text == cell.text and heads.holds(cell.text):
            held = held._replace(columns=held.columns + cell.columns)
            continue
        if held:
            yield held
        held = cell
    if held:
        yield held


def _is_same_line(left: GridCell, right: GridCell) -> bool:
    return (left.row, left.rows) == (right.row, right.rows) and end_of(left) == right.column


def _below_each_other(cells: Sequence[GridCell], heads: Wording) -> Iterator[GridCell]:
    """The cells, heads whose words stand in two cells below each other made one: 商业 above 企业."""
    lower = {(cell.row, cell.column, cell.columns): cell for cell in cells if _may_be_piece(cell, heads)}
    gone: set[GridCell] = set()
    for cell in cells:
        if cell in gone:
            continue
        below = lower.get((cell.row + cell.rows, cell.column, cell.columns))
        if below and _may_be_piece(cell, heads) and heads.holds(cell.text + below.text):
            gone.add(below)
            yield cell._replace(rows=cell.rows + below.rows, text=cell.text + below.text)
        else:
            yield cell


def _may_be_piece(cell: GridCell, heads: Wording) -> bool:
    return bool(cell.text) and not heads.holds(cell.text) and not any(char.isdigit() for char in cell.text)
