"""Files that are large in one way: each is as much of one thing as a small file can hold, in a form that has an error.

Most are refused. What is admitted takes no more time and memory than is promised, its copy included.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable

from tests.hostile import makers as hostile
from tests.hostile.corpus import books
from tests.hostile.corpus.books import Book, book, put
from tests.hostile.makers import MAIN, Maker
from xlcheck.guard.ole import wrap

_SHEET, _STRINGS, _STYLES = "xl/worksheets/sheet3.xml", "xl/sharedStrings.xml", "xl/styles.xml"
Parts = dict[str, str | bytes]


def _noise(size: int = 400_000) -> bytes:
    """What does not compress, so that a file full of one thing is no bomb by its ratio."""
    return random.Random(1).randbytes(size)


def wrong(**changes: object) -> Book:
    """A form with a negative number, of which a copy is made."""
    return book(disclosure__regulations__issued=-1, **changes)


def package(change: Callable[[Parts], object], noise: int = 400_000) -> bytes:
    """Such a form with its members changed."""
    parts = books.xlsx_parts(wrong())
    change(parts)
    return hostile.pack(parts | {"xl/media/noise.bin": _noise(noise)})


def _in(name: str, mark: str, more: str, after: bool = True) -> Callable[[Parts], None]:
    """Something put in behind the first `mark` of a member, or before it."""

    def change(parts: Parts) -> None:
        text = str(parts[name])
        assert mark in text
        parts[name] = text.replace(mark, mark + more if after else more + mark, 1)

    return change


def _with(name: str, content: str | bytes, kind: str = "") -> Callable[[Parts], None]:
    """A member more; with `kind` the workbook refers to it."""

    def change(parts: Parts) -> None:
        parts[name] = content
        if kind:
            links = str(parts["xl/_rels/workbook.xml.rels"])
            target = name.removeprefix("xl/")
            link = f'<Relationship Id="more" Type="{hostile.REL}/{kind}" Target="{target}"/></Relationships>'
            parts["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", link)

    return change


def _all(*changes: Callable[[Parts], object]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for one in changes:
            one(parts)

    return change


def _strings(inner: str) -> Callable[[Parts], None]:
    return _with(_STRINGS, f'<sst xmlns="{MAIN}">{inner}</sst>', "sharedStrings")


def _styles(inner: str) -> Callable[[Parts], None]:
    base = (
        "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
        "<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/></cellXfs>"
    )
    return _with(_STYLES, f'<styleSheet xmlns="{MAIN}">{inner or base}</styleSheet>', "styles")


def _beside(kind: str, name: str, content: str) -> Callable[[Parts], None]:
    """A part of the sheet with the error."""

    def change(parts: Parts) -> None:
        parts[name] = content
        parts["xl/worksheets/_rels/sheet2.xml.rels"] = hostile.relationships((kind, f"../{name.removeprefix('xl/')}"))

    return change


def _comments(listed: str, authors: str = "<author>x</author>") -> Callable[[Parts], None]:
    text = f'<comments xmlns="{MAIN}"><authors>{authors}</authors><commentList>{listed}</commentList></comments>'
    return _beside("comments", "xl/comments1.xml", text)


def _cells(rows: Iterable[str]) -> str:
    return "".join(rows)


def _many_cells(count: int, columns: int = 50) -> str:
    letters = [hostile.cell(f"{name}{{0}}", "1") for name in _names(columns)]
    whole = "".join(letters)
    first = 100
    return "".join(hostile.row(r, whole.replace("{0}", str(r))) for r in range(first, first + count // columns))


def _names(columns: int) -> list[str]:
    from xlcheck.model.cells import column_name

    return [column_name(number) for number in range(columns)]


def _forged_result(rows: int) -> Callable[[Parts], None]:
    """A sheet that says it is a result sheet, and remembers fills of no end."""
    from xlcheck.model.marks import RESULT_SHEET, RESULT_TITLE

    line = '<c r="X{0}"><f>IF(ISBLANK(&apos;主动公开&apos;!B{0}),1,0)</f><v>0</v></c><c r="Z{0}" t="inlineStr"><is><t>主动公开!B{0}|&lt;fill/&gt;</t></is></c>'
    body = hostile.row(1, f'<c r="A1" t="inlineStr"><is><t>{RESULT_TITLE}</t></is></c>')
    body += "".join(hostile.row(r, line.replace("{0}", str(r))) for r in range(2, rows))

    def change(parts: Parts) -> None:
        number = 5
        parts[f"xl/worksheets/sheet{number}.xml"] = hostile.sheet(body)
        parts["[Content_Types].xml"] = books.content_types(number)
        parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(
            "</sheets>", f'<sheet name="{RESULT_SHEET}" sheetId="9" r:id="more"/></sheets>'
        )
        links = str(parts["xl/_rels/workbook.xml.rels"])
        link = f'<Relationship Id="more" Type="{hostile.REL}/worksheet" Target="worksheets/sheet{number}.xml"/></Relationships>'
        parts["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", link)

    return change


def _far_apart(count: int) -> bytes:
    """Sheets that are all looked through for a table, and are large once they are laid out."""
    made = wrong()
    made["另一张"] = made.pop("主动公开")
    parts = books.xlsx_parts({**made, **{f"s{number}": [[1]] for number in range(count)}})
    two = hostile.sheet(hostile.row(1, hostile.cell("A1")) + hostile.row(1_000, hostile.cell("SR1000")))
    parts |= {f"xl/worksheets/sheet{number}.xml": two for number in range(5, 5 + count)}
    return hostile.pack(parts)


def _every_field(text: str) -> Book:
    """One text in all fields that are not on the cover."""
    return put(wrong(), {f"依申请公开!{c}{r}": text for c in "DEFGHIJ" for r in range(5, 30)})


def _shared_everywhere(size: int) -> bytes:
    """The same as one shared string."""
    parts = books.xlsx_parts(_every_field("§"))
    shown = '<c r="{}" t="s"><v>0</v></c>'
    text = str(parts[_SHEET])
    for c in "DEFGHIJ":
        for r in range(5, 30):
            at = f'<c r="{c}{r}" t="inlineStr"><is><t xml:space="preserve">§</t></is></c>'
            assert at in text
            text = text.replace(at, shown.format(f"{c}{r}"))
    parts[_SHEET] = text
    _strings(f"<si><t>{'9' * size}</t></si>")(parts)
    return hostile.pack(parts | {"xl/media/noise.bin": _noise()})


def _xls_with(cells: bytes = b"", globals_: bytes = b"") -> bytes:
    """A form as .xls with records more: on its last sheet, and before the list of sheets."""
    made = wrong()
    bodies = [hostile.bof(16) + b"".join(books.xls_rows(grid)) for grid in made.values()]
    bodies = [body + (cells if at == len(bodies) - 1 else b"") + hostile.record(0x0A) for at, body in enumerate(bodies)]

    def head(places: list[int]) -> bytes:
        listed = (
            hostile.record(0x85, struct.pack("<L4B", place, 0, 0, len(name), 1) + name.encode("utf-16-le"))
            for name, place in zip(made, places, strict=True)
        )
        return hostile.bof(5) + hostile.record(0x42, b"\xb0\x04") + globals_ + b"".join(listed) + hostile.record(0x0A)

    at = len(head([0] * len(bodies)))
    places = [at + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    return wrap({"Workbook": head(places) + b"".join(bodies)})


def _xls_strings(count: int) -> bytes:
    """A table of empty strings, in records as large as they may be."""
    each = 2_700
    pieces = [struct.pack("<2L", count, count)] + [b"\0\0\0" * min(each, count - at) for at in range(0, count, each)]
    pieces = [pieces[0] + pieces[1], *pieces[2:]]
    return b"".join(hostile.record(0xFC if number == 0 else 0x3C, piece) for number, piece in enumerate(pieces))


def _ods_with(inside: str, where: str) -> bytes:
    """A form as .ods with something put in before a mark of its content, beside what does not compress."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(books.ods(wrong()))) as archive:
        parts: Parts = {name: archive.read(name) for name in archive.namelist()}
    content = bytes(parts["content.xml"]).decode()  # type: ignore[arg-type]
    assert where in content
    parts["content.xml"] = content.replace(where, inside + where, 1)
    return hostile.pack(parts | {"Pictures/noise.bin": _noise()})


