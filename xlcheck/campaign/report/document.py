"""The notice as a document (python-docx): the layout of official letters, A4, 仿宋, a chart, a table, ready to be signed.

Margins, sizes and lines are those of GB/T 9704-2012, clauses 5 and 7: 28 characters of 三号 a line, 22 lines a page.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph

from xlcheck.campaign.report.chart import ChartColumn, chart_part, chart_table
from xlcheck.campaign.report.wording import TABLE_HEADS, NoticeText

_BODY, _HEAD, _SUBHEAD, _TITLE = "仿宋", "黑体", "楷体", "宋体"
_SIZE, _TITLE_SIZE, _TABLE_SIZE = 16.0, 22.0, 10.5
"""三号, 二号 and 五号, in points."""
_LINE = 28.95
"""Points from line to line: 22 of them are the 225 mm of a page."""
_WIDTHS = (10, 33, 17, 32, 12, 13, 13, 26)
"""Of the table's columns, in millimetres: the 156 of a page."""
_CHART = 150, 45
"""Millimetres across and down, of few units."""
_CHART_OF_MANY = 150, 62
_MANY = 20
"""Units, of which a table with the chart above it takes more than a page."""
_WITH_SIGNATURE = 2
"""Paragraphs of the text that stay on the page of those who sign."""
_FIXED = datetime.datetime(2021, 9, 1)
"""The same inputs give the same bytes."""
_MIDDLE = {0, 2, 3, 4, 5, 6}
"""Columns of the table that are centred."""


def notice_document(text: NoticeText, columns: Sequence[ChartColumn], lines: Iterable[Sequence[str]]) -> bytes:
    """The notice, as the bytes of a .docx file.

    Args:
        text: its words.
        columns: of its chart.
        lines: of its table, below :data:`TABLE_HEADS`.
    """
    document = docx.Document()
    _set_up(document, text)
    _put(document, text.title, _TITLE, _TITLE_SIZE, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, after=_LINE)
    _put(document, text.to)
    _put(document, text.opening, indent=2)
    for section in text.sections:
        _put(document, section.head, _HEAD, indent=2, keep=True)
        for head, says in section.paragraphs:
            paragraph = _put(document, head, _SUBHEAD, indent=2)
            _run(paragraph, says, _BODY, _SIZE)
    # Who signs does not stand on a page alone (7.3.5.6).
    for paragraph in document.paragraphs[-_WITH_SIGNATURE:]:
        paragraph.paragraph_format.keep_with_next = True
    _put(document, "附件：各单位报送情况表", indent=2, before=_LINE, keep=True)
    _sign(document, text)
    _put(document, "附件", _HEAD).paragraph_format.page_break_before = True
    _put(document, "各单位报送情况表", _TITLE, _TITLE_SIZE, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, after=8)
    # A chart does not break over pages: within the text it would leave half of one empty.
    _put_chart(document, columns)
    _put_table(document, lines)
    return _packed(document)


# --- the page --------------------------------------------------------------------------------------------------------


def _set_up(document: Document, text: NoticeText) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.footer_distance = Mm(25)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _BODY, Pt(_SIZE)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), _BODY)
    for default in document.styles.element.iter(qn("w:lang")):
        default.set(qn("w:val"), "zh-CN")
        default.set(qn("w:eastAsia"), "zh-CN")
    properties = document.core_properties
    properties.title, properties.author, properties.comments = text.title, text.signed, ""
    properties.created = properties.modified = _FIXED
    properties.last_modified_by, properties.language = text.signed, "zh-CN"
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in _page_number():
        foot._p.append(run)
    for number in [key for key, part in document.part.package.rels.items() if part.reltype.endswith("/thumbnail")]:
        document.part.package.rels.pop(number)  # of an empty page


def _page_number() -> list[Any]:
    """The page's number, between dashes, as runs."""
    look = f'<w:rPr><w:rFonts w:ascii="{_TITLE}" w:hAnsi="{_TITLE}" w:eastAsia="{_TITLE}"/><w:sz w:val="28"/></w:rPr>'
    parts = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    return [parse_xml(f"<w:r {nsdecls('w')}>{look}{part}</w:r>") for part in parts]


