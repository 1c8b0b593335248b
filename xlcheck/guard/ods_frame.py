"""The tables of an .ods as a skeleton with marks where values stood, and the values that were taken out of it.

What stands around the values is the same in all documents that a program saved of one template, whatever was filled in. So it
is proved and understood once, which makes a frame of it, and each document's values are put into the frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from xlcheck.guard.limits import Limits
from xlcheck.guard.ods_found import OdsCell, OdsContent, OdsStyled, OdsTable, OdsValues, Spread
from xlcheck.guard.plain import NO_CELLS, Picked, Skeleton, are_numbers, reach_of
from xlcheck.guard.sound import is_sound
from xlcheck.guard.texts import meant
from xlcheck.model.cells import Cell
from xlcheck.model.tuples import NamedTuple

TEXT, NUMBER, STRING = b"\0", b"\1", b"\2"
"""What stands in a skeleton for a cell's text of one paragraph, for a number, and for a text that is said; no XML holds it."""
BETWEEN = b"\3"
"""What stands between the texts of a sheet."""
_MARKS = (TEXT, NUMBER, STRING, BETWEEN)
_MOST = 4_096
"""Cells of a sheet with values of other cells, beyond which nobody is told what each cell of it is."""
_ONCE = (1, 1)
"""How often a cell is there that is not repeated."""
_VALUE = rb'[^"<\t\n\r]*'
_CUTS = (
    (re.compile(rb"<text:p>([^<\r]*)</text:p></table:table-cell>"), b"<text:p>%b</text:p></table:table-cell>" % TEXT),
    (re.compile(rb' office:value="(%b)' % _VALUE), b' office:value="' + NUMBER),
    (re.compile(rb' office:string-value="(%b)' % _VALUE), b' office:string-value="' + STRING),
    # LibreOffice has it begin on any sheet, on another one each time; nobody reads it.
    (re.compile(rb' table:base-cell-address="(%b)' % _VALUE), b' table:base-cell-address="'),
)


class Cut(NamedTuple):
    """A body of tables, taken apart."""

    skeleton: bytes
    texts: Sequence[bytes]
    numbers: Sequence[bytes]
    strings: Sequence[bytes]
    others: Sequence[bytes]
    """What nobody reads."""


class SlotCell(NamedTuple):
    """A cell that is more than a value, and which of the values, if any, is its own: a number, a text, and one that is said."""

    cell: OdsCell
    number: int | None
    text: int | None
    string: int | None

    def filled(self, cut: Cut) -> OdsCell:
        """The cell with them."""
        cell = self.cell
        if self.number is not None:
            cell = cell._replace(value=cut.numbers[self.number].decode())
        if self.string is not None:
            cell = cell._replace(has_text=bool(cut.strings[self.string]))
        return cell if self.text is None else cell._replace(text=meant(cut.texts[self.text].decode()))


class SheetFrame(NamedTuple):
    """What a sheet is, whatever its values."""

    table: OdsTable
    """Without its cells."""
    odd: tuple[SlotCell, ...]
    spots: tuple[Spread, ...]
    """Of all values: numbers, texts that are shown, texts that are said, and others."""
    numbers: slice
    """Which of all numbers are its own."""
    around: tuple[bytes, ...]
    """What stands around the texts that make up what it shows, with room for each."""
    shown: tuple[int, ...]
    """Which of all texts these are."""
    strings: slice
    others: tuple[object, ...]
    layout: Skeleton | None

    def filled(self, cut: Cut, numbers: Sequence[float], strings: Sequence[str]) -> OdsTable:
        """The sheet with its values."""
        spelt = [*self.around]
        spelt[1::2] = [cut.texts[which] for which in self.shown]
        whole = b"".join(spelt).decode()
        texts = meant(whole).split(BETWEEN.decode())[1:]
        values = [*numbers[self.numbers], *texts, *strings[self.strings], *self.others]
        return self.table._replace(
            cells=[one.filled(cut) for one in self.odd], values=OdsValues(self.spots, values, self.layout)
        )


