"""Reports as documents through the command line: the same checks as of workbooks, places, copies, folders."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.making.command import xlcheck
from tests.making.filling import clean_values, form, workbook
from tests.making.written_reports import page_archive, page_report, pdf_report, text_report, word_report
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render

BROKEN = clean_values(requests__received__total=7)
MADE: Mapping[str, Callable[[Mapping[str, FieldValue]], bytes]] = {
    ".docx": word_report,
    ".pdf": pdf_report,
    ".txt": lambda values: text_report(values).encode("gb18030"),
    ".mht": page_archive,
}
KINDS = ["年报.docx", "年报.html", "年报.pdf", "年报.txt", "年报.mht"]


def written(folder: Path, name: str, values: Mapping[str, FieldValue] | None = None) -> Path:
    values = values or clean_values()
    path = folder / name
    made = MADE.get(path.suffix)
    path.write_bytes(made(values) if made else page_report(values).encode())
    return path


def told(*arguments: str | Path) -> Any:
    return json.loads(xlcheck("verify", *arguments, "--format", "json").out)


@pytest.mark.parametrize("name", [*KINDS, "其实是网页.xls", "没有扩展名"])
def test_a_clean_report_passes_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    ran = xlcheck("verify", written(tmp_path, name))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"通过　{tmp_path / name}　某某市教育局 2025 年")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", KINDS)
def test_a_report_has_the_findings_of_its_workbook(tmp_path: Path, name: str) -> None:
    book = tmp_path / "表.xlsx"
    book.write_bytes(workbook(BROKEN))
    (of_book,) = told(book)["files"]
    document = told(written(tmp_path, name, BROKEN))
    (file,) = document["files"]
    assert [one["code"] for one in file["findings"]] == [one["code"] for one in of_book["findings"]]
    assert [one["fields"] for one in file["findings"]] == [one["fields"] for one in of_book["findings"]]
    assert (file["status"], file["form"], file["unit_code"]) == ("failed", "disclosure-2021", "")
    finding = file["findings"][0]
    page = 2 if name.endswith(".pdf") else None
    # A line without tabs ends a table of plain text, and cells that span columns are one there.
    table, column = (5, 8) if name.endswith(".txt") else (2, 10)
    assert finding["cells"][0] == f"第 {table} 个表格第 4 行第 {column} 列"
    assert finding["places"][0] == {"page": page, "table": table, "row": 4, "column": column}
    assert len(finding["places"]) == len(finding["cells"])
    assert "places" not in of_book["findings"][0]


def test_the_terminal_names_cells_as_a_clerk_finds_them(tmp_path: Path) -> None:
    ran = xlcheck("verify", written(tmp_path, "年报.docx", clean_values(requests__received__person="")))
    assert ran.code == 1
    assert "C101 第 2 个表格第 4 行第 4 列 一、本年新收政府信息公开申请数量／自然人：没有填写" in ran.out


@pytest.mark.parametrize(("name", "copy"), [("年报.docx", "年报.审核.docx"), ("年报.htm", "年报.审核.html")])
def test_the_copy_is_a_document_of_the_same_kind(tmp_path: Path, name: str, copy: str) -> None:
    given = written(tmp_path, name, BROKEN)
    before = given.read_bytes()
    out = tmp_path / "审核"
    assert xlcheck("verify", given, "-o", out).code == 1
    assert [path.name for path in out.iterdir()] == [copy]
    assert given.read_bytes() == before
    marked = out / copy
    if copy.endswith(".docx"):
        comments = zipfile.ZipFile(marked).read("word/comments.xml").decode()
        assert "不通过" in comments
        assert "B103" in comments
    else:
        assert "B103" in marked.read_text(encoding="utf-8")
    first = marked.read_bytes()
    assert xlcheck("verify", given, "-o", out).code == 1
    assert [path.name for path in out.iterdir()] == [copy]
    assert marked.read_bytes() == first


def test_a_copy_is_checked_like_the_document(tmp_path: Path) -> None:
    given = written(tmp_path, "年报.docx", BROKEN)
    xlcheck("verify", given)
    (file,) = told(tmp_path / "年报.审核.docx")["files"]
    assert (file["unit"], file["year"], {one["code"] for one in file["findings"]}) == (
        "某某市教育局",
        2025,
        {"B101", "B103"},
    )


def test_mends_are_not_written_into_documents(tmp_path: Path) -> None:
    ran = xlcheck(
        "verify", written(tmp_path, "年报.docx", clean_values(disclosure__regulations__issued="5件")), "--fix"
    )
    assert ran.code == 1
    assert "文档不写建议稿" in ran.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["年报.docx", "年报.审核.docx"]


def test_a_folder_takes_reports_and_workbooks_and_passes_over_other_documents(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    written(folder, "甲.docx", BROKEN)
    written(folder, "乙.html")
    (folder / "丙.xlsx").write_bytes(workbook())
    (folder / "通知.txt").write_text("请于月底前报送。", encoding="utf-8")
    (folder / "说明.html").write_text("<html><table><tr><td>规章</td><td>1</td></tr></table></html>", encoding="utf-8")
    (folder / "坏.docx").write_bytes(word_report()[:300])
    out = tmp_path / "审核结果"
    ran = xlcheck("verify", folder, "-o", out)
    assert ran.code == 1
    assert "共 3 个文件" in ran.out
    assert "文件夹里有 2 个文档不是可以核对的年报，没有核对" in ran.err
    assert all(f"{name}”：" in ran.err for name in ("说明.html", "坏.docx"))
    assert "通知.txt" not in ran.err  # a folder is not searched for plain text
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert {Path(file["path"]).name: file["status"] for file in results["files"]} == {
        "甲.docx": "failed",
        "乙.html": "passed",
        "丙.xlsx": "passed",
    }
    again = xlcheck("verify", folder, "-o", out, "--resume")
    assert (again.code, "共 3 个文件" in again.out) == (1, True)


def test_a_document_that_cannot_be_read_is_its_unit_s_where_that_handed_in_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    broken = word_report()[:300]
    for name in ("市水利局年报.docx", "市民政局盖章件.docx"):
        (folder / name).write_bytes(broken)
    (folder / "市民政局.xlsx").write_bytes(render(form(), {"unit": "市民政局", "year": "2025"}, clean_values()))
    (folder / "市气象局说明.html").write_text("<p>请于月底前报送。</p>", encoding="utf-8")
    units = tmp_path / "名单.csv"
    units.write_text("单位名称,电子邮箱\n市水利局,a@b.cn\n市民政局,\n市气象局,\n", encoding="utf-8")
    out = tmp_path / "审核结果"
    for options in ((), ("--resume",)):
        ran = xlcheck("verify", folder, "-o", out, "--units", units, *options)
        assert ran.code == 1
        assert "缺报 1 个：市气象局" in ran.err and "“市水利局”已报但打不开" in ran.err
        assert "文件夹里有 2 个文档不是可以核对的年报" in ran.err
    ran = xlcheck("mail", out, "--units", units, "--remind", "--dry-run")
    assert re.search("市水利局 +打不开 +a@b.cn", ran.out)
    (folder / "市水利局.xlsx").write_bytes(render(form(), {"unit": "市水利局", "year": "2025"}, clean_values()))
    assert xlcheck("verify", folder, "-o", out, "--units", units, "--resume").code == 0


def test_a_document_that_is_named_must_be_a_report(tmp_path: Path) -> None:
    (tmp_path / "通知.docx").write_bytes(word_report({}, lambda _: "<w:p/>"))
    (tmp_path / "通知.txt").write_text("请于月底前报送。", encoding="utf-8")
    ran = xlcheck("verify", tmp_path / "通知.docx", tmp_path / "通知.txt")
    assert ran.code == 2
    assert "F103 文件“" in ran.out
    assert "文档里没有《政府信息公开工作年度报告统计表》的任何一张表" in ran.out
    assert "这是文本（如 CSV），不是工作簿" in ran.out


def test_a_folder_of_nothing_but_other_documents_comes_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "通知.html").write_text("<p>请于月底前报送。</p>", encoding="utf-8")
    ran = xlcheck("verify", tmp_path)
    assert ran.code == 2
    assert "没有核对" in ran.err


def test_last_years_report_is_compared_with(tmp_path: Path) -> None:
    """A workbook with last year's document, and the other way round."""
    prior = tmp_path / "上年"
    prior.mkdir()
    title = {"某某市教育局2025年": "某某市教育局2024年", "2026年1月20日": "2025年1月20日"}
    page = page_report(clean_values(requests__carried_out__person=3))
    for old, new in title.items():
        page = page.replace(old, new)
    (prior / "2024.html").write_text(page, encoding="utf-8")
    (tmp_path / "今年.xlsx").write_bytes(workbook())
    (file,) = told(tmp_path / "今年.xlsx", "--prior", prior)["files"]
    assert "Y101" in {one["code"] for one in file["findings"]}
    assert file["last_year"].endswith("2024.html")
    other = told(written(tmp_path, "今年.docx"), "--prior", prior)
    assert "Y101" in {one["code"] for one in other["files"][0]["findings"]}


def test_a_report_is_added_up_with_workbooks(tmp_path: Path) -> None:
    written(tmp_path, "甲.docx")
    (tmp_path / "乙.xlsx").write_bytes(workbook())
    (tmp_path / "通知.txt").write_text("请于月底前报送。", encoding="utf-8")
    ran = xlcheck("total", tmp_path / "甲.docx", "-o", tmp_path / "汇总.xlsx", "--unit", "某某市")
    assert ran.code == 0
    (file,) = told(tmp_path / "汇总.xlsx")["files"]
    assert file["status"] == "passed"
