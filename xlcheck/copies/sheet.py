"""One worksheet part: where its rows and cells stand in the bytes, and what is spliced in there (ECMA-376, 18.3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from xlcheck.copies.splice import (
    Edit,
    Element,
    appended,
    bare,
    element,
    elements,
    prefix_of,
    retagged,
)
from xlcheck.form import Cell, cell_name
from xlcheck.guard_sheet import position

_ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
"""The children of a worksheet, in the order that the schema wants (18.3.1.99)."""
_RANK = {name: number for number, name in enumerate(_ORDER)}
_UNKNOWN = _RANK["oleObjects"]
"""Objects and controls are wrapped into an element of another kind (ECMA-376 part 3, 7.6)."""
_USUAL = re.compile(rb"<c [^<>]*(?:/>|>(<v>[^<>]*</v>)</c>)")
"""A cell as it is mostly spelt, without a formula or a text of its own."""
_MOST_COLUMNS = 600
"""No box reaches further than the guard's window and some."""


class Area(NamedTuple):
    """A merged range, both corners in it."""

    first: Cell
    last: Cell


class Content(NamedTuple):
    """What a cell holds, as it stands in the file."""

    kind: str
    """The cell's type (18.18.11); ``n`` where none is said."""
    inner: bytes
    """Its value, without its formula and without prefixes; empty if there is none."""
    formula: bool
    shared: bool
    """Whether other cells have their formula from it, or with it: a shared or an array formula."""


NOTHING = Content("n", b"", False, False)
"""What a cell holds that is not there."""


class Span(NamedTuple):
    """An element that is worked out only if it is needed: most are not."""

    name: str
    attributes: dict[str, str]
    start: int
    close: int

    def element(self, data: bytes, depth: int) -> Element:
        """The element, whose end is looked for in the part that it stands in."""
        return element(data, self.name, self.attributes, self.start, depth, self.close)


class Sheet(NamedTuple):
    """A worksheet part: where things are in its bytes."""

    data: bytes
    asked: frozenset[int]
    """The rows that were asked for, from 0."""
    root: Element
    prefix: bytes
    top: list[Span]
    """The children of the root."""
    starts: dict[int, int]
    """Where the start tag of each row begins, by row."""
    rows: dict[int, Span]
    """Those of the rows asked for that are there."""
    cells: dict[Cell, Span]
    """The cells of these rows."""
    areas: list[Area]
    heights: dict[int, float]
    """In points, of rows that have one of their own."""
    columns: list[dict[str, str]]
    """The attributes of the elements that describe columns."""

    def first(self, name: str) -> Element | None:
        """The first child of the root with this name."""
        return next((one.element(self.data, 1) for one in self.top if one.name == name), None)

    def shown(self, cell: Cell) -> Cell:
        """The cell that shows: of a merged range its top left one."""
        row, column = cell
        inside = (area for area in self.areas if area.first <= cell and area.last >= cell)
        return next(
            (area.first for area in inside if area.first[1] <= column <= area.last[1] and row <= area.last[0]), cell
        )

    def style(self, cell: Cell) -> int:
        """The number of a cell's style; of one that is not there that of its row or column."""
        row, column = cell
        if cell in self.cells:
            return _number(self.cells[cell].attributes.get("s"))
        if row in self.rows and self.rows[row].attributes.get("customFormat") in ("1", "true"):
            return _number(self.rows[row].attributes.get("s"))
        around = (each for each in self.columns if _number(each.get("min")) <= column + 1 <= _number(each.get("max")))
        return next((_number(each.get("style")) for each in around), 0)

    def content(self, cell: Cell) -> Content:
        """What a cell holds."""
        known = self.cells.get(cell)
        if known is None:
            return NOTHING
        one = known.element(self.data, 3)
        raw = self.data[one.start : one.end]
        usual = _USUAL.fullmatch(raw)
        if usual:
            return Content(one.attributes.get("t", "n"), usual[1] or b"", False, False)
        inside = {each.name: each for each in elements(raw, ("v", "f", "is"), 1)}
        formula = inside.get("f")
        kept = inside.get("is") or inside.get("v")
        inner = bare(raw[kept.start : kept.end], self.prefix) if kept and kept.inner < kept.end else b""
        shared = formula is not None and bool(formula.attributes.keys() & {"ref", "si", "t"})
        return Content(one.attributes.get("t", "n"), inner, formula is not None, shared)

    def widths(self) -> dict[int, float]:
        """The widths in characters of columns that have one of their own; one element may stand for many."""
        widths: dict[int, float] = {}
        for each in self.columns:
            span = range(_number(each.get("min")) - 1, min(_number(each.get("max")), _MOST_COLUMNS))
            widths.update(dict.fromkeys(span, _measure(each.get("width"))))
        return widths

    def behind(self, name: str) -> int:
        """Where a new child of the root with this name belongs: before the first that comes later, or of its kind."""
        rank = _RANK[name]
        later = (one.start for one in self.top if _RANK.get(one.name, _UNKNOWN) >= rank)
        return next(later, self.root.close)


