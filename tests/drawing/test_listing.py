"""Rows written at once, links, and tables over several sheets."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xlcheck.drawing import listing
from xlcheck.drawing.listing import Book, CellValue, Column, ListTable, link_target, shown_text

COLUMNS = (Column("名称", 20), Column("件数", 8, "middle"), Column("副本", 20, "link"))


def drawn(folder: Path, rows: list[tuple[CellValue, ...]], links: dict[int, str] | None = None) -> openpyxl.Workbook:
    """A workbook with one table, read back."""
    buffer = io.BytesIO()
    book = Book(buffer, str(folder), "表", datetime.datetime(2021, 9, 1))
    table = ListTable(book, "表", COLUMNS, len(rows), total=True)
    for number, row in enumerate(rows):
        table.add(row, (2, links[number]) if links and number in links else None)
    table.total(("合计", len(rows), None))
    book.close()
    return openpyxl.load_workbook(buffer)


@given(st.lists(st.tuples(st.text(max_size=50), st.integers(0, 10**9), st.none()), max_size=4))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[CellValue, ...]]
) -> None:
    sheet = drawn(tmp_path_factory.mktemp("rows"), rows)["表"]
    read = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert read == [
        *((shown_text(str(text)) or None, number, None) for text, number, _ in rows),
        ("合计", len(rows), None),
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(\"http://x\")", "<r><t>x</t></r>", "&lt;", "a<b>&c", "+1", "@x", "'1", "007"]
)  # fmt: skip
def test_texts_stay_texts(tmp_path: Path, text: str) -> None:
    cell = drawn(tmp_path, [(text, 1, None)])["表"]["A2"]
    assert (cell.value, cell.data_type in ("s", "inlineStr"), cell.hyperlink) == (text, True, None)


def test_what_looks_like_an_escape_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    drawn(tmp_path, [("_x0041_甲_x", 1, None)]).save(path)  # openpyxl leaves escapes as they are
    assert CalamineWorkbook.from_path(path).get_sheet_by_name("表").to_python()[1][0] == "_x0041_甲_x"


@pytest.mark.parametrize("nasty", ["\x00", "\x1b", "\x85", "\u202e", "\u2028", "\ud800", "\ufffe", "\uffff", "\ufeff"])
def test_what_steers_or_is_no_xml_is_left_out(tmp_path: Path, nasty: str) -> None:
    assert drawn(tmp_path, [(f"甲{nasty}局", 1, None)])["表"]["A2"].value == "甲局"


def test_a_text_is_one_line_and_ends() -> None:
    assert shown_text("甲\r\n乙\t ") == "甲  乙"
    assert shown_text("甲" * 1_000) == "甲" * 1_000
    assert shown_text("甲" * 40_000) == "甲" * 1_000 + "……（后略）"


def test_rows_are_as_high_as_their_longest_text_needs(tmp_path: Path) -> None:
    sheet = drawn(tmp_path, [("甲", 1, None), ("甲" * 10, 1, None), ("甲" * 11, 1, None), ("甲" * 2000, 1, None)])["表"]
    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)]
    assert heights[0] == heights[1] < heights[2] < heights[3] <= 409


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("甲.审核.xlsx", "甲.审核.xlsx"),
        ("../区 局/a#1%20[x].xlsx", "../区%20局/a%231%2520%5Bx%5D.xlsx"),
        ('a"<>`{}^|?.xlsx', "a%22%3C%3E%60%7B%7D%5E%7C%3F.xlsx"),
        ("（甲）“乙”&'c'.xlsx", "（甲）“乙”&'c'.xlsx"),
        ("a", "a"),
    ],
)
def test_a_path_becomes_a_reference(path: str, target: str) -> None:
    assert link_target(path) == target
    assert unquote(target) == path


@pytest.mark.parametrize(
    "path", ["", "/etc/a.xlsx", "//server/a.xlsx", r"\\server\a.xlsx", "http://x/a.xlsx", "http:/x/a.xlsx", "C:/a.xlsx", "javascript:x", "a\u202eb.xlsx", "a\nb.xlsx", "a\udc80.xlsx"]
)  # fmt: skip
def test_what_could_lead_elsewhere_is_no_link(path: str) -> None:
    assert link_target(path) is None


def test_a_link_is_as_long_as_excel_takes() -> None:
    assert link_target("a" * listing.LONGEST_LINK)
    assert link_target("a" * (listing.LONGEST_LINK + 1)) is None
    assert link_target("😀" * (listing.LONGEST_LINK // 2 + 1)) is None, "in UTF-16 it is two units"
    assert link_target(" " * (listing.LONGEST_LINK // 3 + 1)) is None, "as it is written"


def test_a_link_lies_over_the_text(tmp_path: Path) -> None:
    longest = "a" * listing.LONGEST_LINK
    sheet = drawn(tmp_path, [("甲", 1, "甲.xlsx"), ("乙", 1, "乙.xlsx")], {0: "子/甲%231.xlsx", 1: longest})["表"]
    assert [(cell.value, cell.hyperlink.target) for cell in (sheet["C2"], sheet["C3"])] == [
        ("甲.xlsx", "子/甲%231.xlsx"),
        ("乙.xlsx", longest),
    ]


# --- several sheets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "sheets"), [(0, 1), (2, 1), (3, 2), (5, 2), (6, 3)])
def test_a_table_goes_on_on_the_next_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, sheets: int
) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 3)
    given: list[tuple[CellValue, ...]] = [(f"第{number}行", number, "副本") for number in range(rows)]
    book = drawn(tmp_path, given, {number: f"{number}.xlsx" for number in range(rows)})
    assert book.sheetnames == ["表", "表 2", "表 3"][:sheets]
    read = []
    for sheet in book:
        head, *rest = sheet.iter_rows(values_only=True)
        assert head == ("名称", "件数", "副本")
        assert len(rest) <= 3
        read += rest
        for row in sheet.iter_rows(min_row=2):
            link = row[2].hyperlink
            assert link.target == f"{row[1].value}.xlsx" if link else row[0].value == "合计"
    assert read == [*given, ("合计", rows, None)]


def test_the_filter_leaves_the_total_alone(tmp_path: Path) -> None:
    sheet = drawn(tmp_path, [("甲", 1, None), ("乙", 2, None)])["表"]
    assert (sheet.auto_filter.ref, sheet["A4"].value) == ("A1:C3", "合计")


def test_it_prints_on_a4_across_with_its_head_on_each_page(tmp_path: Path) -> None:
    sheet = drawn(tmp_path, [("甲", 1, None)])["表"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$1", "B2")
