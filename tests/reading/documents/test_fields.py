"""Fields of documents: found where labels prove them, however a table is worded, cut or shifted; else not at all."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making.damaged_tables import DAMAGES, HIDING, LACKING, damaged, without_spans
from tests.making.filling import form
from tests.making.reports import at_field, changed, grid_of, lines_of, our_forms
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form, Table
from xlcheck.reading.documents.fields import Matched, find_fields
from xlcheck.reading.documents.grid import Grid, GridCell
from xlcheck.reading.documents.lines import is_number

DISCLOSURE, REQUESTS, DISPUTES = form().tables
UNIQUE = {field.key: number + 100 for number, field in enumerate(form().fields)}
"""Another number for each field, so that none can stand for another."""


def grids(**changes: Any) -> list[Grid]:
    return [changes.get(table.key, grid_of(table, UNIQUE, number)) for number, table in enumerate(form().tables, 1)]


def found(some: Sequence[Grid]) -> Mapping[str, str]:
    return {key: spotted.cell.text for key, spotted in find_fields(form(), some).cells.items()}


def wrong(some: Sequence[Grid]) -> dict[str, str]:
    """The fields that another number was taken for, and nobody is told: never any."""
    matched = find_fields(form(), some)
    told = {key for key, _ in matched.again}
    return {
        key: spotted.cell.text
        for key, spotted in matched.cells.items()
        if spotted.cell.text != str(UNIQUE[key]) and key not in told
    }


def complete(some: Sequence[Grid]) -> bool:
    return found(some) == {key: str(number) for key, number in UNIQUE.items()}


def relabelled(table: Table, old: str, new: str, number: int = 1) -> Grid:
    grid = grid_of(table, UNIQUE, number)
    assert any(cell.text == old for cell in grid.cells)
    return grid._replace(cells=tuple(cell._replace(text=new) if cell.text == old else cell for cell in grid.cells))


@pytest.mark.parametrize("text", ["上年 7", "上年 12.5"])
def test_what_the_template_shows_of_last_year_is_passed_over(text: str) -> None:
    """Beside the table, as a program saves it with the sheet; anything else there might have moved the numbers."""
    grid = grid_of(REQUESTS, UNIQUE, 2)
    right = REQUESTS.last[1] - REQUESTS.corner[1] + 2
    rows = sorted({cell.row for cell in grid.cells if is_number(cell.text)})

    def beside(said: str) -> Grid:
        more = (GridCell(row, right + column, 1, 1, said) for row in rows for column in range(7))
        gap = (GridCell(row, right - 1, 1, 1, "") for row in rows)
        return grid._replace(cells=(*grid.cells, *gap, *more))

    assert complete(grids(requests=beside(text)))
    assert not complete(grids(requests=beside("7")))


def test_all_fields_of_a_report_as_the_form_prints_it() -> None:
    assert complete(grids())
    assert find_fields(form(), grids()).tables == {"disclosure": 1, "requests": 2, "disputes": 3}


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        (DISCLOSURE, "本年制发件数", "本年（2023）制发件数"),
        (DISCLOSURE, "规章", "规章（县级无此项）"),
        (DISCLOSURE, "行政规范性文件", "规范性文件"),
        (DISCLOSURE, "现行有效件数", " 现行有效件数 (历史累计) "),
        (DISCLOSURE, "本年收费金额（单位：万元）", "本年收费金额"),
        (REQUESTS, "1.属于国家秘密", "1、属于国家秘密"),
        (REQUESTS, "1.属于国家秘密", "（1）属于国家秘密"),
        (REQUESTS, "1.属于国家秘密", "①属于国家秘密"),
        (REQUESTS, "1.属于国家秘密", "属于国家秘密"),
        (REQUESTS, "3.危及“三安全一稳定”", '3.危及"三安全\n一稳定"'),
        (REQUESTS, "3.其他", "3、其他"),
        (REQUESTS, "3.其他", "其他"),
        (REQUESTS, "（七）总计", "（七）合计"),
        (REQUESTS, "（七）总计", "总计"),
        (REQUESTS, "总计", "合 计"),
        (REQUESTS, "（一）予以公开", "(一)予以公开"),
        (REQUESTS, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二）部分公开"),
        (REQUESTS, "4.无正当理由大量反复申请", "4.无正当理由大量反复申请的"),
        (REQUESTS, "5.要求行政机关确认或重新出具已获取信息", "5.要求行政机关确认或重新出具己获取信息"),
        (REQUESTS, "法律服务机构", "法 律\n服务机构"),
        (DISPUTES, "结果维持", "结 果 维持"),
        (DISPUTES, "总计", "合计"),
        (DISPUTES, "复议后起诉", "复议后\n起诉"),
    ],
)
def test_an_unmistakable_wording_is_the_label(table: Table, old: str, new: str) -> None:
    number = form().tables.index(table) + 1
    assert complete(grids(**{table.key: relabelled(table, old, new, number)}))


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        (REQUESTS, "四、结转下年度继续办理", "四、上年结转数量"),
        (REQUESTS, "商业企业", "机构"),
        (DISCLOSURE, "本年废止件数", "本年件数"),
    ],
)
def test_a_label_that_may_be_another_proves_nothing(table: Table, old: str, new: str) -> None:
    some = grids(**{table.key: relabelled(table, old, new, form().tables.index(table) + 1)})
    assert not complete(some)
    assert wrong(some) == {}


def test_a_reworded_row_is_taken_between_its_neighbours_and_told() -> None:
    some = grids(requests=relabelled(REQUESTS, "（一）予以公开", "（一）主动公开", 2))
    assert complete(some)
    (told,) = find_fields(form(), some).reworded
    assert (told.label, told.cell.text) == ("（一）予以公开", "（一）主动公开")


def test_columns_may_stand_in_another_order() -> None:
    """The heads say which is which."""
    grid = grid_of(REQUESTS, UNIQUE, 2)
    swap = {5: 6, 6: 5}
    cells = [
        cell._replace(column=swap.get(cell.column, cell.column)) if cell.row >= 2 and cell.columns == 1 else cell
        for cell in grid.cells
    ]
    assert complete(grids(requests=grid._replace(cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))))


def shifted(grid: Grid, row: int, by: int) -> Grid:
    """A row that a wrong span of a cell before it moves."""
    return grid._replace(
        cells=tuple(cell._replace(column=cell.column + by) if cell.row == row else cell for cell in grid.cells)
    )


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("row", [3, 5, 7, 14, 23, 26, 27])
def test_a_row_that_is_shifted_is_counted_off(row: int, by: int) -> None:
    some = grids(requests=shifted(grid_of(REQUESTS, UNIQUE, 2), row, by))
    assert wrong(some) == {}
    assert complete(some)


@pytest.mark.parametrize("column", [3, 6, 9])
def test_a_row_with_a_cell_less_proves_nothing(column: int) -> None:
    """Whether the cell is missing or what follows moved, nobody knows; no number is taken for another's."""
    full = grid_of(REQUESTS, UNIQUE, 2)
    hole = changed(full, {(5, column): lambda _: None})
    moved = hole._replace(
        cells=tuple(c._replace(column=c.column - 1) if c.row == 5 and c.column > column else c for c in hole.cells)
    )
    for grid in (hole, moved):
        some = grids(requests=grid)
        assert wrong(some) == {}
        assert UNIQUE.keys() - found(some).keys() == {
            f.key for f in REQUESTS.fields if f.key.startswith("requests.granted.")
        }


