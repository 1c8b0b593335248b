"""One reading: a workbook is spelt so that every program finds the same values in the same cells, or it is refused.

Parsers differ in what they do with a comment within a number, a value in a foreign namespace, a cell that stands twice with
two values, a sheet with two relationships. Programs that people use write nothing of the kind. Almost every sheet is spelt as
:mod:`xlcheck.guard.plain` says; any other is parsed in full by :class:`_Cells`.

What all programs pass over alike is no other reading: extensions and text between cells, a cell that was there before and
held nothing, a second piece of a row. What of it calamine stumbles over is cut out.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from xlcheck.guard.markup import check_whole
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import position
from xlcheck.guard.plain import NUMBER, PlainCells
from xlcheck.guard.sound import is_sound
from xlcheck.guard.texts import SharedStrings, count_strings, strings_of
from xlcheck.model.cells import Cell
from xlcheck.model.errors import Refused, damaged, too_much

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of sheets and strings, transitional and strict (ECMA-376 part 1, annex A)."""

_PLAIN_NUMBER = NUMBER.decode("ascii") + r"\Z"
_KINDS = ("", "n", "s", "str", "b", "e", "d", "inlineStr")
"""Of cells (ECMA-376 part 1, 18.18.11)."""
_WITHIN = {
    "sheetData": ("row",),
    "row": ("c",),
    "c": ("f", "v", "is"),
    "is": ("t", "r", "rPh", "phoneticPr"),
    "si": ("t", "r", "rPh", "phoneticPr"),
    "sst": ("si",),
    "r": ("t", "rPr"),
    "rPh": ("t", "r"),
}
"""What may stand in what, of all that holds cells and texts."""
_MOST = 400_000
"""Tags of a table of strings that is spelt otherwise; each takes some two microseconds."""
_SMALL = 1 << 20
"""Bytes of a table of strings whose texts are found when they are counted."""
_HOLDS_TEXT = ("v", "t", "f")
_OPEN = ("sheetData", "row", "c", "sst", "si", "is")
"""What may hold elements that are none of its own, and that all programs pass over with all in them."""
_LOOSE = ("sheetData", "row", "sst")
"""Where text that is no cell's is passed over."""
_MEANS = frozenset((
    "sheetData", "row", "c", "f", "v", "is", "sst", "si", "r", "t", "rPh", "worksheet", "dimension", "sheetFormatPr", "cols", "col",
    "mergeCells", "mergeCell", "hyperlinks", "hyperlink", "conditionalFormatting", "cfRule",
))  # fmt: skip
"""What some program, or a reader of ours, takes for what it is called wherever it stands, and whatever its namespace."""
_EXTENSIONS = ("extLst", "ext")
"""What of the usual namespace is passed over; other elements of it mean something to openpyxl in any place."""
_EMPTY_VALUE = rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?(?:/>|>\s*</(?:[\w.-]+:)?v\s*>)"


def is_plainly_spelt(plain: PlainCells, title: str, strings: int, space: str, ask: Ask = afresh) -> bool:
    """Whether a worksheet is spelt as nearly always; if not, :func:`check_spelling` has to look at all of it.

    Args:
        plain: what :func:`xlcheck.guard.plain.plain_cells` says of it.
        title: names it in the reason.
        strings: how many shared strings there are.
        space: the namespace of the workbook.
        ask: may know what stands around the cells of other sheets.

    Raises:
        Refused: F101 what stands around its cells is not well-formed.
    """
    return plain.highest < strings and ask(_is_usual_around, plain.around, plain.begin, title, space)


def _is_usual_around(around: bytes, begin: int, title: str, space: str) -> bool:
    head = around[:begin]
    if b'<worksheet xmlns="%b"' % space.encode() not in head or head.count(b"xmlns=") != 1:
        return False
    check_whole(around, f"工作表“{title}”")
    return True


def check_spelling(data: bytes, title: str, strings: int, space: str) -> bytes:
    """Refuse a worksheet that two programs could read differently; answers it without what calamine stumbles over.

    Args:
        data: the part.
        title: names it in the reason.
        strings: how many shared strings there are.
        space: the namespace of the workbook.

    Raises:
        Refused: F101.
    """
    cells = _Cells(title, strings, space)
    cells.take(data)
    return _without(data, cells.cuts)


def _without(data: bytes, cuts: list[tuple[int, int]]) -> bytes:
    """Bytes without some stretches of them."""
    kept, at = [], 0
    for begin, end in cuts:
        kept.append(data[at:begin])
        at = end
    return b"".join((*kept, data[at:])) if cuts else data


class _Other(Exception):
    """It is no worksheet."""


