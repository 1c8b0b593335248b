"""The formulas of an .xls, which are tokens, in the notation of Excel ([MS-XLS] 2.2.2 and 2.5.198)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from struct import error, unpack_from

from xlcheck.model.cells import Cell
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.formulas import cell_notation

_SIGNS = {
    0x03: ("+", 1), 0x04: ("-", 1), 0x05: ("*", 2), 0x06: ("/", 2),
    0x09: ("<", 0), 0x0A: ("<=", 0), 0x0B: ("=", 0), 0x0C: (">=", 0), 0x0D: (">", 0), 0x0E: ("<>", 0),
}  # fmt: skip
_SINGLE = 4
"""How tightly what has no sign holds together; a comparison 0, a sum 1, a product 2, a signed number 3."""
_OF_ONE = {
    24: ("ABS", 1), 25: ("INT", 1), 27: ("ROUND", 2), 38: ("NOT", 1), 128: ("ISNUMBER", 1), 129: ("ISBLANK", 1),
    212: ("ROUNDUP", 2), 213: ("ROUNDDOWN", 2), 346: ("COUNTIF", 2),
}  # fmt: skip
_OF_MANY = {
    0: "COUNT", 1: "IF", 4: "SUM", 5: "AVERAGE", 6: "MIN", 7: "MAX", 36: "AND", 37: "OR", 169: "COUNTA", 183: "PRODUCT",
    228: "SUMPRODUCT", 344: "SUBTOTAL", 345: "SUMIF",
}  # fmt: skip
_SKIPPED = 0x4B
"""What only says how the formula is typed, that it is worked out anew, or where a condition goes on."""
_LAST_ROW, _LAST_COLUMN = 65_536, 256


class Names(NamedTuple):
    """What the numbers of sheets in formulas stand for."""

    titles: Sequence[str]
    links: Sequence[tuple[int, int, int]]
    """Workbook, first and last sheet."""
    own: Sequence[bool]
    """Which workbook is the one at hand."""
    named: Sequence[str] = ()
    """The names that stand for the same cells in all sheets; empty for all others."""

    def sheet(self, link: int) -> str:
        """What stands before a cell of another sheet.

        Raises:
            LookupError: it is not one sheet of this workbook.
        """
        book, first, last = self.links[link]
        if first != last or not self.own[book]:
            raise LookupError
        title = self.titles[first].replace("'", "''")
        return f"'{title}'!"


def told(tokens: bytes, cell: Cell, names: Names) -> str:
    """The formula in a cell, without ``=``; empty where it has something that is not simple."""
    try:
        reader = _Reader(tokens, cell, names)
        while reader.at < len(tokens):
            reader.step()
        ((text, _),) = reader.stack
    except (LookupError, ValueError, error):
        return ""
    return text


class _Reader:
    """Reads tokens from left to right; what an operator works on stands before it."""

    def __init__(self, tokens: bytes, cell: Cell, names: Names) -> None:
        self.stack: list[tuple[str, int]] = []
        self.at = 0
        self._tokens, self._cell, self._names = tokens, cell, names

    def step(self) -> None:
        """Read a token.

        Raises:
            LookupError: it is not simple.
        """
        kind = self._take("<B")[0]
        if kind in _SIGNS:
            sign, level = _SIGNS[kind]
            right, left = self._bound(level + 1), self._bound(level or 1)
            self._push(f"{left}{sign}{right}", level)
        elif kind >= 0x20:
            _OPERANDS[kind & 0x1F | 0x20](self)
        else:
            _OTHERS[kind](self)

    def _take(self, form: str) -> tuple[int, ...]:
        found: tuple[int, ...] = unpack_from(form, self._tokens, self.at)
        self.at += {"<B": 1, "<H": 2, "<2H": 4, "<3H": 6, "<4H": 8, "<5H": 10, "<BH": 3, "<d": 8}[form]
        return found

    def _push(self, text: str, level: int = _SINGLE) -> None:
        if len(text) > 8_192:
            raise LookupError
        self.stack.append((text, level))

    def _bound(self, level: int) -> str:
        text, held = self.stack.pop()
        return text if held >= level else f"({text})"

    def signed(self) -> None:
        sign = {0x12: "+", 0x13: "-"}[self._tokens[self.at - 1]]
        self._push(f"{sign}{self._bound(3)}", 3)

    def percent(self) -> None:
        self._push(f"{self._bound(_SINGLE)}%", 3)

    def bracket(self) -> None:
        self._push(f"({self.stack.pop()[0]})")

    def whole(self) -> None:
        self._push(str(self._take("<H")[0]))

    def text(self) -> None:
        """A text, of which only short ones of plain characters are simple."""
        count, wide = self._take("<B")[0], self._take("<B")[0]
        if wide & ~1:
            raise LookupError
        end = self.at + count * (2 if wide else 1)
        said = self._tokens[self.at : end].decode("utf-16-le" if wide else "latin-1")
        if '"' in said:
            raise LookupError
        self.at = end
        self._push(f'"{said}"')

    def name(self) -> None:
        """A name of the workbook, by its number from 1."""
        number, _ = self._take("<2H")
        name = self._names.named[number - 1] if number else ""
        if not name:
            raise LookupError
        self._push(name)

    def number(self) -> None:
        self._push(repr(self._take("<d")[0]))

    def attribute(self) -> None:
        """A sum of one argument, or what only says how the formula is typed."""
        kind, _ = self._take("<BH")
        if kind & 0x10:
            self._push(f"SUM({self.stack.pop()[0]})")
        elif kind & ~_SKIPPED:
            raise LookupError

    def function(self) -> None:
        name, count = _OF_ONE[self._take("<H")[0]]
        self._call(name, count)

    def function_of_many(self) -> None:
        count, name = self._take("<BH")
        self._call(_OF_MANY[name], count)

    def _call(self, name: str, count: int) -> None:
        if not 0 < count <= len(self.stack):
            raise LookupError
        arguments = [text for text, _ in self.stack[-count:]]
        del self.stack[-count:]
        self._push(f"{name}({','.join(arguments)})")

    def reference(self) -> None:
        self._push(self._named(*self._take("<2H")))

    def area(self) -> None:
        self._push(self._area(*self._take("<4H")))

    def moved_reference(self) -> None:
        self._push(self._named(*self._moved(*self._take("<2H"))))

    def moved_area(self) -> None:
        top, bottom, left, right = self._take("<4H")
        (top, left), (bottom, right) = self._moved(top, left), self._moved(bottom, right)
        self._push(self._area(top, bottom, left, right))

    def other_reference(self) -> None:
        link, row, column = self._take("<3H")
        self._push(self._names.sheet(link) + self._named(row, column))

    def other_area(self) -> None:
        link, *cells = self._take("<5H")
        self._push(self._names.sheet(link) + self._area(*cells))

    def _area(self, top: int, bottom: int, left: int, right: int) -> str:
        return f"{self._named(top, left)}:{self._named(bottom, right)}"

    def _named(self, row: int, column: int) -> str:
        """A cell; two bits of the column say what moves when the formula is copied."""
        return cell_notation(row, column & 0x3FFF, (not column & 0x8000, not column & 0x4000))

    def _moved(self, row: int, column: int) -> tuple[int, int]:
        """A cell of a shared formula, which is told as seen from the cell that has the formula ([MS-XLS] 2.5.198.111)."""
        flags, column = column & 0xC000, column & 0x3FFF
        if flags & 0x8000:
            row = (row + self._cell[0]) % _LAST_ROW
        if flags & 0x4000:
            column = (column + self._cell[1]) % _LAST_COLUMN
        return row, column | flags


_OTHERS: Mapping[int, Callable[[_Reader], None]] = {
    0x12: _Reader.signed,
    0x13: _Reader.signed,
    0x14: _Reader.percent,
    0x15: _Reader.bracket,
    0x17: _Reader.text,
    0x19: _Reader.attribute,
    0x1E: _Reader.whole,
    0x1F: _Reader.number,
}
_OPERANDS: Mapping[int, Callable[[_Reader], None]] = {
    0x21: _Reader.function,
    0x22: _Reader.function_of_many,
    0x23: _Reader.name,
    0x24: _Reader.reference,
    0x25: _Reader.area,
    0x2C: _Reader.moved_reference,
    0x2D: _Reader.moved_area,
    0x3A: _Reader.other_reference,
    0x3B: _Reader.other_area,
}
