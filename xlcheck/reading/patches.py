"""Values by cell, of which many may have one: what is repeated far is kept as it is told, and never laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import TypeVar

from xlcheck.guard.ods_found import Spread
from xlcheck.model.cells import Cell

_T = TypeVar("_T")
_FAR = 256
"""Cells that are laid out."""


class Patches(Mapping[Cell, _T]):
    """Values by cell; no cell is given two."""

    def __init__(self) -> None:
        self.near: dict[Cell, _T] = {}
        self.far: list[tuple[Spread, _T]] = []

    def put(self, spread: Spread, value: _T) -> None:
        """Give a value to some cells."""
        if spread[1] * spread[3] > _FAR:
            self.far.append((spread, value))
        else:
            self.near.update(dict.fromkeys(_within(spread), value))

    def __getitem__(self, cell: Cell) -> _T:
        if cell in self.near:
            return self.near[cell]
        for (row, rows, column, columns), value in self.far:
            if row <= cell[0] < row + rows and column <= cell[1] < column + columns:
                return value
        raise KeyError(cell)

    def __iter__(self) -> Iterator[Cell]:
        yield from self.near
        for spread, _ in self.far:
            yield from _within(spread)

    def __len__(self) -> int:
        return len(self.near) + sum(rows * columns for (_, rows, _, columns), _ in self.far)


def _within(spread: Spread) -> Iterator[Cell]:
    row, rows, column, columns = spread
    return product(range(row, row + rows), range(column, column + columns))
