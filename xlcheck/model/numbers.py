"""Numbers: exact sums, and how people write them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

Number = int | Decimal
"""A count is an int, an amount a Decimal; never a float."""

DIGITS = 15
"""Spreadsheets keep this many significant digits (IEEE 754 double, as Excel shows and stores it)."""

FINEST = Decimal("0.000001")
"""One fen in units of 10,000 yuan."""

MIB = 1 << 20


def exact_sum(numbers: Iterable[Number]) -> Number:
    """The exact sum. Decimal's usual 28 digits would round where somebody typed absurd amounts."""
    numbers = tuple(numbers)
    amount = sum(numbers)
    if isinstance(amount, int):
        return amount
    with localcontext() as context:
        context.prec = 1000
        return sum(numbers)


def magnitude(number: Number) -> Number:
    """The number without its sign."""
    return -number if number < 0 else number


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
    return len(exact(abs(number)).replace(".", "").strip("0"))


def whole(value: Number) -> bool:
    """Is it a whole number?"""
    return isinstance(value, int) or value == value.to_integral_value()


def simplest(value: Number) -> Number:
    """``Decimal("3.0")`` → ``3``; others as they are."""
    return int(value) if isinstance(value, Decimal) and whole(value) else value
