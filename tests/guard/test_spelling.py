"""One reading: what programs could read differently is refused, and what honest programs write is not."""

from __future__ import annotations

import pytest

from tests.hostile import makers
from tests.hostile.makers import ADMITTED
from tests.hostile.verdicts import verdict
from xlcheck.guard.admit import admit
from xlcheck.reading.sheets import Sheets

B2 = '<row r="2"><c r="B2"><v>7</v></c></row>'
REL = makers.REL
MAIN, STRICT = makers.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"


def value(inner: str, attributes: str = "") -> str:
    return f'<row r="2"><c r="B2"{attributes}>{inner}</c></row>'


@pytest.mark.parametrize(
    "cells",
    [value("<v>&#55;</v>"), value("<v>7</v><v>8</v>"),
     value('<v>7</v><x:v xmlns:x="urn:x">8</x:v>'), value('<v xmlns="urn:x">7</v>'), value("<v><v>7</v></v>"), value("<v>7<t>8</t></v>"),
     value("7"), value("<v>7</v>8"), value("<t>7</t>"), value("<v>7</v>", ' t="x"'), value("<v>7</v>", ' t="S"'),
     *(value(f"<v>{text}</v>") for text in ("+7", " 7", "7 ", "\n7", "1_0", "１", "٧", "７.0")),
     *(value(f"<v>{text}</v>", ' t="s"') for text in ("9", "+0", " 0", "0.0", "-1", "0x0", "&#48;")),
     value("<is><t>7</t></is>", ' t="s"'), value("<is><t>7</t></is><v>8</v>", ' t="inlineStr"'), value("<is>7</is>", ' t="inlineStr"'),
     value('<is><t>7</t><x:t xmlns:x="urn:x">8</x:t></is>', ' t="inlineStr"'),
     value("<v>7</v>", ' x:r="C3" xmlns:x="urn:x"'), value("<v>7</v>", ' x:t="s" xmlns:x="urn:x"'), value("<v>1</v>", ' r="B3"'), value("<v>2</v>", ' t="b"'),
     '<row r="B2"><c><v>7</v></c></row>', value("<v>3<!-- -- -->4</v>"), value("<v>&#1;</v>", ' t="str"'), value("<v>&a;</v>", ' t="str"'),
     value("<v>]]></v>", ' t="str"'), value("<v>\x01</v>", ' t="str"'), value("<is><t>&#xFFFE;</t></is>", ' t="inlineStr"'),
     B2 + B2, '<row r="1"><c r="B2"/></row>', '<row r="2"><c r="B2"><v>7</v></c><c r="B2"><v>8</v></c></row>', '<row r="2"><c r="B3"><v>7</v></c></row>',
     B2 + '<row r="2"><c r="B2"/></row>', B2 + '<row r="2"><c><v>8</v></c></row>', B2 + '<row r="2"/><row><c><v>8</v></c></row>',
     '<row r="1"><c r="B2"/><c><v>7</v></c></row>', value("<v>7</v><is><t>7</t></is>", ' t="inlineStr"'), value("<v> </v><is><t>7</t></is>"),
     value("<x><v>7</v></x>"), value("<v>7</v><extLst><f>8</f></extLst>"), value("<x/>"), value('<v>7</v><x:mergeCell xmlns:x="urn:x" ref="A2:B2"/>'), '<row r="2"><x><c r="B2"><v>7</v></c></x></row>',
     value("<is><x><t>8</t></x><t>7</t></is>", ' t="inlineStr"'), value("<is><r><x/><t>7</t></r></is>", ' t="inlineStr"'), value("<x/>7"),
     '<row r="2"><c r="B2"><v>7</v></c><c r="b2"><v>8</v></c></row>', '<row r="2"><c><v>7</v></c><c r="A2"><v>8</v></c></row>', f'<row r="2">7{B2}</row>',
     f'<mc:AlternateContent xmlns:mc="urn:mc">{B2}</mc:AlternateContent>', '<row r="2" xmlns="urn:x"><c r="B2"><v>7</v></c></row>'],
)  # fmt: skip
def test_cells_that_could_be_read_differently_are_refused(cells: str) -> None:
    assert verdict(makers.xlsx(cells)) == "F101"


