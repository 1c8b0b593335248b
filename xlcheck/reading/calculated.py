"""Working out simple formulas exactly: sums, differences, products and quotients of numbers and cells of the workbook.

What a program would show once it calculates. A formula of anything else is not worked out, and neither is one of texts,
dates, error values, circles, or more cells than any form has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xlcheck.model.cells import Cell
from xlcheck.model.numbers import DIGITS, EXACT, rounded
from xlcheck.reading.formulas import Call, Chain, Node, Range, Reference, Unary, parse_formula
from xlcheck.reading.written import WrittenBook, WrittenCell

_DEPTH = 60
"""Formulas that lead from one to the next, and brackets within these, at the most."""
_CELLS = 200_000
"""Cells that the formulas of a workbook are worked out from, at the most."""
_BITS = 400
"""Of a number; larger and finer ones are no counts or amounts."""
_NOISE = Fraction(1, 10**13)
"""What arithmetic of doubles may be off by, of the largest number that it met."""


class Worked(NamedTuple):
    """What a formula gives."""

    value: Fraction
    largest: Fraction
    """The largest number that it met."""

    def is_like(self, stored: float) -> bool:
        """Whether a stored number is this one, but for what arithmetic of doubles leaves."""
        return math.isfinite(stored) and abs(Fraction(stored) - self.value) <= self.largest * _NOISE

    def decimal(self) -> Decimal:
        """The number; to 15 digits where it has no end."""
        bottom = self.value.denominator
        for prime in (2, 5):
            while bottom % prime == 0:
                bottom //= prime
        number = EXACT.divide(Decimal(self.value.numerator), Decimal(self.value.denominator))
        return number if bottom == 1 else rounded(number, DIGITS)


class _Unknown(Exception):
    """It is not worked out."""


class Calculator:
    """The formulas of a workbook, each worked out once."""

    def __init__(self, book: WrittenBook) -> None:
        self._book = book
        self._known: dict[tuple[str, Cell], Worked | None] = {}
        self._largest = Fraction(0)
        self._left = _CELLS
        self._depth = 0

    def work_out(self, sheet: str, cell: Cell) -> Worked | None:
        """What the formula in a cell gives; None where it is not worked out."""
        key = sheet, cell
        if key not in self._known:
            self._known[key] = None  # as long as it is worked out: a circle is nothing
            before, self._largest = self._largest, Fraction(0)
            try:
                value = self._formula(sheet, self._book.sheet(sheet).cells[cell])
                self._known[key] = Worked(value, self._largest)
            except _Unknown:
                pass
            finally:
                self._largest = before
        return self._known[key]

    def _formula(self, sheet: str, cell: WrittenCell) -> Fraction:
        tree = parse_formula(cell.formula or "")
        if tree is None:
            raise _Unknown
        return self._value(tree, sheet, cell.shift)

    def _value(self, node: Node, sheet: str, shift: Cell) -> Fraction:
        self._depth += 1
        try:
            if self._depth > _DEPTH:
                raise _Unknown
            return self._value_of(node, sheet, shift)
        finally:
            self._depth -= 1

    def _value_of(self, node: Node, sheet: str, shift: Cell) -> Fraction:
        if isinstance(node, Fraction):
            return self._met(node)
        if isinstance(node, Reference):
            return self._at(node.sheet or sheet, node.at(shift))[0]
        if isinstance(node, Unary):
            value = self._value(node.of, sheet, shift)
            return -value if node.sign == "-" else value / 100 if node.sign == "%" else value
        if isinstance(node, Chain):
            value = self._value(node.first, sheet, shift)
            for sign, one in node.rest:
                value = self._met(_apply(sign, value, self._value(one, sheet, shift)))
            return value
        if isinstance(node, Call):
            return self._met(self._call(node, sheet, shift))
        raise _Unknown

    def _call(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        if call.name in ("ROUND", "INT", "ABS"):
            return _shaped(call.name, [self._value(one, sheet, shift) for one in call.arguments])
        if call.name not in _OF_MANY:
            raise _Unknown
        numbers = [value for one in call.arguments for value in self._numbers(one, sheet, shift)]
        return _OF_MANY[call.name](numbers)

    def _numbers(self, node: Node, sheet: str, shift: Cell) -> Iterator[Fraction]:
        """What a function of many numbers takes: of cells the numbers, and of all else the value."""
        if isinstance(node, Reference):
            node = Range(node, node)
        if not isinstance(node, Range):
            yield self._value(node, sheet, shift)
            return
        (top, left), (bottom, right) = node.first.at(shift), node.last.at(shift)
        title = node.first.sheet or sheet
        cells = self._book.sheet(title).cells
        rows, columns = (range(min(pair), max(pair) + 1) for pair in ((top, bottom), (left, right)))
        self._spend(min(len(rows) * len(columns), len(cells)))
        small = len(rows) * len(columns) <= len(cells)
        inside = ((row, column) for row in rows for column in columns) if small else iter(cells)
        for cell in inside:
            if cell in cells and cell[0] in rows and cell[1] in columns:
                value, is_number = self._at(title, cell, among_others=True)
                if is_number:
                    yield value

    def _at(self, sheet: str, cell: Cell, among_others: bool = False) -> tuple[Fraction, bool]:
        """The number in a cell, and whether there is one; blanks count as 0, and texts only among others."""
        self._spend(1)
        written = self._book.sheet(sheet).cells.get(cell)
        if written is None:
            return Fraction(0), False
        if written.formula is not None:
            worked = self.work_out(sheet, cell)
            if worked is None:
                raise _Unknown
            self._largest = max(self._largest, worked.largest)
            return worked.value, True
        if isinstance(written.value, float) and math.isfinite(written.value):
            return self._met(Fraction(Decimal(repr(written.value)))), True
        if among_others and isinstance(written.value, str) and not written.value.startswith("#"):
            return Fraction(0), False
        raise _Unknown

    def _spend(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise _Unknown

    def _met(self, value: Fraction) -> Fraction:
        if value.numerator.bit_length() + value.denominator.bit_length() > _BITS:
            raise _Unknown
        self._largest = max(self._largest, abs(value))
        return value


def _apply(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "/":
        if not right:
            raise _Unknown
        return left / right
    return left + right if sign == "+" else left - right if sign == "-" else left * right


def _shaped(name: str, values: list[Fraction]) -> Fraction:
    """``ROUND``, a half away from nought; ``INT``, downwards; ``ABS``."""
    if name == "ROUND" and len(values) == 2 and values[1].denominator == 1 and abs(values[1]) <= DIGITS:
        scale = Fraction(10) ** int(values[1])
        whole = abs(values[0]) * scale + Fraction(1, 2)
        return Fraction(whole.numerator // whole.denominator, 1) / scale * (-1 if values[0] < 0 else 1)
    if len(values) != 1 or name == "ROUND":
        raise _Unknown
    return abs(values[0]) if name == "ABS" else Fraction(values[0].numerator // values[0].denominator)


def _mean(numbers: list[Fraction]) -> Fraction:
    if not numbers:
        raise _Unknown
    return sum(numbers, Fraction(0)) / len(numbers)


_OF_MANY: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "SUM": lambda numbers: sum(numbers, Fraction(0)),
    "MAX": lambda numbers: max(numbers, default=Fraction(0)),
    "MIN": lambda numbers: min(numbers, default=Fraction(0)),
    "AVERAGE": _mean,
}
