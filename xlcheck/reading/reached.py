"""The cells that formulas are worked out from: each number that is met is looked at, and there are no more than any form has."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from xlcheck.model.cells import Cell
from xlcheck.reading.formulas import NamedCells, Node, Range, Reference, parse_formula
from xlcheck.reading.functions import GivesNothing, NotWorkedOut
from xlcheck.reading.worked import Worked
from xlcheck.reading.written import WrittenBook

_CELLS = 200_000
"""Cells that the formulas of a workbook are worked out from, at the most."""
_BITS = 400
"""Of a number; larger and finer ones are no counts or amounts."""


class Reached:
    """The cells of a workbook as its formulas reach them."""

    def __init__(self, book: WrittenBook, work_out: Callable[[str, Cell], Worked]) -> None:
        """Look at a workbook.

        Args:
            book: the workbook.
            work_out: gives what the formula in a cell comes to; raises :class:`NotWorkedOut`.
        """
        self.book = book
        self._work_out = work_out
        self._left = _CELLS
        self.largest = Fraction(0)
        """The largest number that was met."""

    def named(self, name: NamedCells) -> Reference | Range:
        """The cells that a name of the workbook stands for, where they are the same wherever it is used."""
        node = parse_formula(self.book.names.get(name.text.lower(), ""))
        cells = (node.first, node.last) if isinstance(node, Range) else (node,)
        if not isinstance(node, Reference | Range):
            raise NotWorkedOut
        if not all(isinstance(cell, Reference) and cell.fixed == (True, True) for cell in cells):
            raise NotWorkedOut
        if not (node.first if isinstance(node, Range) else node).sheet:
            raise NotWorkedOut
        return node

    def range_of(self, node: Node) -> Range:
        """The range that a range, a cell or a name stands for."""
        node = self.named(node) if isinstance(node, NamedCells) else node
        if isinstance(node, Range):
            return node
        if not isinstance(node, Reference):
            raise NotWorkedOut
        return Range(node, node)

    def alike(self, ranges: Sequence[Node], sheet: str, shift: Cell) -> list[list[tuple[str, Cell]]]:
        """The cells of ranges of one shape, each row by row."""
        shapes, laid_out = set(), []
        for node in ranges:
            cells = self.range_of(node)
            (top, left), (bottom, right) = cells.first.at(shift), cells.last.at(shift)
            rows, columns = (range(min(pair), max(pair) + 1) for pair in ((top, bottom), (left, right)))
            self._spend(len(rows) * len(columns))
            shapes.add((len(rows), len(columns)))
            title = cells.first.sheet or sheet
            laid_out.append([(title, (row, column)) for row in rows for column in columns])
        if len(shapes) != 1:
            raise NotWorkedOut
        return laid_out

    def inside(self, node: Reference | Range, sheet: str, shift: Cell) -> Iterator[tuple[str, Cell]]:
        """The cells of a range that hold something."""
        node = Range(node, node) if isinstance(node, Reference) else node
        (top, left), (bottom, right) = node.first.at(shift), node.last.at(shift)
        title = node.first.sheet or sheet
        cells = self.book.sheet(title).cells
        rows, columns = (range(min(pair), max(pair) + 1) for pair in ((top, bottom), (left, right)))
        self._spend(min(len(rows) * len(columns), len(cells)))
        small = len(rows) * len(columns) <= len(cells)
        inside = ((row, column) for row in rows for column in columns) if small else iter(cells)
        yield from ((title, cell) for cell in inside if cell in cells and cell[0] in rows and cell[1] in columns)

    def at(self, sheet: str, cell: Cell, among_others: bool = False) -> tuple[Fraction, bool]:
        """The number in a cell, and whether there is one; blanks count as 0, and texts only among others."""
        self._spend(1)
        written = self.book.sheet(sheet).cells.get(cell)
        if written is None:
            return Fraction(0), False
        if written.formula is not None:
            try:
                worked = self._work_out(sheet, cell)
            except GivesNothing:
                if among_others:
                    return Fraction(0), False
                raise NotWorkedOut from None
            self.largest = max(self.largest, worked.largest)
            return worked.value, True
        if isinstance(written.value, float) and math.isfinite(written.value):
            return self.met(Fraction(Decimal(repr(written.value)))), True
        if among_others and isinstance(written.value, str) and not written.value.startswith("#"):
            return Fraction(0), False
        raise NotWorkedOut

    def met(self, value: Fraction) -> Fraction:
        """A number that is met on the way.

        Raises:
            NotWorkedOut: it is too large or too fine.
        """
        if value.numerator.bit_length() + value.denominator.bit_length() > _BITS:
            raise NotWorkedOut
        self.largest = max(self.largest, abs(value))
        return value

    def _spend(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise NotWorkedOut