def test_a_cell_merged_over_some_columns_is_nobodys_and_the_others_stand() -> None:
    merged = changed(
        grid_of(REQUESTS, UNIQUE, 2),
        {(5, 4): lambda cell: cell._replace(columns=2), (5, 5): lambda _: None},
    )
    some = grids(requests=merged)
    assert wrong(some) == {}
    assert UNIQUE.keys() - found(some).keys() == {"requests.granted.business", "requests.granted.research"}


def test_a_cell_merged_over_a_whole_row_is_nobodys() -> None:
    row = {(5, column): (lambda _: None) for column in range(4, 10)}
    some = grids(requests=changed(grid_of(REQUESTS, UNIQUE, 2), {(5, 3): lambda cell: cell._replace(columns=7), **row}))
    assert UNIQUE.keys() - found(some).keys() == {f.key for f in REQUESTS.fields if ".granted." in f.key}


def test_one_number_in_cells_that_should_be_merged_is_found() -> None:
    grid = grid_of(DISCLOSURE, UNIQUE)
    at = at_field(form(), "disclosure.licensing.decisions")
    split = changed(grid, {at: lambda cell: cell._replace(columns=1)})
    blanks = tuple(GridCell(at[0], at[1] + more, 1, 1, "") for more in (1, 2))
    assert complete(grids(disclosure=split._replace(cells=split.cells + blanks)))
    both = tuple(GridCell(at[0], at[1] + more, 1, 1, "7") for more in (1, 2))
    some = grids(disclosure=split._replace(cells=split.cells + both))
    assert UNIQUE.keys() - found(some).keys() == {"disclosure.licensing.decisions"}


