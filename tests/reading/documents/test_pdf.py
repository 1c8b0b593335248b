"""Reading PDFs: what programs print, and what a page shows and a naive reader misses."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.making import printouts
from tests.making.filling import form
from tests.making.pdfs import filled, grid, line, pdf, said
from tests.making.written_reports import SIGNED, TITLE, numbers, tables
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.grid import Document, Grid
from xlcheck.reading.documents.pdf import parse_pdf
from xlcheck.reading.documents.pdf_shapes import usual
from xlcheck.reading.documents.whole_labels import whole_labels

IS_LABEL = whole_labels([form()])


def read(data: bytes) -> Document:
    return parse_pdf(data, IS_LABEL)


def bare(text: str) -> str:
    """A text without punctuation and white space: words wrap anywhere."""
    return re.sub(r"[\W_]", "", text)


def fields_of(document: Document, wanted: dict[str, str]) -> dict[str, str]:
    """What each field holds: the cells of its row beside its label, or below the last heads; doubts in their place."""
    by_text = {one.text: one for grid in tables(wanted) for one in grid if one.key}
    assert len(by_text) == len(wanted)
    found = {}
    for table, grid_ in zip(tables(wanted), document.grids, strict=True):
        got = {(cell.row, cell.column): cell for cell in grid_.cells}
        for one in table:
            cell = got.get((one.row, one.column))
            if cell is not None and one.key:
                found[one.key] = cell.doubt or bare(cell.text)
            if cell is not None and not one.key:
                assert bare(cell.text) == bare(one.text), one
    return found


# --- as programs print it --------------------------------------------------------------------------------------------

GAPS = (0, 150, 305)
LINES = (0, 16, 23)


@pytest.mark.office
def test_pages_printed_by_chromium() -> None:
    for data in printouts.by_chromium({str(gap): printouts.printed_page(gap=gap) for gap in GAPS}).values():
        document = read(data)
        assert fields_of(document, numbers()) == numbers()
        assert document.paragraphs[:2] == (TITLE, "一、总体情况")
        assert document.paragraphs[-2:] == SIGNED


@pytest.mark.office
def test_documents_printed_by_libreoffice() -> None:
    for data in printouts.by_office({str(lines): printouts.typed(lines=lines) for lines in LINES}).values():
        document = read(data)
        assert fields_of(document, numbers()) == numbers()
        assert document.paragraphs[0] == TITLE
        assert document.paragraphs[-2:] == SIGNED


# --- one table, drawn by hand ----------------------------------------------------------------------------------------

XS, YS = (72, 200, 300, 400), (700, 676, 652)
TEXTS = (("规章", "7", "12"), ("行政规范性文件", "182", "0"))


def texts(found: Grid) -> list[list[str]]:
    """The texts of a grid, row by row; doubts in their place."""
    rows: dict[int, list[str]] = {}
    for cell in found.cells:
        rows.setdefault(cell.row, []).append(cell.doubt or cell.text)
    return list(rows.values())


def only(content: str, page: str = "/MediaBox [0 0 595 842]") -> list[list[str]]:
    """The texts of the one table of a page."""
    (found,) = read(pdf(content, page=page)).grids
    return texts(found)


AS_DRAWN = [list(row) for row in TEXTS]


def test_a_table() -> None:
    (found,) = read(pdf(filled(XS, YS, TEXTS))).grids
    assert texts(found) == AS_DRAWN
    cell = found.cells[1]
    assert (cell.page, cell.box) == (1, (200, 142, 300, 166))


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_a_page_may_be_turned(quarter: int) -> None:
    turns = {90: "0 1 -1 0 842 0", 180: "-1 0 0 -1 595 842", 270: "0 -1 1 0 0 595"}
    box = "0 0 595 842" if quarter == 180 else "0 0 842 595"
    content = f"q {turns[quarter]} cm {filled(XS, YS, TEXTS)} Q"
    assert only(content, page=f"/MediaBox [{box}] /Rotate {quarter}") == AS_DRAWN
    assert only(content, page=f"/MediaBox [{box}]") == AS_DRAWN  # shown lying on its side


def test_a_page_may_begin_anywhere() -> None:
    content = f"q 1 0 0 1 100 -200 cm {filled(XS, YS, TEXTS)} Q"
    assert only(content, page="/MediaBox [100 -200 695 642] /CropBox [110 -190 600 600]") == AS_DRAWN


def _rectangles(width: float) -> str:
    across = "".join(f"72 {y - width / 2} 328 {width} re f\n" for y in YS)
    return across + "".join(f"{x - width / 2} 652 {width} 48 re f\n" for x in XS)


def _dashes() -> str:
    across = "".join(line(x, y, x + 2, y) for y in YS for x in range(72, 400, 4))
    return across + "".join(line(x, y, x, y + 2) for x in XS for y in range(652, 700, 4))


def _insides() -> str:
    return "".join(
        f"{x0 + 1} {y1 + 1} {x1 - x0 - 2} {y0 - y1 - 2} re " for x0, x1 in pairwise(XS) for y0, y1 in pairwise(YS)
    )


LINED = {
    "thin rectangles": _rectangles(0.5),
    "thick rectangles": _rectangles(2),
    "a dash pattern": f"[2 2] 0 d {grid(XS, YS)} [] 0 d",
    "dashes one by one": _dashes(),
    "double lines": grid(XS, YS) + grid([x + 1.5 for x in XS], [y - 1.5 for y in YS]),
    "cells as frames": "".join(
        f"{x0} {y1} {x1 - x0} {y0 - y1} re S\n" for x0, x1 in pairwise(XS) for y0, y1 in pairwise(YS)
    ),
    "white cells on black": f"71 651 330 50 re f 1 g {_insides()} f 0 g {grid(XS, YS)}",
    "open sides": "".join(line(72, y, 400, y) for y in YS) + "".join(line(x, 652, x, 700) for x in XS[1:3]),
}


@pytest.mark.parametrize("how", LINED)
def test_lines_are_drawn_in_many_ways(how: str) -> None:
    written = filled(XS, YS, TEXTS).removeprefix(grid(XS, YS))
    assert only(LINED[how] + written) == AS_DRAWN


UNSEEN = {
    "without a mark": said(204, 657, "9", before="3 Tr") + "0 Tr ",
    "white": f"1 g {said(204, 657, '9')} 0 g ",
    "clipped": f"q 0 0 100 100 re W n {said(204, 657, '9')} Q ",
    "under a white box": said(204, 657, "9") + "1 g 202 654 90 20 re f 0 g ",
}


@pytest.mark.parametrize("how", UNSEEN)
def test_what_nobody_sees_is_not_read(how: str) -> None:
    # The number below is hidden, and another one is seen in its place, or none.
    one = filled(XS, YS, (TEXTS[0], ("行政规范性文件", "", "0")))
    assert only(one + UNSEEN[how]) == [AS_DRAWN[0], ["行政规范性文件", "", "0"]]
    assert only(one + UNSEEN[how] + said(250, 657, "182")) == AS_DRAWN


def test_text_beyond_the_page_is_not_read() -> None:
    (found,) = read(pdf(filled(XS, YS, TEXTS) + said(204, -20, "9") + said(700, 657, "9"))).grids
    assert texts(found) == AS_DRAWN


def test_white_text_on_a_dark_cell_is_read() -> None:
    shaded = "0 0 0.5 rg 200 652 100 24 re f 0 g "
    written = filled(XS, YS, (TEXTS[0], ("行政规范性文件", "", "0")))
    assert only(f"{shaded} {written} 1 g {said(204, 657, '182')} 0 g") == AS_DRAWN


DOUBTS = {
    "a number over another": (said(206, 657, "35"), "重叠"),
    "two numbers beside each other": (said(250, 657, "35"), "空隙"),
    "two numbers below each other": (said(204, 666, "35", 6), "几行"),
    "a field of a form": ("", "表单"),
}


@pytest.mark.parametrize("how", DOUBTS)
def test_what_may_be_read_in_two_ways_is_doubted(how: str) -> None:
    more, word = DOUBTS[how]
    widget = "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /V (9) /Rect [210 655 290 670] >>]"
    page = f"/MediaBox [0 0 595 842] {widget if not more else ''}"
    found = only(filled(XS, YS, TEXTS) + more, page=page)
    assert word in found[1].pop(1)
    assert "请人工核对" not in str(found)


def test_a_character_written_twice_to_look_bold_is_one() -> None:
    assert only(filled(XS, YS, TEXTS) + said(204.3, 657, "182")) == AS_DRAWN


def test_radicals_are_the_characters_that_they_are() -> None:
    # Programs look up a glyph's character and find U+2EA0 and U+2FA6 for it.
    assert "".join(map(usual, "⺠⾦１⼀")) == "民金１一"


# --- what is no report -----------------------------------------------------------------------------------------------


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        read(data)
    return caught.value


def test_a_scan_is_refused_with_what_to_do() -> None:
    hidden = pdf(said(72, 700, "行政许可", before="3 Tr"))
    for data in (pdf("0 0 10 10 re f"), hidden):
        error = refusal(data)
        assert error.code == "F103"
        assert "扫描" in error.message


def test_what_cannot_be_opened_is_damaged() -> None:
    assert refusal(b"%PDF-1.7\n").code == "F101"
    assert "重新导出 PDF" in refusal(b"%PDF-1.7\n").message
