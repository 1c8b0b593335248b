"""What the sheet shows is what counts: formulas never calculated, numbers under merges, in hidden rows, and struck out."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from tests.hostile.corpus import books
from tests.hostile.corpus.books import Xml
from tests.hostile.makers import label, number, ods, ods_content, pack, record, xls
from tests.making import doors
from tests.making.books import REQUESTS, Parts, altered, put
from tests.making.copies import parts_of
from tests.making.filling import clean_workbook, codes, edit, verified, workbook
from xlcheck.checking.verify import Verification
from xlcheck.forms.file import load_form
from xlcheck.guard.admit import admit
from xlcheck.model.finding import Finding
from xlcheck.model.submission import BLANK, NoValue
from xlcheck.reading.looks_xls import XlsLooks
from xlcheck.reading.seen import Looker
from xlcheck.reading.written import CellLook

CALC = '<calcPr calcId="191029"/>'


def only(checked: Verification) -> Finding:
    (finding,) = checked.findings
    return finding


def formula(text: str, stored: str = "0", kind: str = "") -> Xml:
    return Xml(f"<f>{text}</f><v>{stored}</v>", kind)


def with_cells(**cells: Any) -> bytes:
    """The form with cells of 依申请公开 as they stand in the file."""
    made = books.book()
    return books.xlsx(books.put(made, {f"依申请公开!{name}": value for name, value in cells.items()}))


# --- formulas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "gives"),
    [("6+0", "6"), ("SUM(D5:I5)", "6"), ("sum(d5,E5:I5)", "6"), ("D5+E5-F5", "6"), ("依申请公开!$D$5", "6"),
     ("'依申请公开'!D5*2/2", "6"), ("-(-D5)", "6"), ("600%", "6"), ("MAX(D5:I5)", "6"), ("ROUND(5.5,0)", "6"),
     ("IF(D5&gt;=6,6,7)", "6"), ('IF(D5="",0,6)', "6"), ("IF(D5&lt;&gt;E5,D5,E5)", "6"),
     ("IF(AND(D5=6,NOT(E5&gt;0)),6,0)", "6"), ("IF(OR(D5=5,E5=0),SUM(D5:I5),1)", "6"), ("IFERROR(1/0,6)", "6"),
     ("IFERROR(D5,1)", "6"), ("COUNT(D5:I5)", "6"), ("COUNTA(D5:I5)", "6"), ("MIN(D5,9)", "6"), ("PRODUCT(D5,1)", "6"),
     ("ROUNDUP(5.1,0)", "6"), ("ROUNDDOWN(6.9,0)", "6"), ("IF(ISNUMBER(D5),6,0)", "6"), ("IF(ISBLANK(Z99),6,0)", "6"),
     ("SUMPRODUCT(D5:I5)", "6"), ("SUMPRODUCT(D5:E5,D5:E5)/6", "6"), ("SUBTOTAL(9,D5:I5)", "6"), ("SUBTOTAL(104,D5:I5)", "6"),
     ("SUBTOTAL(3,D5:I5)", "6"), ("SUMIF(D5:I5,6)", "6"), ('SUMIF(D5:I5,"&gt;5",D5:I5)', "6"), ('SUMIF(D5:I5,"6",D5:I5)', "6"),
     ('COUNTIF(D5:I5,"&lt;=6")', "6"), ("COUNTIF(D5:I5,D5)*6", "6")],
)  # fmt: skip
def test_a_formula_counts_by_what_it_gives(text: str, gives: str) -> None:
    assert codes(with_cells(J5=formula(text, gives))) == []
    for stored in ("0", "7", "6.5", ""):
        finding = only(verified(with_cells(J5=formula(text, stored))))
        assert (finding.code, finding.expected) == ("C110", gives)
        assert finding.suggestions[0].value == gives
        assert f"应得 {gives}" in finding.message
        assert not stored or f"存的却是 {stored}" in finding.message


def test_a_formula_leads_to_formulas() -> None:
    chain = {"D5": formula("'主动公开'!B4+D6+6", "6"), "J5": formula("SUM(D5:I5)", "6"), "D6": formula("0+0")}
    assert codes(with_cells(**chain)) == []
    stale = {**chain, "D6": formula("1+1", "0")}
    assert [finding.code for finding in verified(with_cells(**stale)).findings].count("C110") == 3


def test_a_shared_formula_moves() -> None:
    first = Xml('<f t="shared" ref="D28:E28" si="0">SUM(D7:D27)</f><v>6</v>')
    second = Xml('<f t="shared" si="0"/><v>{}</v>')
    assert codes(with_cells(D28=first, E28=second._replace(inner=second.inner.format(0)))) == []
    wrong = verified(with_cells(D28=first, E28=second._replace(inner=second.inner.format(3)))).findings
    assert {
        (finding.code, finding.expected) for finding in wrong if finding.fields == ("requests.handled.business",)
    } == {("C110", "0")}


def test_what_arithmetic_of_doubles_leaves_is_no_other_result() -> None:
    made = books.book()
    cells = {
        "主动公开!B15": formula("0.1+0.2", "0.30000000000000004"),
        "主动公开!B4": formula("1/3*3", "0.9999999999999999"),
    }
    assert codes(books.xlsx(books.put(made, cells))) == []


NOTHING = ("5.551115123125783E-17", "-1.3877787807814457E-17", "2.220446049250313E-16")
"""What is left of numbers that cancel out."""


@pytest.mark.parametrize("left", NOTHING)
def test_what_is_left_where_numbers_cancel_out_is_0(left: str) -> None:
    zeros = {
        "主动公开!B15": formula("0.1+0.2-0.3", left),
        "依申请公开!E5": formula("0.3-0.2-0.1", left),
        "依申请公开!F5": Xml(f"<v>{left}</v>"),
    }
    made = books.put(books.book(disclosure__fees__amount=0), zeros)
    assert codes(books.xlsx(made)) == []
    assert codes(books.ods(books.put(books.book(disclosure__fees__amount=0), dict.fromkeys(zeros, float(left))))) == []
    assert codes(books.xls(books.put(books.book(disclosure__fees__amount=0), dict.fromkeys(zeros, float(left))))) == []
    parts = books.xlsx_parts(made)
    sheet = str(parts["xl/worksheets/sheet2.xml"])
    row = '<row r="15">'
    assert row in sheet
    assert codes(pack(parts | {"xl/worksheets/sheet2.xml": sheet.replace(row, '<row r="15" hidden="1">')})) == []


def test_what_is_left_of_large_numbers_is_told_by_what_they_come_to() -> None:
    left = 100_000_000.1 - 100_000_000
    cells = {"主动公开!B15": formula("100000000.1-100000000", repr(left))}
    assert codes(books.xlsx(books.put(books.book(disclosure__fees__amount=0), cells))) == []
    assert codes(books.xlsx(books.put(books.book(), {"主动公开!B15": Xml(f"<v>{left!r}</v>")}))) != []


def test_a_subtotal_leaves_out_what_is_hidden_and_other_subtotals() -> None:
    """Which of it, depends on how it was hidden: such a subtotal counts as it is stored."""
    cells = {"D28": formula("SUBTOTAL(9,D7:D27)", "6"), "L7": formula("SUBTOTAL(9,D7:D8)", "1")}
    assert codes(with_cells(**cells)) == []
    assert codes(with_cells(**cells, J5=formula("SUBTOTAL(9,D5,L7)", "6"))) == []
    parts = books.xlsx_parts(books.put(books.book(), {"依申请公开!D28": formula("SUBTOTAL(109,D7:D27)", "6")}))
    name = "xl/worksheets/sheet3.xml"
    sheet = str(parts[name])
    assert '<row r="8">' in sheet
    assert "C110" not in codes(pack(parts | {name: sheet.replace('<row r="8">', '<row r="8" hidden="1">')}))


UNKNOWN = (
    "VLOOKUP(D5,A:B,2)",
    "IF(A5=1,6,6)",
    "IF(0,6)",
    "IF(0.1+0.2=0.3000000000000001,6,5)",
    "D5=6",
    "IFERROR(VLOOKUP(D5,A:B,2),6)",
    "SUM(D:D)",
    "[1]Sheet1!A1",
    "J5",
    "D5&E5",
    "A5+1",
    "SUM(D5 E5)",
    "1/0",
    "两数",
    "SUMPRODUCT(D5:I5,D5:H5)",
    "SUMPRODUCT(D5:D6*D5:D6)",
    "SUBTOTAL(12,D5:I5)",
    "SUBTOTAL(209,D5:I5)",
    "SUMIF(D5:I5,Z99)",
    'SUMIF(A5:I5,"&gt;1")',
    'COUNTIF(D5:I5,"6*")',
    'SUMIF(D5:I5,"&lt;&gt;0")',
    'COUNTIF(D5:I5,"6",6)',
)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_cannot_be_worked_out_counts_as_it_is_stored(text: str) -> None:
    text = text.replace("&", "&amp;")
    assert codes(with_cells(J5=formula(text, "6"))) == []
    finding = only(verified(with_cells(J5=formula(text, ""))))
    assert (finding.code, finding.expected) == ("C110", None)


@pytest.mark.parametrize(
    "calc", ['<calcPr calcId="124519" fullCalcOnLoad="1"/>', '<calcPr fullCalcOnLoad="true"/>', ""]
)
@pytest.mark.parametrize("text", UNKNOWN[:4])
def test_the_stored_0_of_a_book_that_was_never_calculated_is_no_number(calc: str, text: str) -> None:
    made = books.book()
    parts = books.xlsx_parts(books.put(made, {"依申请公开!E5": formula(text)}))
    book = str(parts["xl/workbook.xml"])
    told = {
        kind: codes(pack(parts | {"xl/workbook.xml": book.replace("</workbook>", f"{tag}</workbook>")}))
        for kind, tag in {"never": calc, "calculated": CALC}.items()
    }
    assert told == {"never": ["C110"], "calculated": []}
    chained = parts | {
        "xl/workbook.xml": book.replace("</workbook>", f"{calc}</workbook>"),
        "xl/calcChain.xml": "<calcChain/>",
    }
    assert codes(pack(chained)) == []


def test_the_template_itself_has_true_results() -> None:
    assert codes(clean_workbook()) == []


@pytest.mark.parametrize(
    "text", ['IF(1,"",0)', 'IF(COUNT(D5:H5)=6,SUM(D5:I5),"")', 'IF(D5=6,IF(E5<1,"",2),3)', 'IF(COUNT(J6,J7)=2,6,"")']
)
def test_a_formula_that_gives_an_empty_text_is_blank(text: str) -> None:
    """A total that waits for its parts; also where it leads to another one that gives nothing."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    waiting = formula("IF(COUNT(D6:I6)=7,0,&quot;&quot;)", "", 't="str"')
    found = [f for f in verified(with_cells(J5=formula(text, "", 't="str"'), J6=waiting)).findings if f.code[0] == "C"]
    assert [one.code for one in found] == ["C101", "C101"]


