"""The notice as a document: ready to be signed, the same bytes every time, and its chart shows what its words say."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from tests import ROOT
from tests.campaign.report.standings import CAMPAIGN, FACTS, OVER, TERMS, standings
from tests.making.filling import form
from xlcheck.campaign.ledger.standings import UnitStanding
from xlcheck.campaign.report.notice import notice_report


def notice(units: list[UnitStanding] | None = None) -> bytes:
    return notice_report(CAMPAIGN, TERMS, form(), standings() if units is None else units, OVER + 100_000)


DATA = notice()
DOCUMENT = docx.Document(io.BytesIO(DATA))


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(DATA)) as parts:
        return parts.read(name)


def test_the_same_inputs_give_the_same_bytes_in_every_process() -> None:
    assert notice() == DATA
    code = "import sys; from tests.campaign.report.test_notice import DATA; sys.stdout.buffer.write(DATA)"
    env = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C"}
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env).stdout == DATA


def xml_of(element: Any) -> Any:
    """What python-docx's types do not tell of."""
    return element


def test_it_begins_with_its_title_and_ends_with_who_signs() -> None:
    texts = [paragraph.text for paragraph in DOCUMENT.paragraphs]
    assert texts[:2] == ["关于2025年政府信息公开工作年度报告报送情况的通报", "各有关单位："]
    at = texts.index("附件：各单位报送情况表")
    assert texts[at:] == [
        "附件：各单位报送情况表", "某某市政务公开办", "2026年2月2日", "（联系电话：0812-1234567）", "附件", "各单位报送情况表",
        "", "图　各单位报送和审核情况",
    ]  # fmt: skip


def test_the_page_is_that_of_an_official_letter() -> None:
    page = xml_of(DOCUMENT.sections[0])
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert (page.top_margin.mm, page.left_margin.mm) == pytest.approx((37, 28), abs=0.1)
    assert 210 - page.left_margin.mm - page.right_margin.mm == pytest.approx(156, abs=0.1)
    body = next(p for p in DOCUMENT.paragraphs if p.text.startswith("按照"))
    assert {run.font.size.pt for run in body.runs if run.font.size} == {16}
    assert {xml_of(run)._r.rPr.rFonts.get(qn("w:eastAsia")) for run in body.runs} == {"仿宋"}
    assert body.paragraph_format.first_line_indent is not None
    assert body.paragraph_format.first_line_indent.pt == 32


def test_its_table_has_a_line_for_each_unit() -> None:
    (table,) = DOCUMENT.tables
    assert [row.cells[1].text for row in table.rows] == ["单位名称", *FACTS]
    assert xml_of(table.rows[0])._tr.trPr.find(qn("w:tblHeader")) is not None
    assert {len(row.cells) for row in table.rows} == {8}


def test_who_signs_stands_on_no_page_alone() -> None:
    told = DOCUMENT.paragraphs
    first, last = (next(n for n, one in enumerate(told) if text in one.text) for text in ("附件：", "联系电话"))
    assert all(one.paragraph_format.keep_with_next for one in told[first - 2 : last])
    assert told[first - 2].text and told[first - 1].text


def test_nothing_within_the_text_leaves_a_page_half_empty() -> None:
    """What cannot break, the chart, stands at the head of the annex, whose page is new anyway."""
    (annex,) = (n for n, one in enumerate(DOCUMENT.paragraphs) if one.paragraph_format.page_break_before)
    (chart,) = (n for n, one in enumerate(DOCUMENT.paragraphs) if xml_of(one)._p.xpath(".//w:drawing"))
    assert chart == annex + 2


def test_its_chart_shows_the_same_numbers_and_can_be_changed() -> None:
    chart = part("word/charts/chart1.xml").decode()
    words = ["通过", "待核实", "退改", "打不开", "缺报"]
    for number, word in enumerate(words):
        assert f'<c:pt idx="{number}"><c:v>{word}</c:v></c:pt>' in chart
        assert f'<c:pt idx="{number}"><c:v>1</c:v></c:pt>' in chart
    sheet = openpyxl.load_workbook(io.BytesIO(part("word/embeddings/Microsoft_Excel_Sheet1.xlsx")))["Sheet1"]
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] == [(word, 1) for word in words]
    assert 'descr="通过1家、待核实1家、退改1家、打不开1家、缺报1家"' in part("word/document.xml").decode()
    assert "charts/chart1.xml" in part("word/_rels/document.xml.rels").decode()


def test_names_are_text_and_never_markup() -> None:
    odd = [one._replace(unit=one.unit._replace(unit=one.unit.unit._replace(name="<甲>&\"局'"))) for one in standings()]
    table = docx.Document(io.BytesIO(notice(odd))).tables[0]
    assert table.rows[1].cells[1].text == "<甲>&\"局'"
