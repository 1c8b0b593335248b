"""Labels prove where the fields stand: what is read is right, or it is not read and told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import form
from tests.making.grids import Grid, drawn, insert_column, insert_row, numbered, table, values_at
from xlcheck.model.form import Label, Table
from xlcheck.reading.placement import Placement, holds_title, place

TABLES = [table.key for table in form().tables]


def told(placement: Placement) -> bool:
    """Whether the placement says that something is wrong with the labels."""
    return bool(placement.moved or placement.altered)


def filled(grid: Grid, placement: Placement) -> dict[str, object]:
    """The values read; a blank is a finding of its own and never a wrong value."""
    return {key: value for key, value in values_at(grid, placement.cells).items() if isinstance(value, float)}


def label(of: Table, text: str, number: int = 0) -> Label:
    """The label that begins with `text`; of several the one of that number."""
    return [each for each in of.printed if each.text.startswith(text)][number]


def move_rows(grid: Grid, first: int, last: int, to: int) -> None:
    """Cut the rows `first` to `last` and put them above what was row `to`."""
    block = grid[first : last + 1]
    rest = grid[:first] + grid[last + 1 :]
    to -= (last + 1 - first) if to > last else 0
    grid[:] = rest[:to] + block + rest[to:]


def swap_columns(grid: Grid, a: range, b: range) -> None:
    """Swap two equally wide blocks of columns, in all rows."""
    for row in grid:
        for i, j in zip(a, b, strict=True):
            row[i], row[j] = row[j], row[i]


# --- in its place ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TABLES)
def test_an_untouched_table_stands_where_the_form_puts_it(key: str) -> None:
    grid, numbers = numbered(table(key))
    placement = place(table(key), grid)
    assert not told(placement)
    assert values_at(grid, placement.cells) == numbers


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize(
    "reword",
    [
        lambda text: text.replace("（", "(").replace("）", ")"),
        " ".join,
        lambda text: text[:2] + "\n" + text[2:],
        lambda text: f"\u3000{text}\u00a0",
        "\u200b".join,
        lambda text: text.replace("“", '"').replace("”", '"'),
        lambda text: text.replace("“", "「").replace("”", "」"),
        lambda text: text.replace("“", "'").replace("”", "’"),
        lambda text: text.replace("1.", "1、").replace("2.", "２．").replace("3.", "3．"),
        lambda text: text.replace("，", ",").replace("、", "、 "),
        lambda text: text.replace("：", ":"),
    ],
    ids=["brackets", "spaced", "broken", "padded", "zero-width", "straight", "corner", "single", "numbering", "comma", "colon"],
)  # fmt: skip
def test_spelling_is_not_wording(key: str, reword: object) -> None:
    assert callable(reword)
    grid, numbers = numbered(table(key))
    grid = [[reword(value) if isinstance(value, str) else value for value in row] for row in grid]
    placement = place(table(key), grid)
    assert not told(placement)
    assert values_at(grid, placement.cells) == numbers


@pytest.mark.parametrize(
    ("official", "altered"),
    [
        ("（一）予以公开", "（一）主动公开"),
        ("（一）予以公开", "（二）予以公开"),
        ("1.属于国家秘密", "2.属于国家秘密"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("自然人", "自然 人员"),
        ("总计", "合计"),
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数"),
        ("三、收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申请情况（草稿）"),
        ("4.无正当理由大量反复申请", ""),
    ],
)
def test_another_wording_is_told_with_what_stands_there(official: str, altered: str) -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    row, column = label(requests, official).cell
    grid[row][column] = altered
    placement = place(requests, grid)
    assert [(each.label.text, each.cell, each.found) for each in placement.altered] == [
        (official, (row, column), altered)
    ]


def test_a_label_that_is_a_number_is_altered() -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    grid[5][0] = 5.0
    assert told(place(requests, grid))


# --- moved -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TABLES)
@given(data=st.data())
def test_after_inserted_rows_and_columns_every_value_is_the_right_one(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    inserts = data.draw(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), min_size=1, max_size=6))
    for is_row, at in inserts:
        if is_row:
            insert_row(grid, min(at, len(grid) - 1))
        else:
            insert_column(grid, min(at, len(grid[0]) - 1))
    placement = place(of, grid)
    read = filled(grid, placement)
    assert told(placement) or not read
    assert {key: numbers[key] for key in read} == read


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, 1), (7, 3), (40, 20)])
def test_a_table_moved_as_a_whole_is_found_in_full(key: str, down: int, right: int) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    for _ in range(down):
        insert_row(grid, 0)
    for _ in range(right):
        insert_column(grid, 0)
    placement = place(of, grid)
    assert told(placement)
    assert values_at(grid, placement.cells) == numbers


@pytest.mark.parametrize("key", TABLES)
@given(data=st.data())
def test_rows_put_in_another_order_take_their_values_along(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    first = min(field.cell[0] for field in of.fields)
    order = data.draw(st.permutations(range(first, len(grid))))
    grid = grid[:first] + [grid[row] for row in order]
    placement = place(of, grid)
    read = filled(grid, placement)
    assert {key: numbers[key] for key in read} == read
    assert told(placement) or list(order) == sorted(order)


@pytest.mark.parametrize("key", ["disclosure", "requests"])
@given(data=st.data())
def test_columns_put_in_another_order_take_their_values_along(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    first = min(field.cell[1] for field in of.fields)
    order = data.draw(st.permutations(range(first, len(grid[0]))))
    grid = [row[:first] + [row[column] for column in order] for row in grid]
    placement = place(of, grid)
    read = filled(grid, placement)
    assert {key: numbers[key] for key in read} == read
    assert told(placement) or list(order) == sorted(order)


@given(st.sampled_from([0, 5, 10]), st.permutations(range(5)))
def test_columns_put_in_another_order_within_their_group_take_their_values_along(first: int, order: list[int]) -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    for row in grid[3:]:
        row[first : first + 5] = [row[first + column] for column in order]
    placement = place(disputes, grid)
    read = filled(grid, placement)
    assert {key: numbers[key] for key in read} == read
    assert told(placement) or order == sorted(order)


@pytest.mark.parametrize("key", TABLES)
@given(data=st.data())
def test_deleted_rows_are_told_and_never_shift_the_others(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    for row in sorted(data.draw(st.sets(st.integers(0, len(grid) - 1), min_size=1, max_size=4)), reverse=True):
        del grid[row]
    placement = place(of, grid)
    read = filled(grid, placement)
    assert told(placement) or not read
    assert {key: numbers[key] for key in read} == read


@pytest.mark.parametrize("key", TABLES)
@given(data=st.data())
def test_deleted_columns_are_told_and_never_shift_the_others(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    for column in sorted(data.draw(st.sets(st.integers(0, len(grid[0]) - 1), min_size=1, max_size=3)), reverse=True):
        for row in grid:
            del row[column]
    placement = place(of, grid)
    read = filled(grid, placement)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


@pytest.mark.parametrize("key", TABLES)
@given(data=st.data())
def test_any_mixture_of_inserted_and_deleted_lines_never_reads_a_wrong_value(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    steps = st.tuples(st.sampled_from(["row+", "row-", "column+", "column-"]), st.integers(0, 30))
    for step, at in data.draw(st.lists(steps, min_size=1, max_size=5)):
        if step == "row+":
            insert_row(grid, min(at, len(grid)))
        elif step == "row-" and len(grid) > 1:
            del grid[min(at, len(grid) - 1)]
        elif step == "column+":
            insert_column(grid, min(at, len(grid[0])))
        elif step == "column-" and len(grid[0]) > 1:
            for row in grid:
                del row[min(at, len(row) - 1)]
    placement = place(of, grid)
    read = filled(grid, placement)
    assert {key: numbers[key] for key in read} == read
    assert told(placement) or read == numbers or not read


@pytest.mark.parametrize("key", TABLES)
def test_any_single_altered_label_is_told(key: str) -> None:
    of = table(key)
    for label in of.printed:
        grid, _ = numbered(of)
        grid[label.cell[0]][label.cell[1]] = label.text + "改"
        told_of = {altered.label for altered in place(of, grid).altered}
        assert label in told_of


@pytest.mark.parametrize("key", TABLES)
@given(data=st.data())
def test_any_two_labels_swapped_are_told(key: str, data: st.DataObject) -> None:
    of = table(key)
    grid, _ = numbered(of)
    a, b = (data.draw(st.sampled_from(of.printed)) for _ in range(2))
    if a.folded == b.folded:
        return
    (ra, ca), (rb, cb) = a.cell, b.cell
    grid[ra][ca], grid[rb][cb] = grid[rb][cb], grid[ra][ca]
    assert told(place(of, grid))


def test_two_row_labels_swapped_without_their_values_read_what_their_rows_now_say() -> None:
    requests = table("requests")
    grid, numbers = numbered(requests)
    (ra, ca), (rb, cb) = label(requests, "一、").cell, label(requests, "二、").cell
    grid[ra][ca], grid[rb][cb] = grid[rb][cb], grid[ra][ca]
    placement = place(requests, grid)
    read = values_at(grid, placement.cells)
    assert read["requests.received.person"] == numbers["requests.carried_in.person"]
    assert told(placement)


def test_two_groups_swapped_with_their_values_are_read_right_or_not_at_all() -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    swap_columns(grid[2:], range(5, 10), range(10, 15))
    placement = place(disputes, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_two_group_heads_swapped_without_their_values_read_what_their_columns_now_say() -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    grid[2][5], grid[2][10] = grid[2][10], grid[2][5]
    placement = place(disputes, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    for end in ("upheld", "total"):
        at = f"disputes.suit_direct.{end}"
        assert (
            read.get(at, numbers[f"disputes.suit_after_review.{end}"]) == numbers[f"disputes.suit_after_review.{end}"]
        )


def test_review_and_litigation_swapped_as_blocks_are_read_right_or_not_at_all() -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    grid = [grid[0]] + [row[5:] + row[:5] for row in grid[1:]]
    placement = place(disputes, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_blocks_of_the_first_table_put_in_another_order_are_read_right() -> None:
    disclosure = table("disclosure")
    grid, numbers = numbered(disclosure)
    move_rows(grid, 5, 7, 12)
    placement = place(disclosure, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    assert read["disclosure.licensing.decisions"] == numbers["disclosure.licensing.decisions"]
    assert {key: numbers[key] for key in read} == read


def test_a_field_without_proof_is_not_read() -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    at = label(requests, "2.重复申请").cell[0]
    del grid[at]
    placement = place(requests, grid)
    assert not [key for key in placement.cells if key.startswith("requests.declined_repeat.")]
    assert len(placement.cells) == 168


def test_a_column_of_labels_that_is_gone_proves_no_row() -> None:
    requests = table("requests")
    grid, numbers = numbered(requests)
    insert_row(grid, 10)
    del grid[8]
    for row in grid:
        del row[2]
    placement = place(requests, grid)
    read = filled(grid, placement)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_two_fields_are_never_read_from_one_cell() -> None:
    for key in TABLES:
        of = table(key)
        grid, _ = numbered(of)
        del grid[len(grid) // 2]
        cells = list(place(of, grid).cells.values())
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize("key", TABLES)
def test_a_table_copied_below_itself_reads_the_upper_one(key: str) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    grid = [*grid, [""] * len(grid[0]), *drawn(of, lambda _: 7.0)]
    assert values_at(grid, place(of, grid).cells) == numbers


@pytest.mark.parametrize("key", TABLES)
def test_a_table_copied_above_itself_is_never_read_in_part_from_either(key: str) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    insert_row(grid, 2)
    grid = grid + drawn(of, lambda _: 7.0)
    placement = place(of, grid)
    read = filled(grid, placement)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_an_empty_sheet_proves_nothing() -> None:
    for key in TABLES:
        placement = place(table(key), [])
        assert told(placement)
        assert not [cell for cell in placement.cells.values() if cell[0] < 0 or cell[1] < 0]


def test_a_title_near_the_top_tells_the_table() -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    assert holds_title(requests, grid)
    assert not holds_title(table("disputes"), grid)
