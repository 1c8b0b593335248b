"""The folder that the examples of the pages are run in: a city's submissions, before and after they were checked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from samples.make import published
from tests import ROOT
from tests.making.command import process
from tests.making.filling import clean_values, form
from tests.making.offices import OFFICES, saved
from tests.making.tiny import TINY
from tests.making.written_reports import page_report, word_report
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render

UNITS = """单位名称,统一社会信用代码,电子邮箱
市教育局,,jyj@example.org
市卫生健康委员会,,
市民政局,,mzj@example.org
"""
"""The list of units, unless a page shows another one."""

OFFICE = "攀枝花市人民政府办公室"
COLUMN = {"requests.received.person": 7, "requests.received.total": 7}
"""One application too many: a column that does not balance, twice."""

BAD_FORM = TINY.replace('key = "unit"', 'key = "office"').replace('terms = ["合计", "[way]"]', 'terms = ["[way]"]')


def put(path: Path, unit: str, values: Mapping[str, FieldValue], year: str = "2025", hours: int = 0) -> None:
    """Write a filled workbook, so many hours after the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(form(), {"unit": unit, "year": year}, values))
    os.utime(path, (1_700_000_000 + 3600 * hours,) * 2)


def write(folder: Path) -> None:
    """Everything that the examples name, but the files that they themselves show or write."""
    shutil.copytree(ROOT / "samples", folder / "samples", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "单位名单.csv").write_text(UNITS, encoding="utf-8")
    (folder / "年报.html").write_text(page_report(clean_values()), encoding="utf-8")
    (folder / "年报.docx").write_bytes(word_report({**clean_values(), "disclosure.fees.amount": "125000元"}))
    (folder / "空表.docx").write_bytes(word_report(dict.fromkeys(clean_values(), "")))
    (folder / "bad.toml").write_text(BAD_FORM, encoding="utf-8")
    (folder / "人员表.xlsx").write_bytes(saved(OFFICES["staff"]()))
    _submissions(folder)
    _years(folder)
    _published_total(folder)


def _submissions(folder: Path) -> None:
    """报送, of which one fails; 初报 with its results 审核结果; and 发回, what a unit mended and sent back."""
    put(folder / "报送/市教育局.xlsx", "市教育局", clean_values())
    fees = {"disclosure.fees.amount": 19.75}
    put(folder / "报送/市卫生健康委员会.xlsx", "市卫生健康委员会", {**clean_values(), **fees}, hours=1)
    put(folder / "报送/市水利局.xlsx", "市水利局", {**clean_values(), "requests.received.person": 7}, hours=2)
    put(folder / "初报/市教育局.xlsx", "市教育局", {**clean_values(), **COLUMN})
    put(folder / "初报/市卫生健康委员会.xlsx", "市卫生健康委员会", {**clean_values(), **fees}, hours=1)
    ran = process("verify", "初报", "-o", "审核结果", "--units", "单位名单.csv", "--quiet", folder=folder)
    assert ran.code == 1, ran.err
    (folder / "发回").mkdir()
    book = openpyxl.load_workbook(folder / "审核结果/市教育局.审核.xlsx")
    book["依申请公开"]["D5"] = book["依申请公开"]["J5"] = 6
    book.save(folder / "发回/市教育局.审核.xlsx")


def _years(folder: Path) -> None:
    """今年 and 上年 of one office; and what it sent after 错例2, with only a total changed."""
    numbers = published(form())
    year = {"disclosure.normative_documents.in_force": 183, "disclosure.fees.amount": 125000}
    put(folder / "今年/甲.xlsx", OFFICE, {**numbers, **year}, "2021")
    carried = {f"requests.{row}.{party}": 1 for row in ("received", "carried_out") for party in ("person", "total")}
    before: dict[str, FieldValue] = dict.fromkeys(numbers, 0)
    in_force = {"disclosure.regulations.in_force": 1, "disclosure.normative_documents.in_force": 224}
    put(folder / "上年/甲.xlsx", OFFICE, {**before, **carried, **in_force}, "2020")
    shutil.copytree(folder / "上年", folder / "上年报送")
    put(folder / "前年/甲.xlsx", OFFICE, numbers, "2019")
    put(folder / "改后/甲.xlsx", OFFICE, {**numbers, **year}, "2021")
    _explain(folder / "改后/甲.xlsx", "P105 主动公开!B15", "经核对，本年确收 12.5 亿元。")


def _explain(path: Path, about: str, text: str) -> None:
    """Write a line of 情况说明 on the cover."""
    book = openpyxl.load_workbook(path)
    heads = [cell for row in book["封面"].iter_rows() for cell in row if cell.value == "规则编号和单元格"]
    below = heads[0].row + 1
    book["封面"].cell(below, heads[0].column, about)
    book["封面"].cell(below, heads[0].column + 1, text)
    book.save(path)


def _published_total(folder: Path) -> None:
    """公布的总表.xlsx: the total of 报送, with one number changed and one taken out."""
    ran = process("total", "报送", "-o", "公布的总表.xlsx", "--unit", "某某市人民政府", folder=folder)
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(folder / "公布的总表.xlsx")
    book["主动公开"]["B15"] = 31.5
    book["依申请公开"]["J5"] = None
    book.save(folder / "公布的总表.xlsx")
