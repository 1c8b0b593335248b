"""The annotated copy: what is wrong stands on the cells and in a list, and nothing of the department's is lost."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Pixels

from tests.making.books import altered
from tests.making.copies import (
    RESULT,
    annotated,
    comments,
    fills,
    is_ours,
    opened,
    parts_of,
    repacked,
    result_rows,
    same_typed,
    stored,
    summary,
)
from tests.making.filling import clean_values, clean_workbook, codes, edit, form, submission_of, workbook
from xlcheck.drawing.template import render
from xlcheck.model.cells import cell_name
from xlcheck.model.marks import CHANGED_NAME

RED, AMBER = "FFFFC7CE", "FFFFD966"
UNBALANCED = {"requests__received__person": 7, "requests__received__total": 7}


def changed(data: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """A workbook after a change by hand."""
    book, saved = edit(data)
    change(book)
    return bytes(saved())


def typed(data: bytes, address: str, value: Any) -> bytes:
    """A workbook with one cell typed into."""

    def change(book: openpyxl.Workbook) -> None:
        sheet, _, cell = address.rpartition("!")
        book[sheet][cell] = value

    return changed(data, change)


def cell(data: bytes, address: str) -> Any:
    """A cell as openpyxl sees it."""
    sheet, _, name = address.rpartition("!")
    return opened(data)[sheet][name]


# --- marks -----------------------------------------------------------------------------------------------------------


def test_error_cells_are_red_and_say_what_is_wrong() -> None:
    copy = annotated(workbook(disclosure__regulations__issued=-3))
    assert cell(copy, "主动公开!B4").fill.fgColor.rgb == RED
    text = comments(copy)["主动公开!B4"]
    assert "C102" in text
    assert "-3" in text


def test_every_cell_of_a_broken_relation_is_marked() -> None:
    copy = annotated(workbook(**UNBALANCED))
    marked = {address for address, colour in fills(copy).items() if colour == RED}
    assert marked == {f"依申请公开!{column}{row}" for column in "DJ" for row in (5, 6, 28, 29)}
    assert set(comments(copy)) == marked


def test_a_comment_says_what_the_cell_should_be() -> None:
    copy = annotated(workbook(requests__received__person="６"))
    assert "应为：6" in comments(copy)["依申请公开!D5"]


def test_a_comment_has_room_for_its_text() -> None:
    (few,) = comment_boxes(annotated(workbook(disclosure__regulations__issued=-3)))
    many = max(height for _, height in comment_boxes(annotated(workbook(requests__received__person=-7))))
    assert few[0] >= 300
    assert 60 <= few[1] < many <= 480


def comment_boxes(data: bytes) -> list[tuple[int, int]]:
    """Width and height of every comment as drawn."""
    drawn = b"".join(content for name, content in parts_of(data).items() if name.endswith(".vml")).decode()
    return [(int(w), int(h)) for w, h in re.findall(r"width:(\d+)px;height:(\d+)px", drawn)]


def test_the_mark_of_a_merged_field_is_on_the_cell_that_shows() -> None:
    copy = annotated(workbook(disclosure__penalties__decisions=""))
    assert cell(copy, "主动公开!B11").fill.fgColor.rgb == RED
    assert "C101" in comments(copy)["主动公开!B11"]


def test_a_clean_cell_keeps_its_fill_and_gets_no_comment() -> None:
    before, copy = workbook(**UNBALANCED), annotated(workbook(**UNBALANCED))
    marked = set(comments(copy))
    assert {a: c for a, c in fills(copy).items() if a not in marked} == {
        a: c for a, c in fills(before).items() if a not in marked
    }


def test_altered_heads_are_marked_too() -> None:
    copy = annotated(typed(clean_workbook(), "依申请公开!B7", "（一）主动公开"))
    assert cell(copy, "依申请公开!B7").fill.fgColor.rgb == RED
    assert "（一）予以公开" in comments(copy)["依申请公开!B7"]


def test_a_workbook_with_only_warnings_is_to_be_explained_and_comes_back() -> None:
    copy = annotated(changed(clean_workbook(), lambda book: book.create_sheet("备注")))
    assert summary(copy)["审核结论"].startswith("待核实")
    assert "有误的直接改正；无误的不要改数，在封面“情况说明”中写明原因" in summary(copy)["怎样办"]
    assert "发回" in summary(copy)["怎样办"]
    assert RED not in fills(copy).values()
    assert [row[2].split()[0] for row in result_rows(copy)] == ["S104"]


def test_a_workbook_whose_warnings_are_all_explained_passes() -> None:
    def explain(book: openpyxl.Workbook) -> None:
        book.create_sheet("备注")
        cells = form().cover.notes.cells[0]  # type: ignore[union-attr]
        for cell, text in zip(cells, ("S104", "备注页是本单位留存的"), strict=True):
            book["封面"][cell_name(cell)] = text

    copy = annotated(changed(clean_workbook(), explain))
    assert summary(copy)["审核结论"] == "通过"
    assert "不需要再报送" in summary(copy)["怎样办"]


# --- the result sheet ------------------------------------------------------------------------------------------------


def test_the_result_sheet_is_the_first_and_opens() -> None:
    book = opened(annotated(workbook(**UNBALANCED)))
    assert book.sheetnames[0] == RESULT
    assert book.active is book[RESULT]
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == [RESULT]


def test_the_result_sheet_names_unit_year_verdict_and_counts() -> None:
    told = summary(annotated(workbook(**UNBALANCED)))
    assert told["单位名称"] == "某某市教育局"
    assert told["报告年度"] == "2025"
    assert told["审核结论"].startswith("不通过")
    assert "2 处" in told["问题数量"]


def test_the_result_sheet_lists_every_finding_with_a_link_to_its_cell() -> None:
    copy = annotated(workbook(disclosure__regulations__issued="", requests__granted__person="1"))
    rows = result_rows(copy)
    assert [(row[0], row[1], row[2].split()[0], row[3]) for row in rows] == [
        (1, "强制性", "C101", "主动公开!B4"),
        (2, "强制性", "C104", "依申请公开!D7"),
    ]
    assert rows[1][5:7] == ["1", "1"]
    sheet = opened(copy)[RESULT]
    links = [c.hyperlink for row in sheet.iter_rows() for c in row if c.hyperlink]
    assert [link.location for link in links] == ["'主动公开'!B4", "'依申请公开'!D7"]
    assert all(link.target is None and link.id is None for link in links)


def test_several_answers_to_findings_of_one_cause_are_told_once() -> None:
    rows = result_rows(annotated(workbook(requests__received__person=60, requests__handled__person=7)))
    told = [row[6] for row in rows if str(row[2]).startswith("B")]
    assert told[0].startswith("可能1：依申请公开!") and told[0].split("\n")[0].count("依申请公开!") == 1
    assert set(told[1:]) == {"见第 1 条"}


def test_the_result_sheet_can_be_filtered_and_printed() -> None:
    sheet = opened(annotated(workbook(**UNBALANCED)))[RESULT]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    assert sheet.auto_filter.ref == f"A{head}:I{head + 2}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert str(head + 2) in sheet.print_area


def test_a_foreign_sheet_of_that_name_is_kept_as_it_was() -> None:
    def add(book: openpyxl.Workbook) -> None:
        book.create_sheet(RESULT)["B2"] = "本单位自查：无问题"

    before = changed(workbook(**UNBALANCED), add)
    once = annotated(before)
    twice = annotated(once)
    for copy in (once, twice):
        assert opened(copy)[RESULT]["B2"].value == "本单位自查：无问题"
        assert len(opened(copy).sheetnames) == 7
        same_typed(before, copy)


# --- what must survive -----------------------------------------------------------------------------------------------


def test_every_typed_value_and_formula_with_its_result_is_the_same() -> None:
    before = workbook(**UNBALANCED, disclosure__fees__amount=0.1 + 0.2, disputes__review__total="３件")
    same_typed(before, annotated(before))


def test_formulas_of_the_department_keep_their_results() -> None:
    sheet = "xl__worksheets__sheet2_xml"
    before = repacked(
        render(form(), {"unit": "甲"}, {**clean_values(), "disclosure.regulations.issued": 4321}),
        **{sheet: ("<v>4321</v>", "<f>SUM(C4:D4)+4320</f><v>4321</v>")},
    )
    assert ("number", "4321.0", "SUM(C4:D4)+4320") in stored(before)["主动公开"].values()
    same_typed(before, annotated(before))


def test_a_formula_whose_result_is_a_shared_string_keeps_that_text() -> None:
    before = workbook(disclosure__regulations__issued=-1)
    cells = opened(before)["封面"]
    assert cells["B4"].value == "单位名称"
    number = (
        parts_of(before)["xl/worksheets/sheet1.xml"]
        .decode()
        .partition('<c r="B4"')[2]
        .partition("<v>")[2]
        .partition("</v>")[0]
    )
    spoilt = repacked(
        before, xl__worksheets__sheet1_xml=(f"<v>{number}</v>", f'<f>"单位"&amp;"名称"</f><v>{number}</v>')
    )
    same_typed(spoilt, annotated(spoilt))


NUMBERS = (0, 1, 59, 60, 61, 0.5, 1.25, 45000.123456789, -1, -0.75, 2958466, 3.5e-9)


@pytest.mark.parametrize(
    "look", ["yyyy-mm-dd", "h:mm", "[h]:mm:ss", "m/d/yyyy h:mm", '"￥"#,##0.00', "0%", "@", "yyyy年m月"]
)
def test_a_number_stays_that_number_whatever_its_format(look: str) -> None:
    """Whoever types 3-5 gets a date format, which stays when 60 is typed over it."""
    book, saved = edit(workbook(disclosure__regulations__issued=-1))
    for row in range(20, 20 + len(NUMBERS)):
        target = book["主动公开"].cell(row, 1, 98000 + row)
        target.number_format = look
    before = bytes(saved())
    for row, number in enumerate(NUMBERS, start=20):
        before = repacked(before, xl__worksheets__sheet2_xml=(f"<v>{98000 + row}</v>", f"<v>{number!r}</v>"))
    same_typed(before, annotated(before))


def test_dates_times_booleans_and_errors_stay_what_they_are() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["主动公开"]
        dates: dict[str, Any] = {
            "B4": datetime.date(2025, 3, 5),
            "C4": datetime.datetime(2025, 3, 5, 23, 59, 59),
            "D4": datetime.time(8, 30),
            "B5": True,
            "C5": datetime.timedelta(hours=30),
            "F20": "#REF!",
        }
        for name, value in dates.items():
            sheet[name] = value

    before = changed(clean_workbook(), change)
    same_typed(before, annotated(before))


TEXTS = ("=1+1", "+1", "-1", "@SUM(A1)", "http://example.com/a?b=c", "mailto:a@b.c", "\t=1", "=cmd|' /C calc'!A0", " 前后空格 ",
         "两\n行", "<b>&amp;", "'=1", "１２", "0012", "#N/A", "TRUE", "1e5", "x" * 32767)  # fmt: skip


def test_text_stays_that_text() -> None:
    keys = [field.key for field in form().fields]
    before = workbook({**clean_values(), **dict(zip(keys, TEXTS, strict=False))})
    copy = annotated(before)
    same_typed(before, copy)
    for key in keys[: len(TEXTS)]:
        field = form().by_key[key]
        assert stored(copy)[field.sheet][cell_name(field.cell)][0] == "text"


def test_text_that_looks_like_an_escape_stays_that_text() -> None:
    before = workbook(disclosure__regulations__issued="a_x0041_b")
    same_typed(before, annotated(before))


@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
        min_size=20,
        max_size=60,
    )
)
@settings(max_examples=2)
def test_any_text_survives_and_never_becomes_a_formula_or_a_link(texts: list[str]) -> None:
    keys = [field.key for field in form().fields]
    before = render(form(), {"unit": texts[0], "year": "2025"}, dict(zip(keys, texts, strict=False)))
    copy = annotated(before)
    same_typed(before, copy)
    assert all(is_ours(held[2]) for held in stored(copy)[RESULT].values() if held[2])


def test_no_text_of_a_submission_becomes_a_formula_or_an_address_anywhere() -> None:
    nasty = ['=HYPERLINK("http://evil.example")', "http://evil.example", "+1", "-2+3", "@x", "=1+1"]

    def change(book: openpyxl.Workbook) -> None:
        book["依申请公开"].title = "=1+1"
        book.create_sheet("http：evil.example")["A1"] = "x"
        for row, text in enumerate(nasty, start=5):
            target = book["=1+1"].cell(row, 4)
            target.value, target.data_type = text, "s"
        book["封面"]["C4"].value, book["封面"]["C4"].data_type = nasty[0], "s"
        book["主动公开"]["B4"].comment = Comment(nasty[0], "=1+1")

    copy = annotated(changed(workbook(disclosure__regulations__issued=-1), change))
    assert all(is_ours(held[2]) for held in stored(copy)[RESULT].values() if held[2])
    assert not [
        name
        for name, content in parts_of(copy).items()
        if name.endswith(".rels") and b'TargetMode="External"' in content
    ]


def test_the_fields_stay_open_and_everything_else_stays_locked() -> None:
    before, copy = workbook(**UNBALANCED), annotated(workbook(**UNBALANCED))
    book = opened(copy)
    assert book.security.lockStructure
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert _open_cells(copy) == _open_cells(before)


def _open_cells(data: bytes) -> set[str]:
    return {
        f"{sheet.title}!{c.coordinate}"
        for sheet in opened(data).worksheets
        for row in sheet.iter_rows()
        for c in row
        if not c.protection.locked
    }


def test_validations_live_checks_names_and_properties_survive() -> None:
    old, new = opened(workbook(**UNBALANCED)), opened(annotated(workbook(**UNBALANCED)))
    assert {name: item.attr_text for name, item in new.defined_names.items() if name != CHANGED_NAME} == {
        name: item.attr_text for name, item in old.defined_names.items()
    }
    assert {p.name: p.value for p in new.custom_doc_props} == {p.name: p.value for p in old.custom_doc_props}
    for sheet in old.worksheets:
        after = new[sheet.title]
        assert [(str(d.sqref), d.type, d.formula1) for d in after.data_validations.dataValidation] == [
            (str(d.sqref), d.type, d.formula1) for d in sheet.data_validations.dataValidation
        ]
        rules = [
            (str(a.sqref), [r.formula for r in a.rules if CHANGED_NAME not in r.formula[0]])
            for a in after.conditional_formatting
        ]
        assert {area: found for area, found in rules if found} == {
            str(area.sqref): [r.formula for r in area.rules] for area in sheet.conditional_formatting
        }
        assert (after.print_area, after.print_title_rows) == (sheet.print_area, sheet.print_title_rows)
        assert sorted(map(str, after.merged_cells.ranges)) == sorted(map(str, sheet.merged_cells.ranges))
        assert {key: d.width for key, d in after.column_dimensions.items()} == {
            key: d.width for key, d in sheet.column_dimensions.items()
        }


def test_what_the_department_added_survives() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("附表")
        sheet["A1"] = "明细"
        sheet["A1"].comment = Comment("见档案 3 号", "张三")
        rule = DataValidation(type="list", formula1='"是,否"')
        rule.add("B2")
        sheet.add_data_validation(rule)
        sheet.row_dimensions[5].hidden = True
        sheet.sheet_state = "hidden"
        book.defined_names["明细"] = DefinedName("明细", attr_text="'附表'!$A$1")

    copy = opened(annotated(changed(workbook(**UNBALANCED), change)))
    sheet = copy["附表"]
    assert sheet["A1"].comment.text == "见档案 3 号"
    assert sheet["A1"].comment.author == "张三"
    assert [str(d.sqref) for d in sheet.data_validations.dataValidation] == ["B2"]
    assert sheet.row_dimensions[5].hidden
    assert sheet.sheet_state == "hidden"
    assert copy.defined_names["明细"].attr_text == "'附表'!$A$1"


def test_pictures_survive() -> None:
    picture = io.BytesIO()
    Pixels.new("RGB", (40, 40), "red").save(picture, "PNG")

    before = changed(
        workbook(**UNBALANCED), lambda book: book["封面"].add_image(Image(io.BytesIO(picture.getvalue())), "D20")
    )
    copy = annotated(before)
    assert [content for name, content in parts_of(copy).items() if name.startswith("xl/media/")] == [
        content for name, content in parts_of(before).items() if name.startswith("xl/media/")
    ]


def test_rich_text_survives() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    text = CellRichText("单位", TextBlock(InlineFont(b=True), "全称"))
    copy = annotated(typed(workbook(**UNBALANCED), "填报说明!A20", text))
    assert cell(copy, "填报说明!A20").value == text


def test_the_original_bytes_are_not_touched() -> None:
    before = workbook(**UNBALANCED)
    kept = bytes(bytearray(before))
    annotated(before)
    assert before == kept


def test_a_clean_copy_names_no_losses() -> None:
    assert "副本未保留" not in summary(annotated(workbook(**UNBALANCED)))


def test_annotating_an_annotated_copy_names_no_loss_of_our_own_comments() -> None:
    assert "副本未保留" not in summary(annotated(annotated(workbook(**UNBALANCED))))


# --- comments of others ----------------------------------------------------------------------------------------------


def with_comment(text: str, author: str = "李四") -> bytes:
    """A workbook with a fault at 主动公开!B4 and somebody's comment on that cell."""

    def change(book: openpyxl.Workbook) -> None:
        book["主动公开"]["B4"].comment = Comment(text, author)

    return changed(workbook(disclosure__regulations__issued=-3), change)


