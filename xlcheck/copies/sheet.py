"""One worksheet part (ECMA-376 part 1, 18.3): where its rows and cells stand in the bytes, and what they hold."""

from __future__ import annotations

import re

from xlcheck.copies.splice import Element, bare, element, elements
from xlcheck.model.cells import Cell
from xlcheck.model.tuples import NamedTuple

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip
"""The children of a worksheet, in the order that the schema wants (18.3.1.99)."""
_RANK = {name: number for number, name in enumerate(_ORDER)}
_UNKNOWN = _RANK["oleObjects"]
"""Objects and controls are wrapped into an element of another kind (ECMA-376 part 3, 7.6)."""
_USUAL = re.compile(rb"<c (?:[^<>]*/>|[^<>]*>(<v>[^<>]*</v>)</c>)")
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


NO_CONTENT = Content("n", b"", False, False)
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
    asked: frozenset[Cell]
    """The cells that were asked for."""
    root: Element
    prefix: bytes
    top: list[Span]
    """The children of the root."""
    starts: dict[int, int]
    """Where the start tag of each row begins, by row."""
    rows: dict[int, Span]
    """Those of the cells asked for that are there."""
    cells: dict[Cell, Span]
    """Cells of these rows: those asked for if all of a row's are there, and else all of the row."""
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
            return NO_CONTENT
        usual = _USUAL.match(self.data, known.start)
        if usual:
            return Content(known.attributes.get("t", "n"), usual[1] or b"", False, False)
        one = known.element(self.data, 3)
        raw = self.data[one.start : one.end]
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
            widths.update(dict.fromkeys(span, measure(each.get("width"))))
        return widths

    def behind(self, name: str) -> int:
        """Where a new child of the root belongs that comes behind the cells: before what comes later or is its like."""
        rank = _RANK[name]
        cells = next((number for number, one in enumerate(self.top) if one.name == "sheetData"), -1)
        later = (one.start for one in self.top[cells + 1 :] if _RANK.get(one.name, _UNKNOWN) >= rank)
        return next(later, self.root.close)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def measure(text: str | None) -> float:
    """A height or width as it stands in an attribute; 0 where it is none."""
    try:
        return min(max(float(text or 0), 0.0), 1000.0)
    except ValueError:
        return 0.0
