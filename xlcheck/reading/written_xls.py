"""An .xls workbook as it is written ([MS-XLS] 2.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cached_property
from struct import unpack_from

from xlcheck.guard.biff_spared import set_right
from xlcheck.guard.biff_texts import codec_of, title_of
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.ole import compound
from xlcheck.guard.records import (
    BOF,
    BOOLERR,
    BOUNDSHEET,
    EOF,
    FORMULA,
    LABEL,
    LABELSST,
    MERGED,
    MULRK,
    NUMBER,
    RK,
    RSTRING,
    SST,
    records,
)
from xlcheck.model.cells import Cell
from xlcheck.reading.formulas_xls import Names, told
from xlcheck.reading.looks_xls import FONT, RECORDS, XlsLooks
from xlcheck.reading.strings_xls import font_how, seen_strings
from xlcheck.reading.written import Block, CellLook, Hiding, Stretch, WrittenCell, WrittenSheet

_ROW, _COLUMNS, _WIDTH, _SHARED, _EXTERN, _BOOKS, _NAME = 0x0208, 0x007D, 0x0055, 0x04BC, 0x0017, 0x01AE, 0x0018
_TEXTS = (LABEL, RSTRING, BOOLERR)
_OWN = b"\1\4"
"""What says in a SUPBOOK that it is the workbook itself."""
_OWN_NAME = 0x20
"""What says of a name that the program gave it."""


class XlsBook:
    """All sheets are read at once, when one is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _stream(self) -> _Stream:
        walk = _Stream(set_right(compound(self._data, LIMITS).workbook))
        walk.take()
        return walk

    @property
    def names(self) -> Mapping[str, str]:
        """What names stand for in all sheets; none that a sheet has for itself, too."""
        return self._stream.names()

    def is_usual(self, title: str, cells: Collection[Cell]) -> bool:
        """Whether a glance says that there is nothing to look at."""
        return False

    def sheet(self, title: str) -> WrittenSheet:
        """The sheet of that name."""
        return self._stream.sheets.get(title) or WrittenSheet({})

    def hiding(self, title: str) -> Hiding:
        """How it is hidden."""
        return self._stream.hiding.get(title, "")

    def is_uncalculated(self) -> bool:
        """Nothing in such a file says so."""
        return False