def test_a_comment_that_was_there_stands_below_ours() -> None:
    text = comments(annotated(with_comment("数据来自法规处")))["主动公开!B4"]
    assert text.index("C102") < text.index("数据来自法规处")


@pytest.mark.parametrize("text", ["数据来自\n法规处", "【原有批注】\n我写的", "【审核意见】已收到，正在核实", "=1+1"])
def test_a_comment_is_restored_when_the_fault_is_mended(text: str) -> None:
    mended = typed(annotated(with_comment(text)), "主动公开!B4", 1)
    again = annotated(mended)
    assert comments(again) == {"主动公开!B4": text}
    assert cell(again, "主动公开!B4").comment.author == "李四"


def test_what_somebody_adds_to_our_comment_is_not_thrown_away() -> None:
    def answer(book: openpyxl.Workbook) -> None:
        comment = book["主动公开"]["B4"].comment
        book["主动公开"]["B4"].comment = Comment(f"{comment.text}\n答复：已向法规处核实", "李四")

    copy = changed(annotated(workbook(disclosure__regulations__issued=-3)), answer)
    assert "答复：已向法规处核实" in comments(annotated(copy))["主动公开!B4"]


# --- again -----------------------------------------------------------------------------------------------------------


def test_an_annotated_copy_has_the_same_findings() -> None:
    before = workbook(**UNBALANCED, disclosure__regulations__issued="", disputes__review__total="无")
    assert codes(annotated(before)) == codes(before)
    assert submission_of(annotated(before)).held == submission_of(before).held