def _put(
    document: Document,
    text: str,
    font: str = _BODY,
    size: float = _SIZE,
    *,
    bold: bool = False,
    indent: int = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> Paragraph:
    """A paragraph; `indent` is of its first line, in characters."""
    paragraph = document.add_paragraph()
    look = paragraph.paragraph_format
    look.space_before, look.space_after = Pt(before), Pt(after)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(_LINE, size * 1.5))
    look.keep_with_next = keep
    if indent:
        look.first_line_indent = Pt(indent * size)
    if align is not None:
        look.alignment = align
    _run(paragraph, text, font, size, bold)
    return paragraph


def _run(paragraph: Paragraph, text: str, font: str, size: float, bold: bool = False) -> None:
    if not text:
        return
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), font)


def _sign(document: Document, text: NoticeText) -> None:
    """The office, centred over the date, which ends four characters from the margin (7.3.5.2)."""
    wider = (_width(text.signed) - _width(text.date)) / 2
    lines = [(text.signed, max(4 - wider, 0.0)), (text.date, 4.0)]
    for number, (line, right) in enumerate(lines):
        is_last = number == len(lines) - 1
        look = _put(
            document,
            line,
            align=WD_ALIGN_PARAGRAPH.RIGHT,
            before=0 if number else 2 * _LINE,
            keep=not is_last or bool(text.contact),
        ).paragraph_format
        look.right_indent = Pt(right * _SIZE)
    if text.contact:
        _put(document, text.contact, indent=2, before=_LINE)


def _width(text: str) -> float:
    """Of a text, in Chinese characters."""
    return sum(0.5 if character.isascii() else 1 for character in text)


# --- the chart and the table -----------------------------------------------------------------------------------------


def _put_chart(document: Document, columns: Sequence[ChartColumn]) -> None:
    package, counted = document.part.package, "单位（家）"
    table = Part(
        PackURI("/word/embeddings/Microsoft_Excel_Sheet1.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        chart_table(columns, counted),
        package,
    )
    chart = Part(PackURI("/word/charts/chart1.xml"), CONTENT_TYPE.DML_CHART, None, package)
    chart._blob = chart_part(columns, counted, _BODY, chart.relate_to(table, RELATIONSHIP_TYPE.PACKAGE))
    counts = sum(one.number for one in columns)
    across, down = (Mm(length) for length in (_CHART_OF_MANY if counts > _MANY else _CHART))
    says = "、".join(f"{one.says}{one.number}家" for one in columns)
    drawing = (
        f'<w:drawing {nsdecls("w", "wp", "a", "r")} xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{Emu(across)}" cy="{Emu(down)}"/>'
        f'<wp:docPr id="1" name="报送情况图" descr={quoteattr(says)}/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next, paragraph.paragraph_format.space_before = True, Pt(10)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run()._r.append(parse_xml(drawing))
    _put(document, "图　各单位报送和审核情况", size=12, align=WD_ALIGN_PARAGRAPH.CENTER, after=8)


def _put_table(document: Document, lines: Iterable[Sequence[str]]) -> None:
    """The table as it is spelt: python-docx takes some milliseconds for each of its cells."""
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in _WIDTHS)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    head = _row(TABLE_HEADS, _HEAD, is_head=True)
    body = "".join(_row(line, _BODY) for line in lines)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_twips(sum(_WIDTHS))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
        f'<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>'
    )
    document.element.body.insert(len(document.element.body) - 1, table)


def _row(texts: Sequence[str], font: str, *, is_head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    cells = "".join(_cell(number, text, font, is_head) for number, text in enumerate(texts))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _cell(number: int, text: str, font: str, is_head: bool) -> str:
    align = "center" if is_head or number in _MIDDLE else "left"
    look = (
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        f'<w:sz w:val="{int(2 * _TABLE_SIZE)}"/>'
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(_WIDTHS[number])}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="280" w:lineRule="atLeast"/><w:jc w:val="{align}"/>'
        f"<w:rPr>{look}</w:rPr></w:pPr>"
        f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def _packed(document: Document) -> bytes:
    """The document with no clock in it."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in parts.namelist():
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), parts.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
