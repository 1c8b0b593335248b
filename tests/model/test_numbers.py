"""Numbers are exact, whatever their size."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from xlcheck.model.numbers import (
    Number,
    exact,
    exact_sum,
    magnitude,
    minus,
    multiple,
    negated,
    rounded,
    significant_digits,
)

NUMBERS = st.one_of(
    st.integers(-(10**60), 10**60),
    st.decimals(allow_nan=False, allow_infinity=False, places=60, min_value=-(10**60), max_value=10**60),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda held: Decimal(repr(held))),
)


@given(NUMBERS, NUMBERS)
def test_no_digit_is_lost(one: Number, other: Number) -> None:
    assert Fraction(minus(one, other)) == Fraction(one) - Fraction(other)
    assert Fraction(exact_sum((one, other, one))) == 2 * Fraction(one) + Fraction(other)
    assert Fraction(magnitude(one)) == abs(Fraction(one))
    assert Fraction(negated(one)) == -Fraction(one)
    assert Fraction(exact(one)) == Fraction(one)


@given(NUMBERS.filter(lambda number: isinstance(number, Decimal)), st.sampled_from(("1", "0.01", "0.000001")))
def test_multiples_are_told_exactly(number: Decimal, step: str) -> None:
    assert multiple(number, Decimal(step)) == ((Fraction(number) / Fraction(step)).denominator == 1)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=20), st.integers(1, 17))
def test_rounding_leaves_so_many_digits(number: Decimal, digits: int) -> None:
    shown = rounded(number, digits)
    assert significant_digits(shown) <= digits
    assert abs(Fraction(shown) - Fraction(number)) * 2 * 10 ** (digits - 1) <= abs(Fraction(number))
