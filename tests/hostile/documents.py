"""Documents that strangers may send to take time or memory, each made by script."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.making.copies import parts_of
from tests.making.written_reports import cell, packed, page, paragraph, row, run, table, word, word_report

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
