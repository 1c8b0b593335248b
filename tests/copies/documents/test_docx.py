"""Copies of a .docx: original and copy differ in our marks only."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import docx
import pytest

from tests.making.copies import parts_of
from tests.making.written_reports import (
    TITLE,
    W,
    cell,
    packed,
    paragraph,
    row,
    run,
    table,
    word,
    word_report,
)
from xlcheck.copies.documents.docx import marked_docx
from xlcheck.copies.documents.marks import CellMark, TableCell
from xlcheck.copies.seal import is_whole
from xlcheck.model import marks
from xlcheck.reading.documents.docx import parse_docx

NOTE = "■ 强制性 B101　自然人一列不平衡 <&>\n　 应为：6"
HEAD = "审核结果：不通过"
_W = f"{{{W}}}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def everywhere(data: bytes, colour: str = marks.DEEP_RED) -> dict[TableCell, CellMark]:
    """A mark on every cell of every table."""
    return {
        (grid.number, (one.row, one.column)): CellMark(colour, NOTE)
        for grid in parse_docx(data).grids
        for one in grid.cells
    }


# --- originals -------------------------------------------------------------------------------------------------------

CHANGED = f'<w:del w:id="11" w:author="a">{run("5").replace("w:t", "w:delText")}</w:del><w:ins w:id="12" w:author="a">{run("6")}</w:ins>'
MERGED = '<w:vMerge w:val="restart"/>'
RICH = word(
    f'<w:p w:rsidR="00A"/>{paragraph(run("标题"))}'
    + table(
        row(
            cell(paragraph(CHANGED)),
            f"<w:tc>{paragraph(run('1'))}{paragraph(run('2'))}</w:tc>",
            cell("<w:p/>", '<w:tcW w:w="700" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="C6D9F1"/><w:vAlign w:val="center"/>'),
            "<w:tc><w:tcPr/><w:p w:rsidR=\"00B\"/></w:tc>",
        ),
        row(
            f"<w:tc><w:tcPr><w:noWrap/></w:tcPr>{table(row(cell(paragraph(run('3')))))}<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr></w:p></w:tc>",
f"<w:sdt><w:sdtContent>{cell(paragraph(run('4')), MERGED)}</w:sdtContent></w:sdt>",
            cell("<!-- kept --><w:p><w:pPr/><w:r><w:t>7</w:t></w:r></w:p>"),
            cell("<w:sdt><w:sdtContent><w:p><w:r><w:t>8</w:t></w:r></w:p></w:sdtContent></w:sdt>"),
        ),
    )
)  # fmt: skip


def by_python_docx() -> bytes:
    """A document with a comment, a picture's worth of parts, and a table."""
    made = docx.Document()
    first = made.add_paragraph("标题")
    made.add_comment(first.runs, text="请核对", author="王", initials="王")
    grid = made.add_table(3, 3)
    grid.cell(1, 1).text = "12"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def strict() -> bytes:
    """The report in the namespaces of the strict standard."""
    return packed({
        name: content.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        for name, content in parts_of(word_report()).items()
    })  # fmt: skip


ORIGINALS = {"rich": RICH, "report": word_report(), "python-docx": by_python_docx(), "strict": strict()}


# --- the law ---------------------------------------------------------------------------------------------------------


def _local(one: Element) -> str:
    return one.tag.rpartition("}")[2] if isinstance(one.tag, str) else ""


def _value(one: Element, name: str) -> str:
    return next((value for key, value in one.attrib.items() if key.rpartition("}")[2] == name), "")


def unmarked(text: bytes, ours: set[str], *, shades: bool) -> str:
    """A part without what refers to our comments, and without the shading of cells."""
    root = ElementTree.fromstring(text, ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True)))
    for parent in list(root.iter()):
        for child in list(parent):
            inner = [_local(one) for one in child.iter()]
            is_reference = (
                _local(child) == "r" and inner == ["r", "commentReference"] and _value(child[0], "id") in ours
            )
            is_range = _local(child).startswith("commentRange") and _value(child, "id") in ours
            is_ours = _local(child) == "comment" and _value(child, "id") in ours
            is_shade = shades and _local(parent) == "tcPr" and _local(child) == "shd"
            if is_reference or is_range or is_ours or is_shade:
                assert not child.tail
                parent.remove(child)
    for parent in list(root.iter()):
        for child in [one for one in parent if _local(one) == "tcPr" and not len(one)]:
            parent.remove(child)  # properties that say nothing
    return ElementTree.canonicalize(ElementTree.tostring(root, encoding="unicode"), with_comments=True)


