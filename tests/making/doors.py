"""The form in honest files that are unlike most: every program that people use opens them, and nothing in them harms."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.hostile import makers as hostile
from tests.hostile.corpus import books
from tests.hostile.corpus.books import book
from tests.making.books import REL, Parts, add, altered, faulty, put, relate
from tests.making.copies import parts_of
from tests.making.locked import locked_package, locked_xls
from xlcheck.guard.records import BOF, BOUNDSHEET, CODEPAGE, CONTINUE, EOF, LABEL, LABELSST, MERGED, SST, records

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK, _SHEET, _STRINGS = "xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"


class Door(NamedTuple):
    """An honest file."""

    name: str
    maker: Callable[[], bytes]
    well_known: bool = True
    """Whether openpyxl opens it, too."""


# --- parts that no reader of ours needs ------------------------------------------------------------------------------


def external_link(parts: Parts) -> None:
    """Cells of another workbook, kept with their last values: rows and cells of a kind of their own."""
    cells = '<row r="1"><cell r="A1"><v>5</v></cell><cell r="XFD1048576" t="str"><v>文</v></cell></row>'
    add(parts, "xl/externalLinks/externalLink1.xml", (
        f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{REL}" r:id="rId1"><sheetNames>'
        '<sheetName val="表"/></sheetNames><sheetDataSet><sheetData sheetId="0">'
        f"{cells}</sheetData></sheetDataSet></externalBook></externalLink>"
    ), f"{_TYPE}.externalLink+xml")  # fmt: skip
    relate(parts, _BOOK, ("rIdX", "externalLink", "externalLinks/externalLink1.xml"))


def power_query(parts: Parts) -> None:
    add(
        parts,
        "customXml/item1.xml",
        '<?xml version="1.0" encoding="utf-16"?><DataMashup>AAAA</DataMashup>'.encode("utf-16"),
    )
    relate(parts, _BOOK, ("rIdQ", "customXml", "../customXml/item1.xml"))


def gbk_properties(parts: Parts) -> None:
    parts["docProps/app.xml"] = (
        '<?xml version="1.0" encoding="GBK"?><Properties><Company>市局</Company></Properties>'.encode("gbk")
    )


def document_type_elsewhere(parts: Parts) -> None:
    add(parts, "customXml/item2.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')


def parts_like_xml(parts: Parts) -> None:
    add(parts, "xl/model/item.data", b"\xff\xfe<\0\0\x01" + bytes(range(256)))
    add(parts, "xl/customProperty1.bin", "<?xml 不是 XML".encode("utf-16"))
    add(parts, "xl/printerSettings/printerSettings9.bin", b"<?\0\1\2")


def resource_forks(parts: Parts) -> None:
    for name in ("._workbook.xml", "worksheets/._sheet2.xml", "_rels/._workbook.xml.rels", "._comments1.xml"):
        parts[f"__MACOSX/xl/{name}"] = b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(100)
    parts[".DS_Store"] = parts["xl/.DS_Store"] = b"\0\0\0\1Bud1" + bytes(60)


# --- sheets without cells of a form ----------------------------------------------------------------------------------


def _sheet(parts: Parts, title: str, kind: str, member: str, xml: str) -> None:
    put(parts, _BOOK, "</sheets>", f'<sheet name="{title}" sheetId="91" r:id="rIdS"/></sheets>')
    add(parts, member, xml)
    relate(parts, _BOOK, ("rIdS", kind, member.removeprefix("xl/")))


def macro_sheet(parts: Parts) -> None:
    kind = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    cells = '<sheetData><row r="1"><c r="A1"><f>HALT()</f></c></row></sheetData>'
    _sheet(
        parts,
        "Macro1",
        kind,
        "xl/macrosheets/sheet1.xml",
        f'<xm:macrosheet xmlns="{_MAIN}" xmlns:xm="x">{cells}</xm:macrosheet>',
    )


def dialog_sheet(parts: Parts) -> None:
    _sheet(parts, "Dialog1", "dialogsheet", "xl/dialogsheets/sheet1.xml", f'<dialogsheet xmlns="{_MAIN}"/>')


def sheet_without_relationship(parts: Parts) -> None:
    put(parts, _BOOK, "</sheets>", '<sheet name="旧模块" sheetId="92"/></sheets>')


# --- names and places ------------------------------------------------------------------------------------------------


def other_cases(parts: Parts) -> None:
    for name in [*parts]:
        parts[
            name.upper() if name.startswith("xl/worksheets/sheet") else name.replace("sharedStrings", "SharedStrings")
        ] = parts.pop(name)
    parts["[content_types].xml"] = parts.pop("[Content_Types].xml")


def other_workbook_name(parts: Parts) -> None:
    parts["xl/workbook22.xml"] = parts.pop(_BOOK)
    parts["xl/_rels/workbook22.xml.rels"] = parts.pop("xl/_rels/workbook.xml.rels")
    put(parts, "_rels/.rels", "xl/workbook.xml", "xl/workbook22.xml")
    put(parts, "[Content_Types].xml", "/xl/workbook.xml", "/xl/workbook22.xml")


def in_the_root(parts: Parts) -> None:
    for name in [*parts]:
        parts[name.removeprefix("xl/")] = parts.pop(name)
    put(parts, "_rels/.rels", "xl/workbook.xml", "/workbook.xml")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"/xl/", b"/")


def backward_targets(parts: Parts) -> None:
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"worksheets/", b"worksheets\\")


def _named(change: Callable[[str], str]) -> Callable[[], bytes]:
    """The form with names in the container that zip libraries do not write."""

    def made() -> bytes:
        parts = parts_of(faulty())
        marked = hostile.pack({name.replace("/", "\x01"): content for name, content in parts.items()})
        for name in parts:
            old = name.replace("/", "\x01").encode()
            new = change(name).encode()
            assert len(old) == len(new)
            marked = marked.replace(old, new)
        return marked

    return made


def absolute_names() -> bytes:
    """Each name begins with a slash."""
    parts = parts_of(faulty())
    data = hostile.pack({"\x01" + name: content for name, content in parts.items()})
    for name in parts:
        data = data.replace(b"\x01" + name.encode(), b"/" + name.encode())
    return data


# --- spelling --------------------------------------------------------------------------------------------------------


def _spelt(change: Callable[[str], bytes], *names: str) -> Callable[[Parts], None]:
    def changed(parts: Parts) -> None:
        for name in names or [name for name in parts if name.endswith((".xml", ".rels"))]:
            parts[name] = change(parts[name].decode())

    return changed


def _bare(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", text)


def _utf16(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-16" standalone="yes"?>{_bare(text)}'.encode("utf-16")


def _marked(text: str) -> bytes:
    return b"\xef\xbb\xbf" + text.encode()


def _declared(words: str) -> Callable[[str], bytes]:
    return lambda text: f"<?xml {words}?>\r\n{_bare(text)}".encode()


def _gbk(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="GB2312"?>{_bare(text)}'.encode("gbk")


def _escaped(text: str) -> str:
    """In ASCII, so that it reads alike in most encodings."""
    return "".join(char if char.isascii() else f"&#{ord(char)};" for char in text)


def gb2312_in_ascii(parts: Parts) -> None:
    for name in (_SHEET, _STRINGS, _BOOK):
        parts[name] = f'<?xml version="1.0" encoding="GB2312"?>{_bare(_escaped(parts[name].decode()))}'.encode()


def inline_cdata(parts: Parts) -> None:
    """Texts and numbers in CDATA, as some exporters write all that they are given."""
    text = parts[_SHEET].decode()
    strings = re.findall(r"<si>\s*<t[^>]*>([^<]*)</t>\s*</si>", parts[_STRINGS].decode())

    def inline(found: re.Match[str]) -> str:
        said = strings[int(found[2])].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        return f'<c{found[1]} t="inlineStr"><is><t><![CDATA[{said}]]></t></is></c>'

    text = re.sub(r'<c([^>]*) t="s"><v>(\d+)</v></c>', inline, text)
    parts[_SHEET] = re.sub(r"(<c[^>]*>)<v>(\d+)</v>", r"\1<v><![CDATA[\2]]></v>", text).encode()


def remarks(parts: Parts) -> None:
    """Comments and instructions between elements, also before the root."""
    parts[_SHEET] = (
        parts[_SHEET].replace(b"<row ", b"<!-- <row r='9'> --><row ").replace(b"<sheetData>", b"<?pi <c?><sheetData>")
    )
    put(parts, _STRINGS, "<si>", "<!-- <si> --><si>")
    put(parts, _BOOK, "<sheets>", '<!-- <sheet name="x"/> --><sheets>')
    for name in (_SHEET, _BOOK):
        parts[name] = (
            '<?xml version="1.0" encoding="UTF-8"?><!-- 由系统导出 --><?x y?>' + _bare(parts[name].decode())
        ).encode()


def size_in_rows(parts: Parts) -> None:
    parts[_SHEET] = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="1:20"/>', parts[_SHEET])
    assert b'ref="1:20"' in parts[_SHEET]


def new_errors(parts: Parts) -> None:
    """Error values that newer programs have, beside the table."""
    put(
        parts,
        _SHEET,
        "</row>",
        '<c r="Z1" t="e"><f>A1</f><v>#SPILL!</v></c><c r="AA1" t="e"><v>#GETTING_DATA</v></c></row>',
    )


def errors_in_words(parts: Parts) -> None:
    """Error values as some exporters write them, beside the table."""
    put(parts, _SHEET, "</row>", '<c r="Z1" t="e"><v>ERROR</v></c><c r="AA1" t="e"><v>n/a</v></c></row>')


def text_before_runs(parts: Parts) -> None:
    """Texts of which only the end looks otherwise (ECMA-376 part 1, 18.4.8), shared and inline."""
    parts[_STRINGS] = re.sub(
        r"<si>\s*<t[^>]*>([^<&])([^<&]+)</t>\s*</si>",
        r'<si><t>\1</t><r><rPr><b/></rPr><t xml:space="preserve">\2</t></r></si>',
        parts[_STRINGS].decode(),
    ).encode()
    assert b"</t><r>" in parts[_STRINGS]
    put(
        parts,
        _SHEET,
        "</row>",
        '<c r="Z1" t="inlineStr"><is><t>备</t><r><t>注</t></r></is></c></row>',
    )


def small_references(parts: Parts) -> None:
    parts[_SHEET] = re.sub(
        rb'<c r="([A-Z]+)', lambda found: found[0].replace(found[1], found[1].lower()), parts[_SHEET]
    )
    assert b'<c r="b4"' in parts[_SHEET]


def whole_columns(parts: Parts) -> None:
    """Columns and rows that are merged to the sheet's end, beside the tables."""
    for member, areas in ((_SHEET, "Z1:AB1048576"), ("xl/worksheets/sheet3.xml", "A90:XFD91")):
        text = parts[member].decode()
        assert text.count("</mergeCells>") == 1
        parts[member] = text.replace("</mergeCells>", f'<mergeCell ref="{areas}"/></mergeCells>').encode()