def test_a_number_is_not_what_a_formula_gives_that_gives_an_empty_text() -> None:
    finding = only(verified(with_cells(J5=formula('IF(COUNT(D5:H5)=6,SUM(D5:I5),"")', "6"))))
    assert (finding.code, finding.expected) == ("C110", None)
    assert "文件里存的 6 不是它的结果" in finding.message


def test_a_long_chain_and_a_long_sum_cost_little() -> None:
    chain = {f"L{row}": formula(f"L{row + 1}+1") for row in range(1, 900)}
    assert codes(with_cells(J5=formula("+".join(["6", *["0"] * 2_000]), "6"), E5=formula("L1*0"), **chain)) == []


# --- what nobody sees ------------------------------------------------------------------------------------------------


def merged(*areas: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for area in areas:
            put(parts, REQUESTS, "</mergeCells>", f'<mergeCell ref="{area}"/></mergeCells>')

    return change


@pytest.mark.parametrize("area", ["C5:D5", "D4:D5", "C4:E6"])
def test_a_number_under_a_merge_is_told(area: str) -> None:
    found = [finding for finding in verified(altered(merged(area), workbook)).findings if finding.code == "C111"]
    assert ("requests.received.person",) in {finding.fields for finding in found}
    assert all(f"合并单元格 {area} 盖住" in finding.message for finding in found)


def test_the_first_cell_of_a_merge_is_seen() -> None:
    data = altered(merged("D5:E5"), workbook)
    (finding,) = verified(data).findings
    assert (finding.code, finding.fields) == ("C111", ("requests.received.business",))


def changed(change: Callable[[Any], None]) -> bytes:
    book, saved = edit(clean_workbook())
    change(book)
    return bytes(saved())


def _row(sheet: Any, number: int, **how: Any) -> None:
    for key, value in how.items():
        setattr(sheet.row_dimensions[number], key, value)


@pytest.mark.parametrize("how", [{"hidden": True}, {"height": 0.5}])
def test_numbers_in_hidden_rows_are_a_warning(how: dict[str, Any]) -> None:
    finding = only(verified(changed(lambda book: _row(book["依申请公开"], 5, **how))))
    assert (finding.code, finding.severity) == ("S109", "warning")
    assert "第 5 行" in finding.message
    assert "D5、J5" in finding.message
    assert codes(changed(lambda book: _row(book["依申请公开"], 8, **how))) == []


@pytest.mark.parametrize("how", ['hidden="1"', 'width="0" customWidth="1"', "hidden = 'true'"])
def test_numbers_in_hidden_columns_are_a_warning(how: str) -> None:
    def change(parts: Parts) -> None:
        text = parts[REQUESTS].decode()
        parts[REQUESTS] = re.sub(r"<cols>.*</cols>", f'<cols><col min="10" max="10" {how}/></cols>', text).encode()

    finding = only(verified(altered(change, workbook)))
    assert (finding.code, finding.severity) == ("S109", "warning")
    assert "J 列" in finding.message


@pytest.mark.parametrize(("state", "said"), [("hidden", "隐藏"), ("veryHidden", "深度隐藏")])
def test_a_hidden_sheet_with_numbers_is_a_warning(state: str, said: str) -> None:
    finding = only(verified(changed(lambda book: setattr(book["依申请公开"], "sheet_state", state))))
    assert (finding.code, finding.severity, finding.sheet) == ("S109", "warning", "依申请公开")
    assert said in finding.message
    assert codes(changed(lambda book: setattr(book["复议诉讼"], "sheet_state", state))) == []


def test_of_two_tables_it_is_said_which_is_read() -> None:
    def change(book: Any) -> None:
        book.copy_worksheet(book["依申请公开"]).title = "新表"
        book["依申请公开"].sheet_state = "hidden"

    told = {finding.code: finding for finding in verified(changed(change)).findings}
    assert set(told) == {"S108", "S109"}
    assert told["S108"].severity == "error"
    assert "隐藏的工作表“依申请公开”，不是看得见的“新表”" in told["S108"].message


def test_an_extra_sheet_that_is_hidden_is_said_to_be() -> None:
    def change(book: Any) -> None:
        book.create_sheet("缓存").sheet_state = "veryHidden"

    assert "“缓存”是隐藏的" in only(verified(changed(change))).message


# --- rich text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "seen"),
    [(("3", InlineFont(vertAlign="superscript"), "2"), "3²"), (("3", InlineFont(vertAlign="subscript"), "2"), "3₂"),
     (("6", InlineFont(strike=True), "5"), "6（5已划去）")],
)  # fmt: skip
def test_raised_and_struck_digits_are_no_number(runs: tuple[Any, ...], seen: str) -> None:
    plain, font, text = runs

    def change(book: Any) -> None:
        book["主动公开"]["D4"] = CellRichText(plain, TextBlock(font, text))

    finding = only(verified(changed(change)))
    assert (finding.code, finding.actual, finding.suggestions) == ("C103", seen, ())


