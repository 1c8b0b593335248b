"""Cells as nearly every program spells them: one pass proves how they are spelt, and finds what they hold.

What stands in a worksheet around its values, its skeleton, is the same in all workbooks that come of one template. One
expression names all that may stand in a skeleton's row. So a sheet is taken apart once; its skeleton is asked about, which
may be known, and of its values no more is left to see than that they are spelt as their cells say. What the expression does
not know is told by nobody here: it has to be parsed.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import LAST_ROW, position
from xlcheck.guard.sound import is_sound
from xlcheck.model.cells import Cell
from xlcheck.model.numbers import MIB
from xlcheck.model.tuples import NamedTuple

NUMBER = rb"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
"""A number as it is plainly spelt."""
WHITE_SPACE = b" \t\r\n"
"""White space (XML 1.0, production 3)."""
PLAIN_TEXT = rb'<t((?: xml:space="preserve")?)>([^<]*)</t>'
"""A text, and whether the blanks around it count."""
ROW_WEIGHT = 4
"""openpyxl takes as long for a row with a height as for so many cells."""
_HELD = b"\0"
"""What stands for a value in a skeleton; no XML holds it."""
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_META = rb'(?: [cv]m="[0-9]{1,9}")* ?'
_FORMULA = rb'(?:<f(?: [a-z0-9]{1,9}="[^"<>&]{0,99}")*(?:/>|>[^<]*</f>))?'
_TEXT = rb'<is><t(?: xml:space="preserve")?>[^<]*</t></is>'
_CELL = (
    rb'<c r="[A-Z]{1,3}\1"(?: s="[0-9]{1,9}")?'
    rb"(?:"
    + rb'(?: t="n")?%b(?:/>|>%b(?:\0|<v ?/>)?</c>)' % (_META, _FORMULA)
    + rb'| t="s"%b(?:/>|>\0</c>)' % _META
    + rb'| t="(?:str|e)"%b(?:/>|>%b(?:\0|<v ?/>)?</c>)' % (_META, _FORMULA)
    + rb'| t="b"%b(?:/>|>%b\0</c>)' % (_META, _FORMULA)
    + rb'| t="inlineStr"%b(?:/>|>%b(?:%b)?</c>)' % (_META, _FORMULA, _TEXT)
    + rb")"
)
_ROW_SAYS = rb'(?: [A-Za-z][A-Za-z0-9]{0,20}(?::[A-Za-z]{1,20})?="[^"<>&]{0,99}"){0,24}'
"""What a row may say of itself."""
_ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"%b ?(?:/>|>(?:%b){0,2000}</row>)' % (_ROW_SAYS, _CELL))
"""A row, spelt as nearly every program spells it, whose cells say that they are of it."""
_REFERENCE = re.compile(rb' r="([A-Z]{1,3}[0-9]{1,7})"')
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
_ROW_NUMBER = re.compile(rb'<row r="([0-9]+)"')
_HEIGHT = re.compile(rb'ht="([^"]*)"')
_SHOWN = (b'hidden="0"', b'hidden="false"')
_OPENED = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?: [cv]m="[0-9]{1,9}")* ?>'
    rb"(<f[^<>]*(?:/>|>[^<]*</f>))?(?:(\0)|(<v)|(<is>)%b)?" % PLAIN_TEXT
)
"""A cell that is not closed at once, of rows that were proved to be plain: all that it holds."""
_AT_ONCE = MIB // 4
"""Bytes of rows that are taken apart at once."""
_ROW_END = b"</row>"
_OPEN, _CLOSE, _NO_ROWS = b"<sheetData>", b"</sheetData>", rb"<sheetData ?/>"


class Picked(NamedTuple):
    """Those cells of a sheet whose values are of one kind."""

    which: tuple[int, ...]
    """The numbers of their values among all values of the sheet, from 0."""
    cells: tuple[Cell, ...]


class _Skeleton(NamedTuple):
    weight: int
    """Cells, filled or not; a row counts as four."""
    reach: Cell
    """Rows and columns of the rectangle from A1 in which all cells lie that are more than styled."""
    numbers: Picked
    shared: Picked
    """Those that show a shared string."""
    words: Picked
    """Texts that formulas give."""
    truths: Picked
    errors: Picked
    inline: tuple[tuple[Cell, bytes, bytes], ...]
    """Texts that stand in their cells: where, what says that the blanks around them count, and how they are spelt."""
    shape: Cell
    """Rows and columns of the rectangle from A1 that holds all values, be they texts without characters."""
    formats: frozenset[int]
    """Of the numbers, by their position among the formats of cells."""
    formulas: frozenset[Cell]
    has_spread: bool
    """Whether a formula is one of more cells than its own."""
    has_odd: bool
    """Whether a cell holds an error value, or a formula that has no value."""
    hides: bool
    """Whether some row may not be seen."""
    rows: frozenset[int]
    """The numbers of its rows, from 1."""


class Skeleton(_Skeleton):
    """What the cells of a worksheet are, whatever their values."""

    def __hash__(self) -> int:
        return hash((self.weight, self.reach, self.shape))  # that of all that it holds would take long


_NONE = Picked((), ())
NO_CELLS = Skeleton(
    0, (0, 0), _NONE, _NONE, _NONE, _NONE, _NONE, (), (0, 0), frozenset(), frozenset(), False, False, False, frozenset()
)  # fmt: skip
"""That of a worksheet without cells."""


class PlainCells(NamedTuple):
    """A worksheet whose rows and cells are all plainly spelt, each named, and none of them twice."""

    around: bytes
    """What stands before its cells and after them, without the tag around them."""
    begin: int
    """Where in it they stood."""
    layout: Skeleton
    numbers: Sequence[bytes]
    shared: Sequence[int]
    """The numbers of the shared strings that its cells show."""
    words: Sequence[bytes]
    truths: Sequence[bytes]
    """Each ``0`` or ``1``."""
    is_told: bool = True
    """Whether all values are here; of a large worksheet they are not, nor where they stand."""

    @property
    def highest(self) -> int:
        """Of the shared strings that it shows, the last one; -1 for none."""
        return max(self.shared, default=-1)


class PlainBook(NamedTuple):
    """What of a workbook is plainly spelt."""

    titles: tuple[str, ...]
    """Of all sheets, in the workbook's order."""
    sheets: Mapping[str, PlainCells]
    """Those that are, by their titles."""
    texts: Sequence[str] | None
    """The shared strings; None where a parser has to be asked."""
    dated: frozenset[int] | None
    """The formats of cells, by their position, that may make a date of a number; None where a parser has to be asked."""


