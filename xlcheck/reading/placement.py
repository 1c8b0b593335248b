"""Where the fields of a table stand on a worksheet, as its labels prove it.

Mostly everything is where the form puts it. Where labels were moved or reworded, a field's cell is the crossing of
the row of its inner row label and the column of its inner column label; a field whose labels prove no cell has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from xlcheck.model.cells import Cell
from xlcheck.model.form import Field, Label, Table
from xlcheck.model.labels import fold_label
from xlcheck.model.tuples import NamedTuple

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
    return found == label.text or fold_label(found) == label.folded


def place_fields(table: Table, rows: Rows) -> Placement:
    """Find the fields of `table` on a sheet."""
    if _as_printed(table.printed, rows):
        return Placement(table.cells)
    at = _find(table.printed, rows)
    altered = _guess(table.printed, at, rows)
    # A reworded label proves its place, one that is gone does not.
    placed = {**at, **{a.label: a.cell for a in altered if a.cell is not None and a.found}}
    cells: dict[str, Cell] = {}
    for field in table.fields:
        cell = _crossing(table, field, placed)
        if cell is not None:
            cells[field.key] = cell
    twice = {cell for cell, times in Counter(cells.values()).items() if times > 1}
    cells = {key: cell for key, cell in cells.items() if cell not in twice}
    moved = tuple((label, cell) for label, cell in at.items() if cell != label.cell)
    return Placement(cells, moved, altered)


def _as_printed(labels: Sequence[Label], rows: Rows) -> bool:
    """Whether all labels stand where the form puts them."""
    try:
        if all(rows[label.cell[0]][label.cell[1]] == label.text for label in labels):
            return True
    except IndexError:
        pass
    return all(stands(rows, label) for label in labels)


def holds_title(table: Table, rows: Rows) -> bool:
    """Whether the table's title stands near the top of a sheet."""
    return any(
        fold_label(value) == table.title.folded
        for row in rows[:10]
        for value in row
        if isinstance(value, str) and value
    )


class _Printed(NamedTuple):
    """What is printed on a sheet, and what the labels found first say of all others."""

    labels: Sequence[Label]
    cells: Mapping[str, Sequence[Cell]]
    """Where each text stands, by the text as it is compared."""
    filled: Collection[Cell]
    """All cells with a text."""
    shift: Cell | None
    """How far most labels moved, if most moved alike."""
    rigid: bool
    """Whether all of them did."""
    orderly: bool
    """Whether the order of the form is kept."""


def _find(labels: Sequence[Label], rows: Rows) -> dict[Label, Cell]:
    """The labels whose place is beyond doubt.

    Words printed once are where they stand. The same words more than once (结果维持 under each group) are told apart
    by the head that spans them; without one, the first of them is the first as long as nothing changed its order.
    """
    cells: dict[str, list[Cell]] = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value:
                cells.setdefault(fold_label(value), []).append((r, c))
    times = Counter(label.folded for label in labels)
    at = {
        label: cells[label.folded][0]
        for label in labels
        if times[label.folded] == 1 and len(cells.get(label.folded, ())) == 1
    }
    filled = {cell for found in cells.values() for cell in found}
    rigid = len({_shift(label, cell) for label, cell in at.items()}) == 1
    printed = _Printed(labels, cells, filled, _common_shift(at), rigid, _orderly(at))
    for label in sorted(labels, key=lambda label: label.cell):
        if label not in at and label.folded in cells:
            cell = _shifted(label, printed) if times[label.folded] == 1 else _told_apart(label, printed, at)
            if cell is not None:
                at[label] = cell
    taken = Counter(at.values())
    return {label: cell for label, cell in at.items() if taken[cell] == 1}


def _shifted(label: Label, printed: _Printed) -> Cell | None:
    """Where a label stands that the form has once and the sheet several times: as far away as most others."""
    there = _moved_by(label.cell, printed.shift) if printed.shift is not None else None
    return there if there in printed.cells[label.folded] else None


def _told_apart(label: Label, printed: _Printed, at: Mapping[Label, Cell]) -> Cell | None:
    """Where a label stands whose words the form has several times: under its head, or in the order of the form."""
    found = printed.cells[label.folded]
    head, across = _head(label, printed.labels)
    if head is None:
        alike = sorted(other.cell for other in printed.labels if other.folded == label.folded)
        if len(found) == len(alike):
            return found[alike.index(label.cell)] if printed.orderly else None
        # One of them was reworded: the others are known only where nothing was put in or taken out.
        return _shifted(label, printed) if printed.rigid and len(found) < len(alike) else None
    # A head that is gone would leave its cells under the one before it.
    row = [other for other in printed.labels if other.cell[not across] == head.cell[not across]]
    return _below(at[head], found, printed.filled, across) if all(other in at for other in row) else None