def _lines(size: int) -> str:
    """A comment that looks like ours, of lines without end."""
    from xlcheck.model.marks import COMMENT_HEAD

    return COMMENT_HEAD + "\n■ x" * (size // 5)


def _rule(at: int) -> str:
    return (
        f'<conditionalFormatting sqref="B{at}"><cfRule type="expression" priority="{at}"><formula>B{at}&gt;1</formula>'
        "</cfRule></conditionalFormatting>"
    )


_COMMENT = '<comment ref="B4" authorId="0"><text><t xml:space="preserve">{}</t></text></comment>'
_HALF = 1_450_000

HEAVY: list[tuple[str, str, str, Maker]] = [
    ("tags-in-cells.xlsx", "F104", "2,900,000 empty tags in a row among the cells", lambda: package(
        _in(_SHEET, "<sheetData>", "<q/>" * 2 * _HALF))),
    ("tags-in-a-row.xlsx", "F104", "2,900,000 empty tags within a row", lambda: package(
        _in(_SHEET, '<row r="1">', "<q/>" * 2 * _HALF))),
    ("tags-before-cells.xlsx", "F104", "2,900,000 empty tags before the cells", lambda: package(
        _in(_SHEET, "<sheetData>", "<q/>" * 2 * _HALF, after=False))),
    ("tags-after-cells.xlsx", "F104", "2,900,000 empty tags behind the cells", lambda: package(
        _in(_SHEET, "</sheetData>", "<q/>" * 2 * _HALF))),
    ("rows-empty.xlsx", "C102", "62,000 empty rows", lambda: package(
        _in(_SHEET, "</sheetData>", "".join(f'<row r="{n}"/>' for n in range(100, 62_000)), after=False))),
    ("cells-styled.xlsx", "C102", "240,000 cells that are only styled", lambda: package(
        _in(_SHEET, "</sheetData>", "".join(
            hostile.row(n, "".join(f'<c r="{c}{n}" s="0"/>' for c in _names(200))) for n in range(100, 1_300)), after=False))),
    ("cells-filled.xlsx", "C102", "200,000 filled cells", lambda: package(
        _in(_SHEET, "</sheetData>", _many_cells(200_000), after=False))),
    ("formulas.xlsx", "C102", "60,000 formulas without a value", lambda: package(
        _in(_SHEET, "</sheetData>", _many_cells(60_000).replace("<v>1</v>", "<f>A1+B2</f>"), after=False))),
    ("rich-text-runs.xlsx", "F104", "a text of 400,000 runs", lambda: package(
        _strings(f"<si>{'<r><t>a</t></r>' * 400_000}</si>"))),
    ("rich-text-runs-looked.xlsx", "F104", "a text of 200,000 runs with looks", lambda: package(
        _strings("<si>" + "<r><rPr><b/><sz val='9'/></rPr><t>a</t></r>" * 200_000 + "</si>"))),
    ("readings.xlsx", "F104", "a text with 400,000 readings above it", lambda: package(
        _strings("<si><t>a</t>" + "<rPh sb='0' eb='1'><t>a</t></rPh>" * 400_000 + "</si>"))),
    ("strings-empty.xlsx", "F104", "990,000 empty shared strings", lambda: package(_strings("<si/>" * 990_000))),
    ("strings-short.xlsx", "F104", "600,000 short shared strings", lambda: package(_strings("<si><t>ab</t></si>" * 600_000))),
    ("tags-in-strings.xlsx", "F104", "1,900,000 empty tags in a text", lambda: package(_strings(f"<si>{'<q/>' * 1_900_000}</si>"))),
    ("styles.xlsx", "C102", "60,000 styles", lambda: package(_styles(
        f"<fonts>{'<font/>' * 60_000}</fonts><fills><fill/></fills><borders><border/></borders><cellXfs>{'<xf/>' * 60_000}</cellXfs>"))),
    ("number-formats.xlsx", "C102", "100,000 number formats", lambda: package(_styles("<numFmts>" + "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="0.0_x{n}"/>' for n in range(100_000)) + "</numFmts><cellXfs><xf/></cellXfs>"))),
    ("names.xlsx", "F104", "100,000 defined names", lambda: package(_in("xl/workbook.xml", "</sheets>", "<definedNames>" + "".join(
        f'<definedName name="n{n}">A1</definedName>' for n in range(100_000)) + "</definedNames>"))),
    ("types.xlsx", "C102", "100,000 content types", lambda: package(_in("[Content_Types].xml", "</Types>", "".join(
        f'<Override PartName="/x{n}" ContentType="text/xml"/>' for n in range(100_000)), after=False))),
    ("comment-lines.xlsx", "C102", "a comment of 240 kB of lines like ours", lambda: package(
        _comments(_COMMENT.format(_lines(240_000))))),
    ("comment-of-10-mb.xlsx", "F104", "a comment of 10 MB", lambda: package(_comments(_COMMENT.format("评" * 3_300_000)))),
    ("comment-runs.xlsx", "F104", "a comment of 90,000 runs", lambda: package(_comments(
        f'<comment ref="B4" authorId="0"><text>{"<r><t>a</t></r>" * 60_000}</text></comment>'))),
    ("comments.xlsx", "F104", "60,000 comments", lambda: package(_comments("".join(
        _COMMENT.replace("B4", f"C{n}").format("x") for n in range(1, 40_000))))),
    ("authors.xlsx", "F104", "100,000 authors of comments", lambda: package(_comments(_COMMENT.format("x"), "<author>x</author>" * 100_000))),
    ("comment-boxes.xlsx", "C102", "boxes of comments without end", lambda: package(_all(
        _comments(_COMMENT.format("x")), _with("xl/drawings/vmlDrawing1.vml", "<xml>" + '<v:shape id="_x0000_s1"><x:Row>1</x:Row></v:shape>' * 40_000 + "</xml>")))),
    ("result-sheet-endless.xlsx", "C102", "a forged result sheet of 16,000 rows", lambda: package(_forged_result(16_000))),
    ("rules.xlsx", "F104", "12,000 conditional formats", lambda: package(
        _in("xl/worksheets/sheet2.xml", "</sheetData>", "".join(map(_rule, range(1, 12_000)))))),
    ("merges.xlsx", "F104", "6,000 merged ranges", lambda: package(_in("xl/worksheets/sheet2.xml", "</sheetData>", "<mergeCells>" + "".join(
        f'<mergeCell ref="H{n}:I{n}"/>' for n in range(1, 6_000)) + "</mergeCells>"))),
    ("cells-merges-rules-styles.xlsx", "C102", "cells, merges, rules and styles, each a part of its limit", lambda: package(_all(
        _in(_SHEET, "</sheetData>", _many_cells(60_000), after=False),
        _in("xl/worksheets/sheet2.xml", "</sheetData>", "<mergeCells>" + "".join(
            f'<mergeCell ref="H{n}:I{n}"/>' for n in range(1, 1_500)) + "</mergeCells>" + "".join(map(_rule, range(1, 3_000)))),
        _styles(f"<fonts>{'<font/>' * 30_000}</fonts><fills><fill/></fills><borders><border/></borders><cellXfs>{'<xf/>' * 30_000}</cellXfs>")))),
    ("text-in-every-field.xlsx", "F104", "one text of 300 kB in all fields", lambda: _shared_everywhere(300_000)),
    ("text-in-every-field-inline.xlsx", "F104", "a text of 80 kB in each field", lambda: hostile.pack(
        books.xlsx_parts(_every_field("９" * 27_000)) | {"xl/media/noise.bin": _noise()})),
    ("text-in-every-field.ods", "F104", "one text of 80 kB in all fields", lambda: books.ods(_every_field("9" * 80_000))),
    ("text-in-every-field.xls", "C102 C103", "one text of 8 kB in all fields", lambda: books.xls(_every_field("9" * 4_000))),
    ("large-and-honest.xlsx", "C102", "a picture of 18 MB beside a form", lambda: package(lambda parts: None, 18 << 20)),
    ("inflates-to-60-mb.xlsx", "F104", "a part that inflates to 60 MB", lambda: package(_with("xl/media/a.bin", bytes(47 << 20)))),
    ("xls-empty-records.xls", "F104", "4,800,000 empty records", lambda: _xls_with(hostile.record(0x1234) * 4_800_000)),
    ("xls-records-of-zeros.xls", "F104", "4,800,000 records of zeros alone", lambda: _xls_with(hostile.record(0) * 4_800_000)),
    ("xls-strings.xls", "F104", "6,000,000 empty strings", lambda: _xls_with(globals_=_xls_strings(6_000_000))),
    ("xls-blanks.xls", "C102", "240,000 blanks", lambda: _xls_with(b"".join(
        hostile.record(0x201, struct.pack("<3H", r, c, 0)) for r in range(100, 1_300) for c in range(200)))),
    ("xls-numbers.xls", "C102", "200,000 numbers", lambda: _xls_with(b"".join(
        hostile.number(r, c) for r in range(100, 1_100) for c in range(200)))),
    ("ods-tags.ods", "F104", "2,900,000 empty tags in a cell", lambda: _ods_with(
        f"<table:table-row><table:table-cell>{'<q/>' * 2 * _HALF}</table:table-cell></table:table-row>", "</table:table>")),
    ("ods-tags-outside.ods", "F104", "2,900,000 empty tags before the tables", lambda: _ods_with("<q/>" * 2 * _HALF, "<table:table ")),
    ("ods-cells.ods", "C102", "45,000 cells", lambda: _ods_with(
        "".join("<table:table-row>" + hostile.ods_cell() * 50 + "</table:table-row>" for _ in range(900)), "</table:table>")),
    ("ods-half-a-million-cells.ods", "F104", "500,000 cells in a few tags", lambda: _ods_with("".join(
        "<table:table-row>" + hostile.ods_cell(500) + "</table:table-row>" for _ in range(1_000)), "</table:table>")),
    ("sheets-of-two-cells.xlsx", "F104", "250 sheets of two cells far apart, and none of the usual name", lambda: _far_apart(250)),
    ("cells-spelt-oddly.xlsx", "F104", "200,000 cells that are spelt otherwise, on a sheet with marks", lambda: package(
        _in("xl/worksheets/sheet2.xml", "</sheetData>", _many_cells(200_000).replace("<c r=", "<c  r="), after=False))),
    ("ods-spans.ods", "F104", "a text of 800,000 spans", lambda: _ods_with(
        f"<table:table-row>{hostile.ods_text('<text:span>a</text:span>' * 800_000)}</table:table-row>", "</table:table>")),
]  # fmt: skip
"""Name, the codes of its findings, what it is, and the maker."""
