"""One line of a document's table: whether it fits its heads, and which of its cells stands under which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from xlcheck.model.labels import fold
from xlcheck.model.text import NOTHING
from xlcheck.reading.documents.grid import GridCell
from xlcheck.reading.documents.layout import Layout, end_of, is_blank, overlap

_NUMBER = re.compile(r"[+-]?[\d.,]*\d")
"""What a cell begins with that holds a number."""


def is_number(text: str) -> bool:
    """Whether a cell holds a number, whatever else."""
    return _NUMBER.match(fold(text)) is not None


def is_filling(cell: GridCell) -> bool:
    """Whether a cell holds what belongs into a field: a number, nothing, or a text that says so."""
    return is_blank(cell) or is_number(cell.text) or fold(cell.text) in NOTHING or bool(cell.doubt)


def is_one_line(layout: Layout, label: GridCell) -> bool:
    """Whether what stands beside a label of several lines is one line of values."""
    return not any(
        cell.row > label.row and cell.column >= end_of(label) and not is_blank(cell)
        for line in range(label.row + 1, label.row + label.rows)
        for cell in layout.row(line)
    )


def crossed_cells(cells: Sequence[GridCell], heads: Sequence[GridCell | None], is_open: bool) -> list[GridCell | None]:
    """The cell under each head, None where it is under others, too; nothing where the line does not fit the heads.

    Args:
        cells: of the line, beyond its label.
        heads: of all fields of the line; None where nothing reads like it.
        is_open: whether there is no label, so that anything may stand before the first head.
    """
    known = [head for head in heads if head is not None]
    if not known or not _side_by_side(heads):
        return []
    left, end = min(head.column for head in known), max(map(end_of, known))
    if not _tiled([cell for cell in cells if end_of(cell) > left and cell.column < end], left, end):
        return []
    missed = heads.index(known[0]), list(reversed(heads)).index(known[-1])
    outside = [cell for cell in cells if end_of(cell) <= left], [cell for cell in cells if cell.column >= end]
    for before, (some, number) in zip((True, False), zip(outside, missed, strict=True), strict=True):
        words = before and is_open and not any(is_number(cell.text) for cell in some)
        # A head that was not found has its cell all the same; where there is none, all heads may have moved.
        if len(some) != number and (number or not (words or all(map(is_blank, some)))):
            return []
    under = [[cell for cell in cells if overlap(cell, head) > 0] if head else [] for head in heads]
    times = Counter(id(cell) for some in under for cell in some)
    chosen: list[GridCell | None] = []
    for some in under:
        filled = [cell for cell in some if not is_blank(cell)] or some[:1]
        chosen.append(filled[0] if len(filled) == 1 and times[id(filled[0])] == 1 else None)
    return chosen


def _side_by_side(heads: Sequence[GridCell | None]) -> bool:
    """Whether heads stand side by side, with room between them just where some of them were not found."""
    known = [(number, head) for number, head in enumerate(heads) if head is not None]
    across = sorted(known, key=lambda one: one[1].column)
    if None in heads and across != known:
        return False
    for (number, one), (next_number, other) in pairwise(across):
        room, missed = other.column - end_of(one), next_number - number - 1 if None in heads else 0
        if room < missed or (room > 0 and not missed):
            return False
    return True


def _tiled(cells: Sequence[GridCell], left: int, end: int) -> bool:
    """Whether cells stand side by side from one column to another."""
    if not cells or cells[0].column != left or end_of(cells[-1]) != end:
        return False
    return are_adjacent(cells)


def are_adjacent(cells: Sequence[GridCell]) -> bool:
    """Whether each cell begins where the one before it ends."""
    return all(end_of(one) == other.column for one, other in pairwise(cells))


def rising(numbers: Sequence[int]) -> bool:
    """Whether each number is larger than the one before."""
    return all(one < other for one, other in pairwise(numbers))
