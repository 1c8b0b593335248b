"""The form as departments hand it in: with what else a workbook may hold, in the spelling of many programs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import openpyxl
from openpyxl.comments import Comment

from tests.hostile.makers import pack
from tests.making.copies import parts_of
from tests.making.filling import edit, workbook

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument"
COVER, DISCLOSURE, REQUESTS = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3))

Parts = dict[str, bytes]


class Kind(NamedTuple):
    """A kind of workbook."""

    name: str
    maker: Callable[[], bytes]


def faulty() -> bytes:
    """The form with a negative number, a blank, and a number that breaks two balances."""
    return workbook(
        disclosure__regulations__issued=-3, disclosure__coercion__decisions="", requests__received__person=60
    )


def altered(change: Callable[[Parts], None], base: Callable[[], bytes] = faulty) -> bytes:
    """A workbook after a change of its parts."""
    parts = parts_of(base())
    change(parts)
    return pack(parts)


def put(parts: Parts, name: str, old: str, new: str) -> None:
    """Replace the first place of a text in a part; it must be there."""
    assert old.encode() in parts[name], f"{old!r} is not in {name}"
    parts[name] = parts[name].replace(old.encode(), new.encode(), 1)


def add(parts: Parts, name: str, content: str | bytes, kind: str = "") -> None:
    """Add a part, with its content type if its name does not say it."""
    parts[name] = content.encode() if isinstance(content, str) else content
    if kind:
        put(parts, "[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')


def default(parts: Parts, ending: str, kind: str) -> None:
    """Say what parts with an ending are."""
    put(parts, "[Content_Types].xml", "<Default", f'<Default Extension="{ending}" ContentType="{kind}"/><Default')


def relate(parts: Parts, name: str, *links: tuple[str, str, str]) -> None:
    """Lead from a part to others: id, kind and target of each."""
    folder, _, last = name.rpartition("/")
    rels = f"{folder}/_rels/{last}.rels"
    known = parts.get(
        rels, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    new = "".join(
        f'<Relationship Id="{key}" Type="{kind if ":" in kind else f"{REL}/{kind}"}" Target="{target}"/>'
        for key, kind, target in links
    )
    parts[rels] = known.replace(b"</Relationships>", f"{new}</Relationships>".encode())


def behind(parts: Parts, name: str, xml: str, before: str = "</worksheet>") -> None:
    """Put elements of a sheet before others."""
    put(parts, name, before, xml + before)


# --- what openpyxl lost or changed when it loaded and saved -----------------------------------------------------------


def merged_fields(parts: Parts) -> None:
    """Two fields merged, each with its own number."""
    put(parts, REQUESTS, "</mergeCells>", '<mergeCell ref="D5:E5"/><mergeCell ref="F7:F8"/></mergeCells>')
    count = re.search(rb'mergeCells count="(\d+)"', parts[REQUESTS])
    assert count
    put(parts, REQUESTS, count[0].decode(), f'mergeCells count="{int(count[1]) + 2}"')


def chart_sheet(parts: Parts) -> None:
    """A chart sheet in front of sheets with print areas."""
    kind = f"{_TYPE}.spreadsheetml.chartsheet+xml"
    views = '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
    add(parts, "xl/chartsheets/sheet1.xml", f'<chartsheet xmlns="{MAIN}">{views}</chartsheet>', kind)
    relate(parts, "xl/workbook.xml", ("rIdX1", "chartsheet", "chartsheets/sheet1.xml"))
    put(parts, "xl/workbook.xml", "<sheets>", '<sheets><sheet name="图表" sheetId="77" r:id="rIdX1"/>')
    text = parts["xl/workbook.xml"].decode()
    moved = re.sub(r'localSheetId="(\d+)"', lambda found: f'localSheetId="{int(found[1]) + 1}"', text)
    area = "<definedName name=\"_xlnm.Print_Area\" localSheetId='2'>主动公开!$A$1:$D$15</definedName>"
    moved = moved.replace("</definedNames>", f"{area}</definedNames>")
    moved = moved.replace("<workbookView ", '<workbookView activeTab="3" firstSheet="1" ')
    parts["xl/workbook.xml"] = moved.encode()


def header(parts: Parts) -> None:
    """A header of two lines, and a footer without sections."""
    footer = "<headerFooter><oddFooter>"
    put(parts, DISCLOSURE, footer, "<headerFooter><oddHeader>&amp;L某某市\n教育局</oddHeader><oddFooter>内部 &amp;P")


def rich_blanks(parts: Parts) -> None:
    """Blanks between the runs of a rich text."""
    runs = '<si><r><t xml:space="preserve">单位 </t></r><r><rPr><b/></rPr><t> 名称</t></r><phoneticPr fontId="1"/></si>'
    put(parts, "xl/sharedStrings.xml", "<si><t>单位名称</t></si>", runs)


def digits(parts: Parts) -> None:
    """Numbers of 16 and 17 digits."""
    fee = re.search(rb'<c r="B15"[^>]*><v>[^<]*</v>', parts[DISCLOSURE])
    assert fee
    put(parts, DISCLOSURE, fee[0].decode(), re.sub("<v>.*</v>", "<v>12345678901234567</v>", fee[0].decode()))
    at = parts[DISCLOSURE].index(b'<c r="C4"')
    head, rest = parts[DISCLOSURE][:at], parts[DISCLOSURE][at:]
    assert rest.index(b"<v>0</v>") < rest.index(b"</c>")
    parts[DISCLOSURE] = head + rest.replace(b"<v>0</v>", b"<v>0.30000000000000004</v>", 1)


_PIC = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>16</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    "</xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>20</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="公章"><a:hlinkClick r:id="rId2"/></xdr:cNvPr><xdr:cNvPicPr/></xdr:nvPicPr>'
    '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>'
)


def _drawing(inner: str) -> str:
    return (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:r="{REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{inner}</xdr:wsDr>'
    )


def picture(content: bytes, ending: str, wrapped: bool = False) -> Callable[[Parts], None]:
    """A picture on a sheet, with a link; perhaps in an element that only newer programs read."""

    def change(parts: Parts) -> None:
        choice = (
            f'<mc:AlternateContent><mc:Choice Requires="a14">{_PIC}</mc:Choice><mc:Fallback/></mc:AlternateContent>'
        )
        name = "xl/drawings/drawing1.xml"
        add(parts, name, _drawing(choice if wrapped else _PIC), f"{_TYPE}.drawing+xml")
        add(parts, f"xl/media/image1.{ending}", content)
        default(parts, ending, f"image/{ending}")
        relate(parts, name, ("rId1", "image", f"../media/image1.{ending}"), ("rId2", "hyperlink", "#封面!A1"))
        relate(parts, DISCLOSURE, ("rId1", "drawing", "../drawings/drawing1.xml"))
        behind(parts, DISCLOSURE, f'<drawing xmlns:r="{REL}" r:id="rId1"/>')

    return change


def allowed_ranges(parts: Parts) -> None:
    """Ranges that may be edited on a locked sheet."""
    ranges = '<protectedRanges><protectedRange sqref="A16:D20" name="备注可编辑"/></protectedRanges>'
    put(parts, DISCLOSURE, "<mergeCells", f"{ranges}<mergeCells")


def chart(parts: Parts) -> None:
    """A chart with a rich title, and the parts with its look that newer programs write."""
    title = '<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr lang="zh-CN"/><a:t>申请量</a:t></a:r></a:p></c:rich></c:tx></c:title>'
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    add(parts, "xl/charts/chart1.xml", f"<c:chartSpace {space}><c:chart>{title}</c:chart></c:chartSpace>", f"{_TYPE}.drawingml.chart+xml")  # fmt: skip
    add(
        parts,
        "xl/charts/style1.xml",
        "<cs:chartStyle xmlns:cs='urn:cs' id='201'/>",
        "application/vnd.ms-office.chartstyle+xml",
    )
    relate(
        parts,
        "xl/charts/chart1.xml",
        ("rId1", "http://schemas.microsoft.com/office/2011/relationships/chartStyle", "style1.xml"),
    )
    frame = '<xdr:graphicFrame><a:graphic><a:graphicData uri="x"><c:chart xmlns:c="x" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    add(
        parts,
        "xl/drawings/drawing1.xml",
        _drawing(f"<xdr:absoluteAnchor>{frame}</xdr:absoluteAnchor>"),
        f"{_TYPE}.drawing+xml",
    )
    relate(parts, "xl/drawings/drawing1.xml", ("rId1", "chart", "../charts/chart1.xml"))
    relate(parts, REQUESTS, ("rId1", "drawing", "../drawings/drawing1.xml"))
    behind(parts, REQUESTS, f'<drawing xmlns:r="{REL}" r:id="rId1"/>')


def extensions(parts: Parts) -> None:
    """Sparklines, extended conditional formats, and the mark of dynamic arrays."""
    x14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
    bars = (
        '<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="dataBar" id="{1}"><x14:dataBar/></x14:cfRule>'
        "<xm:sqref>D5:D9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
    )
    lines = "<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines/></x14:sparklineGroup></x14:sparklineGroups>"
    behind(
        parts,
        REQUESTS,
        f'<extLst><ext uri="{{78C0D931}}" {x14}>{bars}</ext><ext uri="{{05C60535}}" {x14}>{lines}</ext></extLst>',
    )
    add(parts, "xl/metadata.xml", f'<metadata xmlns="{MAIN}"><metadataTypes count="1"><metadataType name="XLDAPR"/></metadataTypes></metadata>',
        f"{_TYPE}.spreadsheetml.sheetMetadata+xml")  # fmt: skip
    relate(parts, "xl/workbook.xml", ("rIdM", "sheetMetadata", "metadata.xml"))


# --- comments and what is drawn like them -----------------------------------------------------------------------------

VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600"><br></v:shapetype>{}</xml>'
)
"""As older programs write it: a line break that is not closed."""
SHAPE = (
    '<v:shape id="_x0000_s1025" type="#_x0000_t202" style=\'position:absolute;width:96pt;height:55.5pt;visibility:hidden\'>'
    '<v:textbox><font face="宋体">注<br></font></v:textbox><x:ClientData ObjectType="{kind}"><x:Anchor>2, 15, 2, 10, 4, 15, 6, 4</x:Anchor>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
RICH = (
    '<comments xmlns="{main}"><authors><author>李四</author><author></author></authors><commentList>'
    '<comment ref="B4" authorId="0"><text><r><rPr><b/><sz val="9"/></rPr><t xml:space="preserve">李四: </t></r><r><t>数据来自\n法规处</t></r>'
    '</text></comment><comment ref="A1" authorId="1"><text><t>无关</t></text></comment></commentList></comments>'
)


def comments_of_others(parts: Parts) -> None:
    """Rich comments on a faulty cell and on another, in boxes that are not well-formed."""
    add(parts, "xl/comments7.xml", RICH.format(main=MAIN), f"{_TYPE}.spreadsheetml.comments+xml")
    shapes = SHAPE.format(kind="Note", row=3, column=1) + SHAPE.format(kind="Note", row=0, column=0).replace(
        "1025", "1026"
    )
    add(parts, "xl/drawings/vmlDrawing7.vml", VML.format(shapes))
    default(parts, "vml", f"{_TYPE}.vmlDrawing")
    relate(
        parts,
        DISCLOSURE,
        ("rId1", "comments", "../comments7.xml"),
        ("rId2", "vmlDrawing", "../drawings/vmlDrawing7.vml"),
    )
    behind(parts, DISCLOSURE, f'<legacyDrawing xmlns:r="{REL}" r:id="rId2"/>')


def controls(parts: Parts) -> None:
    """A button: a drawing of the kind that comments use, where there are no comments, and controls behind it."""
    add(parts, "xl/drawings/vmlDrawing1.vml", VML.format(SHAPE.format(kind="Button", row=3, column=1)))
    default(parts, "vml", f"{_TYPE}.vmlDrawing")
    relate(parts, DISCLOSURE, ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"))
    wrapped = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x14">'
        '<controls><control shapeId="1025" name="按钮"/></controls></mc:Choice></mc:AlternateContent>'
    )
    behind(parts, DISCLOSURE, f'<legacyDrawing xmlns:r="{REL}" r:id="rId2"/>{wrapped}')


def controls_without_drawing(parts: Parts) -> None:
    """Controls in a wrapper, and nothing before them that comments use."""
    behind(
        parts,
        DISCLOSURE,
        '<mc:AlternateContent xmlns:mc="x"><mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent><tableParts count="0"/>',
    )


def pictures_in_header(parts: Parts) -> None:
    """A drawing for the header, which stands behind that of comments."""
    add(parts, "xl/drawings/vmlDrawing1.vml", VML.format(""))
    default(parts, "vml", f"{_TYPE}.vmlDrawing")
    relate(parts, DISCLOSURE, ("rId9", "vmlDrawing", "../drawings/vmlDrawing1.vml"))
    behind(parts, DISCLOSURE, f'<legacyDrawingHF xmlns:r="{REL}" r:id="rId9"/>')


_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_OFFICE = "http://schemas.microsoft.com/office/2017/10/relationships"


def threads(parts: Parts) -> None:
    """Threaded comments on a faulty cell and on another, with the plain ones that stand for them."""
    old = (
        "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment.\n\nComment:\n    请核对"
    )
    listed = "".join(f'<comment ref="{ref}" authorId="0"><text><t>{old}</t></text></comment>' for ref in ("B4", "A1"))
    plain = f'<comments xmlns="{MAIN}"><authors><author>tc={{1}}</author></authors><commentList>{listed}</commentList></comments>'
    said = "".join(
        f'<threadedComment ref="{ref}" personId="{{9}}" id="{{{n}}}"><text>{text}</text></threadedComment>'
        for n, (ref, text) in enumerate((("B4", "请核对"), ("A1", "无关"), ("B4", "已核对 <1>".replace("<", "&lt;"))))
    )
    add(parts, "xl/comments1.xml", plain, f"{_TYPE}.spreadsheetml.comments+xml")
    add(parts, "xl/threadedComments/threadedComment1.xml", f'<ThreadedComments xmlns="{_THREADS}">{said}</ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml")  # fmt: skip
    add(parts, "xl/persons/person.xml", f'<personList xmlns="{_THREADS}"><person displayName="张三" id="{{9}}"/></personList>',
        "application/vnd.ms-excel.person+xml")  # fmt: skip
    relate(parts, "xl/workbook.xml", ("rIdP", f"{_OFFICE}/person", "persons/person.xml"))
    relate(parts, DISCLOSURE, ("rId1", "comments", "../comments1.xml"),
           ("rId2", f"{_OFFICE}/threadedComment", "../threadedComments/threadedComment1.xml"))  # fmt: skip


# --- what does not go round -------------------------------------------------------------------------------------------


def signed(parts: Parts) -> None:
    """A digital signature."""
    add(parts, "_xmlsignatures/origin.sigs", b"", "application/vnd.openxmlformats-package.digital-signature-origin")
    add(
        parts,
        "_xmlsignatures/sig1.xml",
        "<Signature/>",
        "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
    relate(parts, "_xmlsignatures/origin.sigs", ("rId1", f"{package}/signature", "sig1.xml"))
    put(parts, "_rels/.rels", "</Relationships>",
        f'<Relationship Id="rIdS" Type="{package}/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>')  # fmt: skip


def macros(parts: Parts) -> None:
    """A workbook with macros."""
    add(parts, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-office.vbaProject")
    relate(
        parts,
        "xl/workbook.xml",
        ("rIdV", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
    )
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    put(parts, "[Content_Types].xml", main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")


# --- spelling ---------------------------------------------------------------------------------------------------------


def with_prefixes(parts: Parts) -> None:
    """Every element of the main namespace with a prefix, as some libraries write."""
    for name in [name for name in parts if MAIN.encode() in parts[name]]:
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", parts[name].decode()).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        parts[name] = text.encode()


def with_marks_of_order(parts: Parts) -> None:
    """A byte order mark, no declaration, comments and blanks between elements."""
    for name in [name for name in parts if name.endswith((".xml", ".rels"))]:
        text = re.sub(r"<\?xml.*?\?>\s*", "", parts[name].decode()).replace(
            "<sheetData>", "<!-- <row> & <c> --><sheetData>\n"
        )
        parts[name] = b"\xef\xbb\xbf" + text.replace("</row>", "</row>\n").encode() + b"\n<!-- </x> -->\n"


def in_single_quotes(parts: Parts) -> None:
    """Attributes in single quotes, a blank before each tag's end."""
    for name in (COVER, DISCLOSURE, REQUESTS, "xl/workbook.xml"):
        text = parts[name].decode()
        parts[name] = re.sub(r'(\w)="([^"\'<>]*)"', r"\1='\2'", text).replace("/>", " />").encode()