_EXTENSION = '<extLst><ext uri="u"><x:a xmlns:x="urn:x" b=">">8<x:d/></x:a></ext></extLst>'


def extensions(parts: Parts) -> None:
    """What newer programs keep in cells, rows and texts, and text between them that a careless program left."""
    text = parts[_SHEET].decode()
    text = text.replace("</v></c>", f"</v>{_EXTENSION}</c>").replace("</row>", f"{_EXTENSION}</row>&gt;")
    parts[_SHEET] = text.replace("<sheetData>", f"<sheetData>{_EXTENSION}").encode()
    parts[_STRINGS] = (
        parts[_STRINGS]
        .replace(b"</si>", f"{_EXTENSION}</si>\n".encode())
        .replace(b"</sst>", b'<y xmlns="urn:x"/></sst>')
    )


def rows_in_pieces(parts: Parts) -> None:
    """A row for each cell, as some exporters write them."""
    pieces = re.sub(r"(<row [^>]*>)((?:<c [^>]*/>|<c .*?</c>)+)</row>", _one_a_cell, parts[_SHEET].decode())
    assert pieces.count("<row ") > 2 * parts[_SHEET].count(b"<row ")
    parts[_SHEET] = pieces.encode()


def _one_a_cell(row: re.Match[str]) -> str:
    return "".join(f"{row[1]}{cell}</row>" for cell in re.findall(r"<c [^>]*/>|<c .*?</c>", row[2]))


