"""Findings and outcomes: what checking says, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from xlcheck.form import Cell, cell_name

Severity = Literal["error", "warning"]
"""``error`` is 强制性 (must be mended), ``warning`` is 核实性 (check, and explain if right)."""

Number = int | Decimal
"""A count is an int, an amount a Decimal; never a float."""


class Place(NamedTuple):
    """A cell of a workbook."""

    sheet: str
    cell: Cell

    @property
    def address(self) -> str:
        """``依申请公开!D5``."""
        return f"{self.sheet}!{cell_name(self.cell)}"


class Suggestion(NamedTuple):
    """What a field should probably hold. Never applied by itself."""

    field: str
    place: Place
    value: str
    """Exact."""
    reason: str
    """In a clerk's words."""


class Finding(NamedTuple):
    """One failed rule in one submission."""

    code: str
    severity: Severity
    message: str
    """In a clerk's words: where, what, and both sides where numbers differ."""
    fields: tuple[str, ...] = ()
    """Keys; of a balance finding all fields of its relation."""
    places: tuple[Place, ...] = ()
    """Where `fields` stand, or the cells meant where no field is."""
    expected: str | None = None
    actual: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    sheet: str | None = None
    """The worksheet meant, where a whole sheet is."""
    explanation: str = ""
    """What the department says of a warning on the cover; never of an error."""


class Diagnosis(NamedTuple):
    """What may be wrong behind broken balances that have one cause."""

    findings: tuple[int, ...]
    """Which findings, by their numbers from 0."""
    certain: bool
    """Whether one explanation is clearly better than all others."""
    explanations: tuple[tuple[Suggestion, ...], ...]
    """At most five, best first; each is a set of changes that makes the balances hold. Empty: nothing small does."""


class Outcome(NamedTuple):
    """What became of one relation or check."""

    code: str
    status: Literal["passed", "failed", "not_evaluated"]
    fields: tuple[str, ...]
    reason: str = ""
    """Why it was not evaluated, in a clerk's words."""


class Mend(NamedTuple):
    """One cell that a suggested mend changes."""

    field: str
    place: Place
    old: str
    new: str
    """Exact."""
    reason: str


def total(numbers: Iterable[Number]) -> Number:
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