def below(grid: Grid, rows: int, number: int = 0) -> list[GridCell]:
    return [cell._replace(row=cell.row + rows) for cell in grid.cells]


def test_a_title_row_inside_a_table() -> None:
    grid = grid_of(DISCLOSURE, UNIQUE)
    title = GridCell(0, 0, 1, 4, DISCLOSURE.title.text)
    assert complete(grids(disclosure=grid._replace(cells=(title, *below(grid, 1)))))


def test_one_grid_with_all_tables() -> None:
    cells: list[GridCell] = []
    for table in form().tables:
        first = max((cell.row + cell.rows for cell in cells), default=0)
        cells.append(GridCell(first, 0, 1, 10, table.title.text))
        cells += below(grid_of(table, UNIQUE), first + 1)
    assert complete([Grid(1, tuple(cells))])


def cut(grid: Grid, row: int) -> list[Grid]:
    """A table cut in two before a row, its labels of several rows printed once."""
    head = [cell._replace(rows=min(cell.rows, row - cell.row)) for cell in grid.cells if cell.row < row]
    rest = [
        *(
            cell._replace(row=0, rows=cell.row + cell.rows - row, text="")
            for cell in grid.cells
            if cell.row < row < cell.row + cell.rows
        ),
        *(cell._replace(row=cell.row - row) for cell in grid.cells if cell.row >= row),
    ]
    return [Grid(1, tuple(head)), Grid(2, tuple(rest))]


@pytest.mark.parametrize("row", [3, 7, 8, 26])
def test_a_table_cut_in_two_goes_on_with_the_heads_of_the_first_part(row: int) -> None:
    assert complete(
        [grid_of(DISCLOSURE, UNIQUE, 3), *cut(grid_of(REQUESTS, UNIQUE), row), grid_of(DISPUTES, UNIQUE, 4)]
    )


@pytest.mark.parametrize("row", [1, 2, 3, 6, 13])
def test_so_does_one_whose_blocks_have_heads_of_their_own(row: int) -> None:
    some = [*cut(grid_of(DISCLOSURE, UNIQUE), row), grid_of(REQUESTS, UNIQUE, 3), grid_of(DISPUTES, UNIQUE, 4)]
    assert complete(some)


def test_and_one_whose_only_row_is_cut_off() -> None:
    assert complete(
        [*grids()[:2], *(grid._replace(number=grid.number + 2) for grid in cut(grid_of(DISPUTES, UNIQUE), 3))]
    )


