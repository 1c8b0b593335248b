"""Conditions of formulas: what they compare, and what they ask of cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from xlcheck.model.cells import Cell
from xlcheck.reading.formulas import Call, Comparison, NamedCells, Node, Reference, Text
from xlcheck.reading.functions import COMPARED, Failed, NotWorkedOut
from xlcheck.reading.reached import Reached
from xlcheck.reading.worked import NOISE

_TRUTHS = {"TRUE": True, "FALSE": False}
_CONDITION = r"(<=|>=|<|>|=)?(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)"
"""What a function may ask of numbers, as a text."""

ValueOf = Callable[[Node, str, Cell], Fraction]
"""Gives the number that a part of a formula on a sheet comes to, which is moved by so many rows and columns."""


class Conditions:
    """The conditions in the formulas of a workbook."""

    def __init__(self, reached: Reached, value: ValueOf) -> None:
        """Look at the cells of a workbook; `value` works out what is no condition."""
        self._reached, self._value = reached, value

    def holds(self, node: Node, sheet: str, shift: Cell) -> bool:
        """Whether a condition holds."""
        if isinstance(node, Call) and node.name in ("AND", "OR", "NOT"):
            held = [self.holds(one, sheet, shift) for one in node.arguments]
            if node.name == "NOT" and len(held) != 1:
                raise NotWorkedOut
            return not held[0] if node.name == "NOT" else all(held) if node.name == "AND" else any(held)
        if isinstance(node, NamedCells) and node.text.upper() in _TRUTHS:
            return _TRUTHS[node.text.upper()]
        if isinstance(node, Call) and node.name == "IF" and len(node.arguments) == 3:
            first, *others = node.arguments
            return self.holds(others[not self.holds(first, sheet, shift)], sheet, shift)
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

    def of_numbers(self, node: Node, sheet: str, shift: Cell) -> Callable[[Fraction], bool]:
        """What ``5`` or ``">5"`` asks of a number."""
        sign, bound = "=", node
        if isinstance(node, Text):
            asked = re.fullmatch(_CONDITION, node.text)
            if not asked:
                raise NotWorkedOut
            sign, bound = asked[1] or "=", Fraction(Decimal(asked[2]))
        elif isinstance(node, Reference) and not self._reached.at(node.sheet or sheet, node.at(shift))[1]:
            raise NotWorkedOut  # what a blank asks, programs do not agree on
        wanted = self._value(bound, sheet, shift)
        return lambda value: self._compared(sign, value - wanted)

    def _compared(self, sign: str, apart: Fraction) -> bool:
        # Programs take for equal what differs by what arithmetic of doubles leaves; which, they do not agree on.
        if apart and abs(apart) <= self._reached.largest * NOISE:
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
        if cell not in self._reached.book.sheet(title).cells:
            return True
        self._reached.at(title, cell)
        return False
