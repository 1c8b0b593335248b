"""Sums in disguise: submissions whose numbers are exactly those of some others together, which may hold theirs already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from xlcheck.model.numbers import Number, minus
from xlcheck.model.tuples import NamedTuple
from xlcheck.totals.sums import Contribution, Numbers, Total, sums_of

FILLED = 10
"""So many fields must hold something other than 0: small numbers come to each other by chance."""
LARGE = 20
"""So large must one of them be, for the same reason."""
STEPS = 3_000
"""Of looking for others that come to a submission, for all submissions together."""
_AT_A_STEP = 20
"""Submissions that are looked through at a step: what looking takes grows with them, not with their square."""


class Disguised(NamedTuple):
    """A submission that is exactly the sum of others."""

    one: Contribution
    others: tuple[Contribution, ...]
    """In the order given."""


def repeating(total: Total) -> tuple[Contribution, ...]:
    """The contributions that are exactly what all others come to."""
    return tuple(
        one
        for one in total.contributions
        if len(total.contributions) > 1
        and any(one.numbers)
        and all(
            number is not None and whole is not None and whole - number == number
            for number, whole in zip(one.numbers, total.sums, strict=True)
        )
    )


def holding(one: Contribution, others: Iterable[Contribution]) -> bool:
    """Whether a contribution is exactly what some others come to, and not nothing."""
    sums = sums_of([other.numbers for other in others])
    return any(one.numbers) and None not in sums and one.numbers == sums


def disguised(contributions: Sequence[Contribution]) -> tuple[Disguised, ...]:
    """Submissions that are exactly the sum of two others or more, but not of all others, as far as numbers prove it.

    Which others they are is told by the numbers alone: some that fill a field together are taken, and what they leave is
    filled by others. Units that have nothing but 0 belong to any sum, and are not told.
    """
    search = _Search([_filled(one.numbers) for one in contributions])
    found = []
    for number, one in enumerate(contributions):
        others = search.others(number)
        if 1 < len(others) < len(contributions) - 1:
            found.append(Disguised(one, tuple(contributions[other] for other in sorted(others))))
    return tuple(found)


def _filled(numbers: Numbers) -> Mapping[int, Number]:
    """The fields that hold something other than 0, by their number."""
    return {field: number for field, number in enumerate(numbers) if number}


class _Search:
    """Looks for sums, within a number of steps."""

    def __init__(self, filled: Sequence[Mapping[int, Number]]) -> None:
        self._filled = filled
        self._steps = STEPS
        self._having: dict[int, list[int]] = {}
        for number, one in enumerate(filled):
            for field in one:
                self._having.setdefault(field, []).append(number)

    def others(self, number: int) -> tuple[int, ...]:
        """Those that come to one together; none if nothing proves it."""
        wanted = self._filled[number]
        if self._steps < 0 or len(wanted) < FILLED or max(wanted.values()) < LARGE:
            return ()
        # The field that fewest have is filled by one of them, or by none.
        few = min((self._having[field] for field in wanted), key=len)
        if not any(other != number and self._fits(other, wanted) for other in few):
            return ()
        self._steps -= len(self._filled) // _AT_A_STEP
        fitting = [other for other in range(len(self._filled)) if other != number and self._fits(other, wanted)]
        return self._parts(dict(wanted), fitting) or ()

    def _fits(self, number: int, within: Mapping[int, Number]) -> bool:
        one = self._filled[number]
        return bool(one) and all(field in within and value <= within[field] for field, value in one.items())

    def _parts(self, left: Mapping[int, Number], fitting: Sequence[int]) -> tuple[int, ...] | None:
        """Some of `fitting` that come to `left`; None for none, or if there is no end of looking for them."""
        self._steps -= 1
        if not left:
            return ()
        if self._steps < 0:
            return None
        # The field that fewest can fill says most.
        filling = {field: [one for one in fitting if field in self._filled[one]] for field in left}
        _, some = min(filling.items(), key=lambda item: (len(item[1]), item[0]))
        if not all(self._can_fill(number, left[number], ones) for number, ones in filling.items()):
            return None
        for place, one in enumerate(some):
            passed_over = some[: place + 1]
            rest = self._without(left, one)
            still = [other for other in fitting if other not in passed_over and self._fits(other, rest)]
            found = self._parts(rest, still)
            if found is not None:
                return (one, *found)
        return None

    def _can_fill(self, field: int, value: Number, ones: Collection[int]) -> bool:
        return sum(self._filled[one][field] for one in ones) >= value

    def _without(self, left: Mapping[int, Number], number: int) -> Mapping[int, Number]:
        one = self._filled[number]
        rest = {field: minus(value, one[field]) if field in one else value for field, value in left.items()}
        return {field: value for field, value in rest.items() if value}