def cells_again(parts: Parts) -> None:
    """Cells that were there before and held nothing, in the same row and in a piece of it that comes first."""
    text = parts[_SHEET].decode()
    text = re.sub(r'<c r="([A-Z]+[0-9]+)"([^>]*)><v>', r'<c r="\1"/><c r="\1"\2><v>', text)
    parts[_SHEET] = re.sub(r'(<row r="(5|12)"[^>]*>)', r'\1<c r="B\2" t="str"><v></v></c></row>\1', text).encode()
    assert text.count('r="C5"') == 2


def text_beside_nothing(parts: Parts) -> None:
    """Texts that stand in their cells, beside a value that holds nothing."""
    inline_cdata(parts)
    parts[_SHEET] = parts[_SHEET].replace(b"</is></c>", b"</is><v></v></c>")


def texts_by_other_ways(parts: Parts) -> None:
    """One table of texts that is referred to three times, by another case than it has; a sheet's entry that says more."""
    parts["xl/SharedStrings.xml"] = parts.pop(_STRINGS)
    relate(parts, _BOOK, *((f"rIdT{n}", "sharedStrings", "sharedStrings.xml") for n in range(2)))
    parts[_BOOK] = re.sub(rb"(<sheet [^>]*)/>", rb"\1><bookViews><workbookView/></bookViews></sheet>", parts[_BOOK])


