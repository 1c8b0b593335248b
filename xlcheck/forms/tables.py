"""Reading a table's drawing: rows of cells, some merged, into labels and fields with their label paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from xlcheck.forms.faults import Faults
from xlcheck.model.cells import Cell
from xlcheck.model.form import FIELD_KINDS, Field, FieldKind, Label
from xlcheck.model.labels import fold
from xlcheck.model.tuples import NamedTuple

IDLE = "."
"""Begins a drawn cell that is no label and no field; what follows is printed."""


class DrawnRow(NamedTuple):
    """One drawn row."""

    key: str | None
    cells: tuple[str, ...]
    place: str
    """Where it stands in the form file, for faults."""


class Origin(NamedTuple):
    """Which table is drawn, and where its top left cell stands."""

    table: str
    sheet: str
    corner: Cell


class _Block(NamedTuple):
    """One cell of the drawing with all that is merged into it, counted from the drawing's corner."""

    text: str
    first: Cell
    last: Cell

    @property
    def is_field(self) -> bool:
        return self.text.partition(":")[0] in FIELD_KINDS and ":" in self.text

    @property
    def is_idle(self) -> bool:
        return self.text.startswith(IDLE)


class DrawingContents(NamedTuple):
    """What a drawing holds."""

    labels: tuple[Label, ...]
    fields: tuple[Field, ...]
    idle: tuple[Label, ...]


def read_table(rows: Sequence[DrawnRow], origin: Origin, faults: Faults) -> DrawingContents:
    """The labels and fields of a drawing; faults are noted with the place of their row."""
    owner = _merge(rows, faults)
    blocks = sorted(set(owner.values()), key=lambda block: block.first)
    labels: list[Label] = []
    fields: list[Field] = []
    idle: list[Label] = []
    for block in blocks:
        cell, last = _shift(block.first, origin.corner), _shift(block.last, origin.corner)
        if not block.is_field:
            text = block.text.removeprefix(IDLE) if block.is_idle else block.text
            if block.text:
                (idle if block.is_idle else labels).append(Label(text, cell, last, fold(text)))
            continue
        row = rows[block.first[0]]
        kind, _, name = block.text.partition(":")
        path = name.split(".") if "." in name else [row.key or "", name]
        if len(path) != 2 or not all(part.isidentifier() and part.islower() for part in path):
            faults.add(row.place, f"{block.text!r} names no ROW.COLUMN, and the row has no key")
        fields.append(
            Field(
                key=".".join((origin.table, *path)),
                kind=cast(FieldKind, kind),
                table=origin.table,
                sheet=origin.sheet,
                cell=cell,
                last=last,
                row_labels=_row_labels(owner, block.first),
                column_labels=_column_labels(owner, block.first),
            )
        )
        if not fields[-1].labels:
            faults.add(row.place, f"{block.text!r} has no label on its left or above")
    return DrawingContents(tuple(labels), tuple(fields), tuple(idle))


def _shift(cell: Cell, corner: Cell) -> Cell:
    return cell[0] + corner[0], cell[1] + corner[1]


def _merge(rows: Sequence[DrawnRow], faults: Faults) -> dict[Cell, _Block]:
    """Which block owns each cell; every block is checked to be a rectangle."""
    first: dict[Cell, Cell] = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row.cells):
            behind = {"<": (r, c - 1), "^": (r - 1, c)}.get(text)
            if behind is not None and behind not in first:
                faults.add(row.place, f"{text!r} in column {c + 1} has no cell to belong to")
                behind = None
            first[r, c] = first[behind] if behind is not None else (r, c)
            if not text:
                faults.add(row.place, f"the cell in column {c + 1} is empty")
    last: dict[Cell, Cell] = {}
    size: dict[Cell, int] = {}
    for (r, c), head in first.items():
        low = last.get(head, head)
        last[head] = max(r, low[0]), max(c, low[1])
        size[head] = size.get(head, 0) + 1
    blocks = {head: _Block(rows[head[0]].cells[head[1]], head, end) for head, end in last.items()}
    for head, block in blocks.items():
        if size[head] != (block.last[0] - head[0] + 1) * (block.last[1] - head[1] + 1):
            faults.add(rows[head[0]].place, f"what is merged into {block.text!r} is no rectangle")
    return {cell: blocks[head] for cell, head in first.items()}


def _row_labels(owner: dict[Cell, _Block], cell: Cell) -> tuple[str, ...]:
    """The labels on the left of `cell`, from the outer one to the inner one."""
    found = dict.fromkeys(owner[cell[0], column] for column in range(cell[1]))
    return tuple(block.text for block in found if not block.is_field and not block.is_idle)


def _column_labels(owner: dict[Cell, _Block], cell: Cell) -> tuple[str, ...]:
    """The heads above `cell`: up over other fields to the nearest labels, as far as they reach."""
    found: dict[_Block, None] = {}
    for row in range(cell[0] - 1, -1, -1):
        block = owner[row, cell[1]]
        if not block.is_field and not block.is_idle:
            found[block] = None
        elif found:
            break
    return tuple(block.text for block in reversed(found))
