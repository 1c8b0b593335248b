"""One worksheet: how many cells it has and how far out the filled ones lie.

calamine lays the filled cells of a sheet out in one dense rectangle, so a single value at XFD1048576 makes it ask for
549 GB; cells that are only styled it leaves out. Where a form is drafted from an office's own tables, openpyxl makes an object
for every cell of either kind and for every cell of a merged range or ranged link. What is checked only
calamine and our own readers see.

Almost every sheet is spelt in one of a few ways, of which :mod:`xlcheck.guard.plain` knows what there is. Any other is
parsed in full by :func:`_full`, which counts positions as calamine 0.37 does.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import DEPTH, local_name, parse_xml
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import block, position
from xlcheck.guard.plain import ROW_WEIGHT, PlainCells
from xlcheck.model.cells import cell_name
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

_TAGS = 16
"""So many tags, closing ones included, may stand within a cell; of more, each counts as a cell."""
_LAST_ROWS, _LAST_COLUMNS = (65_535, 1_048_575), (255, 16_383)
"""Of an .xls and of all others, from 0."""
_LONG = 256
"""So many cells a column or row counts that is merged to the end."""

_STRAY = re.compile(rb"<(?:c|row|sheetData)[\s/>]"), re.compile(rb":(?:c|row|sheetData)[\s/>]")
_PLAIN_RANGED = re.compile(rb'<(?:mergeCell|hyperlink) [^<>\']*?\bref="([A-Z0-9:]{2,25})"')


class Census(NamedTuple):
    """What a sheet holds; upper bounds where counting exactly would cost more than it tells."""

    cells: int
    """Cells, filled or not; a row counts as four."""
    strings: int
    """Cells that show a shared string."""
    area: int
    """Cells of merged ranges and ranged links, and eight for each."""
    rules: int
    """Tags and references before and after the cells."""
    grid: int
    """Cells of the rectangle from A1 that holds all filled ones."""


def census(title: str, data: bytes, plain: PlainCells | None, limits: Limits, ask: Ask = afresh) -> Census:
    """Count what a worksheet holds, from :func:`xlcheck.guard.markup.unfolded`; `title` names it in the reason.

    `plain` is what a look at its cells told, if there was one. `ask` may know what stands around the cells of other sheets,
    which is the same in all that come of one template.

    Raises:
        Refused: F101 damaged, F104 a filled cell far away, or too much of anything.
    """
    return (plain and _told(plain, limits, ask)) or _full(title, data, limits).census()


def least_weight(data: bytes) -> int:
    """Cells of a worksheet in the usual spelling, rows counted as four: others may be there besides."""
    return data.count(b"<c ") + data.count(b"<c/") + ROW_WEIGHT * data.count(b"<row ")


def shared_text(title: str, data: bytes, limits: Limits, lengths: list[int]) -> int:
    """Bytes of the shared strings that the cells of a worksheet show, each counted as often as it is shown."""
    return _full(title, data, limits, lengths).shown


def _told(plain: PlainCells, limits: Limits, ask: Ask) -> Census | None:
    """The census of a sheet whose cells are known; None: look closer."""
    layout = plain.layout
    (rows, columns), cells = layout.reach, layout.weight
    within = rows <= limits.rows and columns <= limits.columns and rows * columns <= limits.grid
    if not within or cells > limits.cells or layout.has_spread:
        return None
    area, rules = ask(_around, plain.around, plain.begin)
    return None if area is None or area > limits.area else Census(cells, len(plain.shared), area, rules, rows * columns)


def _around(around: bytes, begin: int) -> tuple[int | None, int]:
    """The area of what stands before the cells and after them, None where that has to be parsed, and its rules."""
    head, tail = around[:begin], around[begin:]
    try:
        area = None if _holds_strays(head) or _holds_strays(tail) else _plain_area(tail)
    except ValueError:  # a range that is none
        area = None
    return area, _rules(head) + _rules(tail)


def _holds_strays(data: bytes) -> bool:
    """Whether a tag of cells stands before or after the cells."""
    return any(stray.search(data) for stray in _STRAY)


def _rules(data: bytes) -> int:
    """Tags and references of what stands before or after the cells."""
    return len(data) // 64 if len(data) < 8_192 else data.count(b"<") + data.count(b" ")


def _plain_area(tail: bytes) -> int | None:
    """Cells of the merged ranges and ranged links after the cells; None if one is not spelt as usual."""
    named = tail.count(b"mergeCell") - tail.count(b"mergeCells") + tail.count(b"hyperlink") - tail.count(b"hyperlinks")
    if not named:
        return 0
    refs = _PLAIN_RANGED.findall(tail)
    return sum(map(_weight_of, refs)) + 8 * named if len(refs) == named else None


@lru_cache(maxsize=4096)
def area_of(ref: bytes | str) -> int:
    """Cells of a range such as ``A1:C3``; one cell counts 0.

    Raises:
        ValueError: `ref` is no range within the sheet.
    """
    text = ref.decode() if isinstance(ref, bytes) else ref
    if ":" not in text:
        return 0
    top, left, bottom, right = block(text)
    return (bottom - top + 1) * (right - left + 1)


@lru_cache(maxsize=4096)
def _weight_of(ref: bytes | str) -> int:
    """What a merged range or ranged link counts: its cells, but few of a column or row that goes to the sheet's end.

    Who merges a whole column says so in one range, and nobody who reads it here unfolds it.

    Raises:
        ValueError: `ref` is no range within the sheet.
    """
    area = area_of(ref)
    if area < _LONG:
        return area
    top, left, bottom, right = block(ref.decode() if isinstance(ref, bytes) else ref)
    down, across = bottom - top + 1, right - left + 1
    is_deep, is_wide = bottom in _LAST_ROWS, right in _LAST_COLUMNS
    if is_deep == is_wide:
        return area
    return _LONG * across if is_deep else down * _LONG


def _full(title: str, data: bytes, limits: Limits, lengths: list[int] | None = None) -> _Walk:
    """The whole sheet, parsed."""
    if least_weight(data) > limits.cells:
        raise _too_many(title)
    walk = _Walk(title, limits, lengths)
    try:
        parse_xml(f"工作表“{title}”", data, walk.start, walk.end, walk.text)
    except ValueError:
        raise damaged(f"工作表“{title}”中有不合规的单元格位置") from None
    if walk.shares * walk.longest > limits.formula_chars:
        raise too_much(f"工作表“{title}”的共享公式过多")
    return walk


class _Walk:
    """The state of one pass over a sheet: where the next cell without a reference would lie, and the counts."""

    def __init__(self, title: str, limits: Limits, lengths: list[int] | None) -> None:
        self.title, self.limits, self.lengths = title, limits, lengths
        self.path: list[str] = []
        self.row = self.column = 0  # of the next cell, as calamine counts
        self.here = (0, 0)
        self.bottom = self.right = 0  # rows and columns of the rectangle so far
        self.cells = self.strings = self.area = self.shown = self.rules = 0
        self.inner = 0  # tags since the last cell began
        self.shares = self.longest = 0  # cells with a shared formula, and the longest formula
        self.type = ""  # of the cell
        self.closed = False  # whether the cells are over
        self.value: list[str] = []

    def census(self) -> Census:
        return Census(self.cells, self.strings, self.area, self.rules, self.bottom * self.right)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        parent = self.path[-1] if self.path else ""
        self.path.append(name)
        if len(self.path) > DEPTH:
            raise damaged(f"工作表“{self.title}”嵌套过深")
        if "sheetData" not in self.path:
            self.rules += 1 + len(attributes) + attributes.get("sqref", "").count(" ")
        else:
            self.inner += 1
            if self.inner > _TAGS // 2:
                self._count()
        if name == "c":
            self._cell(parent, attributes)
        elif name == "row":
            self._row(parent, attributes)
        elif parent == "c":
            self.value.clear()
            self.shares += name == "f" and attributes.get("t") == "shared"
            # calamine gives a text for any of these, be it empty; a number without digits is a blank.
            if name != "v" or self.type not in ("", "n", "s"):
                self._filled()
        elif name in ("mergeCell", "hyperlink"):
            self.area += _weight_of(attributes.get("ref", "")) + 8
            if self.area > self.limits.area:
                raise too_much(f"工作表“{self.title}”合并单元格或超链接的范围过大")
        elif name == "sheetData":
            self._require(len(self.path) == 2 and not self.closed)

    def text(self, text: str) -> None:
        name = self.path[-1]
        if name == "v":
            self._filled()
            self.value.append(text)
        elif name == "f":
            self.value.append(text)

    def end(self, tag: str) -> None:
        name = self.path.pop()
        if name == "sheetData":
            self.closed = True
        elif name == "row":
            self.row += 1
            self.column = 0
        elif name == "c":
            self.column += 1
        elif name == "f":
            self.longest = max(self.longest, sum(map(len, self.value)))
        elif name == "v" and self.type == "s" and self.lengths:
            index = int("".join(self.value).strip() or -1)
            self.shown += self.lengths[index] if 0 <= index < len(self.lengths) else 0

    def _row(self, parent: str, attributes: dict[str, str]) -> None:
        # Anchors of form controls hold rows of another kind, after the cells; calamine never gets there.
        if self.closed:
            self._count(ROW_WEIGHT)
            return
        self._require(parent == "sheetData")
        self.inner = 0
        if "r" in attributes:
            self.row = position("A" + attributes["r"])[0]
        self.column = 0
        self._count(ROW_WEIGHT)

    def _cell(self, parent: str, attributes: dict[str, str]) -> None:
        self._require(parent == "row")
        self.inner = 0
        if "r" in attributes:
            self.here = position(attributes["r"])
            self.column = self.here[1]
        else:
            self.here = (self.row, self.column)
        self.type = attributes.get("t", "")
        self.strings += self.type == "s"
        self._count()

    def _require(self, usual: bool) -> None:
        if not usual:
            raise damaged(f"工作表“{self.title}”的写法不合规")

    def _count(self, weight: int = 1) -> None:
        self.cells += weight
        if self.cells > self.limits.cells:
            raise _too_many(self.title)

    def _filled(self) -> None:
        row, column = self.here
        if row >= self.limits.rows or column >= self.limits.columns:
            raise far(self.title, row, column)
        self.bottom, self.right = max(self.bottom, row + 1), max(self.right, column + 1)
        if self.bottom * self.right > self.limits.grid:
            raise far(self.title, row, column)


def _too_many(title: str) -> Refused:
    return too_much(f"工作表“{title}”的单元格或行过多（含只有格式的空白行列）")


def far(title: str, row: int, column: int) -> Refused:
    """F104: a filled cell (counted from 0) lies outside the window."""
    return Refused("F104", f"工作表“{title}”的 {cell_name((row, column))} 单元格有内容，远离表格，请删除后重新保存")
