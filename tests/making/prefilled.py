"""Templates that were sent out with last year's numbers and with sums, and what departments fill into them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tests.making.filling import COVER, clean_values, form
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.prefill import Prefill, prefilled
from xlcheck.drawing.template import render
from xlcheck.model.numbers import Number

LAST: dict[str, Number] = {
    key: Decimal(str(value)) if isinstance(value, float) else int(value)
    for key, value in clean_values(
        requests__received__person=9,
        requests__received__total=9,
        requests__carried_out__person=3,
        requests__carried_out__total=3,
        disclosure__licensing__decisions=4321,
    ).items()
}
"""Last year's numbers; they balance, and 3 requests are carried over."""
KNOWN = prefilled(form(), LAST, year=2024, totals=True)


def whole_values(**changes: FieldValue) -> dict[str, FieldValue]:
    """A number for every open field: what was carried over was granted, so that all balances."""
    values = clean_values(requests__granted__person=4, **changes)
    return {key: value for key, value in values.items() if key not in KNOWN.locked}


def filled(values: Mapping[str, FieldValue], known: Prefill = KNOWN) -> bytes:
    """The template with `values` typed in, and with the sums that a program makes of them."""
    return render(form(), COVER, known=known.with_values(values))