# --- containers ------------------------------------------------------------------------------------------------------


def empty_without_stream() -> bytes:
    """A member without content and without a stream, which says all the same that it is deflated."""
    data = hostile.pack({**parts_of(faulty()), "docProps/thumbnail.wmf": b""}, zipfile.ZIP_STORED)
    out = bytearray(data)
    for mark, method, name in ((b"PK\3\4", 8, 30), (b"PK\1\2", 10, 46)):
        at = data.index(b"docProps/thumbnail.wmf", 0 if mark == b"PK\3\4" else data.index(b"PK\1\2")) - name
        assert data[at : at + 4] == mark
        out[at + method : at + method + 2] = struct.pack("<H", 8)
    return bytes(out)


def _streamed(parts: Parts) -> bytes:
    """Sizes behind the members, as programs write that cannot seek."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.held = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.held += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return bytes(pipe.held)


def zip64_members() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(faulty()).items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return buffer.getvalue()


def comment_at_the_end() -> bytes:
    buffer = io.BytesIO(faulty())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = "由公文系统归档".encode()
    return buffer.getvalue()


def named_twice(name: str, other: bytes | None) -> Callable[[], bytes]:
    """A member that stands in the container twice, with other content or the same."""

    def made() -> bytes:
        parts = {**parts_of(faulty()), "docProps/note.xml": b"<a/>"}
        stand_in = "x" * len(name)
        data = hostile.pack({**parts, stand_in: parts[name] if other is None else other})
        return data.replace(stand_in.encode(), name.encode())

    return made


def ranges_of_columns(parts: Parts) -> None:
    """Ranges that say only their columns or rows, on a sheet beside the form's."""
    cells = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    merged = '<mergeCells count="2"><mergeCell ref="B:D"/><mergeCell ref="90:91"/></mergeCells>'
    sheet = f'<worksheet xmlns="{_MAIN}">{cells}{merged}</worksheet>'
    _sheet(parts, "备查", "worksheet", "xl/worksheets/sheet91.xml", sheet)


_STRANGE = {
    "the workbook in the root", "a declaration in capitals", "UTF-16 said, UTF-8 written", "GB2312 in ASCII",
    "whole columns merged", "ranges of columns",  # it makes an object for each cell of them
}  # fmt: skip

_CHANGED: dict[str, Callable[[Parts], None]] = {
    "values of another workbook": external_link,
    "Power Query": power_query,
    "properties in GBK": gbk_properties,
    "a document type where nobody reads": document_type_elsewhere,
    "parts that begin like XML": parts_like_xml,
    "resource forks": resource_forks,
    "a macro sheet of old": macro_sheet,
    "a dialog sheet": dialog_sheet,
    "a sheet without relationship": sheet_without_relationship,
    "names in other cases": other_cases,
    "another name of the workbook": other_workbook_name,
    "the workbook in the root": in_the_root,
    "backward targets": backward_targets,
    "a sheet in UTF-16": _spelt(_utf16, _SHEET),
    "all in UTF-16": _spelt(_utf16),
    "marks of order": _spelt(_marked),
    "a declaration of one quote": _spelt(_declared("version='1.0' encoding='Utf-8' standalone='no'")),
    "a declaration in capitals": _spelt(_declared('version="1.0" encoding="UTF-8" standalone="YES"')),
    "UTF-16 said, UTF-8 written": _spelt(_declared('version="1.0" encoding="utf-16"')),
    "GB2312 in ASCII": gb2312_in_ascii,
    "CDATA": inline_cdata,
    "remarks": remarks,
    "a size in rows": size_in_rows,
    "new error values": new_errors,
    "error values in words": errors_in_words,
    "texts before runs": text_before_runs,
    "references in small letters": small_references,
    "whole columns merged": whole_columns,
    "ranges of columns": ranges_of_columns,
    "a sheet in GBK": _spelt(_gbk, _SHEET),
    "extensions": extensions,
    "rows in pieces": rows_in_pieces,
    "cells again": cells_again,
    "texts beside nothing": text_beside_nothing,
    "texts by other ways": texts_by_other_ways,
}

