"""An OOXML workbook as it is written (ECMA-376 part 1, 18.3 and 18.4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import BOOK_SAID, block, main_part, position, relations, sheets_of
from xlcheck.guard.plain import PlainBook
from xlcheck.model.cells import Cell
from xlcheck.reading.plain_looks import may_dress, may_mislead
from xlcheck.reading.written import Block, CellLook, Hiding, Runs, Stretch, WrittenCell, WrittenSheet

if TYPE_CHECKING:
    from xlcheck.reading.looks import StyleSheet

_TRUE = ("1", "true", "on")
_SHOWN = (b'hidden="0"', b'hidden="false"')
_LOW = 1.0
"""Rows lower than this many points show nothing."""
_NARROW = 0.3
"""Columns narrower than this many characters show nothing."""
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)" ?/>')
_WIDTH = rb'width="([^"]*)"'
_WIDE = rb"[1-9][0-9]*(?:\.[0-9]*)?\Z"
_FEW = 1_024
"""A glance looks at no more cells of merged ranges."""
_NEVER = ("", "0", "124519")
"""What stands for the program that calculated where none did; the last is what XlsxWriter writes."""


class XlsxBook:
    """Each sheet is read when it is asked for."""

    def __init__(self, parts: Mapping[str, bytes], plain: PlainBook | None, ask: Ask = afresh) -> None:
        self._parts, self._plain, self._ask = parts, plain, ask
        self._sheets: dict[str, WrittenSheet] = {}

    @cached_property
    def _members(self) -> dict[str, str]:
        lower = {name.lower(): name for name in self._parts}
        listed = sheets_of(self._parts, ask=self._ask)
        return {title: lower.get(member.lower(), "") for title, member in listed}

    @cached_property
    def _workbook(self) -> _Workbook:
        return self._ask(_workbook, self._parts[main_part(self._parts, self._ask)])

    @cached_property
    def _seen(self) -> Mapping[int, str]:
        """Of the shared strings of which parts are raised, lowered or struck: what is seen."""
        links = relations(self._parts, main_part(self._parts, self._ask), self._ask)
        linked = {target for _, kind, target in links if kind.endswith("/sharedStrings")}
        names = linked & self._parts.keys() or {n for n in self._parts if n.lower() == "xl/sharedstrings.xml"}
        walk = _Strings()
        for name in names:
            if is_raised(self._parts[name]):
                scan("文字表", self._parts[name], walk.start, walk.end, walk.said)
        return walk.found

    @cached_property
    def _styles(self) -> tuple[bytes, bytes]:
        """The parts of the styles and of the colours' theme; empty for none."""
        targets = {
            kind.rpartition("/")[2]: self._parts.get(target, b"")
            for _, kind, target in relations(self._parts, main_part(self._parts, self._ask), self._ask)
        }
        return targets.get("styles", b""), targets.get("theme", b"")

    @cached_property
    def _looks(self) -> Mapping[int, CellLook]:
        """Of the styles that may show a number otherwise than it is."""
        styles, theme = self._styles
        return self._ask(_stylesheet_of, styles, theme).looks if self._ask(may_mislead, styles) else {}

    @cached_property
    def _rules(self) -> StyleSheet | None:
        """The styles, if a conditional format may show a number otherwise than it is."""
        styles, theme = self._styles
        found = self._ask(_stylesheet_of, styles, theme) if self._ask(may_dress, styles) else None
        return found if found and found.rules else None

    @property
    def names(self) -> Mapping[str, str]:
        """What names stand for in all sheets; none that a sheet has for itself, too."""
        return self._workbook.names

    def is_usual(self, title: str, cells: Collection[Cell]) -> bool:
        """Whether the guard's look says that there is nothing to look at."""
        plain = self._plain.sheets.get(title) if self._plain else None
        if plain is None or plain.layout.hides or plain.layout.has_spread or self._seen or self._looks:
            return False
        if self._rules and b"conditionalFormatting" in plain.around:
            return False
        covered = self._ask(_covered, plain.around, plain.begin)
        return covered is not None and covered.isdisjoint(cells) and plain.layout.formulas.isdisjoint(cells)

    def sheet(self, title: str) -> WrittenSheet:
        """The sheet of that name."""
        if title not in self._sheets:
            member = self._members.get(title, "")
            walk = _Sheet(self._seen, self._looks)
            if member:
                scan(f"工作表“{title}”", self._parts[member], walk.start, walk.end, walk.said)
            found = WrittenSheet(walk.cells, tuple(walk.merged), tuple(walk.rows), tuple(walk.columns))
            if member and self._rules and b"conditionalFormatting" in self._parts[member]:
                from xlcheck.reading.rules_xlsx import with_rules  # late: few workbooks have any that hide a number

                found = with_rules(found, self._parts[member], self._rules)
            self._sheets[title] = found
        return self._sheets[title]

    def hiding(self, title: str) -> Hiding:
        """How it is hidden."""
        return self._workbook.hiding.get(title, "")

    def is_uncalculated(self) -> bool:
        """Whether the workbook says that nothing was calculated."""
        if any(name.lower().endswith("calcchain.xml") for name in self._parts):
            return False
        book = self._workbook
        return book.program != "Calc" and (book.waits or book.calculated_by in _NEVER)


