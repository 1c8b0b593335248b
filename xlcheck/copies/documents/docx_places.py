"""Where the cells and elements of a .docx lie in its bytes: what the reader found in the tree, found again beside it."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from xlcheck.copies.documents.marks import TableCell
from xlcheck.copies.splice import Element
from xlcheck.reading.documents.docx import word_tables
from xlcheck.reading.documents.docx_tables import WordTree


def cell_nodes(tree: WordTree) -> dict[TableCell, etree._Element]:
    """The elements of all cells, by where they stand."""
    return {
        (number, (cell.row, cell.column)): cell.element
        for number, table in enumerate(word_tables(tree), 1)
        for cell in table.cells
    }


def by_node(root: etree._Element, name: str, found: Sequence[Element]) -> dict[etree._Element, Element]:
    """The elements of a name by their nodes in the tree: both come in the order in which they begin."""
    nodes = list(root.iter(f"{{*}}{name}"))
    return dict(zip(nodes, (one for one in found if one.name == name), strict=True))
