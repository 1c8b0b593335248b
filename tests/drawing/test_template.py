"""The template: official, locked, guided, printable, and the same bytes every time."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from xml.dom import minidom

import pytest

from tests import ROOT
from tests.making.copies import opened, parts_of, stored
from tests.making.filling import COVER, clean_values, codes, form, submission_of, workbook
from tests.making.grids import blocks
from xlcheck.drawing.template import render
from xlcheck.model.cells import cell_name

OFFICIAL = ROOT / "templates" / "official_template.xlsx"
EMPTY = render(form())
BOOK = opened(EMPTY)
FIELDS = {field.address for field in form().fields}
ENTRIES = {f"{form().cover.sheet}!{cell_name(entry.cell)}" for entry in form().cover.entries}
NOTES = {
    f"{form().cover.sheet}!{cell_name(cell)}"
    for notes in [form().cover.notes]
    if notes is not None
    for line in notes.cells
    for cell in line
}


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert render(form()) == EMPTY
    assert render(form(), COVER, clean_values()) == render(
        form(), dict(reversed(COVER.items())), dict(reversed(clean_values().items()))
    )


def test_another_process_another_day_gives_the_same_bytes() -> None:
    code = "import sys; from xlcheck.forms.file import load_form; from xlcheck.drawing.template import render; sys.stdout.buffer.write(render(load_form()))"
    for seed in ("1", "2"):
        env = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai", "LC_ALL": "C"}
        made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env, cwd=ROOT).stdout
        assert made == EMPTY


def test_the_committed_template_is_this_output() -> None:
    """Part by part, so that a difference can be read; ``python -m samples.make`` and ``xlcheck template`` write it."""
    old, new = parts_of(OFFICIAL.read_bytes()), parts_of(EMPTY)
    assert sorted(old) == sorted(new)
    for name in old:
        assert _lines(old[name]) == _lines(new[name]), name
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:
        assert OFFICIAL.read_bytes() == EMPTY


def _lines(content: bytes) -> list[str]:
    return minidom.parseString(content).toprettyxml(indent=" ").splitlines()


def test_exactly_the_fields_and_the_covers_entries_can_be_typed_into() -> None:
    merged = {
        f"{field.sheet}!{cell_name((row, column))}"
        for field in form().fields
        for row in range(field.cell[0], field.last[0] + 1)
        for column in range(field.cell[1], field.last[1] + 1)
    }
    found = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in BOOK.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert len(FIELDS) == 200
    assert found == merged | ENTRIES | NOTES


def test_no_whole_row_or_column_is_unlocked() -> None:
    for name, content in parts_of(EMPTY).items():
        if name.startswith("xl/worksheets/sheet"):
            assert not re.search(rb"<(?:row|col) [^>]*\b(?:s|style)=", content), name


def test_sheets_and_structure_are_protected_without_a_password() -> None:
    assert BOOK.security.lockStructure
    for sheet in BOOK.worksheets:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert sheet.protection.insertRows
        assert sheet.protection.deleteColumns


def test_it_knows_itself() -> None:
    assert {prop.name: prop.value for prop in BOOK.custom_doc_props} == {
        "xlcheck.form": "disclosure-2021",
        "xlcheck.edition": "2021",
        "xlcheck.template": form().template_version,
    }


def test_nothing_english_stands_in_the_name_box() -> None:
    """A selected cell is called D5 there, as in every message."""
    assert not BOOK.defined_names
    assert all(not sheet.defined_names for sheet in BOOK.worksheets)


def test_sheets_stand_in_order_and_all_are_shown() -> None:
    assert BOOK.sheetnames == list(form().sheets)
    assert all(sheet.sheet_state == "visible" for sheet in BOOK.worksheets)


def test_every_sheet_prints_on_one_a4_page_with_its_heads() -> None:
    for sheet in BOOK.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((None, None), (1, 1))
        assert sheet.print_area
    for table in form().tables:
        first = min(field.cell[0] for field in table.fields)
        assert BOOK[table.sheet].print_title_rows == f"$1:${first}"
        assert BOOK[table.sheet].page_setup.orientation == ("landscape" if table.landscape else "portrait")
        assert BOOK[table.sheet].print_area.endswith(
            f"${cell_name(table.last).rstrip('0123456789')}${table.last[0] + 2}"
        )


def test_every_label_is_printed_as_official() -> None:
    for table in form().tables:
        for label in table.printed:
            assert BOOK[table.sheet][cell_name(label.cell)].value == label.text


def test_heads_are_merged_as_official() -> None:
    for table in form().tables:
        expected = {f"{cell_name(first)}:{cell_name(last)}" for first, last in blocks(table) if first != last}
        assert {str(area) for area in BOOK[table.sheet].merged_cells.ranges} == expected


def test_everything_drawn_has_borders_and_a_chinese_font() -> None:
    for table in form().tables:
        for first, _ in blocks(table)[1:]:
            cell = BOOK[table.sheet][cell_name(first)]
            assert cell.border.left.style == "thin"
            assert cell.font.name in ("宋体", "仿宋")


def test_every_field_takes_fitting_numbers_only_and_says_so_in_chinese() -> None:
    for table in form().tables:
        covered: dict[str, str] = {}
        for rule in BOOK[table.sheet].data_validations.dataValidation:
            assert (rule.operator, rule.formula1) == ("greaterThanOrEqual", "0")
            assert rule.showErrorMessage
            assert rule.showInputMessage
            assert "0" in rule.prompt
            assert rule.error
            for area in rule.sqref.ranges:
                for row, column in area.cells:
                    covered[cell_name((row - 1, column - 1))] = rule.type
        for field in table.fields:
            assert covered[cell_name(field.cell)] == ("whole" if field.kind == "count" else "decimal")


def test_the_cells_of_every_relation_turn_red_by_a_formula_of_that_relation() -> None:
    for table in form().tables:
        rules = [
            (str(area.sqref), rule.formula[0])
            for area in BOOK[table.sheet].conditional_formatting
            for rule in area.rules
            if "COUNT(" in rule.formula[0]
        ]
        assert len(rules) == sum(any(f.sheet == table.sheet for f in r.fields) for r in form().relations)


def test_formulas_carry_true_results() -> None:
    for data, status in (
        (EMPTY, "封面还有 2 项未填"),
        (workbook(), "已填完，勾稽关系全部平衡"),
        (workbook(requests__received__person=7), "有 2 处勾稽关系不平衡"),
    ):
        held = stored(data)["封面"]
        formulas = {cell: each for cell, each in held.items() if each[2]}
        assert formulas
        assert all(each[1] != "" for each in formulas.values())
        assert status in {each[1] for each in formulas.values()}


def test_what_is_filled_in_is_there() -> None:
    assert codes(workbook()) == []
    assert submission_of(workbook()).held["requests.received.person"] == 6


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "http://example.com",
        "+86",
        "-1",
        "@a",
        "mailto:a@b.c",
        "0012",
        "ftp://x",
        "internal:Sheet1!A1",
        "file://x",
    ],
)
def test_text_stays_text(text: str) -> None:
    data = render(form(), {"unit": text, "code": text}, {"disclosure.regulations.issued": text})
    for sheet, cell in (("封面", "C4"), ("封面", "C5"), ("主动公开", "B4")):
        assert stored(data)[sheet][cell] == ("text", text, "")
    assert not [name for name, content in parts_of(data).items() if b"hyperlink" in content and name.endswith(".rels")]


def test_strange_characters_in_a_unit_are_written() -> None:
    for text in ("甲\x0b乙", "a&b<c>\"d'", "𠮷田", "名" * 500, "甲\n乙", "<r></t></si>&</r>"):
        data = render(form(), {"unit": text, "year": "2025"}, {"requests.received.person": text}, [(text, text)])
        assert submission_of(data).structure == ()


def test_no_formula_has_a_link_to_another_file_or_a_macro() -> None:
    assert not [name for name in parts_of(EMPTY) if "vba" in name.lower() or "externalLink" in name]


def test_every_printed_table_says_whose_it_is_and_of_which_year() -> None:
    held = stored(workbook())
    for table in form().tables:
        kind, text, formula = held[table.sheet][cell_name((table.last[0] + 1, table.corner[1]))]
        assert (kind, text) == ("text", f"报告年度：{COVER['year']}　　填报单位：{COVER['unit']}")
        assert "$C$4" in formula and "$C$6" in formula


def test_blank_cells_look_otherwise_than_filled_ones() -> None:
    for sheet in BOOK.worksheets[:-1]:
        covered = {
            f"{sheet.title}!{cell_name((row - 1, column - 1))}"
            for area in sheet.conditional_formatting
            for rule in area.rules
            if rule.type == "containsBlanks"
            for part in area.sqref.ranges
            for row, column in part.cells
        }
        assert covered == {address for address in FIELDS | ENTRIES | NOTES if address.startswith(f"{sheet.title}!")}


def test_rows_of_the_cover_grow_and_are_as_high_as_their_texts() -> None:
    long = "因机构改革，原单位的申请并入本单位，" * 12
    data = render(form(), {"unit": "某" * 50}, notes=[("P102 依申请公开!D29", long)])
    xml = parts_of(data)["xl/worksheets/sheet1.xml"].decode()
    notes = form().cover.notes
    assert notes is not None
    assert len(notes.cells) == 12
    typed = [entry.cell[0] for entry in form().cover.entries] + [line[0][0] for line in notes.cells]
    tags = {number: re.search(rf'<row r="{number + 1}" [^>]*>', xml) for number in typed}
    assert all(tag is not None and "customHeight" not in tag[0] for tag in tags.values())
    heights = {number: float(re.search(r' ht="([\d.]+)"', tag[0])[1]) for number, tag in tags.items() if tag}  # type: ignore[index]
    assert heights[notes.cells[0][0][0]] > 6 * 11
    assert heights[3] > 2 * 11
    assert heights[notes.cells[1][0][0]] < 30


def test_the_cover_says_what_is_left_and_where() -> None:
    texts = {each[1] for each in stored(EMPTY)["封面"].values() if each[2]}
    assert "封面：单位名称　封面：报告年度　主动公开：10 格空着　依申请公开：175 格空着　复议诉讼：15 格空着　" in texts
    one = {each[1] for each in stored(workbook(requests__received__person="无"))["封面"].values() if each[2]}
    assert "依申请公开：1 格不符合要求　" in one


def test_the_cover_is_signed() -> None:
    texts = [each[1] for each in stored(EMPTY)["封面"].values()]
    assert any(all(word in str(text) for word in ("填表人", "审核人", "单位负责人", "盖章")) for text in texts)
    assert texts.count("必填") == 2


def test_all_labels_are_centred() -> None:
    for table in form().tables:
        assert {BOOK[table.sheet][cell_name(label.cell)].alignment.horizontal for label in table.printed} == {"center"}
