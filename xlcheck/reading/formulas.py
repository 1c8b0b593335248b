"""The notation of simple formulas: numbers, cells, ranges, names, ``+ - * / %``, comparisons, brackets and functions."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from xlcheck.model.cells import Cell, column_name, parse_cell
from xlcheck.model.tuples import NamedTuple

_LONGEST = 8_192
"""Characters; the most that a program allows."""
_DEPTH = 64
"""Brackets within one another; the most that a program allows."""


class Reference(NamedTuple):
    """A cell."""

    sheet: str
    """Empty for the formula's own."""
    row: int
    column: int
    fixed: tuple[bool, bool] = (False, False)
    """Whether row and column stay where a shared formula moves."""

    def at(self, shift: Cell) -> Cell:
        """The cell, after a shared formula moved by so many rows and columns."""
        rows, columns = shift
        return self.row + (0 if self.fixed[0] else rows), self.column + (0 if self.fixed[1] else columns)


class Range(NamedTuple):
    """All cells between two."""

    first: Reference
    last: Reference


class Unary(NamedTuple):
    """``-x``, ``+x`` or ``x%``."""

    sign: str
    of: Node


class Chain(NamedTuple):
    """``x + y - z`` or ``x * y / z``, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Call(NamedTuple):
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]


class Comparison(NamedTuple):
    """``x = y`` and the like; an empty text stands for itself."""

    sign: str
    left: Node
    right: Node


class NamedCells(NamedTuple):
    """What the workbook gives a name to."""

    text: str


class Text(NamedTuple):
    """A text, which some functions take for a condition."""

    text: str


Node: TypeAlias = "Fraction | Reference | Range | Unary | Chain | Call | Comparison | NamedCells | Text | str"
"""What a formula says."""

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<number>[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]{1,400})"
    r"|(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!"
    r"|(?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?![\w(.!])"
    r"|(?P<call>[A-Za-z][A-Za-z0-9.]*)\("
    r"|(?P<name>[^\W\d][\w.]*)(?![\w.!(])"
    r'|(?P<nothing>"")(?!")'
    r'|(?P<text>"[^"]{1,40}")(?!")'
    r"|(?P<sign><>|<=|>=|[-+*/%(),:<>=])"
    r")"
)
_UNREAL = re.compile(r"[\[\]{}&^;@]")
"""What no simple formula has; a bracket leads to another workbook."""


@lru_cache(maxsize=512)
def parse_formula(text: str) -> Node | None:
    """What a formula without its ``=`` says; None for one that is not simple.

    >>> parse_formula("SUM(A1:B2)")
    Call(name='SUM', arguments=(Range(first=Reference(sheet='', row=0, column=0, fixed=(False, False)), \
last=Reference(sheet='', row=1, column=1, fixed=(False, False))),))
    """
    text = text.strip().removeprefix("=")
    if not text or len(text) > _LONGEST or _UNREAL.search(text):
        return None
    try:
        return _Parser(text).whole()
    except (_NotSimple, ValueError):
        return None


class _NotSimple(Exception):
    """The formula has something that is not worked out."""


class _Parser:
    """Reads a formula from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._depth = 0

    def whole(self) -> Node:
        """The formula to its end."""
        node = self._comparison()
        if self._tokens:
            raise _NotSimple
        return node

    def _next(self) -> tuple[str, str]:
        return self._tokens[0] if self._tokens else ("", "")

    def _take(self, *signs: str) -> str:
        """The sign that comes next, if it is one of these."""
        kind, text = self._next()
        if kind != "sign" or text not in signs:
            return ""
        self._tokens.pop(0)
        return text

    def _comparison(self) -> Node:
        left = self._sum()
        sign = self._take("=", "<>", "<", ">", "<=", ">=")
        return Comparison(sign, left, self._sum()) if sign else left

    def _sum(self) -> Node:
        first, rest = self._product(), []
        while sign := self._take("+", "-"):
            rest.append((sign, self._product()))
        return Chain(first, tuple(rest)) if rest else first

    def _product(self) -> Node:
        first, rest = self._signed(), []
        while sign := self._take("*", "/"):
            rest.append((sign, self._signed()))
        return Chain(first, tuple(rest)) if rest else first

    def _signed(self) -> Node:
        signs = []
        while sign := self._take("+", "-"):
            signs.append(sign)
        node = self._single()
        if self._take("%"):
            node = Unary("%", node)
        return Unary("-", node) if signs.count("-") % 2 else node

    def _single(self) -> Node:
        kind, text = self._next()
        if self._take("("):
            node = self._inside()
            if isinstance(node, Range):
                raise _NotSimple
            return node
        if kind == "number":
            self._tokens.pop(0)
            return Fraction(Decimal(text))
        if kind == "nothing":
            self._tokens.pop(0)
            return ""
        if kind == "text":
            self._tokens.pop(0)
            return Text(text[1:-1])
        if kind == "name":
            self._tokens.pop(0)
            return NamedCells(text)
        if kind == "call":
            self._tokens.pop(0)
            return Call(text.upper(), self._arguments())
        return self._cells()

    def _inside(self) -> Node:
        self._deeper()
        node = self._comparison()
        if not self._take(")"):
            raise _NotSimple
        self._depth -= 1
        return node

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise _NotSimple

    def _arguments(self) -> tuple[Node, ...]:
        self._deeper()
        found = [self._comparison()]
        while self._take(","):
            found.append(self._comparison())
        if not self._take(")"):
            raise _NotSimple
        self._depth -= 1
        return tuple(found)

    def _cells(self) -> Node:
        first = self._reference()
        if not self._take(":"):
            return first
        last = self._reference()
        if last.sheet and last.sheet != first.sheet:
            raise _NotSimple
        return Range(first, last)

    def _reference(self) -> Reference:
        sheet = ""
        if self._next()[0] == "sheet":
            text = self._tokens.pop(0)[1]
            sheet = text[1:-1].replace("''", "'") if text.startswith("'") else text
        kind, text = self._next()
        if kind != "cell":
            raise _NotSimple
        self._tokens.pop(0)
        row, column = parse_cell(text.replace("$", "").upper())
        return Reference(sheet, row, column, ("$" in text[1:], text.startswith("$")))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            if text[at:].strip():
                raise _NotSimple
            break
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return found


def cell_notation(row: int, column: int, fixed: tuple[bool, bool] = (False, False)) -> str:
    """``$D$5`` and the like."""
    return f"{'$' if fixed[1] else ''}{column_name(column)}{'$' if fixed[0] else ''}{row + 1}"
