"""Columns that nobody sees: where edges of cells miss each other by a hair, programs put a column between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from xlcheck.reading.documents.found import FoundCell

_HAIR, _WIDEST = 40, 240
"""Twentieths of a point: so near two edges are always one, or may be where every cell is wider than three times that."""


def without_slivers(cells: Sequence[FoundCell], widths: Sequence[int]) -> Sequence[FoundCell]:
    """The cells counted in columns that are seen.

    They stay as they are where the widths do not tell, or where a cell would be left without a column.

    Args:
        cells: of a table.
        widths: of its columns, in twentieths of a point.
    """
    if not cells or max(cell.column + cell.columns for cell in cells) > len(widths) or min(widths) < 0:
        return cells
    edges = [0, *accumulate(widths)]
    narrowest = min(edges[cell.column + cell.columns] - edges[cell.column] for cell in cells)
    near = max(_HAIR, min(_WIDEST, narrowest // 3))
    if all(width >= near for width in widths):
        return cells
    seen = [0]
    start = 0
    for edge in edges[1:]:
        if edge - start >= near:
            start = edge
            seen.append(seen[-1] + 1)
        else:
            seen.append(seen[-1])
    found = [
        cell._replace(column=seen[cell.column], columns=seen[cell.column + cell.columns] - seen[cell.column])
        for cell in cells
    ]
    return found if all(cell.columns > 0 for cell in found) and _are_apart(found) else cells


def _are_apart(cells: Sequence[FoundCell]) -> bool:
    """Whether no two cells that begin in one row lie above each other."""
    rows: dict[int, list[FoundCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return all(
        one.column + one.columns <= other.column
        for row in rows.values()
        for one, other in pairwise(sorted(row, key=_column))
    )


def _column(cell: FoundCell) -> int:
    return cell.column