class _Spelling:
    """A pass over a part that holds cells or texts."""

    def __init__(self, what: str, root: str, space: str) -> None:
        self._what, self._root, self._space = what, root, space
        self._path: list[str] = []
        self._texts: list[str] = []
        """What the string at hand is made of: a text, runs."""
        self._runs = 0
        """Texts of the run at hand."""
        self._inside = 0
        """Where in the path that begins which is looked at; 0 for outside."""
        self.cuts: list[tuple[int, int]] = []
        """Where in the data stands what is to be left out, from and to."""
        self._stranger = 0
        """Where in the path an element begins that is passed over; 0 for outside."""
        self._cut = -1
        """Where in the data one began that has just ended; what comes next tells where."""
        self._parser = expat.ParserCreate("utf-8", " ")
        self._data = b""

    def take(self, data: bytes) -> None:
        """Look at all of it.

        Raises:
            Refused: F101.
        """
        self._data = data
        parser = self._parser
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        parser.CommentHandler = parser.StartCdataSectionHandler = self._strange
        parser.ProcessingInstructionHandler = self._strange
        try:
            parser.Parse(data, True)
        except expat.ExpatError:
            raise damaged(f"{self._what}不是完好的 XML") from None
        except ValueError:
            raise self._refused("中有不合规的单元格位置") from None
        except _Other:
            return

    def _refused(self, reason: str = "的写法不合规，各软件读出的内容可能不一样") -> Refused:
        return damaged(f"{self._what}{reason}")

    def _require(self, usual: bool) -> None:
        if not usual:
            raise self._refused()

    def _strange(self, *_: object) -> None:
        """A comment, an instruction or a CDATA section: within a cell or a text some parsers stop there."""
        self._require(not self._inside or self._path[-1] in _LOOSE)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_cut()
        space, _, name = tag.rpartition(" ")
        if not self._path:
            self._begin(space, name)
        elif self._inside:
            parent = self._path[-1]
            is_own = parent not in _WITHIN or (space == self._space and name in _WITHIN[parent])
            if self._stranger or not is_own:
                self._pass_over(parent, space, name)
            else:
                self._require(parent in _WITHIN or (parent not in _HOLDS_TEXT and name not in _MEANS))
                self._piece(parent, name)
                self._found(name, attributes)
        elif name in ("sheetData", "sst"):
            self._require(space == self._space and len(self._path) == 1)
        self._path.append(name)
        if not self._inside and name in ("sheetData", "sst"):
            self._inside = len(self._path)

    def _pass_over(self, parent: str, space: str, name: str) -> None:
        """An element that is none of a cell or text, or one within such an element."""
        self._require(name not in _MEANS and (space != self._space or name in _EXTENSIONS))
        if not self._stranger:
            self._require(parent in _OPEN)
            self._stranger = len(self._path) + 1
            self._cut = self._parser.CurrentByteIndex

    def _end_cut(self) -> None:
        """What is passed over ends where the next thing begins."""
        if self._cut >= 0 and not self._stranger:
            self.cuts.append((self._cut, self._parser.CurrentByteIndex))
            self._cut = -1

    def _piece(self, parent: str, name: str) -> None:
        """A string is one text, or runs of one text each, or a text and then runs; others are cut short by some."""
        if name in ("si", "is"):
            self._texts, self._runs = [], 0
        elif parent in ("si", "is") and name in ("t", "r"):
            self._texts.append(name)
            self._runs = 0
            self._require(name == "r" or len(self._texts) == 1)
        elif parent == "r" and name == "t":
            self._runs += 1
            self._require(self._runs == 1 or "rPh" in self._path)

    def _begin(self, space: str, name: str) -> None:
        self._require(name == self._root and space == self._space)

    def _end(self, tag: str) -> None:
        self._end_cut()
        self._path.pop()
        if len(self._path) < self._stranger:
            self._stranger = 0
        if len(self._path) < self._inside:
            self._inside = 0

    def _said(self, text: str) -> None:
        self._end_cut()
        here = self._path[-1] if self._inside else ""
        if here in _WITHIN and here not in _LOOSE and text.strip():
            raise self._refused()

    def _found(self, name: str, attributes: dict[str, str]) -> None:
        """An element of a cell or text."""


