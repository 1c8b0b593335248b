"""Adding up: the laws of sums, and what a total differs in from a published one."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import clean_values, form, submission_of, workbook
from xlcheck.checking.balance import evaluate_relation
from xlcheck.model.form import Form
from xlcheck.model.numbers import Number
from xlcheck.model.submission import BLANK, UNPROVED
from xlcheck.totals.sums import Contribution, LeftOut, Numbers, Total, add_up, differences, fits, numbers_of

COUNTS = st.integers(0, 999_999_999_999_999)
AMOUNTS = st.integers(0, 10**15 - 1).map(lambda fen: Decimal(fen).scaleb(-6))


def contribution(numbers: Numbers, unit: str = "甲局") -> Contribution:
    return Contribution(unit, "", f"{unit}.xlsx", True, numbers)


@st.composite
def submitted(draw: st.DrawFn, blanks: bool = True) -> Numbers:
    """Numbers of one unit: some field by field, the others from a few, so that drawing is quick."""
    few = draw(st.lists(COUNTS, min_size=1, max_size=4))
    amount: Number = draw(AMOUNTS)
    gap = draw(st.integers(2, 60)) if blanks else 10**6
    return tuple(
        None if at % gap == gap - 1 else amount if field.kind == "amount" else few[at % len(few)]
        for at, field in enumerate(form().fields)
    )


def balanced(of: Form, seed: int) -> dict[str, Number]:
    """A submission of random details whose totals fit."""
    rng = random.Random(seed)
    values: dict[str, Number] = {
        field.key: Decimal(rng.randrange(10**9)).scaleb(-6) if field.kind == "amount" else rng.randrange(1000)
        for field in of.fields
    }
    requests = next(table for table in of.tables if table.key == "requests")
    columns = list(dict.fromkeys(field.key.rpartition(".")[2] for field in requests.fields))
    rows = list(dict.fromkeys(field.key.split(".")[1] for field in requests.fields))
    *persons, _ = columns
    for column in persons:
        detail = [f"requests.{row}.{column}" for row in rows[2:-2]]
        values[f"requests.handled.{column}"] = sum(int(values[key]) for key in detail)
        needed = int(values[f"requests.handled.{column}"]) + int(values[f"requests.carried_out.{column}"])
        values[f"requests.received.{column}"] = needed
        values[f"requests.carried_in.{column}"] = 0
    for row in rows:
        values[f"requests.{row}.total"] = sum(int(values[f"requests.{row}.{column}"]) for column in persons)
    for group in ("review", "suit_direct", "suit_after_review"):
        parts = (values[f"disputes.{group}.{way}"] for way in ("upheld", "corrected", "other", "pending"))
        values[f"disputes.{group}.total"] = sum(map(int, parts))
    return values


@given(st.lists(submitted(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_total_is_the_exact_sum_in_whatever_order(units: list[Numbers], rng: random.Random) -> None:
    total = add_up(form(), 2025, map(contribution, units))
    for at, number in enumerate(total.sums):
        known = [Fraction(one[at]) for one in units if one[at] is not None]  # type: ignore[arg-type]
        assert (Fraction(number) if number is not None else None) == (sum(known) if known else None)
    shuffled = units[:]
    rng.shuffle(shuffled)
    assert add_up(form(), 2025, map(contribution, shuffled)).sums == total.sums


@given(st.lists(submitted(), min_size=2, max_size=6), st.integers(1, 5))
def test_totals_of_parts_add_up_to_the_total(units: list[Numbers], cut: int) -> None:
    parts = [add_up(form(), 2025, map(contribution, part)) for part in (units[:cut], units[cut:]) if part]
    assert (
        add_up(form(), 2025, (contribution(part.sums) for part in parts)).sums
        == add_up(form(), 2025, map(contribution, units)).sums
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_a_total_of_balanced_submissions_is_balanced(seeds: list[int]) -> None:
    units = [balanced(form(), seed) for seed in seeds]
    total = add_up(form(), 2025, (contribution(numbers_of(form(), values)) for values in units))
    for values in (*units, total.values):
        assert {evaluate_relation(relation, values, ())[0].status for relation in form().relations} == {"passed"}


def test_where_nobody_gave_a_number_there_is_none() -> None:
    nothing: Numbers = (None,) * len(form().fields)
    one: Numbers = (*nothing[:-1], 3)
    assert add_up(form(), 2025, []).values == {}
    total = add_up(form(), 2025, [contribution(nothing), contribution(one)])
    assert total.values == {form().fields[-1].key: 3}
    assert [each.gaps for each in total.contributions] == [200, 199]


def test_amounts_are_not_floats() -> None:
    values = [{**clean_values(), "disclosure.fees.amount": Decimal(text)} for text in ("0.1", "0.2")]
    total = add_up(form(), 2025, (contribution(numbers_of(form(), one)) for one in values))  # type: ignore[arg-type]
    assert total.values["disclosure.fees.amount"] == Decimal("0.3")


@pytest.mark.parametrize(
    ("number", "right"),
    [
        (999_999_999_999_999, True),
        (10**15, False),
        (10**14, True),
        (Decimal("123456789.123456"), True),
        (Decimal("1234567890.123456"), False),
        (Decimal("12345678901.000001"), False),
        (Decimal("1234567890.120000"), True),
        (0, True),
    ],
)
def test_sums_beyond_fifteen_digits_are_known(number: Number, right: bool) -> None:
    assert fits(number) is right
    if right:
        assert Decimal(repr(float(number))) == number


# --- comparing -------------------------------------------------------------------------------------------------------


def total_of(*units: dict[str, Number]) -> Total:
    return add_up(form(), 2025, (contribution(numbers_of(form(), values)) for values in units))


def clean_numbers() -> dict[str, Number]:
    return {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in clean_values().items()}  # type: ignore[misc]


def test_a_workbook_that_holds_the_sums_does_not_differ() -> None:
    assert differences(total_of(clean_numbers()), submission_of(workbook())) == ()


def test_a_number_kept_as_text_is_the_same_number() -> None:
    assert differences(total_of(clean_numbers()), submission_of(workbook(requests__received__person="6"))) == ()


def test_each_difference_is_exact_and_says_where() -> None:
    published = submission_of(
        workbook(
            disclosure__fees__amount=12.3,
            requests__received__person=8,
            requests__granted__person="",
            requests__handled__person="无",
        )
    )
    found = differences(total_of(clean_numbers()), published)
    assert [(one.field.key, one.published, one.computed, one.gap) for one in found] == [
        ("disclosure.fees.amount", Decimal("12.3"), Decimal("12.5"), Decimal("-0.2")),
        ("requests.received.person", 8, 6, 2),
        ("requests.granted.person", None, 1, None),
        ("requests.handled.person", None, 6, None),
    ]
    assert [one.held for one in found] == [12.3, 8, BLANK, "无"]
    assert found[1].place is not None
    assert found[1].place.address == "依申请公开!D5"


@given(st.sets(st.sampled_from([field.key for field in form().fields if field.kind == "count"]), max_size=12))
def test_exactly_the_changed_fields_differ(changed: set[str]) -> None:
    values = clean_numbers()
    published = submission_of(workbook({**clean_values(), **{key: int(values[key]) + 1 for key in changed}}))
    assert {one.field.key for one in differences(total_of(values), published)} == changed


# --- borders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "right"),
    [(10**15 - 1, True), (-(10**15) + 1, True), (10**15, False), (-(10**15), False), (2 * 10**15, False), (Decimal("0.000001"), True),
     (Decimal("99999999999999.95"), False), (123_456_789_012_345_678, False)],
)  # fmt: skip
def test_a_sum_of_fifteen_digits_is_the_largest(number: Number, right: bool) -> None:
    assert fits(number) is right


def test_sums_that_no_spreadsheet_holds_are_named() -> None:
    total = total_of({**clean_numbers(), "requests.received.total": 10**15 - 1}, {"requests.received.total": 1})
    assert [(field.key, number) for field, number in total.too_long] == [("requests.received.total", 10**15)]
    assert total_of(clean_numbers()).too_long == ()


def test_a_total_knows_its_year_its_units_and_who_is_not_in_it() -> None:
    left = LeftOut("乙局", "", "乙.xlsx", "不通过")
    total = add_up(form(), 2024, iter([contribution(numbers_of(form(), {}))]), iter([left]))
    assert (total.form, total.year, total.left_out) == (form(), 2024, (left,))
    assert [each.unit for each in total.contributions] == ["甲局"]
    assert add_up(form(), 2024, []).left_out == ()
    assert left.advice == ""


def test_a_sum_of_one_unit_only_is_that_unit_s_number() -> None:
    total = total_of({"disputes.review.total": 3}, {})
    assert total.values == {"disputes.review.total": 3}
    assert set(total.sums) == {3, None}


def test_a_published_number_that_nobody_gave_differs_and_has_no_gap() -> None:
    values = clean_numbers()
    del values["requests.received.person"]
    (found,) = differences(total_of(values), submission_of(workbook()))
    assert (found.field.key, found.published, found.computed, found.gap) == ("requests.received.person", 6, None, None)


def test_a_zero_is_a_number() -> None:
    values = {**clean_numbers(), "requests.received.person": 0}
    (found,) = differences(total_of(values), submission_of(workbook()))
    assert (found.computed, found.gap) == (0, 6)
    assert total_of({"disputes.review.total": 0}).values == {"disputes.review.total": 0}


def test_a_field_whose_labels_prove_no_cell_differs_without_a_place() -> None:
    published = submission_of(workbook())
    key = "requests.received.person"
    held = {**published.held, key: UNPROVED}
    places = {other: place for other, place in published.places.items() if other != key}
    (found,) = differences(total_of(clean_numbers()), published._replace(held=held, places=places))
    assert (found.field.key, found.place, found.held, found.published) == (key, None, UNPROVED, None)


def test_shares_without_all_numbers_count_their_gaps() -> None:
    assert contribution((1, None, Decimal("0.5"), None)).gaps == 2


def test_a_field_without_a_number_is_not_too_long() -> None:
    total = total_of({"requests.received.total": 10**15 - 1}, {"requests.received.total": 1})
    assert [(field.key, number) for field, number in total.too_long] == [("requests.received.total", 10**15)]


def test_numbers_of_another_form_are_never_added_or_compared() -> None:
    short = Total(form(), 2025, (), (), (1, 2))
    with pytest.raises(ValueError, match="zip"):
        add_up(form(), 2025, [contribution((1, 2)), contribution((1, 2, 3))])
    for ask in (lambda: short.values, lambda: short.too_long, lambda: differences(short, submission_of(workbook()))):
        with pytest.raises(ValueError, match="zip"):
            ask()
