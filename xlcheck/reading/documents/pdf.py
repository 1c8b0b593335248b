"""A report as a PDF with a text layer: two readers that know nothing of each other, and a doubt wherever they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.pdf import check_pdf
from xlcheck.model.errors import PDF_AGAIN, Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Box, Document, Grid, GridCell
from xlcheck.reading.documents.pdf_agreed import agreed
from xlcheck.reading.documents.pdf_drawn import Drawn, PageCounts, look_at_page
from xlcheck.reading.documents.pdf_ends import IsLabel, TablePart, grids_of
from xlcheck.reading.documents.pdf_lattice import lattices
from xlcheck.reading.documents.pdf_plumbed import Plumber
from xlcheck.reading.documents.pdf_prose import TextLine, body, paragraphs, text_lines
from xlcheck.reading.documents.pdf_shapes import Boxed, holds


class _Page(NamedTuple):
    """A page after the first reader."""

    drawn: Drawn
    tables: Sequence[Sequence[Boxed]]
    lines: Sequence[TextLine]
    marks: int
    """Characters and objects on it."""


def parse_pdf(data: bytes, is_label: IsLabel, limits: Limits = LIMITS) -> Document:
    """The tables and the text of a PDF.

    Args:
        data: the file's bytes.
        is_label: whether a text is a whole label of a form; by them it is known where a row begins after a page's end.
        limits: how much may be on its pages.

    Raises:
        Refused: F101 it cannot be opened; F102 it asks for a password; F103 there is no text in it; F104 there is more
            in it than in any report.
    """
    try:
        return _parse(check_pdf(data, limits), is_label, limits)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever else a hostile file provokes is a damaged file, too
        raise damaged("PDF 的内容", PDF_AGAIN) from error


def _parse(data: bytes, is_label: IsLabel, limits: Limits) -> Document:
    pages = _pages(data, limits)
    if not any(page.drawn.glyphs for page in pages):
        raise Refused("F103", _NO_TEXT)
    kept = body([(page.drawn.turned.extent[1], page.lines) for page in pages])
    parts = _parts(data, limits, pages, kept)
    widths = [page.drawn.turned.extent[0] for page in pages]
    grids = tuple(_as_shown(grid, pages) for grid in grids_of(parts, is_label))
    return Document("pdf", grids, paragraphs(list(zip(widths, kept, strict=True))))


def _as_shown(grid: Grid, pages: Sequence[_Page]) -> Grid:
    """A table whose places are those on the page as programs show it."""
    return grid._replace(cells=tuple(_shown(cell, pages[cell.page - 1].drawn) for cell in grid.cells))


def _shown(cell: GridCell, page: Drawn) -> GridCell:
    if cell.box is None or page.turned == page.shown:
        return cell
    return cell._replace(box=page.shown.box_seen(*page.turned.box_back(cell.box)))


_NO_TEXT = "这份 PDF 里只有图片（如扫描件），没有可以读出的文字，请报送由 Word、WPS 直接导出的 PDF，或原来的文档"


def _pages(data: bytes, limits: Limits) -> list[_Page]:
    """All pages as the first reader has them."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise damaged("PDF 的结构", PDF_AGAIN) from None
    try:
        if len(pdf) > limits.pdf_pages:
            raise too_much(f"PDF 超过 {limits.pdf_pages} 页")
        counts = PageCounts(limits)
        return [_page(pdf, number, counts) for number in range(len(pdf))]
    except pypdfium2.PdfiumError:
        raise damaged("PDF 的页面", PDF_AGAIN) from None
    finally:
        pdf.close()


def _page(pdf: Any, number: int, counts: PageCounts) -> _Page:
    page = pdf[number]
    before = counts.marks
    try:
        seen = look_at_page(page, counts)
    finally:
        page.close()
    tables = lattices(seen.rulings)
    tables = [cells for cells in tables if any(holds(_around(cells), glyph) for glyph in seen.glyphs)]
    return _Page(seen, tables, text_lines(seen.glyphs, [_around(cells) for cells in tables]), counts.marks - before)


def _around(cells: Sequence[Boxed]) -> Box:
    return Box(
        min(cell.area.left for cell in cells),
        min(cell.area.top for cell in cells),
        max(cell.area.right for cell in cells),
        max(cell.area.bottom for cell in cells),
    )


def _parts(data: bytes, limits: Limits, pages: Sequence[_Page], kept: Sequence[Sequence[TextLine]]) -> list[TablePart]:
    """The tables of all pages, as both readers have them; only pages with tables are read twice."""
    parts: list[TablePart] = []
    if not any(page.tables for page in pages):
        return parts
    if sum(page.marks for page in pages if page.tables) > limits.pdf_table_marks:
        raise too_much("有表格的页面上文字或线条过多")
    plumber = Plumber(data, limits)
    try:
        for number, (page, lines) in enumerate(zip(pages, kept, strict=True)):
            if not page.tables:
                continue
            plumbed = plumber.page(number, page.drawn.turned)
            for cells in page.tables:
                box = _around(cells)
                above = any(line.box.bottom < box.top + 2 for line in lines)
                below = any(line.box.top > box.bottom - 2 for line in lines)
                parts.append(TablePart(number + 1, agreed(cells, page.drawn, plumbed), not above, not below))
    finally:
        plumber.close()
    return parts