class FoundSheet:
    """What is found of a sheet: where its values stand, and which of all they are."""

    def __init__(self, numbers: int, strings: int) -> None:
        """Begin one, before which so many numbers and texts that are said stood."""
        self.odd: list[SlotCell] = []
        self.at_numbers: list[Spread] = []
        self.texts: list[bytes] = []
        self.at_texts: list[Spread] = []
        self.shown: list[int] = []
        self.at_strings: list[Spread] = []
        self.others: list[object] = []
        self.at_others: list[Spread] = []
        self.repeated = 0
        """In how many cells those values stand that stand in more than one."""
        self._first = numbers, strings

    @property
    def numbers(self) -> int:
        """So many stood up to here, before it and in it."""
        return self._first[0] + len(self.at_numbers)

    @property
    def strings(self) -> int:
        """So many texts that are said stood up to here, before it and in it."""
        return self._first[1] + len(self.at_strings)

    def framed(self, table: OdsTable) -> SheetFrame:
        """All of it."""
        numbers, strings = self._first
        around = [*chain.from_iterable(zip(b"".join(BETWEEN + text for text in self.texts).split(TEXT), repeat(b"")))]
        formulas = {one.cell[:4] for one in self.odd if one.cell.formula is not None}
        texts = [*self.at_texts, *self.at_strings]
        layout = _layout_of(self.at_numbers, texts, self.at_others, formulas) if self.repeated <= _MOST else None
        return SheetFrame(
            table,
            tuple(self.odd),
            (*self.at_numbers, *texts, *self.at_others),
            slice(numbers, self.numbers),
            tuple(around[:-1]),
            tuple(self.shown),
            slice(strings, self.strings),
            tuple(self.others),
            layout,
        )


class Frame(NamedTuple):
    """What the tables of a document are, whatever their values."""

    sheets: tuple[SheetFrame, ...]
    named: Mapping[str, str]
    grid: int
    naming: bytes
    """What is unlike in what names styles."""
    repeated: int
    """In how many cells those values stand that stand in more than one."""
    weight: int
    """Of what stands in these cells besides."""


def cut_out(body: bytes) -> Cut | None:
    """Take a body apart; None where it holds what marks values."""
    if any(mark in body for mark in _MARKS):
        return None
    found: list[list[bytes]] = []
    for expression, mark in _CUTS:
        pieces = expression.split(body)
        body = mark.join(pieces[::2])
        found.append(pieces[1::2])
    return Cut(body, *found)


def fill_frame(frame: Frame, cut: Cut, head: bytes, unlike: bytes, limits: Limits) -> OdsContent | None:
    """What a document holds; None where a parser has to be asked.

    Args:
        frame: what is made of its skeleton.
        cut: its values.
        head: what stands before its tables.
        unlike: what of that is unlike.
        limits: what it may hold.
    """
    if not (are_numbers(cut.numbers) and is_sound(b" ".join((*cut.texts, *cut.strings, *cut.others)))):
        return None
    if frame.repeated:
        longest = max(map(len, chain(cut.texts, cut.numbers, cut.strings)), default=0)
        # A character may take four bytes, and a value stand in three places.
        if frame.weight + 12 * frame.repeated * longest > limits.text_bytes // 2:
            return None
    numbers = [*map(float, cut.numbers)]
    try:
        strings = meant(BETWEEN.join(cut.strings).decode()).split(BETWEEN.decode())
        found = tuple(sheet.filled(cut, numbers, strings) for sheet in frame.sheets)
    except ValueError:
        return None
    return OdsContent(found, frame.named, frame.grid, (), OdsStyled(head, unlike, frame.naming))


def _layout_of(
    numbers: Sequence[Spread], texts: Sequence[Spread], others: Sequence[Spread], formulas: Collection[Spread]
) -> Skeleton:
    """What the cells of a sheet are: numbers, texts, and others. Which value each has, counts through all three.

    What `formulas` give are no texts but words.
    """
    first = len(numbers)
    last = first + len(texts)
    kinds = (
        [*enumerate(numbers)],
        [(which, spread) for which, spread in enumerate(texts, first) if spread not in formulas],
        [(which, spread) for which, spread in enumerate(texts, first) if spread in formulas],
        [*enumerate(others, last)],
    )
    picked = [_picked(spots) for spots in kinds]
    shape = reach_of([cell for one in picked for cell in one.cells])
    return NO_CELLS._replace(numbers=picked[0], shared=picked[1], words=picked[2], truths=picked[3], shape=shape)


def _picked(spots: Sequence[tuple[int, Spread]]) -> Picked:
    """Every cell of these, with the number of its value."""
    single = [(which, spread[::2]) for which, spread in spots if spread[1::2] == _ONCE]
    every = single if len(single) == len(spots) else [*_repeated(spots)]
    return Picked(tuple([which for which, _ in every]), tuple([cell for _, cell in every]))


def _repeated(spots: Iterable[tuple[int, Spread]]) -> Iterator[tuple[int, Cell]]:
    for which, (first, rows, left, columns) in spots:
        for row in range(first, first + rows):
            for column in range(left, left + columns):
                yield which, (row, column)