def test_annotating_again_leaves_only_the_fresh_marks() -> None:
    before = workbook(disclosure__regulations__issued=-3, disclosure__regulations__repealed=-4)
    mended = typed(annotated(before), "主动公开!B4", 1)
    again = annotated(mended)
    assert set(comments(again)) == {"主动公开!C4"}
    assert {a for a, c in fills(again).items() if c == RED} == {"主动公开!C4"}
    assert fills(again)["主动公开!B4"] == fills(before)["主动公开!B4"]
    assert opened(again).sheetnames.count(RESULT) == 1
    assert len(opened(again).sheetnames) == 6


def test_annotating_a_mended_copy_gives_back_the_looks_of_the_original() -> None:
    before = workbook(**UNBALANCED)
    copy = annotated(before)
    for column in "DJ":
        copy = typed(copy, f"依申请公开!{column}5", 6)
    again = annotated(copy)
    assert fills(again) == fills(before)
    assert comments(again) == {}


def test_annotating_thrice_is_the_same_as_twice() -> None:
    before = with_comment("我写的")
    twice = annotated(annotated(before))
    thrice = annotated(twice)
    assert comments(thrice) == comments(twice)
    assert fills(thrice) == fills(twice)
    assert stored(thrice) == stored(twice)


def test_a_fill_of_the_department_in_our_own_red_is_kept() -> None:
    def paint(book: openpyxl.Workbook) -> None:
        for name in ("B4", "C4", "F20"):
            book["主动公开"][name].fill = PatternFill("solid", fgColor=RED)

    before = changed(workbook(disclosure__regulations__issued=-3), paint)
    again = annotated(typed(annotated(before), "主动公开!B4", 1))
    assert fills(again) == fills(before)


