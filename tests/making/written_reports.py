"""Reports as documents: the form's tables with numbers in them, as Word, browsers and others write them."""

from __future__ import annotations

import io
import quopri
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from tests.making.filling import clean_values, form
from tests.making.pdfs import grid, pdf, said
from xlcheck.checking.verify import verify_submission
from xlcheck.copies.reports import annotate_report
from xlcheck.drawing.formulas import FieldValue
from xlcheck.model.form import Table
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.reading.open import OpenedReport, open_submission

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TITLE = "某某市教育局2025年政府信息公开工作年度报告"
HEADS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
SIGNED = ("某某市教育局", "2026年1月20日")


class Printed(NamedTuple):
    """A cell of one of the form's tables, from its corner."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    key: str = ""
    """Of the field that stands there."""


def numbers() -> dict[str, str]:
    """A different number in every field; they do not balance."""
    return {field.key: str(1000 + number) for number, field in enumerate(form().fields)}


def printed(table: Table, values: Mapping[str, object]) -> list[Printed]:
    """The cells of a table, row by row."""
    top, left = table.corner
    spots = [(label.cell, label.last, label.text, "") for label in table.labels]
    spots += [(field.cell, field.last, str(values[field.key]), field.key) for field in table.fields]
    return [
        Printed(row - top, column - left, last[0] - row + 1, last[1] - column + 1, text, key)
        for (row, column), last, text, key in sorted(spots)
    ]


def by_rows(cells: Sequence[Printed]) -> list[list[Printed]]:
    """The same in lists, one a row."""
    height = max(cell.row + cell.rows for cell in cells)
    return [[cell for cell in cells if cell.row == row] for row in range(height)]


def tables(values: Mapping[str, object] | None = None) -> list[list[Printed]]:
    """The cells of all tables."""
    return [printed(table, values or numbers()) for table in form().tables]


# --- .docx -----------------------------------------------------------------------------------------------------------

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
)
_LINK = (
    '<Relationship Id="{id}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
)
_STYLES_TYPE = (
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
)


def word(body: str, styles: str = "") -> bytes:
    """A .docx with this body, the prefix of its elements being ``w``."""
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>"
    )
    parts = {
        "[Content_Types].xml": _TYPES.format(more=_STYLES_TYPE if styles else ""),
        "_rels/.rels": _RELS.format(links=_LINK.format(id="rId1", kind="officeDocument", target="word/document.xml")),
        "word/document.xml": text,
    }
    if styles:
        parts["word/_rels/document.xml.rels"] = _RELS.format(
            links=_LINK.format(id="rId1", kind="styles", target="styles.xml")
        )
        parts["word/styles.xml"] = f'<w:styles xmlns:w="{W}">{styles}</w:styles>'
    return packed(parts)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of a paragraph."""
    shape = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{shape}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str) -> str:
    """A paragraph of runs."""
    return f"<w:p>{content}</w:p>"


