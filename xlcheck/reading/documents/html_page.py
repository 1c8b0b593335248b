"""One walk through the tree of a web page: which tables there are, and what is seen of each cell and beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import too_much
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.colours import BLACK, WHITE
from xlcheck.reading.documents.html_looks import Manner, Stylesheet
from xlcheck.reading.documents.html_tables import Reach, Slot, laid, spans
from xlcheck.reading.documents.hues import Hue, is_unseen
from xlcheck.reading.documents.looks import INSET, PICTURED, Look, Piece, Sight, as_paragraph, sight

_WHITE = re.compile(r"[ \t\r\n\f]+")
_PASSED = frozenset({"head", "script", "style", "title", "template", "noscript", "noframes", "rt", "rp", "datalist"})
"""Elements of which nothing is seen."""
_DRAWN = frozenset({
    "img", "svg", "canvas", "object", "embed", "video", "audio", "iframe", "frame", "applet", "map",
    "select", "textarea", "math",
})  # fmt: skip
"""Elements that are looked at and not read."""
_BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
    "footer", "main", "nav", "aside", "address", "blockquote", "center", "form", "fieldset", "pre", "hr", "figure",
    "figcaption", "caption", "body", "html", "details", "summary", "dir", "menu", "legend", "option", "table", "tr",
})  # fmt: skip
"""Elements that begin and end a line."""
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_LONGEST_TEXT = 1_000_000
"""Characters between two tags."""
_TURNED = "\u202e"


class Holder:
    """What holds text: the page's body, or a cell."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.drawn = False
        """Whether there is something in it to look at that is not read."""
        self._items: list[Piece | PageTable] = []

    def add(self, text: str, look: Look) -> None:
        """What stands next in it."""
        self._items.append(Piece(text, look))

    def begin(self) -> None:
        """Begin a new line, unless it just began."""
        if self._items and not (isinstance(self._items[-1], Piece) and self._items[-1].text.endswith("\n")):
            self._items.append(Piece("\n"))

    def put(self, table: PageTable) -> None:
        """A table within."""
        self._items.append(table)

    def sight(self) -> Sight:
        """What is seen of it, tables within aside."""
        pieces = [item for item in self._items if isinstance(item, Piece)]
        seen = sight(_packed(pieces))
        if seen.text or seen.doubt:
            return seen
        inset = len(pieces) < len(self._items)
        return Sight("", INSET if inset else PICTURED if self.drawn else "")

    def told(self) -> Iterator[str]:
        """Its paragraphs, with those of cells that only lay out the page."""
        line: list[Piece] = []
        for item in self._items:
            if isinstance(item, Piece):
                line.append(item)
                continue
            yield from _paragraphs(line)
            line = []
            cells = [cell for cell, _ in item.cells]
            for cell in cells:
                if len(cells) == 1 or any(not isinstance(one, Piece) for one in cell._items):
                    yield from cell.told()
        yield from _paragraphs(line)


