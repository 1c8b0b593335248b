"""Hostile and broken files, each made by script: what the guard must stand up to.

:data:`HOSTILE` is a table of (name, maker, expected code or ``admitted``). What is admitted must not harm a parser.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

ADMITTED = "admitted"
Maker = Callable[[], bytes]
Case = tuple[str, Maker, str]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


# --- xlsx ---------------------------------------------------------------------------------------------------------


def content_types(book: str = BOOK_TYPE) -> str:
    return (
        f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/><Override PartName="/{SHEET}" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )


def relationships(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def workbook(names: str = "", sheets: str = '<sheet name="表" sheetId="1" r:id="rId1"/>') -> str:
    return f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{sheets}</sheets>{names}</workbook>'


def sheet(cells: str, head: str = "", tail: str = "") -> str:
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}" xmlns:r="{REL}">{head}'
        f"<sheetData>{cells}</sheetData>{tail}</worksheet>"
    )


def parts(cells: str = "", head: str = "", tail: str = "", **more: str | bytes) -> dict[str, str | bytes]:
    """The members of a small workbook; `more` by the keys below."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook(),
        "xl/_rels/workbook.xml.rels": relationships(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        SHEET: sheet(cells or A1, head, tail),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>',
    }
    keys = {
        "types": "[Content_Types].xml",
        "book": "xl/workbook.xml",
        "sheet": SHEET,
        "strings": "xl/sharedStrings.xml",
    }
    keys |= {"links": "xl/_rels/workbook.xml.rels", "styles": "xl/styles.xml"}
    return made | {keys[key]: value for key, value in more.items()}