def cell(content: str, properties: str = "") -> str:
    """A cell of paragraphs."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str, columns: int = 0) -> str:
    """A table of rows."""
    grid = '<w:gridCol w:w="700"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def word_table(cells: Sequence[Printed], text: Callable[[Printed], str] | None = None) -> str:
    """A table as Word writes it: what is merged downwards goes on in a cell of each row."""
    text = text or (lambda one: paragraph(run(one.text)))
    rows = []
    for number in range(len(by_rows(cells))):
        here = [one for one in cells if one.row <= number < one.row + one.rows]
        rows.append(row(*(_word_cell(one, number, text) for one in sorted(here, key=lambda one: one.column))))
    return table(*rows, columns=max(one.column + one.columns for one in cells))


def _word_cell(one: Printed, number: int, text: Callable[[Printed], str]) -> str:
    span = f'<w:tcW w:w="{700 * one.columns}" w:type="dxa"/>'
    if one.columns > 1:
        span += f'<w:gridSpan w:val="{one.columns}"/>'
    if one.rows == 1:
        return cell(text(one), span)
    if number == one.row:
        return cell(text(one), f'{span}<w:vMerge w:val="restart"/>')
    return cell("<w:p/>", f"{span}<w:vMerge/>")


def word_report(values: Mapping[str, object] | None = None, text: Callable[[Printed], str] | None = None) -> bytes:
    """The whole report as a .docx."""
    body = [paragraph(run(TITLE)), paragraph(run("一、总体情况"))]
    for head, cells in zip(HEADS, tables(values), strict=True):
        body += paragraph(run(head)), word_table(cells, text)
    return word("".join((*body, *(paragraph(run(line)) for line in SIGNED))))


def blank_report() -> bytes:
    """The form's tables as a .docx, with nothing in them, nobody's yet."""
    blank = dict.fromkeys(numbers(), "")
    body = (
        "".join((paragraph(run(head)), word_table(cells))) for head, cells in zip(HEADS, tables(blank), strict=True)
    )
    return word("".join(body))


# --- .html -----------------------------------------------------------------------------------------------------------


def page(body: str, head: str = '<meta charset="utf-8">') -> str:
    """A web page."""
    return f"<!DOCTYPE html><html><head>{head}<title>年报</title></head><body>{body}</body></html>"


def page_table(cells: Sequence[Printed], text: Callable[[Printed], str] | None = None) -> str:
    """A table as browsers take it."""
    text = text or (lambda one: escape(one.text))
    rows = []
    for line in by_rows(cells):
        spelt = (
            f'<td rowspan="{one.rows}" colspan="{one.columns}">{text(one)}</td>'
            if one.rows > 1 or one.columns > 1
            else f"<td>{text(one)}</td>"
            for one in line
        )
        rows.append(f"<tr>{''.join(spelt)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def page_report(values: Mapping[str, object] | None = None, text: Callable[[Printed], str] | None = None) -> str:
    """The whole report as a web page."""
    body = [f"<h1>{TITLE}</h1>", "<p>一、总体情况</p>"]
    for head, cells in zip(HEADS, tables(values), strict=True):
        body += f"<h3>{head}</h3>", page_table(cells, text)
    return page("".join((*body, *(f"<p>{line}</p>" for line in SIGNED))))


def marked_report(kind: str, changes: Mapping[str, FieldValue], office: Office = NO_OFFICE) -> bytes:
    """The marked copy of a report of that kind that is clean but for `changes`."""
    values = {**clean_values(), **changes}
    opened = open_submission(word_report(values) if kind == "docx" else page_report(values).encode(), form())
    assert isinstance(opened, OpenedReport)
    return annotate_report(opened, verify_submission(opened.submission), f"年报.{kind}", office).data


# --- .pdf, .txt, .mht ------------------------------------------------------------------------------------------------

_WIDE, _HIGH, _LETTER = 200, 20, 4.5
"""Points of a column, of a row, and of a letter: every label fits its cell on one line."""


def pdf_report(values: Mapping[str, object] | None = None) -> bytes:
    """The whole report as a PDF, a table a page."""
    pages = []
    for number, (head, cells) in enumerate(zip(HEADS, tables(values), strict=True)):
        top = 40 + _HIGH * max(one.row + one.rows for one in cells)
        drawn = [said(40, top + 40, TITLE) if not number else "", said(40, top + 20, head)]
        for one in cells:
            left, upper = 40 + _WIDE * one.column, top - _HIGH * one.row
            right, lower = left + _WIDE * one.columns, upper - _HIGH * one.rows
            drawn += [
                grid((left, right), (upper, lower)),
                said(left + 4, lower + 6, one.text, _LETTER) if one.text else "",
            ]
        pages.append("".join(drawn))
    signed = "".join(said(40, 20 - 12 * at, line) for at, line in enumerate(SIGNED))
    return pdf(*pages[:-1], pages[-1] + signed, page="/MediaBox [0 0 3200 700]")


def text_report(values: Mapping[str, object] | None = None) -> str:
    """The whole report as plain text, with tabs between cells."""
    lines = [TITLE, "一、总体情况"]
    for head, cells in zip(HEADS, tables(values), strict=True):
        lines += [head, *("\t".join(one.text for one in row_) for row_ in by_rows(cells))]
    return "\n".join((*lines, *SIGNED))


def page_archive(values: Mapping[str, object] | None = None) -> bytes:
    """The page in an archive (.mht), as browsers save it."""
    content = quopri.encodestring(page_report(values).encode())
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; '
        b"charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + content + b"\r\n--b--\r\n"
    )
