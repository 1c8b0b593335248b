"""Texts typed into a .docx as a person would: into cells, in the font that stands there, with tables where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from lxml import etree

from xlcheck.copies.documents.docx_drawn import drawn_line
from xlcheck.copies.documents.docx_places import by_node, cell_nodes
from xlcheck.copies.documents.marks import TableCell
from xlcheck.copies.splice import Element, Splice, appended, elements, escaped, prefix_of, spliced
from xlcheck.reading.documents.docx_tables import WordTree
from xlcheck.reading.documents.wording import Wording

_SIGNS = ("tab", "br", "cr", "noBreakHyphen")
_BESIDE = ("proofErr", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd")
_PLAIN = {
    "tc": {"tcPr", "p", *_BESIDE},
    "p": {"pPr", "r", *_BESIDE},
    "r": {"rPr", "t", "lastRenderedPageBreak", "commentReference", *_SIGNS},
}
"""What a cell of nothing but text holds; the properties hold what they like."""
_OF_MARKS = ("ins", "del", "moveFrom", "moveTo", "rPrChange")
"""What the properties of a paragraph's mark have and those of a run have not."""


class Typing:
    """The text of a document that is typed into."""

    def __init__(self, text: bytes) -> None:
        """Begin with the bytes of the part that holds it."""
        self._text = text
        self._tree = WordTree(text)
        self._cells = cell_nodes(self._tree)
        found = elements(text, {"body", "tc", "p", "r", "rPr", "t", "sectPr", *_SIGNS})
        self._places = {
            name: by_node(self._tree.root, name, found)
            for name in ("body", "p", "r", "rPr", "t", "sectPr", *_SIGNS)
        }  # fmt: skip
        self._edits: list[Splice] = []

    @property
    def namespace(self) -> str:
        """Of the document's elements."""
        return self._tree.w[1:-1]

    def is_plain(self, at: TableCell) -> bool:
        """Whether a cell holds nothing but text: no tracked changes, controls, fields, pictures or tables."""
        return self._holds_text(self._cells[at], "tc")

    def _holds_text(self, node: etree._Element, name: str) -> bool:
        for child in node:
            said = child.tag.removeprefix(self._tree.w)
            if said not in _PLAIN[name] or (said in _PLAIN and not self._holds_text(child, said)):
                return False
        return True

    def type(self, at: TableCell, text: str) -> None:
        """Put a text in the place of what a plain cell holds: where its first letters stand, looking as they do."""
        cell = self._cells[at]
        runs = list(cell.iter(f"{self._tree.w}r"))
        run = self._first_that_says(runs)
        texts = [] if run is None else list(run.iterchildren(f"{self._tree.w}t"))
        first = next((one for one in texts if _said(one).strip()), texts[0] if texts else None)
        for each in runs:
            self._edits += [_gone(self._place(node)) for node in self._signs(each) if node is not first]
        if first is not None:
            place = self._place(first)
            self._edits.append(Splice(place.start, place.end, self._written(place, text)))
        elif run is not None:
            self._edits += self._behind_looks(run, text)
        else:
            self._first_run(next(cell.iter(f"{self._tree.w}p")), text)

    def _first_that_says(self, runs: Sequence[etree._Element]) -> etree._Element | None:
        """The run that a text belongs into: the first with letters, or else the first that is no comment's mark."""
        w = self._tree.w
        said = (run for run in runs if "".join(map(_said, run.iterchildren(f"{w}t"))).strip())
        free = (run for run in runs if run.find(f"{w}commentReference") is None)
        return next(chain(said, free), None)

    def _behind_looks(self, node: etree._Element, text: str) -> list[Splice]:
        """Put a text into a run without any."""
        run, looks = self._place(node), node.find(f"{self._tree.w}rPr")
        new = self._written(run, text)
        if run.close == run.inner:
            return appended(self._text, run, new)
        at = run.inner if looks is None else self._place(looks).end
        return [Splice(at, at, new)]

    def _first_run(self, paragraph: etree._Element, text: str) -> None:
        """Put a run into a paragraph without any, looking as its mark does."""
        w = self._tree.w
        place = self._place(paragraph)
        mark = paragraph.find(f"{w}pPr/{w}rPr")
        look = b""
        if mark is not None and not any(mark.find(w + name) is not None for name in _OF_MARKS):
            at = self._place(mark)
            look = self._text[at.start : at.end]
        prefix = prefix_of(self._text, place)
        run = b"<%sr>%s%s</%sr>" % (prefix, look, self._written(place, text), prefix)
        self._edits += appended(self._text, place, run)

    def _signs(self, run: etree._Element) -> Iterator[etree._Element]:
        """The texts of a run, and what stands for white space or a hyphen."""
        return run.iterchildren(*(self._tree.w + name for name in ("t", *_SIGNS)))

    def _place(self, node: etree._Element) -> Element:
        return self._places[node.tag.rpartition("}")[2]][node]

    def _written(self, beside: Element, text: str) -> bytes:
        prefix = prefix_of(self._text, beside)
        return b"<%st>%s</%st>" % (prefix, escaped(text), prefix)

    def add(self, title: str, table: bytes) -> bool:
        """Put a table behind the last paragraph that says its title, or else with its title at the end; answers whether there was one."""
        w = self._tree.w
        heads = [block for block in self._tree.blocks(self._tree.body) if self._is(block, title)]
        after = table + drawn_line("", self.namespace)
        if heads:
            end = self._place(heads[-1]).end
            self._edits.append(Splice(end, end, after))
            return True
        last = self._tree.body[-1] if len(self._tree.body) else None
        new = drawn_line(title, self.namespace) + after
        if last is not None and last.tag == f"{w}sectPr":
            place = self._place(last)
            self._edits.append(Splice(place.start, place.start, new))
        else:
            self._edits += appended(self._text, self._place(self._tree.body), new)
        return False

    def _is(self, block: etree._Element, title: str) -> bool:
        said = "".join(one.text or "" for one in block.iter(f"{self._tree.w}t"))
        return not self._tree.is_table(block) and Wording((title,)).holds(said)

    def typed(self) -> bytes:
        """The text with all that was typed."""
        return spliced(self._text, self._edits)


def _said(node: etree._Element) -> str:
    return node.text or ""


def _gone(place: Element) -> Splice:
    return Splice(place.start, place.end, b"")