def test_bold_digits_are_a_number_kept_as_text() -> None:
    def change(book: Any) -> None:
        book["主动公开"]["D4"] = CellRichText("3", TextBlock(InlineFont(b=True), "2"))

    assert codes(changed(change)) == ["C104"]


def test_struck_digits_within_the_cell_are_no_number() -> None:
    inner = "<is><r><t>3</t></r><r><rPr><strike/></rPr><t>2</t></r></is>"
    assert only(verified(with_cells(J5=Xml(inner, 't="inlineStr"')))).code == "C103"


@pytest.mark.parametrize("held", [6, "6", "=3+3"])
def test_what_is_struck_in_whole_is_no_number(held: int | str) -> None:
    def change(cell: Any) -> None:
        cell.font, cell.value = Font(strike=True), held

    finding = next(finding for finding in styled(change) if finding.code == "C103")
    assert finding.suggestions == ()
    assert "取消上标、下标和删除线" in finding.message


@pytest.mark.parametrize("font", [Font(strike=False), Font(vertAlign="superscript")])
def test_a_number_that_is_not_struck_is_one(font: Font) -> None:
    assert styled(lambda cell: setattr(cell, "font", font)) == []


@pytest.mark.parametrize("unseen", ["\u200b", "\u200e", "\u00a0"])
def test_a_title_with_something_unseen_hides_nothing(unseen: str) -> None:
    def change(book: Any) -> None:
        book["依申请公开"]["J5"] = "=SUM(D5:I5)"
        book["依申请公开"].sheet_state = "hidden"
        book["依申请公开"].title = f"依申请公开{unseen}"

    told = {finding.code: finding for finding in verified(changed(change)).findings}
    assert told["C110"].expected == "6"
    assert "S109" in told


