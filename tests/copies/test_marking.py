"""Marks that answer: which cell is suspected, what was changed since, where the copy goes back to, and what is left out."""

from __future__ import annotations

import datetime
import time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from tests.copies.test_annotate import changed, typed
from tests.copies.test_mend import mended
from tests.hostile.makers import pack
from tests.making.books import DISCLOSURE, MAIN, Parts, add, altered, faulty, kind, put, relate
from tests.making.comparing import differences
from tests.making.copies import (
    RESULT,
    annotated,
    comments,
    fills,
    is_ours,
    opened,
    parts_of,
    result_rows,
    stored,
    summary,
)
from tests.making.filling import clean_workbook, codes, form, verified, workbook
from xlcheck.copies.annotate import Office, Source, annotate
from xlcheck.copies.comments import foreign_text
from xlcheck.copies.covered import CHANGED, FILL, VALUE
from xlcheck.copies.package import Patch
from xlcheck.copies.workbook import without_programs
from xlcheck.forms.rules import catalogue
from xlcheck.guard.admit import admit
from xlcheck.guard.parts import sheets_of
from xlcheck.model import marks
from xlcheck.model.cells import Place, cell_name
from xlcheck.model.finding import Finding

SUSPECTED = "依申请公开!D5"


def replied(data: bytes, office: Office) -> bytes:
    """The annotated copy that says where it goes back to."""
    return annotate(Source(data, admit(data)), verified(data), catalogue(form()), office)


def rules_on(data: bytes, sheet: str) -> dict[str, list[str]]:
    """Our conditional formats on a sheet: their formulas by cell, in their order."""
    found: dict[str, list[str]] = {}
    for area in opened(data)[sheet].conditional_formatting:
        ours = [rule.formula[0] for rule in area.rules if marks.CHANGED_NAME in rule.formula[0]]
        if ours:
            found.setdefault(str(area.sqref), []).extend(ours)
    return found


# --- which cell ------------------------------------------------------------------------------------------------------


def test_the_suspected_cell_is_deep_red_and_the_others_of_its_balances_are_pale() -> None:
    copy = annotated(workbook(requests__received__person=60))
    shown = fills(copy)
    assert shown[SUSPECTED] == marks.DEEP_RED
    others = {"依申请公开!D6", "依申请公开!D28", "依申请公开!D29", *(f"依申请公开!{column}5" for column in "EFGHIJ")}
    assert {address for address, colour in shown.items() if colour == marks.PALE_RED} == others
    assert "深红" in summary(copy)["怎样办"]


def test_where_several_explanations_are_possible_all_cells_are_red() -> None:
    copy = annotated(workbook(disputes__review__upheld=1))
    marked = set(comments(copy))
    assert {fills(copy)[address] for address in marked} == {marks.RED}
    assert "深红" not in summary(copy)["怎样办"]


def test_an_error_or_a_warning_of_its_own_is_not_paled_by_a_balance() -> None:
    data = workbook(requests__received__person=60)
    found = verified(data)
    own = (
        Finding("C102", "error", "负数", places=(Place("依申请公开", (4, 4)),)),
        Finding("P105", "warning", "请核实", places=(Place("依申请公开", (5, 3)),)),
    )
    both = found._replace(findings=(*found.findings, *own))
    copy = annotate(Source(data, admit(data)), both, catalogue(form()))
    assert fills(copy)["依申请公开!E5"] == marks.RED
    assert fills(copy)["依申请公开!D6"] == marks.AMBER


# --- what was changed ------------------------------------------------------------------------------------------------


def test_every_mark_has_a_rule_that_covers_it_once_its_cell_is_changed() -> None:
    copy = annotated(faulty())
    for sheet in ("主动公开", "依申请公开"):
        marked = {address.partition("!")[2] for address in comments(copy) if address.startswith(sheet)}
        found = rules_on(copy, sheet)
        assert found.keys() == marked
        assert all(formulas[0].endswith("=1") for formulas in found.values())
    first = opened(copy)["依申请公开"].conditional_formatting
    assert marks.CHANGED_NAME in next(iter(first)).rules[0].formula[0]


def test_rules_ask_a_name_of_cells_that_exist() -> None:
    copy = annotated(faulty())
    name = opened(copy).defined_names[marks.CHANGED_NAME].attr_text
    last = len(comments(copy))
    assert name == f"'{RESULT}'!$X$1:$X${last}"
    asked = {
        formula for sheet in ("主动公开", "依申请公开") for each in rules_on(copy, sheet).values() for formula in each
    }
    numbers = {int(formula.partition(",")[2].partition(")")[0]) for formula in asked}
    assert numbers == set(range(1, last + 1))


