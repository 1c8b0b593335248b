"""What the functions of simple formulas give, of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from xlcheck.model.errors import Error
from xlcheck.model.numbers import DIGITS


class NotWorkedOut(Error):
    """A formula, or a part of it, is not worked out."""

    code = "formula"


class Failed(NotWorkedOut):
    """It gives an error value, for certain."""

    code = "error-value"


class GivesNothing(NotWorkedOut):
    """It gives an empty text, for certain."""

    code = "empty-text"


def shaped(name: str, values: list[Fraction]) -> Fraction:
    """``ROUND`` (a half away from nought), ``ROUNDUP`` (away from it), ``ROUNDDOWN``, ``INT`` (downwards), ``ABS``.

    Raises:
        NotWorkedOut: they are others, or too many.
    """
    if name in _ROUNDING and len(values) == 2 and values[1].denominator == 1 and abs(values[1]) <= DIGITS:
        scale = Fraction(10) ** int(values[1])
        whole = abs(values[0]) * scale + _ROUNDING[name]
        down = Fraction(whole.numerator // whole.denominator)
        if name == "ROUNDUP" and down != whole:
            down += 1
        return down / scale * (-1 if values[0] < 0 else 1)
    if len(values) != 1 or name in _ROUNDING:
        raise NotWorkedOut
    return abs(values[0]) if name == "ABS" else Fraction(values[0].numerator // values[0].denominator)


_ROUNDING = {"ROUND": Fraction(1, 2), "ROUNDUP": Fraction(0), "ROUNDDOWN": Fraction(0)}
SHAPED = ("INT", "ABS", *_ROUNDING)


def applied(sign: str, left: Fraction, right: Fraction) -> Fraction:
    """``left + right`` and the like.

    Raises:
        Failed: it divides by nought.
    """
    if sign == "/":
        if not right:
            raise Failed
        return left / right
    return left + right if sign == "+" else left - right if sign == "-" else left * right


def _mean(numbers: list[Fraction]) -> Fraction:
    if not numbers:
        raise Failed
    return sum(numbers, Fraction(0)) / len(numbers)


def _product(numbers: list[Fraction]) -> Fraction:
    found = Fraction(1 if numbers else 0)
    for number in numbers:
        found *= number
        if found.numerator.bit_length() + found.denominator.bit_length() > _BITS:
            raise NotWorkedOut
    return found


_BITS = 4_096
OF_MANY: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "SUM": lambda numbers: sum(numbers, Fraction(0)),
    "MAX": lambda numbers: max(numbers, default=Fraction(0)),
    "MIN": lambda numbers: min(numbers, default=Fraction(0)),
    "AVERAGE": _mean,
    "COUNT": lambda numbers: Fraction(len(numbers)),
    "PRODUCT": _product,
}
SUBTOTALS: Mapping[Fraction, str] = {
    Fraction(1): "AVERAGE", Fraction(2): "COUNT", Fraction(3): "COUNTA", Fraction(4): "MAX", Fraction(5): "MIN",
    Fraction(6): "PRODUCT", Fraction(9): "SUM",
}  # fmt: skip
"""What a subtotal is of, by its number; the same and a hundred leaves out rows that are hidden."""
COMPARED: dict[str, Callable[[Fraction], bool]] = {
    "=": lambda apart: apart == 0,
    "<>": lambda apart: apart != 0,
    "<": lambda apart: apart < 0,
    ">": lambda apart: apart > 0,
    "<=": lambda apart: apart <= 0,
    ">=": lambda apart: apart >= 0,
}
"""What a comparison says, by how far the left is above the right."""
