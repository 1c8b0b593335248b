"""Copies of PDFs: the original's bytes, and behind them coloured cells and notes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.making.filling import form
from tests.making.pdfs import filled, pdf
from xlcheck.copies.documents.marks import CellMark, TableCell
from xlcheck.copies.documents.pdf import marked_pdf
from xlcheck.copies.seal import is_mended, is_sealed, is_whole
from xlcheck.model import marks
from xlcheck.reading.documents.grid import Document
from xlcheck.reading.documents.pdf import parse_pdf
from xlcheck.reading.documents.whole_labels import whole_labels

TABLE = filled((72, 200, 300), (700, 676, 652), (("规章", "7"), ("行政许可", "12")))
NOTE = "■ 强制性 B101　“规章”一列不平衡\n　 应为：6"
MARKS: dict[TableCell, CellMark] = {
    (1, (0, 1)): CellMark(marks.DEEP_RED, NOTE),
    (1, (1, 1)): CellMark(marks.PALE_RED, "■ 核实性　请核实"),
    (9, (0, 0)): CellMark(marks.RED, "没有这张表"),
}


def read(data: bytes) -> Document:
    return parse_pdf(data, whole_labels([form()]))


def copy_of(data: bytes, name: str = "年报.pdf") -> bytes:
    return marked_pdf(data, read(data), MARKS, "【xlcheck 审核意见】\n不通过", name)


def notes_of(data: bytes) -> list[Any]:
    page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
    return [one.get_object() for one in page.get("/Annots", ())]


def test_the_bytes_of_the_original_stay() -> None:
    data = pdf(TABLE, TABLE)
    assert copy_of(data).startswith(data)
    assert copy_of(data) == copy_of(data)


def test_cells_are_coloured_where_they_are_and_notes_say_why() -> None:
    found = [one for one in notes_of(copy_of(pdf(TABLE))) if one["/Subtype"] == "/Square"]
    assert [[float(side) for side in one["/Rect"]] for one in found] == [[200, 676, 300, 700], [200, 652, 300, 676]]
    assert [one["/Contents"] for one in found] == [NOTE, "■ 核实性　请核实"]
    signs = [one["/Contents"] for one in notes_of(copy_of(pdf(TABLE))) if one["/Subtype"] == "/Text"]
    assert signs == ["【xlcheck 审核意见】\n不通过", NOTE, "■ 核实性　请核实"]


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_cells_are_coloured_on_turned_pages(quarter: int) -> None:
    turns = {90: "0 1 -1 0 842 0", 180: "-1 0 0 -1 595 842", 270: "0 -1 1 0 0 595"}
    box = "0 0 595 842" if quarter == 180 else "0 0 842 595"
    data = pdf(f"q {turns[quarter]} cm {TABLE} Q", page=f"/MediaBox [{box}] /Rotate {quarter}")
    upright = [one for one in notes_of(copy_of(data)) if one["/Subtype"] == "/Square"]
    wanted = {90: [142, 200, 166, 300], 180: [295, 142, 395, 166], 270: [676, 295, 700, 395]}
    assert [float(side) for side in upright[0]["/Rect"]] == wanted[quarter]


def test_the_marks_of_an_earlier_copy_are_not_doubled_and_those_of_others_stay() -> None:
    link = "/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] >>]"
    data = pdf(TABLE, page=f"/MediaBox [0 0 595 842] {link}")
    once = notes_of(copy_of(data))
    twice = notes_of(copy_of(copy_of(data)))
    assert [one["/Subtype"] for one in once] == ["/Link", "/Text", "/Square", "/Square", "/Text", "/Text"]
    assert [one["/Subtype"] for one in twice] == [one["/Subtype"] for one in once]


def test_a_copy_is_read_as_its_original() -> None:
    data = pdf(TABLE)
    assert read(copy_of(data)) == read(data)


def test_the_copy_of_a_file_that_opens_without_a_password_is_open() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(TABLE)))
    writer.encrypt("", "secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    assert read(copy_of(out.getvalue())) == read(pdf(TABLE))


def test_a_copy_knows_whether_it_was_saved_since(tmp_path: Path) -> None:
    copy = copy_of(pdf(TABLE))
    path = tmp_path / "年报.审核.pdf"
    path.write_bytes(copy)
    assert is_whole(copy, "年报.pdf")
    assert is_sealed(path, "年报.pdf")
    assert not is_sealed(path, "别的.pdf")
    assert not is_mended(path)
    path.write_bytes(copy + b"1 0 obj")
    assert is_mended(path)