def without_references(parts: Parts) -> None:
    """Rows and cells that do not say where they stand."""
    for name in (DISCLOSURE, REQUESTS):
        text = re.sub(r'<c r="[A-Z]+\d+"', "<c", parts[name].decode())
        parts[name] = re.sub(r'<row r="\d+"', "<row", text).encode()


def sparse(parts: Parts) -> None:
    """No cells where nothing stands, styles on rows and columns, and rows without cells."""
    text = parts[DISCLOSURE].decode()
    text = re.sub(r'<c r="[A-Z]+\d+" s="\d+"/>', "", text)
    text = re.sub(r'(<row r="12"[^>]*)>.*?</row>', r'\1 s="3" customFormat="1"/>', text)
    parts[DISCLOSURE] = re.sub(r'<row r="15".*?</row>', "", text).encode()


def without_styles(parts: Parts) -> None:
    """No styles at all, and names of none of them."""
    del parts["xl/styles.xml"]
    put(parts, "[Content_Types].xml",
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.spreadsheetml.styles+xml"/>', "")  # fmt: skip
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = re.sub(rb"<Relationship [^>]*styles\.xml\"/>", b"", parts[rels])
    parts["xl/workbook.xml"] = re.sub(rb"<definedNames>.*</definedNames>", b"", parts["xl/workbook.xml"])


def bare_styles(parts: Parts) -> None:
    """Styles of which some sections are empty elements or not there."""
    text = re.sub(r"<dxfs.*</dxfs>", '<dxfs count="0"/>', parts["xl/styles.xml"].decode())
    parts["xl/styles.xml"] = re.sub(r"<cellStyles.*?</cellStyles>", "", text).encode()


def selected_together(parts: Parts) -> None:
    """Several sheets selected, a view that opens on the last one, and names of ours that somebody has."""
    for name in (DISCLOSURE, REQUESTS):
        put(parts, name, "<sheetView ", '<sheetView tabSelected="1" ')
    put(parts, "xl/workbook.xml", "<workbookView ", '<workbookView activeTab="4" firstSheet="2" ')
    put(
        parts,
        "xl/workbook.xml",
        "<definedNames>",
        "<definedNames><definedName name=\"审核已改\">'封面'!$A$1</definedName>",
    )


def other_case(parts: Parts) -> None:
    """Parts whose names are spelt otherwise than the relationships spell them."""
    parts["xl/Styles.xml"] = parts.pop("xl/styles.xml")


def absolute_targets(parts: Parts) -> None:
    """Relationships that name parts from the package's root."""
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = re.sub(rb'Target="(?!/)', b'Target="/xl/', parts[rels])


def empty_sheet(parts: Parts) -> None:
    """A sheet on which nothing stands, and one of rows without cells."""
    kind = f"{_TYPE}.spreadsheetml.worksheet+xml"
    for number, inner in (
        (6, "<sheetData/>"),
        (7, '<sheetData><row r="5"/><row r="30" spans="1:2"></row></sheetData>'),
    ):
        add(parts, f"xl/worksheets/sheet{number}.xml", f'<worksheet xmlns="{MAIN}">{inner}</worksheet>', kind)
        relate(parts, "xl/workbook.xml", (f"rIdE{number}", "worksheet", f"worksheets/sheet{number}.xml"))
        sheet = f'<sheet name="附{number}" sheetId="{number}" r:id="rIdE{number}"/>'
        put(parts, "xl/workbook.xml", "</sheets>", f"{sheet}</sheets>")


def by_openpyxl() -> bytes:
    """The form loaded and saved by openpyxl, with a hidden sheet, a comment and a table of its own."""
    book, saved = edit(faulty())
    sheet = book.create_sheet("附表")
    sheet["A1"].comment = Comment("见档案 3 号", "张三")
    sheet.sheet_state = "hidden"
    sheet.append(["甲", "乙"])
    return bytes(saved())


def stored() -> bytes:
    """A package that is not compressed."""
    return pack(parts_of(faulty()), 0)


def loaded(data: bytes) -> openpyxl.Workbook:
    """A workbook as openpyxl sees it."""
    return openpyxl.load_workbook(io.BytesIO(data))


_ALTERED: Mapping[str, Callable[[Parts], None]] = {
    "fields merged over numbers": merged_fields,
    "chart sheet in front": chart_sheet,
    "header of two lines": header,
    "rich text with blanks": rich_blanks,
    "numbers of 17 digits": digits,
    "picture for newer programs": picture(b"\x89PNG\r\n\x1a\n", "png", wrapped=True),
    "picture that is a program": picture(b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n", "png"),
    "picture of a newer kind": picture(b"RIFF\0\0\0\0WEBP", "webp"),
    "ranges that may be edited": allowed_ranges,
    "chart with a title": chart,
    "extensions": extensions,
    "comments of others": comments_of_others,
    "button": controls,
    "controls in a wrapper": controls_without_drawing,
    "picture in the header": pictures_in_header,
    "threaded comments": threads,
    "signature": signed,
    "macros": macros,
    "prefixes": with_prefixes,
    "byte order marks": with_marks_of_order,
    "single quotes": in_single_quotes,
    "no references": without_references,
    "sparse": sparse,
    "empty sheets": empty_sheet,
    "no styles": without_styles,
    "bare styles": bare_styles,
    "sheets selected together": selected_together,
    "names in another case": other_case,
    "absolute targets": absolute_targets,
}

KINDS: tuple[Kind, ...] = (
    *(Kind(name, lambda change=change: altered(change)) for name, change in _ALTERED.items()),  # type: ignore[misc]
    Kind("openpyxl", by_openpyxl),
    Kind("stored", stored),
)
"""Workbooks with faults, and what else a department's may hold."""


def kind(name: str) -> bytes:
    """The workbook of a kind."""
    return next(one.maker() for one in KINDS if one.name == name)
