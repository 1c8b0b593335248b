"""An OpenDocument spreadsheet as it is written (ODF 1.3 part 3, 9 and 19)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property

from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.ods import repeats
from xlcheck.model.cells import Cell
from xlcheck.reading.written import Block, Hiding, Runs, Stretch, WrittenCell, WrittenSheet

_NUMBERS = ("float", "percentage", "currency")
_UNSEEN = ("collapse", "filter")
_NOTHING = re.compile(r"0*\.?0*[1-9]?(?:cm|mm|in|pt|pc|px)\Z")
"""A width or height that shows nothing: 0cm, 0.001in."""
_REFERENCE = re.compile(
    r"\[(?:\$?('(?:[^']|'')*'|[^.\[\]'$#]*))?\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})"
    r"(?::(?:\$?('(?:[^']|'')*'|[^.\[\]'$#]*))?\.(\$?[A-Z]{1,3}\$?[0-9]{1,7}))?\]"
)


class OdsBook:
    """All sheets of a document are read at once, when one is asked for."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts

    @cached_property
    def _content(self) -> _Content:
        walk = _Content()
        for name in ("styles.xml", "content.xml"):
            if name in self._parts:
                scan("表格部分", self._parts[name], walk.start, walk.end, walk.said)
        return walk

    def is_usual(self, title: str, cells: Collection[Cell]) -> bool:
        """Whether a glance says that there is nothing to look at."""
        return False

    def sheet(self, title: str) -> WrittenSheet:
        """The sheet of that name."""
        return self._content.sheets.get(title) or WrittenSheet({})

    def hiding(self, title: str) -> Hiding:
        """How it is hidden."""
        return "hidden" if title in self._content.hidden else ""

    def is_uncalculated(self) -> bool:
        """Nothing in such a file says so."""
        return False


class _Styles:
    """What styles do to what bears them."""

    def __init__(self) -> None:
        self.hides: set[str] = set()
        """Of sheets that are not shown, and of rows and columns of no size."""
        self.how: dict[str, str] = {}
        """Of texts that are raised, lowered or struck through."""
        self._name = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style":
            self._name = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self.hides.add(self._name)
        elif name in ("table-column-properties", "table-row-properties"):
            size = attributes.get("style:column-width") or attributes.get("style:row-height") or ""
            if _NOTHING.match(size):
                self.hides.add(self._name)
        elif name == "text-properties":
            self._text(attributes)

    def _text(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("style:text-position", "").split(" ")[0]
        through = {attributes.get(f"style:text-line-through-{key}", "none") for key in ("style", "type")}
        if place == "super" or (place.endswith("%") and place.strip("0%") and not place.startswith("-")):
            self.how[self._name] = "super"
        elif place == "sub" or place.startswith("-"):
            self.how[self._name] = "sub"
        elif through != {"none"}:
            self.how[self._name] = "strike"


class _Content:
    """One pass over the styles and the content."""

    def __init__(self) -> None:
        self.sheets: dict[str, WrittenSheet] = {}
        self.hidden: set[str] = set()
        self._styles = _Styles()
        self._title: str | None = None
        self._clear()
        self._row = self._column = self._rows = self._columns = 0
        self._depth = 0  # below a cell, which may hold a table of its own
        self._attributes: dict[str, str] = {}
        self._cells_of_row: dict[int, WrittenCell] = {}
        self._runs = Runs()
        self._text = ""
        self._spans: list[str] = []

    def _clear(self) -> None:
        self._cells: dict[Cell, WrittenCell] = {}
        self._merged: list[Block] = []
        self._low: list[Stretch] = []
        self._narrow: list[Stretch] = []
        self._row = self._next_column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if self._depth:
            self._depth += 1
            if name in ("p", "span", "a"):
                self._say()
                self._spans.append(self._styles.how.get(attributes.get("text:style-name", ""), "") or self._how)
            else:
                self._spans.append("annotation" if name == "annotation" else self._how)
        elif name == "table" and self._title is None:
            self._title = attributes.get("table:name", "")
            self._clear()
            if attributes.get("table:style-name", "") in self._styles.hides:
                self.hidden.add(self._title)
        elif name == "table-column":
            self._start_column(attributes)
        elif name == "table-row":
            self._rows = repeats(attributes, "rows")
            self._column, self._cells_of_row = 0, {}
            if self._is_unseen(attributes):
                self._low.append((self._row, self._row + self._rows - 1))
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = repeats(attributes, "columns")
            self._attributes, self._depth, self._runs, self._text, self._spans = attributes, 1, Runs(), "", []
        else:
            self._styles.start(name, attributes)

    def end(self, tag: str) -> None:
        name = local_name(tag)
        if self._depth > 1:
            self._depth -= 1
            self._say()
            self._spans.pop()
        elif self._depth:
            self._depth = 0
            self._cell()
            self._column += self._columns
        elif name == "table-row":
            for row in range(self._row, self._row + self._rows) if self._cells_of_row else ():
                self._cells |= {(row, column): cell for column, cell in self._cells_of_row.items()}
            self._row += self._rows
        elif name == "table" and self._title is not None:
            self.sheets.setdefault(
                self._title, WrittenSheet(self._cells, tuple(self._merged), tuple(self._low), tuple(self._narrow))
            )
            self._title = None

    def said(self, text: str) -> None:
        if self._depth > 1:
            self._text += text

    @property
    def _how(self) -> str:
        return self._spans[-1] if self._spans else ""

    def _say(self) -> None:
        if self._text and self._how != "annotation":
            self._runs.add(self._text, self._how)
        self._text = ""

    def _is_unseen(self, attributes: Mapping[str, str]) -> bool:
        return (
            attributes.get("table:visibility", "") in _UNSEEN
            or attributes.get("table:style-name", "") in self._styles.hides
        )

    def _start_column(self, attributes: Mapping[str, str]) -> None:
        first = self._next_column
        self._next_column += repeats(attributes, "columns")
        if self._is_unseen(attributes):
            self._narrow.append((first, self._next_column - 1))

    def _cell(self) -> None:
        kind = self._attributes.get("office:value-type", "")
        formula = self._attributes.get("table:formula")
        value: float | str | None = None
        if kind in _NUMBERS:
            value = _number(self._attributes.get("office:value", ""))
        elif kind:
            value = "#" if self._attributes.get("calcext:value-type") == "error" else "…"
        down, across = (_span(self._attributes, key) for key in ("rows", "columns"))
        if down * across > 1:
            self._merged.append((self._row, self._column, self._row + down - 1, self._column + across - 1))
        if value is None and formula is None:
            return
        seen = self._runs.seen if kind == "string" else ""
        cell = WrittenCell(value, None if formula is None else notation(formula), seen=seen)
        self._cells_of_row |= dict.fromkeys(range(self._column, self._column + self._columns), cell)


def notation(formula: str) -> str:
    """A formula of a document as Excel writes it: ``of:=SUM([.A1:.B2];1)`` → ``SUM(A1:B2,1)``."""

    def cells(match: re.Match[str]) -> str:
        sheet, first, other, last = match.groups()
        told = f"{sheet}!{first}" if sheet else first
        if not last:
            return told
        return f"{told}:{other}!{last}" if other else f"{told}:{last}"

    return _REFERENCE.sub(cells, formula.partition("=")[2].replace(";", ","))


def _span(attributes: Mapping[str, str], what: str) -> int:
    text = attributes.get(f"table:number-{what}-spanned", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 else 1


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
