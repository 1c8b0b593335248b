"""Peek: cells that look blank to calamine and are not, and custom document properties."""

from __future__ import annotations

import io
import struct

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.packaging.custom import IntProperty, StringProperty

from tests.hostile import makers as hostile
from tests.making import honest
from xlcheck.guard.admit import Package, admit
from xlcheck.model.errors import Refused
from xlcheck.model.submission import NoValue
from xlcheck.reading.odd import custom_properties, odd_cells

DIV = NoValue("error", "#DIV/0!")


def odd(data: bytes, sheet: str = "表") -> dict[tuple[int, int], NoValue]:
    return odd_cells(admit(data), sheet, data)


def asked() -> bytes:
    """A workbook by openpyxl: formulas that nobody calculated, an error value, and properties."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表"
    sheet["A1"] = "=1/0"
    sheet["B2"] = "=SUM(A5:A6)"
    sheet["D4"] = '=""'
    sheet["E5"] = "#DIV/0!"
    sheet["E5"].data_type = "e"
    sheet["F6"] = 5
    for each in (StringProperty(name="form", value="disclosure-2021"), IntProperty(name="版次", value=3)):
        book.custom_doc_props.append(each)  # type: ignore[attr-defined]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx_as_openpyxl_writes_it() -> None:
    assert odd(asked()) == {
        (0, 0): NoValue("formula", "1/0"),
        (1, 1): NoValue("formula", "SUM(A5:A6)"),
        (3, 3): NoValue("formula", '""'),
        (4, 4): DIV,
    }


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ('<row r="3"><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>', {(2, 1): DIV}),
        ('<row r="3"><c r="B3" t="str"><f>""</f><v></v></c></row>', {}),
        ('<row r="3"><c r="B3"><f>A1</f><v>5</v></c></row>', {}),
        ('<row r="3"><c r="B3" s="1"/></row>', {}),
        ('<row r="3"><c r="B3"/><c t="e"><v>#N/A</v></c></row><row><c t="e"/></row>',
         {(2, 2): NoValue("error", "#N/A"), (3, 0): NoValue("error", "#N/A")}),
        (f'<x:row xmlns:x="{hostile.MAIN}" r="3"><x:c r="B3" t="e"><x:v>#DIV/0!</x:v></x:c></x:row>', {(2, 1): DIV}),
        ('<row><c><f t="shared" ref="A1:A2" si="0">B1</f></c></row><row><c><f t="shared" si="0"/></c></row>', {(0, 0): NoValue("formula", "B1"), (1, 0): NoValue("formula", "")}),
    ],
)  # fmt: skip
def test_xlsx_spellings(cells: str, expected: dict[tuple[int, int], NoValue]) -> None:
    assert odd(hostile.xlsx(cells)) == expected


def test_the_sheet_is_found_through_absolute_targets_and_prefixed_names() -> None:
    book = hostile.workbook().replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    data = hostile.xlsx(
        '<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c></row>',
        book=book.replace("xmlns=", "xmlns:x="),
        links=hostile.relationships(("worksheet", "/xl/worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")),
    )
    assert odd(data) == {(0, 0): DIV}


@pytest.mark.parametrize("maker", [asked, hostile.xls, hostile.ods], ids=["xlsx", "xls", "ods"])
def test_an_unknown_sheet_has_none(maker: hostile.Maker) -> None:
    assert odd(maker(), "没有") == {}


def test_ods() -> None:
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" calcext:value-type="error" table:number-columns-repeated="2">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    formula = '<table:table-cell table:formula="of:=[.A1]"/>'
    result = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
    rows = hostile.ods_row(hostile.ods_empty(3), 4) + hostile.ods_row(hostile.ods_cell() + error, 2)
    data = hostile.ods(rows + hostile.ods_row(formula + result))
    assert odd(data) == {
        **{(row, column): DIV for row in (4, 5) for column in (1, 2)},
        (6, 0): NoValue("formula", "[.A1]"),
    }


def test_xls() -> None:
    boolean = hostile.record(0x205, struct.pack("<3H2B", 2, 2, 0, 1, 0))
    error = hostile.record(0x205, struct.pack("<3H2B", 3, 3, 0, 0x2A, 1))
    formula = hostile.record(0x06, struct.pack("<3H6BHHLH", 4, 4, 0, 2, 0, 7, 0, 0, 0, 0xFFFF, 0, 0, 0))
    data = hostile.xls(boolean + error + formula)
    assert odd(data) == {(3, 3): NoValue("error", "#N/A"), (4, 4): DIV}


@pytest.mark.skipif(not honest.SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_as_libreoffice_writes_it(extension: str) -> None:
    data = honest.by_libreoffice(asked(), extension)
    assert odd(data) == {(0, 0): DIV, (4, 4): DIV}
    expected = {} if extension == "xls" else {"form": "disclosure-2021", "版次": "3"}
    assert {key: value for key, value in custom_properties(admit(data)).items() if key != "AppVersion"} == expected


def test_custom_properties() -> None:
    assert custom_properties(admit(asked())) == {"form": "disclosure-2021", "版次": "3"}
    assert custom_properties(admit(honest.written(honest.ruled))) == {"form": "disclosure-2021"}
    assert custom_properties(admit(hostile.plain())) == {}
    assert custom_properties(admit(hostile.xls())) == {}


def test_nothing_raises_on_broken_parts() -> None:
    for kind in ("xlsx", "ods", "xls"):
        broken = Package(kind, {"xl/workbook.xml": b"<", "content.xml": b"", "meta.xml": b"<"}, False, b"", b"")
        assert odd_cells(broken, "表", b"junk") == {}
        assert custom_properties(broken) == {}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["xml", "ods"]), st.integers(0, 4000), st.binary(max_size=4))
def test_nothing_raises_on_what_is_admitted(kind: str, at: int, change: bytes) -> None:
    if kind == "xml":
        text = hostile.sheet('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><f>A1</f></c></row>').encode()
    else:
        text = hostile.ods_content(hostile.ods_row(hostile.ods_cell())).encode()
    at %= len(text)
    text = text[:at] + change + text[at + len(change) :]
    data = hostile.xlsx(sheet=text) if kind == "xml" else hostile.ods(content=text)
    try:
        package = admit(data)
    except Refused:
        return
    odd_cells(package, "表", data)
    custom_properties(package)
