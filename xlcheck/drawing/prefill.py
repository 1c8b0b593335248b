"""What is known of a table before it goes out: numbers carried over from last year's, sums worked out by formulas, zeros.

Cells that are known so are locked. Last year's other numbers are no data of this year: they stand beside the table as texts
which no program takes for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from xlcheck.drawing.formulas import FieldValue
from xlcheck.model.form import Field, Form
from xlcheck.model.numbers import Number, exact, exact_sum
from xlcheck.model.tuples import NamedTuple

_SUMMED = re.compile("[总合小共]计")
"""What a head says over sums."""


class Prefill(NamedTuple):
    """What a template is sent out with."""

    values: Mapping[str, FieldValue] = {}
    """What fields hold, by their keys; of sums those that are known already."""
    carried: frozenset[str] = frozenset()
    """The keys of those that hold last year's numbers, and are locked."""
    sums: Mapping[str, tuple[Field, ...]] = {}
    """By the keys of the fields with formulas, which are locked: what each adds up."""
    last_year: Mapping[str, str] = {}
    """Last year's numbers by the keys of the fields that they stand beside, to be looked at only."""
    year: int | None = None
    """Of these, if it is known."""

    def with_values(self, typed: Mapping[str, FieldValue]) -> Prefill:
        """The same with what is typed into other fields, and with the sums that come of it."""
        values = {**self.values, **typed}
        for key, parts in self.sums.items():
            values[key] = _sum(values, parts)
        return self._replace(values=values)

    @property
    def locked(self) -> frozenset[str]:
        """The keys of the fields that nobody types into."""
        return self.carried | self.sums.keys()


NOTHING_KNOWN = Prefill()
"""An empty template."""


def prefilled(
    form: Form,
    last_year: Mapping[str, Number] | None = None,
    *,
    doubtful: Collection[str] = (),
    year: int | None = None,
    totals: bool = False,
    zeros: bool = False,
) -> Prefill:
    """What a template is sent out with.

    Args:
        form: the form.
        last_year: last year's numbers by the keys of their fields, as far as they are known.
        doubtful: the keys of those that may be wrong; nobody is held to them.
        year: the year of these.
        totals: whether sums are worked out by formulas.
        zeros: whether all other fields hold 0.
    """
    before = last_year or {}
    sums = sums_by_head(form) if totals else {}
    settled = before.keys() - set(doubtful)
    carried = {key: before[old] for key, old in form.carried.items() if old in settled and key not in sums}
    shown = {key: exact(before[key]) for key in form.by_key if key in before}
    known = Prefill(carried, frozenset(carried), sums, shown, year)
    return known.with_values({key: 0 for key in form.by_key if key not in carried} if zeros else {})


def sums_by_head(form: Form) -> dict[str, tuple[Field, ...]]:
    """The fields whose heads say that they are sums, and what each adds up; none before one that it adds up.

    A relation may say of any field that others come to it. Only of a sum that is no statement of its own.
    """
    found: dict[str, tuple[Field, ...]] = {}
    for relation in form.relations:
        sides = relation.left_fields, relation.right_fields
        for (*others, field), parts in (sides, sides[::-1]):
            if not others and len(parts) > 1 and _is_sum(field, parts):
                found.setdefault(field.key, parts)
    ordered: dict[str, tuple[Field, ...]] = {}
    while ready := [
        key for key in found if key not in ordered and all(p.key in ordered or p.key not in found for p in found[key])
    ]:
        ordered |= {key: found[key] for key in ready}
    return ordered


def _is_sum(field: Field, parts: tuple[Field, ...]) -> bool:
    """Whether its column's head says that it adds up its row, or its row's that it adds up its column."""
    across, down = (
        any(_SUMMED.search(label) for label in labels[-1:]) for labels in (field.column_labels, field.row_labels)
    )
    return (across and all(part.row_labels == field.row_labels for part in parts)) or (
        down and all(part.column_labels == field.column_labels for part in parts)
    )


def _sum(values: Mapping[str, FieldValue], parts: tuple[Field, ...]) -> FieldValue:
    """What the formula comes to: a number once all parts are, and nothing before."""
    numbers = [value for part in parts if isinstance(value := values.get(part.key, ""), int | Decimal)]
    return exact_sum(numbers) if len(numbers) == len(parts) else ""
