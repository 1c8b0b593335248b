"""Documents that strangers may send to take time or memory, each made by script."""

from __future__ import annotations

import zlib
from base64 import a85encode
from collections.abc import Callable, Mapping

from tests.making.copies import parts_of
from tests.making.pdfs import assembled, filled, pdf, said, stream
from tests.making.written_reports import cell, packed, page, paragraph, row, run, table, word, word_report
from xlcheck.model.numbers import MIB

_ONE = cell(paragraph(run("1")))
_MIME = b"MIME-Version: 1.0\r\n"


def _styled() -> bytes:
    chain = "".join(
        f'<w:style w:type="character" w:styleId="S{number}"><w:basedOn w:val="S{number + 1}"/></w:style>'
        for number in range(20_000)
    )
    return word(paragraph(run("1", '<w:rStyle w:val="S0"/>')) * 5_000, chain)


def _attributes(count: int) -> str:
    return " ".join(f"a{number}=1" for number in range(count))


def _deep(levels: int) -> bytes:
    heads = (b"Content-Type: multipart/related; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(levels))
    return _MIME + b"".join(heads)


DOCX: Mapping[str, Callable[[], bytes]] = {
    "cells": lambda: word(table(*[row(*[_ONE] * 50)] * 399)),
    "few cells more than allowed": lambda: word(table(*[row(*["<w:tc><w:p/></w:tc>"] * 50)] * 401)),
    "wide spans": lambda: word(table(*[row(cell(paragraph(run("1")), '<w:gridSpan w:val="500"/>'))] * 10_000)),
    "a span without end": lambda: word(table(row(cell("<w:p/>", '<w:gridSpan w:val="99999999"/>'), _ONE))),
    "merged downwards": lambda: word(table(*[row(*[cell("<w:p/>", "<w:vMerge/>")] * 20)] * 900)),
    "empty paragraphs": lambda: word("<w:p/>" * 110_000),
    "nested tables": lambda: word(("<w:tbl><w:tr><w:tc>" * 19 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 19) * 26),
    "tables": lambda: word(table(row(_ONE)) * 501),
    "nested too deeply": lambda: word("<w:tbl><w:tr><w:tc>" * 90 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 90),
    "a chain of styles": _styled,
    "fields without end": lambda: word(paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 30_000)),
    "attributes": lambda: word(("<w:p " + " ".join(f'a{one}="1"' for one in range(100)) + "/>") * 3_000),
    "namespaces": lambda: word("".join(f'<w:p xmlns:a{one}="b{one}"/>' for one in range(30_000))),
    "a long text": lambda: word(table(row(cell(paragraph(run("1" * 9_000_000)))))),
    "a bomb": lambda: packed({**parts_of(word_report()), "word/media/a.xml": b"<a>" + b" " * 60_000_000}),
    "entities": lambda: packed({
        **parts_of(word_report()),
        "word/document.xml": b'<!DOCTYPE a [<!ENTITY b "' + b"b" * 50_000 + b'">]><a>' + b"&b;" * 9_000 + b"</a>",
    }),
}  # fmt: skip
"""Of Word's kind."""

HTML: Mapping[str, Callable[[], bytes]] = {
    "cells": lambda: page("<table>" + ("<tr>" + "<td>1" * 50) * 390).encode(),
    "rows spanned": lambda: page("<table><tr>" + "<td rowspan=65000>1" * 50 + "<tr><td>2" * 19_000).encode(),
    "columns spanned": lambda: page("<table>" + ("<tr>" + "<td colspan=1000 rowspan=65000>1" * 40) * 300).encode(),
    "elements": lambda: page("<div>a</div>" * 65_000).encode(),
    "open elements": lambda: page("<b>" * 60_000).encode(),
    "attributes": lambda: page(f"<p {_attributes(400)}>" * 1_300).encode(),
    "an endless tag": lambda: page(f"<p {_attributes(300_000)}").encode(),
    "classes": lambda: page(f"<p class='{' '.join(f'a{one}' for one in range(200))}'>" * 3_000).encode(),
    "style attributes": lambda: page(f"<p style='{'a:b;' * 300}'>" * 3_000).encode(),
    "rules": lambda: page("<p>1", f"<style>{''.join(f'.a{one}{{display:none}}' for one in range(300_000))}</style>").encode(),
    "a rule without end": lambda: page("<p>1", f"<style>{'a' * 9_000_000}{{x:y}}</style>").encode(),
    "braces": lambda: page("<p>1", f"<style>{'{' * 2_000_000}</style>").encode(),
    "open scripts": lambda: page("<script a" * 400_000).encode(),
    "open comments": lambda: page("<!--" * 1_000_000).encode(),
    "comments": lambda: page("<!-- -->" * 1_000_000).encode(),
    "less than": lambda: page("< " * 5_000_000).encode(),
    "words": lambda: page("a b\n" * 2_500_000).encode(),
    "many words": lambda: page("a b\n" * 200_000 + "<br>").encode(),
    "blanks": lambda: page(" " * 9_000_000).encode(),
    "no text in any encoding": lambda: b"<meta charset=utf-8>" + b"\xff" * 8_000_000,
    "one rare character": lambda: page("a" * 900_000 + ("<br>" + "a" * 900_000) * 9 + "\U00020000").encode(),
    "pictures": lambda: page(f'<img src="data:image/png;base64,{"A" * 300_000}">' * 60).encode(),
    "nested tables": lambda: page(("<table><tr><td>" * 60 + "1" + "</table>" * 60) * 8).encode(),
    "nested too deeply": lambda: page("<table><tr><td>" * 90 + "1").encode(),
    "an archive of lines": lambda: _MIME + b"Content-Type: multipart/related; boundary=b\r\n\r\n" + b"\n" * 600_000,
    "an archive of parts": lambda: _MIME + b"Content-Type: multipart/related; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000,
    "an archive of archives": lambda: _deep(3_000),
    "a long archive": lambda: _MIME + b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * 4_000_000,
    "an archive of signs": lambda: _MIME + b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41" * 5_000_000,
}  # fmt: skip
"""Web pages, and archives of them."""