@pytest.mark.parametrize(
    "held", [-1, 2.5, 12345678901234567, 0.30000000000000004, "无", "１２", " ", "=1+1", "x" * 32767, "", True]
)
def test_what_a_marked_cell_held_is_kept_as_it_stands_in_the_file(held: Any) -> None:
    data = (
        workbook(disclosure__regulations__issued=held)
        if not isinstance(held, bool)
        else typed(faulty(), "主动公开!B4", held)
    )
    copy = annotated(data)
    place = f"'主动公开'!{'B4'}"
    row = next(
        row
        for row in range(1, 300)
        if place in stored(copy)[RESULT].get(cell_name((row - 1, CHANGED)), ("", "", ""))[2]
    )
    kept = stored(copy)[RESULT].get(cell_name((row - 1, VALUE)))
    was = stored(data)["主动公开"].get("B4")
    assert (kept and kept[:2]) == (was and was[:2])
    assert stored(copy)[RESULT][cell_name((row - 1, CHANGED))][1] == "0.0"


def test_each_finding_says_whether_anything_of_it_was_changed() -> None:
    copy = annotated(faulty())
    cells = stored(copy)[RESULT]
    head = next(row[0].row for row in opened(copy)[RESULT].iter_rows() if row[0].value == "序号")
    rows = range(head + 1, head + 1 + len(result_rows(copy)))
    assert [cells[f"I{row}"][1] for row in rows] == ["未改"] * len(rows)
    assert all(cells[f"I{row}"][2].startswith("IF(SUM($X$") for row in rows)
    assert cells["C6"][1] == f"已改 0 条，未改 {len(rows)} 条"


def test_what_no_cell_can_answer_is_not_counted() -> None:
    copy = annotated(changed(clean_workbook(), lambda book: book.create_sheet("备注")))
    assert [row[8] for row in result_rows(copy)] == ["—"]
    assert stored(copy)[RESULT]["C6"][1] == "已改 0 条，未改 0 条"


def test_the_result_sheet_says_the_same_without_english_and_fits_a_screen() -> None:
    copy = annotated(faulty())
    told = summary(copy)
    assert "核对程序" in told["核对依据"]
    assert form().title in told["核对依据"]
    assert "xlcheck" not in told["核对依据"]
    assert form().id not in told["核对依据"]
    sheet = opened(copy)[RESULT]
    widths = [sheet.column_dimensions[cell_name((0, column))[0]].width for column in range(9)]
    assert sum(int(width * 7 + 5) for width in widths) + 50 <= 1366
    assert all(sheet.column_dimensions[letter].hidden for letter in "X")
    assert widths[0] * 7 >= 2 * 15 + 17  # two characters of the head beside the button of the filter


# --- where it goes back to -------------------------------------------------------------------------------------------


def test_the_copy_says_by_when_and_where_it_is_wanted_back() -> None:
    office = Office("某某市政务公开办", "0812-1234567", "gk@example.org", datetime.date(2026, 1, 20))
    told = summary(replied(faulty(), office))["报回要求"]
    assert (
        told
        == "请于 2026年1月20日前把改好的本文件发到 gk@example.org；有疑问请联系某某市政务公开办，电话 0812-1234567。"
    )
    assert "报回要求" not in summary(annotated(faulty()))


@pytest.mark.parametrize(
    ("office", "said"),
    [
        (Office("市公开办"), "请把改好的本文件发回市公开办。"),
        (Office(phone="12345"), "电话 12345。"),
        (Office(reply_to="gk@example.org"), "请把改好的本文件发到 gk@example.org。"),
        (Office("=1+1\x1b[31m", "1"), "请把改好的本文件发回=1+1[31m；有疑问请联系=1+1[31m，电话 1。"),
        (Office(), ""),
    ],
)
def test_what_is_not_known_of_the_office_is_not_said(office: Office, said: str) -> None:
    assert office.says == said


# --- what is left out ------------------------------------------------------------------------------------------------


def test_a_thread_on_a_marked_cell_becomes_a_comment_below_ours() -> None:
    copy = annotated(kind("threaded comments"))
    text = comments(copy)["主动公开!B4"]
    assert text.index("C102") < text.index("张三：请核对") < text.index("张三：已核对 <1>")
    assert "Threaded comment" not in text
    left = parts_of(copy)["xl/threadedComments/threadedComment1.xml"]
    assert b"B4" not in left
    assert b"A1" in left
    assert "会话式批注" in summary(copy)["副本未保留"]
    again = annotated(typed(copy, "主动公开!B4", 1))
    assert comments(again)["主动公开!B4"] == "张三：请核对\n张三：已核对 <1>"


def test_a_thread_on_another_cell_stays_and_is_not_spoken_of() -> None:
    def change(parts: Parts) -> None:
        for _ in range(2):
            put(parts, "xl/threadedComments/threadedComment1.xml", 'ref="B4"', 'ref="C9"')

    copy = annotated(altered(change, lambda: kind("threaded comments")))
    assert "副本未保留" not in summary(copy)


