"""Tables over page ends, on cells without a page: what is joined, what is not, and that no number comes of it unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import form
from xlcheck.reading.documents.grid import Box, Grid
from xlcheck.reading.documents.pdf_agreed import ASK
from xlcheck.reading.documents.pdf_ends import TablePart, grids_of
from xlcheck.reading.documents.pdf_lattice import lattices
from xlcheck.reading.documents.pdf_shapes import Boxed, Ruling, Rulings
from xlcheck.reading.documents.whole_labels import whole_labels

IS_LABEL = whole_labels([form()])
WIDTH, HEIGHT = 100.0, 20.0
HEAD = ["信息内容", "本年制发件数", "本年废止件数"]
Rows = Sequence[Sequence[str]]


def boxed(rows: Rows, shift: float = 0) -> list[Boxed]:
    """Cells of one size with these texts."""
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            left, top = column * WIDTH + shift, row * HEIGHT
            box = Box(left, top, left + WIDTH, top + HEIGHT)
            cells.append(Boxed(box, box, row, column, 1, 1, text))
    return cells


def over_the_end(*pages: Rows) -> list[Grid]:
    """The tables of pages each of which is filled by these rows."""
    return grids_of([TablePart(at, boxed(rows), True, True) for at, rows in enumerate(pages, 1)], IS_LABEL)


def said(grid: Grid) -> list[list[str]]:
    """The texts row by row; where there is a doubt, ``?`` before the text."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append("?" * bool(cell.doubt) + cell.text)
    return [rows[row] for row in sorted(rows)]


JOINED = {
    "between two rows": (["行政处罚", "746", "0"], ["行政强制", "11", "3"], [["行政处罚", "746", "0"], ["行政强制", "11", "3"]]),
    "within a number": (["行政许可", "1336", "0"], ["", "4", ""], [["行政许可", "?13364", "0"]]),
    "within two": (["行政许可", "12", "99"], ["", "3", "4"], [["行政许可", "?123", "?994"]]),
    "before the numbers": (["行政许可", "", ""], ["", "4", "7"], [["行政许可", "4", "7"]]),
    "within a label": (["行政规范", "15", "6"], ["性文件", "", ""], [["行政规范性文件", "15", "6"]]),
    "within a label, its numbers below": (["行政规范", "", ""], ["性文件", "15", "6"], [["行政规范性文件", "15", "6"]]),
    "within a label and a number": (["行政规范", "13", "6"], ["性文件", "5", ""], [["行政规范性文件", "?135", "6"]]),
    "within a row without numbers": (["行政规范", "", ""], ["性文件", "", ""], [["行政规范性文件", "", ""]]),
}  # fmt: skip


@pytest.mark.parametrize("where", JOINED)
def test_a_page_ends(where: str) -> None:
    upper, lower, wanted = JOINED[where]
    (grid,) = over_the_end([HEAD, upper], [lower, ["规章", "1", "2"]])
    assert said(grid) == [HEAD, *wanted, ["规章", "1", "2"]]


def test_a_doubt_names_both_parts() -> None:
    (grid,) = over_the_end([HEAD, ["行政许可", "1336", "0"]], [["", "4", ""]])
    (doubt,) = {cell.doubt for cell in grid.cells} - {""}
    assert doubt == f"这一格被分页隔开，“1336”和“4”可能是一个数，{ASK}"


def test_a_number_that_had_to_be_wrapped_is_one_where_its_row_is() -> None:
    """Its first line left no room for another digit; two rows, and texts that are no plain digits, stay what they are."""
    for upper, lower, wanted in (
        (["行政许可", "12524", "0"], ["", "9", ""], [["行政许可", "125249", "0"]]),
        (["行政规范", "12524", "0"], ["性文件", "9", ""], [["行政规范性文件", "125249", "0"]]),
        (["行政处罚", "74600", "0"], ["行政强制", "11", "3"], [["行政处罚", "74600", "0"], ["行政强制", "11", "3"]]),
        (["", "74600", "0"], ["行政强制", "11", "3"], [["行政强制", "?7460011", "?03"]]),
        (["行政许可", "12,52", "0"], ["", "4", ""], [["行政许可", "?12,524", "0"]]),
    ):
        full = [cell._replace(is_full=True) for cell in boxed([HEAD, upper])]
        (grid,) = grids_of(
            [TablePart(1, full, True, True), TablePart(2, boxed([lower, ["规章", "1", "2"]]), True, True)], IS_LABEL
        )
        assert said(grid) == [HEAD, *wanted, ["规章", "1", "2"]]


def test_a_head_that_is_printed_again_is_none_of_the_rows() -> None:
    (grid,) = over_the_end(
        [HEAD, ["行政处罚", "746", "0"]], [HEAD, ["行政强制", "11", "3"]], [HEAD, ["规章", "1", "2"]]
    )
    assert said(grid) == [HEAD, ["行政处罚", "746", "0"], ["行政强制", "11", "3"], ["规章", "1", "2"]]


def test_tables_that_text_parts_or_that_do_not_line_up_are_two() -> None:
    above, below = boxed([HEAD]), boxed([["规章", "1", "2"]])
    aside = boxed([["规章", "1", "2"]], shift=9)
    first = TablePart(1, above, True, True)
    for second in (TablePart(2, below, False, True), TablePart(2, aside, True, True), TablePart(3, below, True, True)):
        assert len(grids_of([first, second], IS_LABEL)) == 2
    assert len(grids_of([first._replace(is_last=False), TablePart(2, below, True, True)], IS_LABEL)) == 2


NUMBERS = st.integers(0, 99_999).map(str)
VALUES = st.one_of(NUMBERS, st.sampled_from(["", "/", "无"]))
LABELS = st.sampled_from(["规章", "行政规范", "性文件", "行政规范性文件", "行政许可", "处罚", "行政", "（七）总计", ""])
ROWS = st.lists(st.tuples(LABELS, VALUES, VALUES), min_size=1, max_size=4)


@given(ROWS, ROWS)
def test_no_number_comes_of_a_page_end_unnoticed_and_none_is_lost(above: Rows, below: Rows) -> None:
    (grid,) = over_the_end([HEAD, *above], below)
    given_ = Counter(text for row in (*above, *below) for text in row if text.isdigit())
    sure = Counter(cell.text for cell in grid.cells if cell.text.isdigit() and not cell.doubt)
    assert sure <= given_
    left = "|".join(cell.text for cell in grid.cells if cell.doubt)
    assert all(number in left for number in given_ - sure)


def test_the_side_of_a_cell_merged_over_a_whole_page_is_the_tables() -> None:
    """No line meets it there, so that it belongs to nothing but by its length."""
    rows, columns = range(100, 800, 100), (120, 200, 300)
    across = [Ruling(120, 300, at) for at in rows]
    down = [Ruling(80, 780, at) for at in (50, *columns)]
    (cells,) = lattices(Rulings(across, down))
    assert {(cell.column, cell.rows) for cell in cells if not cell.column} == {(0, 8)}
    (without,) = lattices(Rulings(across, [Ruling(80, 300, 50), *down[1:]]))
    assert min(cell.box.left for cell in without) == 120