def _head(label: Label, labels: Sequence[Label]) -> tuple[Label | None, bool]:
    """The nearest head that spans `label` and more, and whether it spans across (above it) or down (on its left)."""
    above = [
        other
        for other in labels
        if other.last[0] < label.cell[0]
        and other.cell[1] <= label.cell[1]
        and other.last[1] >= label.last[1]
        and other.last[1] - other.cell[1] > label.last[1] - label.cell[1]
        and other.cell[0] > 0  # the title spans everything
    ]
    if above:
        return max(above, key=lambda other: other.cell[0]), True
    left = [
        other
        for other in labels
        if other.last[1] < label.cell[1]
        and other.cell[0] <= label.cell[0]
        and other.last[0] >= label.last[0]
        and other.last[0] - other.cell[0] > label.last[0] - label.cell[0]
    ]
    return max(left, key=lambda other: other.cell[1], default=None), False


def _below(head: Cell, found: Sequence[Cell], filled: Collection[Cell], across: bool) -> Cell | None:
    """The nearest of `found` that stands under `head`: before the next text in the head's row (or column)."""
    along = 1 if across else 0
    limit = min(
        (cell[along] for cell in filled if cell[1 - along] == head[1 - along] and cell[along] > head[along]),
        default=None,
    )
    under = [
        cell
        for cell in found
        if cell[1 - along] > head[1 - along] and head[along] <= cell[along] and (limit is None or cell[along] < limit)
    ]
    nearest = min((cell[1 - along] for cell in under), default=None)
    under = [cell for cell in under if cell[1 - along] == nearest]
    return under[0] if len(under) == 1 else None


def _orderly(at: Mapping[Label, Cell]) -> bool:
    """Whether the labels found keep the order of the form, down and across."""
    for axis in (0, 1):
        moved: dict[int, int] = {}
        for label, cell in at.items():
            if moved.setdefault(label.cell[axis], cell[axis]) != cell[axis]:
                return False
        lines = [moved[key] for key in sorted(moved)]
        if any(a >= b for a, b in pairwise(lines)):
            return False
    return True


def _common_shift(at: Mapping[Label, Cell]) -> Cell | None:
    """How far most of the labels moved, if that is more than half of them."""
    shifts = Counter(_shift(label, cell) for label, cell in at.items())
    if not shifts:
        return None
    shift, times = shifts.most_common(1)[0]
    return shift if 2 * times > len(at) else None


def _shift(label: Label, cell: Cell) -> Cell:
    return cell[0] - label.cell[0], cell[1] - label.cell[1]


def _moved_by(cell: Cell, shift: Cell) -> Cell:
    return cell[0] + shift[0], cell[1] + shift[1]


def _guess(labels: Sequence[Label], at: Mapping[Label, Cell], rows: Rows) -> tuple[Altered, ...]:
    """The labels not found, with the cell where both neighbours say that they should be.

    With a neighbour on one side only (the first or last label), everything else must have moved alike.
    """
    order = sorted(labels, key=lambda label: label.cell)
    official = {label.folded for label in labels}
    shifts = {label: _shift(label, cell) for label, cell in at.items()}
    alike = len(set(shifts.values())) == 1
    altered: list[Altered] = []
    for number, label in enumerate(order):
        if label in at:
            continue
        before = next((shifts[other] for other in reversed(order[:number]) if other in shifts), None)
        after = next((shifts[other] for other in order[number:] if other in shifts), None)
        shift = before if before == after or (alike and after is None) else after if alike and before is None else None
        cell = _moved_by(label.cell, shift) if shift is not None else None
        found = text_at(rows, cell) if cell is not None else ""
        # Another label's words are no rewording of this one; above the first row there is nothing.
        proved = cell is not None and min(cell) >= 0 and cell not in at.values() and fold_label(found) not in official
        # Words that are in their place were not altered, though they prove nothing where others like them are gone.
        if fold_label(found) != label.folded:
            altered.append(Altered(label, cell if proved else None, found))
    return tuple(altered)


def _crossing(table: Table, field: Field, placed: Mapping[Label, Cell]) -> Cell | None:
    """The cell of `field`: the row of its row label, the column of its column label."""
    row_label, column_label = _nearest(table, field, 0), _nearest(table, field, 1)
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


def _nearest(table: Table, field: Field, axis: int) -> Label | None:
    """The nearest label in the row of `field`, on its left (`axis` 0), or in its column, above it (`axis` 1)."""
    before = [
        label
        for label in table.labels
        if label.cell[axis] <= field.cell[axis] <= label.last[axis] and label.last[1 - axis] < field.cell[1 - axis]
    ]
    return max(before, key=lambda label: label.cell[1 - axis], default=None)