# --- .xls and .ods ---------------------------------------------------------------------------------------------------


def shown(data: bytes, held: Any = 0.0, cell: tuple[int, int] = (0, 0)) -> Any:
    """What the first cell of a small workbook shows."""
    return Looker(admit(data), data).look("表", {"a": cell}, {"a": held}).values["a"]


def xls_formula(tokens: bytes, stored: bytes = bytes(8), row: int = 0, column: int = 0) -> bytes:
    return record(6, struct.pack("<3H", row, column, 0) + stored + bytes(6) + struct.pack("<H", len(tokens)) + tokens)


NINE_AND_THREE = b"\x1e\x09\0\x1e\x03\0\x03"
NO_RESULT = b"\3\0\0\0\0\0\xff\xff"


@pytest.mark.parametrize(
    ("tokens", "told"),
    [(NINE_AND_THREE, NoValue("formula", "9+3", gives="12", stored="0")),
     (b"\x25\1\0\2\0\0\xc0\0\xc0\x19\x10\0\0", NoValue("formula", "SUM(A2:A3)", gives="7", stored="0")),
     (b"\x44\1\0\0\xc0\x1e\1\0\x04\x15\x1e\2\0\x05", NoValue("formula", "(A2-1)*2", gives="6", stored="0")),
     (b"\x44\1\0\0\xc0\x1e\1\0\x04\x1e\2\0\x05\x13", NoValue("formula", "-((A2-1)*2)", gives="-6", stored="0")),
     (b"\x1e\0\0\x22\1\x4f\x01", 0.0), (b"\x3a\0\0\0\0\0\0", 0.0), (b"\x03", 0.0), (b"", 0.0)],
)  # fmt: skip
def test_formulas_of_xls_are_worked_out(tokens: bytes, told: Any) -> None:
    others = number(1, 0, 4.0) + number(2, 0, 3.0)
    assert shown(xls(xls_formula(tokens) + others)) == told