@pytest.mark.parametrize(
    "cells",
    [B2, value("<v/>"), value(""), value("<f>1</f><v>1</v>"), value('<f t="shared" ref="B2:B3" si="0">1</f><v>-1.5E-7</v>', ' s="1"'), value("<v>.5</v>"),
     value("<v>0</v>", ' t="s"'), value("<v/>", ' t="s"'), value("<v>a&amp;b&#10;</v>", ' t="str"'), value("<v>#N/A</v>", ' t="e"'), value("<v>0x10</v>"),
     value("<v>ERROR</v>", ' t="e"'), '<row r="2"><c r="b2"><v>7</v></c></row>', value("<is><t>a</t><r><t>b</t></r></is>", ' t="inlineStr"'),
     value("<is><t>a</t></is>", ' t="inlineStr"'), value("<is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is>", ' t="inlineStr"'),
     "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>1</v></c></row>", B2.replace("><", ">\n  <"), f"<!-- made by hand -->{B2}",
     B2.replace('"', "'"), '<row r="2" spans="1:2" ht="15" x14ac:dyDescent="0.2" xmlns:x14ac="urn:x"><c r="B2" s="0" cm="1"/></row>'],
)  # fmt: skip
def test_cells_that_honest_programs_write_are_admitted(cells: str) -> None:
    assert verdict(makers.xlsx(cells)) == ADMITTED


EXT = '<extLst><ext uri="u"><x:a xmlns:x="urn:x" b=">">8<x:d/></x:a></ext></extLst>'


@pytest.mark.parametrize(
    "cells",
    [f"8{B2}>", value("<v>7</v>").replace("<c", "8<c"), f'<x:a xmlns:x="urn:x">8<x:b/></x:a>{B2}', B2 + EXT, B2.replace("</row>", f"{EXT}</row>"),
     value("<v>7</v>" + EXT), value(EXT + '<v>7</v><y xmlns="urn:x"/>'), value(EXT + '<y xmlns="urn:x"/>\n <v>7</v>\n'), B2.replace("<row", '<y xmlns="urn:x"/><row', 1),
     '<row r="2"><c r="B2" s="0"/><c r="B2"><v>7</v></c></row>', f'<row r="2"><c r="B2" t="str"><v></v></c></row>{B2}',
     f'<row r="2"><c r="A2"/></row>{B2}', f'{B2}<row r="2"><c r="C2"><v>9</v></c></row>', value("<is><t>7</t></is><v/>", ' t="inlineStr"'),
     value("<v></v><is><t>7</t></is>", ' t="inlineStr"'), value('<is><t>7</t><y xmlns="urn:x"/></is>', ' t="inlineStr"'), value('<is><y xmlns="urn:x">8</y><t>7</t></is>' + EXT, ' t="inlineStr"')],
)  # fmt: skip
def test_what_all_programs_pass_over_is_no_other_reading(cells: str) -> None:
    held = Sheets(admit(makers.xlsx(cells))).rows("表")[1][1]
    assert held in (7.0, "7")


