"""Where the fields of a table stand on a worksheet, as its labels prove it.

Mostly everything is where the form puts it. Where labels were moved or reworded, a field's cell is the crossing of
the row of its inner row label and the column of its inner column label; a field whose labels prove no cell has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlcheck.form import Cell, Field, Label, Table
from xlcheck.labels import fold

Rows = Sequence[Sequence[object]]
"""A worksheet's values from its top left cell on."""


class Altered(NamedTuple):
    """A label that does not read as the official one."""

    label: Label
    cell: Cell | None
    """Where it should be read, if its neighbours show it."""
    found: str
    """What stands there; empty for nothing."""


class Placement(NamedTuple):
    """Where a table's fields stand."""

    cells: Mapping[str, Cell]
    """By field key; fields without proof are missing."""
    moved: tuple[tuple[Label, Cell], ...] = ()
    """Labels that stand elsewhere, with where they stand."""
    altered: tuple[Altered, ...] = ()


def text_at(rows: Rows, cell: Cell) -> str:
    """The text of a cell; empty where there is none."""
    row, column = cell
    if 0 <= row < len(rows) and 0 <= column < len(rows[row]):
        value = rows[row][column]
        return value if isinstance(value, str) else ""
    return ""


def stands(rows: Rows, label: Label, cell: Cell | None = None) -> bool:
    """Whether `label` is printed at `cell` (default: where the form puts it)."""
    found = text_at(rows, label.cell if cell is None else cell)
    return found == label.text or fold(found) == label.folded


def place(table: Table, rows: Rows) -> Placement:
    """Find the fields of `table` on a sheet."""
    if all(stands(rows, label) for label in table.printed):
        return Placement({field.key: field.cell for field in table.fields})
    at = _find(table.printed, rows)
    altered = _guess(table.printed, at, rows)
    placed = {**at, **{a.label: a.cell for a in altered if a.cell is not None}}
    cells: dict[str, Cell] = {}
    for field in table.fields:
        cell = _crossing(table, field, placed)
        if cell is not None:
            cells[field.key] = cell
    twice = {cell for cell, times in Counter(cells.values()).items() if times > 1}
    cells = {key: cell for key, cell in cells.items() if cell not in twice}
    moved = tuple((label, cell) for label, cell in at.items() if cell != label.cell)
    return Placement(cells, moved, altered)


def holds_title(table: Table, rows: Rows) -> bool:
    """Whether the table's title stands near the top of a sheet."""
    return any(
        fold(value) == table.title.folded for row in rows[:10] for value in row if isinstance(value, str) and value
    )


def _find(labels: Iterable[Label], rows: Rows) -> dict[Label, Cell]:
    """The labels whose place is beyond doubt."""
    printed: dict[str, list[Cell]] = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value:
                printed.setdefault(fold(value), []).append((r, c))
    expected: dict[str, list[Label]] = {}
    for label in labels:
        expected.setdefault(label.folded, []).append(label)
    at: dict[Label, Cell] = {}
    for folded, group in expected.items():
        if len(group) == 1 and len(printed.get(folded, ())) == 1:
            at[group[0]] = printed[folded][0]
    shift = _common_shift(at)
    orderly = _orderly(at)
    for folded, group in expected.items():
        found = printed.get(folded, [])
        if len(group) > 1 and len(found) == len(group) and orderly:
            # The same words more than once: the k-th is the k-th, as long as nothing else changed its order.
            at.update(zip(sorted(group, key=lambda label: label.cell), sorted(found), strict=True))
            continue
        for label in group:
            there = _moved_by(label.cell, shift) if shift is not None else None
            if label not in at and there in found:
                at[label] = there
    return at


def _orderly(at: Mapping[Label, Cell]) -> bool:
    """Whether the labels found keep the order of the form, down and across."""
    for axis in (0, 1):
        seen = sorted((label.cell[axis], cell[axis]) for label, cell in at.items())
        moved: dict[int, int] = {}
        for expected, actual in seen:
            if moved.setdefault(expected, actual) != actual:
                return False
        lines = [moved[key] for key in sorted(moved)]
        if any(a >= b for a, b in zip(lines, lines[1:], strict=False)):
            return False
    return True


def _common_shift(at: Mapping[Label, Cell]) -> Cell | None:
    """How far most of the labels moved, if that is more than half of them."""
    shifts = Counter((cell[0] - label.cell[0], cell[1] - label.cell[1]) for label, cell in at.items())
    if not shifts:
        return None
    shift, times = shifts.most_common(1)[0]
    return shift if 2 * times > len(at) else None


def _moved_by(cell: Cell, shift: Cell) -> Cell:
    return cell[0] + shift[0], cell[1] + shift[1]


def _guess(labels: Sequence[Label], at: Mapping[Label, Cell], rows: Rows) -> tuple[Altered, ...]:
    """The labels not found, with the cell where both neighbours say that they should be.

    With a neighbour on one side only (the first or last label), everything else must have moved alike.
    """
    order = sorted(labels, key=lambda label: label.cell)
    shifts = {label: (cell[0] - label.cell[0], cell[1] - label.cell[1]) for label, cell in at.items()}
    alike = len(set(shifts.values())) == 1
    altered: list[Altered] = []
    for number, label in enumerate(order):
        if label in at:
            continue
        before = next((shifts[other] for other in reversed(order[:number]) if other in shifts), None)
        after = next((shifts[other] for other in order[number:] if other in shifts), None)
        shift = before if before == after or (alike and after is None) else after if alike and before is None else None
        cell = _moved_by(label.cell, shift) if shift is not None else None
        if cell in at.values():
            cell = None
        altered.append(Altered(label, cell, text_at(rows, cell) if cell is not None else ""))
    return tuple(altered)


def _crossing(table: Table, field: Field, placed: Mapping[Label, Cell]) -> Cell | None:
    """The cell of `field`: the row of its row label, the column of its column label."""
    row_label, column_label = _row_label(table, field), _column_label(table, field)
    row = column = None
    if row_label is not None:
        if row_label not in placed:
            return None
        row = placed[row_label][0] + field.cell[0] - row_label.cell[0]
    if column_label is not None:
        if column_label not in placed:
            return None
        column = placed[column_label][1] + field.cell[1] - column_label.cell[1]
        if row is None:
            row = placed[column_label][0] + field.cell[0] - column_label.cell[0]
    elif row_label is not None:
        column = placed[row_label][1] + field.cell[1] - row_label.cell[1]
    return (row, column) if row is not None and column is not None and row >= 0 and column >= 0 else None


def _row_label(table: Table, field: Field) -> Label | None:
    """The nearest label on the left of `field`."""
    left = [
        label
        for label in table.labels
        if label.cell[0] <= field.cell[0] <= label.last[0] and label.last[1] < field.cell[1]
    ]
    return max(left, key=lambda label: label.cell[1], default=None)


def _column_label(table: Table, field: Field) -> Label | None:
    """The nearest label above `field`."""
    above = [
        label
        for label in table.labels
        if label.cell[1] <= field.cell[1] <= label.last[1] and label.last[0] < field.cell[0]
    ]
    return max(above, key=lambda label: label.cell[0], default=None)
