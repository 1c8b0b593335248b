"""A workbook's numbers put into the office's own document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.making.command import xlcheck
from tests.making.figures import FIGURES
from tests.making.filling import clean_values, submission_of, workbook
from tests.making.spelt_reports import spelt_docx, spelt_html
from tests.making.written_reports import page_report, word_report
from xlcheck.model.errors import Refused
from xlcheck.tasks.convert import convert_report
from xlcheck.tasks.fill import fill_report
from xlcheck.tasks.given import CannotDo


def test_a_workbook_with_errors_and_other_kinds_are_refused() -> None:
    report = word_report(clean_values())
    with pytest.raises(CannotDo, match="填报表有 1 处强制性问题，没有填"):
        fill_report(workbook(disclosure__regulations__issued=""), report)
    with pytest.raises(CannotDo, match="填报表要是工作簿"):
        fill_report(report, report)
    for other in (page_report(clean_values()).encode(), workbook()):
        with pytest.raises(Refused, match=r"要填的文档：只能填进 \.docx 文档"):
            fill_report(workbook(), other)


def test_the_command_writes_what_verify_finds_nothing_in(tmp_path: Path) -> None:
    (tmp_path / "填报表.xlsx").write_bytes(workbook())
    (tmp_path / "年报.docx").write_bytes(word_report(clean_values(requests__received__person=13)))
    before = (tmp_path / "年报.docx").read_bytes()
    out = tmp_path / "新" / "年报.docx"
    ran = xlcheck("fill", tmp_path / "填报表.xlsx", "--into", tmp_path / "年报.docx", "-o", out)
    assert (ran.code, ran.out) == (0, "")
    assert "原为“13”，现为 6" in ran.err
    assert (tmp_path / "年报.docx").read_bytes() == before
    assert xlcheck("verify", out, "--against", tmp_path / "填报表.xlsx").code == 0
    again = xlcheck("fill", tmp_path / "填报表.xlsx", "--into", tmp_path / "年报.docx", "-o", out)
    assert (again.code, "没有覆盖" in again.err) == (2, True)
    for given, into, name in (
        ("填报表.xlsx", "没有.docx", "a.docx"),
        ("没有.xlsx", "年报.docx", "a.docx"),
        ("填报表.xlsx", "年报.docx", "a.pdf"),
    ):
        ran = xlcheck("fill", tmp_path / given, "--into", tmp_path / into, "-o", tmp_path / name)
        assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err


@pytest.mark.parametrize("figures", ["department", "seven digits", "city"])
def test_what_is_converted_filled_and_converted_again_says_the_same(figures: str, tmp_path: Path) -> None:
    """And nothing differs between the filled document and the workbook that it was filled from."""
    book = convert_report(spelt_html(FIGURES[figures], "thousands")).data
    filled = fill_report(book, spelt_docx(FIGURES["nothing"], "title rows")).data
    assert submission_of(convert_report(filled).data).held == submission_of(book).held
    (tmp_path / "填报表.xlsx").write_bytes(book)
    (tmp_path / "年报.docx").write_bytes(filled)
    ran = xlcheck("verify", tmp_path / "年报.docx", "--against", tmp_path / "填报表.xlsx", "--format", "json")
    assert not {finding["code"] for finding in json.loads(ran.out)["files"][0]["findings"]} & {"S114"}
