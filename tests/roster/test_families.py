"""Units and those above them."""

from __future__ import annotations

import pytest

from xlcheck.roster.families import alone, families
from xlcheck.roster.units import InvalidUnits, Unit


def below(*pairs: tuple[str, str]) -> dict[str, list[str]]:
    units = tuple(Unit(name, parent=parent) for name, parent in pairs)
    return {family.head.name: [unit.name for unit in family.members] for family in families(units)}


def test_each_head_has_all_below_it_at_any_depth() -> None:
    assert below(("市", ""), ("县", "市"), ("乡", "县"), ("局", "市")) == {
        "市": ["市", "县", "乡", "局"],
        "县": ["县", "乡"],
    }


def test_a_head_may_be_named_by_code_or_by_name_in_whatever_spelling() -> None:
    units = (Unit("某 市", "X1"), Unit("甲", parent="x1"), Unit("乙", parent="某市"))
    (family,) = families(units)
    assert (family.head.code, len(family.members)) == ("X1", 3)


def test_a_head_that_is_not_listed_has_a_family_all_the_same() -> None:
    assert below(("甲", "某省"), ("乙", "某 省"), ("丙", "甲")) == {"甲": ["甲", "丙"], "某省": ["甲", "乙", "丙"]}


def test_without_parents_there_are_no_families() -> None:
    assert below(("甲", ""), ("乙", "")) == {}


def test_who_is_in_none() -> None:
    units = (Unit("甲"), Unit("乙", parent="丙"), Unit("丁"))
    assert [unit.name for unit in alone(units, families(units))] == ["甲", "丁"]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ((("甲", "甲"),), "“甲” → “甲”"),
        ((("甲", "乙"), ("乙", "丙"), ("丙", "乙")), "“乙” → “丙” → “乙”"),
    ],
)
def test_a_circle_is_told(pairs: tuple[tuple[str, str], ...], said: str) -> None:
    with pytest.raises(InvalidUnits, match="上级单位成了循环") as told:
        below(*pairs)
    assert said in str(told.value)