class _Cells(_Spelling):
    """A pass over a worksheet."""

    def __init__(self, title: str, strings: int, space: str) -> None:
        super().__init__(f"工作表“{title}”", "worksheet", space)
        self._strings = strings
        self._blank: dict[Cell, bool] = {}
        """Whether the cells held nothing that stood so far."""
        self._rows: set[int] = set()
        self._row, self._column = -1, -1
        self._cell: Cell = (-1, -1)
        self._began = 0
        """Where in the data the cell at hand begins."""
        self._is_broken = self._is_piece = False
        """Whether some row came in pieces, and whether the row at hand is another piece of one."""
        self._type = ""
        self._children: list[str] = []
        self._value: list[str] = []
        self._held = ""
        """What the cell at hand holds as its value."""
        self._referred = False

    def _begin(self, space: str, name: str) -> None:
        if name in ("macrosheet", "dialogsheet", "chartsheet"):  # they hold no tables
            raise _Other
        super()._begin(space, name)

    def _found(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("row", "c"):
            self._require(not any(key.endswith((" r", " t", " s")) for key in attributes))
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif self._path[-1] == "c":
            self._children.append(name)
            self._value.clear()
            self._referred = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        # position() takes letters, too.
        self._require(attributes.get("r", "1").isdigit() and ("r" in attributes or not self._is_broken))
        self._row = position("A" + attributes["r"])[0] if "r" in attributes else self._row + 1
        self._is_piece = self._row in self._rows
        self._is_broken = self._is_broken or self._is_piece
        self._rows.add(self._row)
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._require("r" in attributes or not self._is_piece)
        self._cell = position(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
        # Programs keep the last of two, but for one that is blank, of which some make nothing.
        self._require(self._cell[0] == self._row and self._blank.get(self._cell, True))
        self._column = self._cell[1]
        self._began = self._parser.CurrentByteIndex
        self._type = attributes.get("t", "")
        self._require(self._type in _KINDS)
        self._children.clear()
        self._held = ""

    def _said(self, text: str) -> None:
        super()._said(text)
        if self._inside and self._path[-1] == "v":
            self._value.append(text)
            self._referred |= self._data[self._parser.CurrentByteIndex : self._parser.CurrentByteIndex + 1] == b"&"

    def _end(self, tag: str) -> None:
        name = self._path[-1]
        is_own = bool(self._inside) and not self._stranger
        if is_own and name == "v" and self._path[-2:-1] == ["c"]:
            self._held = "".join(self._value)
            self._check_value(self._held)
        super()._end(tag)
        if is_own and name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        children = set(self._children)
        self._require(len(children) == len(self._children))
        self._require("is" not in children or self._type == "inlineStr")
        if {"v", "is"} <= children:
            self._cut_empty_value(self._parser.CurrentByteIndex)
        self._blank[self._cell] = not self._held and not {"f", "is"} & children

    def _cut_empty_value(self, end: int) -> None:
        """A text in its cell is the only one where the value beside it holds nothing; where it does not, programs differ."""
        found = [*re.finditer(_EMPTY_VALUE, self._data[self._began : end])]
        self._require(not self._held and len(found) == 1)
        begin, end = found[0].span()
        self.cuts.append((self._began + begin, self._began + end))

    def _check_value(self, text: str) -> None:
        """A value that is no text must be spelt plainly; what is no number at all is told later."""
        if self._type in ("str", "e", "d", "inlineStr"):
            return
        self._require(not self._referred and text == text.strip())
        if self._type == "s":
            plain = text.isascii() and text.isdigit() and len(text) < 9
            self._require(not text or (plain and int(text) < self._strings))
        elif self._type == "b":
            self._require(text in ("0", "1", "true", "false"))
        elif text and not re.match(_PLAIN_NUMBER, text):
            self._require(not _means_number(text))


def _means_number(text: str) -> bool:
    """Whether some parser takes a text for a number although it is not spelt as one."""
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


class _Texts(_Spelling):
    """A pass over the shared strings."""

    def __init__(self, space: str) -> None:
        super().__init__("文字表", "sst", space)
        self.count = 0

    def _found(self, name: str, attributes: dict[str, str]) -> None:
        self.count += name == "si"


def shared_strings(table: bytes, space: str) -> SharedStrings:
    """What a table of shared strings holds.

    Args:
        table: the part.
        space: the namespace of the workbook.

    Raises:
        Refused: F101 two programs could read them differently.
    """
    begin, end = table.find(b"<si>"), table.rfind(b"</sst>")
    head, body = table[: max(begin, 0)], table[begin:end]
    usual = 0 < begin < end and b'<sst xmlns="%b"' % space.encode() in head and head.count(b"<") <= 2
    usual = usual and b"<si" not in head
    found = _usual(body) if usual else None
    if found is not None:
        check_whole(head + table[end:] if is_sound(body) else table, "文字表")
        return found
    if table.count(b"<") > _MOST:
        raise too_much("文字表中的标记过多")
    texts = _Texts(space)
    texts.take(table)
    return SharedStrings(texts.count, None)


def _usual(body: bytes) -> SharedStrings | None:
    """What a table holds that is spelt as usual; None for another."""
    if len(body) < _SMALL:
        return strings_of(body)
    count = count_strings(body)
    return None if count is None else SharedStrings(count, None)