PDF_TABLE = filled((72, 200, 300), (700, 676, 652), (("规章", "7"), ("行政许可", "12")))
"""What every hostile PDF may have, too: a small table."""


def bomb(size: int) -> bytes:
    """Deflated nothing."""
    tool = zlib.compressobj(9)
    return b"".join([*(tool.compress(bytes(MIB)) for _ in range(size // MIB)), tool.flush()])


def _page_with(content: bytes) -> bytes:
    """A file whose one page has this stream object for its content."""
    return assembled(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            4: content,
        }
    )


def _forms(levels: int, times: int) -> list[bytes]:
    """Forms that draw the next one several times each; they are numbered from 10."""
    made = []
    for level in range(levels):
        inner = f"/F{level + 1} {11 + level} 0 R" if level + 1 < levels else ""
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << {inner} >> >>"
        made.append(stream(f"/F{level + 1} Do\n".encode() * (times if inner else 1), entries))
    return made


PDF: Mapping[str, Callable[[], bytes]] = {
    "a stream of 200 MB": lambda: _page_with(stream(bomb(200 * MIB), filters="/Filter [/FlateDecode]")),
    "a stream in a stream": lambda: _page_with(stream(zlib.compress(bomb(200 * MIB)), filters="/Filter [/Fl /Fl]")),
    "a stream in letters": lambda: _page_with(
        stream(a85encode(bomb(100 * MIB)) + b"~>", filters="/Filter [/ASCII85Decode /FlateDecode]")
    ),
    "a stream of another packing": lambda: _page_with(stream(b"\x80" * 99_999, filters="/Filter /LZWDecode")),
    "a million lines": lambda: pdf(PDF_TABLE + "0 0 m 9 9 l S\n" * 1_000_000),
    "200,000 short lines": lambda: pdf(PDF_TABLE + "0 0 m 9 9 l S\n" * 200_000),
    "200,000 characters": lambda: pdf(PDF_TABLE + said(10, 10, "9" * 200_000)),
    "forms without end": lambda: pdf(
        PDF_TABLE + "/F0 Do\n", objects=_forms(12, 10), resources="/XObject << /F0 10 0 R >>"
    ),
    "a font of four billion characters": lambda: pdf(
        PDF_TABLE,
        objects=[stream(b"begincmap 1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange endcmap")],
    ),
    "widths of two billion characters": lambda: pdf(PDF_TABLE).replace(b"814 [500]]", b"814 [500] 0 2000000000 1]"),
    "a thousand pages": lambda: pdf(*[PDF_TABLE] * 400),
}
"""PDFs, all of them refused."""

DEAR_PDF: Mapping[str, Callable[[], bytes]] = {
    "pages of tables": lambda: pdf(*[_full_page()] * 8),
    "lines": lambda: pdf(PDF_TABLE + "0 0 m 9 9 l S\n" * 15_000),
    "characters": lambda: pdf(PDF_TABLE + "".join(said(9, y, "9" * 120, 4) for y in range(9, 300, 4))),
    "marks of a page": lambda: pdf(PDF_TABLE + "".join(said(x, y, "1", 3) for x in range(9, 500, 6) for y in range(9, 600, 9))),
}  # fmt: skip
"""PDFs that take most of those that may be read."""


def _full_page() -> str:
    """A page with as many numbers as fit on it."""
    xs, ys = range(20, 580, 40), range(820, 20, -16)
    return filled(xs, ys, [["12345"] * (len(xs) - 1)] * (len(ys) - 1))


TEXT: Mapping[str, Callable[[], bytes]] = {
    "tabs": lambda: b"1\t" * 500_000,
    "rows": lambda: b"1\t2\n" * 300_000,
    "bars": lambda: b"|1" * 500_000,
    "gaps": lambda: b"1  " * 300_000,
    "blanks": lambda: b" " * 1_000_000 + b"1",
    "lines": lambda: b"a\n" * 500_000,
    "rules": lambda: b"|-|\n" * 250_000,
    "heads": lambda: b"a  b\n" * 150_000 + b"1  2  3",
    "no text in any encoding": lambda: b"\xff" * 900_000,
}
"""Plain text."""
