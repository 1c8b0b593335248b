"""What people and programs do to tables of a report: cells lost, merged, split and shifted, rows put in, spans gone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from xlcheck.reading.documents.grid import Grid, GridCell

Cells = list[GridCell]
Damage = Callable[[Cells, GridCell, random.Random], Cells]
"""Of the cells of a table, at one of them."""

_WORDS = (
    "总计", "其他", "无", "备注", "自然人", "商业企业", "结果维持", "（一）予以公开", "本年制发件数", "行政许可", "3.其他",
    "（七）总计", "合计", "其他处理",
)  # fmt: skip


def _width(cells: Cells) -> int:
    return max(one.column + one.columns for one in cells)


def _swapped(cells: Cells, old: GridCell, *new: GridCell) -> Cells:
    return [one for one in cells if one is not old] + list(new)


def _gone_and_moved(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    del rng
    left = [one for one in cells if one is not at]
    return [
        one._replace(column=one.column - at.columns) if one.row == at.row and one.column > at.column else one
        for one in left
    ]


def _shifted(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    by = rng.choice((-1, 1))
    return [
        one._replace(column=max(one.column + by, 0)) if one.row == at.row and one.column >= at.column else one
        for one in cells
    ]


def _split(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    """A merged cell as single ones, what it says in one of them."""
    wide = [one for one in cells if one.columns > 1] or [at]
    old = rng.choice(wide)
    kept = rng.randrange(old.columns)
    new = (
        old._replace(column=old.column + step, columns=1, text=old.text if step == kept else "")
        for step in range(old.columns)
    )
    return _swapped(cells, old, *new)


def _filled_up(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    """A merged cell as single ones, another number in each of them."""
    wide = [one for one in cells if one.columns > 1] or [at]
    old = rng.choice(wide)
    new = (
        old._replace(column=old.column + step, columns=1, text="7" if step and old.text.isdigit() else old.text)
        for step in range(old.columns)
    )
    return _swapped(cells, old, *new)


def _row_put_in(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    text = rng.choice(("二、主动公开政府信息情况", "", "续表"))
    below = [one._replace(row=one.row + 1) if one.row >= at.row else one for one in cells]
    return [*below, GridCell(at.row, 0, 1, _width(cells), text)]


def _row_twice(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    del rng
    again = [one._replace(row=at.row + 1) for one in cells if one.row == at.row and one.rows == 1]
    return [one._replace(row=one.row + 1) if one.row > at.row else one for one in cells] + again


def _rows_swapped(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    other = rng.choice(cells).row
    turn = {at.row: other, other: at.row}
    return [one._replace(row=turn.get(one.row, one.row)) if one.rows == 1 else one for one in cells]


def _column_put_in(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    new = at.column
    moved = [
        one._replace(column=one.column + 1)
        if one.column >= new
        else one._replace(columns=one.columns + (one.column + one.columns > new))
        for one in cells
    ]
    taken = {
        row
        for one in moved
        if one.column <= new < one.column + one.columns
        for row in range(one.row, one.row + one.rows)
    }
    rows = range(max(one.row + one.rows for one in cells))
    return moved + [GridCell(row, new, 1, 1, rng.choice(("", "12", "备注"))) for row in rows if row not in taken]


def _column_gone(cells: Cells, at: GridCell, rng: random.Random) -> Cells:
    del rng
    left = (
        one._replace(column=one.column - 1)
        if one.column > at.column
        else one._replace(columns=one.columns - (one.column + one.columns > at.column))
        for one in cells
    )
    return [one for one in left if one.columns]


def without_spans(cells: Sequence[GridCell], *, filled: bool = False) -> Cells:
    """The order of the cells is kept, but none spans another column or row; `filled` up with blanks."""
    rows: dict[int, Cells] = {}
    for one in sorted(cells):
        rows.setdefault(one.row, []).append(one)
    flat = [
        one._replace(row=row, column=column, rows=1, columns=1)
        for row, line in enumerate(rows.values())
        for column, one in enumerate(line)
    ]
    width = max(map(len, rows.values())) if filled else 0
    blanks = [
        GridCell(row, column, 1, 1, "") for row, line in enumerate(rows.values()) for column in range(len(line), width)
    ]
    return flat + blanks


DAMAGES: Mapping[str, Damage] = {
    "a cell gone": lambda cells, at, _: _swapped(cells, at),
    "a cell gone and the others moved": _gone_and_moved,
    "a cell wider": lambda cells, at, _: _swapped(cells, at, at._replace(columns=at.columns + 1)),
    "a cell taller": lambda cells, at, _: _swapped(cells, at, at._replace(rows=at.rows + 1)),
    "cells shifted": _shifted,
    "a cell blank": lambda cells, at, _: _swapped(cells, at, at._replace(text="")),
    "another word": lambda cells, at, rng: _swapped(
        cells, at, at._replace(text=rng.choice((*_WORDS, at.text.rstrip("0123456789")[:2])))
    ),
    "a remark": lambda cells, at, _: _swapped(cells, at, at._replace(text=f"{at.text}（其中修订 16 件）")),
    "a row gone": lambda cells, at, _: [one for one in cells if one.row != at.row] or cells,
    "a merged cell split": _split,
    "a merged cell filled up": _filled_up,
    "a row put in": _row_put_in,
    "a row twice": _row_twice,
    "rows swapped": _rows_swapped,
    "a column put in": _column_put_in,
    "a column gone": _column_gone,
    "no spans": lambda cells, *_: without_spans(cells),
    "no spans, filled up": lambda cells, *_: without_spans(cells, filled=True),
}
"""What may be done to a table."""
HIDING = ("a column put in", "no spans, filled up")
"""What puts cells in: a row that lacked one has as many as the others then, and nothing tells that it did."""
LACKING = ("a cell gone", "a cell gone and the others moved")


def damaged(grid: Grid, damage: str, rng: random.Random) -> Grid:
    """A table after one of :data:`DAMAGES`, at a cell that is drawn."""
    cells = DAMAGES[damage](list(grid.cells), rng.choice(grid.cells), rng)
    return grid._replace(cells=tuple(sorted(cells or grid.cells, key=lambda one: (one.row, one.column))))
