"""What the corpus holds, and what must become of each file.

:data:`CASES` holds everything that is a file with some content; what only a file system can hold is in ``odd``.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from tests.hostile import makers as hostile
from tests.hostile.corpus import books, payloads
from tests.hostile.corpus.books import Xml, book, put
from tests.hostile.corpus.heavy import HEAVY
from tests.hostile.makers import ADMITTED, HOSTILE, Maker
from tests.making.copies import parts_of


class Case(NamedTuple):
    """One file."""

    name: str
    """Its name; plain ASCII, so that every system can hold it."""
    expected: str
    """The codes of its findings, each once, in the order of the alphabet; empty for a file that passes."""
    what: str
    """What is hostile in it."""
    maker: Maker


_ENDINGS = {"HTML": "xls", "XML spreadsheet of 2003": "xls", "encrypted xlsx": "xlsx", "Word 97": "xls"}
"""Of names that lie about what they are; others get the ending that fits."""

_THROUGH_LIBREOFFICE = {"RTF", "Word 97"}
"""What it reads where it is installed: what that takes and comes to is another program's (`tests/reading/documents`)."""
_DOCUMENTS = {"PDF": "F101"}
"""No workbooks, but a command reads them: what becomes of them then."""


def _kept(cases: Iterable[hostile.Case]) -> Iterable[Case]:
    """The guard's own table. What it admits is no form of ours, and says so."""
    for what, maker, expected in cases:
        if what in _THROUGH_LIBREOFFICE:
            continue
        expected = _DOCUMENTS.get(what, expected)  # noqa: PLW2901
        stem = re.sub(r"[^a-z0-9]+", "-", what.lower()).strip("-")
        ending = _ENDINGS.get(what) or (
            "xls" if what.startswith("xls") else "ods" if what[:3] in ("ods", "odt") else "xlsx"
        )
        yield Case(f"{stem}.{ending}", "S105" if expected == ADMITTED else expected, what, maker)


# --- more that is refused --------------------------------------------------------------------------------------------


def _zip_of_zips(depth: int) -> bytes:
    inner = hostile.pack({"0": bytes(1 << 20)})
    for level in range(depth):
        inner = hostile.pack({f"{level}.{n}.zip": inner for n in range(4)})
    return inner