def name(text: str, tokens: bytes, sheet: int = 0, flags: int = 0) -> bytes:
    """A name of the workbook, or of a sheet by its number from 1."""
    head = struct.pack("<HxBHxxH4x", flags, len(text), len(tokens), sheet)
    return record(0x18, head + b"\1" + text.encode("utf-16-le") + tokens)


def test_names_of_xls_stand_for_their_cells() -> None:
    books_own = record(0x1AE, b"\1\0\1\4") + record(0x17, struct.pack("<4H", 1, 0, 0, 0))
    cells = b"\x3b\0\0\1\0\2\0\0\0\0\0"  # rows 2 and 3 of the first column
    others = number(1, 0, 4.0) + number(2, 0, 3.0)
    sum_of_second = b"\x23\2\0\0\0\x19\x10\0\0"
    named = books_own + name("别的", cells, sheet=1) + name("项目", cells)
    assert shown(xls(xls_formula(sum_of_second) + others, named)) == NoValue(
        "formula", "SUM(项目)", gives="7", stored="0"
    )
    for unsure in (name("项目", cells, sheet=1), name("项目", cells, flags=0x20), name("项目", b"\x1e\1\0")):
        assert shown(xls(xls_formula(sum_of_second) + others, books_own + name("别的", cells) + unsure)) == 0.0
    twice = books_own + name("项目", cells, sheet=1) + name("项目", cells)
    assert shown(xls(xls_formula(sum_of_second) + others, twice)) == 0.0


def test_an_xls_formula_without_a_result_is_no_blank() -> None:
    data = xls(xls_formula(NINE_AND_THREE, NO_RESULT))
    assert shown(data, BLANK) == NoValue("formula", "9+3", gives="12")
    assert shown(xls(xls_formula(NINE_AND_THREE, struct.pack("<d", 12))), 12.0) == 12.0


def test_a_shared_formula_of_xls_moves() -> None:
    link, moved = b"\x01\0\0\0\0", b"\x2c\0\0\1\xc0\x1e\1\0\x03"  # one cell to the right, and 1
    share = record(0x4BC, struct.pack("<2H4BH", 0, 1, 0, 0, 0, 2, len(moved)) + moved)
    cells = xls_formula(link) + share + xls_formula(link, row=1) + number(0, 1, 4.0) + number(1, 1, 7.0)
    assert shown(xls(cells)) == NoValue("formula", "B1+1", gives="5", stored="0")
    assert shown(xls(cells), 0.0, (1, 0)) == NoValue("formula", "B2+1", gives="8", stored="0")


def test_xls_merges_hidden_rows_and_sheets() -> None:
    merge = record(0xE5, struct.pack("<5H", 1, 0, 0, 0, 1))
    assert shown(xls(number(0, 0) + number(0, 1, 5.0) + merge), 5.0, (0, 1)) == NoValue("covered", "5", over="A1:B1")
    low = record(0x208, struct.pack("<8H", 0, 0, 1, 300, 0, 0, 0x20, 0))
    data = xls(low + number(0, 0, 5.0))
    assert [finding.code for finding in Looker(admit(data), data).look("表", {"a": (0, 0)}, {"a": 5.0}).findings] == [
        "S109"
    ]


def font(flags: int = 0, place: int = 0) -> bytes:
    return record(0x31, struct.pack("<5H", 200, flags, 0, 400, place) + bytes(6))


@pytest.mark.parametrize("cut", [None, 1, 2])
def test_rich_strings_of_xls(cut: int | None) -> None:
    fonts = font() * 4 + font(place=1)  # the fifth is number 5
    text, marks = "件32".encode("utf-16-le"), struct.pack("<2H", 2, 5)
    head = struct.pack("<2LHBH", 1, 1, 3, 9, 1)
    table = record(0xFC, head + text + marks)
    if cut is not None:
        table = record(0xFC, head + text[: 2 * cut]) + record(0x3C, b"\1" + text[2 * cut :] + marks)
    data = xls(label(0, 0), fonts + table)
    assert shown(data, "件32") == NoValue("raised", "件3²")
    assert shown(xls(label(0, 0), font() * 5 + table), "件32") == "件32"


def test_struck_cells_of_xls() -> None:
    fonts = font() + font(flags=8)
    styles = b"".join(record(0xE0, struct.pack("<2H", number, 0) + bytes(16)) for number in (0, 1))
    struck = record(0x203, struct.pack("<3Hd", 0, 0, 1, 5.0))
    assert shown(xls(struck, fonts + styles), 5.0) == NoValue("raised", "（5已划去）")
    assert shown(xls(number(0, 0, 5.0), fonts + styles), 5.0) == 5.0