XLSX: tuple[Door, ...] = (
    *(Door(name, lambda change=change: altered(change), name not in _STRANGE) for name, change in _CHANGED.items()),  # type: ignore[misc]
    Door("backslashes", _named(lambda name: name.replace("/", "\\"))),
    Door("absolute names", absolute_names),
    Door("an empty member without a stream", empty_without_stream),
    Door("sizes behind the members", lambda: _streamed(parts_of(faulty()))),
    Door("zip64 members", zip64_members),
    Door("a comment at the end", comment_at_the_end),
    Door("bytes at the end", lambda: faulty() + b"\r\n\0\0" + b"ID=20250131" * 9),
    Door("another member of one name", named_twice("docProps/note.xml", b"<b/>")),
    Door("a sheet twice alike", named_twice(_SHEET, None)),
    Door("default password", lambda: locked_package(faulty())),
    Door("default password, Office 2007", lambda: locked_package(faulty(), agile=False)),
)
"""Files of the form with the faults of :func:`tests.making.books.faulty`."""


# --- .ods and .xls, of the form as :func:`tests.hostile.corpus.books.book` fills it -------------------------------


def _ods(change: Callable[[Parts], None]) -> bytes:
    parts = parts_of(books.ods(book()))
    change(parts)
    return hostile.pack(parts)


def _list(parts: Parts, name: str, kind: str) -> None:
    """Name a member in the document's list, where there is one."""
    entry = f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/></manifest:manifest>'
    manifest = parts.get("META-INF/manifest.xml", b"")
    parts["META-INF/manifest.xml"] = manifest.replace(b"</manifest:manifest>", entry.encode())


def shortcuts(parts: Parts) -> None:
    _list(parts, "Configurations2/accelerator/current.xml", "")
    parts["Configurations2/accelerator/current.xml"] = b""


def basic(parts: Parts) -> None:
    _list(parts, "Basic/script-lc.xml", "text/xml")
    parts["Basic/script-lc.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"'
        b' "libraries.dtd">\n<library:libraries xmlns:library="http://openoffice.org/2000/library"/>'
    )


def indented(parts: Parts) -> None:
    parts["content.xml"] = re.sub(rb">\s*<(?!/?text:)", b">\n    <", parts["content.xml"])


def default_namespace(parts: Parts) -> None:
    text = parts["content.xml"].decode().replace("<table:", "<").replace("</table:", "</")
    parts["content.xml"] = text.replace(
        "xmlns:table=", 'xmlns="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:table=', 1
    ).encode()


def without_manifest(parts: Parts) -> None:
    parts.pop("META-INF/manifest.xml", None)


def without_mimetype(parts: Parts) -> None:
    kind = parts.pop("mimetype").decode()
    parts["META-INF/manifest.xml"] = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    ).encode()


def kept_of_another(parts: Parts) -> None:
    """What another document's sheet held, far away cells included."""
    far = hostile.ods_row(hostile.ods_cell(), 1_000_000)
    table = f"<table:table table:name=\"'file:///d/a.ods'#表\">{far}</table:table>"
    put(parts, "content.xml", "</office:spreadsheet>", f"{table}</office:spreadsheet>")


def content_in_utf16(parts: Parts) -> None:
    parts["content.xml"] = _utf16(parts["content.xml"].decode())


def shapes(parts: Parts) -> None:
    """A text box within a cell of words, and a note of its own."""
    put(
        parts,
        "content.xml",
        "<text:p>",
        '<draw:frame xmlns:draw="d"><draw:text-box><text:p>图</text:p></draw:text-box></draw:frame><text:p>',
    )