class _Stream:
    """One pass over the records."""

    def __init__(self, stream: bytes) -> None:
        self.sheets: dict[str, WrittenSheet] = {}
        self.hiding: dict[str, Hiding] = {}
        self._stream, self._codec = stream, codec_of(stream)
        self._titles: dict[int, str] = {}
        """By the places of their BOF, in the order of the workbook."""
        self._own: list[bool] = []
        """Of each SUPBOOK: whether it is this workbook."""
        self._links: list[tuple[int, int, int]] = []
        self._named: list[tuple[str, bytes]] = []
        """Each name and its formula; empty where it is one of a sheet, or of the program's own."""
        self._fonts: list[str] = []
        self._looks = XlsLooks()
        self._seen: Mapping[int, str] = {}
        self._clear()

    def _clear(self) -> None:
        self._cells: dict[Cell, WrittenCell] = {}
        self._merged: list[Block] = []
        self._rows: list[Stretch] = []
        self._columns: list[Stretch] = []
        self._tokens: dict[Cell, bytes] = {}
        self._shares: dict[Cell, bytes] = {}

    def take(self) -> None:
        """Look at every record."""
        depth = start = 0
        for kind, at, length in records(self._stream):
            if kind == BOF:
                if depth == 0:
                    start = at - 4
                    self._clear()
                depth += 1
            elif kind == EOF:
                depth -= 1
                if depth == 0 and start in self._titles:
                    self._end(self._titles[start])
            elif depth == 1:
                self._record(kind, at, length)

    def _record(self, kind: int, at: int, length: int) -> None:
        data = self._stream[at : at + length]
        if kind in _TEXTS:
            self._cells[unpack_from("<2H", data)] = WrittenCell("…", look=self._look(data))
        elif kind == LABELSST:
            seen = self._seen.get(unpack_from("<L", data, 6)[0], "")
            self._cells[unpack_from("<2H", data)] = WrittenCell("…", seen=seen, look=self._look(data))
        elif kind == NUMBER:
            self._number(data, 0, unpack_from("<d", data, 6)[0])
        elif kind in (RK, MULRK):
            for number in range((length - 4) // 6):
                self._number(data, number, _rk(unpack_from("<L", data, 6 + 6 * number)[0]))
        elif kind == FORMULA:
            self._formula(data)
        elif kind == _SHARED and length >= 10:
            self._shares[unpack_from("<H", data)[0], data[4]] = data[10 : 10 + unpack_from("<H", data, 8)[0]]
        elif kind == MERGED:
            for number in range(unpack_from("<H", data)[0]):
                top, bottom, left, right = unpack_from("<4H", data, 2 + 8 * number)
                self._merged.append((top, left, bottom, right))
        elif kind == SST:
            self._seen = seen_strings(self._stream, at, length, self._fonts)
        else:
            self._layout(kind, data)

    def _number(self, data: bytes, beside: int, value: float) -> None:
        row, column = unpack_from("<2H", data)
        self._cells[row, column + beside] = WrittenCell(value, look=self._look(data, 6 * beside))

    def _look(self, data: bytes, beyond: int = 0) -> CellLook | None:
        """The look of a cell, whose style stands behind its row and column, or so many bytes beyond."""
        return self._found_looks.get(unpack_from("<H", data, 4 + beyond)[0])

    @cached_property
    def _found_looks(self) -> Mapping[int, CellLook]:
        """The looks of styles, all of which are told before the first sheet."""
        return self._looks.found()

    def _layout(self, kind: int, data: bytes) -> None:
        if kind == BOUNDSHEET:
            place, state = unpack_from("<LB", data)
            title = title_of(data, self._codec)
            self._titles[place] = title
            self.hiding[title] = ("", "hidden", "very hidden", "very hidden")[state & 3]
        elif kind == _ROW and len(data) >= 16:
            row, _, _, height = unpack_from("<4H", data)
            if data[12] & 0x20 or (height & 0x7FFF) < 20:
                self._rows.append((row, row))
        elif kind == _COLUMNS and len(data) >= 10:
            first, last, width, _, flags = unpack_from("<5H", data)
            if flags & 1 or width < 77:
                self._columns.append((first, last))
        elif kind in RECORDS and not self._codec:
            self._looks.take(kind, data)
            if kind == FONT:
                self._fonts.append(font_how(data))
        elif kind == _BOOKS:
            self._own.append(data[2:4] == _OWN)
        elif kind == _NAME and not self._codec:
            self._named.append(_name(data))
        elif kind == _EXTERN and len(data) >= 2:
            count = min(unpack_from("<H", data)[0], (len(data) - 2) // 6)
            self._links = [unpack_from("<3H", data, 2 + 6 * number) for number in range(count)]

    def _formula(self, data: bytes) -> None:
        cell: Cell = unpack_from("<2H", data)
        value: float | str | None
        if data[12:14] == b"\xff\xff":
            value = {0: "…", 1: "TRUE", 2: "#"}.get(data[6])
        else:
            value = unpack_from("<d", data, 6)[0]
        self._cells[cell] = WrittenCell(value, "", look=self._look(data))
        size = unpack_from("<H", data, 20)[0] if len(data) >= 22 else 0
        self._tokens[cell] = data[22 : 22 + size]

    def names(self) -> Mapping[str, str]:
        """What names stand for in all sheets, as formulas, by their small letters."""
        names = Names(list(self._titles.values()), self._links, self._own)
        return {name.lower(): told(tokens, (0, 0), names) for name, tokens in self._global()}

    def _global(self) -> list[tuple[str, bytes]]:
        """The names in their order, empty for one that not all sheets have for the same cells."""
        often = Counter(name.lower() for name, _ in self._named)
        return [(name, tokens) if tokens and often[name.lower()] == 1 else ("", b"") for name, tokens in self._named]

    def _end(self, title: str) -> None:
        named = [name for name, _ in self._global()]
        names = Names(list(self._titles.values()), self._links, self._own, named)
        for cell, tokens in self._tokens.items():
            if tokens[:1] == b"\1" and len(tokens) >= 5:
                tokens = self._shares.get(unpack_from("<2H", tokens, 1), b"")  # noqa: PLW2901
            # Tokens of older ones are others; what they say is not made out.
            formula = "" if self._codec else told(tokens, cell, names)
            self._cells[cell] = self._cells[cell]._replace(formula=formula)
        self.sheets[title] = WrittenSheet(self._cells, tuple(self._merged), tuple(self._rows), tuple(self._columns))


def _name(data: bytes) -> tuple[str, bytes]:
    """A name and the tokens that it stands for ([MS-XLS] 2.4.150); none for one of a single sheet, or of the program's own."""
    if len(data) < 15:
        return "", b""
    flags, count, size, sheet = unpack_from("<HxBHxxH", data)
    wide = data[14] & 1
    end = 15 + count * (2 if wide else 1)
    name = data[15:end].decode("utf-16-le" if wide else "latin-1", "replace")
    return name, b"" if sheet or flags & _OWN_NAME else data[end : end + size]


def _rk(number: int) -> float:
    """A number in 30 bits ([MS-XLS] 2.5.217)."""
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 0x80000000 else 0))
    else:
        value = unpack_from("<d", (number & 0xFFFFFFFC).to_bytes(8, "little")[:4].rjust(8, b"\0"))[0]
    return value / 100 if number & 1 else value