def plain_cells(data: bytes, ask: Ask = afresh) -> PlainCells | None:
    """What a look at a worksheet tells; None where it tells nothing. `ask` may know its skeleton."""
    bounds = _bounds(data)
    if bounds is None:
        return None
    begin, end = bounds
    around, inner = (data[:begin] + data[end:], begin), data[begin + len(_OPEN) : end - len(_CLOSE)]
    if len(inner) <= _AT_ONCE:
        return _look(around, inner, ask)
    return _counted(around, (_look(around, part, ask) for part in _parts(inner)))


def _look(around: tuple[bytes, int], inner: bytes, ask: Ask) -> PlainCells | None:
    """What a look at rows tells; `around` is what stands around them, and where in it they stand."""
    pieces = _VALUE.split(inner)
    layout, values = ask(skeleton_of, _HELD.join(pieces[::2])), pieces[1::2]
    if layout is None:
        return None
    numbers, shared, words, truths, errors = (
        [values[number] for number in picked.which]
        for picked in (layout.numbers, layout.shared, layout.words, layout.truths, layout.errors)
    )
    indexes, are_sound = _indexes(shared), is_sound(b" ".join((*words, *errors)))
    if indexes is None or not (are_numbers(numbers) and all(errors) and are_sound and set(truths) <= {b"0", b"1"}):
        return None
    return PlainCells(*around, layout, numbers, indexes, words, truths)


def _parts(inner: bytes) -> Iterator[bytes]:
    """Rows in parts that are not too large, if they are spelt plainly."""
    at = 0
    while at < len(inner):
        end = inner.find(_ROW_END, at + _AT_ONCE)
        end = len(inner) if end < 0 else end + len(_ROW_END)
        yield inner[at:end]
        at = end


def _counted(around: tuple[bytes, int], parts: Iterable[PlainCells | None]) -> PlainCells | None:
    """What the parts of a large worksheet tell together, without their values: these would lie in memory many times."""
    shared = array("L")
    rows: set[int] = set()
    whole = NO_CELLS
    for part in parts:
        if part is None or not rows.isdisjoint(part.layout.rows):
            return None
        rows |= part.layout.rows
        shared.extend(part.shared)
        whole = _together(whole, part.layout)
    return PlainCells(*around, whole, (), shared, (), (), is_told=False)


def _together(one: Skeleton, other: Skeleton) -> Skeleton:
    """Two parts of a worksheet, without saying where which values stand."""
    (bottom, right), (below, beside) = one.reach, other.reach
    return NO_CELLS._replace(
        weight=one.weight + other.weight,
        reach=(max(bottom, below), max(right, beside)),
        formats=one.formats | other.formats,
        formulas=one.formulas | other.formulas,
        has_spread=one.has_spread or other.has_spread,
        has_odd=one.has_odd or other.has_odd,
        hides=one.hides or other.hides,
    )