def whole_column(parts: Parts) -> None:
    """A sheet of which the first column is one cell, and the row below another."""
    one = '<table:table-cell table:number-rows-spanned="1048576" table:number-columns-spanned="1"/>'
    row = '<table:table-cell table:number-rows-spanned="1" table:number-columns-spanned="16383"/>'
    covered = '<table:covered-table-cell table:number-columns-repeated="16382"/>'
    table = (
        f'<table:table table:name="备查"><table:table-row>{one}{row}{covered}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:covered-table-cell/></table:table-row></table:table>'
    )
    put(parts, "content.xml", "</office:spreadsheet>", f"{table}</office:spreadsheet>")


def rows_to_the_end(parts: Parts) -> None:
    """A sheet of words that say no type, in every row to the last."""
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>备注</text:p></table:table-cell>'
    table = f'<table:table table:name="备查">{row}</table:table-row></table:table>'
    put(parts, "content.xml", "</office:spreadsheet>", f"{table}</office:spreadsheet>")


def numbers_beside_texts(parts: Parts) -> None:
    """Texts that have a number or themselves as a value, too, as one library for Java writes them."""
    text = parts["content.xml"].decode()
    text = re.sub(
        r'office:value-type="string"(?=[^>]*><text:p>([^<"&]*)<)', r'office:value-type="string" office:value="\1"', text
    )
    assert 'string" office:value="' in text
    parts["content.xml"] = text.replace(
        'office:value-type="float"', 'office:value-type="float" office:string-value="9"'
    ).encode()


ODS_CHANGES: dict[str, Callable[[Parts], None]] = {
    "empty shortcuts": shortcuts,
    "Basic": basic,
    "indented": indented,
    "a default namespace": default_namespace,
    "no manifest": without_manifest,
    "no mimetype": without_mimetype,
    "another document's cells": kept_of_another,
    "content in UTF-16": content_in_utf16,
    "shapes": shapes,
    "a whole column merged": whole_column,
    "words in rows to the end": rows_to_the_end,
    "numbers beside texts": numbers_beside_texts,
}

ODS: tuple[Door, ...] = tuple(Door(name, lambda change=change: _ods(change)) for name, change in ODS_CHANGES.items())  # type: ignore[misc]


def _stream(extra: bytes = b"") -> bytes:
    """The stream of the form as an .xls; `extra` are records of its first sheet."""
    made = books.xls(book())
    size = struct.unpack_from("<L", made, made.index("Workbook".encode("utf-16-le")) + 120)[0]
    stream = made[512 : 512 + size]
    last = len(stream.rstrip(b"\0")) - 1  # where the last record, an end, begins
    return stream[:last] + extra + hostile.record(0x0A)


def _placed(made: Sequence[tuple[int, bytes]], off: int = 0) -> bytes:
    """Records as a stream, their list of sheets leading to each in its order, or `off` so many bytes behind."""
    stream, starts, entries = bytearray(), [], []
    for kind, data in made:
        if kind == BOF:
            starts.append(len(stream))
        elif kind == BOUNDSHEET:
            entries.append(len(stream) + 4)
        stream += hostile.record(kind, data)
    for at, place in zip(entries, starts[1:], strict=False):
        struct.pack_into("<L", stream, at, place + off)
    return bytes(stream)


def _taken() -> list[tuple[int, bytes]]:
    stream = _stream()
    return [(kind, stream[at : at + length]) for kind, at, length in records(stream)]


def _book(stream: bytes) -> bytes:
    return bytes(hostile.ole({"Workbook": stream}))


def wrong_places() -> bytes:
    """As after an editor that let records grow."""
    return _book(_placed(_taken(), off=20))


def without_end() -> bytes:
    return _book(_placed(_taken()[:-1]))


def nameless_chart() -> bytes:
    """An entry of seven bytes for a chart sheet, which has no name."""
    made = _taken()
    last = max(number for number, (kind, _) in enumerate(made) if kind == BOUNDSHEET)
    entry, chart = struct.pack("<L3B", 0, 0, 2, 0), bytes(hostile.bof(0x20))[4:]
    return _book(_placed([*made[: last + 1], (BOUNDSHEET, entry), *made[last + 1 :], (BOF, chart), (EOF, b"")]))


