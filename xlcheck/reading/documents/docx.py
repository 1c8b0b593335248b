"""Reports as Word and WPS write them (.docx): the tables as grids, and the text beside them (lxml).

What is read is what the page shows once all changes are accepted.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.word import WordPackage, check_word
from xlcheck.model.errors import damaged
from xlcheck.reading.documents.docx_tables import WordTree
from xlcheck.reading.documents.docx_text import WordText, ground_of
from xlcheck.reading.documents.found import FoundCell, FoundTable
from xlcheck.reading.documents.grid import Document, Grid, GridCell
from xlcheck.reading.documents.looks import INSET, NUMBERED, PICTURED, Piece, Sight, as_paragraph, covering, sight


def parse_docx(data: bytes, limits: Limits = LIMITS) -> Document:
    """The grids and the text of a .docx.

    Args:
        data: the file's bytes.
        limits: what it may hold.

    Raises:
        Refused: no parser may see it, or it turns out to be unreadable.
    """
    return parse_word(check_word(data, limits))


def parse_word(package: WordPackage) -> Document:
    """The same of a document that the guard let through."""
    try:
        reader = _Reader(WordTree(package.text), package.styles)
    except etree.XMLSyntaxError as error:
        raise damaged("正文的内容不完整") from error
    reader.walk(reader.tree.body, told=True)
    return Document("docx", tuple(grid for grid in reader.grids if grid is not None), tuple(reader.paragraphs))


def word_tables(tree: WordTree) -> list[FoundTable]:
    """All tables in the order of their numbers, those inside of others included."""
    found: list[FoundTable] = []

    def walk(holder: etree._Element) -> None:
        for block in tree.blocks(holder):
            if tree.is_table(block):
                found.append(tree.table(block))
                for cell in found[-1].cells:
                    walk(cell.element)

    walk(tree.body)
    return found


class _Reader:
    """Walks through a document."""

    def __init__(self, tree: WordTree, styles: bytes | None) -> None:
        self.tree = tree
        self.grids: list[Grid | None] = []
        self.paragraphs: list[str] = []
        self._text = WordText(tree, styles)

    def walk(self, holder: etree._Element, *, told: bool) -> Sight:
        """Read what the body or a cell holds; answers what is seen of it, tables aside.

        `told` says whether its paragraphs belong to the text of the document.
        """
        pieces: list[Piece] = []
        drawn = inset = numbered = False
        for block in self.tree.blocks(holder):
            if self.tree.is_table(block):
                self._grid(block)
                inset = True
                continue
            self._text.drawn = False
            line = self._text.paragraph(block)
            drawn |= self._text.drawn
            numbered |= self._text.is_numbered(block)
            pieces += line
            pieces.append(Piece("\n"))
            if told:
                self._tell(block, line)
        seen = sight(pieces) if holder is not self.tree.body else Sight("")
        if not seen.text and not seen.doubt and (inset or drawn):
            return Sight("", INSET if inset else PICTURED)
        return Sight(seen.text, NUMBERED) if numbered and _is_number(seen.text) and not seen.doubt else seen

    def _tell(self, block: etree._Element, line: Sequence[Piece]) -> None:
        """Put a paragraph of the document's text down, and before it what stands in the boxes that hang on it: a red head."""
        boxed = [inner for box in self._text.boxes(block) if self._text.drawn for inner in self.tree.blocks(box)]
        lines = [self._text.paragraph(inner) for inner in boxed if not self.tree.is_table(inner)]
        self.paragraphs += filter(None, (as_paragraph(one) for one in (*lines, line)))

    def _grid(self, element: etree._Element) -> None:
        number = len(self.grids)
        self.grids.append(None)
        table = self.tree.table(element)
        cells = tuple(self._cell(cell, alone=len(table.cells) == 1) for cell in table.cells)
        self.grids[number] = Grid(number + 1, cells)

    def _cell(self, cell: FoundCell, *, alone: bool) -> GridCell:
        # Pages are laid out with tables, too: what stands around an inner table is no table's.
        told = alone or any(self.tree.is_table(block) for block in self.tree.blocks(cell.element))
        around = self._text.ground
        properties = cell.element.find(f"{self.tree.w}tcPr")
        self._text.ground = (None if properties is None else ground_of(self.tree, properties)) or around
        seen = self.walk(cell.element, told=told)
        self._text.ground = around
        hidden = next((text for one in cell.under if (text := self._below(one))), "")
        return GridCell(
            cell.row, cell.column, cell.rows, cell.columns, seen.text, covering(hidden) if hidden else seen.doubt
        )

    def _below(self, element: etree._Element) -> str:
        """The text that lies under a merged cell."""
        lines = [self._text.paragraph(block) for block in self.tree.blocks(element) if not self.tree.is_table(block)]
        return sight([piece for line in lines for piece in line]).text


def _is_number(text: str) -> bool:
    """Whether nothing is written, or what is begins with a digit."""
    return not text or text[:1].isdecimal()