class PageTable:
    """A table of a page: as long as it is open, its rows."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.cells: list[tuple[Holder, Slot]] = []
        """Once it is closed: its cells and where they stand."""
        self._groups: list[tuple[str, list[list[tuple[Holder, Reach]]]]] = []
        self._in_row = False

    def group(self, kind: str) -> None:
        """A head, a body or a foot begins or ends; without a name, the rows between them."""
        if self._groups and self._groups[-1][0] == kind == "":
            return
        self._groups.append((kind, []))
        self._in_row = False

    def row(self, *, begins: bool) -> None:
        """A row begins or ends."""
        if begins:
            self._rows().append([])
        self._in_row = begins

    def cell(self, holder: Holder) -> None:
        """A cell begins; it makes a row for itself and those behind it where there is none."""
        if not self._in_row:
            self.row(begins=True)
        self._rows()[-1].append((holder, spans(holder.element)))

    def close(self) -> None:
        """Lay it out: the first head above all, the first foot below."""
        head = next((group for group in self._groups if group[0] == "thead"), None)
        foot = next((group for group in self._groups if group[0] == "tfoot"), None)
        between = [group for group in self._groups if group is not head and group is not foot]
        order = [group for group in (head, *between, foot) if group is not None]
        self.cells = list(laid([rows for _, rows in order]))

    def _rows(self) -> list[list[tuple[Holder, Reach]]]:
        if not self._groups:
            self.group("")
        return self._groups[-1][1]


class _Frame(NamedTuple):
    """An element that is open."""

    unseen: bool = False
    look: Look = "plain"
    kept: bool = False
    """Whether its white space counts."""
    letters: Hue = BLACK
    ground: Hue = WHITE
    tiny: bool = False

    def inner(self, manner: Manner, *, kept: bool) -> _Frame:
        """An element within, which looks so by itself."""
        return _Frame(
            self.unseen if manner.unseen is None else manner.unseen,
            manner.look or self.look,
            self.kept or kept,
            manner.letters or self.letters,
            manner.ground or self.ground,
            self.tiny if manner.tiny is None else manner.tiny,
        )

    @property
    def shown(self) -> Look:
        """How its own text looks."""
        return "faint" if self.tiny or is_unseen(self.letters, self.ground) else self.look


class PageReader:
    """Reads a page in one walk."""

    def __init__(self, styles: str) -> None:
        self._styles = Stylesheet(styles)
        self.tables: list[PageTable] = []
        """In the order of their numbers."""
        self._open: list[PageTable] = []
        self._holders: list[Holder] = []
        self._cells = 0

    def read(self, root: etree._Element) -> Holder:
        """What holds all that is seen of the page.

        Raises:
            Refused: F104 it has more cells than any report.
        """
        body = Holder(root)
        self._holders = [body]
        frames = [_Frame()]
        walk = etree.iterwalk(root, events=("start", "end"))
        gone: etree._Element | None = None
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                frame = self._start(element, tag, frames[-1])
                if frame is None:
                    walk.skip_subtree()
                    gone = element
                else:
                    frames.append(frame)
                    self._say(element.text, frame)
                continue
            if element is gone:
                gone = None
            else:
                frames.pop()
                self._end(element, tag)
            self._say(element.tail, frames[-1])
        return body

    def _start(self, element: etree._Element, tag: str, outer: _Frame) -> _Frame | None:
        """Open an element; None for one of which nothing is seen, or nothing is read."""
        if tag in _PASSED or not tag:
            return None
        manner = self._styles.manner(element, tag)
        if manner.gone:
            return None
        holder = self._holders[-1]
        frame = outer.inner(manner, kept=tag in ("pre", "listing"))
        if tag in _DRAWN or (tag == "input" and element.get("type", "").lower() != "hidden"):
            holder.drawn |= not frame.unseen
            return None
        self._structure(element, tag, holder)
        if tag == "br" and not frame.unseen:
            holder.add("\n", "plain")
        elif tag in _BLOCKS:
            self._holders[-1].begin()
        if manner.turned:
            self._holders[-1].add(_TURNED, "plain")
        return frame

    def _structure(self, element: etree._Element, tag: str, holder: Holder) -> None:
        if tag == "table":
            table = PageTable(element)
            self.tables.append(table)
            if len(self.tables) > LIMITS.document_tables:
                raise too_much(f"网页有 {LIMITS.document_tables} 个以上的表格")
            self._open.append(table)
            holder.put(table)
        elif self._open and tag in ("td", "th"):
            self._cells += 1
            if self._cells > LIMITS.document_cells:
                raise too_much(f"表格超过 {LIMITS.document_cells:,} 个单元格")
            cell = Holder(element)
            self._open[-1].cell(cell)
            self._holders.append(cell)
        elif self._open and tag == "tr":
            self._open[-1].row(begins=True)
        elif self._open and tag in _GROUPS:
            self._open[-1].group(tag)

    def _end(self, element: etree._Element, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop().close()
        elif tag in ("td", "th") and self._holders[-1].element is element:
            self._holders.pop()
        elif self._open and tag == "tr":
            self._open[-1].row(begins=False)
        elif self._open and tag in _GROUPS:
            self._open[-1].group("")
        if tag in _BLOCKS:
            self._holders[-1].begin()

    def _say(self, text: str | None, frame: _Frame) -> None:
        if text and len(text) > _LONGEST_TEXT:
            raise too_much("网页中有过长的文字")
        if text and not frame.unseen:
            self._holders[-1].add(text if frame.kept else _WHITE.sub(" ", text), frame.shown)


def _packed(pieces: list[Piece]) -> list[Piece]:
    """Blanks at the ends of pieces are one blank where the pieces meet."""
    found: list[Piece] = []
    blank = True
    for text, look in pieces:
        kept = text.lstrip(" ") if blank else text
        if kept:
            found.append(Piece(kept, look))
            blank = kept[-1] in " \n"
    return found


def _paragraphs(pieces: list[Piece]) -> Iterator[str]:
    line: list[Piece] = []
    for piece in [*pieces, Piece("\n")]:
        line.append(piece)
        if piece.text.endswith("\n"):
            text = as_paragraph(_packed(line))
            if text:
                yield text
            line = []
