"""Reports as saved web pages (.html, .htm, .mht): the tables as grids, and the text beside them (lxml)."""

from __future__ import annotations

from lxml import etree

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.webpage import WebPage, check_page, damaged_page
from xlcheck.model.errors import too_much
from xlcheck.reading.documents.found import FoundCell, FoundTable
from xlcheck.reading.documents.grid import Document, Grid, GridCell
from xlcheck.reading.documents.html_page import Holder, PageReader, PageTable

DEEPEST = 256
"""Elements within each other that the parser takes."""


def parse_html(data: bytes, limits: Limits = LIMITS) -> Document:
    """The grids and the text of a saved web page, or of one in an archive (.mht).

    Args:
        data: the file's bytes.
        limits: what it may hold.

    Raises:
        Refused: no parser may see it, or it turns out to be unreadable.
    """
    page = check_page(data, limits)
    reader = PageReader(page.styles)
    body = reader.read(page_tree(page.markup))
    grids = tuple(Grid(number, _cells(table)) for number, table in enumerate(reader.tables, 1))
    return Document("html", grids, tuple(body.told()))


def page_tables(page: WebPage, root: etree._Element) -> list[FoundTable]:
    """All tables in the order of their numbers; `root` is a tree of the page."""
    reader = PageReader(page.styles)
    reader.read(root)
    return [
        FoundTable(table.element, [FoundCell(*slot, cell.element) for cell, slot in table.cells])
        for table in reader.tables
    ]


def page_tree(markup: bytes) -> etree._Element:
    """The tree of a page, as a parser of HTML makes one of anything.

    Raises:
        Refused: F101 there is nothing in it, F104 the parser stops before its end.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError as error:
        raise damaged_page("网页里没有内容") from error
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise too_much(f"网页的标记嵌套超过 {DEEPEST} 层，或者文字过长")
    if root is None:
        raise damaged_page("网页里没有内容")
    return root


def _cells(table: PageTable) -> tuple[GridCell, ...]:
    return tuple(_cell(cell, FoundCell(*slot, cell.element)) for cell, slot in table.cells)


def _cell(holder: Holder, at: FoundCell) -> GridCell:
    seen = holder.sight()
    return GridCell(at.row, at.column, at.rows, at.columns, seen.text, seen.doubt)
