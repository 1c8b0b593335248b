"""Adding submissions up: the exact sum of every field, who gave what, and who is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from xlcheck.checking.verify import judge_all
from xlcheck.model.cells import Place
from xlcheck.model.form import Field, Form
from xlcheck.model.numbers import DIGITS, Number, exact_sum, magnitude, minus, significant_digits
from xlcheck.model.submission import UNPROVED, Held, Submission
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Conclusion

Numbers = tuple[Number | None, ...]
"""One a field, in the order of the form; None where there is no number."""


class Contribution(NamedTuple):
    """What one unit adds to a total."""

    unit: str
    code: str
    """统一社会信用代码, or empty."""
    path: str
    """Its workbook."""
    passed: bool
    numbers: Numbers
    unexplained: str = ""
    """Which warnings nobody explained, in a clerk's words; empty where there are none."""

    @property
    def conclusion(self) -> Conclusion:
        """What a person is told of its workbook."""
        if not self.passed:
            return "failed"
        return "review" if self.unexplained else "passed"

    @property
    def gaps(self) -> int:
        """How many fields it adds nothing to."""
        return self.numbers.count(None)


class LeftOut(NamedTuple):
    """A workbook that is not in a total, or a unit that handed in none."""

    unit: str
    """Empty where the workbook does not say."""
    code: str
    """统一社会信用代码, or empty."""
    path: str
    """Empty for a unit that handed in nothing."""
    reason: str
    """In a clerk's words."""
    advice: str = ""
    """What to do, in a clerk's words; the same for all that are left out for such a reason."""


class Total(NamedTuple):
    """The sums, and what they are made of."""

    form: Form
    year: int
    contributions: tuple[Contribution, ...]
    """In their order."""
    left_out: tuple[LeftOut, ...]
    sums: Numbers
    """Exact. None where nobody gave a number: a blank is never 0."""

    @property
    def values(self) -> dict[str, Number]:
        """The sums by field key."""
        return {
            field.key: number for field, number in zip(self.form.fields, self.sums, strict=True) if number is not None
        }

    @property
    def too_long(self) -> tuple[tuple[Field, Number], ...]:
        """The sums that no spreadsheet can hold."""
        pairs = zip(self.form.fields, self.sums, strict=True)
        return tuple((field, number) for field, number in pairs if number is not None and not fits(number))


def add_up(form: Form, year: int, contributions: Iterable[Contribution], left_out: Iterable[LeftOut] = ()) -> Total:
    """Add up what units contribute; it makes no difference in which order."""
    contributions = tuple(contributions)
    sums = sums_of([one.numbers for one in contributions]) if contributions else (None,) * len(form.fields)
    return Total(form, year, contributions, tuple(left_out), sums)


def sums_of(numbers: Sequence[Numbers]) -> Numbers:
    """What each field comes to; nothing where nobody gave a number."""
    return tuple(map(_sum, zip(*numbers, strict=True)))


def _sum(numbers: Iterable[Number | None]) -> Number | None:
    known = [number for number in numbers if number is not None]
    return exact_sum(known) if known else None


def fits(number: Number) -> bool:
    """Whether a spreadsheet holds just this number: it keeps 15 significant digits."""
    exactly = Decimal(number)
    return significant_digits(exactly) <= DIGITS and magnitude(exactly) < 10**DIGITS


# --- comparing -------------------------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """A field of a workbook that does not hold the sum."""

    field: Field
    place: Place | None
    """Where it stands in that workbook; None if its labels do not prove it."""
    held: Held
    """What stands there; an empty text for nothing."""
    published: Number | None
    """The number that this means, if any."""
    computed: Number | None
    """The sum; None where nobody gave a number."""

    @property
    def gap(self) -> Number | None:
        """The published number minus the sum; None where one of them is missing."""
        if self.published is None or self.computed is None:
            return None
        return minus(self.published, self.computed)


def differences(computed: Total, published: Submission) -> tuple[Difference, ...]:
    """The fields of a workbook that do not hold the sums, in the order of the form."""
    values, _ = judge_all(published)
    return tuple(
        Difference(field, published.places.get(field.key), published.held.get(field.key, UNPROVED), there, number)
        for field, number in zip(computed.form.fields, computed.sums, strict=True)
        if (there := values.get(field.key)) != number
    )


def numbers_of(form: Form, values: Mapping[str, Number]) -> Numbers:
    """Values by field key as :data:`Numbers`."""
    return tuple(values.get(field.key) for field in form.fields)
