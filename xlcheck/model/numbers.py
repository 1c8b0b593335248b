"""Numbers: exact sums, and how people write them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

Number = int | Decimal
"""A count is an int, an amount a Decimal; never a float."""

DIGITS = 15
"""Spreadsheets keep this many significant digits (IEEE 754 double, as Excel shows and stores it)."""

FINEST = Decimal("0.000001")
"""One fen in units of 10,000 yuan."""

LEFT_OVER = 1e-9
"""Smaller than a thousandth of a fen nothing is meant: it is what arithmetic of doubles leaves where numbers cancel out.

Spreadsheet programs show 0 there: of a sum or difference at its end Excel makes 0 (IEEE 754 in Excel, Microsoft's article
78113), LibreOffice of every one of two numbers that are alike to some 15 digits (``rtl_math_approxSub``).
"""

MIB = 1 << 20


EXACT = Context(prec=1000)
"""Decimal's usual 28 digits would round where somebody typed absurd amounts; sums of doubles have no more than 700."""


def exact_sum(numbers: Iterable[Number]) -> Number:
    """The exact sum."""
    numbers = tuple(numbers)  # of a tuple it is the same one
    total = sum(numbers)
    if isinstance(total, int):  # nothing but counts
        return total
    with localcontext(EXACT):
        return sum(numbers)


def magnitude(number: Number) -> Number:
    """The number without its sign, exactly: ``-`` and ``abs`` round to the context's digits."""
    return abs(number) if isinstance(number, int) else number.copy_abs()


def negated(number: Number) -> Number:
    """The number with the other sign, exactly."""
    return -number if isinstance(number, int) else number.copy_negate()


def minus(one: Number, other: Number) -> Number:
    """`one` less `other`, exactly."""
    return exact_sum((one, negated(other)))


def is_nothing(number: float | Decimal) -> bool:
    """Whether a stored number is 0, or no more than arithmetic of doubles leaves of it."""
    return -LEFT_OVER < number < LEFT_OVER


def rounded(number: Decimal, digits: int) -> Decimal:
    """The number to so many significant digits, a half away from nought, as spreadsheet programs show it."""
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(number)


def multiple(number: Decimal, step: Decimal) -> bool:
    """Whether the number is a whole multiple of `step`, whatever its size."""
    return not EXACT.remainder(number, step)


def exact(value: Number) -> str:
    """A number as people write it: no exponent, no idle zeros.

    >>> exact(Decimal("1.500")), exact(Decimal("1E+3")), exact(7)
    ('1.5', '1000', '7')
    """
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def significant_digits(number: Decimal) -> int:
    """How many digits count: ``0.0120`` has two."""
    return len(exact(number.copy_abs()).replace(".", "").strip("0"))


def whole(value: Number) -> bool:
    """Is it a whole number?"""
    return isinstance(value, int) or value == value.to_integral_value()


def simplest(value: Number) -> Number:
    """``Decimal("3.0")`` → ``3``; others as they are."""
    return int(value) if isinstance(value, Decimal) and whole(value) else value
