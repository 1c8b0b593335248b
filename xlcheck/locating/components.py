"""Broken relations that fall apart: the least sets that may have wrong fields of their own.

The relations of a table depend on each other: rows and columns that are both added up say the grand total twice. So
there are weighted sums of residuals that are 0 whatever the fields hold (:meth:`xlcheck.system.System.dependencies`),
and wrong fields that share no relation with other wrong ones keep these sums at 0 on their own. Read backwards, the
least sets of broken relations whose weighted sums are 0 are those that can be explained apart; as large numbers are
seldom equal by chance, they mostly are. (A group that settles its debts in the fewest payments looks for the same.)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm

from xlcheck.locating.system import System
from xlcheck.model.numbers import Number

SUMS = 8_192
"""Sums that are formed of either half of the relations; all of them, if there are up to 26 relations."""

MATCHES = 6_000
"""Zero sums that are looked at; among them are all unions of the least ones."""

SETS = 200
"""Least sets that are given."""


def components(system: System, residuals: Sequence[Number], broken: Sequence[int]) -> tuple[list[int], bool]:
    """The least sets of `broken` relations that can be explained apart; and whether these are all.

    Returns:
        Masks, small sets first; bit `k` stands for ``broken[k]``.
    """
    numbers = _signature(system, residuals, broken)
    half = len(numbers) // 2
    low, all_low = _sums(numbers, range(half))
    high, all_high = _sums(numbers, range(half, len(numbers)))
    by_sum: dict[int, list[int]] = {}
    for total, mask in high:
        by_sum.setdefault(-total, []).append(mask)
    zero: list[int] = []
    for total, mask in low:
        zero += [mask | other for other in by_sum.get(total, ())[: MATCHES - len(zero)]]
    least = _least(zero)
    return least[:SETS], all_low and all_high and len(zero) < MATCHES and len(least) <= SETS


def _signature(system: System, residuals: Sequence[Number], broken: Sequence[int]) -> list[int]:
    """Per broken relation a whole number; where these add up to 0, so do all weighted sums of the residuals."""
    exact = [Fraction(residuals[r]) for r in broken]
    unit = lcm(*(residual.denominator for residual in exact))
    whole = [int(residual * unit) for residual in exact]
    found = [0] * len(broken)
    for weights in system.dependencies():
        terms = [weights.get(r, 0) * residual for r, residual in zip(broken, whole, strict=True)]
        scale = 2 * sum(map(abs, terms)) + 1
        found = [scale * so_far + term for so_far, term in zip(found, terms, strict=True)]
    return found


def _sums(numbers: Sequence[int], places: range) -> tuple[list[tuple[int, int]], bool]:
    """The sums of sets of `numbers` with their masks, small sets first, and whether these are all sets."""
    found: list[tuple[int, int]] = []
    for size in range(len(places) + 1):
        for chosen in combinations(places, size):
            if len(found) == SUMS:
                return found, False
            found.append((sum([numbers[place] for place in chosen]), sum([1 << place for place in chosen])))
    return found, True


def _least(masks: Sequence[int]) -> list[int]:
    """Those that contain no other one, small ones first; no more than a few too many."""
    least: list[int] = []
    for mask in sorted(masks, key=lambda mask: (mask.bit_count(), mask)):
        if mask and not any(small & mask == small for small in least):
            least.append(mask)
            if len(least) > SETS:
                break
    return least
