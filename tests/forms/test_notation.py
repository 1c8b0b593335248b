"""The notation of relations: what it means, and what it refuses."""

from __future__ import annotations

import pytest

from xlcheck.forms.notation import InvalidRelation, expand, parse_line, sum_set


def test_a_relation_has_two_sides_of_terms() -> None:
    line = parse_line("t.a.x + t.b.x = t.c.x+t.d.x")
    assert (line.left, line.right, line.each) == (("t.a.x", "t.b.x"), ("t.c.x", "t.d.x"), None)


def test_a_set_in_braces_gives_one_relation_a_member() -> None:
    line = parse_line("t.a.{party} = t.b.{party}")
    assert line.each == "party"
    assert [expand(term, "person", {}) for term in line.terms] == [("t.a.person",), ("t.b.person",)]


def test_a_set_in_brackets_is_a_sum() -> None:
    line = parse_line("t.a.x = t.[rows].x")
    assert sum_set(line.right[0]) == "rows"
    assert expand(line.right[0], None, {"rows": ("b", "c")}) == ("t.b.x", "t.c.x")


def test_both_kinds_of_sets_in_one_term() -> None:
    line = parse_line("t.a.{party} = t.[rows].{party}")
    assert expand(line.right[0], "x", {"rows": ("b", "c")}) == ("t.b.x", "t.c.x")


@pytest.mark.parametrize(
    "text",
    ["", "=", "t.a.x =", "= t.a.x", "t.a.x", "t.a.x = ", " = t.a.x", "t.a.x = t.b.x = t.c.x", "t.a.x == t.b.x", "t.a.x + = t.b.x", "t.a = t.b", "t.a.x.y = t.b.x", "T.a.x = t.b.x",
     "t.a.x = 3", "t.a.x - t.b.x = t.c.x", "t.a.x * 2 = t.c.x", "t.a.{p} = t.b.x", "t.a.{p} = t.b.{q}", "t.[a].[b] = t.c.x", "t.a.{p = t.b.{p}", "t.甲.x = t.b.x",
     "t.a.x = t.b.x; import os", "__import__('os') = t.a.x", "t.a.x = t.b.x\nt.c.x = t.d.x", "{t}.a.x = t.b.x", "t.a.x => t.b.x = t.c.x"],
)  # fmt: skip
def test_what_is_no_relation_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(InvalidRelation, match=r"."):
        parse_line(text)


def test_a_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidRelation, match="rows"):
        expand("t.[rows].x", None, {})


@pytest.mark.parametrize(
    ("text", "kind", "left", "right"),
    [
        ("t.a.x + t.b.x = t.c.x", "equal", ("t.a.x", "t.b.x"), ("t.c.x",)),
        ("t.a.x <= t.b.x + prior.t.b.x", "at_most", ("t.a.x",), ("t.b.x", "prior.t.b.x")),
        ("t.a.x => t.b.x", "implies", ("t.a.x",), ("t.b.x",)),
        (" nonzero ", "nonzero", (), ()),
        (" repeated ", "repeated", (), ()),
        ("yuan t.a.x", "yuan", ("t.a.x",), ()),
        ("yuan t.a.x per t.b.x + t.c.x", "yuan", ("t.a.x",), ("t.b.x", "t.c.x")),
        (" jump  t.a.x ", "jump", ("t.a.x",), ()),
        ("swing t.a.x", "swing", ("t.a.x",), ()),
    ],
)
def test_each_kind_of_line(text: str, kind: str, left: tuple[str, ...], right: tuple[str, ...]) -> None:
    assert parse_line(text) == (kind, left, right, None)
    assert parse_line(text).terms == left + right


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("t.a.x", "exactly one"),
        ("t.a.x => t.b.x => t.c.x", "exactly one"),
        ("t.a.x = t.b.x <= t.c.x", "exactly one"),
        ("t.a.x = t.b", "not a term: 't.b'"),
        ("t.b = t.a.x", "not a term: 't.b'"),
        ("swing t.a", "not a term: 't.a'"),
        ("yuan", "not a term: ''"),
        ("yuan t.a.x per", "not a term"),
        ("swing t.a.x per t.b.x", "not a term"),
        ("repeated t.a.x", "exactly one"),
        ("t.[a].[b] = t.c.x", r"more than one \[set\] in 't.\[a\].\[b\]'"),
        ("t.c.x = t.[a].[b]", r"more than one \[set\] in"),
        ("t.a.{q} = t.b.{p}", "more than one {set} in a relation: p, q"),
        ("t.a.{p} = t.b.x", "must stand in every term"),
        ("t.b.x = t.a.{p}", "must stand in every term"),
        ("t.a.{p} + t.b.x = t.a.{p}", "must stand in every term"),
    ],
)
def test_the_reason_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(InvalidRelation, match=reason):
        parse_line(text)


def test_a_check_of_one_field_may_run_over_a_set() -> None:
    assert parse_line("swing t.a.{p}") == ("swing", ("t.a.{p}",), (), "p")


def test_last_year_s_term_names_the_same_field() -> None:
    assert expand("prior.t.a.x", None, {}) == ("t.a.x",)
    assert expand("prior.t.[rows].{p}", "y", {"rows": ("b", "c")}) == ("t.b.y", "t.c.y")
    assert sum_set("t.a.x") is None