def spelt(member: str, old: str, new: str) -> str:
    parts = makers.parts(
        B2, links=makers.relationships(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
    )
    text = str(parts[member])
    assert old in text
    changed = text.replace(old, new)
    return verdict(
        makers.pack(parts | {member: changed.replace("</workbook>", "</x></workbook>") if "<x><" in new else changed})
    )


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [("xl/workbook.xml", 'r:id="rId1"', new) for new in (
        'r:id="rId1" xmlns="urn:x"', 'r:id="rId1" x:id="rId2" xmlns:x="urn:x"', 'r:id="rId1" id="rId2"', 'x:id="rId1" xmlns:x="urn:x"', 'id="rId1"', "")]
    + [("xl/workbook.xml", "</sheets>", f"{new}</sheets>") for new in ("<!---->", "<x/>")]
    + [("xl/workbook.xml", ' name="表"', new) for new in ("", ' name=""', ' name="表" x:name="乙" xmlns:x="urn:x"')]
    + [("xl/workbook.xml", "</workbook>", "<sheets/></workbook>"), ("xl/workbook.xml", MAIN, "urn:x"), ("xl/workbook.xml", MAIN, STRICT)]
    + [("xl/_rels/workbook.xml.rels", 'Id="rId2"', new) for new in ('Id="rId1"', "", 'Id="rId2" x:Id="rId1" xmlns:x="urn:x"', 'Id="rId2" TargetMode="External"')]
    + [("xl/_rels/workbook.xml.rels", "<Relationship ", new) for new in ('<Relationship xmlns="urn:x" ', "7<Relationship ")]
    + [("xl/_rels/workbook.xml.rels", "/worksheet\"", "/worksheet\" x=\"\"")]
    + [("xl/sharedStrings.xml", "<t>a</t>", new) for new in (
        "<t>a<t>b</t></t>", "<t>a</t><x><t>b</t></x>", "<r><t>a</t><x/></r>", "<t>a</t><t>b</t>", "<r><t>a</t></r><t>b</t>", "<r><t>a</t><t>b</t></r>", "<r><t>a</t></r><t>b</t><r><t>c</t></r>", "<t>a</t><r><t>b</t></r><t>c</t>", "a<t>b</t>", '<t xmlns="urn:x">a</t>', "<si><t>a</t></si>")]
    + [("xl/sharedStrings.xml", MAIN, "urn:x"), ("xl/sharedStrings.xml", MAIN, STRICT)]
    + [("xl/sharedStrings.xml", "<t>a</t>", new) for new in ("<t>&#1;</t>", "<t>&#xD800;</t>", "<t>&b;</t>", "<t>a&</t>", "<t>]]></t>", "<t>\uffff</t>", "<!-- -- --><t>a</t>", "<t>a<?xml?></t>")]
    + [("xl/workbook.xml", "<sheets>", new) for new in ('<sheets xmlns="urn:x">', "<x><sheets>")]
    + [("xl/workbook.xml", 'name="表"', f'name="{title}"') for title in ("_x4E59_", "甲/乙", "[甲]", "甲?")]
    + [("xl/_rels/workbook.xml.rels", '"worksheets/sheet1.xml"', f'"{target}"') for target in (
        "worksheets/./sheet1.xml", "worksheets//sheet1.xml", "worksheets%2Fsheet1.xml", "worksheets/sheet1.xml#a", "./worksheets/sheet1.xml")]
    + [("xl/_rels/workbook.xml.rels", f"{REL}/worksheet", f"{new}/worksheet") for new in ("urn:x", "http://purl.oclc.org/ooxml/officeDocument/relationship")]
    + [("xl/_rels/workbook.xml.rels", 'Id="rId2"', 'Id=""')]
    + [("xl/worksheets/sheet1.xml", MAIN, "urn:x"), ("xl/worksheets/sheet1.xml", MAIN, STRICT), ("xl/worksheets/sheet1.xml", "</worksheet>", "<x></worksheet>")],
)  # fmt: skip
def test_lists_links_and_texts_that_could_be_read_differently_are_refused(member: str, old: str, new: str) -> None:
    assert spelt(member, old, new) == "F101"


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [("xl/workbook.xml", "<sheets>", "<!-- 1 --><sheets>\n"), ("xl/workbook.xml", 'r:id="rId1"', "r:id = 'rId1' state='visible'"),
     ("xl/_rels/workbook.xml.rels", "<Relationship ", "\n<!-- 1 --><Relationship "), ("xl/sharedStrings.xml", "<t>a</t>", "\n<t>a</t>\n"),
     ("xl/sharedStrings.xml", "<t>a</t>", '<r><rPr><b/><sz val="9"/></rPr><t>a</t></r><rPh sb="0" eb="1"><t>b</t></rPh><phoneticPr fontId="1"/>'),
     ("xl/sharedStrings.xml", "<t>a</t>", "<t>a</t><r><t>b</t></r>"), ("xl/sharedStrings.xml", "<t>a</t>", '<x xmlns="urn:x">8</x><t>a</t>'),
     ("xl/sharedStrings.xml", "<si>", '8<y xmlns="urn:x"/><si>'), ("xl/sharedStrings.xml", "</sst>", "<extLst/></sst>"),
     ("xl/workbook.xml", 'r:id="rId1"/>', 'r:id="rId1"><bookViews><workbookView/></bookViews></sheet>')],
)  # fmt: skip
def test_lists_links_and_texts_that_honest_programs_write_are_admitted(member: str, old: str, new: str) -> None:
    assert spelt(member, old, new) == ADMITTED


@pytest.mark.parametrize("inner", ["7<!---->8", "7<?x?>8", "<![CDATA[78]]>", "7<![CDATA[8]]>"])
def test_a_value_in_pieces_is_read_as_it_is_shown(inner: str) -> None:
    data = makers.xlsx(value(f"<v>{inner}</v>"))
    assert Sheets(admit(data)).rows("表")[1][1] == 78.0


STRING = '<row r="2"><c r="B2" t="s"><v>0</v></c></row>'
LINK = ("worksheet", "worksheets/sheet1.xml")
STRINGS = "xl/sharedStrings.xml"


def test_a_table_of_strings_is_one_that_the_workbook_refers_to() -> None:
    links = makers.relationships(LINK, ("sharedStrings", "sharedStrings.xml"))
    assert verdict(makers.pack(makers.parts(STRING, links=links))) == ADMITTED
    assert verdict(makers.pack(makers.parts(STRING, links=makers.relationships(LINK)))) == "F101"
    for target in ("", "strings.xml"):
        links = makers.relationships(LINK, ("sharedStrings", target))
        assert verdict(makers.pack(makers.parts(STRING, links=links))) == "F101"
    links = makers.relationships(LINK, ("sharedStrings", "strings.xml"), ("sharedStrings", "sharedStrings.xml"))
    assert verdict(makers.pack(makers.parts(STRING, links=links))) == "F101"
    # Said several times it is one.
    links = makers.relationships(LINK, *[("sharedStrings", "sharedStrings.xml")] * 3)
    assert verdict(makers.pack(makers.parts(STRING, links=links))) == ADMITTED
    # Texts are found whatever their case.
    links = makers.relationships(LINK, ("sharedStrings", "SharedStrings.xml"))
    assert verdict(makers.pack(makers.parts(STRING, links=links))) == ADMITTED
    # Nobody looks for it.
    assert verdict(makers.pack(makers.parts(B2, links=makers.relationships(LINK)))) == ADMITTED


