"""What a formula gives: an exact number, and how far arithmetic of doubles may be from it."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from xlcheck.model.numbers import DIGITS, EXACT, rounded
from xlcheck.model.tuples import NamedTuple

NOISE = Fraction(1, 10**13)
"""What arithmetic of doubles may be off by, of the largest number that it met."""
_FINE = Fraction(1, 2**48)
"""What it is off by in a few steps, and what programs take for nothing where numbers cancel out."""


class Worked(NamedTuple):
    """What a formula gives."""

    value: Fraction
    largest: Fraction
    """The largest number that it met."""

    def is_like(self, stored: float) -> bool:
        """Whether a stored number is this one, but for what arithmetic of doubles leaves."""
        return math.isfinite(stored) and abs(Fraction(stored) - self.value) <= self.largest * NOISE

    def is_noisy(self, stored: float) -> bool:
        """Whether a stored number is off by what arithmetic of doubles leaves, which nobody sees: 5.5E-17 for 0."""
        return stored != float(self.value) and abs(Fraction(stored) - self.value) <= self.largest * _FINE

    def decimal(self) -> Decimal:
        """The number; to 15 digits where it has no end."""
        bottom = self.value.denominator
        for prime in (2, 5):
            while bottom % prime == 0:
                bottom //= prime
        number = EXACT.divide(Decimal(self.value.numerator), Decimal(self.value.denominator))
        return number if bottom == 1 else rounded(number, DIGITS)