def _quoted_overlap() -> bytes:
    """Members that lie inside one another: what follows a local header is the next one, as a stored block of the first."""
    content = bytes(1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(content) + packer.flush()
    members: list[tuple[str, tuple[int, int, int]]] = []
    for number in reversed(range(40)):
        name = f"m{number:02}"
        sizes = zlib.crc32(content), len(data), len(content)
        header = hostile.local_header(name, 8, *sizes)
        members.insert(0, (name, sizes))
        content = header + content
        data = struct.pack("<B2H", 0, len(header), len(header) ^ 0xFFFF) + header + data
    data = data[5:]  # nobody quotes the first
    step = len(header) + 5
    directory = b"".join(hostile.central_header(name, 8, *sizes, at * step) for at, (name, sizes) in enumerate(members))
    return data + directory + hostile.end_of(len(members), len(directory), len(data))


def _relationships_of_relationships() -> bytes:
    members = hostile.parts()
    for level in range(9):
        name = f"xl/{'_rels/' * (level + 1)}workbook.xml{'.rels' * (level + 1)}"
        members[name] = hostile.relationships(("worksheet", "/" + name))
    return hostile.pack(members)


def _sheet_that_is_the_workbook() -> bytes:
    return hostile.pack(hostile.parts(links=hostile.relationships(("worksheet", "workbook.xml"))))


def _utf16_everything() -> bytes:
    parts = books.xlsx_parts(book())
    return hostile.pack({n: hostile.encoded(str(c), "utf-16") for n, c in parts.items()})


REFUSED: list[tuple[str, str, str, Maker]] = [
    ("100000-members.xlsx", "F104", "100,000 members", lambda: hostile.members(100_000)),
    ("zip-of-zips.xlsx", "F103", "a zip of zips of zips, five deep", lambda: _zip_of_zips(5)),
    ("overlapping-quoted.xlsx", "F101", "40 members inside one another, each a megabyte", _quoted_overlap),
    ("relationships-of-relationships.xlsx", "F101", "relationship parts that refer to themselves", _relationships_of_relationships),
    ("sheet-is-the-workbook.xlsx", "F101", "a sheet's relationship leads back to the workbook", _sheet_that_is_the_workbook),
    ("all-utf-16.xlsx", "", "every part in UTF-16", _utf16_everything),
    ("csv-renamed-utf8.xlsx", "F103", "CSV in UTF-8 with a byte order mark", "\ufeff=1+1,b\n".encode),
    ("xhtml-renamed.xls", "F103", "a web page in UTF-16", lambda: "<html><table><tr><td>1</table>".encode("utf-16")),
    ("script.xls", "F103", "a shell script", lambda: b"#!/bin/sh\nrm -rf /\n"),
    ("elf.xlsx", "F103", "a program", lambda: b"\x7fELF\x02\x01\x01" + bytes(300)),
    ("exe.xls", "F103", "a Windows program", lambda: b"MZ\x90\0\3\0\0\0" + bytes(300)),
    ("rar.xlsx", "F103", "a RAR archive", lambda: b"Rar!\x1a\7\1\0" + bytes(99)),
    ("7z.xlsx", "F103", "a 7z archive", lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(99)),
    ("eicar-like-text.xlsx", "F103", "one line of printable characters", lambda: b"X5O!P%" + b"A" * 60),
    ("one-byte.xlsx", "F103", "one byte", lambda: b"P"),
    ("magic-only.xlsx", "F101", "the first four bytes of a zip", lambda: b"PK\3\4"),
    ("magic-only.xls", "F101", "the first eight bytes of an OLE2 container", lambda: bytes(hostile.ole({})[:8])),
    ("nul-in-a-sheet.xlsx", "F101", "a NUL in a sheet", lambda: hostile.xlsx(
        sheet=hostile.sheet(hostile.A1).replace("<v>1</v>", "<v>1\0</v>"))),
    ("xinclude.xlsx", "F101", "an inclusion of a local file (XInclude)", lambda: hostile.xlsx(
        hostile.row(1, '<c r="A1" t="inlineStr"><is><t><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
        'href="file:///etc/passwd" parse="text"/></t></is></c>'))),
    ("stylesheet-instruction.xlsx", "S105", "a style sheet from elsewhere", lambda: hostile.xlsx(sheet=hostile.sheet(
        hostile.A1).replace("?>", '?><?xml-stylesheet type="text/xsl" href="http://198.51.100.1/x.xsl"?>', 1))),
    ("parameter-entity.xlsx", "F101", "an external parameter entity", lambda: hostile.xlsx(
        sheet=hostile.dtd('<!ENTITY % p SYSTEM "http://198.51.100.1/x.dtd"> %p;'))),
    ("quadratic-entity.xlsx", "F101", "one long entity, used often", lambda: hostile.xlsx(
        sheet=hostile.dtd(f'<!ENTITY a "{"x" * 9000}">', hostile.row(1, hostile.cell("A1", "&a;" * 3000))))),
    ("entities-in-properties.xlsx", "F101", "billion laughs in the document properties", lambda: hostile.pack(
        hostile.parts() | {"docProps/custom.xml": f"<!DOCTYPE p [{hostile.LAUGHS}]><p>&j;</p>"})),
    ("entities-in-relationships.xlsx", "F101", "an external entity in the relationships", lambda: hostile.pack(
        hostile.parts(links='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'))),
    ("ods-entities-in-meta.ods", "F101", "billion laughs in the document properties", lambda: hostile.pack(
        {"mimetype": hostile.ODS, "content.xml": hostile.ods_content(""), "meta.xml": f"<!DOCTYPE p [{hostile.LAUGHS}]><p/>"})),
    ("ods-nested-tables.ods", "F101", "tables in cells of tables, 5,000 deep", lambda: hostile.ods(
        "<table:table-row><table:table-cell><table:table>" * 5000 + "</table:table></table:table-cell></table:table-row>" * 5000)),
    ("ods-repeated-rows-of-repeated-cells.ods", "F104", "16,384 cells repeated 65,536 times, on each of 30 sheets",
        lambda: hostile.ods(content=hostile.ods_content("", "".join(
            f'<table:table table:name="t{n}">{hostile.ods_row(hostile.ods_cell(16384), 65536)}</table:table>' for n in range(30))))),
    ("ods-repeat-in-other-digits.ods", "F101", "a count of repeats in Arabic digits", lambda: hostile.ods(
        hostile.ods_row(hostile.ods_cell("٩٩٩٩")))),
    ("xls-cut-in-the-directory.xls", "F101", "an .xls that ends within its directory", lambda: books.xls(book())[:-700]),
    ("xls-stream-of-zeros.xls", "F101", "a workbook stream of nothing but zeros", lambda: bytes(
        hostile.ole({"Workbook": bytes(5000)}))),
    ("xls-endless-substreams.xls", "F101", "2,000 substreams that never end", lambda: bytes(
        hostile.ole({"Workbook": hostile.bof(5) * 2000}))),
    ("xls-two-workbooks.xls", "F101", "two workbook streams", lambda: bytes(
        hostile.ole({"Workbook": hostile.biff(hostile.number(0, 0)), "WORKBOOK": b"x"})) .replace(
        "WORKBOOK".encode("utf-16-le"), "Workbook".encode("utf-16-le"))),
]  # fmt: skip


# --- filled forms with something hostile in them ---------------------------------------------------------------------

_B4 = "主动公开!B4"
_LONG = "x" * 32_767
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(written-by-a-picture) (w) file closefile\nshowpage\n%%EOF\n"
_SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink">'
    b'<image l:href="file:///etc/passwd"/><image l:href="http://198.51.100.1/x"/></svg>'
)