def ours_in(parts: Mapping[str, bytes]) -> set[str]:
    """The numbers of our comments."""
    root = ElementTree.fromstring(parts["word/comments.xml"])
    return {_value(one, "id") for one in root if _value(one, "author") == marks.COMMENT_AUTHOR}


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_copy_differs_in_our_marks_only(name: str) -> None:
    before = ORIGINALS[name]
    old, new = parts_of(before), parts_of(marked_docx(before, everywhere(before), HEAD, "a.docx"))
    assert set(new) - set(old) <= {"word/comments.xml", "word/_rels/document.xml.rels", "docProps/xlcheck.xml"}
    changed = {part for part in old if old[part] != new[part]}
    may = {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert changed <= may
    ours = ours_in(new)
    assert len(ours) == len(everywhere(before)) + 1
    text = "word/document.xml"
    assert unmarked(new[text], ours, shades=True) == unmarked(old[text], set(), shades=True)
    if "word/comments.xml" in old:
        assert unmarked(new["word/comments.xml"], ours, shades=False) == unmarked(
            old["word/comments.xml"], set(), shades=False
        )
    for part in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        if part in old:
            kept = {tuple(sorted(one.attrib.items())) for one in ElementTree.fromstring(old[part])}
            assert kept <= {tuple(sorted(one.attrib.items())) for one in ElementTree.fromstring(new[part])}


@pytest.mark.parametrize("name", ORIGINALS)
def test_every_mark_is_where_it_belongs(name: str) -> None:
    before = ORIGINALS[name]
    copy = marked_docx(before, everywhere(before), HEAD)
    assert parse_docx(copy) == parse_docx(before)
    root = ElementTree.fromstring(parts_of(copy)["word/document.xml"])
    ids = [_value(one, "id") for one in root.iter() if _local(one) == "commentReference"]
    assert len(set(ids)) == len(ids)
    starts, ends = (
        [_value(one, "id") for one in root.iter() if _local(one) == kind]
        for kind in ("commentRangeStart", "commentRangeEnd")
    )
    assert set(starts) == set(ends) == set(ids)
    shaded = [one for one in root.iter() if _local(one) == "shd" and _value(one, "fill") == marks.DEEP_RED[2:]]
    assert len(shaded) == len(everywhere(before))


def test_an_office_program_library_reads_the_comments() -> None:
    copy = docx.Document(io.BytesIO(marked_docx(RICH, {(1, (0, 1)): CellMark(marks.RED, NOTE)}, HEAD)))
    said = [(one.author, one.initials, one.text) for one in copy.comments]
    assert said == [
        ("xlcheck", "审", f"{marks.COMMENT_HEAD}\n{HEAD}"),
        ("xlcheck", "审", f"{marks.COMMENT_HEAD}\n{NOTE}"),
    ]


def test_the_order_of_a_cells_properties_is_that_of_the_standard() -> None:
    text = parts_of(marked_docx(RICH, everywhere(RICH), HEAD))["word/document.xml"].decode()
    assert re.search(r'<w:tcW [^>]*/><w:shd w:val="clear" w:color="C6D9F1" w:fill="FF8F8F"/><w:vAlign', text)
    assert re.search(r"<w:tcPr><w:shd [^>]*/><w:noWrap/></w:tcPr>", text)


def test_a_place_that_is_not_there_is_passed_over() -> None:
    nowhere = {
        (9, (0, 0)): CellMark(marks.RED, "x"),
        (1, (9, 9)): CellMark(marks.RED, "x"),
        (0, (0, 0)): CellMark(marks.RED, "x"),
    }
    copy = parts_of(marked_docx(RICH, nowhere, HEAD))
    assert b"FFC7CE" not in copy["word/document.xml"]


def test_the_same_input_gives_the_same_bytes_and_a_seal() -> None:
    copy = marked_docx(RICH, everywhere(RICH), HEAD, "a.docx")
    assert copy == marked_docx(RICH, everywhere(RICH), HEAD, "a.docx")
    assert is_whole(copy, "a.docx")
    assert not is_whole(copy, "b.docx")


# --- again -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ORIGINALS)
def test_marks_of_an_earlier_copy_are_taken_away(name: str) -> None:
    before = ORIGINALS[name]
    again = parts_of(marked_docx(marked_docx(before, everywhere(before), HEAD), {}, HEAD))
    (ours,) = {frozenset(ours_in(again))}
    assert len(ours) == 1
    old = unmarked(parts_of(before)["word/document.xml"], set(), shades=False)
    assert unmarked(again["word/document.xml"], set(ours), shades=False) == old


def test_somebody_elses_comments_and_colours_stay() -> None:
    red = cell(paragraph(run("1")), '<w:shd w:val="clear" w:color="auto" w:fill="FF8F8F"/>')
    copy = parts_of(marked_docx(word(table(row(red))), {}, HEAD))
    assert b'w:fill="FF8F8F"' in copy["word/document.xml"]
    twice = parts_of(marked_docx(marked_docx(by_python_docx(), {}, HEAD), {}, HEAD))
    assert "请核对" in twice["word/comments.xml"].decode()


def test_a_comment_that_somebody_answered_goes_with_its_run_only() -> None:
    copy = parts_of(marked_docx(RICH, {(1, (0, 1)): CellMark(marks.RED, NOTE)}, HEAD))
    text = copy["word/document.xml"]
    saved = text.replace(b"<w:r><w:commentReference", b'<w:r><w:rPr><w:rStyle w:val="C"/></w:rPr><w:commentReference')
    again = parts_of(marked_docx(packed({**copy, "word/document.xml": saved}), {}, HEAD))
    assert b'w:val="C"' not in again["word/document.xml"]
    typed = text.replace(b"</w:r></w:p>", b"<w:t>typed</w:t></w:r></w:p>")
    again = parts_of(marked_docx(packed({**copy, "word/document.xml": typed}), {}, HEAD))
    assert b"typed" in again["word/document.xml"]


# --- what does not go round ------------------------------------------------------------------------------------------


def test_macros_and_signatures_do_not_go_round() -> None:
    parts = parts_of(word_report())
    types = parts["[Content_Types].xml"].replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main", b"vnd.ms-word.document.macroEnabled.main"
    )
    rels = (
        f'<Relationships xmlns="{_PACKAGE[1:-1]}"><Relationship Id="rId1" '
        'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'
    )
    given = packed(
        {**parts, "[Content_Types].xml": types, "word/_rels/document.xml.rels": rels, "word/vbaProject.bin": "x", "_xmlsignatures/a.xml": "<a/>"}
    )  # fmt: skip
    copy = parts_of(marked_docx(given, {}, HEAD))
    assert "word/vbaProject.bin" not in copy
    assert "_xmlsignatures/a.xml" not in copy
    assert b"macroEnabled" not in copy["[Content_Types].xml"]
    assert "宏（VBA 代码）" in copy["word/comments.xml"].decode()


def test_a_document_of_tables_only_is_marked_in_its_first_cell() -> None:
    copy = parts_of(marked_docx(word(table(row(cell(paragraph(run("1")))))), {}, HEAD))
    assert copy["word/document.xml"].count(b"commentReference") == 1
    assert b"commentReference" not in parts_of(marked_docx(word(""), {}, HEAD))["word/document.xml"]
    blank = word(table(row(cell("<w:p/>"))))
    copy = parts_of(marked_docx(blank, everywhere(blank), HEAD))
    assert copy["word/document.xml"].count(b"<w:commentReference") == 2


def test_the_head_stands_on_the_first_paragraph() -> None:
    text = parts_of(marked_docx(word_report(), {}, HEAD))["word/document.xml"].decode()
    first = text.index("commentRangeStart")
    assert first < text.index(TITLE) < text.index("commentRangeEnd")