def _bounds(data: bytes) -> tuple[int, int] | None:
    """Where the only list of rows begins and ends, with its tags."""
    begin, end = data.find(_OPEN), data.find(_CLOSE)
    if 0 <= begin < end:
        return (begin, end + len(_CLOSE)) if data.find(_CLOSE, end + 1) < 0 else None
    empty = list(re.finditer(_NO_ROWS, data)) if begin == end else ()
    return empty[0].span() if len(empty) == 1 else None


def are_numbers(values: Sequence[bytes]) -> bool:
    """Whether all are plainly spelt numbers."""
    return (b"".join(values).isdigit() and all(values)) or not _NUMBERS.sub(b"", b"<".join((*values, b"")))


_NUMBERS = re.compile(NUMBER + rb"<")


def _indexes(values: Sequence[bytes]) -> list[int] | None:
    """What the values are that say which shared string; None if one of them is none."""
    if not values:
        return []
    if not b"".join(values).isdigit() or not 0 < min(map(len, values)) <= max(map(len, values)) < 9:
        return None
    return list(map(int, values))


def skeleton_of(skeleton: bytes) -> Skeleton | None:
    """What the cells of a worksheet are whose skeleton this is; None where it is not plainly spelt."""
    if b":r=" in skeleton or b"xmlns" in skeleton or _ROW.sub(b"", skeleton).strip(WHITE_SPACE):
        return None
    if not is_sound(skeleton.replace(_HELD, b"")):
        return None
    names, rows = _REFERENCE.findall(skeleton), _ROW_NUMBER.findall(skeleton)
    if len(set(names)) != len(names) or len(set(rows)) != len(rows) or max(map(int, rows), default=0) > LAST_ROW:
        return None
    try:
        columns = {name: _column(name) for name in set(_COLUMN.findall(skeleton))}
    except ValueError:
        return None
    return _laid_out(skeleton, columns, len(names) + ROW_WEIGHT * len(rows), frozenset(map(int, rows)))


@lru_cache(maxsize=1024)
def _column(name: bytes) -> int:
    """The number of a column, from 0.

    Raises:
        ValueError: there is none of that name.
    """
    return position(f"{name.decode()}1")[1]


def _laid_out(skeleton: bytes, columns: Mapping[bytes, int], weight: int, rows: frozenset[int]) -> Skeleton | None:
    which: dict[bytes, list[int]] = {type_: [] for type_ in (b"n", b"s", b"str", b"b", b"e")}
    cells: dict[bytes, list[Cell]] = {type_: [] for type_ in which}
    inline: list[tuple[Cell, bytes, bytes]] = []
    empty: list[Cell] = []
    formulas: list[Cell] = []
    opened: list[Cell] = []
    formats: set[bytes] = set()
    number, has_odd = 0, b' t="e"' in skeleton
    for column, row, style, said, formula, held, short, here, preserve, text in _OPENED.findall(skeleton):
        type_, cell = said or b"n", (int(row) - 1, columns[column])
        opened.append(cell)
        if held:
            which[type_].append(number)
            cells[type_].append(cell)
            number += 1
            if type_ == b"n":
                formats.add(style)
        elif here:
            inline.append((cell, preserve, text))
        elif short and type_ == b"str":
            empty.append(cell)
        if formula:
            formulas.append(cell)
            has_odd = has_odd or (not held and type_ != b"str")
    if number != skeleton.count(_HELD):  # a value that stands in a formula, or in what is said of a row
        return None
    picked = {type_: Picked(tuple(which[type_]), tuple(cells[type_])) for type_ in which}
    return Skeleton(
        weight,
        reach_of(opened),
        picked[b"n"],
        picked[b"s"],
        picked[b"str"],
        picked[b"b"],
        picked[b"e"],
        tuple(inline),
        reach_of([*empty, *(cell for cell, _, _ in inline), *chain.from_iterable(cells.values())]),
        frozenset(int(style or 0) for style in formats),
        frozenset(formulas),
        b't="shared"' in skeleton or b' ref="' in skeleton,
        has_odd,
        _may_hide(skeleton),
        rows,
    )


def reach_of(cells: Sequence[Cell]) -> Cell:
    """Rows and columns of the rectangle from A1 that holds these cells."""
    rows, columns = zip(*cells, strict=True) if cells else ((-1,), (-1,))
    return 1 + max(rows), 1 + max(columns)


def _may_hide(skeleton: bytes) -> bool:
    """Whether a row may be hidden, or of no height."""
    if skeleton.count(b"hidden") != sum(map(skeleton.count, _SHOWN)):
        return True
    return not all(re.match(rb"[1-9][0-9]*(?:\.[0-9]*)?\Z", height) for height in set(_HEIGHT.findall(skeleton)))
