"""Relations and counts as Excel formulas, and what they come to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import clean_values, form
from xlcheck.drawing import formulas
from xlcheck.model.cells import Cell

CELLS = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1)


def inside(rectangle: tuple[Cell, Cell]) -> set[Cell]:
    (top, left), (bottom, right) = rectangle
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


@given(CELLS)
def test_rectangles_cover_the_cells_exactly_and_once(cells: set[Cell]) -> None:
    covered = [cell for rectangle in formulas.rectangles(cells) for cell in inside(rectangle)]
    assert sorted(covered) == sorted(cells)


def test_references_leave_out_the_home_sheet() -> None:
    assert formulas.reference("表", (4, 3)) == "'表'!$D$5"
    assert formulas.reference("表", (4, 3), (5, 3), "表") == "$D$5:$D$6"


@pytest.mark.parametrize("number", range(len(form().relations)))
def test_every_operand_of_a_relation_stands_once_on_its_side(number: int) -> None:
    relation = form().relations[number]
    left, right = re.fullmatch(r"ROUND\(SUM\((.*)\)-SUM\((.*)\),6\)", formulas.difference(relation)).groups()  # type: ignore[union-attr]
    for side, fields in ((left, relation.left_fields), (right, relation.right_fields)):
        assert sorted(_cells(side)) == sorted((field.sheet, field.cell) for field in fields)


def _cells(text: str) -> list[tuple[str, Cell]]:
    from xlcheck.model.cells import parse_cell

    found = []
    for sheet, first, last in re.findall(r"'([^']+)'!(\$[A-Z]+\$\d+)(?::(\$[A-Z]+\$\d+))?", text):
        a, b = parse_cell(first.replace("$", "")), parse_cell((last or first).replace("$", ""))
        found += [(sheet, cell) for cell in inside((a, b))]
    return found


def live(**changes: Any) -> formulas.Live:
    cover = {"unit": "某局", "year": "2025"}
    return formulas.live(
        form(), cover, {**clean_values(), **{key.replace("__", "."): value for key, value in changes.items()}}
    )


def test_a_clean_form_is_done() -> None:
    assert live().status == formulas.DONE


def test_an_empty_form_counts_what_is_missing() -> None:
    empty = formulas.live(form(), {}, {})
    assert (empty.blank_entries, empty.blank, empty.unfit, sum(empty.broken.values())) == (2, 200, 0, 0)
    assert empty.status == "封面还有 2 项未填"


def test_blanks_come_before_what_is_unfit_and_what_is_broken() -> None:
    assert live(disclosure__regulations__issued="", requests__received__person=7).status == "还有 1 格未填"
    assert live(disclosure__regulations__issued="无", requests__received__person=7).status == "有 1 格填写不符合要求"
    assert live(requests__received__person=7).status == "有 2 处勾稽关系不平衡"


@pytest.mark.parametrize(("value", "unfit"), [(-1, 1), (2.5, 1), ("5", 1), ("无", 1), (5, 0), (0, 0)])
def test_what_is_unfit_for_a_count(value: Any, unfit: int) -> None:
    assert live(disclosure__regulations__issued=value).unfit == unfit


@pytest.mark.parametrize(("value", "unfit"), [(-1, 1), (2.5, 0), ("5", 1), (0.000001, 0)])
def test_what_is_unfit_for_an_amount(value: Any, unfit: int) -> None:
    assert live(disclosure__fees__amount=value).unfit == unfit


def test_only_functions_that_every_program_has() -> None:
    texts = [formulas.difference(r) + formulas.broken(r) for r in form().relations]
    texts += [
        formulas.count_blank(form().fields),
        formulas.count_unfit(form().fields),
        formulas.status("A1", "A2", "A3", "A4"),
    ]
    texts += [formulas.unfit(field) for field in form().fields]
    known = {
        "ROUND",
        "SUM",
        "IF",
        "COUNT",
        "COUNTBLANK",
        "COLUMNS",
        "ROWS",
        "COUNTA",
        "COUNTIF",
        "SUMPRODUCT",
        "ISNUMBER",
        "ISERROR",
        "FIND",
        "AND",
        "OR",
        "INT",
    }
    assert {name for text in texts for name in re.findall(r"([A-Z]+)\(", text)} <= known


def test_no_formula_is_longer_than_excel_takes() -> None:
    assert all(len(formulas.broken(r)) < 8192 for r in form().relations)
    for code in {r.code for r in form().relations}:
        assert len(formulas.count_broken([r for r in form().relations if r.code == code])) < 8192
