"""Relations with and without gaps: passed, failed or not evaluated; never balanced by a guess."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.checking.balance import Forced, evaluate_relation
from xlcheck.model.form import Field, FieldKind, Relation, Term
from xlcheck.model.numbers import Number


def field(key: str, kind: FieldKind = "count") -> Field:
    return Field(key, kind, "t", "表", (0, 0), (0, 0), (key,), ())


def relation(left: str, right: str, kind: FieldKind = "count") -> Relation:
    """``relation("a b", "c")`` is a + b = c."""
    sides = [tuple(Term(key, (field(key, kind),)) for key in side.split()) for side in (left, right)]
    return Relation("B101", "", sides[0], sides[1])


def status(of: Relation, values: Mapping[str, Number], blank: str = "") -> str:
    return evaluate_relation(of, values, set(blank.split()))[0].status


def forced(of: Relation, values: Mapping[str, Number], blank: str) -> dict[str, Number]:
    return {one.key: one.value for one in evaluate_relation(of, values, set(blank.split()))[1]}


SUM = relation("a b", "c d")


def test_equal_sides_pass() -> None:
    assert status(SUM, {"a": 1, "b": 2, "c": 3, "d": 0}) == "passed"


def test_unequal_sides_fail() -> None:
    assert status(SUM, {"a": 1, "b": 2, "c": 3, "d": 1}) == "failed"


def test_the_outcome_names_all_operands() -> None:
    outcome, _ = evaluate_relation(SUM, {"a": 1, "b": 2, "c": 3, "d": 1}, ())
    assert outcome.fields == ("a", "b", "c", "d")


def test_one_blank_that_only_one_number_fills_is_forced_and_not_evaluated() -> None:
    assert status(SUM, {"a": 1, "b": 2, "c": 1}, "d") == "not_evaluated"
    assert forced(SUM, {"a": 1, "b": 2, "c": 1}, "d") == {"d": 2}


def test_one_blank_that_no_number_fills_fails() -> None:
    assert status(SUM, {"a": 1, "b": 2, "c": 4}, "d") == "failed"
    assert forced(SUM, {"a": 1, "b": 2, "c": 4}, "d") == {}


def test_two_blanks_on_one_side_with_nothing_left_are_both_zero() -> None:
    assert forced(SUM, {"a": 3, "b": 0}, "c d") == {}
    assert forced(SUM, {"a": 0, "b": 0}, "c d") == {"c": 0, "d": 0}
    assert status(SUM, {"a": 0, "b": 0}, "c d") == "not_evaluated"


def test_blanks_on_both_sides_tell_nothing() -> None:
    assert evaluate_relation(SUM, {"a": 3, "c": 9}, {"b", "d"})[1] == ()
    assert status(SUM, {"a": 3, "c": 9}, "b d") == "not_evaluated"


def test_all_blank_is_not_evaluated() -> None:
    assert status(SUM, {}, "a b c d") == "not_evaluated"


def test_a_relation_with_an_unreadable_operand_is_never_evaluated() -> None:
    for values in ({"a": 1, "b": 2, "c": 4}, {"a": 1, "b": 2, "c": 3}, {"c": 5}, {}):
        outcome, _ = evaluate_relation(SUM, values, {"b"} - set(values))
        assert outcome.status == "not_evaluated"
        assert "读不出" in outcome.reason


def test_only_a_single_gap_tells_what_the_unreadable_number_must_be() -> None:
    (only,) = evaluate_relation(SUM, {"a": 7, "b": 2, "c": 4}, ())[1]
    assert (only.key, only.value) == ("d", 5)
    assert evaluate_relation(SUM, {"c": 5}, {"b"})[1] == ()
    assert evaluate_relation(SUM, {"a": 1, "b": 0, "c": 4}, ())[1] == (), "no number ≥ 0 makes it hold"


def test_a_count_is_not_forced_to_a_fraction() -> None:
    assert status(SUM, {"a": Decimal("2.5"), "b": 0, "c": 0}, "d") == "failed"


def test_a_blank_amount_may_be_a_fraction() -> None:
    amounts = relation("a", "b", "amount")
    assert forced(amounts, {"a": Decimal("2.5")}, "b") == {"b": Decimal("2.5")}


def test_a_negative_number_is_an_operand_like_others() -> None:
    assert status(SUM, {"a": -1, "b": 1, "c": 0, "d": 0}) == "passed"
    assert status(relation("a", "b"), {"a": -1}, "b") == "failed"


def test_amounts_are_added_exactly() -> None:
    amounts = relation("a b", "c", "amount")
    assert status(amounts, {"a": Decimal("0.1"), "b": Decimal("0.2"), "c": Decimal("0.3")}) == "passed"
    assert status(amounts, {"a": Decimal("0.1"), "b": Decimal("0.2"), "c": Decimal("0.300001")}) == "failed"


def test_huge_amounts_are_added_exactly() -> None:
    amounts = relation("a b", "c", "amount")
    huge = Decimal("1" + "0" * 35)
    assert status(amounts, {"a": huge, "b": Decimal("0.1"), "c": huge}) == "failed"


def test_the_reason_names_the_blank() -> None:
    assert "“d”" in evaluate_relation(SUM, {"a": 1, "b": 2, "c": 1}, {"d"})[0].reason


# --- laws ------------------------------------------------------------------------------------------------------------

SMALL = st.integers(-1, 4)


@given(st.dictionaries(st.sampled_from("abcd"), SMALL), st.booleans())
def test_blanks_are_reasoned_about_as_trying_all_numbers_would(values: dict[str, int], amounts: bool) -> None:
    """Counts up to 9 are enough: no operand is above 4, and three are never more than 9."""
    of = relation("a b", "c d", "amount" if amounts else "count")
    blanks = [key for key in "abcd" if key not in values]
    if len(blanks) == 4 or (amounts and len(blanks) > 1):
        return  # infinitely many fractions
    fillings = [
        dict(zip(blanks, numbers, strict=True))
        for numbers in product(range(10), repeat=len(blanks))
        if _holds({**values, **dict(zip(blanks, numbers, strict=True))})
    ]
    outcome, only = evaluate_relation(of, values, set(blanks))
    if not fillings:
        assert outcome.status == "failed"
    elif not blanks:
        assert outcome.status == "passed"
    else:
        assert outcome.status == "not_evaluated"
    single = {key: fillings[0][key] for key in blanks if fillings and len({filling[key] for filling in fillings}) == 1}
    both_sides = bool(set(blanks) & set("ab")) and bool(set(blanks) & set("cd"))
    if not both_sides:
        assert {one.key: one.value for one in only} == single


def _holds(values: Mapping[str, int]) -> bool:
    return values["a"] + values["b"] == values["c"] + values["d"]


@given(st.lists(st.integers(0, 10**14), min_size=2, max_size=2), st.integers(0, 10**14))
def test_a_forced_number_makes_the_relation_hold(known: list[int], c: int) -> None:
    values: dict[str, Number] = {"a": known[0], "b": known[1], "c": c}
    for one in evaluate_relation(SUM, values, {"d"})[1]:
        assert isinstance(one, Forced)
        assert status(SUM, {**values, one.key: one.value}) == "passed"


@pytest.mark.parametrize("key", "abcd")
@given(st.lists(SMALL.filter(lambda n: n >= 0), min_size=4, max_size=4))
def test_a_relation_with_a_gap_never_passes(key: str, numbers: list[int]) -> None:
    values = dict(zip("abcd", numbers, strict=True))
    del values[key]
    assert status(SUM, values, key) != "passed"
    assert status(SUM, values) == "not_evaluated"


# --- borders ---------------------------------------------------------------------------------------------------------


KINDS: Mapping[str, FieldKind] = {"b": "count", "c": "amount"}


def test_a_blank_count_beside_a_blank_amount_may_leave_a_fraction_to_the_amount() -> None:
    mixed = Relation(
        "B101",
        "",
        (Term("a", (field("a", "amount"),)),),
        tuple(Term(key, (field(key, kind),)) for key, kind in KINDS.items()),
    )
    assert status(mixed, {"a": Decimal("2.5")}, "b c") == "not_evaluated"
    assert status(mixed, {"a": Decimal("2.5"), "c": Decimal(1)}, "b") == "failed"
    assert forced(mixed, {"a": Decimal("2.5"), "b": 2}, "c") == {"c": Decimal("0.5")}


def test_a_forced_count_is_whole_even_where_its_fellows_are_not() -> None:
    (one,) = evaluate_relation(SUM, {"a": Decimal("2.5"), "b": Decimal("0.5"), "c": 1}, {"d"})[1]
    assert (one.value, type(one.value)) == (2, int)


@pytest.mark.parametrize("sides", [("a", "b c"), ("b c", "a")])
def test_whole_and_fractional_sides_are_compared_exactly(sides: tuple[str, str]) -> None:
    amounts = relation(*sides, "amount")
    huge = 10**35
    assert status(amounts, {"a": huge, "b": Decimal(huge), "c": Decimal("0.1")}) == "failed"
    assert status(amounts, {"a": huge, "b": Decimal(huge), "c": Decimal("0.0")}) == "passed"


@pytest.mark.parametrize(
    ("values", "blank", "reason"),
    [
        ({"a": 1, "b": 2, "c": 1}, "d", "“d”空着"),
        ({"a": 3, "b": 2}, "c d", "“c”等 2 格空着"),
        ({"b": 3}, "a c d", "“a”等 3 格空着"),
        ({"a": 1, "b": 2, "c": 1}, "", "“d”读不出数"),
        ({"a": 1}, "b", "“c”读不出数等 2 格"),
    ],
)
def test_an_open_relation_says_what_it_waits_for(values: dict[str, Number], blank: str, reason: str) -> None:
    assert evaluate_relation(SUM, values, set(blank.split()))[0].reason == reason


CHANGE = Relation(
    "B101",
    "",
    (Term("a", (field("a"),)), Term("b", (field("b", "change"),))),
    (Term("c", (field("c"),)),),
)


def test_a_blank_change_may_be_below_zero() -> None:
    assert status(CHANGE, {"a": 5, "c": 3}, "b") == "not_evaluated"
    assert forced(CHANGE, {"a": 5, "c": 3}, "b") == {"b": -2}
    assert forced(CHANGE, {"b": -2, "c": 3}, "a") == {"a": 5}
    assert status(CHANGE, {"b": -2, "a": 1}, "c") == "failed"
    assert evaluate_relation(CHANGE, {"a": 5, "c": 3}, ())[1] == (Forced("b", -2, CHANGE),)


def test_with_a_change_nothing_left_forces_no_zeros() -> None:
    assert forced(CHANGE, {"c": 0}, "a b") == {}
    assert status(CHANGE, {"c": 0}, "a b") == "not_evaluated"


def test_a_change_is_whole() -> None:
    assert status(CHANGE, {"a": Decimal("2.5"), "c": 3}, "b") == "failed"
    assert evaluate_relation(CHANGE, {"a": Decimal("2.5"), "c": 3}, ())[1] == ()
