"""Looking through a worksheet part: its rows, the cells of some of them, and what is around the cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache
from xml.parsers import expat

from xlcheck.copies.sheet import Area, Sheet, Span, measure
from xlcheck.copies.splice import attributes_of, prefix_of, tag_end
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import block, position
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.tuples import NamedTuple

_ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"(?:[^<>&]*[^<>&/])?(/?)>')
_HEIGHT = re.compile(rb' ht="([^"]*)"')
_ROW_END, _ROWS_END = b"</row>", b"</sheetData>"
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})[1-9][0-9]{0,6}"(?: s="([0-9]{1,9})")?(?: t="([A-Za-z]{1,9})")?(?: [cv]m="[0-9]{1,9}")* ?(/?)>'
)
"""A cell as almost every program spells it."""
_RULES, _RULES_END = b"<conditionalFormatting ", b"</conditionalFormatting>"

_OTHERS = re.compile(
    rb"<(?!/|conditionalFormatting |cfRule[ >]|formula>|colorScale>|cfvo |color |dataBar[ >]|iconSet[ >]|extLst>|ext |x14:id>)"
)
"""What does not stand among conditional formats (ECMA-376 part 1, 18.3.1.18)."""

Spans = list[tuple[int, int]]
"""Where pieces of a part begin and end."""


def survey(data: bytes, cells: Collection[Cell], ask: Ask = afresh) -> Sheet:
    """Look through a worksheet for some cells, their rows, and everything around the cells.

    Mostly what stands in rows and in rules need not be parsed: a ``<`` always begins a tag where there are no comments
    and the like (XML 1.0, 2.4), and cells are spelt alike. Where they are not, all of it is parsed. `ask` may know what
    stands around the cells of other worksheets.

    Raises:
        expat.ExpatError: what was parsed is not well-formed.
        ValueError: a reference in it is none.
    """
    columns: dict[int, list[int]] = {}
    for row, column in cells:
        columns.setdefault(row, []).append(column)
    rows = [] if b"<!" in data or data.count(b"<?") > 1 else _rows(data)
    if rows:
        walk = _walked(data, columns, _spared(data, rows), ask)
        _put_down(data, rows, columns, walk)
        known = [_cells(data, row, walk.rows[row], columns[row]) for row in walk.rows]
        if not walk.in_pieces and all(found is not None for found in known):
            return _sheet(data, cells, walk, {cell: one for found in known for cell, one in (found or {}).items()})
    walk = _walked(data, columns)
    return _sheet(data, cells, walk, walk.cells)


class _Around(NamedTuple):
    """What stands around the rows of a worksheet, by its places in what is left without them."""

    root: Span
    top: Sequence[Span]
    areas: list[Area]
    columns: list[dict[str, str]]


def _around(kept: bytes) -> _Around | None:
    """What a worksheet holds that was left without its rows; None if there are some all the same."""
    walk = _walked(kept, ())
    return None if walk.starts else _Around(walk.root, walk.top, walk.areas, walk.columns)


def _walked(data: bytes, rows: Collection[int], spared: Sequence[tuple[int, int]] = (), ask: Ask = afresh) -> _Walk:
    edges = [0, *(edge for span in spared for edge in span), len(data)]
    kept = list(zip(edges[::2], edges[1::2], strict=True))
    walk = _Walk(rows, kept)
    left = b"".join([data[start:end] for start, end in kept])
    known = ask(_around, left) if spared else None
    if known is None:
        walk.parse(left)
    else:
        walk.take(known)
    return walk


def _sheet(data: bytes, cells: Collection[Cell], walk: _Walk, found: dict[Cell, Span]) -> Sheet:
    root = walk.root.element(data, 0)
    return Sheet(
        data,
        frozenset(cells),
        root,
        prefix_of(data, root),
        walk.top,
        walk.starts,
        walk.rows,
        found,
        walk.areas,
        walk.heights,
        walk.columns,
    )


class _Row(NamedTuple):
    """A row, which is spelt as almost every program spells it."""

    number: int
    """From 0."""
    start: int
    inner: int
    """Where its start tag ends."""
    close: int
    """Where its end tag begins, if it has one."""
    end: int


def _rows(data: bytes) -> list[_Row]:
    """All rows of a part; none if one is spelt otherwise, or something stands between them."""
    found: list[_Row] = []
    at = -1
    while (row := _ROW.match(data, at) if found else _ROW.search(data)) is not None:
        number, inner = int(row[1]) - 1, row.end()
        close = inner if row[2] else data.find(_ROW_END, inner)
        if close < 0:
            return []
        at = inner if row[2] else close + len(_ROW_END)
        found.append(_Row(number, row.start(), inner, close, at))
    return found if data.startswith(_ROWS_END, at) else []


def _put_down(data: bytes, rows: Sequence[_Row], wanted: Collection[int], walk: _Walk) -> None:
    """Note the rows that were not parsed."""
    for row in rows:
        tag = data[row.start : row.inner]
        walk.starts.setdefault(row.number, row.start)
        height = _HEIGHT.search(tag)
        if height:
            walk.heights[row.number] = measure(height[1].decode("utf-8", "replace"))
        if row.number in wanted:
            said = {key.decode("ascii"): value.decode("utf-8") for key, value in attributes_of(tag).items()}
            walk.rows.setdefault(row.number, Span("row", said, row.start, row.close))


def _spared(data: bytes, rows: Sequence[_Row]) -> Spans:
    """What stands in rows and in conditional formats."""
    at = rows[-1].end
    spared = [(rows[0].start, at)]
    first = data.find(_RULES, at)
    last = data.rfind(_RULES_END)
    # One format stands for all of them; by the schema they follow each other.
    begin = data.find(b">", first) + 1
    if 0 <= first < begin <= last and data[begin - 2] != 0x2F and not _OTHERS.search(data, first, last):
        spared.append((begin, last))
    return spared


def _cells(data: bytes, row: int, span: Span, columns: Collection[int]) -> dict[Cell, Span] | None:
    """Some cells of a row; all of them if one of these is not there, and None if one is not spelt as usual."""
    begin, end = tag_end(data, span.start), span.close
    if begin > end:
        return {}
    if data.count(b"<c", begin, end) != data.count(b'<c r="', begin, end):
        return None
    found: dict[Cell, Span] = {}
    for column in columns:
        # Of a cell that was there before, the last one counts.
        at = data.rfind(b'<c r="%s"' % cell_name((row, column)).encode("ascii"), begin, end)
        if at < 0:
            return _all_cells(data, row, begin, end)
        cell = _CELL.match(data, at)
        if cell is None:
            return None
        found[row, column] = _span(data, cell)
    return found


def _all_cells(data: bytes, row: int, begin: int, end: int) -> dict[Cell, Span] | None:
    found = [(_column(cell[1]), _span(data, cell)) for cell in _CELL.finditer(data, begin, end)]
    usual = len(found) == data.count(b"<c", begin, end)
    return {(row, column): one for column, one in found} if usual else None


def _span(data: bytes, cell: re.Match[bytes]) -> Span:
    _, style, kind, empty = cell.groups()
    attributes = {}
    if style:
        attributes["s"] = style.decode("ascii")
    if kind:
        attributes["t"] = kind.decode("ascii")
    return Span("c", attributes, cell.start(), cell.end() if empty else data.find(b"</c>", cell.end()))


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    return position(f"{letters.decode('ascii')}1")[1]


class _Walk:
    """One pass over a worksheet; positions that are not said are counted as the guard counts them."""

    parser: expat.XMLParserType
    root: Span

    def __init__(self, wanted: Collection[int], kept: Spans) -> None:
        self.wanted = wanted
        self.begins = [0]  # of each kept piece, in what is parsed
        self.shifts = [start for start, _ in kept]  # from there to its place in the part
        for number, (start, end) in enumerate(kept, start=1):
            self.begins.append(self.begins[-1] + end - start)
            if number < len(kept):
                self.shifts[number] -= self.begins[number]
        self.open: list[tuple[str, dict[str, str], int] | None] = []
        self.depth = 0
        self.within = ""  # the child of the root
        self.row = self.column = 0
        self.keeping = False
        self.in_pieces = False
        """Whether a row stands there more than once."""
        self.top: list[Span] = []
        self.starts: dict[int, int] = {}
        self.rows: dict[int, Span] = {}
        self.cells: dict[Cell, Span] = {}
        self.areas: list[Area] = []
        self.heights: dict[int, float] = {}
        self.columns: list[dict[str, str]] = []

    def parse(self, left: bytes) -> None:
        """Parse the kept pieces.

        Raises:
            expat.ExpatError: they are not well-formed.
            ValueError: a reference in them is none.
        """
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.Parse(left, True)

    def take(self, known: _Around) -> None:
        """Put down what is known of the kept pieces."""
        self.root, *self.top = (
            Span(name, attributes, self._place(start), self._place(close))
            for name, attributes, start, close in (known.root, *known.top)
        )
        self.areas, self.columns = known.areas, known.columns

    def _place(self, at: int) -> int:
        """Where in the part something stands that is parsed there."""
        return at + self.shifts[min(bisect_right(self.begins, at), len(self.shifts)) - 1]

    def _here(self) -> int:
        return self._place(self.parser.CurrentByteIndex)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        depth = self.depth
        self.depth = depth + 1
        # Most elements are cells of rows that nobody asked for, and what stands in cells.
        if depth > 3 or (depth == 3 and not self.keeping):
            return
        name = tag.rpartition(":")[2] if ":" in tag else tag
        kept = None
        if depth < 2:
            kept = name, attributes, self._here()
            self.within = name
        elif depth == 2:
            kept = self._second(name, attributes)
        elif name == "c":
            if "r" in attributes:
                self.column = _position(attributes["r"])[1]
            kept = name, attributes, self._here()
        self.open.append(kept)

    def _second(self, name: str, attributes: dict[str, str]) -> tuple[str, dict[str, str], int] | None:
        """A grandchild of the root."""
        if self.within == "sheetData":
            if "r" in attributes:
                self.row = position("A" + attributes["r"])[0]
            self.column = 0
            self.keeping = self.row in self.wanted
            at = self._here()
            self.in_pieces = self.in_pieces or self.row in self.starts
            self.starts.setdefault(self.row, at)
            if "ht" in attributes:
                self.heights[self.row] = measure(attributes["ht"])
            return (name, attributes, at) if self.keeping else None
        if name == "col" and self.within == "cols":
            self.columns.append(attributes)
        elif name == "mergeCell" and self.within == "mergeCells":
            top, left, bottom, right = block(attributes.get("ref", ""))
            self.areas.append(Area((top, left), (bottom, right)))
        return None

    def end(self, _: str) -> None:
        self.depth = depth = self.depth - 1
        if depth > 3 or (depth == 3 and not self.keeping):
            return
        kept = self.open.pop()
        if kept is not None:
            self._ended(depth, Span(*kept, self._here()))
        if depth == 2 and self.within == "sheetData":
            self.row += 1
            self.keeping = False

    def _ended(self, depth: int, one: Span) -> None:
        if depth == 3:
            self.cells[self.row, self.column] = one
            self.column += 1
        elif depth == 2:
            self.rows.setdefault(self.row, one)
        elif depth == 1:
            self.top.append(one)
        else:
            self.root = one


_position = lru_cache(maxsize=4096)(position)
