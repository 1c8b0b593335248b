"""Functions of formulas that take many cells: sums, counts, subtotals, and those of a condition or of products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from xlcheck.model.cells import Cell
from xlcheck.reading.conditions import Conditions, ValueOf
from xlcheck.reading.formulas import Call, NamedCells, Node, Range, Reference
from xlcheck.reading.functions import OF_MANY, SUBTOTALS, NotWorkedOut
from xlcheck.reading.reached import Reached
from xlcheck.reading.written import lies_in


class OfMany:
    """Functions of many cells of a workbook."""

    def __init__(self, reached: Reached, conditions: Conditions, value: ValueOf) -> None:
        """Look at the cells of a workbook; `value` works out an argument that is one number."""
        self._reached, self._conditions, self._value = reached, conditions, value

    def gives(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        """What such a function gives.

        Raises:
            NotWorkedOut: it is another one, or not of numbers.
        """
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
            for title, (row, column) in self._reached.inside(self._reached.range_of(one), sheet, shift):
                written = self._reached.book.sheet(title)
                if "SUBTOTAL" in (written.cells[row, column].formula or "").upper() or lies_in(row, written.rows):
                    raise NotWorkedOut
        return self._of_many(name, ranges, sheet, shift)

    def _sum_of_products(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        """Of ranges of one shape; what is no number counts as 0."""
        factors = self._reached.alike(call.arguments, sheet, shift)
        total = Fraction(0)
        for row in zip(*factors, strict=True):
            product = Fraction(1)
            for title, cell in row:
                product = self._reached.met(product * self._reached.at(title, cell, among_others=True)[0])
            total = self._reached.met(total + product)
        return total

    def _of_those(self, call: Call, sheet: str, shift: Cell) -> Fraction:
        """``SUMIF`` and ``COUNTIF`` of a condition on numbers; the range that is added up has the shape of the other."""
        first, condition, *others = call.arguments
        if others and call.name == "COUNTIF":
            raise NotWorkedOut
        asked, added = self._reached.alike([first, *(others or [first])], sheet, shift)
        holds = self._conditions.of_numbers(condition, sheet, shift)
        found = Fraction(0)
        for place, other in zip(asked, added, strict=True):
            value, is_number = self._reached.at(*place, among_others=True)
            # A text of digits counts as a number for some conditions, and for some programs.
            if not is_number and place[1] in self._reached.book.sheet(place[0]).cells:
                raise NotWorkedOut
            if is_number and holds(value):
                found += 1 if call.name == "COUNTIF" else self._reached.at(*other, among_others=True)[0]
        return self._reached.met(found)

    def _filled(self, node: Node, sheet: str, shift: Cell) -> int:
        """Cells that hold something, of a range; any other argument counts by itself."""
        if isinstance(node, NamedCells):
            node = self._reached.named(node)
        if not isinstance(node, Reference | Range):
            if _gives_cells(node):
                raise NotWorkedOut
            self._value(node, sheet, shift)
            return 1
        found = 0
        for title, cell in self._reached.inside(node, sheet, shift):
            if self._reached.book.sheet(title).cells[cell].formula is not None:
                self._reached.at(title, cell)
            found += 1
        return found

    def _numbers(self, node: Node, sheet: str, shift: Cell) -> Iterator[Fraction]:
        """What a function of many numbers takes: of cells the numbers, and of all else the value."""
        if isinstance(node, NamedCells):
            node = self._reached.named(node)
        if not isinstance(node, Reference | Range):
            if _gives_cells(node):
                raise NotWorkedOut
            yield self._value(node, sheet, shift)
            return
        for title, cell in self._reached.inside(node, sheet, shift):
            value, is_number = self._reached.at(title, cell, among_others=True)
            if is_number:
                yield value


def _gives_cells(node: Node) -> bool:
    """Whether a condition may give a cell itself, of which functions of many numbers leave out a text."""
    if not isinstance(node, Call) or node.name not in ("IF", "IFERROR"):
        return False
    return any(isinstance(one, Reference | Range | NamedCells) or _gives_cells(one) for one in node.arguments)