def scan(data: bytes, rows: Collection[int]) -> Sheet:
    """Look through a worksheet for some of its rows (from 0) and everything around the cells.

    Raises:
        expat.ExpatError: it is not well-formed.
        ValueError: a reference in it is none.
    """
    walk = _Walk(data, rows)
    parser = expat.ParserCreate("utf-8")
    walk.parser = parser
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.Parse(data, True)
    return Sheet(
        data,
        frozenset(rows),
        walk.root,
        prefix_of(data, walk.root),
        walk.top,
        walk.starts,
        walk.rows,
        walk.cells,
        walk.areas,
        walk.heights,
        walk.columns,
    )


class _Walk:
    """One pass over a worksheet; positions that are not said are counted as the guard counts them."""

    parser: expat.XMLParserType
    root: Element

    def __init__(self, data: bytes, wanted: Collection[int]) -> None:
        self.data, self.wanted = data, wanted
        self.open: list[tuple[str, dict[str, str], int] | None] = []
        self.depth = 0
        self.within = ""  # the child of the root
        self.row = self.column = 0
        self.keeping = False
        self.top: list[Span] = []
        self.starts: dict[int, int] = {}
        self.rows: dict[int, Span] = {}
        self.cells: dict[Cell, Span] = {}
        self.areas: list[Area] = []
        self.heights: dict[int, float] = {}
        self.columns: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        depth = self.depth
        self.depth = depth + 1
        # Most elements are cells of rows that nobody asked for, and what stands in cells.
        if depth > 3 or (depth == 3 and not self.keeping):
            return
        name = tag.rpartition(":")[2] if ":" in tag else tag
        kept = None
        if depth < 2:
            kept = name, attributes, self.parser.CurrentByteIndex
            self.within = name
        elif depth == 2:
            kept = self._second(name, attributes)
        elif name == "c":
            if "r" in attributes:
                self.column = _position(attributes["r"])[1]
            kept = name, attributes, self.parser.CurrentByteIndex
        self.open.append(kept)

    def _second(self, name: str, attributes: dict[str, str]) -> tuple[str, dict[str, str], int] | None:
        """A grandchild of the root."""
        if self.within == "sheetData":
            if "r" in attributes:
                self.row = position("A" + attributes["r"])[0]
            self.column = 0
            self.keeping = self.row in self.wanted
            at = self.parser.CurrentByteIndex
            self.starts.setdefault(self.row, at)
            if "ht" in attributes:
                self.heights[self.row] = _measure(attributes["ht"])
            return (name, attributes, at) if self.keeping else None
        if name == "col" and self.within == "cols":
            self.columns.append(attributes)
        elif name == "mergeCell" and self.within == "mergeCells":
            first, _, last = attributes.get("ref", "").replace("$", "").partition(":")
            self.areas.append(Area(position(first), position(last or first)))
        return None

    def end(self, _: str) -> None:
        self.depth = depth = self.depth - 1
        if depth > 3 or (depth == 3 and not self.keeping):
            return
        kept = self.open.pop()
        if kept is not None:
            self._ended(depth, Span(*kept, self.parser.CurrentByteIndex))
        if depth == 2 and self.within == "sheetData":
            self.row += 1
            self.keeping = False

    def _ended(self, depth: int, one: Span) -> None:
        if depth == 3:
            self.cells.setdefault((self.row, self.column), one)
            self.column += 1
        elif depth == 2:
            self.rows.setdefault(self.row, one)
        elif depth == 1:
            self.top.append(one)
        else:
            self.root = one.element(self.data, 0)