@pytest.mark.parametrize("kind", ['"float" office:value="5"', '"string"'])
def test_struck_cells_of_ods(kind: str) -> None:
    style = '<style:style style:name="ce1" style:family="table-cell"><style:text-properties {}/></style:style>'
    cell = f'<table:table-cell table:style-name="ce1" office:value-type={kind}><text:p>5</text:p></table:table-cell>'
    struck, raised = 'style:text-line-through-style="solid"', 'style:text-position="super 58%"'
    assert shown(ods_of(cell, styles=style.format(struck)), 5.0) == NoValue("raised", "（5已划去）")
    assert shown(ods_of(cell, styles=style.format(raised)), 5.0) == 5.0


def ods_of(cell: str, more: str = "", styles: str = "") -> bytes:
    content = ods_content(f"<table:table-row>{cell}</table:table-row>{more}")
    return ods(
        content=content.replace(
            "<office:body>", f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        )
    )


def test_formulas_of_ods_are_worked_out() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="{}" table:formula="of:=SUM([.A2:.B2];[$表.A2])"/>'
    four = '<table:table-cell office:value-type="float" office:value="4"/>'
    row = f"<table:table-row>{four}{four}</table:table-row>"
    assert shown(ods_of(cell.format(0), row)) == NoValue("formula", "SUM(A2:B2,表!A2)", gives="12", stored="0")
    assert shown(ods_of(cell.format(12), row), 12.0) == 12.0


def test_names_of_ods_stand_for_their_cells() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="0" table:formula="of:=SUM(项目)"/>'
    four = '<table:table-row><table:table-cell office:value-type="float" office:value="4"/></table:table-row>'
    said = '<table:named-range table:name="项目" table:cell-range-address="{}"/>'
    names = f"<table:named-expressions>{said.format('$表.$A$2:.$A$3')}</table:named-expressions>"
    told = NoValue("formula", "SUM(项目)", gives="8", stored="0")
    made = ods_content(f"<table:table-row>{cell}</table:table-row>{four * 2}")
    assert shown(ods(content=made.replace("</table:table>", f"</table:table>{names}"))) == told
    local = made.replace("</table:table>", f"{names}</table:table>")
    for unsure in (
        local,
        local.replace("</table:table>", f"</table:table>{names}"),
        made.replace("</table:table>", f"</table:table>{names.replace('$A$2', 'A2')}"),
    ):
        assert shown(ods(content=unsure)) == 0.0


def test_ods_merges_and_hidden_rows() -> None:
    number = 'office:value-type="float" office:value="5"'
    merge = f'<table:table-cell table:number-columns-spanned="2" {number}/><table:covered-table-cell {number}/>'
    assert shown(ods_of(merge), 5.0, (0, 1)) == NoValue("covered", "5", over="A1:B1")
    data = ods_of(
        "<table:table-cell/>",
        f'<table:table-row table:visibility="collapse"><table:table-cell {number}/></table:table-row>',
    )
    looked = Looker(admit(data), data).look("表", {"a": (1, 0)}, {"a": 5.0})
    assert [finding.code for finding in looked.findings] == ["S109"]


@pytest.mark.parametrize(
    ("how", "seen"),
    [('style:text-position="super 58%"', "3²"), ('style:text-position="-33% 58%"', "3₂"), ('style:text-position="0% 100%"', None),
     ('style:text-line-through-style="solid"', "3（2已划去）"), ('style:text-line-through-style="none"', None)],
)  # fmt: skip
def test_rich_texts_of_ods(how: str, seen: str | None) -> None:
    style = f'<style:style style:name="T1" style:family="text"><style:text-properties {how}/></style:style>'
    cell = '<table:table-cell office:value-type="string"><text:p>3<text:span text:style-name="T1">2</text:span></text:p></table:table-cell>'
    assert shown(ods_of(cell, styles=style), "32") == ("32" if seen is None else NoValue("raised", seen))


# --- a glance --------------------------------------------------------------------------------------------------------


def glances(data: bytes) -> list[bool]:
    """Of the tables of the form, whether a glance is enough."""
    looker = Looker(admit(data), data)
    return [not looker.must_look(table.sheet, table.spots) for table in load_form().tables]


def test_the_form_as_it_is_sent_out_is_read_at_a_glance() -> None:
    assert glances(clean_workbook()) == [True] * 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<v>6</v>", "<f>7-1</f><v>6</v>"),
        ("<v>6</v>", '<!--<c r="A30" --><f>7-1</f><v>6</v>'),
        ("<v>6</v>", '<!--<c r="A30">--><f>7-1</f><v>6</v>'),
        ("<v>6</v>", '<?x <c r="A30" ?><f>7-1</f><v>6</v>'),
        ("<v>6</v>", '<f t="array" ref="D5">7-1</f><v>6</v>'),
        ("<f>", '<f t="array" ref="A30:D30">'),
        ("<f>", "<f >"),
        (' ht="', ' ht="0'),
        (' ht="', '\nht="0'),
        ('<row r="5"', '<row r="5" hidden="1"'),
        ("<mergeCells ", '<mergeCells a="mergeCell" '),
        ('<mergeCell ref="A1:J1"/>', '<mergeCell ref="C5:D5"/>'),
        ('<mergeCell ref="A1:J1"/>', '<mergeCell ref="A31:Z200"/>'),
    ],
)
def test_whatever_could_be_seen_otherwise_is_looked_at(old: str, new: str) -> None:
    def change(parts: Parts) -> None:
        put(parts, REQUESTS, old, new)

    assert glances(altered(change, clean_workbook)) == [True, False, True]