def pack(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(entry(name), content, method)
    return out.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """A member of 1980, so that the same content gives the same bytes."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def xlsx(cells: str = "", head: str = "", tail: str = "", **more: str | bytes) -> bytes:
    return pack(parts(cells, head, tail, **more))


def with_parts(**extra: str | bytes) -> bytes:
    return pack(parts() | {name.replace("__", "/"): content for name, content in extra.items()})


def cell(ref: str, value: str = "1", kind: str = "") -> str:
    return f'<c r="{ref}"{kind}><v>{value}</v></c>'


def row(number: int, inner: str) -> str:
    return f'<row r="{number}">{inner}</row>'


A1 = row(1, cell("A1"))
FAR = cell("XFD1048576")


def encoded(text: str, encoding: str, declared: str = "") -> bytes:
    return text.replace('version="1.0"', f'version="1.0" encoding="{declared or encoding}"').encode(encoding)


def dtd(inner: str, cells: str = A1) -> str:
    return sheet(cells).replace('"1.0"?>', f'"1.0"?><!DOCTYPE worksheet [{inner}]>', 1)


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9))


def many_sheets(count: int, same: bool) -> bytes:
    listed = "".join(f'<sheet name="s{i}" sheetId="{i + 1}" r:id="rId{1 if same else i + 1}"/>' for i in range(count))
    links = [("worksheet", f"worksheets/sheet{1 if same else i + 1}.xml") for i in range(count)]
    members = parts(book=workbook(sheets=listed), links=relationships(*links))
    members |= {f"xl/worksheets/sheet{i + 1}.xml": sheet(A1) for i in range(1 if same else count)}
    return pack(members)


def picture_repeated() -> bytes:
    """A picture of 4 MB that 200 relationships lead to."""
    members = parts()
    members["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(("drawing", "../drawings/drawing1.xml"))
    members["xl/drawings/drawing1.xml"] = "<wsDr/>"
    members["xl/drawings/_rels/drawing1.xml.rels"] = relationships(*[("image", "../media/a.png")] * 200)
    members["xl/media/a.png"] = b"\x89PNG" + bytes(4 << 20)
    return pack(members)


def relationship_loop() -> bytes:
    members = parts()
    members["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(("drawing", "../drawings/drawing1.xml"))
    members["xl/drawings/drawing1.xml"] = "<wsDr/>"
    members["xl/drawings/_rels/drawing1.xml.rels"] = relationships(("worksheet", "../worksheets/sheet1.xml"))
    return pack(members)


def part_with_ref(kind: str, content: str) -> bytes:
    members = parts()
    members["xl/worksheets/_rels/sheet1.xml.rels"] = relationships((kind, "../part.xml"))
    members["xl/part.xml"] = content
    return pack(members)


def shared_formulas(count: int) -> str:
    master = "+".join(["A1"] * 2000)
    rows = [row(1, f'<c r="B1"><f t="shared" ref="B1:B{count}" si="0">{master}</f><v>1</v></c>')]
    rows += [row(i, f'<c r="B{i}"><f t="shared" si="0"/><v>1</v></c>') for i in range(2, count)]
    return "".join(rows)


def text_bomb() -> bytes:
    """One text of 30 kB that 20,000 cells show."""
    cells = "".join(row(i, "".join(cell(f"{c}{i}", "0", ' t="s"') for c in "ABCDEFGHIJ")) for i in range(1, 2001))
    return xlsx(cells, strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>')


def noise() -> bytes:
    """What does not compress, so that a file full of one thing is no bomb."""
    return random.Random(0).randbytes(200_000)


def every_limit() -> bytes:
    """Half of the cells and of the merged area that a file may hold, and most of the rules."""
    cells = "".join(row(i, "".join(cell(f"{c}{i}") for c in "ABCDEFGHIJ")) for i in range(1, 9_000))
    merges = "".join(f'<mergeCell ref="L{i}:AE{i + 49}"/>' for i in range(1, 1_600, 50))
    rule = '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>A1</formula></cfRule></conditionalFormatting>'
    return xlsx(cells, tail=f"<mergeCells>{merges}</mergeCells>{rule * 8_000}")


# --- zip ----------------------------------------------------------------------------------------------------------


def plain() -> bytes:
    return xlsx()


def flat_bomb() -> bytes:
    return with_parts(xl__big="\0" * (60 << 20))


def many_bombs() -> bytes:
    return with_parts(**{f"xl__big{i}": b"\0" * (20 << 20) for i in range(5)})


def nested_zip() -> bytes:
    """Nobody unzips a zip in a zip: it is a part like another."""
    return with_parts(xl__inner="".join("x" * 10), **{"xl__a.zip": pack({"b": bytes(1 << 20)})})


def local_header(name: str, method: int, crc: int, packed: int, size: int) -> bytes:
    """APPNOTE 4.3.7."""
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, method, 0, 33, crc, packed, size, len(name), 0) + name.encode()


def central_header(name: str, method: int, crc: int, packed: int, size: int, at: int) -> bytes:
    """APPNOTE 4.3.12."""
    sizes = (crc, packed, size, len(name), 0, 0, 0, 0, 0, at)
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, method, 0, 33, *sizes) + name.encode()


def end_of(count: int, directory: int, at: int) -> bytes:
    """APPNOTE 4.3.16."""
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, directory, at, 0)


def members(count: int) -> bytes:
    """So many empty members."""
    local = [local_header(f"xl/m{i:06}", 0, 0, 0, 0) for i in range(count)]
    size = len(local[0])
    directory = b"".join(central_header(f"xl/m{i:06}", 0, 0, 0, 0, i * size) for i in range(count))
    start = size * count
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return b"".join((*local, directory, wide, locator, end))


def named(name: str, content: str | bytes = "x") -> bytes:
    return pack(parts() | {name: content})


def duplicate(name: str) -> bytes:
    """A second member, renamed in place to `name`, which is as long as the placeholder."""
    placeholder = "q" * len(name)
    return named(placeholder, sheet(row(1, FAR))).replace(placeholder.encode(), name.encode())


def patched(data: bytes, old: bytes, new: bytes, last: bool = False) -> bytes:
    at = data.rfind(old) if last else data.find(old)
    assert at >= 0
    return data[:at] + new + data[at + len(old) :]


def central(data: bytes, at: int, form: str, value: int) -> bytes:
    """A field of the first entry of the central directory changed."""
    start = data.index(b"PK\1\2") + at
    return data[:start] + struct.pack(form, value) + data[start + struct.calcsize(form) :]


def overlapping() -> bytes:
    """All members of the directory point at the first one's bytes."""
    data = bytearray(pack({f"m{i}": bytes(1 << 20) for i in range(9)} | parts()))
    at = data.index(b"PK\1\2")
    first = bytes(data[at : at + 46])
    while data[at : at + 4] == b"PK\1\2":
        length, extra, comment = struct.unpack_from("<3H", data, at + 28)
        data[at + 16 : at + 28] = first[16:28]
        data[at + 42 : at + 46] = first[42:46]
        at += 46 + length + extra + comment
    return bytes(data)


def local_name_differs() -> bytes:
    return patched(plain(), b"xl/workbook.xml", b"xl/workbooK.xml")


def truncated(tenth: int) -> bytes:
    data = plain()
    return data[: len(data) * tenth // 10]


def wrong_crc() -> bytes:
    return central(plain(), 16, "<L", 1)


def claimed_size() -> bytes:
    """The directory claims one byte, the data inflate to more."""
    return central(plain(), 24, "<L", 1)


def broken_deflate() -> bytes:
    data = bytearray(plain())
    start = data.index(b"xl/workbook.xml") + 40
    data[start : start + 60] = bytes(60)
    return bytes(data)


def streamed() -> bytes:
    """Sizes only in data descriptors, as programs write that stream: honest."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.written += bytes(data)  # type: ignore[call-overload]
            return len(data)  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(entry(name), content)
    return bytes(pipe.written)


def zip64() -> bytes:
    """Every local header has a zip64 field: honest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            with archive.open(entry(name), "w", force_zip64=True) as member:
                member.write(content.encode() if isinstance(content, str) else content)
    return out.getvalue()


def zip64_end(start: int | None = None) -> bytes:
    """A zip64 end record before the plain one."""
    data = plain()
    end = data.rindex(b"PK\5\6")
    count, _, size, offset = struct.unpack_from("<2H2L", data, end + 8)
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset if start is None else start
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    plain_end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:end] + record + locator + plain_end


# --- ods ----------------------------------------------------------------------------------------------------------

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NS = "urn:oasis:names:tc:opendocument:xmlns"


def ods_content(rows: str, tables: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_NS}:office:1.0" '
        f'xmlns:table="{_NS}:table:1.0" xmlns:text="{_NS}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{rows}</table:table>{tables}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )


def ods(rows: str = "", content: str | bytes = "", mimetype: str = ODS, manifest: str = "") -> bytes:
    return pack(
        {
            "mimetype": mimetype,
            "content.xml": content or ods_content(rows or ods_row(ods_cell())),
            "META-INF/manifest.xml": f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{_NS}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>{manifest}</manifest:manifest>',
        }
    )


def ods_row(cells: str, repeat: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeat}">{cells}</table:table-row>'


def ods_cell(repeat: int | str = 1, text: str = "1") -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{repeat}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_text(inner: str, repeat: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeat}">'
        f"<text:p>{inner}</text:p></table:table-cell>"
    )


