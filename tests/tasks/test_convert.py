"""A report turned into the official workbook, and compared with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.making.command import xlcheck
from tests.making.filling import clean_values, submission_of, workbook
from tests.making.written_reports import page_report, word_report
from xlcheck.checking.verify import verify_submission
from xlcheck.model.errors import Refused
from xlcheck.model.submission import held_text
from xlcheck.tasks.convert import convert_report
from xlcheck.tasks.given import CannotDo

ODD = clean_values(
    requests__received__person="",
    requests__granted__person="无",
    disclosure__regulations__issued="22（其中修订 16 件）",
    disclosure__fees__amount="125000元",
    requests__handled__person=7,
)


def test_a_workbook_holds_what_the_report_says_to_the_letter() -> None:
    submission = submission_of(convert_report(word_report(ODD)).data)
    assert (submission.unit, submission.year) == ("某某市教育局", 2025)
    assert {key: held_text(held) for key, held in submission.held.items()} == {k: str(v) for k, v in ODD.items()}
    clean = convert_report(page_report(clean_values()).encode())
    assert clean.notices == ()
    assert verify_submission(submission_of(clean.data)).findings == ()


def test_fields_that_are_not_found_stay_blank_and_are_told() -> None:
    page = (
        page_report(clean_values())
        .replace("（一）予以公开", "（一）公开")
        .replace("（二）部分公开（区分", "（三）别的（区分")
    )
    converted = convert_report(page.replace("三、本年度办理结果", "其他").encode())
    lost = [key for key in clean_values() if key not in converted.submission.places]
    submission = submission_of(converted.data)
    assert all(held_text(submission.held[key]) == "" for key in lost)
    assert bool(lost) == bool(converted.notices)


def test_a_workbook_is_not_converted_and_another_document_cannot_be() -> None:
    with pytest.raises(CannotDo, match="已经是工作簿"):
        convert_report(workbook())
    with pytest.raises(Refused, match="任何一张表"):
        convert_report(word_report({}, lambda _: "<w:p/>"))


def test_the_command_writes_it_once(tmp_path: Path) -> None:
    (tmp_path / "年报.docx").write_bytes(word_report(clean_values()))
    out = tmp_path / "新" / "填报表.xlsx"
    ran = xlcheck("convert", tmp_path / "年报.docx", "-o", out)
    assert (ran.code, ran.out) == (0, "")
    assert xlcheck("verify", out).code == 0
    again = xlcheck("convert", tmp_path / "年报.docx", "-o", out)
    assert (again.code, "没有覆盖" in again.err) == (2, True)
    assert xlcheck("convert", tmp_path / "没有.docx", "-o", tmp_path / "a.xlsx").code == 2
    assert xlcheck("convert", tmp_path / "年报.docx", "-o", tmp_path / "a.docx").code == 2


def test_fields_that_differ_from_the_workbook_are_told_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(workbook())
    report = tmp_path / "年报.docx"
    report.write_bytes(word_report(clean_values(disclosure__regulations__in_force=3)))
    ran = xlcheck("verify", report, "--against", tmp_path / "表.xlsx", "--format", "json")
    assert ran.code == 1
    (finding,) = json.loads(ran.out)["files"][0]["findings"]
    assert (finding["code"], finding["fields"]) == ("S114", ["disclosure.regulations.in_force"])
    assert (finding["expected"], finding["actual"], finding["cells"]) == ("1", "3", ["第 1 个表格第 3 行第 4 列"])
    assert "这里是 3" in finding["message"]
    assert "表.xlsx”（主动公开!D4）是 1" in finding["message"]
    report.write_bytes(word_report(clean_values()))
    assert xlcheck("verify", report, "--against", tmp_path / "表.xlsx").code == 0


def test_one_report_at_a_time_is_compared(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(workbook())
    ran = xlcheck("verify", tmp_path / "表.xlsx", tmp_path / "乙.xlsx", "--against", tmp_path / "表.xlsx")
    assert (ran.code, "一次只能比对一个文件" in ran.err) == (2, True)
    ran = xlcheck("verify", tmp_path / "表.xlsx", "--against", tmp_path / "没有.xlsx")
    assert (ran.code, "无法比对" in ran.err) == (2, True)
