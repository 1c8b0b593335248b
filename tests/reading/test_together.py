"""Several tables on one worksheet, as published reports print them."""

from __future__ import annotations

import itertools

import pytest

from tests.making.filling import clean_values, form, submission_of, workbook
from tests.making.grids import Grid, book_of, grids_of

TITLES = [table.sheet for table in form().tables]


def joined(order: list[str], sheet: str = "报表", apart: int = 0) -> bytes:
    """The filled form with the tables of these sheets one below the other on one."""
    grids = grids_of(workbook())
    rows: Grid = []
    for title in order:
        rows += [list(row) for row in grids.pop(title)] + [[] for _ in range(apart)]
    return book_of({**grids, sheet: rows})


@pytest.mark.parametrize("order", [*itertools.permutations(TITLES)])
@pytest.mark.parametrize("apart", [0, 3])
def test_all_tables_on_one_sheet_are_read(order: tuple[str, ...], apart: int) -> None:
    submission = submission_of(joined([*order], apart=apart))
    assert {key: float(str(value)) for key, value in submission.held.items()} == {
        key: float(str(value)) for key, value in clean_values().items()
    }
    (finding,) = submission.structure
    assert finding.code == "S101"
    assert "3 张表在同一张工作表“报表”上" in finding.message


@pytest.mark.parametrize("pair", [*itertools.combinations(TITLES, 2)])
def test_two_of_them_may_share_the_sheet_of_one(pair: tuple[str, str]) -> None:
    submission = submission_of(joined([*pair], sheet=pair[0]))
    assert not [key for key in form().by_key if key not in submission.places]
    assert [finding.code for finding in submission.structure] == ["S101"]
    assert submission.held == submission_of(workbook()).held


def test_a_table_that_is_there_twice_is_not_read() -> None:
    submission = submission_of(twice())
    assert all(key not in submission.places for key in form().by_key if key.startswith("requests."))
    assert "S101" in {finding.code for finding in submission.structure}


def twice() -> bytes:
    """All tables on one sheet, the second once more."""
    grids = grids_of(workbook())
    rows = [list(row) for title in [*TITLES, TITLES[1]] for row in grids[title]]
    return book_of({"封面": grids["封面"], "报表": rows})
