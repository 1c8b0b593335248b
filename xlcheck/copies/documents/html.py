"""A web page with marks: it only shows, its marked cells are coloured, and a list of findings leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from xlcheck.copies.documents.html_clean import clean_styles, clean_tree
from xlcheck.copies.documents.marks import CellMark, ListedFinding, TableCell
from xlcheck.copies.seal import sealed_page
from xlcheck.guard.webpage import check_page, damaged_page
from xlcheck.model import marks
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.reading.documents.html import page_tables, page_tree

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do for the page (CSP level 3): nothing but show it."""
_TITLE = "审核结果"
_BOX = (
    "all: initial; display: block !important; visibility: visible !important; margin: 12px; padding: 12px 16px; border: 2px solid #C00000; "
    "background: #FFFFFF; color: #000000; font: 15px/1.6 sans-serif; white-space: normal; text-align: left"
)
_MARK = "background: #{colour} !important; outline: 2px solid #C00000 !important; outline-offset: -2px; color: #000000 !important"


def marked_html(
    data: bytes, found: Mapping[TableCell, CellMark], listed: Sequence[ListedFinding], head: str, name: str = ""
) -> bytes:
    """A copy of a web page with marks, as a page in UTF-8; the same input gives the same bytes.

    Args:
        data: the file's bytes: a page, or an archive of one.
        found: what its cells are to bear.
        listed: what stands in the list above the page.
        head: what stands above the list, a line a text.
        name: the file's name, to which the seal of the copy ties it.

    Raises:
        Refused: it is damaged.
    """
    page = check_page(data)
    root = page_tree(page.markup)
    cells = {
        (number, (cell.row, cell.column)): cell.element
        for number, table in enumerate(page_tables(page, root), 1)
        for cell in table.cells
    }
    body = root.find("body")
    if root.tag != "html" or body is None:
        raise damaged_page("网页里没有内容")
    clean_tree(root)
    anchors = _mark(cells, found)
    body.insert(0, _box(listed, head, anchors))
    _text_before(body)
    root.insert(0, _head(clean_styles(page.styles)))
    html = etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
    return sealed_page(html, name)


def _mark(cells: Mapping[TableCell, etree._Element], found: Mapping[TableCell, CellMark]) -> dict[TableCell, str]:
    """Mark the cells; answers the names by which links lead to them."""
    anchors: dict[TableCell, str] = {}
    for at, mark in found.items():
        element = cells.get(at)
        if element is None:
            continue
        anchors[at] = f"xlcheck-{len(anchors) + 1}"
        before = element.get("style")
        ours = _MARK.format(colour=mark.colour[2:])
        if element.get("hidden") is not None:
            del element.attrib["hidden"]
        element.set("style", f"{before}; {ours}" if before else ours)
        element.set("title", entered(f"{marks.COMMENT_HEAD}\n{mark.note}", LONGEST_CELL, lines=True))
        element.set("id", anchors[at])
    return anchors


def _box(listed: Sequence[ListedFinding], head: str, anchors: Mapping[TableCell, str]) -> etree._Element:
    """The list above the page."""
    box = etree.Element("div", {"id": "xlcheck", "style": _BOX})
    _line(box, "p", marks.COMMENT_HEAD, "margin: 0 0 6px; font-weight: bold")
    for line in head.split("\n"):
        _line(box, "p", line, "margin: 0 0 4px")
    items = etree.SubElement(box, "ol", {"style": "margin: 0; padding-left: 2em"})
    for one in listed:
        item = etree.SubElement(items, "li", {"style": "margin: 2px 0"})
        target = next((anchors[at] for at in one.cells if at in anchors), None)
        holder = item
        if target is not None:
            holder = etree.SubElement(item, "a", {"href": f"#{target}", "style": "color: #0B57D0"})
        lines = entered(one.text, LONGEST_CELL, lines=True).split("\n")
        holder.text = lines[0]
        for line in lines[1:]:
            etree.SubElement(item, "br").tail = line
    return box


def _line(box: etree._Element, tag: str, text: str, style: str) -> None:
    etree.SubElement(box, tag, {"style": style}).text = entered(text, LONGEST_CELL)


def _text_before(body: etree._Element) -> None:
    """What stands at the beginning of the body goes behind our list."""
    if body.text:
        body[0].tail = body.text + (body[0].tail or "")
        body.text = None


def _head(styles: str) -> etree._Element:
    head = etree.Element("head")
    etree.SubElement(head, "meta", {"charset": "utf-8"})
    etree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    etree.SubElement(head, "meta", {"name": "referrer", "content": "no-referrer"})
    etree.SubElement(head, "title").text = _TITLE
    if styles:
        etree.SubElement(head, "style").text = styles
    return head