def test_rows_that_merely_have_the_same_words_are_not_the_forms() -> None:
    """A table of the report's first part, say, or of what else there is to report."""
    other = Grid(
        9,
        tuple(
            GridCell(row, column, 1, 1, text)
            for row, line in enumerate([["事项", "数量"], ["行政许可", "55"], ["行政处罚", "66"], ["总计", "121"]])
            for column, text in enumerate(line)
        ),
    )
    assert complete([other, *grids()])
    assert complete([*grids(), other])


def test_a_table_that_stands_twice_is_told_where_it_differs() -> None:
    twin = grid_of(REQUESTS, {**UNIQUE, "requests.received.person": 5}, 4)
    matched = find_fields(form(), [*grids(), twin])
    ((key, other),) = matched.again
    assert (key, other.cell.text, other.grid.number) == ("requests.received.person", "5", 4)
    assert find_fields(form(), [*grids(), grid_of(REQUESTS, UNIQUE, 4)]).again == ()


def test_a_cell_that_reaches_over_two_rows_is_nobodys() -> None:
    tall = changed(grid_of(REQUESTS, UNIQUE, 2), {(5, 3): lambda cell: cell._replace(rows=2), (6, 3): lambda _: None})
    some = grids(requests=tall)
    assert wrong(some) == {}
    assert UNIQUE.keys() - found(some).keys() == {"requests.granted.person", "requests.partly_granted.person"}


# --- plain text ------------------------------------------------------------------------------------------------------

BLOCK = (
    "第二十条第（一）项|||",
    "信息内容|本年制发件数|本年废止件数|现行有效件数",
    "规章|1|2|3",
    "行政规范性文件|4|5|6",
)


def test_lines_of_text_are_counted_from_their_end() -> None:
    matched = found([lines_of(*BLOCK, "第二十条第（五）项|||", "信息内容|本年处理决定数量||", "行政许可|7||")])
    assert matched == {
        **{
            f"disclosure.{row}.{key}": str(n)
            for n, (row, key) in enumerate(
                [
                    (row, key)
                    for row in ("regulations", "normative_documents")
                    for key in ("issued", "repealed", "in_force")
                ],
                1,
            )
        },
        "disclosure.licensing.decisions": "7",
    }


def test_a_line_of_text_without_a_number_proves_nothing() -> None:
    assert found([lines_of(*BLOCK[:2], "规章|1||3", "行政规范性文件|4|5")]) == {
        "disclosure.regulations.issued": "1",
        "disclosure.regulations.repealed": "",
        "disclosure.regulations.in_force": "3",
    }
    assert found([lines_of(*BLOCK[:2], "规章||2|3")]) == {}
    assert found([lines_of("规章|1|2|3")]) == {}
    assert found([lines_of("信息内容|本年废止件数|本年制发件数|现行有效件数", "规章|1|2|3")]) == {}


def text_of(grid: Grid, trailing: bool) -> Grid:
    """A table as plain text has it: what is spanned is a blank cell here and missing there."""
    lines: dict[int, list[str]] = {}
    for cell in grid.cells:
        lines.setdefault(cell.row, []).append(cell.text.replace("\n", ""))
    tail = "|" if trailing else ""
    return lines_of(*("|".join(line) + tail for _, line in sorted(lines.items())), number=grid.number)


@pytest.mark.parametrize("trailing", [False, True])
def test_all_tables_as_plain_text(trailing: bool) -> None:
    assert complete([text_of(grid, trailing) for grid in grids()])


# --- the law ---------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(sorted(DAMAGES))), min_size=1, max_size=5),
    st.integers(0, 999),
)
def test_no_damages_make_one_fields_number_anothers(damages: list[tuple[int, str]], seed: int) -> None:
    some, rng = grids(), random.Random(seed)
    lacking = {which for which, damage in damages if damage in LACKING}
    for which, damage in damages:
        if which in lacking and damage in HIDING:
            continue
        some[which] = damaged(some[which], damage, rng)
    assert {key: text for key, text in wrong(some).items() if text.isdigit()} == {}