def renamed(name: str, other: str) -> dict[str, str | bytes]:
    parts = makers.parts(B2)
    return {other if key == name else key: content for key, content in parts.items()}


@pytest.mark.parametrize(
    "other", ["xl/worksheets/Sheet1.xml", "/xl/worksheets/sheet1.xml", "xl\\worksheets\\sheet1.xml"]
)
def test_a_sheet_that_some_programs_do_not_find_is_refused(other: str) -> None:
    assert verdict(makers.pack(renamed(makers.SHEET, other))) == "F101"


def test_relationships_that_some_programs_do_not_find_are_refused() -> None:
    assert verdict(makers.pack(renamed("xl/_rels/workbook.xml.rels", "xl/_rels/Workbook.xml.rels"))) == "F101"


@pytest.mark.parametrize("member", [makers.SHEET, STRINGS, "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize(
    "declared", ['version="1.0" encoding="UTF-16"', 'version="1.0" standalone="YES"', 'encoding="UTF-8" version="1.0"']
)
def test_a_part_that_some_programs_cannot_read_among_others_that_they_can_is_refused(
    member: str, declared: str
) -> None:
    links = makers.relationships(LINK, ("sharedStrings", "sharedStrings.xml"))
    parts = makers.parts(STRING, links=links)
    other = {name: str(text).replace('<?xml version="1.0"?>', "") for name, text in parts.items()}
    other = {name: f"<?xml {declared}?>{text}" for name, text in other.items()}
    assert verdict(makers.pack(parts | {member: other[member]})) == "F101"
    assert verdict(makers.pack(other)) == ADMITTED


@pytest.mark.parametrize("declaration", ['version="1.0 "', 'version="1&#46;0"', 'version="1.0" x="y"', "1.0"])
def test_what_is_no_declaration_is_refused(declaration: str) -> None:
    bare = str(makers.parts(B2)[makers.SHEET]).replace('<?xml version="1.0"?>', "")
    assert verdict(makers.xlsx(sheet=f"<?xml {declaration}?>{bare}")) == "F101"


def test_targets_are_all_spelt_backward_or_none_is() -> None:
    sheets = '<sheet name="甲" sheetId="1" r:id="rId1"/><sheet name="乙" sheetId="2" r:id="rId2"/>'
    parts = makers.parts(B2, book=makers.workbook(sheets=sheets)) | {"xl/worksheets/sheet2.xml": makers.sheet(B2)}
    for other, code in (("worksheets/sheet2.xml", "F101"), ("worksheets\\sheet2.xml", ADMITTED)):
        links = makers.relationships(("worksheet", "worksheets\\sheet1.xml"), ("worksheet", other))
        assert verdict(makers.pack(parts | {"xl/_rels/workbook.xml.rels": links})) == code


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["", ' encoding="UTF-16"', ' encoding="utf-8"'])
def test_utf_16_is_told_by_its_bytes_whatever_is_declared(encoding: str, declared: str) -> None:
    text = makers.sheet(B2).replace('version="1.0"', f'version="1.0"{declared}')
    assert verdict(makers.xlsx(sheet=text.encode(encoding))) == ADMITTED
    yes = text.replace("?>", ' standalone="YES"?>')
    assert verdict(makers.xlsx(sheet=yes.encode(encoding))) == "F101"


@pytest.mark.parametrize("encoding", ["gb2312", "GBK", "gb18030", "ISO-8859-1", "windows-1252"])
def test_a_sheet_in_an_encoding_that_offices_read_alike_is_read(encoding: str) -> None:
    text = "é" if "1" in encoding and "g" not in encoding else "总计"
    said = makers.sheet(value(f"<v>{text}</v>", ' t="str"'))
    data = said.replace('version="1.0"', f'version="1.0" encoding="{encoding}"').encode(encoding)
    assert Sheets(admit(makers.xlsx(sheet=data))).rows("表")[1][1] == text
    assert verdict(makers.xlsx(sheet=data.replace(text.encode(encoding), b"\xff\xff\x81"))) == "F101"


@pytest.mark.parametrize(
    ("encoding", "text"), [("ISO-8859-1", "\x80"), ("big5", "總計"), ("koi8-r", "ж"), ("utf-7", "+")]
)
def test_other_encodings_are_refused(encoding: str, text: str) -> None:
    said = makers.sheet(value(f"<v>{text}</v>", ' t="str"'))
    data = said.replace('version="1.0"', f'version="1.0" encoding="{encoding}"').encode(encoding)
    assert verdict(makers.xlsx(sheet=data)) == "F101"