_position = lru_cache(maxsize=4096)(position)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _measure(text: str | None) -> float:
    try:
        return min(max(float(text or 0), 0.0), 1000.0)
    except ValueError:
        return 0.0


class Change(NamedTuple):
    """What becomes of a cell."""

    style: int
    number: str | None = None
    """What it holds from now on; None leaves what it holds."""


def changed(sheet: Sheet, changes: Mapping[Cell, Change]) -> list[Edit]:
    """The edits that give cells another style and perhaps a number; cells and rows that are not there are put in."""
    edits: list[Edit] = []
    absent: dict[int, list[Cell]] = {}
    for cell, change in changes.items():
        if cell in sheet.cells:
            edits.append(_changed(sheet, sheet.cells[cell].element(sheet.data, 3), change))
        else:
            absent.setdefault(cell[0], []).append(cell)
    for row, cells in absent.items():
        new = [(cell, _cell(sheet, cell, changes[cell])) for cell in sorted(cells)]
        edits += _in_row(sheet, row, new) if row in sheet.rows else _new_row(sheet, row, new)
    return edits


def _changed(sheet: Sheet, one: Element, change: Change) -> Edit:
    tag = sheet.data[one.start : one.inner]
    if change.number is None:
        return Edit(one.start, one.inner, retagged(tag, s=change.style))
    tag = retagged(tag, s=change.style, t=None)
    return Edit(one.start, one.end, _open(tag) + _value(sheet, change.number) + b"</%sc>" % sheet.prefix)


def _open(tag: bytes) -> bytes:
    return tag[:-2] + b">" if tag.endswith(b"/>") else tag


def _cell(sheet: Sheet, cell: Cell, change: Change) -> bytes:
    head = b'<%sc r="%s" s="%d"' % (sheet.prefix, cell_name(cell).encode("ascii"), change.style)
    if change.number is None:
        return head + b"/>"
    return b"%s>%s</%sc>" % (head, _value(sheet, change.number), sheet.prefix)


def _value(sheet: Sheet, number: str) -> bytes:
    return b"<%sv>%s</%sv>" % (sheet.prefix, number.encode("ascii"), sheet.prefix)


def _in_row(sheet: Sheet, number: int, new: list[tuple[Cell, bytes]]) -> Iterator[Edit]:
    """Put cells into a row that is there; what it says of its first and last cell may no longer be so."""
    row = sheet.rows[number].element(sheet.data, 2)
    tag = retagged(sheet.data[row.start : row.inner], spans=None)
    there = sorted((cell[1], one.start) for cell, one in sheet.cells.items() if row.inner <= one.start < row.close)
    at_end = b"".join(xml for cell, xml in new if not there or cell[1] > there[-1][0])
    for cell, xml in new:
        at = next((start for column, start in there if column > cell[1]), None)
        if at is not None:
            yield Edit(at, at, xml)
    if row.inner == row.end:
        yield Edit(row.start, row.end, b"%s%s</%srow>" % (_open(tag), at_end, sheet.prefix))
    else:
        yield Edit(row.start, row.inner, tag)
        yield Edit(row.close, row.close, at_end)


def _new_row(sheet: Sheet, row: int, new: list[tuple[Cell, bytes]]) -> Iterable[Edit]:
    xml = b'<%srow r="%d">%s</%srow>' % (sheet.prefix, row + 1, b"".join(xml for _, xml in new), sheet.prefix)
    later = min((start for number, start in sheet.starts.items() if number > row), default=None)
    if later is not None:
        return [Edit(later, later, xml)]
    data = sheet.first("sheetData")
    return appended(sheet.data, data, xml) if data else [Edit(at := sheet.behind("sheetData"), at, b"<%ssheetData>%s</%ssheetData>" % (sheet.prefix, xml, sheet.prefix))]  # fmt: skip
