"""The tables of a .docx (ECMA-376 part 1, 17.4): rows, cells and what they span, as Word lays them out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import too_much
from xlcheck.reading.documents.found import FoundCell, FoundTable
from xlcheck.reading.documents.slivers import without_slivers

_OFF = ("0", "false", "off", "none")
"""Values of a switch that is off (ECMA-376 part 1, 22.9.2.7)."""
_MERGED = ("continue", "")


class WordTree:
    """The main part of a .docx as a tree, in whichever of its two namespaces."""

    def __init__(self, text: bytes) -> None:
        """Parse a part that the guard let through."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        self.root = etree.fromstring(text, parser)
        self.w = self.root.tag.rpartition("}")[0] + "}"
        names = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
        self.wrappers = frozenset(self.w + name for name in names)
        self._row, self._cell, self._table = self.w + "tr", self.w + "tc", self.w + "tbl"
        self._blocks = (self.w + "p", self._table)

    @property
    def body(self) -> etree._Element:
        """What holds the text; the root where there is none."""
        found = self.root.find(f"{self.w}body")
        return self.root if found is None else found

    def blocks(self, holder: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs and tables right below the body or a cell, in their order; not what was deleted."""
        return self._inside(holder, self._blocks)

    def is_table(self, block: etree._Element) -> bool:
        """Whether one of :meth:`blocks` is a table."""
        return block.tag == self._table

    def is_placeholder(self, control: etree._Element) -> bool:
        """Whether a content control shows only what says that something is to be typed there."""
        return self.switch(control.find(f"{self.w}sdtPr"), "showingPlcHdr") is True

    def value(self, element: etree._Element, default: str = "") -> str:
        """Its ``val``."""
        return element.get(f"{self.w}val", default)

    def switch(self, properties: etree._Element | None, name: str) -> bool | None:
        """Whether a property is on or off; None where nothing is said of it."""
        found = None if properties is None else properties.find(self.w + name)
        return None if found is None else self.value(found, "1").lower() not in _OFF

    def table(self, element: etree._Element) -> FoundTable:
        """The cells of a table, those of tables within it aside.

        Raises:
            Refused: F104 it is wider than any table.
        """
        cells: list[FoundCell] = []
        above: dict[int, int] = {}
        row = 0
        for tr in self._inside(element, (self._row,)):
            properties = tr.find(f"{self.w}trPr")
            if self.switch(properties, "del") or self.switch(properties, "hidden"):
                continue
            above = self._lay(tr, row, self._number(properties, "gridBefore", 0), cells, above)
            row += 1
        grid = element.find(f"{self.w}tblGrid")
        widths = [] if grid is None else [self._width(column) for column in grid.iterfind(f"{self.w}gridCol")]
        return FoundTable(element, without_slivers(cells, widths) if all(widths) else cells)

    def _lay(
        self, tr: etree._Element, row: int, column: int, cells: list[FoundCell], above: dict[int, int]
    ) -> dict[int, int]:
        """Put the cells of a row among the others; answers which of them may go on below, by their first columns."""
        below: dict[int, int] = {}
        last = -1
        for tc in self._inside(tr, (self._cell,)):
            properties = tc.find(f"{self.w}tcPr")
            if properties is not None and properties.find(f"{self.w}cellDel") is not None:
                continue
            span = self._number(properties, "gridSpan", 1) or 1
            down, across = self._merge(properties, "vMerge"), self._merge(properties, "hMerge")
            upper = above.get(column, -1)
            if across in _MERGED and last >= 0:
                left = cells[last]
                cells[last] = left._replace(columns=left.columns + span, under=(*left.under, tc))
            elif down in _MERGED and upper >= 0 and cells[upper].columns == span:
                over = cells[upper]
                cells[upper] = over._replace(rows=row - over.row + 1, under=(*over.under, tc))
                below[column], last = upper, -1
            else:
                last = len(cells)
                cells.append(FoundCell(row, column, 1, span, tc))
                if down is not None:
                    below[column] = last
            column += span
            if column > LIMITS.document_columns:
                raise too_much("表格的列过多")
        return below

    def _merge(self, properties: etree._Element | None, name: str) -> str | None:
        """``restart``, ``continue`` or nothing, which means the same; None for a cell that is not merged."""
        found = None if properties is None else properties.find(self.w + name)
        return None if found is None else self.value(found)

    def _number(self, properties: etree._Element | None, name: str, default: int) -> int:
        found = None if properties is None else properties.find(self.w + name)
        text = "" if found is None else self.value(found)
        return (
            min(int(text), LIMITS.document_columns) if text.isascii() and text.isdigit() and len(text) < 9 else default
        )

    def _width(self, column: etree._Element) -> int:
        """Of a column, in twentieths of a point; 0 where it is not known."""
        text = column.get(f"{self.w}w", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def _inside(self, holder: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
        """Elements below `holder`, through what merely wraps them."""
        for child in holder:
            if child.tag in wanted:
                yield child
            elif child.tag in self.wrappers and not (wanted is self._blocks and self.is_placeholder(child)):
                yield from self._inside(child, wanted)