def ods_empty(repeat: int, style: str = "") -> str:
    return f'<table:table-cell {style} table:number-columns-repeated="{repeat}"/>'


STYLED = 'table:style-name="ce1"'


# --- xls ----------------------------------------------------------------------------------------------------------


def ole(streams: Mapping[str, bytes]) -> bytearray:
    """A container of version 3 ([MS-CFB]) with these streams, each padded to 4,096 bytes."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    sectors, fat, entries = b"", list[int](), list[tuple[str, int, int]]()
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        entries.append((name, len(fat), len(padded)))
        fat += [*range(len(fat) + 1, len(fat) + len(padded) // 512), end]
        sectors += padded
    directory = _entry("Root Entry", 5, end, 0, 1, free)
    for i, (name, start, size) in enumerate(entries, 1):
        directory += _entry(name, 2, start, size, free, i + 1 if i < len(entries) else free)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    first = len(fat)
    fat += [*range(first + 1, first + len(directory) // 512), end]
    tables = 1
    while tables * 128 < len(fat) + tables:
        tables += 1
    place = len(fat)
    fat += [0xFFFFFFFD] * tables
    fat += [free] * (tables * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9L", 0, tables, first, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109L", *[place + i if i < tables else free for i in range(109)])
    return bytearray(header + sectors + directory + struct.pack(f"<{len(fat)}L", *fat))


def _entry(name: str, kind: int, start: int, size: int, child: int, right: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBLLL16sLQQLQ", raw, len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child, b"", 0, 0, 0, start, size
    )


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<4H2L", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def number(row: int, column: int, value: float = 1.0) -> bytes:
    return record(0x203, struct.pack("<3Hd", row, column, 0, value))


def dimensions(top: int, bottom: int, left: int, right: int) -> bytes:
    return record(0x200, struct.pack("<2L3H", top, bottom, left, right, 0))


def biff(cells: bytes, globals_: bytes = b"", place: int | None = None) -> bytes:
    """A workbook's stream of one sheet, 表."""

    def head(at: int) -> bytes:
        listed = struct.pack("<L4B", at, 0, 0, 1, 1) + "表".encode("utf-16-le")
        return bof(5) + record(0x42, b"\xb0\x04") + globals_ + record(0x85, listed) + record(0x0A)

    return head(len(head(0)) if place is None else place) + bof(16) + cells + record(0x0A)


def xls(cells: bytes = b"", globals_: bytes = b"", place: int | None = None) -> bytes:
    return bytes(ole({"Workbook": biff(cells or number(0, 0), globals_, place)}))


def xls_fat_loop() -> bytes:
    """The stream's first sector follows itself."""
    data = ole({"Workbook": biff(number(0, 0))})
    at = data.rindex(struct.pack("<3L", 1, 2, 3))
    data[at : at + 4] = bytes(4)
    return bytes(data)


def xls_header(at: int, value: int) -> bytes:
    data = ole({"Workbook": biff(number(0, 0))})
    data[at : at + 4] = struct.pack("<L", value)
    return bytes(data)