def _form(value: object, **changes: object) -> bytes:
    return books.xlsx(put(book(**changes), {_B4: value}))


def _styled(format_code: str, value: str) -> bytes:
    """A field with a number format of the sender's own."""
    styles = (
        f'<styleSheet xmlns="{hostile.MAIN}"><numFmts count="1"><numFmt numFmtId="200" formatCode="{format_code}"/>'
        "</numFmts><fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        '<cellXfs><xf/><xf numFmtId="200" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )
    parts = books.xlsx_parts(put(book(), {_B4: Xml(f"<v>{value}</v>", 's="1"')}))
    parts["[Content_Types].xml"] = books.content_types(
        4, '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.styles+xml"/>'
    )  # fmt: skip
    parts["xl/styles.xml"] = styles
    parts["xl/_rels/workbook.xml.rels"] = hostile.relationships(
        *[("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, 5)], ("styles", "styles.xml")
    )
    return hostile.pack(parts)


def _png(width: int, height: int, dots: bytes = b"") -> bytes:
    """A picture of so many dots, as it claims."""
    chunks = {b"IHDR": struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0), b"IDAT": dots, b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks.items()
        if data or kind != b"IDAT"
    )


def _picture(picture: bytes) -> bytes:
    """A form with a picture on it, and an error."""
    parts = books.xlsx_parts(put(book(), {_B4: -1}))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = hostile.relationships(("drawing", "../drawings/drawing1.xml"))
    parts["xl/worksheets/sheet1.xml"] = str(parts["xl/worksheets/sheet1.xml"]).replace(
        "</worksheet>", '<drawing r:id="rId1"/></worksheet>'
    )
    ns = "http://schemas.openxmlformats.org/drawingml/2006"
    parts["xl/drawings/drawing1.xml"] = (
        f'<wsDr xmlns="{ns}/spreadsheetDrawing" xmlns:a="{ns}/main" xmlns:r="{hostile.REL}"><oneCellAnchor><from><col>0</col>'
        '<colOff>0</colOff><row>0</row><rowOff>0</rowOff></from><ext cx="9525" cy="9525"/><pic><nvPicPr><cNvPr id="1" name="p"/>'
        '<cNvPicPr/></nvPicPr><blipFill><a:blip r:embed="rId1"/></blipFill><spPr/></pic><clientData/></oneCellAnchor></wsDr>'
    )
    parts["xl/drawings/_rels/drawing1.xml.rels"] = hostile.relationships(("image", "../media/image1.png"))
    parts["xl/media/image1.png"] = picture
    parts["[Content_Types].xml"] = books.content_types(4, '<Default Extension="png" ContentType="image/png"/>'
        '<Override PartName="/xl/drawings/drawing1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>')  # fmt: skip
    return hostile.pack(parts)


def _properties(name: str, value: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006"
    custom = (
        f'<Properties xmlns="{kind}/custom-properties" xmlns:vt="{kind}/docPropsVTypes"><property '
        f'fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>'
        "</Properties>"
    )
    return books.xlsx(book(), docProps__custom_xml=custom).replace(b"custom_xml", b"custom.xml")


def _list(old: str, new: str, member: str = "xl/workbook.xml") -> bytes:
    """The form with a place of its list of sheets spelt in another way."""
    parts = books.xlsx_parts(book())
    assert old in str(parts[member])
    return hostile.pack(parts | {member: str(parts[member]).replace(old, new, 1)})


def _ods(value: object, undeclared: str = "") -> bytes:
    """The form as an .ods with a value in a field, and a prefix that is not declared."""
    parts = parts_of(books.ods(book(disclosure__regulations__issued=value)))
    content = parts["content.xml"].decode()
    said = re.search(f' xmlns:{undeclared}="[^"]*"', content) if undeclared else None
    return hostile.pack({**parts, "content.xml": content.replace(said[0], "") if said else content})


def _respelt(name: str) -> bytes:
    """The form with the sheet of the first table under another name."""
    parts = books.xlsx_parts(book())
    return hostile.pack({name if key == "xl/worksheets/sheet2.xml" else key: text for key, text in parts.items()})


FORMS: list[tuple[str, str, str, Maker]] = [
    ("form.xlsx", "", "nothing: the form that all of these are made from", lambda: books.xlsx(book())),
    ("form.ods", "", "nothing: the same as .ods", lambda: books.ods(book())),
    ("form.xls", "", "nothing: the same as .xls", lambda: books.xls(book())),
    ("text-of-5000-digits.xlsx", "C103", "a text of more digits than Python makes a number of", lambda: _form("9" * 5000)),
    ("number-of-5000-digits.xlsx", "C103", "a number of 5,000 digits", lambda: _form(Xml(f"<v>{'9' * 5000}</v>"))),
    ("number-1e308.xlsx", "B101 C108", "numbers near the largest there is", lambda: books.xlsx(put(book(
        requests__received__person=1.7e308, requests__received__total=1.7e308), {}))),
    ("number-1e-320.xlsx", "", "a number near the smallest there is, which is 0", lambda: _form(Xml("<v>1e-320</v>"))),
    ("number-nan.xlsx", "C103", "not a number", lambda: _form(Xml("<v>NaN</v>"))),
    ("number-inf.xlsx", "C103", "infinite", lambda: _form(Xml("<v>inf</v>"))),
    ("number-hex.xlsx", "C103", "a number in a spelling of programmers", lambda: _form(Xml("<v>0x10</v>"))),
    ("amounts-1e308.xlsx", "C108", "an amount near the largest there is", lambda: books.xlsx(book(disclosure__fees__amount=1e308))),
    ("blanks-alternating.xlsx", "C103", "texts of 32,000 alternating blanks of two kinds in 96 cells", lambda: books.xlsx(
        put(book(), {f"依申请公开!{c}{r}": " \u200b" * 8_000 + "x" + "\u200b " * 8_000 for c in "DEFG" for r in range(5, 29)}))),
    ("digits-of-other-scripts.xlsx", "C103", "Arabic and Tibetan digits", lambda: _form("٣༣")),
    ("combining-marks.xlsx", "C103", "a digit under 10,000 accents", lambda: _form("1" + "\u0301" * 10_000)),
    ("ligatures-in-many-cells.xlsx", "S102", "2,000 texts of ligatures beside a table of an altered label", lambda: books.xlsx(
        put(book(), {"主动公开!A4": "x"} | {f"主动公开!{c}{r}": "\ufdfa" * 300 + f"{c}{r}" for c in "HIJKLMNOPQ" for r in range(2, 202)}))),
    ("accents-out-of-order.xlsx", "S102", "a label of 30,000 accents in the worst order", lambda: books.xlsx(
        put(book(), {"主动公开!A4": "a" + "\u0301\u0323" * 15_000}))),
    ("long-texts.xlsx", "C103", "a text of 32,767 characters in 175 cells", lambda: books.xlsx(
        put(book(), {f"依申请公开!{c}{r}": _LONG[:-3] + f"{c}{r:02}" for c in "DEFGHIJ" for r in range(5, 30)}))),
    ("ods-text-longer-than-excel-holds.ods", "C103", "a text of 100,000 characters", lambda: books.ods(
        put(book(), {_B4: "=" + "x" * 100_000}))),
    ("ligatures-that-unfold.xlsx", "S102", "a label of 30,000 ligatures that unfold to 18 letters each", lambda: books.xlsx(
        put(book(), {"主动公开!A4": "\ufdfa" * 30_000}))),
    ("long-labels.xlsx", "S102", "every text of a table a text of 32,767 characters", lambda: books.xlsx(
        {name: [[_LONG if isinstance(v, str) and v else v for v in row] for row in grid] if name == "复议诉讼" else grid
         for name, grid in book().items()})),
    ("date-year-10000.xlsx", "C108", "a number beyond all dates in a cell of a date format", lambda: _styled("yyyy-mm-dd", "1e15")),
    ("date-negative.xlsx", "C107", "a date before all dates", lambda: _styled("yyyy-mm-dd", "-1e5")),
    ("duration-endless.xlsx", "F101", "a duration of 3 million years", lambda: _styled("[h]:mm:ss", "1e9")),
    ("date-typed.xlsx", "C103", "a date that says it is one", lambda: _form(Xml("<v>2025-02-30T99:99:99</v>", 't="d"'))),
    ("error-of-its-own.xlsx", "C106", "an error value that there is none of", lambda: _form(Xml("<v>=cmd</v>", 't="e"'))),
    ("type-unknown.xlsx", "F101", "a cell of an unknown type", lambda: _form(Xml("<v>2</v>", 't="zzz"'))),
    ("style-unknown.xlsx", "C102", "a style that is not there", lambda: _form(Xml("<v>-2</v>", 's="999999"'))),
    ("text-unknown.xlsx", "F101", "a shared text that is not there", lambda: _form(Xml("<v>7</v>", 't="s"'))),
    ("comment-in-a-value.xlsx", "P101", "a comment within a number", lambda: _form(Xml("<v>7<!---->8</v>"))),
    ("instruction-in-a-value.xlsx", "P101", "an instruction within a number", lambda: _form(Xml("<v>7<?x?>8</v>"))),
    ("value-of-another-namespace.xlsx", "F101", "a second value that is none of a workbook", lambda: _form(
        Xml('<v>7</v><x:v xmlns:x="urn:x">8</x:v>'))),
    ("two-values.xlsx", "F101", "two values in a cell", lambda: _form(Xml("<v>7</v><v>8</v>"))),
    ("digit-by-its-code.xlsx", "F101", "a character reference in a number", lambda: _form(Xml("<v>&#55;</v>"))),
    ("number-with-a-sign.xlsx", "F101", "a number that not every program takes for one", lambda: _form(Xml("<v>+7</v>"))),
    ("ods-value-without-a-type.ods", "F101", "a number that some programs take for its text", lambda: _ods(
        Xml("<text:p>78</text:p>", 'office:value="7"'))),
    ("ods-date-beside-a-number.ods", "F101", "a number that some programs take for a date", lambda: _ods(
        Xml("<text:p>7</text:p>", 'office:value-type="float" office:value="7" office:date-value="2025-01-01"'))),
    ("ods-prefix-undeclared.ods", "F101", "texts that some programs leave out", lambda: _ods(7, "text")),
    ("sheets-of-another-kind.xlsx", "F101", "a list of sheets in another namespace", lambda: _list("<sheets>", '<sheets xmlns="urn:x">')),
    ("sheet-behind-a-dot.xlsx", "F101", "a sheet at a place that some programs do not find", lambda: _list(
        '"worksheets/sheet2.xml"', '"worksheets/./sheet2.xml"', "xl/_rels/workbook.xml.rels")),
    ("sheet-in-capitals.xlsx", "F101", "a sheet that some programs do not find by its name", lambda: _respelt("xl/worksheets/Sheet2.xml")),
    ("sheet-with-a-slash.xlsx", "F101", "a sheet that some programs do not find behind its slash", lambda: _respelt("/xl/worksheets/sheet2.xml")),
    ("comment-ill-formed.xlsx", "F101", "a comment within a number at which some programs stop", lambda: _form(Xml("<v>7<!-- -- -->8</v>"))),
    ("reference-ill-formed.xlsx", "F101", "a reference to no character, at which some programs stop", lambda: _form(Xml("<v>&#1;</v>", 't="str"'))),
    ("declared-otherwise.xlsx", "F101", "a sheet that says it is in UTF-16", lambda: _list(
        '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>', "xl/worksheets/sheet2.xml")),
    ("sheet-with-two-links.xlsx", "F101", "a sheet that leads to two others", lambda: _list(
        'r:id="rId2"', 'r:id="rId2" x:id="rId3" xmlns:x="urn:x"')),
    ("sheet-within-a-choice.xlsx", "F101", "a sheet that some programs leave out", lambda: _list(
        "</sheets>", '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"/></sheets>')),
    ("link-given-twice.xlsx", "F101", "two relationships of one name", lambda: _list(
        'Id="rId2"', 'Id="rId3"', "xl/_rels/workbook.xml.rels")),
    ("formula-never-calculated.xlsx", "C110", "a formula whose result is another than it says", lambda: _form(Xml("<f>9+3</f><v>0</v>"))),
    ("formula-of-4000-terms.xlsx", "C110", "a formula of 4,000 terms", lambda: _form(Xml(f"<f>{'1+' * 4_000}1</f><v>0</v>"))),
    ("formulas-in-a-circle.xlsx", "C110", "formulas that lead to one another", lambda: books.xlsx(put(
        book(), {_B4: Xml("<f>C4</f>"), "主动公开!C4": Xml("<f>B4</f>")}))),
    ("control-characters.xlsx", "C103", "escaped control characters in a field", lambda: _form("_x001B_]0;x_x0007_5_x0000_")),
    ("surrogates.xlsx", "C103", "half of a character, escaped", lambda: _form("_xD800_5_xDFFF_")),
    ("noncharacters.xlsx", "C103", "code points that are no characters", lambda: _form("5\ufdd0\U0001fffe")),
    ("picture-bomb.xlsx", "C102", "a picture of 3,600 million dots", lambda: _picture(_png(60_000, 60_000))),
    ("picture-of-99-million-dots.xlsx", "C102", "a picture of 99 million dots, all of them there", lambda: _picture(
        _png(9_900, 10_000, zlib.compress(bytes(9_901 * 10_000), 9)))),
    ("picture-program.xlsx", "C102", "a program (EPS) under a picture's name", lambda: _picture(_EPS)),
    ("picture-svg.xlsx", "C102", "a picture that fetches others (SVG)", lambda: _picture(_SVG)),
    ("picture-metafile.xlsx", "C102", "a metafile (WMF) of junk", lambda: _picture(b"\xd7\xcd\xc6\x9a" + bytes(99))),
    ("form-id-path.xlsx", "S105", "a form id that leads out of the folder of forms", lambda: _properties(
        "xlcheck.form", "../../../../etc/passwd")),
    ("form-id-payload.xlsx", "S105", "a form id that is a formula", lambda: _properties("xlcheck.form", "=1+1&#10;\u202ex")),
    ("sheet-name-long.xlsx", "F104", "a sheet name of 5,000 characters", lambda: books.xlsx(put(book(), {"甲" * 5000 + "!A1": 1}))),
    ("sheet-name-forbidden.xlsx", "F101", "a sheet name of characters that none may have", lambda: books.xlsx(
        put(book(), {"[a]:*?/\\'!A1": 1}))),
    ("sheet-name-escaped.xlsx", "F101", "a sheet name that some programs read as another", lambda: books.xlsx(
        put(book(), {"_x4E3B__x52A8_公开!A1": 1}))),
    ("sheet-name-control.xlsx", "S104", "a sheet name with line ends and marks of direction", lambda: books.xlsx(
        put(book(), {"a\u202eb\u2066\u2028c!A1": 1}))),
    ("result-sheet-forged.xlsx", "C102", "a result sheet that says all is well", lambda: books.xlsx(put(book(
        disclosure__regulations__issued=-1), {"审核结果!A1": "政府信息公开工作年度报告统计表审核结果", "审核结果!A2": "通过"}))),
    ("result-sheet-strange.xlsx", "C102 S104", "another sheet of the result sheet's name", lambda: books.xlsx(put(book(
        disclosure__regulations__issued=-1), {"审核结果!A1": "=1+1"}))),
    ("200-sheets.xlsx", "S104", "200 sheets more", lambda: books.xlsx(put(book(), {f"s{n}!A1": n for n in range(200)}))),
    ("table-twice.xlsx", "S104", "the same table on two sheets", lambda: books.xlsx({**book(), "副本": book()["复议诉讼"]})),
    ("year-overflow.xlsx", "S106", "a year of 400 digits", lambda: books.xlsx(put(book(), {books.cover_cells()["year"]: "9" * 400}))),
    ("year-negative.xlsx", "S106", "a year before the law", lambda: books.xlsx(put(book(), {books.cover_cells()["year"]: -2025}))),
    ("link-to-another-computer.xlsx", "C102", "a link to a workbook on another computer", payloads.external_book),
    ("link-to-a-program.xlsx", "C102", "a link to a program (DDE)", payloads.dde_link),
    ("live-links.xlsx", "C102", "cells that are links to programs, shares and web pages", payloads.live_links),
    ("live-formulas.xlsx", "C102", "formulas that call programs and the web", payloads.live_formulas),
    ("hidden-comment.xlsx", "C102", "comments with payloads on fields", payloads.comments),
    ("macros.xlsm", "C102", "a macro project that is junk", payloads.macros),
    ("ods-script.ods", "C102", "an .ods with a script, an event and a link", payloads.ods_script),
]  # fmt: skip

CASES: tuple[Case, ...] = (
    *_kept(HOSTILE),
    *(Case(*each) for each in REFUSED),
    *(Case(*each) for each in FORMS),
    *(Case(*each) for each in HEAVY),
    *(
        Case(f"payloads-{number}.{ending}", payloads.EXPECTED, f"{', '.join(name for name, _, _ in group)}", maker)
        for number, group in enumerate(payloads.GROUPS, 1)
        for ending, maker in payloads.makers(group)
    ),
)
