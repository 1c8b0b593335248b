"""The stream of an .xls workbook: records, one after the other ([MS-XLS] 2.1.4).

calamine 0.37 reserves memory by what DIMENSIONS claims, panics at records shorter than they should be, and lays cells
out densely. So every record of the stream that holds values is looked at once here, and
:func:`xlcheck.guard.biff_spared.spared` leaves out all others.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import error, unpack_from

from xlcheck.guard.biff_texts import codec_of, title_of
from xlcheck.guard.budget import PER_RECORD, PER_STRING, PER_VALUE, SPARSE, STRING_ROOM, VALUE_ROOM, Budget
from xlcheck.guard.limits import Limits
from xlcheck.guard.records import (
    BLANK,
    BOF,
    BOOLERR,
    BOUNDSHEET,
    CODEPAGE,
    CONTINUE,
    DATE1904,
    FILEPASS,
    FORMULA,
    LABEL,
    LABELSST,
    MERGED,
    MULBLANK,
    MULRK,
    NUMBER,
    RK,
    RSTRING,
    SST,
    records,
)
from xlcheck.guard.sheet import far
from xlcheck.model.errors import LOCKED, Refused, damaged, too_much
from xlcheck.model.text import entered

LENGTHS = {FORMULA: 20, NUMBER: 14, LABEL: 8, BOOLERR: 8, RK: 10, MULRK: 12, LABELSST: 10, RSTRING: 8}
"""The least length of each record that fills a cell ([MS-XLS] 2.4)."""
_TOGETHER = 1_024
"""Records and strings that are charged at once."""


@dataclass(slots=True)
class _Sheet:
    """What a sheet was found to hold."""

    title: str
    bottom: int = 0
    right: int = 0


def check_biff(stream: bytes, limits: Limits, budget: Budget) -> None:
    """Refuse a stream that harms the parser, or takes more than there is of the budget.

    Raises:
        Refused: F101 damaged, F102 encrypted, F104 beyond the limits.
    """
    walk = _Walk(stream, limits, budget)
    try:
        walk.take()
    except error:
        raise damaged("工作簿记录不完整") from None
    walk.check()


class _Walk:
    """One pass over the records of a stream: each is looked at by its kind, and what they come to at the end."""

    def __init__(self, stream: bytes, limits: Limits, budget: Budget) -> None:
        self._stream, self._limits, self._budget = stream, limits, budget
        self._sheets: dict[int, _Sheet] = {}
        """By the place of their BOF."""
        self._starts: set[int] = set()
        """Of every BOF."""
        self._codec = codec_of(stream)
        self._sheet = _Sheet("")
        """That of the records at hand."""
        self._strings = array("L")
        """Bytes of the shared strings."""
        self._cells = self._shown = 0

    def take(self) -> None:
        """Look at every record."""
        others: dict[int, Callable[[int, int], None]] = {
            BLANK: self._blank,
            MULBLANK: self._blanks,
            BOF: self._begin,
            SST: self._share,
            BOUNDSHEET: self._list,
            FILEPASS: self._refuse_password,
            CODEPAGE: self._check_word,
            DATE1904: self._check_word,
            MERGED: self._check_merged,
        }
        for number, (kind, at, length) in enumerate(records(self._stream)):
            if number % _TOGETHER == 0:
                self._budget.charge(work=PER_RECORD * _TOGETHER)
            if kind in LENGTHS:
                self._fill(kind, at, length)
            elif kind in others:
                others[kind](at, length)

    def check(self) -> None:
        """Refuse a stream that holds too much altogether."""
        self._budget.charge(work=PER_VALUE * self._cells, room=VALUE_ROOM * self._cells)
        if self._cells > self._limits.cells:
            raise too_much("单元格过多（含只有格式的空白行列）")
        if self._shown > self._limits.text_bytes:
            raise too_much(f"单元格文字合计超过 {self._limits.text_bytes >> 20} MB")
        self._budget.charge_grid(sum(each.bottom * each.right for each in self._sheets.values()), SPARSE)
        if not self._sheets or not self._sheets.keys() <= self._starts:
            raise damaged("工作表目录不正确")

    # --- cells ---

    def _fill(self, kind: int, at: int, length: int) -> None:
        if length < LENGTHS[kind]:
            raise damaged("单元格记录不完整")
        row, column = unpack_from("<2H", self._stream, at)
        if kind == MULRK:
            column = self._last_column(column, at, length)
        elif kind == LABELSST:
            index = unpack_from("<L", self._stream, at + 6)[0]
            self._shown += self._strings[index] if index < len(self._strings) else 0
        sheet, limits = self._sheet, self._limits
        sheet.bottom, sheet.right = max(sheet.bottom, row + 1), max(sheet.right, column + 1)
        if row >= limits.rows or column >= limits.columns or sheet.bottom * sheet.right > limits.grid:
            raise far(sheet.title, row, column)
        self._cells += 1

    def _last_column(self, first: int, at: int, length: int) -> int:
        """Of the numbers side by side in one record ([MS-XLS] 2.4.175)."""
        last: int = unpack_from("<H", self._stream, at + length - 2)[0]
        if last - first + 1 != (length - 6) // 6 or (length - 6) % 6:
            raise damaged("单元格记录不完整")
        return last

    def _blank(self, at: int, length: int) -> None:
        del at, length
        self._cells += 1

    def _blanks(self, at: int, length: int) -> None:
        del at
        self._cells += max((length - 6) // 2, 1)

    # --- the workbook ---

    def _begin(self, at: int, length: int) -> None:
        self._check_length(length, 4)
        self._starts.add(at - 4)
        self._sheet = self._sheets.get(at - 4, self._sheet)

    def _share(self, at: int, length: int) -> None:
        self._strings = _string_lengths(self._stream, at, length, self._budget)

    def _list(self, at: int, length: int) -> None:
        """An entry of the list of sheets ([MS-XLS] 2.4.28)."""
        if length < 7:
            raise damaged("工作表目录不正确")
        place, _, what = unpack_from("<L2B", self._stream, at)
        title = title_of(self._stream[at : at + length], self._codec)
        if not title and what == 0:
            raise damaged("工作表目录不正确")
        if place in self._sheets:
            raise damaged("工作表目录有重复")
        if len(self._sheets) >= self._limits.sheets:
            raise too_much(f"工作表超过 {self._limits.sheets} 张")
        self._sheets[place] = _Sheet(entered(title))

    def _refuse_password(self, at: int, length: int) -> None:
        del at, length
        raise Refused("F102", LOCKED)

    def _check_word(self, at: int, length: int) -> None:
        del at
        self._check_length(length, 2)

    def _check_length(self, length: int, least: int) -> None:
        if length < least:
            raise damaged("工作簿记录不完整")

    def _check_merged(self, at: int, length: int) -> None:
        if length < 2 + 8 * unpack_from("<H", self._stream, at)[0]:
            raise damaged("合并单元格记录不完整")


def _string_lengths(stream: bytes, at: int, length: int, budget: Budget) -> array[int]:
    """Upper bounds of the bytes of each shared string, in UTF-8 ([MS-XLS] 2.4.265 and 2.5.293)."""
    pieces = [(at, at + length)]
    at += length
    while at + 4 <= len(stream):
        kind, length = unpack_from("<2H", stream, at)
        if kind != CONTINUE:
            break
        pieces.append((at + 4, at + 4 + length))
        at += 4 + length
    lengths = array("L")
    for most in _StringTable(stream, pieces):
        lengths.append(most)
        if len(lengths) % _TOGETHER == 0:
            budget.charge(work=PER_STRING * _TOGETHER, room=STRING_ROOM * _TOGETHER)
    budget.charge(room=sum(lengths))
    return lengths


class _StringTable:
    """The strings of a table that is spread over CONTINUE records."""

    def __init__(self, stream: bytes, pieces: list[tuple[int, int]]) -> None:
        self.stream, self.pieces = stream, pieces
        self.piece = 0
        self.at, self.stop = pieces[0][0] + 8, pieces[0][1]

    def __iter__(self) -> Iterator[int]:
        while self._left():
            count, flags = unpack_from("<HB", self.stream, self.at)
            self.at += 3
            after = 0
            if flags & 8:
                after += 4 * unpack_from("<H", self.stream, self.at)[0]
                self.at += 2
            if flags & 4:
                after += unpack_from("<L", self.stream, self.at)[0]
                self.at += 4
            yield 3 * count
            self._skip_characters(count, flags & 1)
            self._skip(after)

    def _left(self) -> bool:
        """Whether there is more, going on to the next record where one ends."""
        while self.at >= self.stop:
            self.piece += 1
            if self.piece >= len(self.pieces):
                return False
            self.at, self.stop = self.pieces[self.piece]
        return True

    def _skip_characters(self, count: int, wide: int) -> None:
        """A text that goes on in the next record says there anew whether it is wide."""
        while count:
            taken = min(count, (self.stop - self.at) >> wide)
            self.at += taken << wide
            count -= taken
            if count:
                self.at = self.stop
                if not self._left():
                    return
                wide = self.stream[self.at] & 1
                self.at += 1

    def _skip(self, size: int) -> None:
        while size and self._left():
            taken = min(size, self.stop - self.at)
            self.at += taken
            size -= taken