def xls_stream_size(size: int) -> bytes:
    """The directory claims another size for the stream."""
    data = ole({"Workbook": biff(number(0, 0))})
    at = data.index("Workbook".encode("utf-16-le")) + 120
    data[at : at + 4] = struct.pack("<L", size)
    return bytes(data)


def string_table(count: int, text: bytes) -> bytes:
    return record(0xFC, struct.pack("<2LHB", count, count, len(text), 0) + text)


def label(row: int, column: int, index: int = 0) -> bytes:
    return record(0xFD, struct.pack("<3HL", row, column, 0, index))


def vba_bomb() -> bytes:
    """A VBA project whose compression unfolds 2,000-fold; the workbook beside it is honest."""
    chunk = b"\xff\xbf" + (b"\x80" + b"a" * 7 + b"\xff\x0f") * 400
    dir_stream = b"\x01" + chunk * 200
    return bytes(ole({"Workbook": biff(number(0, 0)), "_VBA_PROJECT_CUR": b"", "dir": dir_stream}))


# --- the table ----------------------------------------------------------------------------------------------------

FAR_CELLS: list[tuple[str, Maker, str]] = [
    ("far cell", lambda: xlsx(A1 + row(1048576, FAR)), "F104"),
    ("far cell, single quotes", lambda: xlsx(A1 + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "F104"),
    ("far cell, lower case", lambda: xlsx(A1 + row(9, cell("xfd1048576"))), "F104"),
    ("far cell, r last", lambda: xlsx(A1 + row(9, '<c s="0" t="n" r="XFD1048576"><v>1</v></c>')), "F104"),
    ("far cell, character references", lambda: xlsx(A1 + row(9, cell("&#88;FD104857&#x36;"))), "F104"),
    ("far cell, entities in r", lambda: xlsx(A1 + row(9, cell("&amp;A1"))), "F101"),
    ("far cell, white space in the tag", lambda: xlsx(A1 + '<row\n><c\tr = "XFD1048576"\n><v >1</v></c></row >'), "F104"),
    ("far cell, prefixed", lambda: xlsx(sheet=sheet(
        f'<x:row xmlns:x="{MAIN}" r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>')), "F104"),
    ("far cell, all prefixed", lambda: xlsx(sheet=(
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>")), "F104"),
    ("far cell, other r first", lambda: xlsx(row(9, '<c xml:r="A1" r="XFD1048576"><v>1</v></c>')), "F104"),
    ("far cell, r twice", lambda: xlsx(row(9, '<c r="A1" r="XFD1048576"><v>1</v></c>')), "F101"),
    ("far row, implicit cell", lambda: xlsx(A1 + '<row r="1048576"><c><v>1</v></c></row>'), "F104"),
    ("far row, counted rows", lambda: xlsx(A1 + '<row r="1048575"/><row><c><v>1</v></c></row>'), "F104"),
    ("far column, implicit cells", lambda: xlsx("<row>" + "<c/>" * 16383 + "<c><v>1</v></c></row>"), "F104"),
    ("far column, after a reference", lambda: xlsx('<row><c r="XFC1"/><c><v>1</v></c></row>'), "F104"),
    ("far cells, out of order", lambda: xlsx(row(1048576, cell("A1048576")) + row(1, cell("XFD1"))), "F104"),
    ("far inline text", lambda: xlsx(A1 + row(9, '<c r="A1048576" t="inlineStr"><is><t/></is></c>')), "F104"),
    ("far error value", lambda: xlsx(A1 + row(9, cell("A1048576", "#N/A", ' t="e"'))), "F104"),
    ("far empty text", lambda: xlsx(A1 + row(9, cell("A1048576", "", ' t="str"'))), "F104"),
    ("far cell in a comment", lambda: xlsx(A1 + "<!--" + row(9, FAR) + "-->"), ADMITTED),
    ("far cell in an instruction", lambda: xlsx(A1 + "<?x " + row(9, FAR) + "?>"), ADMITTED),
    ("far cell in CDATA", lambda: xlsx(A1 + "<![CDATA[" + row(9, FAR) + "]]>"), ADMITTED),
    ("value in CDATA", lambda: xlsx(row(1, '<c r="A1"><v><![CDATA[5]]></v></c>')), ADMITTED),
    ("far cell beyond any sheet", lambda: xlsx(A1 + row(9, cell("A99999999"))), "F101"),
    ("far column beyond any sheet", lambda: xlsx(A1 + row(9, cell("ZZZZ1"))), "F101"),
    ("row number that wraps", lambda: xlsx(A1 + row(9, cell("A4294967297"))), "F101"),
    ("row 0", lambda: xlsx(row(0, cell("A0"))), "F101"),
    ("reference that is a range", lambda: xlsx(row(1, cell("A1:B2"))), "F101"),
    ("tall and wide, each within", lambda: xlsx(row(1, cell("SR1")) + row(16000, cell("A16000"))), "F104"),
    ("row in a row", lambda: xlsx('<row r="1"><row r="9"><c><v>1</v></c></row></row>'), "F101"),
    ("cell outside rows", lambda: xlsx("<c><v>1</v></c>" + A1), "F101"),
    ("cells in two lists", lambda: xlsx(A1 + "</sheetData><sheetData>" + row(9, FAR)), "F101"),
    ("cells after the list", lambda: xlsx(A1, tail="<row>" + "<c/>" * 300_000 + "</row>"), "F104"),
    ("sheet under another name", lambda: pack(parts(links=relationships(("worksheet", "media/a.png")))
        | {"xl/media/a.png": sheet(row(9, FAR))}), "F104"),
    ("sheet behind junk", lambda: pack(parts(links=relationships(("worksheet", "a.bin")))
        | {"xl/a.bin": "junk" + sheet(row(9, FAR))}), "F101"),
    ("UTF-16", lambda: xlsx(sheet=encoded(sheet(row(9, FAR)), "utf-16")), "F104"),
    ("UTF-16 without a mark", lambda: xlsx(sheet=encoded(sheet(row(9, FAR)), "utf-16-le", "utf-16")), "F104"),
    ("GBK", lambda: xlsx(sheet=encoded(sheet(row(1, '<c r="A1" t="str"><v>表</v></c>')), "gbk")), ADMITTED),
    ("UTF-7", lambda: xlsx(sheet=encoded(sheet(A1), "utf-8", "utf-7")), "F101"),
]  # fmt: skip

SHEETS: list[tuple[str, Maker, str]] = [
    ("document type", lambda: xlsx(sheet=dtd("")), "F101"),
    ("billion laughs", lambda: xlsx(sheet=dtd(LAUGHS, row(1, cell("A1", "&j;")))), "F101"),
    ("external entity", lambda: xlsx(sheet=dtd('<!ENTITY x SYSTEM "file:///etc/passwd">')), "F101"),
    ("document type in the strings", lambda: xlsx(strings=f'<!DOCTYPE sst><sst xmlns="{MAIN}"/>'), "F101"),
    ("document type after a comment", lambda: xlsx(book="<!-- x --><!DOCTYPE workbook>" + workbook()[21:]), "F101"),
    ("document type in UTF-16", lambda: xlsx(styles="<!DOCTYPE x><styleSheet/>".encode("utf-16")), "F101"),
    ("sheet that is no XML", lambda: xlsx(sheet="<sheetData>oops"), "F101"),
    ("sheet not closed", lambda: xlsx(sheet=sheet(A1)[:-30] + "<x"), "F101"),
    ("250,001 cells", lambda: xlsx("".join(row(i, "<c/>" * 100) for i in range(1, 2600))), "F104"),
    ("8 million cells", lambda: xlsx("<row>" + '<c r="A1" s="1"/>' * 2_500_000 + "</row>"), "F104"),
    ("100,000 rows", lambda: xlsx("".join(f'<row r="{i}" ht="20"/>' for i in range(1, 100_001))), "F104"),
    ("one cell of a million values", lambda: xlsx('<row r="1"><c r="A1">' + "<v>1</v>" * 2_000_000 + "</c></row>"), "F104"),
    ("a million attributes", lambda: xlsx("<row " + " ".join(f'a{i}=""' for i in range(500_000)) + "/>"), "F104"),
    ("nested 100,000 deep", lambda: xlsx("<a>" * 100_000 + "</a>" * 100_000), "F101"),
    ("merge of the whole sheet", lambda: xlsx(tail='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "F104"),
    ("merge, prefixed", lambda: xlsx(
        tail=f'<x:mergeCells xmlns:x="{MAIN}"><x:mergeCell ref="A1:XFD1048576"/></x:mergeCells>'), "F104"),
    ("merge that is no range", lambda: xlsx(tail='<mergeCells><mergeCell ref="A1:B"/></mergeCells>'), "F101"),
    ("link of the whole sheet", lambda: xlsx(tail='<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'), "F104"),
    ("20,000 merges", lambda: xlsx(tail="<mergeCells>" + "".join(
        f'<mergeCell ref="A{2 * i + 1}:A{2 * i + 2}"/>' for i in range(20_000)) + "</mergeCells>"), "F104"),
    ("100,000 rule references", lambda: xlsx(tail=f'<conditionalFormatting sqref="{"A1 " * 100_000}"/>'), "F104"),
    ("rule for the whole sheet", lambda: xlsx(tail='<conditionalFormatting sqref="A1:XFD1048576"><cfRule '
        'type="expression" priority="1"><formula>TRUE</formula></cfRule></conditionalFormatting>'), ADMITTED),
    ("shared formula for 1,000", lambda: xlsx(shared_formulas(1000)), "F104"),
    ("far dimension", lambda: xlsx(head='<dimension ref="A1:XFD1048576"/>'), ADMITTED),
    ("text shown 20,000 times", text_bomb, "F104"),
    ("400,000 tags of no cell in a row", lambda: xlsx("<row r='1'>" + "<x/>" * 400_000 + "</row>"), "F104"),
    ("400,000 tags in a cell", lambda: xlsx(row(1, f'<c r="A1">{"<q/>" * 400_000}</c>')), "F104"),
    ("2,200,000 values in a cell", lambda: pack(
        {"noise": noise(), **parts(row(1, f'<c r="A1">{"<v></v>" * 2_200_000}</c>'))}), "F104"),
    ("2,100,000 shared strings", lambda: pack(
        {"noise": noise(), **parts(strings=f'<sst xmlns="{MAIN}">{"<si/>" * 2_100_000}</sst>')}), "F104"),
    ("cells, merges and rules, each within its limit", every_limit, "F104"),
    ("17 MB of texts", lambda: xlsx(strings=f'<sst xmlns="{MAIN}">{"<si><t>abc</t></si>" * 1_000_000}</sst>'), "F104"),
    ("count of texts that lies", lambda: xlsx(
        strings=f'<sst xmlns="{MAIN}" uniqueCount="4294967295"><si><t>a</t></si></sst>'), "F101"),
    ("count of texts that lies, deeper", lambda: xlsx(
        strings=f"<x><sst xmlns='{MAIN}' uniqueCount = '99999999999999999999'/></x>"), "F101"),
    ("count of shown texts that lies", lambda: xlsx(
        strings=f'<sst xmlns="{MAIN}" count="4294967295"><si><t>a</t></si></sst>'), ADMITTED),
    ("text that is not there", lambda: xlsx(row(1, cell("A1", "99999999", ' t="s"'))), "F101"),
    ("200,000 styles", lambda: xlsx(styles=f"<styleSheet><cellXfs>{'<xf/>' * 200_000}</cellXfs></styleSheet>"), "F104"),
    ("number format of 60 kB", lambda: xlsx(styles='<styleSheet><numFmts><numFmt numFmtId="200" formatCode="'
        + "[" * 60_000 + '"/></numFmts></styleSheet>'), "F104"),
    ("print title of 60 kB", lambda: xlsx(book=workbook('<definedNames><definedName name="_xlnm.Print_Titles" '
        f'localSheetId="0">{"A" * 60_000}</definedName></definedNames>')), "F104"),
    ("1,000 sheets", lambda: many_sheets(1000, same=False), "F104"),
    ("50 sheets on one part", lambda: many_sheets(50, same=True), "F101"),
    ("workbook in another place", lambda: pack(parts(types=content_types().replace("/xl/workbook.xml", "/xl/other.xml"))
        | {"xl/other.xml": workbook(sheets='<sheet name="a" sheetId="1" r:id="rId1"/>' * 9999)}), ADMITTED),
    ("two tables of texts", lambda: pack(parts(links=relationships(("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "other.xml"))) | {"xl/other.xml": f'<sst xmlns="{MAIN}"/>'}), "F101"),
    ("picture repeated", picture_repeated, "F104"),
    ("relationship loop", relationship_loop, ADMITTED),
    ("comment on the whole sheet", lambda: part_with_ref("comments", '<comments><commentList><comment ref="A1:XFD1048576" '
        'authorId="0"/></commentList></comments>'), "F104"),
    ("table without columns", lambda: part_with_ref("table", '<table ref="A1:XFD1048576"/>'), "F104"),
    ("external link", lambda: part_with_ref("externalLink", "<externalLink/>"), ADMITTED),
    ("formula and link payloads", lambda: xlsx(
        row(1, '<c r="A1" t="str"><f>HYPERLINK("http://x","y")</f><v>=cmd|\'/c calc\'!A1</v></c>')), ADMITTED),
]  # fmt: skip

CONTAINERS: list[tuple[str, Maker, str]] = [
    *((f"cut at {tenth}0 %", lambda tenth=tenth: truncated(tenth), "F101") for tenth in range(1, 10)),
    ("empty", lambda: b"", "F103"),
    ("only NULs", lambda: bytes(5000), "F103"),
    ("CSV", lambda: "单位,数量\n教育局,5\n".encode("gbk"), "F103"),
    ("HTML", lambda: b"<html><body><table><tr><td>1</td></tr></table></body></html>", "F103"),
    ("XML spreadsheet of 2003", lambda: b'<?xml version="1.0"?><Workbook '
        b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "F103"),
    ("PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "F103"),
    ("RTF", lambda: b"{\\rtf1 a}", "F103"),
    ("PNG", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "F103"),
    ("gzip", lambda: b"\x1f\x8b\x08" + zlib.compress(b"x"), "F103"),
    ("plain zip", lambda: pack({"a.txt": "a"}), "F103"),
    ("zip without members", lambda: pack({}), "F103"),
    ("Word document", lambda: xlsx(types=content_types(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")), "F103"),
    ("binary workbook", lambda: xlsx(types=content_types(
        "application/vnd.ms-excel.sheet.binary.macroEnabled.main")), "F103"),
    ("21 MB", lambda: plain() + bytes(21 << 20), "F104"),
    ("flat bomb", flat_bomb, "F104"),
    ("bomb in five members", many_bombs, "F104"),
    ("zip in a zip", nested_zip, ADMITTED),
    ("3,000 members", lambda: members(3000), "F104"),
    ("overlapping members", overlapping, "F101"),
    ("wrong CRC", wrong_crc, "F101"),
    ("size that lies", claimed_size, "F101"),
    ("size of 4 GB", lambda: central(plain(), 24, "<L", 0xFFFFFFF0), "F104"),
    ("packed size that lies", lambda: central(plain(), 20, "<L", 9), "F101"),
    ("offset beyond the file", lambda: central(plain(), 42, "<L", 0x7FFFFFFF), "F101"),
    ("broken deflate", broken_deflate, "F101"),
    ("unknown compression", lambda: central(plain(), 10, "<H", 12), "F101"),
    ("encrypted member", lambda: central(plain(), 8, "<H", 1), "F102"),
    ("AES member", lambda: central(plain(), 10, "<H", 99), "F102"),
    ("second disk", lambda: central(plain(), 34, "<H", 1), "F101"),
    ("name that leads out", lambda: named("../../etc/cron.d/x"), "F101"),
    ("absolute name", lambda: named("/etc/x"), ADMITTED),
    ("name with a backslash", lambda: patched(patched(named("xl/evil"), b"xl/evil", b"xl\\evil"),
        b"xl/evil", b"xl\\evil", last=True), ADMITTED),
    ("name with a drive", lambda: named("C:evil"), "F101"),
    ("name with a line break", lambda: named("xl/a\nb"), "F101"),
    ("name with bidi marks", lambda: named("xl/\u202egnp.xml", "<a/>"), ADMITTED),
    ("member twice", lambda: duplicate(SHEET), "F101"),
    ("member twice, in two cases", lambda: duplicate(SHEET.upper()), "F101"),
    ("two names for a member", local_name_differs, "F101"),
    ("bytes before", lambda: b"MZ" + plain(), "F101"),
    ("bytes before, offsets kept", lambda: b"PK\3\4" + bytes(60) + plain(), "F101"),
    ("bytes behind", lambda: plain() + b"junk", ADMITTED),
    ("two zips", lambda: plain() + plain(), "F101"),
    ("zip64 that lies", lambda: zip64_end(5), "F101"),
    ("no workbook", lambda: pack({k: v for k, v in parts().items() if "workbook" not in k}), "F101"),
]  # fmt: skip

OTHERS: list[tuple[str, Maker, str]] = [
    ("ods", ods, ADMITTED),
    ("ods, empty tail", lambda: ods(ods_row(ods_cell() + ods_empty(16383)) + ods_row(ods_empty(16384), 1048575)), ADMITTED),
    ("ods, styled tail", lambda: ods(ods_row(ods_cell() + ods_empty(16383, STYLED))
        + ods_row(ods_empty(16384, STYLED), 1048575)), ADMITTED),
    ("ods, far row", lambda: ods(ods_row(ods_cell()) + ods_row(ods_empty(1), 1048574) + ods_row(ods_cell())), "F104"),
    ("ods, far column", lambda: ods(ods_row(ods_empty(16383) + ods_cell())), "F104"),
    ("ods, repeated cells", lambda: ods(ods_row(ods_cell(16384), 1048576)), "F104"),
    ("ods, a million cells", lambda: ods(ods_row(ods_cell(500), 2000)), "F104"),
    ("ods, repeated text", lambda: ods(ods_row(ods_text("x" * 100_000, 200), 200)), "F104"),
    ("ods, repeated blanks", lambda: ods(ods_row(ods_text('a<text:s text:c="30000"/>' * 3000))), "F104"),
    ("ods, blanks without end", lambda: ods(ods_row(ods_text('<text:s text:c="4000000000"/>'))), "F101"),
    ("ods, repeat of -1", lambda: ods(ods_row(ods_cell(-1))), "F101"),
    ("ods, repeat of 2^32", lambda: ods(ods_row(ods_cell(1 << 32))), "F101"),
    ("ods, repeat twice", lambda: ods(ods_row(ods_cell().replace("office:value=", 'table:number-columns-repeated="9" a='))),
        "F101"),
    ("ods, 20 large sheets", lambda: ods(content=ods_content("", "".join(
        f'<table:table table:name="t{i}">{ods_row(ods_cell(400), 900)}</table:table>' for i in range(20)))), "F104"),
    ("ods, document type", lambda: ods(content=ods_content("").replace("?>", "?><!DOCTYPE x [" + LAUGHS + "]>", 1)), "F101"),
    ("ods, UTF-16", lambda: ods(content=encoded(ods_content("").replace(' encoding="UTF-8"', ""), "utf-16")), ADMITTED),
    ("ods, encrypted", lambda: ods(content=bytes(range(256)), manifest="<manifest:encryption-data/>"), "F102"),
    ("odt", lambda: ods(mimetype="application/vnd.oasis.opendocument.text"), "F103"),
    ("xls", xls, ADMITTED),
    ("xls, far cell", lambda: xls(number(0, 0) + number(65535, 255)), "F104"),
    ("xls, far multiple cell", lambda: xls(record(0xBD, struct.pack("<3HLHLH", 65535, 2, 0, 0, 0, 0, 3))), "F104"),
    ("xls, far blank", lambda: xls(number(0, 0) + record(0x201, struct.pack("<3H", 65535, 255, 0))), ADMITTED),
    ("xls, far cell in a nested part", lambda: xls(number(0, 0) + bof(32) + number(65535, 255) + record(0x0A)), "F104"),
    ("xls, multiple cell that lies", lambda: xls(record(0xBD, struct.pack("<3HLH", 9, 2, 0, 0, 65535))), "F101"),
    ("xls, dimension of 256 million", lambda: xls(dimensions(0, 1 << 20, 0, 256) + number(0, 0)), ADMITTED),
    ("xls, dimension without end", lambda: xls(dimensions(0, 0xFFFFFFFF, 0, 0xFFFF) + number(0, 0)), ADMITTED),
    ("xls, dimension reversed", lambda: xls(dimensions(5, 1, 7, 1) + number(0, 0)), ADMITTED),
    ("xls, encrypted", lambda: xls(globals_=record(0x2F, b"\1\0\1\0\1\0" + bytes(48))), "F102"),
    ("xls, obfuscated", lambda: xls(globals_=record(0x2F, bytes(6))), "F102"),
    ("encrypted xlsx", lambda: bytes(ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})), "F102"),
    ("Word 97", lambda: bytes(ole({"WordDocument": b"x"})), "F103"),
    ("xls, sheet beyond the stream", lambda: xls(place=999_999), ADMITTED),
    ("xls, sheet inside a record", lambda: xls(place=3), ADMITTED),
    ("xls, a sheet too many", lambda: xls(globals_=record(0x85, struct.pack("<L4B", 99, 0, 0, 1, 1) + b"bb")), "F101"),
    ("xls, record beyond the stream", lambda: xls(number(0, 0) + struct.pack("<2H", 0x203, 60_000)), "F101"),
    ("xls, short code page", lambda: xls(globals_=record(0x42)), "F101"),
    ("xls, short name", lambda: xls(globals_=record(0x18, bytes(3))), ADMITTED),
    ("xls, short record", lambda: xls(record(0x203, b"\0")), "F101"),
    ("xls, merges that lie", lambda: xls(number(0, 0) + record(0xE5, struct.pack("<5H", 60_000, 0, 65535, 0, 255))), "F101"),
    ("xls, count of texts that lies", lambda: xls(label(0, 0), string_table(0xFFFFFFFF, b"abc")), ADMITTED),
    ("xls, text shown 30,000 times", lambda: xls(
        b"".join(label(i, j) for i in range(3000) for j in range(10)), string_table(1, b"x" * 8000)), "F104"),
    ("xls, sector loop", xls_fat_loop, "F101"),
    ("xls, stream of 4 GB", lambda: xls_stream_size(0xFFFFFFF0), "F101"),
    ("xls, 4 billion tables", lambda: xls_header(44, 0xFFFFFFFF), ADMITTED),
    ("xls, directory beyond the file", lambda: xls_header(48, 0x7FFFFFFF), "F101"),
    ("xls, tables beyond the file", lambda: xls_header(76, 0x7FFFFFFF), "F101"),
    ("xls, cut", lambda: xls()[:3000], "F101"),
    ("xls, VBA bomb", vba_bomb, ADMITTED),
]  # fmt: skip

HOSTILE: list[Case] = [*FAR_CELLS, *SHEETS, *CONTAINERS, *OTHERS]


def encrypted_workbook() -> bytes:
    """What Office makes of a workbook with a password to open: an OLE2 container with the encrypted package inside."""
    return bytes(ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}))
