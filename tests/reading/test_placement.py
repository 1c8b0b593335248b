"""Labels prove where the fields stand: what is read is right, or it is not read and told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import form
from tests.making.grids import Grid, drawn, insert_column, insert_row, numbered, table, values_at
from xlcheck.model.cells import Cell
from xlcheck.model.form import Field, Label, Table
from xlcheck.model.labels import fold
from xlcheck.reading.placement import Placement, holds_title, place_fields, stands, text_at

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
    placement = place_fields(table(key), grid)
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
    placement = place_fields(table(key), grid)
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
    placement = place_fields(requests, grid)
    assert [(each.label.text, each.cell, each.found) for each in placement.altered] == [
        (official, (row, column), altered)
    ]


def test_a_label_that_is_a_number_is_altered() -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    grid[5][0] = 5.0
    assert told(place_fields(requests, grid))


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
    placement = place_fields(of, grid)
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
    placement = place_fields(of, grid)
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
    placement = place_fields(of, grid)
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
    placement = place_fields(of, grid)
    read = filled(grid, placement)
    assert {key: numbers[key] for key in read} == read
    assert told(placement) or list(order) == sorted(order)


@given(st.sampled_from([0, 5, 10]), st.permutations(range(5)))
def test_columns_put_in_another_order_within_their_group_take_their_values_along(first: int, order: list[int]) -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    for row in grid[3:]:
        row[first : first + 5] = [row[first + column] for column in order]
    placement = place_fields(disputes, grid)
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
    placement = place_fields(of, grid)
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
    placement = place_fields(of, grid)
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
    placement = place_fields(of, grid)
    read = filled(grid, placement)
    assert {key: numbers[key] for key in read} == read
    assert told(placement) or read == numbers or not read


@pytest.mark.parametrize("key", TABLES)
def test_any_single_altered_label_is_told(key: str) -> None:
    of = table(key)
    for label in of.printed:
        grid, _ = numbered(of)
        grid[label.cell[0]][label.cell[1]] = label.text + "改"
        told_of = {altered.label for altered in place_fields(of, grid).altered}
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
    assert told(place_fields(of, grid))


def test_two_row_labels_swapped_without_their_values_read_what_their_rows_now_say() -> None:
    requests = table("requests")
    grid, numbers = numbered(requests)
    (ra, ca), (rb, cb) = label(requests, "一、").cell, label(requests, "二、").cell
    grid[ra][ca], grid[rb][cb] = grid[rb][cb], grid[ra][ca]
    placement = place_fields(requests, grid)
    read = values_at(grid, placement.cells)
    assert read["requests.received.person"] == numbers["requests.carried_in.person"]
    assert told(placement)


def test_two_groups_swapped_with_their_values_are_read_right_or_not_at_all() -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    swap_columns(grid[2:], range(5, 10), range(10, 15))
    placement = place_fields(disputes, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_two_group_heads_swapped_without_their_values_read_what_their_columns_now_say() -> None:
    disputes = table("disputes")
    grid, numbers = numbered(disputes)
    grid[2][5], grid[2][10] = grid[2][10], grid[2][5]
    placement = place_fields(disputes, grid)
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
    placement = place_fields(disputes, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_blocks_of_the_first_table_put_in_another_order_are_read_right() -> None:
    disclosure = table("disclosure")
    grid, numbers = numbered(disclosure)
    move_rows(grid, 5, 7, 12)
    placement = place_fields(disclosure, grid)
    read = values_at(grid, placement.cells)
    assert told(placement)
    assert read["disclosure.licensing.decisions"] == numbers["disclosure.licensing.decisions"]
    assert {key: numbers[key] for key in read} == read


def test_a_field_without_proof_is_not_read() -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    at = label(requests, "2.重复申请").cell[0]
    del grid[at]
    placement = place_fields(requests, grid)
    assert not [key for key in placement.cells if key.startswith("requests.declined_repeat.")]
    assert len(placement.cells) == 168


def test_a_column_of_labels_that_is_gone_proves_no_row() -> None:
    requests = table("requests")
    grid, numbers = numbered(requests)
    insert_row(grid, 10)
    del grid[8]
    for row in grid:
        del row[2]
    placement = place_fields(requests, grid)
    read = filled(grid, placement)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_two_fields_are_never_read_from_one_cell() -> None:
    for key in TABLES:
        of = table(key)
        grid, _ = numbered(of)
        del grid[len(grid) // 2]
        cells = list(place_fields(of, grid).cells.values())
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize("key", TABLES)
def test_a_table_copied_below_itself_reads_the_upper_one(key: str) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    grid = [*grid, [""] * len(grid[0]), *drawn(of, lambda _: 7.0)]
    assert values_at(grid, place_fields(of, grid).cells) == numbers


@pytest.mark.parametrize("key", TABLES)
def test_a_table_copied_above_itself_is_never_read_in_part_from_either(key: str) -> None:
    of = table(key)
    grid, numbers = numbered(of)
    insert_row(grid, 2)
    grid = grid + drawn(of, lambda _: 7.0)
    placement = place_fields(of, grid)
    read = filled(grid, placement)
    assert told(placement)
    assert {key: numbers[key] for key in read} == read


def test_an_empty_sheet_proves_nothing() -> None:
    for key in TABLES:
        placement = place_fields(table(key), [])
        assert told(placement)
        assert not [cell for cell in placement.cells.values() if cell[0] < 0 or cell[1] < 0]


def test_a_title_near_the_top_tells_the_table() -> None:
    requests = table("requests")
    grid, _ = numbered(requests)
    assert holds_title(requests, grid)
    assert not holds_title(table("disputes"), grid)


# --- small tables ----------------------------------------------------------------------------------------------------


def small(*lines: str) -> Table:
    """A table drawn as text: ``*`` is a field, ``<`` and ``^`` belong to the label on their left or above them."""
    grid = [line.split() for line in lines]
    labels: list[Label] = []
    fields: list[Field] = []
    for r, row in enumerate(grid):
        for c, text in enumerate(row):
            if text == "*":
                fields.append(Field(f"{r}{c}", "count", "t", "表", (r, c), (r, c), (), ()))
            elif text not in "<^.":
                last = (r + _run([line[c] for line in grid[r + 1 :]], "^"), c + _run(row[c + 1 :], "<"))
                labels.append(Label(text, (r, c), last, fold(text)))
    return Table("t", labels[0], "表", (1, 0), tuple(labels[1:]), tuple(fields), (), (), False)


def _run(cells: list[str], mark: str) -> int:
    return next((number for number, cell in enumerate(cells) if cell != mark), len(cells))


def sheet(*lines: str) -> Grid:
    """What stands on a sheet; a point is a blank cell."""
    return [["" if cell == "." else float(cell) if cell.isdigit() else cell for cell in line.split()] for line in lines]


def read_from(of: Table, grid: Grid) -> dict[str, object]:
    return values_at(grid, place_fields(of, grid).cells)


PLAIN = small("题 . .", ". 男 女", "甲 * *", "乙 * *")


def test_a_small_table_in_its_place() -> None:
    assert read_from(PLAIN, sheet("题 . .", ". 男 女", "甲 1 2", "乙 3 4")) == {"21": 1, "22": 2, "31": 3, "32": 4}


# What a reworded label proves.


def altered_in(of: Table, grid: Grid) -> list[tuple[str, Cell | None, str]]:
    return [(each.label.text, each.cell, each.found) for each in place_fields(of, grid).altered]


def test_a_reworded_last_label_is_found_below_the_others() -> None:
    grid = sheet("题 . .", ". 男 女", "甲 1 2", "丙 3 4")
    assert altered_in(PLAIN, grid) == [("乙", (3, 0), "丙")]
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2, "31": 3, "32": 4}
    insert_row(grid, 0)
    assert altered_in(PLAIN, grid) == [("乙", (4, 0), "丙")]
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2, "31": 3, "32": 4}


def test_a_reworded_last_label_proves_nothing_where_the_others_did_not_move_alike() -> None:
    grid = sheet("题 . . .", ". 男 . 女", "甲 1 . 2", "丙 3 . 4")
    assert altered_in(PLAIN, grid) == [("乙", None, "")]
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2}


def test_a_reworded_first_label_is_found_above_the_others_only_where_they_moved_alike() -> None:
    assert altered_in(PLAIN, sheet("名 . .", ". 男 女", "甲 1 2", "乙 3 4")) == [("题", (0, 0), "名")]
    assert altered_in(PLAIN, sheet("名 . . .", ". 男 . 女", "甲 1 . 2", "乙 3 . 4")) == [("题", None, "")]


def test_a_reworded_label_between_two_is_found_where_both_moved_alike() -> None:
    of = small("题 . . . .", ". 男 女 童 老", "甲 * * * *")
    grid = sheet("题 . . . . .", ". 男 妇 童 . 老", "甲 1 2 3 . 4")
    assert altered_in(of, grid) == [("女", (1, 2), "妇")]
    assert read_from(of, grid) == {"21": 1, "22": 2, "23": 3, "24": 4}
    grid = sheet("题 . . . . .", ". 男 女 . 幼 老", "甲 1 2 . 3 4")
    assert altered_in(of, grid) == [("童", None, "")]
    assert read_from(of, grid) == {"21": 1, "22": 2, "24": 4}


def test_another_label_s_words_are_no_rewording() -> None:
    grid = sheet("题 . .", ". 男 女", "甲 1 2", "甲 3 4")
    assert altered_in(PLAIN, grid) == [("乙", None, "甲")]
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2}


def test_a_label_that_is_gone_proves_no_row() -> None:
    grid = sheet("题 . .", ". 男 女", "甲 1 2", ". 3 4")
    assert altered_in(PLAIN, grid) == [("乙", (3, 0), "")]
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2}


@pytest.mark.parametrize("key", TABLES)
def test_no_label_is_missed_above_the_first_row_or_left_of_the_first_column(key: str) -> None:
    for cut in (lambda grid: grid[1:], lambda grid: [row[1:] for row in grid]):
        grid, _ = numbered(table(key))
        placement = place_fields(table(key), cut(grid))
        assert told(placement)
        assert all(each.cell is None or min(each.cell) >= 0 for each in placement.altered)
        assert all(min(cell) >= 0 for cell in placement.cells.values())


# Labels that stand on the sheet more than once, though the form has them once.


def test_a_copy_of_a_label_is_not_taken_for_it_where_most_labels_moved_alike() -> None:
    grid = sheet("甲 . .", "题 . .", ". 男 女", "甲 1 2", "乙 3 4", "甲 5 6")
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2, "31": 3, "32": 4}


def test_a_copy_of_a_label_leaves_it_open_where_as_many_labels_moved_as_stayed() -> None:
    of = small("题 .", ". 数", "甲 *", "乙 *", "丙 *")
    grid = sheet("题 .", ". 数", ". .", "乙 9", "甲 1", "乙 2", "丙 3")
    assert read_from(of, grid) == {"21": 1, "41": 3}


def test_a_label_that_stands_twice_and_not_where_the_others_moved_is_open() -> None:
    grid = sheet("题 . .", ". 男 女", "丁 9 9", "甲 1 2", "乙 3 4", "甲 5 6")
    assert "21" not in read_from(PLAIN, grid)


def test_where_no_label_is_certain_nothing_is_read() -> None:
    grid = sheet("题 . .", ". 男 女", "甲 1 2", "乙 3 4")
    assert read_from(PLAIN, [*grid, *grid[:1], *grid[2:3], *grid[1:2], *grid[3:]][1:]) == {}


# Words that the form prints more than once, without a head over them.

ALIKE = small("题 < <", ". 男 女", "甲 * *", "其他 * *", "乙 * *", "其他 * *")


def test_the_first_of_words_printed_twice_is_the_first() -> None:
    grid = sheet(". . .", "题 . .", ". 男 女", "甲 1 2", "其他 3 4", "乙 5 6", "其他 7 8")
    assert read_from(ALIKE, grid) == {"21": 1, "22": 2, "31": 3, "32": 4, "41": 5, "42": 6, "51": 7, "52": 8}


@pytest.mark.parametrize(
    "grid",
    [
        sheet("题 . .", ". 男 女", "乙 5 6", "其他 7 8", "甲 1 2", "其他 3 4"),  # rows in another order
        sheet("题 . .", ". 女 男", "甲 2 1", "其他 4 3", "乙 6 5", "其他 8 7"),  # columns in another order
        sheet("题 . . . .", ". 男 女 . .", "甲 1 2 乙 .", "其他 3 4 . .", "其他 7 8 . ."),  # two rows became one
        sheet("题 . .", "甲 男 女", "其他 3 4", "乙 5 6", "其他 7 8"),  # a row of its own no longer
        sheet("题 . .", ". 男 .", ". . 女", "甲 1 2", "其他 3 4", "乙 5 6", "其他 7 8"),  # one row became two
        sheet("题 . .", ". 男 女", "甲 1 2", "其他 3 4", "乙 5 6", "其他 7 8", "其他 9 9"),  # one too many
        sheet("题 . .", ". 男 女", "甲 1 2", "乙 5 6", "其他 7 8"),  # one too few
    ],
)
def test_words_printed_twice_are_open_where_the_order_is_not_the_form_s(grid: Grid) -> None:
    grid = [*sheet(". . ."), *grid]
    assert {key for key in read_from(ALIKE, grid) if key[0] in "35"} == set()


# Words that stand under each of several heads.

HEADS = small("题 . . . .", ". 复议 < 诉讼 <", ". 维持 总计 维持 总计", "件数 * * * *")


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        (sheet(". . . . .", "题 . . . .", ". 复议 . 诉讼 .", ". 维持 总计 维持 总计", "件数 1 2 3 4"), "1234"),
        (sheet("题 . . . .", ". 诉讼 . 复议 .", ". 维持 总计 维持 总计", "件数 3 4 1 2"), "1234"),
        (sheet("题 . . . .", ". 复议 . 诉讼 .", ". 总计 维持 总计 维持", "件数 2 1 4 3"), "1234"),
        (sheet("题 . . . . .", ". 复议 . . 诉讼 .", ". 维持 . 总计 维持 总计", "件数 1 . 2 3 4"), "1234"),
        (sheet("题 . . . .", ". 复议 . 诉讼 .", ". . . . .", ". 维持 总计 维持 总计", "件数 1 2 3 4"), "1234"),
        (sheet(". 题 . . . .", ". . 复议 . 诉讼 .", ". . 维持 总计 维持 总计", ". 件数 1 2 3 4"), "1234"),
    ],
    ids=["lower", "heads swapped", "ends swapped", "wider", "row between", "to the right"],
)
def test_words_under_a_head_go_with_it(grid: Grid, expected: str) -> None:
    assert read_from(HEADS, grid) == {f"3{at}": int(number) for at, number in enumerate(expected, start=1)}


def test_a_head_that_is_gone_or_reworded_proves_nothing_in_its_row() -> None:
    for head in ("复核", "."):
        grid = sheet("题 . . . .", f". {head} . 诉讼 .", ". 维持 总计 维持 总计", "件数 1 2 3 4")
        assert read_from(HEADS, grid) == {}


def test_the_nearest_words_under_a_head_count() -> None:
    above = sheet("题 . . . .", ". 复议 . 诉讼 .", ". 维持 总计 维持 总计", "件数 1 2 3 4", ". . . . .")
    below = sheet(". 维持 总计 维持 总计", ". 7 8 9 9")
    assert read_from(HEADS, [*sheet(". . . . ."), *above, *below]) == {"31": 1, "32": 2, "33": 3, "34": 4}


def test_words_twice_in_one_row_under_one_head_are_open() -> None:
    grid = sheet("题 . . . . .", ". 复议 . . 诉讼 .", ". 维持 维持 总计 维持 总计", "件数 1 9 2 3 4")
    assert read_from(HEADS, grid) == {"32": 2, "33": 3, "34": 4}


def test_words_left_of_every_head_or_above_it_are_under_none() -> None:
    grid = sheet("题 . . . .", "维持 . . . .", ". 复议 . 诉讼 .", ". 维持 总计 . 总计", "件数 1 2 3 4")
    assert read_from(HEADS, grid) == {"31": 1, "32": 2, "34": 4}


DOWN = small("题 . .", ". . 件数", "规章 制发 *", "^ 废止 *", "文件 制发 *", "^ 废止 *")


@pytest.mark.parametrize(
    "grid",
    [
        sheet(". . .", "题 . .", ". . 件数", "规章 制发 1", ". 废止 2", "文件 制发 3", ". 废止 4"),
        sheet("题 . .", ". . 件数", "文件 制发 3", ". 废止 4", "规章 制发 1", ". 废止 2"),
        sheet("题 . .", ". . 件数", "规章 废止 2", ". 制发 1", "文件 废止 4", ". 制发 3"),
        sheet("题 . . .", ". . . 件数", "规章 . 制发 1", ". . 废止 2", "文件 . 制发 3", ". . 废止 4"),
    ],
    ids=["lower", "heads swapped", "ends swapped", "column between"],
)
def test_words_beside_a_head_go_with_it(grid: Grid) -> None:
    assert read_from(DOWN, grid) == {"22": 1, "32": 2, "42": 3, "52": 4}


def test_a_head_at_the_side_that_is_gone_proves_nothing_in_its_column() -> None:
    assert read_from(DOWN, sheet("题 . .", ". . 件数", ". 制发 1", ". 废止 2", "文件 制发 3", ". 废止 4")) == {}


# Where a field stands to its labels.


def test_a_label_over_several_rows_counts_from_its_first() -> None:
    of = small("题 . .", ". 男 女", "甲 * *", "^ * *", "乙 * *")
    assert read_from(of, sheet("题 . .", ". 男 女", ". . .", "甲 1 2", ". 3 4", "乙 5 6")) == {
        "21": 1, "22": 2, "31": 3, "32": 4, "41": 5, "42": 6,
    }  # fmt: skip


def test_a_field_with_a_label_on_one_side_only_stands_beside_it() -> None:
    beside = small("题 .", "甲 *", "乙 *")
    assert read_from(beside, sheet(". 题 .", ". 甲 1", ". . .", ". 乙 2")) == {"11": 1, "21": 2}
    under = small("题 <", "男 女", "* *", "* *")
    assert read_from(under, sheet(". . .", ". 题 .", ". 男 女", ". 1 2", ". 3 4")) == {
        "20": 1, "21": 2, "30": 3, "31": 4,
    }  # fmt: skip


def test_the_inner_label_tells_the_row_and_the_lower_one_the_column() -> None:
    of = small("题 . . .", ". . 人 <", ". . 男 女", "申请 新收 * *", "^ 结转 * *")
    grid = sheet("题 . . .", ". . 人 .", ". . 女 男", "申请 结转 4 3", ". 新收 2 1")
    assert read_from(of, grid) == {"32": 1, "33": 2, "42": 3, "43": 4}


def test_fields_that_would_share_a_cell_are_not_read() -> None:
    assert read_from(PLAIN, sheet("题 . .", ". 男 .", ". 女 .", "甲 1 .", "乙 3 .")) == {}


def test_lines_of_unequal_length_are_read_as_far_as_they_go() -> None:
    grid = sheet("题", ". 男 女", "甲 1 2", "乙 3 4")
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2, "31": 3, "32": 4}
    assert text_at(grid, (0, 1)) == text_at(grid, (4, 0)) == text_at(grid, (-1, 0)) == text_at(grid, (0, -1)) == ""
    assert (text_at(grid, (0, 0)), text_at(grid, (2, 1)), text_at(grid, (3, 0))) == ("题", "", "乙")


def test_what_moved_is_told_with_where_it_is() -> None:
    placement = place_fields(PLAIN, sheet("题 . .", ". 男 女", "乙 3 4", "甲 1 2"))
    assert [(label.text, cell) for label, cell in placement.moved] == [("甲", (3, 0)), ("乙", (2, 0))]
    assert placement.altered == ()


@pytest.mark.parametrize(("row", "holds"), [(0, True), (9, True), (10, False)])
def test_a_title_counts_in_the_first_ten_rows_in_any_column(row: int, holds: bool) -> None:
    grid: Grid = [["", "", ""] for _ in range(12)]
    grid[row][2] = " 题 "
    assert holds_title(PLAIN, grid) is holds
    assert not holds_title(PLAIN, [["甲", 5.0, ""]])


def test_a_label_stands_where_it_is_asked_for_or_where_the_form_puts_it() -> None:
    title = PLAIN.title
    grid = sheet(". 题 .", ". . .")
    assert stands(grid, title, (0, 1))
    assert not stands(grid, title)
    assert not stands(grid, title, (0, 0))


def test_a_copy_of_a_label_is_not_taken_for_it_in_a_table_moved_to_the_right() -> None:
    grid = sheet("甲 . . . .", ". . 题 . .", ". . . 男 女", ". . 甲 1 2", ". . 乙 3 4")
    assert read_from(PLAIN, grid) == {"21": 1, "22": 2, "31": 3, "32": 4}


def test_words_end_at_the_next_head_and_not_at_the_last() -> None:
    of = small("题 . . . . . .", ". 复议 < 诉讼 < 仲裁 <", ". 维持 总计 维持 总计 维持 总计", "件数 * * * * * *")
    grid = sheet("题 . . . . . .", ". 复议 . 仲裁 . 诉讼 .", ". 维持 总计 维持 总计 维持 总计", "件数 1 2 5 6 3 4")
    assert read_from(of, grid) == {"31": 1, "32": 2, "33": 3, "34": 4, "35": 5, "36": 6}


def test_of_heads_within_heads_the_inner_one_tells() -> None:
    of = small(
        "题 . . .", ". . . 件数", "行政 规章 制发 *", "^ ^ 废止 *", "^ 文件 制发 *", "^ ^ 废止 *", "其他 公告 制发 *", "^ ^ 废止 *"
    )  # fmt: skip
    grid = sheet(
        "题 . . .", ". . . 件数", "行政 文件 制发 3", ". . 废止 4", ". 规章 制发 1", ". . 废止 2", "其他 公告 制发 5", ". . 废止 6"
    )  # fmt: skip
    assert read_from(of, grid) == {"23": 1, "33": 2, "43": 3, "53": 4, "63": 5, "73": 6}


def test_words_above_a_head_at_the_side_are_not_beside_it() -> None:
    of = small("题 . .", ". . 件数", ". 制发 *", "规章 制发 *", "^ 废止 *")
    grid = sheet(". . .", "题 . .", ". . 件数", ". 制发 1", "规章 制发 2", ". 废止 3")
    assert read_from(of, grid) == {"22": 1, "32": 2, "42": 3}


def test_a_table_that_does_not_begin_in_the_first_column_moves_like_others() -> None:
    beside = small(". 题 .", ". 甲 *", ". 乙 *")
    assert read_from(beside, sheet("题 .", "甲 1", ". .", "乙 2")) == {"12": 1, "22": 2}
    assert read_from(beside, sheet(". . . 题 .", ". . . 甲 1", ". . . 乙 2")) == {"12": 1, "22": 2}


def test_words_below_a_head_at_the_side_are_not_beside_it_and_leave_those_beside_it_open() -> None:
    of = small("题 . .", ". . 件数", "规章 制发 *", "^ 废止 *", ". 制发 *")
    grid = sheet(". . .", "题 . .", ". . 件数", "规章 制发 1", ". 废止 2", ". 制发 3")
    assert read_from(of, grid) == {"32": 2, "42": 3}


def test_one_of_words_printed_twice_reworded_says_nothing_of_the_other() -> None:
    grid = sheet(". . .", "题 . .", ". 男 女", "甲 1 2", "另外 3 4", "乙 5 6", "其他 7 8")
    placement = place_fields(ALIKE, grid)
    assert read_from(ALIKE, grid) == {"21": 1, "22": 2, "31": 3, "32": 4, "41": 5, "42": 6, "51": 7, "52": 8}
    assert [(each.label.text, each.cell, each.found) for each in placement.altered] == [("其他", (4, 0), "另外")]


def test_words_in_their_place_are_never_called_altered() -> None:
    """Also where they prove nothing, since a row was put in besides."""
    grid = sheet("题 . .", ". 男 女", "甲 1 2", "另外 3 4", ". . .", "乙 5 6", "其他 7 8")
    assert all(each.found != each.label.text for each in place_fields(ALIKE, grid).altered)


@pytest.mark.parametrize("year", ["（2025）", "(2025)", "（2025年）", "〔2025〕", "[2025年度]"])
@pytest.mark.parametrize("key", TABLES)
def test_a_year_in_brackets_alters_no_label(key: str, year: str) -> None:
    grid, numbers = numbered(table(key))
    for each in table(key).labels:
        row, column = each.cell
        grid[row][column] = each.text[:2] + year + each.text[2:]
    placement = place_fields(table(key), grid)
    assert not told(placement)
    assert values_at(grid, placement.cells) == numbers


def test_another_number_in_brackets_alters_it() -> None:
    of = table("disclosure")
    grid, _ = numbered(of)
    row, column = label(of, "本年制发件数").cell
    grid[row][column] = "本年（12）制发件数"
    assert told(place_fields(of, grid))