def _shows_all(head: bytes) -> bool:
    """Whether a glance at what stands before the cells says that every column and row is seen."""
    return not (
        b"='" in head  # an attribute spelt in another way
        or b" =" in head
        or head.count(b"hidden") != sum(map(head.count, _SHOWN))
        or b"zeroHeight" in head
        or any(not re.match(_WIDE, width) for width in re.findall(_WIDTH, head))
    )


def _covered(around: bytes, begin: int) -> frozenset[Cell] | None:
    """The cells under merged ranges of which another cell is seen; None where a glance does not tell what is hidden.

    Args:
        around: what stands before the cells of a sheet and after them.
        begin: where they stood.
    """
    head, tail = around[:begin], around[begin:]
    if not _shows_all(head):
        return None
    refs = _MERGED.findall(tail)
    if len(refs) != tail.count(b"mergeCell") - tail.count(b"mergeCells"):
        return None
    blocks = [block(ref.decode("ascii")) for ref in refs]
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in blocks) > _FEW:
        return None
    found: set[Cell] = set()
    for top, left, bottom, right in blocks:
        found |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)} - {(top, left)}
    return frozenset(found)


def _stylesheet_of(styles: bytes, theme: bytes) -> StyleSheet:
    from xlcheck.reading.looks import stylesheet_of  # late: few workbooks have any that matter

    return stylesheet_of(styles, theme)


def is_raised(data: bytes) -> bool:
    """Whether a part may hold a text of which something is raised, lowered or struck through."""
    return b"vertAlign" in data or b"trike" in data


def _workbook(data: bytes) -> _Workbook:
    walk = _Workbook()
    scan(BOOK_SAID, data, walk.start, walk.end, walk.said)
    return walk


class _Workbook:
    """What the workbook part says of its sheets, and of who calculated."""

    def __init__(self) -> None:
        self.hiding: dict[str, Hiding] = {}
        self.program = ""
        self.calculated_by = ""
        self.waits = False
        self.names: dict[str, str] = {}
        self._name, self._text = "", ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "sheet":
            state = attributes.get("state", "")
            hiding: Hiding = "very hidden" if state == "veryHidden" else "hidden" if state == "hidden" else ""
            self.hiding[attributes.get("name", "")] = hiding
        elif name == "fileVersion":
            self.program = attributes.get("appName", "")
        elif name == "calcPr":
            self.calculated_by = attributes.get("calcId", "")
            self.waits = attributes.get("fullCalcOnLoad", "") in _TRUE
        elif name == "definedName":
            self._name, self._text = attributes.get("name", "").lower(), ""
            if "localSheetId" in attributes or self._name in self.names:
                self.names[self._name] = ""
                self._name = ""

    def end(self, tag: str) -> None:
        if self._name and local_name(tag) == "definedName":
            self.names[self._name] = self._text.strip()
            self._name = ""

    def said(self, text: str) -> None:
        if self._name:
            self._text += text


def _how(path: list[str], tag: str, attributes: Mapping[str, str]) -> str:
    """What a property of a run does to it; empty for nothing that matters."""
    value = attributes.get("val", "")
    if "rPr" not in path:
        return ""
    if tag == "vertAlign":
        return {"superscript": "super", "subscript": "sub"}.get(value, "")
    return "strike" if tag in ("strike", "dstrike") and value not in ("0", "false", "off") else ""


