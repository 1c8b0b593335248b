"""From a document to a submission: its form, its places, and what is told of its tables."""

from __future__ import annotations

import pytest

from tests.making.filling import clean_values, form
from tests.making.reports import at_field, changed, document_of, grid_of, lines_of, our_forms, report_verified, says
from xlcheck.model.cells import Place
from xlcheck.model.errors import Refused
from xlcheck.model.submission import UNPROVED
from xlcheck.reading.documents.grid import Document, Grid
from xlcheck.reading.documents.read import read_document

REQUESTS = form().tables[1]


def with_grids(*grids: Grid) -> Document:
    return document_of()._replace(grids=grids)


def test_a_clean_report_says_what_its_workbook_says() -> None:
    verification = report_verified(document_of())
    assert verification.findings == ()
    assert verification.values == clean_values()
    submission = verification.submission
    assert (submission.unit, submission.unit_code, submission.year) == ("某某市教育局", "", 2025)
    assert submission.places["requests.received.person"] == Place("第 2 个表格", (3, 3), 2)
    assert submission.places["requests.received.person"].address == "第 2 个表格第 4 行第 4 列"
    assert submission.paragraphs[0] == "某某市教育局2025年政府信息公开工作年度报告"


def test_every_table_is_balanced_as_a_workbooks() -> None:
    verification = report_verified(document_of(clean_values(requests__received__person=7)))
    assert {finding.code for finding in verification.findings} == {"B101", "B103"}
    (cause,) = verification.causes
    assert cause.explanations[0][0].place.address == "第 2 个表格第 4 行第 4 列"
    assert not any("D28" in change.reason for changes in cause.explanations for change in changes)


def test_a_page_is_told_where_there_is_one() -> None:
    document = document_of(clean_values(requests__received__person=""))
    document = document._replace(
        grids=tuple(grid._replace(cells=tuple(c._replace(page=3) for c in grid.cells)) for grid in document.grids)
    )
    (finding,) = [finding for finding in report_verified(document).findings if finding.code == "C101"]
    assert finding.places[0].found == "第 3 页，第 2 个表格第 4 行第 4 列"


def test_a_missing_table_is_told_and_the_others_are_checked() -> None:
    document = document_of()
    verification = report_verified(document._replace(grids=document.grids[:2]))
    assert [finding.code for finding in verification.findings] == ["S101"]
    assert "四、政府信息公开行政复议、行政诉讼情况" in verification.findings[0].message
    assert len(verification.values) == 185


def test_fields_without_proof_are_told_and_have_no_value() -> None:
    grid = changed(grid_of(REQUESTS, clean_values(), 2), {(5, 6): lambda _: None})
    document = document_of()
    verification = report_verified(document._replace(grids=(document.grids[0], grid, document.grids[2])))
    (finding,) = verification.findings
    assert finding.code == "S102"
    assert len(finding.fields) == 7
    assert verification.submission.held["requests.granted.person"] == UNPROVED
    assert not verification.passed


def test_a_reworded_label_is_told_with_its_place() -> None:
    at = next(cell[:2] for cell in grid_of(REQUESTS, {}).cells if cell.text == "（一）予以公开")
    grid = changed(grid_of(REQUESTS, clean_values(), 2), {at: says("（一）主动公开")})
    document = document_of()
    (finding,) = report_verified(document._replace(grids=(document.grids[0], grid, document.grids[2]))).findings
    assert (finding.code, finding.places[0].address) == ("S102", "第 2 个表格第 6 行第 2 列")


def test_a_table_that_stands_twice_with_other_numbers_is_told() -> None:
    document = document_of()
    twin = grid_of(REQUESTS, clean_values(requests__received__person=5), 4)
    (finding,) = report_verified(document._replace(grids=(*document.grids, twin))).findings
    assert finding.code == "S108"
    assert "第 2 个表格第 4 行第 4 列是“6”，第 4 个表格第 4 行第 4 列是“5”" in finding.message
    same = grid_of(REQUESTS, clean_values(), 4)
    assert report_verified(document._replace(grids=(*document.grids, same))).findings == ()


@pytest.mark.parametrize("grids", [(), (Grid(1, ()),)])
def test_a_document_without_a_table_of_any_form_is_refused(grids: tuple[Grid, ...]) -> None:
    with pytest.raises(Refused, match="没有《政府信息公开工作年度报告统计表》的任何一张表") as refused:
        read_document(with_grids(*grids), our_forms())
    assert refused.value.code == "F103"


LABELS = ("信息内容 本年制发件数 本年废止件数 现行有效件数", "规章 0 0 1", "行政许可\n5")


@pytest.mark.parametrize("grids", [(), (lines_of(*LABELS),)])
def test_a_pdf_whose_tables_are_not_ruled_is_refused_with_what_to_do(grids: tuple[Grid, ...]) -> None:
    document = Document("pdf", grids, ("某某市年度报告", *(() if grids else LABELS)))
    with pytest.raises(Refused, match=r"没有画全横竖表格线.*加上全部边框") as refused:
        read_document(document, our_forms())
    assert refused.value.code == "F103"
    with pytest.raises(Refused, match=r"用空格或换行排成.*请改用表格"):
        read_document(document._replace(kind="docx"), our_forms())
    with pytest.raises(Refused, match=r"没有制表符.*复制到 Excel"):
        read_document(document._replace(kind="text"), our_forms())
    with pytest.raises(Refused, match="任何一张表"):
        read_document(Document("pdf", (), ("我市的 行政许可 工作",)), our_forms())


def test_of_a_table_that_is_mere_text_is_told_what_to_do_where_others_are_ruled() -> None:
    document = document_of()._replace(kind="pdf", grids=document_of().grids[1:])
    (told,) = [one for one in report_verified(document).findings if one.code == "S101"]
    assert "没有找到《二、主动公开政府信息情况》的表" in told.message
    text = "\n".join(cell.text for cell in document_of().grids[0].cells)
    (told,) = [
        one
        for one in report_verified(document._replace(paragraphs=(*document.paragraphs, *text.split("\n")))).findings
        if one.code == "S101"
    ]
    assert told.message.startswith("《二、主动公开政府信息情况》的表在这份 PDF 里没有画全横竖表格线")
    assert "请给表格加上全部边框后重新导出 PDF" in told.message


def test_what_stands_in_a_cell_is_told_in_a_documents_words() -> None:
    at = at_field(form(), "disclosure.fees.amount")
    document = document_of()
    grid = changed(document.grids[0], {at: says("125000元")})
    (finding,) = report_verified(document._replace(grids=(grid, *document.grids[1:]))).findings
    assert (
        finding.message
        == "行政事业性收费／本年收费金额（单位：万元）：写的是“125000元”，按 12.5 核对；请在格里只写数字 12.5"
    )
