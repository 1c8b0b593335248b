"""Working out simple formulas exactly: arithmetic, conditions and a few functions of numbers and cells of the workbook.

What a program would show once it calculates. A formula of anything else is not worked out, and neither is one of texts,
dates, error values, circles, or more cells than any form has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from xlcheck.model.cells import Cell
from xlcheck.model.numbers import DIGITS, EXACT, rounded
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.formulas import (
    Call,
    Chain,
    Comparison,
    NamedCells,
    Node,
    Range,
    Reference,
    Text,
    Unary,
    parse_formula,
)
from xlcheck.reading.functions import (
    COMPARED,
    OF_MANY,
    SHAPED,
    SUBTOTALS,
    Failed,
    GivesNothing,
    NotWorkedOut,
    applied,
    shaped,
)
from xlcheck.reading.written import WrittenBook, WrittenCell, lies_in

_DEPTH = 60
"""Formulas that lead from one to the next, and brackets within these, at the most."""
_CELLS = 200_000
"""Cells that the formulas of a workbook are worked out from, at the most."""
_ASKED = 400_000
"""Characters of conditions that are worked out, each as often as it is, at the most."""
_BITS = 400
"""Of a number; larger and finer ones are no counts or amounts."""
_NOISE = Fraction(1, 10**13)
"""What arithmetic of doubles may be off by, of the largest number that it met."""
_FINE = Fraction(1, 2**48)
"""What it is off by in a few steps, and what programs take for nothing where numbers cancel out."""
_TRUTHS = {"TRUE": True, "FALSE": False}
_CONDITION = r"(<=|>=|<|>|=)?(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)"
"""What a function may ask of numbers, as a text."""


class Worked(NamedTuple):
    """What a formula gives."""

    value: Fraction
    largest: Fraction
    """The largest number that it met."""

    def is_like(self, stored: float) -> bool:
        """Whether a stored number is this one, but for what arithmetic of doubles leaves."""
        return math.isfinite(stored) and abs(Fraction(stored) - self.value) <= self.largest * _NOISE

    def is_noisy(self, stored: float) -> bool:
        """Whether a stored number is off by what arithmetic of doubles leaves, which nobody sees: 5.5E-17 for 0."""
        return stored != float(self.value) and abs(Fraction(stored) - self.value) <= self.largest * _FINE

    def decimal(self) -> Decimal:
        """The number; to 15 digits where it has no end."""
        bottom = self.value.denominator
        for prime in (2, 5):
            while bottom % prime == 0:
                bottom //= prime
        number = EXACT.divide(Decimal(self.value.numerator), Decimal(self.value.denominator))
        return number if bottom == 1 else rounded(number, DIGITS)


class Calculator:
    """The formulas of a workbook, each worked out once."""

    def __init__(self, book: WrittenBook) -> None:
        self._book = book
        self._known: dict[tuple[str, Cell], Worked | None] = {}
        self._failed: set[tuple[str, Cell]] = set()
        """Those that give an error value."""
        self._silent: set[tuple[str, Cell]] = set()
        """Those that give an empty text."""
        self._largest = Fraction(0)
        self._left = _CELLS
        self._asked = _ASKED
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
            except Failed:
                self._failed.add(key)
            except GivesNothing:
                self._silent.add(key)
            except NotWorkedOut:
                pass
            finally:
                self._largest = before
        return self._known[key]

    def gives_nothing(self, sheet: str, cell: Cell) -> bool:
        """Whether the formula in a cell gives an empty text, for certain."""
        return self.work_out(sheet, cell) is None and (sheet, cell) in self._silent

    def holds(self, sheet: str, condition: str, shift: Cell) -> bool | None:
        """Whether a condition holds, as a formula that is moved by so many rows and columns; None where that is not worked out."""
        self._asked -= len(condition)
        tree = parse_formula(condition) if self._asked > 0 else None
        before, self._largest = self._largest, Fraction(0)
        try:
            return None if tree is None else self._holds(tree, sheet, shift)
        except NotWorkedOut:
            return None
        finally:
            self._largest = before

    def _formula(self, sheet: str, cell: WrittenCell) -> Fraction:
        node = parse_formula(cell.formula or "")
        while isinstance(node, Call) and node.name == "IF":
            node = self._chosen(node, sheet, cell.shift)
        if node is None:
            raise NotWorkedOut
        if node == "":
            raise GivesNothing
        return self._value(node, sheet, cell.shift)

    def _chosen(self, call: Call, sheet: str, shift: Cell) -> Node:
        """What an ``IF`` gives as its condition is."""
        if len(call.arguments) not in (2, 3):
            raise NotWorkedOut
        chosen = call.arguments[1:2] if self._holds(call.arguments[0], sheet, shift) else call.arguments[2:]
        if not chosen:  # FALSE, which is no number
            raise NotWorkedOut
        return chosen[0]

    def _value(self, node: Node, sheet: str, shift: Cell) -> Fraction:
        self._depth += 1
        try:
            if self._depth > _DEPTH:
                raise NotWorkedOut
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
                value = self._met(applied(sign, value, self._value(one, sheet, shift)))
            return value
        if isinstance(node, Call):
            return self._met(self._call(node, sheet, shift))
        if isinstance(node, NamedCells):
            return self._value(self._named(node), sheet, shift)
        raise NotWorkedOut

    def _named(self, name: NamedCells) -> Reference | Range:
        """The cells that a name of the workbook stands for, where they are the same wherever it is used."""
        node = parse_formula(self._book.names.get(name.text.lower(), ""))
        cells = (node.first, node.last) if isinstance(node, Range) else (node,)
        if not isinstance(node, Reference | Range):
            raise NotWorkedOut
        if not all(isinstance(cell, Reference) and cell.fixed == (True, True) for cell in cells):
            raise NotWorkedOut
        if not (node.first if isinstance(node, Range) else node).sheet:
            raise NotWorkedOut
        return node

    def _call(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        if call.name in SHAPED:
            return shaped(call.name, [self._value(one, sheet, shift) for one in call.arguments])
        if call.name == "IF":
            return self._value(self._chosen(call, sheet, shift), sheet, shift)
        if call.name == "IFERROR" and len(call.arguments) == 2:
            try:
                return self._value(call.arguments[0], sheet, shift)
            except Failed:
                return self._value(call.arguments[1], sheet, shift)
        if call.name == "SUBTOTAL":
            return self._subtotal(call, sheet, shift)
        if call.name == "SUMPRODUCT":
            return self._sum_of_products(call, sheet, shift)
        if call.name in ("SUMIF", "COUNTIF") and len(call.arguments) in (2, 3):
            return self._of_those(call, sheet, shift)
        return self._of_many(call.name, call.arguments, sheet, shift)

    def _of_many(self, name: str, arguments: Sequence[Node], sheet: str, shift: Cell) -> Fraction:
        if name == "COUNTA":
            return Fraction(sum(self._filled(one, sheet, shift) for one in arguments))
        if name not in OF_MANY:
            raise NotWorkedOut
        numbers = [value for one in arguments for value in self._numbers(one, sheet, shift)]
        return OF_MANY[name](numbers)

    def _subtotal(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        """One of many numbers, where no row is hidden and no cell is a subtotal itself: both may be left out."""
        kind, *ranges = call.arguments
        number = self._value(kind, sheet, shift)
        name = SUBTOTALS.get(number - 100 if number > 100 else number)
        if name is None:
            raise NotWorkedOut
        for one in ranges:
            for title, (row, column) in self._inside(self._cells(one), sheet, shift):
                written = self._book.sheet(title)
                if "SUBTOTAL" in (written.cells[row, column].formula or "").upper() or lies_in(row, written.rows):
                    raise NotWorkedOut
        return self._of_many(name, ranges, sheet, shift)

    def _sum_of_products(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        """Of ranges of one shape; what is no number counts as 0."""
        factors = self._alike(call.arguments, sheet, shift)
        total = Fraction(0)
        for row in zip(*factors, strict=True):
            product = Fraction(1)
            for title, cell in row:
                product = self._met(product * self._at(title, cell, among_others=True)[0])
            total = self._met(total + product)
        return total

    def _of_those(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        """``SUMIF`` and ``COUNTIF`` of a condition on numbers; the range that is added up has the shape of the other."""
        first, condition, *others = call.arguments
        if others and call.name == "COUNTIF":
            raise NotWorkedOut
        asked, added = self._alike([first, *(others or [first])], sheet, shift)
        holds = self._condition(condition, sheet, shift)
        found = Fraction(0)
        for place, other in zip(asked, added, strict=True):
            value, is_number = self._at(*place, among_others=True)
            # A text of digits counts as a number for some conditions, and for some programs.
            if not is_number and place[1] in self._book.sheet(place[0]).cells:
                raise NotWorkedOut
            if is_number and holds(value):
                found += 1 if call.name == "COUNTIF" else self._at(*other, among_others=True)[0]
        return self._met(found)

    def _condition(self, node: Node, sheet: str, shift: Cell) -> Callable[[Fraction], bool]:
        """What ``5`` or ``">5"`` asks of a number."""
        sign, bound = "=", node
        if isinstance(node, Text):
            asked = re.fullmatch(_CONDITION, node.text)
            if not asked:
                raise NotWorkedOut
            sign, bound = asked[1] or "=", Fraction(Decimal(asked[2]))
        elif isinstance(node, Reference) and not self._at(node.sheet or sheet, node.at(shift))[1]:
            raise NotWorkedOut  # what a blank asks, programs do not agree on
        wanted = self._value(bound, sheet, shift)
        return lambda value: self._compared(sign, value - wanted)

    def _alike(self, ranges: Sequence[Node], sheet: str, shift: Cell) -> list[list[tuple[str, Cell]]]:
        """The cells of ranges of one shape, each row by row."""
        shapes, laid_out = set(), []
        for node in ranges:
            cells = self._cells(node)
            (top, left), (bottom, right) = cells.first.at(shift), cells.last.at(shift)
            rows, columns = (range(min(pair), max(pair) + 1) for pair in ((top, bottom), (left, right)))
            self._spend(len(rows) * len(columns))
            shapes.add((len(rows), len(columns)))
            title = cells.first.sheet or sheet
            laid_out.append([(title, (row, column)) for row in rows for column in columns])
        if len(shapes) != 1:
            raise NotWorkedOut
        return laid_out

    def _cells(self, node: Node) -> Range:
        """The range that a range, a cell or a name stands for."""
        node = self._named(node) if isinstance(node, NamedCells) else node
        if isinstance(node, Range):
            return node
        if not isinstance(node, Reference):
            raise NotWorkedOut
        return Range(node, node)

    def _holds(self, node: Node, sheet: str, shift: Cell) -> bool:
        """Whether a condition holds."""
        if isinstance(node, Call) and node.name in ("AND", "OR", "NOT"):
            held = [self._holds(one, sheet, shift) for one in node.arguments]
            if node.name == "NOT" and len(held) != 1:
                raise NotWorkedOut
            return not held[0] if node.name == "NOT" else all(held) if node.name == "AND" else any(held)
        if isinstance(node, NamedCells) and node.text.upper() in _TRUTHS:
            return _TRUTHS[node.text.upper()]
        if isinstance(node, Call) and node.name == "IF" and len(node.arguments) == 3:
            first, *others = node.arguments
            return self._holds(others[not self._holds(first, sheet, shift)], sheet, shift)
        if isinstance(node, Call) and node.name == "ISERROR" and len(node.arguments) == 1:
            return self._is_error(node.arguments[0], sheet, shift)
        if isinstance(node, Call) and node.name in ("ISBLANK", "ISNUMBER") and len(node.arguments) == 1:
            is_blank = self._is_blank(node.arguments[0], sheet, shift)
            return is_blank if node.name == "ISBLANK" else not is_blank
        if not isinstance(node, Comparison):
            return self._value(node, sheet, shift) != 0
        sides = node.left, node.right
        if "" in sides and node.sign in ("=", "<>"):
            other = sides[0] if sides[1] == "" else sides[1]
            return self._is_blank(other, sheet, shift) == (node.sign == "=")
        left, right = (self._value(side, sheet, shift) for side in sides)
        return self._compared(node.sign, left - right)

    def _compared(self, sign: str, apart: Fraction) -> bool:
        # Programs take for equal what differs by what arithmetic of doubles leaves; which, they do not agree on.
        if apart and abs(apart) <= self._largest * _NOISE:
            raise NotWorkedOut
        return COMPARED[sign](apart)

    def _is_error(self, node: Node, sheet: str, shift: Cell) -> bool:
        """Whether something gives an error value."""
        try:
            self._value(node, sheet, shift)
        except Failed:
            return True
        return False

    def _is_blank(self, node: Node, sheet: str, shift: Cell) -> bool:
        """Whether a cell holds nothing; one that holds no number may show nothing all the same."""
        if not isinstance(node, Reference):
            raise NotWorkedOut
        title, cell = node.sheet or sheet, node.at(shift)
        if cell not in self._book.sheet(title).cells:
            return True
        self._at(title, cell)
        return False

    def _filled(self, node: Node, sheet: str, shift: Cell) -> int:
        """Cells that hold something, of a range; any other argument counts by itself."""
        if isinstance(node, NamedCells):
            node = self._named(node)
        if not isinstance(node, Reference | Range):
            if _gives_cells(node):
                raise NotWorkedOut
            self._value(node, sheet, shift)
            return 1
        found = 0
        for title, cell in self._inside(node, sheet, shift):
            if self._book.sheet(title).cells[cell].formula is not None:
                self._at(title, cell)
            found += 1
        return found

    def _numbers(self, node: Node, sheet: str, shift: Cell) -> Iterator[Fraction]:
        """What a function of many numbers takes: of cells the numbers, and of all else the value."""
        if isinstance(node, NamedCells):
            node = self._named(node)
        if not isinstance(node, Reference | Range):
            if _gives_cells(node):
                raise NotWorkedOut
            yield self._value(node, sheet, shift)
            return
        for title, cell in self._inside(node, sheet, shift):
            value, is_number = self._at(title, cell, among_others=True)
            if is_number:
                yield value

    def _inside(self, node: Reference | Range, sheet: str, shift: Cell) -> Iterator[tuple[str, Cell]]:
        """The cells of a range that hold something."""
        node = Range(node, node) if isinstance(node, Reference) else node
        (top, left), (bottom, right) = node.first.at(shift), node.last.at(shift)
        title = node.first.sheet or sheet
        cells = self._book.sheet(title).cells
        rows, columns = (range(min(pair), max(pair) + 1) for pair in ((top, bottom), (left, right)))
        self._spend(min(len(rows) * len(columns), len(cells)))
        small = len(rows) * len(columns) <= len(cells)
        inside = ((row, column) for row in rows for column in columns) if small else iter(cells)
        yield from ((title, cell) for cell in inside if cell in cells and cell[0] in rows and cell[1] in columns)

    def _at(self, sheet: str, cell: Cell, among_others: bool = False) -> tuple[Fraction, bool]:
        """The number in a cell, and whether there is one; blanks count as 0, and texts only among others."""
        self._spend(1)
        written = self._book.sheet(sheet).cells.get(cell)
        if written is None:
            return Fraction(0), False
        if written.formula is not None:
            worked = self.work_out(sheet, cell)
            if worked is None and among_others and (sheet, cell) in self._silent:
                return Fraction(0), False
            if worked is None:
                raise Failed if (sheet, cell) in self._failed else NotWorkedOut
            self._largest = max(self._largest, worked.largest)
            return worked.value, True
        if isinstance(written.value, float) and math.isfinite(written.value):
            return self._met(Fraction(Decimal(repr(written.value)))), True
        if among_others and isinstance(written.value, str) and not written.value.startswith("#"):
            return Fraction(0), False
        raise NotWorkedOut

    def _spend(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise NotWorkedOut

    def _met(self, value: Fraction) -> Fraction:
        if value.numerator.bit_length() + value.denominator.bit_length() > _BITS:
            raise NotWorkedOut
        self._largest = max(self._largest, abs(value))
        return value


def _gives_cells(node: Node) -> bool:
    """Whether a condition may give a cell itself, of which functions of many numbers leave out a text."""
    if not isinstance(node, Call) or node.name not in ("IF", "IFERROR"):
        return False
    return any(isinstance(one, Reference | Range | NamedCells) or _gives_cells(one) for one in node.arguments)
