"""Working out simple formulas exactly: arithmetic, conditions and a few functions of numbers and cells of the workbook.

What a program would show once it calculates. A formula of anything else is not worked out, and neither is one of texts,
dates, error values, circles, or more cells than any form has.
"""

from __future__ import annotations

from fractions import Fraction

from xlcheck.model.cells import Cell
from xlcheck.reading.conditions import Conditions
from xlcheck.reading.formulas import Call, Chain, NamedCells, Node, Reference, Unary, parse_formula
from xlcheck.reading.functions import SHAPED, Failed, GivesNothing, NotWorkedOut, applied, shaped
from xlcheck.reading.of_many import OfMany
from xlcheck.reading.reached import Reached
from xlcheck.reading.worked import Worked
from xlcheck.reading.written import WrittenBook, WrittenCell

_DEPTH = 60
"""Formulas that lead from one to the next, and brackets within these, at the most."""
_ASKED = 400_000
"""Characters of conditions that are worked out, each as often as it is, at the most."""


class Calculator:
    """The formulas of a workbook, each worked out once."""

    def __init__(self, book: WrittenBook) -> None:
        self._book = book
        self._reached = Reached(book, self._worked)
        self._conditions = Conditions(self._reached, self._value)
        self._of_many = OfMany(self._reached, self._conditions, self._value)
        self._known: dict[tuple[str, Cell], Worked | None] = {}
        self._failed: set[tuple[str, Cell]] = set()
        """Those that give an error value."""
        self._silent: set[tuple[str, Cell]] = set()
        """Those that give an empty text."""
        self._asked = _ASKED
        self._depth = 0

    def work_out(self, sheet: str, cell: Cell) -> Worked | None:
        """What the formula in a cell gives; None where it is not worked out."""
        key = sheet, cell
        if key not in self._known:
            self._known[key] = None  # as long as it is worked out: a circle is nothing
            before, self._reached.largest = self._reached.largest, Fraction(0)
            try:
                value = self._formula(sheet, self._book.sheet(sheet).cells[cell])
                self._known[key] = Worked(value, self._reached.largest)
            except Failed:
                self._failed.add(key)
            except GivesNothing:
                self._silent.add(key)
            except NotWorkedOut:
                pass
            finally:
                self._reached.largest = before
        return self._known[key]

    def _worked(self, sheet: str, cell: Cell) -> Worked:
        """The same for a formula that leads there.

        Raises:
            Failed: it gives an error value.
            GivesNothing: it gives an empty text.
            NotWorkedOut: it is not worked out.
        """
        worked = self.work_out(sheet, cell)
        if worked is None:
            key = sheet, cell
            raise Failed if key in self._failed else GivesNothing if key in self._silent else NotWorkedOut
        return worked

    def gives_nothing(self, sheet: str, cell: Cell) -> bool:
        """Whether the formula in a cell gives an empty text, for certain."""
        return self.work_out(sheet, cell) is None and (sheet, cell) in self._silent

    def holds(self, sheet: str, condition: str, shift: Cell) -> bool | None:
        """Whether a condition holds, as a formula that is moved by so many rows and columns; None where that is not worked out."""
        self._asked -= len(condition)
        tree = parse_formula(condition) if self._asked > 0 else None
        before, self._reached.largest = self._reached.largest, Fraction(0)
        try:
            return None if tree is None else self._conditions.holds(tree, sheet, shift)
        except NotWorkedOut:
            return None
        finally:
            self._reached.largest = before

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
        holds = self._conditions.holds(call.arguments[0], sheet, shift)
        chosen = call.arguments[1:2] if holds else call.arguments[2:]
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
            return self._reached.met(node)
        if isinstance(node, Reference):
            return self._reached.at(node.sheet or sheet, node.at(shift))[0]
        if isinstance(node, Unary):
            value = self._value(node.of, sheet, shift)
            return -value if node.sign == "-" else value / 100 if node.sign == "%" else value
        if isinstance(node, Chain):
            value = self._value(node.first, sheet, shift)
            for sign, one in node.rest:
                value = self._reached.met(applied(sign, value, self._value(one, sheet, shift)))
            return value
        if isinstance(node, Call):
            return self._reached.met(self._call(node, sheet, shift))
        if isinstance(node, NamedCells):
            return self._value(self._reached.named(node), sheet, shift)
        raise NotWorkedOut

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
        return self._of_many.gives(call, sheet, shift)
