"""Honest but unusual workbooks and situations: a copy is right or is not made, and nothing that was typed is lost."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import GradientFill

from tests.hostile.corpus import books
from tests.hostile.corpus.cases import CASES
from tests.making.command import process, xlcheck
from tests.making.comparing import differences
from tests.making.copies import annotated, parts_of
from tests.making.filling import COVER, clean_values, codes, edit, form, verified, workbook
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job, plan_jobs
from xlcheck.copies.seal import is_sealed
from xlcheck.drawing.template import render
from xlcheck.model.cells import cell_name
from xlcheck.reading.open import Forms


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The package with every member changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return buffer.getvalue()


def test_a_gradient_fill_is_no_mark() -> None:
    book, saved = edit(workbook(disclosure__regulations__issued=-1))
    book["主动公开"]["F20"].fill = GradientFill(stop=("FFFFFF", "000000"))
    copy = openpyxl.load_workbook(io.BytesIO(annotated(bytes(saved()))))
    assert copy["主动公开"]["F20"].fill.fill_type == "linear"


def strict(data: bytes) -> bytes:
    """The workbook in the strict variant of the format (ISO/IEC 29500), which Excel can save."""
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return rewritten(
        data,
        lambda _, content: content.replace(transitional, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )


def test_a_strict_workbook_comes_back_as_one() -> None:
    data = strict(workbook(disclosure__regulations__issued=-1))
    copy = annotated(data)
    assert codes(copy) == ["C102"]
    assert differences(data, copy) == []
    fresh = {name: content for name, content in parts_of(copy).items() if name not in parts_of(data)}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    assert not [name for name, content in fresh.items() if main.encode() in content]


def test_an_escaped_line_end_in_a_label_stays_one() -> None:
    def change(name: str, content: bytes) -> bytes:
        return (
            content.replace("<t>结果维持</t>".encode(), "<t>结果_x000D_\n维持</t>".encode())
            if "shared" in name
            else content
        )

    data = rewritten(workbook(requests__received__person=9), change)
    assert codes(data) == ["B101", "B103"]
    assert codes(annotated(data)) == ["B101", "B103"]


def test_explanations_go_into_the_template_that_an_ods_comes_back_in() -> None:
    copy = render(form(), COVER, clean_values(), [("P105 B15", "确为专项收费")])
    notes = form().cover.notes
    assert notes is not None
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["封面"]
    assert [sheet[cell_name(cell)].value for cell in notes.cells[0]] == ["P105 B15", "确为专项收费"]
    assert sheet[cell_name(notes.cells[1][0])].value is None


@pytest.mark.parametrize(
    "typed",
    [
        lambda ours: f"已核对，确为 -1\n{ours}",
        lambda ours: f"{ours}\n已核对，确为 -1",
        lambda ours: f"{ours}已核对，确为 -1",
    ],
    ids=["above", "below", "at the end of a line"],
)
def test_a_reply_in_our_comment_is_kept_and_our_text_is_not(typed: Callable[[str], str]) -> None:
    book, saved = edit(annotated(workbook(disclosure__regulations__issued=-1)))
    cell = book["主动公开"]["B4"]
    cell.comment = Comment(typed(cell.comment.text), "经办人")
    cell.value = 1
    book["主动公开"]["C4"].value = -2
    again = openpyxl.load_workbook(io.BytesIO(annotated(bytes(saved()))))
    assert again["主动公开"]["B4"].comment.text == "已核对，确为 -1"


def test_merged_fields_share_one_comment_in_every_round() -> None:
    book, saved = edit(workbook(requests__received__person=-1, requests__received__business=-1))
    book["依申请公开"].merge_cells("D5:E5")
    once = annotated(bytes(saved()))
    twice = annotated(once)
    texts = [openpyxl.load_workbook(io.BytesIO(copy))["依申请公开"]["D5"].comment.text for copy in (once, twice)]
    assert texts[0] == texts[1]
    assert "原有批注" not in texts[1]


def test_the_command_alone_shows_its_help_line_by_line() -> None:
    ran = process()
    assert ran.code == 2
    assert re.search(r"^  verify ", ran.err, re.MULTILINE)


def test_a_filled_workbook_is_not_overwritten_by_a_template(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert xlcheck("template", "-o", path).code == 0
    assert xlcheck("template", "--unit", "甲局", "-o", path).code == 0
    path.write_bytes(workbook())
    ran = xlcheck("template", "-o", path)
    assert (ran.code, path.read_bytes()) == (2, workbook())
    assert "没有覆盖" in ran.err


def test_an_empty_folder_among_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "a.xlsx").write_bytes(workbook())
    ran = xlcheck("verify", tmp_path / "空", tmp_path / "a.xlsx")
    assert ran.code == 1
    assert "空”：文件夹里没有工作簿" in ran.out


def test_a_text_is_not_said_to_be_a_number_that_is_wrong_itself() -> None:
    findings = verified(workbook(disclosure__regulations__issued="-5")).findings
    assert [finding.code for finding in findings] == ["C104", "C102"]
    assert not any(finding.suggestions or finding.expected for finding in findings)


def test_rounding_that_does_not_help_is_not_suggested() -> None:
    (finding,) = verified(workbook(disclosure__fees__amount=1234567890.123456)).findings
    assert (finding.code, finding.expected, finding.suggestions) == ("C108", None, ())


def test_exchanged_sheet_names_are_told_by_the_titles() -> None:
    book, saved = edit(workbook(disputes__review__upheld=-1))
    one, other = book["主动公开"], book["复议诉讼"]
    one.title, other.title = "暂", "主动公开"
    one.title = "复议诉讼"
    findings = verified(bytes(saved())).findings
    assert [finding.code for finding in findings] == ["S101", "C102", "B104"]
    assert findings[1].places[0].address == "主动公开!A5"


def test_the_same_table_beside_is_a_warning() -> None:
    book, saved = edit(workbook())
    sheet = book["复议诉讼"]
    for row in range(1, 6):
        for column in range(1, 16):
            sheet.cell(row, column + 20).value = sheet.cell(row, column).value
    assert codes(bytes(saved())) == ["S104"]


def test_an_xlsx_has_the_first_claim_to_its_name(tmp_path: Path) -> None:
    for name in ("b.ods", "b.xls", "b.xlsx", "B.xlsx"):
        (tmp_path / name).write_bytes(workbook())
    targets = {job.path.name: job.annotated.name for job in plan_jobs([str(tmp_path)], None)[0] if job.annotated}
    assert targets["B.xlsx"] == "B.审核.xlsx"
    assert len({target.casefold() for target in targets.values()}) == 4


def test_the_copy_of_another_file_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "a.审核.xlsx"
    for name in ("a.xlsx", "a.xlsm"):
        (tmp_path / name).write_bytes(workbook(disclosure__regulations__issued=-1))
    first = check_file(Job(tmp_path / "a.xlsx", "a.xlsx", target), Forms())
    second = check_file(Job(tmp_path / "a.xlsm", "a.xlsm", target), Forms())
    third = check_file(Job(tmp_path / "a.xlsx", "a.xlsx", target), Forms())
    assert (first.annotated, third.annotated) == (str(target), str(target))
    assert second.annotated == str(tmp_path / "a.审核.2.xlsx")


def test_a_seal_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(annotated(workbook(disclosure__regulations__issued=-1)))
    assert is_sealed(path, "")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"docProps/xlcheck.xml", 0, data.rindex(b"docProps/xlcheck.xml")) + 25
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    assert not is_sealed(path, "")


def hostile_form(name: str) -> bytes:
    return next(case.maker() for case in CASES if case.name == name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("style-unknown.xlsx", "C102"),
        ("picture-bomb.xlsx", "C102"),
        ("link-to-a-program.xlsx", "C102"),
        ("number-nan.xlsx", "C103"),
        ("sheet-name-control.xlsx", "S104"),
    ],
)
def test_what_openpyxl_cannot_load_comes_back_as_it_was_and_marked(name: str, code: str) -> None:
    data = hostile_form(name)
    copy = annotated(data)
    assert codes(copy) == codes(data) == [code]
    assert differences(data, copy) == []


def test_mends_go_into_a_workbook_that_openpyxl_cannot_load(tmp_path: Path) -> None:
    styled = books.Xml("<v>1</v>", 's="999999"')
    data = books.xlsx(books.put(books.book(disclosure__regulations__issued="3"), {"另!A1": styled}))
    (tmp_path / "a.xlsx").write_bytes(data)
    ran = xlcheck("verify", "--fix", tmp_path / "a.xlsx")
    assert ran.code == 1
    assert "C104" not in codes((tmp_path / "a.建议.xlsx").read_bytes())


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("甲" * 83, f"{'甲' * 77}.审核.xlsx"),
        ("n" * 250, f"{'n' * 233}.审核.xlsx"),
        ("两行\n=1", "两行 =1.审核.xlsx"),
        ("a\u202eb\x1b[2J", "ab[2J.审核.xlsx"),
        ("\u200b", "文件.审核.xlsx"),
    ],
)
def test_a_copy_bears_a_name_that_is_short_and_steers_nothing(name: str, copy: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.xlsx").write_bytes(workbook(disclosure__regulations__issued=-1))
    ran = xlcheck("verify", tmp_path, "-o", tmp_path / "out")
    assert ran.code == 1
    assert (tmp_path / "out" / copy).is_file()


def test_a_name_that_is_no_text_is_checked_and_taken_over_as_any_other(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.xlsx")
    try:
        (tmp_path / name).write_bytes(workbook(disclosure__regulations__issued=-1))
    except OSError:
        pytest.skip("this file system holds only names that are texts")
    for option, kept in (("--quiet", 0), ("--resume", 1)):
        ran = xlcheck("verify", tmp_path, "-o", tmp_path / "out", option)
        assert ran.code == 1
        assert ran.err.count("1 个文件上次已经核对") == kept
        (file,) = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["files"]
        assert os.fsencode(file["path"]).endswith(b"\xff\xfe.xlsx")
