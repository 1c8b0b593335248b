"""What was typed, which of it is suspect in itself, and which relations it breaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from xlcheck.locating.system import System
from xlcheck.model.form import Field
from xlcheck.model.numbers import Number, simplest, whole
from xlcheck.model.tuples import NamedTuple


class YearBefore(NamedTuple):
    """What last year's table says."""

    held: Mapping[str, Number]
    """What each field held, by key."""
    carried: Mapping[str, Number]
    """What fields of this year must hold because of it, by key."""


class Reading(NamedTuple):
    """The typed values of a form's fields, as the search for errors sees them. Fields are indices of `system`."""

    system: System
    typed: tuple[Number | None, ...]
    """Per field; None where nothing readable stands."""
    broken: frozenset[int]
    """The relations that no numbers ≥ 0 in place of the unknown fields make hold."""
    pending: frozenset[int]
    """The relations that some numbers ≥ 0 in place of their unknown fields make hold."""
    waiting: frozenset[int]
    """The pending relations that the first guess does not make hold."""
    invalid: frozenset[int]
    """Fields of broken relations that hold a negative number, or a fraction where a count belongs."""
    suspects: frozenset[int]
    """The invalid fields and the unknown ones."""
    base: tuple[Number, ...]
    """The typed values, with a first guess in place of the suspects."""
    totals: frozenset[str]
    """Keys of the fields that are the sum of others."""
    total_values: tuple[tuple[Field, Number], ...]
    """The totals that are readable."""
    before: YearBefore

    @classmethod
    def of(
        cls, system: System, values: Mapping[str, Number], unknown: Collection[str], last_year: YearBefore
    ) -> Reading:
        """Judge `values`; a field that is not in it, or is in `unknown`, is unknown."""
        hidden = set(unknown)
        typed = tuple(None if f.key in hidden else _number(f, values.get(f.key)) for f in system.fields)
        broken = frozenset(r for r in range(len(system.members)) if _broken(system, typed, r))
        bad = frozenset(
            f for f, value in enumerate(typed) if value is not None and not allowed(system.fields[f], value)
        )
        near = {f for r in broken for f, _ in system.members[r]}
        suspects = bad | {f for f, value in enumerate(typed) if value is None}
        base = _guessed(system, typed, suspects, bad & near) if broken else ()
        blank = {r for r, row in enumerate(system.members) if any(typed[f] is None for f, _ in row)}
        pending = frozenset(blank - broken) if broken else frozenset()
        waiting = frozenset(r for r in pending if system.residual(r, base))
        totals = _totals(system)
        read = tuple(
            (field, value)
            for field, value in zip(system.fields, typed, strict=True)
            if value is not None and field.key in totals
        )
        return cls(system, typed, broken, pending, waiting, bad & near, suspects, base, totals, read, last_year)

    def filled(self, relations: Collection[int]) -> dict[int, Number]:
        """The first guess for the unknown fields of `relations`."""
        return {f: self.base[f] for r in relations for f, _ in self.system.members[r] if self.typed[f] is None}

    def mended(self, relations: Collection[int], changed: Mapping[int, Number]) -> bool:
        """Do the changes make `relations` hold, without a negative or fractional count, and break no other one?"""
        after: list[Number | None] = list(self.typed)
        news = {**self.filled(relations), **changed}
        for f, new in news.items():
            after[f] = new
        for f in {f for r in relations for f, _ in self.system.members[r]} | set(changed):
            value = after[f]
            if value is None or not allowed(self.system.fields[f], value):
                return False
        touched = {r for f, new in news.items() if new or f in changed for r, _ in self.system.links[f]}
        still = set(relations) | (touched - self.broken)
        return not any(_broken(self.system, after, r) for r in still)


def allowed(field: Field, value: Number) -> bool:
    """Is it ≥ 0 unless it is a change, and whole unless it is an amount?"""
    return (value >= 0 or field.signed) and (not field.whole or whole(value))


def _number(field: Field, value: Number | None) -> Number | None:
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return simplest(value) if value is not None and field.whole else value


def _totals(system: System) -> frozenset[str]:
    """A field that stands alone on its side of a relation is a total."""
    sides = [side for r in system.relations for side in (r.left_fields, r.right_fields)]
    return frozenset(side[0].key for side in sides if len(side) == 1)


def _broken(system: System, values: Sequence[Number | None], relation: int) -> bool:
    """Can no numbers ≥ 0 in place of the unknown fields make `relation` hold?"""
    residual: Number = 0
    open_fields: list[tuple[int, int]] = []
    for f, sign in system.members[relation]:
        value = values[f]
        if value is None:
            open_fields.append((f, sign))
        else:
            residual += sign * value
    if not residual:
        return False
    fields = [system.fields[f] for f, sign in open_fields if sign * residual < 0 or system.fields[f].signed]
    return not fields or (not whole(residual) and all(field.whole for field in fields))


def _guessed(
    system: System, typed: Sequence[Number | None], suspects: frozenset[int], invalid: frozenset[int]
) -> tuple[Number, ...]:
    """The value of each suspect that keeps most relations; else 0 for an unknown one, its digits for an invalid one."""
    values: list[Number] = [0 if value is None else value for value in typed]
    for f in invalid:
        values[f] = -values[f] if values[f] < 0 and not system.fields[f].signed else values[f]
        if system.fields[f].whole:
            values[f] = int(values[f])
    free = sorted(f for f in suspects if typed[f] is None or f in invalid)
    if free:
        _settle(system, values, free, invalid)
        _deduce(system, values, [f for f in free if typed[f] is None])
    return tuple(values)


def _settle(system: System, values: list[Number], free: Sequence[int], invalid: Collection[int]) -> None:
    """Let each free field take the value that makes most of its relations hold, until none moves.

    An invalid one keeps its digits if another value makes only one relation more hold, which any field can do.
    """
    for _ in range(4):
        moved = False
        for f in free:
            choices = [values[f]]
            rest = []
            for r, sign in system.links[f]:
                residual = system.residual(r, values) - sign * values[f]
                rest.append((sign, residual))
                choices.append(-sign * residual)
            held = [sum(1 for sign, residual in rest if sign * value + residual == 0) for value in choices]
            best = max(
                range(len(choices)), key=lambda k: (held[k] if allowed(system.fields[f], choices[k]) else -1, -k)
            )
            if held[best] - held[0] > (f in invalid) and choices[best] != values[f]:
                values[f] = choices[best]
                moved = True
        if not moved:
            return


def _deduce(system: System, values: list[Number], free: Sequence[int]) -> None:
    """Fill in what relations with one unknown field say, if more relations hold after it: a column left blank."""
    tried, left = list(values), set(free)
    for r, row in enumerate(system.members):
        unknown = [(f, sign) for f, sign in row if f in left]
        if len(unknown) == 1:
            f, sign = unknown[0]
            value = tried[f] - sign * system.residual(r, tried)
            if allowed(system.fields[f], value):
                tried[f] = value
                left.discard(f)
    if _failing(system, tried) < _failing(system, values):
        values[:] = tried


def _failing(system: System, values: Sequence[Number]) -> int:
    return sum(1 for residual in system.residuals(values) if residual)