@pytest.mark.parametrize(("page", "codec"), [(936, "gbk"), (10_008, "gbk")])
def test_a_sheet_that_is_hidden_is_told_in_every_code_page(page: int, codec: str) -> None:
    data = doors.before_unicode(page, codec, "依申请公开")()
    assert [finding.code for finding in verified(data).findings] == ["S109"]


NAMES = {
    "总数": "依申请公开!$D$5:$I$5", "一个": "依申请公开!$D$5", "会动": "依申请公开!D5", "无表": "$D$5", "式": "1+1",
    "两处": "依申请公开!$D$5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("SUM(总数)", "6"),
        ("一个", "6"),
        ("COUNT(总数)", "6"),
        ("会动", None),
        ("无表", None),
        ("式", None),
        ("两处", None),
    ],
)
def test_a_name_stands_for_cells_that_are_the_same_everywhere(text: str, gives: str | None) -> None:
    parts = parts_of(with_cells(J5=formula(text, "7")))
    names = "".join(f'<definedName name="{name}">{cells}</definedName>' for name, cells in NAMES.items())
    names += '<definedName name="两处" localSheetId="1">依申请公开!$E$5</definedName>'
    put(parts, "xl/workbook.xml", "</sheets>", f"</sheets><definedNames>{names}</definedNames>")
    told = [finding for finding in verified(pack(parts)).findings if finding.code == "C110"]
    assert [finding.expected for finding in told] == ([] if gives is None else [gives])


# --- formats and colours -----------------------------------------------------------------------------------------------


def styled(change: Callable[[Any], None]) -> list[Finding]:
    book, saved = edit(clean_workbook())
    change(book["依申请公开"]["D5"])
    return list(verified(saved()).findings)


def in_colours(ink: Color | str, ground: Color | str = "") -> Callable[[Any], None]:
    def change(cell: Any) -> None:
        cell.font = Font(color=ink)
        if ground:
            cell.fill = PatternFill("solid", fgColor=ground)

    return change


@pytest.mark.parametrize("code", [";;;", "[White]0", "[白色]General", '"-"', "0;;;"])
def test_a_number_that_its_format_hides_is_told(code: str) -> None:
    value = -6 if code.startswith("0") else 6

    def change(cell: Any) -> None:
        cell.number_format, cell.value = code, value

    finding = next(finding for finding in styled(change) if finding.code == "S109")
    assert finding.message.endswith(
        "的 D5 里有不为 0 的数，但数字格式、字的颜色或条件格式使人看不见；请清除条件格式，把数字格式改为“常规”、字色改为黑色后核对"
    )


@pytest.mark.parametrize(
    ("code", "shown"),
    [("0%", "600%"), ("0,", "0"), ('"5"', "5"), ('"5"0', "56"), ("0!.0000", "0.0006"), ("0\\.0", "0.6")],
)
def test_a_number_that_its_format_shows_as_another_is_told(code: str, shown: str) -> None:
    (finding,) = styled(lambda cell: setattr(cell, "number_format", code))
    assert (finding.code, finding.severity) == ("S113", "warning")
    assert f"D5（显示“{shown}”，实为 6）" in finding.message


@pytest.mark.parametrize(
    "code",
    ["General", "0", "0.00", "#,##0", '0"件"', "@", "[Red]0", "0_ ", "000", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
     "[DBNum1]General", "[$¥-804]#,##0.00", "[>9]0%;0", "# ?/?", "0.00E+00", "0.###"],
)  # fmt: skip
def test_other_formats_are_left_alone(code: str) -> None:
    assert styled(lambda cell: setattr(cell, "number_format", code)) == []


WHITES: list[Color | str] = [
    "FFFFFFFF",
    "00FFFFFF",
    "FFFEFEFE",
    Color(theme=0),
    Color(indexed=9),
    Color(theme=1, tint=1.0),
]


@pytest.mark.parametrize("ink", WHITES)
def test_a_number_in_the_colour_of_its_ground_is_told(ink: Color | str) -> None:
    assert [finding.code for finding in styled(in_colours(ink, "FFFFFFFF"))] == ["S109"]
    assert [finding.code for finding in styled(in_colours("FF000000", "FF000000"))] == ["S109"]
    assert styled(in_colours(ink, "FF000000")) == []


