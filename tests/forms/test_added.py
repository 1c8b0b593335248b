"""Formulas that only add and subtract, and what is put together of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.forms.added import Addition, addition, repeated
from xlcheck.model.cells import Place, cell_name, parse_cell


def of(formula: str, cell: str = "Z9") -> Addition | None:
    return addition("表", parse_cell(cell), formula)


def named(places: tuple[Place, ...]) -> list[str]:
    return [
        cell_name(place.cell) if place.sheet == "表" else f"{place.sheet}!{cell_name(place.cell)}" for place in places
    ]


@pytest.mark.parametrize(
    ("formula", "parts", "less"),
    [
        ("SUM(A1:A3)", ["A1", "A2", "A3"], []),
        ("sum( $A$1 , b2:C2 )", ["A1", "B2", "C2"], []),
        ("A1+B1", ["A1", "B1"], []),
        ("+A1+B1-C1", ["A1", "B1"], ["C1"]),
        ("-C1+A1", ["A1"], ["C1"]),
        ("SUM(A1:A2)+C1-SUM(D1,E1)", ["A1", "A2", "C1"], ["D1", "E1"]),
        ("A1", ["A1"], []),
        ("'某 表'!A1+另表!B2", ["某 表!A1", "另表!B2"], []),
        ("'它''s'!A1", ["它's!A1"], []),
    ],
)
def test_what_is_added_is_found(formula: str, parts: list[str], less: list[str]) -> None:
    found = of(formula)
    assert found is not None
    assert (named(found.parts), named(found.less)) == (parts, less)


@pytest.mark.parametrize(
    "formula",
    [
        "", "1", "A1*2", "A1+1", "ROUND(A1,0)", "SUM(A1:A3", "SUM(A1)/2", "A1:A3", "A1 B1 +", "A1++B1", "-A1", "A1+A1", "SUM(A1:A2)+A2",
        "Z9+A1", "SUM(Z1:Z10)", "SUM()", "SUM(A1,)", "SUM(A1:XFD1048576)", "名称", "A0+B1", "ABCD1", "A1+SUM(B1:B2)*2", '"a"&A1', "+" * 5000, "SUM(" * 900,
    ],
)  # fmt: skip
def test_everything_else_is_no_addition(formula: str) -> None:
    assert of(formula) is None


@given(st.text(alphabet="SUM(),+-A1B2:!'$ *", max_size=30))
def test_no_formula_is_too_odd(formula: str) -> None:
    found = of(formula)
    assert found is None or found.parts


def test_the_same_down_and_across_is_put_together() -> None:
    down = [of(f"SUM({column}1:{column}3)", f"{column}4") for column in "BCD"]
    across = [of(f"B{row}+C{row}", f"D{row}") for row in (1, 2, 3)]
    lone = of("A1+B2", "C9")
    groups = repeated([one for one in (*down, *across, lone) if one is not None])
    assert [(group.along, len(group.additions)) for group in groups] == [(1, 3), (0, 3), (None, 1)]


def test_another_shape_is_another_group() -> None:
    found = [of("SUM(B1:B3)", "B4"), of("SUM(C1:C2)", "C4"), of("D1+D2-D3", "D4")]
    assert [len(group.additions) for group in repeated([one for one in found if one is not None])] == [1, 1, 1]
