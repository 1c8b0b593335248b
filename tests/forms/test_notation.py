"""The notation of relations: what it means, and what it refuses."""

from __future__ import annotations

import pytest

from xlcheck.forms.notation import InvalidRelation, expand, parse, sum_set


def test_a_relation_has_two_sides_of_terms() -> None:
    line = parse("t.a.x + t.b.x = t.c.x+t.d.x")
    assert (line.left, line.right, line.each) == (("t.a.x", "t.b.x"), ("t.c.x", "t.d.x"), None)


def test_a_set_in_braces_gives_one_relation_a_member() -> None:
    line = parse("t.a.{party} = t.b.{party}")
    assert line.each == "party"
    assert [expand(term, "person", {}) for term in line.terms] == [("t.a.person",), ("t.b.person",)]


def test_a_set_in_brackets_is_a_sum() -> None:
    line = parse("t.a.x = t.[rows].x")
    assert sum_set(line.right[0]) == "rows"
    assert expand(line.right[0], None, {"rows": ("b", "c")}) == ("t.b.x", "t.c.x")


def test_both_kinds_of_sets_in_one_term() -> None:
    line = parse("t.a.{party} = t.[rows].{party}")
    assert expand(line.right[0], "x", {"rows": ("b", "c")}) == ("t.b.x", "t.c.x")


@pytest.mark.parametrize(
    "text",
    ["", "=", "t.a.x =", "= t.a.x", "t.a.x", "t.a.x = ", " = t.a.x", "t.a.x = t.b.x = t.c.x", "t.a.x == t.b.x", "t.a.x + = t.b.x", "t.a = t.b", "t.a.x.y = t.b.x", "T.a.x = t.b.x",
     "t.a.x = 3", "t.a.x - t.b.x = t.c.x", "t.a.x * 2 = t.c.x", "t.a.{p} = t.b.x", "t.a.{p} = t.b.{q}", "t.[a].[b] = t.c.x", "t.a.{p = t.b.{p}", "t.甲.x = t.b.x",
     "t.a.x = t.b.x; import os", "__import__('os') = t.a.x", "t.a.x = t.b.x\nt.c.x = t.d.x", "{t}.a.x = t.b.x", "t.a.x => t.b.x = t.c.x"],
)  # fmt: skip
def test_what_is_no_relation_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(InvalidRelation, match=r"."):
        parse(text)


def test_a_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidRelation, match="rows"):
        expand("t.[rows].x", None, {})
