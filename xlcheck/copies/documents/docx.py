"""A .docx with marks: comments and shaded cells, spliced into its text; tracked changes and all else stay as they were."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from lxml import etree

from xlcheck.copies.documents.docx_comments import CommentXml, WordComments
from xlcheck.copies.documents.docx_earlier import shading, without_marks
from xlcheck.copies.documents.docx_places import by_node, cell_nodes
from xlcheck.copies.documents.marks import CellMark, TableCell
from xlcheck.copies.package import Patch
from xlcheck.copies.seal import sealed
from xlcheck.copies.splice import Element, Splice, appended, elements, prefix_of, spliced
from xlcheck.copies.workbook import without_signatures
from xlcheck.guard.parts import TYPES
from xlcheck.guard.word import check_word, is_word
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.docx_tables import WordTree

_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_BEHIND = (
    "noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark", "headers", "cellIns", "cellDel", "cellMerge",
    "tcPrChange",
)  # fmt: skip
"""What stands behind the shading among the properties of a cell (ECMA-376 part 1, 17.4.69)."""
_LOST = {"signature": "数字签名（加了批注，签名不再有效）", "programs": "宏（VBA 代码）"}


def marked_docx(data: bytes, marks: Mapping[TableCell, CellMark], head: str, name: str = "") -> bytes:
    """A copy of a .docx with marks; the same input gives the same bytes.

    Args:
        data: the file's bytes.
        marks: what its cells are to bear.
        head: what a comment on its first paragraph says.
        name: the file's name, to which the seal of the copy ties it.

    Raises:
        Refused: it is damaged.
    """
    package = check_word(data)
    patch = Patch(data, package.parts)
    lost = [_LOST["signature"]] if without_signatures(patch) else []
    if _without_programs(patch):
        lost.append(_LOST["programs"])
    comments = WordComments(patch)
    without_marks(patch, comments)
    if lost:
        head = f"{head}\n本文件不含原文件的{'、'.join(lost)}。"
    marking = _Marking(patch[patch.book])
    marking.first(comments.add(head))
    for cell, mark in marks.items():
        marking.cell(cell, mark.colour, comments.add(mark.note))
    patch[patch.book] = marking.marked()
    comments.write()
    return sealed(patch, name)


def _without_programs(patch: Patch) -> bool:
    """Take macros away and say that the document has none; answers whether it had."""
    links = [
        link for link in patch.links(patch.book) if link.kind in ("vbaProject", "wordVbaData", "keyMapCustomizations")
    ]
    strays = [name for name in patch if name.lower().endswith("vbaproject.bin")]
    if links or strays:
        patch.unrelate(patch.book, {link.id for link in links})
        patch.drop(*strays, *(link.target for link in links if link.target in patch))
    if not re.search(rb"wordprocessingml\.(?:document|template)\.main", patch[TYPES]) and is_word(patch[TYPES]):
        patch.redeclare(patch.book, _MAIN_TYPE)
    return bool(links or strays)


class _Said(NamedTuple):
    """What is put into a paragraph."""

    begin: list[bytes]
    """Before its text."""
    end: list[bytes]
    """Behind it."""


class _Marking:
    """The text of a document, and where its cells and paragraphs lie in the bytes."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._tree = WordTree(text)
        self._nodes = cell_nodes(self._tree)
        self._found = elements(text, {"tc", "tcPr", "p", "pPr", "shd", *_BEHIND})
        self._inside = {one.start: number for number, one in enumerate(self._found)}
        self._cells = by_node(self._tree.root, "tc", self._found)
        self._paragraphs = by_node(self._tree.root, "p", self._found)
        self._shades: list[Splice] = []
        self._said: dict[int, tuple[Element, _Said]] = {}

    def first(self, reference: CommentXml) -> None:
        """Put a comment on the first paragraph, of a cell if there is no other."""
        node = next((block for block in self._tree.blocks(self._tree.body) if not self._tree.is_table(block)), None)
        if node is None:
            node = next(self._tree.body.iter(f"{self._tree.w}p"), None)
        if node is not None:
            self._around([node], reference)

    def cell(self, at: TableCell, colour: str, reference: CommentXml) -> None:
        """Shade a cell and put a comment on it, where there is such a cell."""
        node = self._nodes.get(at)
        if node is not None:
            self._shades += self._shaded(self._cells[node], colour)
            self._around([block for block in self._tree.blocks(node) if not self._tree.is_table(block)], reference)

    def marked(self) -> bytes:
        """The text with all that was put in."""
        edits = list(self._shades)
        for paragraph, said in self._said.values():
            begin, end = b"".join(said.begin), b"".join(said.end)
            if paragraph.inner == paragraph.end:
                edits += appended(self._text, paragraph, begin + end)
                continue
            opening = next((one for one in self._children(paragraph) if one.name == "pPr"), None)
            at = paragraph.inner if opening is None else opening.end
            edits += Splice(at, at, begin), Splice(paragraph.close, paragraph.close, end)
        return spliced(self._text, edits)

    def _children(self, parent: Element) -> list[Element]:
        """Those of the elements looked for that stand right in another."""
        children = []
        for one in islice(self._found, self._inside[parent.start] + 1, None):
            if one.start >= parent.end:
                break
            if one.depth == parent.depth + 1:
                children.append(one)
        return children

    def _shaded(self, cell: Element, colour: str) -> list[Splice]:
        prefix = prefix_of(self._text, cell)
        known = next((one for one in self._children(cell) if one.name == "tcPr"), None)
        if known is None:
            shade = shading(prefix, colour)
            new = b"<%stcPr>%s</%stcPr>" % (prefix, shade, prefix)
            return [Splice(cell.inner, cell.inner, new)] if cell.close > cell.inner else []
        children = self._children(known)
        old = next((one for one in children if one.name == "shd"), None)
        if old is not None:
            was = next((value for key, value in old.attributes.items() if key.rpartition(":")[2] == "fill"), "auto")
            return [Splice(old.start, old.end, shading(prefix, colour, was))]
        behind = next((one for one in children if one.name in _BEHIND), None)
        shade = shading(prefix, colour)
        return [Splice(behind.start, behind.start, shade)] if behind else appended(self._text, known, shade)

    def _around(self, nodes: Sequence[etree._Element], reference: CommentXml) -> None:
        """Put a comment around paragraphs."""
        if nodes:
            first, last = self._paragraphs[nodes[0]], self._paragraphs[nodes[-1]]
            begin, end = reference(prefix_of(self._text, first))
            self._said.setdefault(first.start, (first, _Said([], [])))[1].begin.append(begin)
            self._said.setdefault(last.start, (last, _Said([], [])))[1].end.append(end)