@pytest.mark.parametrize("filled", [False, True])
def test_tables_without_spans_are_read_by_their_labels(filled: bool) -> None:
    """A sheet pasted as plain cells: labels of several rows and columns stand once, and nothing lines up."""
    assert complete([grid._replace(cells=tuple(without_spans(grid.cells, filled=filled))) for grid in grids()])


@pytest.mark.parametrize("column", [1, 4, 7])
def test_a_row_without_spans_that_lacks_a_cell_or_ends_blank_proves_nothing(column: int) -> None:
    flat = without_spans(grid_of(REQUESTS, UNIQUE, 2).cells, filled=True)
    row = next(cell.row for cell in flat if "二、上年结转" in cell.text)
    short = [
        cell._replace(column=cell.column - (cell.row == row and cell.column > column))
        for cell in flat
        if (cell.row, cell.column) != (row, column)
    ]
    some = grids(requests=Grid(2, tuple(short)))
    assert wrong(some) == {}
    assert UNIQUE.keys() - found(some).keys() == {f.key for f in REQUESTS.fields if ".carried_in." in f.key}


def test_heads_in_pieces_are_heads() -> None:
    """商业 stands above 企业, and 本年处理决定数量 in each of the columns that it is merged over elsewhere."""
    cells = []
    for cell in grid_of(REQUESTS, UNIQUE, 2).cells:
        below = cell.row > 2
        if cell.text in ("商业企业", "科研机构"):
            cells += [cell._replace(text=cell.text[:2]), cell._replace(row=3, text=cell.text[2:])]
        elif below or cell.row + cell.rows <= 2:
            cells.append(cell._replace(row=cell.row + below))
        else:
            cells.append(cell._replace(rows=cell.rows + 1))
    heads = [
        cell._replace(column=cell.column + step, columns=1) if "本年" in cell.text else cell
        for cell in grid_of(DISCLOSURE, UNIQUE).cells
        for step in range(cell.columns if "本年" in cell.text else 1)
    ]
    assert complete(grids(requests=Grid(2, tuple(sorted(cells))), disclosure=Grid(1, tuple(heads))))


def test_a_number_is_no_reworded_label() -> None:
    """A strange number behind a row's last one does not make its first one the label."""
    grid = grid_of(REQUESTS, UNIQUE, 2)
    some = grids(requests=grid._replace(cells=tuple(sorted((*grid.cells, GridCell(22, 10, 1, 1, "92"))))))
    assert wrong(some) == {}


@pytest.mark.parametrize("of", our_forms(), ids=lambda of: of.id)
def test_each_of_our_forms_is_found_and_told_from_the_others(of: Form) -> None:
    values = {field.key: number for number, field in enumerate(of.fields, 100)}
    some = [grid_of(table, values, number) for number, table in enumerate(of.tables, 1)]
    counted = {one.id: len(find_fields(one, some).cells) for one in our_forms()}
    assert counted[of.id] == len(of.fields)
    assert all(counted[of.id] > counted[one] for one in counted if one != of.id)
    assert {key: one.cell.text for key, one in find_fields(of, some).cells.items()} == {
        k: str(v) for k, v in values.items()
    }


def test_nothing_is_found_in_no_tables() -> None:
    assert find_fields(form(), []) == Matched({})


def test_labels_that_stand_in_a_document_without_end_are_refused() -> None:
    cells = tuple(GridCell(row, column, 1, 1, "总计") for row in range(20) for column in range(20))
    with pytest.raises(Refused) as refused:
        find_fields(form(), [Grid(number, cells) for number in range(1, 30)])
    assert refused.value.code == "F104"


def test_a_table_many_times_as_large_as_the_form_is_none_of_its_tables() -> None:
    cells = tuple(GridCell(row, column, 1, 1, "总计") for row in range(300) for column in range(40))
    assert find_fields(form(), [Grid(1, cells)]).cells == {}