def test_a_signature_no_longer_holds_and_is_taken_away() -> None:
    copy = annotated(kind("signature"))
    assert not [name for name in parts_of(copy) if "signature" in name]
    assert not [name for name, content in parts_of(copy).items() if b"digital-signature" in content]
    assert "数字签名" in summary(copy)["副本未保留"]


def test_macros_do_not_go_round() -> None:
    copy = annotated(kind("macros"))
    assert not [name for name, content in parts_of(copy).items() if "vba" in name or b"vbaProject.bin" in content]
    assert b"macroEnabled" not in parts_of(copy)["[Content_Types].xml"]
    assert "宏" in summary(copy)["副本未保留"]


def test_a_sheet_of_old_macros_goes_with_its_names() -> None:
    def change(parts: Parts) -> None:
        add(parts, "xl/macrosheets/sheet1.xml", f'<xm:macrosheet xmlns:xm="urn:x" xmlns="{MAIN}"/>', "application/vnd.ms-excel.macrosheet+xml")  # fmt: skip
        relate(
            parts,
            "xl/workbook.xml",
            ("rIdX", "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml"),
        )
        put(parts, "xl/workbook.xml", "<sheets>", '<sheets><sheet name="宏1" sheetId="77" r:id="rIdX"/>')
        put(
            parts,
            "xl/workbook.xml",
            "<definedNames>",
            '<definedNames><definedName name="a" localSheetId="0">1</definedName><definedName name="b" localSheetId="3">1</definedName>',
        )

    parts: Parts = parts_of(altered(change))
    patch = Patch(pack(parts), parts)
    assert without_programs(patch)
    assert "xl/macrosheets/sheet1.xml" not in patch
    assert [title for title, _ in sheets_of(patch)] == list(form().sheets)
    text = patch["xl/workbook.xml"].decode()
    assert 'name="a"' not in text
    assert '<definedName name="b" localSheetId="2">' in text


def test_what_stays_is_not_spoken_of() -> None:
    for name in ("picture that is a program", "chart with a title", "extensions", "comments of others", "button"):
        said = {held[1] for held in stored(annotated(kind(name)))[RESULT].values()}
        assert "怎样办" in said
        assert "副本未保留" not in said


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_of_17_digits_stay_and_are_told_again() -> None:
    data = kind("numbers of 17 digits")
    assert {"C105", "C108"} <= set(codes(data))
    assert codes(annotated(data)) == codes(data)


def test_a_number_under_a_merge_stays() -> None:
    data = kind("fields merged over numbers")
    assert stored(annotated(data))["依申请公开"]["E5"] == stored(data)["依申请公开"]["E5"]


# --- comments of others ----------------------------------------------------------------------------------------------


def test_the_looks_of_a_comment_come_back_with_its_text() -> None:
    data = kind("comments of others")
    again = annotated(typed_in_place(annotated(data), "主动公开!B4", 1))
    comment = parts_of(again)["xl/comments7.xml"].decode()
    assert '<rPr><b/><sz val="9"/></rPr><t xml:space="preserve">李四: </t>' in comment
    assert "审核意见" not in comment.partition('ref="B4"')[2].partition("</comment>")[0]


def typed_in_place(data: bytes, address: str, value: int) -> bytes:
    """A copy with one cell typed into, by a program that saves everything else as it is."""
    parts = parts_of(data)
    sheet, _, cell = address.rpartition("!")
    assert sheet == "主动公开"
    text = parts[DISCLOSURE].decode()
    begin = text.index(f'<c r="{cell}"')
    end = text.index("</c>", begin)
    parts[DISCLOSURE] = f"{text[:begin]}{text[begin:end].partition('<v>')[0]}<v>{value}</v>{text[end:]}".encode()
    del parts["docProps/xlcheck.xml"]
    return pack(parts)


