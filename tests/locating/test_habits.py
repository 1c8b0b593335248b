"""What people do to tables: one mistake that leaves many fields wrong, and what may be called certain of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.locating.test_locate import (
    BUSY,
    CLEAN,
    DETAILS,
    FORM,
    PARTIES,
    RELATED,
    ROWS,
    Values,
    changed,
    check,
    clean_tables,
    first,
    slow,
    table,
)
from xlcheck.locating.evidence import YearBefore
from xlcheck.locating.locate import Located, locate

GROUP = [f"disputes.review.{name}" for name in ("upheld", "corrected", "other", "pending", "total")]


def given_truth(causes: tuple[Located, ...], values: Values, clean: Values) -> bool:
    """Whether one explanation of the only cause is the whole truth."""
    truth = {key: clean[key] for key in clean if clean[key] != values[key]}
    (cause,) = causes
    return any({c.field: c.new for c in e.changes} == truth for e in cause.explanations)


def answer(values: Values, clean: Values) -> Located:
    """The only cause, if it keeps all laws and the truth is among what it gives."""
    causes = locate(FORM, values)
    check(causes, values)
    assert given_truth(causes, values, clean)
    return causes[0]


# What leaves the fields of a line wrong


def test_a_total_column_left_at_0_is_filled_in_and_nothing_is_erased() -> None:
    cause = answer({**BUSY, **{f"requests.{row}.total": 0 for row in ROWS}}, BUSY)
    assert cause.certain
    assert {c.field for c in cause.explanations[0].changes} == {
        f"requests.{r}.total" for r in ROWS if BUSY[f"requests.{r}.total"]
    }
    assert cause.explanations[0].mistakes == 1
    assert all("总计没有填" in c.reason for c in cause.explanations[0].changes)


def test_a_total_column_left_at_0_beside_one_column_of_numbers() -> None:
    cause = answer({**CLEAN, **{f"requests.{row}.total": 0 for row in ROWS}}, CLEAN)
    assert cause.certain
    assert all(c.new for c in cause.explanations[0].changes)


@pytest.mark.parametrize("party", ["person", "legal"])
def test_a_column_left_at_0(party: str) -> None:
    clean = table({"granted.person": 63, "refused_law.person": 7, "granted.legal": 12, "other_other.legal": 8})
    cause = answer({**clean, **{f"requests.{row}.{party}": 0 for row in ROWS}}, clean)
    assert not cause.certain
    assert "整列没有填" in cause.explanations[0].changes[0].reason


def test_a_row_left_at_0() -> None:
    clean = {**BUSY, **{f"requests.granted.{party}": 0 for party in PARTIES}}
    cause = answer(clean, BUSY)
    assert first([cause]) == {"granted.person": 63, "granted.business": 12}


def test_a_row_left_at_0_with_its_total_may_be_any_row() -> None:
    cause = answer({**BUSY, **{f"requests.granted.{party}": 0 for party in (*PARTIES, "total")}}, BUSY)
    assert not cause.certain
    assert len(cause.explanations) > 5


def test_a_column_one_row_too_low() -> None:
    numbers = [BUSY[f"requests.{row}.person"] for row in DETAILS]
    low = dict(zip((f"requests.{row}.person" for row in DETAILS), [0, *numbers[:-1]], strict=True))
    cause = answer({**BUSY, **low}, BUSY)
    assert not cause.certain
    assert "错下一行" in cause.explanations[0].changes[0].reason


# What leaves totals wrong that follow from a number


def test_a_wrong_number_and_the_total_added_up_from_it_are_one_piece_of_evidence() -> None:
    values = changed(CLEAN, received__person=11, received__total=11)
    cause = answer(values, CLEAN)
    assert not cause.certain
    assert {"carried_in.person", "carried_out.person", "received.person"} & {
        c.field.removeprefix("requests.") for e in cause.explanations for c in e.changes
    } == {"carried_out.person", "received.person"}, "nothing was carried in that could be less"
    assert all(e.changes[-1].reason.startswith("是由") for e in cause.explanations)


@pytest.mark.parametrize("row", ["granted", "partly_granted", "other_other"])
def test_a_result_forgotten_with_its_total_may_be_any_result(row: str) -> None:
    clean = table({"declined_repeat.person": 5, f"{row}.person": 3})
    cause = answer(changed(clean, **{f"{row}__person": 0, f"{row}__total": 0}), clean)
    assert not cause.certain


def test_a_result_forgotten_with_all_totals() -> None:
    cells = {"granted.person", "granted.total", "handled.person", "handled.total"}
    values = {**BUSY, **{f"requests.{cell}": BUSY[f"requests.{cell}"] - 63 for cell in cells}}
    assert not answer(values, BUSY).certain


@pytest.mark.parametrize("settled", ["received", "carried_out"])
def test_a_late_case_that_no_total_knows(settled: str) -> None:
    late = {"granted.person": 64, "granted.total": 76, "handled.person": 1521}
    late |= {"handled.total": BUSY["requests.handled.total"] + 1}  # type: ignore[dict-item]
    sign = 1 if settled == "received" else -1
    for column in ("person", "total"):
        late[f"{settled}.{column}"] = BUSY[f"requests.{settled}.{column}"] + sign  # type: ignore[assignment]
    clean: Values = {**BUSY, **{f"requests.{name}": number for name, number in late.items()}}
    cause = answer({**BUSY, "requests.granted.person": 64}, clean)
    assert not cause.certain


# A relation of its own: nothing but digits tells, and they do not prove it


@pytest.mark.parametrize(
    "damage", [{"upheld": 0}, {"total": 0}, {"total": 7}, {"upheld": 6}, {"total": 9}, {"other": 5}]
)
def test_a_lone_relation_is_never_certain_of_a_number(damage: dict[str, int]) -> None:
    clean: Values = {**CLEAN, **dict(zip(GROUP, (5, 3, 0, 0, 8), strict=True))}
    values = {**clean, **{f"disputes.review.{name}": number for name, number in damage.items()}}
    assert not answer(values, clean).certain


def test_a_forgotten_result_of_disputes_comes_before_a_mistyped_one() -> None:
    clean: Values = {**CLEAN, **dict(zip(GROUP, (25, 30, 2, 1, 58), strict=True))}
    values = {**clean, "disputes.review.pending": 0}
    cause = answer(values, clean)
    assert {c.field: c.new for c in cause.explanations[0].changes} in (
        {"disputes.review.pending": 1},
        {"disputes.review.total": 57},
    )


def test_a_sign_speaks_for_itself() -> None:
    clean: Values = {**CLEAN, **dict(zip(GROUP, (5, 3, 0, 0, 8), strict=True))}
    cause = answer({**clean, "disputes.review.upheld": -5}, clean)
    assert cause.certain


# The laws of what is certain


@slow
@given(clean_tables, st.dictionaries(st.sampled_from(RELATED), st.integers(0, 300), min_size=1, max_size=6))
def test_nothing_is_ever_certain_that_erases_a_number(values: Values, damage: Values) -> None:
    for cause in locate(FORM, {**values, **damage}):
        if cause.certain:
            assert all(change.new for change in cause.explanations[0].changes if change.old)


@slow
@given(clean_tables, st.sampled_from(PARTIES), st.sampled_from(DETAILS), st.integers(1, 9))
def test_a_few_late_cases_are_never_certain_to_be_too_many(values: Values, party: str, row: str, late: int) -> None:
    key = f"requests.{row}.{party}"
    (cause,) = locate(FORM, {**values, key: values[key] + late})
    assert not cause.certain or {c.field for c in cause.explanations[0].changes} != {key}


@slow
@given(
    clean_tables,
    st.sampled_from(PARTIES),
    st.sampled_from([*DETAILS, "received", "carried_in", "carried_out"]),
    st.integers(1, 50),
)
def test_a_number_added_up_into_its_total_is_never_certain(values: Values, party: str, row: str, more: int) -> None:
    keys = [f"requests.{row}.{column}" for column in (party, "total")]
    causes = locate(FORM, {**values, **{key: values[key] + more for key in keys}})
    assert causes
    assert not any(cause.certain for cause in causes)


def test_numbers_of_one_digit_are_not_copies() -> None:
    values = changed(CLEAN, received__total=0, handled__total=0)
    for cause in locate(FORM, values):
        assert not any("误填了" in c.reason for e in cause.explanations for c in e.changes)


def test_a_number_that_is_its_own_column_is_no_copy_of_the_sum() -> None:
    clean = table({"granted.person": 36})
    cause = answer({**clean, **{f"requests.{row}.total": 0 for row in ROWS}}, clean)
    assert not any("误填了" in c.reason for e in cause.explanations for c in e.changes)


# Last year


def test_what_last_year_carried_over_settles_a_tie() -> None:
    values = changed(CLEAN, carried_in__person=3, carried_in__total=3)
    carried = {f"requests.carried_in.{column}": 0 for column in (*PARTIES, "total")}
    (told,) = locate(FORM, values, (), YearBefore({}, carried))
    assert {c.field: c.new for c in told.explanations[0].changes} == {
        "requests.carried_in.person": 0,
        "requests.carried_in.total": 0,
    }
    assert not told.certain
    kept = {**carried, "requests.carried_in.person": 3, "requests.carried_in.total": 3}
    (other,) = locate(FORM, values, (), YearBefore({}, kept))
    assert "requests.carried_in.person" not in {c.field for c in other.explanations[0].changes}


def test_last_years_number_that_was_not_typed_over() -> None:
    values = changed(BUSY, refused_law__person=911)
    (cause,) = locate(FORM, values, (), YearBefore({"requests.refused_law.person": 911}, {}))
    assert [c.reason for c in cause.explanations[0].changes] == ["疑为上年的数没有改：911 应为 1207"]