def before_unicode(page: int, codec: str, hidden: str = "") -> Callable[[], bytes]:
    """As Excel 5 wrote it, in a code page, with a sheet hidden ([MS-XLS] 2.1.7.20 tells what changed since)."""

    def older(kind: int, data: bytes) -> bytes:
        if kind == BOF:
            return struct.pack("<H", 0x500) + data[2:8]
        if kind == CODEPAGE:
            return struct.pack("<H", page)
        if kind == LABEL:
            text = data[9:].decode("utf-16-le").encode(codec)
            return data[:6] + struct.pack("<H", len(text)) + text
        if kind == BOUNDSHEET:
            title = data[8:].decode("utf-16-le")
            text = title.encode(codec)
            return data[:4] + struct.pack("<3B", title == hidden, 0, len(text)) + text
        return data

    return lambda: bytes(hostile.ole({"Book": _placed([(kind, older(kind, data)) for kind, data in _taken()])}))


def embedded() -> bytes:
    """A workbook in a storage of its own, as an embedded object lies there ([MS-CFB] 2.6)."""
    data = hostile.ole(
        {
            "Workbook": _stream(),
            "MBD0018D4CE": b"",
            "Worksheet": b"\0" * 64,
            "WORKBOOK": hostile.biff(hostile.number(0, 0)),
        }
    )
    at = data.index("MBD0018D4CE".encode("utf-16-le"))
    free = 0xFFFFFFFF
    data[at + 66] = 1  # a storage, in which the streams behind it lie
    struct.pack_into("<3L", data, at + 68, free, free, 3)
    return bytes(data)


_WHOLE = struct.pack("<9H", 2, 0, 65_535, 25, 27, 90, 91, 0, 255)
"""Merged columns and rows to the sheet's end ([MS-XLS] 2.4.168)."""


def empty_records() -> bytes:
    """Texts that are shared ([MS-XLS] 2.4.265), with an empty record after each and one within it."""
    stream = _stream()
    texts: list[bytes] = []
    kept: list[tuple[int, int, bytes]] = []
    for kind, at, length in records(stream):
        data = stream[at : at + length]
        if kind == LABEL:
            kept.append((at - 4, LABELSST, data[:6] + struct.pack("<L", len(texts))))
            texts.append(data[6:])
        else:
            kept.append((at - 4, kind, data))
    table = hostile.record(SST, struct.pack("<2L", len(texts), len(texts)))
    for text in texts:
        head, wide, characters = text[:3], text[2:3], text[3:]
        table += hostile.record(CONTINUE) + hostile.record(CONTINUE, head + characters[:2])
        table += hostile.record(CONTINUE) + hostile.record(CONTINUE, wide + characters[2:]) if characters[2:] else b""
    made, places = bytearray(), {}
    for place, kind, data in kept:
        if kind == EOF and table not in made:
            made += table
        places[place] = len(made)
        made += hostile.record(kind, data)
    for place, kind, data in kept:
        if kind == BOUNDSHEET:
            struct.pack_into("<L", made, places[place] + 4, places[struct.unpack_from("<L", data)[0]])
    return bytes(hostile.ole({"Workbook": bytes(made)}))


XLS: tuple[Door, ...] = (
    Door("a stream in capitals", lambda: bytes(hostile.ole({"WORKBOOK": _stream()}))),
    Door("an embedded workbook", embedded),
    Door("a size of 16 bytes", lambda: bytes(hostile.ole({"Workbook": _stream(hostile.record(0x200, bytes(16)))}))),
    Door("a size of 20 bytes", lambda: bytes(hostile.ole({"Workbook": _stream(hostile.record(0x200, b"\xff" * 20))}))),
    Door("empty records among texts", empty_records),
    Door("a whole column merged", lambda: bytes(hostile.ole({"Workbook": _stream(hostile.record(MERGED, _WHOLE))}))),
    Door("wrong places of sheets", wrong_places),
    Door("a last sheet without its end", without_end),
    Door("a chart without a name", nameless_chart),
    Door("before Unicode, in GBK", before_unicode(936, "gbk")),
    Door("before Unicode, of a Mac", before_unicode(10_008, "gbk")),
    Door("default password, RC4", lambda: locked_xls(_stream())),
    Door("default password, XOR", lambda: locked_xls(_stream(), xor=True)),
)