@given(
    st.lists(
        st.sampled_from(
            ["■ 强制性 C101　a\u200b", "　 应为：6\u200b", "■ x\u200b答复", "别的", "", marks.COMMENT_BELOW]
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=60)
def test_what_others_wrote_in_a_comment_is_neither_lost_nor_made_up(lines: list[str]) -> None:
    kept = foreign_text("\n".join([marks.COMMENT_HEAD, *lines]))
    pieces = "\n".join(lines)
    assert all(line in pieces for line in kept.split("\n"))
    assert not kept.startswith(marks.COMMENT_HEAD)
    assert ("别的" in kept) == ("别的" in lines)


# --- copies of earlier versions --------------------------------------------------------------------------------------


def by_an_earlier_version(data: bytes) -> bytes:
    """A copy as the first version wrote it, with openpyxl: fills by cell in a hidden column, no rules, no formulas."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet(RESULT, 0)
        sheet["A1"] = marks.RESULT_TITLE
        sheet.column_dimensions["Z"].hidden = True
        for row, (name, text) in enumerate((("B4", ""), ("B12", "本单位写的")), start=1):
            cell = book["主动公开"][name]
            inner = f'<patternFill patternType="solid"><fgColor rgb="{cell.fill.fgColor.rgb}" /></patternFill>'
            sheet[f"Z{row}"] = f"主动公开!{name}|<fill>{inner}</fill>"
            cell.fill = PatternFill("solid", fgColor=marks.RED)
            ours = f"{marks.COMMENT_HEAD}\n■ 强制性 C102　负数{marks.COMMENT_END}"
            below = f"\n\n{marks.COMMENT_BELOW}\n{text}" if text else ""
            cell.comment = Comment(ours + below, "经办人" if text else marks.COMMENT_AUTHOR)

    return changed(data, change)


def test_marks_of_an_earlier_version_are_taken_away() -> None:
    data = workbook(requests__received__person=60)
    again = annotated(by_an_earlier_version(data))
    assert opened(again).sheetnames.count(RESULT) == 1
    assert fills(again) == fills(annotated(data))
    assert comments(again).keys() == {*comments(annotated(data)), "主动公开!B12"}
    assert comments(again)["主动公开!B12"] == "本单位写的"
    assert opened(again)["主动公开"]["B12"].comment.author == "经办人"


def test_marks_are_found_where_rows_were_put_in_and_the_sheet_was_renamed() -> None:
    data = workbook(disclosure__regulations__issued=-1)
    copy = annotated(data)

    def move(parts: Parts) -> None:
        for name in [name for name in parts if name.endswith(".xml") and name.startswith("xl/work")]:
            text = parts[name].decode().replace("主动公开'!B4", "公开'!B4").replace('name="主动公开"', 'name="公开"')
            parts[name] = text.replace("主动公开!B4|", "主动公开!B99|").encode()
        put(parts, DISCLOSURE, "<v>-1</v>", "<v>1</v>")
        put(parts, "xl/comments1.xml", marks.COMMENT_HEAD, "本单位写的")

    again = annotated(altered(move, lambda: copy))
    assert fills(again)["公开!B4"] == fills(data)["主动公开!B4"]


# --- hostile ---------------------------------------------------------------------------------------------------------


def test_a_comment_of_a_hundred_thousand_lines_takes_time_in_proportion() -> None:
    taken = []
    for count in (20_000, 200_000):
        text = marks.COMMENT_HEAD + "\n" + "■ a\n" * count
        start = time.process_time()
        assert foreign_text(text) == ""
        taken.append(time.process_time() - start)
    assert taken[1] < 60 * max(taken[0], 1e-3)


def test_a_forged_memory_changes_no_cell_that_bears_no_mark() -> None:
    data = annotated(faulty())
    fill = '<fill><patternFill patternType="solid"><fgColor rgb="FF00FF00"/></patternFill></fill>'

    def change(parts: Parts) -> None:
        sheet = next(name for name, content in parts.items() if marks.RESULT_TITLE.encode() in content)
        forged = "".join(
            f'<row r="{row}"><c r="{cell_name((row - 1, FILL))}" t="inlineStr"><is><t>主动公开!C{row}|{text}</t></is></c></row>'
            for row in range(900, 6000)
            for text in [fill.replace("<", "&lt;")]
        )
        put(parts, sheet, "</sheetData>", f"{forged}</sheetData>")
        put(parts, sheet, "主动公开!B4|", "主动公开!B4|&lt;fill&gt;&lt;script/&gt;&lt;/fill&gt;")

    again = annotated(altered(change, lambda: data))
    assert "FF00FF00" not in set(fills(again).values())
    assert b"script" not in parts_of(again)["xl/styles.xml"]


def test_no_text_of_a_submission_stands_in_a_formula() -> None:
    copy = annotated(
        workbook(disclosure__regulations__issued="=cmd|' /C calc'!A0", disclosure__penalties__decisions='"&A1&"')
    )
    formulas = [held[2] for held in stored(copy)[RESULT].values() if held[2]]
    assert formulas
    assert all(map(is_ours, formulas))


# --- mends -----------------------------------------------------------------------------------------------------------


def test_a_mended_copy_differs_in_marks_results_and_mended_numbers_only() -> None:
    data = workbook(requests__received__person="６")
    told = differences(data, mended(data, "text"))
    assert all("/row/c" in each or "calcPr" in each for each in told), told
    assert b'fullCalcOnLoad="1"' in parts_of(mended(data, "text"))["xl/workbook.xml"]