@pytest.mark.parametrize(
    ("ink", "ground"), [("FFFF0000", "FFFFC7CE"), ("FF808080", ""), ("FF0000FF", "FFFFFF00"), ("FFFF0000", "FF009900")]
)
def test_colours_that_are_seen_are_left_alone(ink: str, ground: str) -> None:
    assert styled(in_colours(ink, ground)) == []


def test_noughts_may_be_unseen() -> None:
    book, saved = edit(clean_workbook())
    cell = book["依申请公开"]["E5"]
    cell.number_format, cell.font = "0;-0;;@", Font(color="FFFFFFFF")
    assert codes(saved()) == []


def test_formats_and_colours_of_an_xls() -> None:
    fonts = [struct.pack("<3H", 200, 0, colour) + bytes(10) for colour in (8, 9)]
    formats = record(0x41E, struct.pack("<2HB", 170, 2, 0) + b"0%")
    styles = [struct.pack("<2H", font, number) + bytes(16) for font, number in ((0, 0), (1, 0), (0, 170))]
    looks = XlsLooks()
    for font in fonts:
        looks.take(0x31, font)
    looks.take(0x41E, formats[4:])
    for one in styles:
        looks.take(0xE0, one)
    assert looks.found() == {1: CellLook("", True, True), 2: CellLook("0%", False, True)}


# --- conditional formats -----------------------------------------------------------------------------------------------


def ruled(*rules: tuple[Any, str]) -> list[Finding]:
    """The form with conditional formats, which are for D5 to I6 of 依申请公开 if they do not say for which."""
    book, saved = edit(clean_workbook())
    for rule, area in rules:
        book["依申请公开"].conditional_formatting.add(area or "D5:I6", rule)
    return list(verified(saved()).findings)


WHITE_INK = {"font": Font(color="FFFFFFFF")}
NOTHING_SHOWN: dict[str, Any] = {"numFmt": NumberFormat(numFmtId=190, formatCode=";;;")}


def cell_is(operator: Any, *formulas: str, **dress: Any) -> Any:
    return Rule("cellIs", operator=operator, formula=list(formulas), dxf=DifferentialStyle(**(dress or WHITE_INK)))


def holds(formula: str, *, stop: bool = False, **dress: Any) -> Any:
    return Rule("expression", formula=[formula], stopIfTrue=stop, dxf=DifferentialStyle(**(dress or WHITE_INK)))


@pytest.mark.parametrize(
    "rule",
    [cell_is("greaterThan", "5"), cell_is("equal", "6"), cell_is("notEqual", "$E$5"), cell_is("between", "1", "9"),
     cell_is("notBetween", "7", "9"), cell_is("lessThan", "10", **NOTHING_SHOWN), holds("D5>0"), holds("SUM($D5:$I5)=6"),
     holds("AND(D5>0,NOT(E5>0))"), holds("1", **NOTHING_SHOWN),
     cell_is("greaterThan", "0", font=Font(color="FF00B050"), fill=PatternFill(bgColor="FF00B050"))],
)  # fmt: skip
def test_a_number_that_a_conditional_format_hides_is_told(rule: Any) -> None:
    (finding,) = ruled((rule, ""))
    assert (finding.code, [place.address for place in finding.places]) == ("S109", ["依申请公开!D5"])
    assert "数字格式、字的颜色或条件格式使人看不见" in finding.message


@pytest.mark.parametrize(
    "rules",
    [[(cell_is("equal", "0"), "")], [(cell_is("greaterThan", "6"), "")], [(holds("D4>0"), "E6:I9")], [(holds("ISERROR(D5)"), "")], [(holds("ISTEXT(D5)"), "")],
     [(cell_is("greaterThan", "0", font=Font(color="FFFF0000")), "")],
     [(cell_is("greaterThan", "0", font=Font(color="FFFFFFFF"), fill=PatternFill(bgColor="FF00B050")), "")],
     [(holds("D5>0", stop=True, fill=PatternFill(bgColor="FFFF0000")), ""), (holds("D5>0"), "")],
     [(holds("D5>0", font=Font(color="FFFF0000")), ""), (holds("D5>0"), "")],
     [(holds("VLOOKUP(1,A:B,2)", font=Font(color="FFFF0000")), ""), (holds("D5>0"), "")]],
)  # fmt: skip
def test_conditional_formats_that_hide_nothing_for_certain_are_left_alone(rules: list[tuple[Any, str]]) -> None:
    assert ruled(*rules) == []


def test_the_first_rule_counts_and_a_shape_of_several_areas_moves() -> None:
    white_on_red = [(holds("D5>0", fill=PatternFill(bgColor="FFFF0000")), ""), (holds("D5>0"), "")]
    assert ruled(*white_on_red) == []
    assert [finding.code for finding in ruled((holds("D4<>1"), "D4 D5:D6"))] == ["S109"]
    # Programs differ in the cell from which this one is seen.
    assert ruled((holds("E1>0"), "E1:E3 D5")) == []