class _Text:
    """The text of a shared or inline string, run by run."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.runs = Runs()
        self.how = self.text = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "r":
            self.how = self.text = ""
        self.how = _how(self.path, name, attributes) or self.how
        self.path.append(name)

    def end(self) -> None:
        name = self.path.pop()
        if name == "r" or (name == "t" and "r" not in self.path):
            self.runs.add(self.text, self.how)
            self.how = self.text = ""

    def said(self, text: str) -> None:
        if self.path and self.path[-1] == "t" and "rPh" not in self.path:
            self.text += text


class _Strings:
    """One pass over the shared strings."""

    def __init__(self) -> None:
        self.found: dict[int, str] = {}
        self._number = -1
        self._text = _Text()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "si":
            self._number += 1
            self._text.begin()
        self._text.start(name, attributes)

    def end(self, tag: str) -> None:
        self._text.end()
        if local_name(tag) == "si" and self._text.runs.seen:
            self.found[self._number] = self._text.runs.seen

    def said(self, text: str) -> None:
        self._text.said(text)


class _Sheet:
    """One pass over a worksheet, counting positions as the guard does."""

    def __init__(self, seen: Mapping[int, str], looks: Mapping[int, CellLook]) -> None:
        self.cells: dict[Cell, WrittenCell] = {}
        self.merged: list[Block] = []
        self.rows: list[Stretch] = []
        self.columns: list[Stretch] = []
        self._seen, self._looks = seen, looks
        self._look: CellLook | None = None
        self._row = self._column = 0
        self._here = (0, 0)
        self._type = ""
        self._low = self._closed = False
        self._texts: dict[str, str] = {}
        self._shared: dict[str, tuple[str, Cell]] = {}
        self._share = ""
        self._inline = _Text()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self._closed:
            return
        elif name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._here = position(attributes["r"]) if "r" in attributes else (self._row, self._column)
            self._column = self._here[1]
            self._type, self._texts, self._share = attributes.get("t", ""), {}, ""
            self._inline.begin()
            self._look = self._looks.get(int(style)) if (style := attributes.get("s", "")).isdecimal() else None
        elif name == "sheetFormatPr":
            self._low = attributes.get("zeroHeight", "") in _TRUE
        elif name == "col" and "min" in attributes:
            self._hide_columns(attributes)
        elif name == "f":
            self._share = attributes.get("si", "") if attributes.get("t") == "shared" else ""
            self._texts["f"] = ""
        elif name == "v":
            self._texts["v"] = ""
        self._inline.start(name, attributes)

    def end(self, tag: str) -> None:
        if self._closed:
            return
        self._inline.end()
        name = local_name(tag)
        if name == "c":
            self._cell()
            self._column += 1
        elif name == "row":
            self._row += 1
            self._column = 0
        elif name == "sheetData":
            self._closed = True

    def said(self, text: str) -> None:
        inside = self._inline.path[-1] if self._inline.path and not self._closed else ""
        if inside in self._texts:
            self._texts[inside] += text
        self._inline.said(text)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        if "r" in attributes:
            self._row = position("A" + attributes["r"])[0]
        height = _number(attributes.get("ht", ""))
        low = height is not None and height < _LOW
        if low or attributes.get("hidden", "") in _TRUE or (self._low and height is None):
            self.rows.append((self._row, self._row))

    def _hide_columns(self, attributes: Mapping[str, str]) -> None:
        width = _number(attributes.get("width", ""))
        first, last = (_number(attributes.get(key, "")) for key in ("min", "max"))
        narrow = width is not None and width < _NARROW
        if (narrow or attributes.get("hidden", "") in _TRUE) and first and last:
            self.columns.append((int(first) - 1, int(last) - 1))

    def _merge(self, ref: str) -> None:
        self.merged.append(block(ref))

    def _cell(self) -> None:
        text = self._texts.get("v", "").strip()
        formula, shift = self._formula()
        value: float | str | None = text or None
        seen = ""
        if self._type in ("", "n"):
            number = _number(text)
            value = value if number is None else number
        elif self._type == "s":
            seen = self._seen.get(int(text), "") if text.isdecimal() and len(text) < 9 else ""
        elif self._type == "inlineStr":
            value, seen = "", self._inline.runs.seen
        if value is not None or formula is not None:
            self.cells[self._here] = WrittenCell(value, formula, shift, seen, self._look)

    def _formula(self) -> tuple[str | None, Cell]:
        """The formula, and how far its references move."""
        text = self._texts.get("f")
        if text is None or not self._share:
            return text, (0, 0)
        if text:
            self._shared.setdefault(self._share, (text, self._here))
            return text, (0, 0)
        text, first = self._shared.get(self._share, ("", self._here))
        return text, (self._here[0] - first[0], self._here[1] - first[1])


_FLOAT = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?\Z"


def _number(text: str) -> float | None:
    return float(text) if re.match(_FLOAT, text) else None