def test_marks_are_gone_even_when_somebody_deleted_the_result_sheet() -> None:
    before = workbook(disclosure__regulations__issued=-3)

    def drop(book: openpyxl.Workbook) -> None:
        del book[RESULT]
        book["主动公开"]["B4"] = 1

    again = annotated(changed(annotated(before), drop))
    assert comments(again) == {}
    assert fills(again) == fills(before)


def test_marks_move_with_a_renamed_sheet() -> None:
    before = workbook(disclosure__regulations__issued=-3)

    def rename(book: openpyxl.Workbook) -> None:
        book["主动公开"].title = "主动公开表"
        book["主动公开表"]["B4"] = 1

    again = annotated(changed(annotated(before), rename))
    assert RED not in {colour for address, colour in fills(again).items() if address.endswith("B4")}


@given(
    st.dictionaries(
        st.sampled_from([field.key for field in form().fields]),
        st.sampled_from(["", -1, "５", 2.5, "无", 7]),
        max_size=12,
    )
)
@settings(max_examples=4)
def test_whatever_was_typed_is_still_there(values: dict[str, Any]) -> None:
    before = workbook({**clean_values(), **values})
    copy = annotated(before)
    same_typed(before, copy)
    assert codes(copy) == codes(before)
    marked = set(comments(copy))
    named = {f"{f.sheet}!{cell_name(f.cell)}" for f in form().fields}
    assert marked <= named


def test_the_copy_of_another_form_speaks_of_no_cells() -> None:
    def rename(parts: dict[str, bytes]) -> None:
        parts["docProps/custom.xml"] = parts["docProps/custom.xml"].replace(b"disclosure-2021", b"other-2020")

    said = summary(annotated(altered(rename, workbook)))["怎样办"]
    assert "请用下发的填报模板重新填写" in said
    assert "标红" not in said and "封面" not in said


def test_a_blank_that_must_be_filled_is_red_although_blanks_are_yellow() -> None:
    copy = annotated(workbook(disclosure__coercion__decisions=""))
    formats = opened(copy)["主动公开"].conditional_formatting
    rules = sorted((rule.priority, rule.type) for area in formats for rule in area.rules if "B12" in area.sqref)
    assert rules[0] == (1, "expression")
    assert [kind for _, kind in rules].index("containsBlanks") > 1
