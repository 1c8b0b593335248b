"""What changes cost: how implausible it is that the typed numbers should have been others.

100 for a change that nothing explains, less for typing errors and for suspects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations

from xlcheck.locating import habits, typos
from xlcheck.locating.evidence import Reading
from xlcheck.locating.exchanges import neighbours
from xlcheck.locating.typos import Edit, Slip
from xlcheck.model.form import Field
from xlcheck.model.numbers import Number

MET = 30
"""What it speaks for an explanation that it gives a blank the value that another relation waits for."""

CARRIED = 40
"""What it speaks for a change that it gives a field what last year's report carried over, or against one that takes it
away."""

HALF = 30
"""What one half of an exchange costs."""


def cost(reading: Reading, changed: Mapping[int, Number], read_as: Mapping[int, Slip] | None = None) -> int:
    """What the slips cost, and a little for each relation that held and needs more than one change to go on holding.

    Relations that wait for a value and get the right one speak for the changes.

    Args:
        reading: what was typed.
        changed: the new values by field.
        read_as: their slips, if these are known.
    """
    system = reading.system
    touched = {r for f in changed for r, _ in system.links[f]}
    held = touched - reading.broken - reading.waiting
    met = [r for r in touched & reading.waiting if not system.residual(r, {**dict(enumerate(reading.base)), **changed})]
    read_as = slips(reading, changed) if read_as is None else read_as
    return _total(read_as) + 2 * len(held) - MET * len(met) + _against_last_year(reading, changed, read_as)


def _against_last_year(reading: Reading, changed: Mapping[int, Number], read_as: Mapping[int, Slip]) -> int:
    """What speaks against changes that leave what last year carried over, and for those that meet it.

    A total that follows from another change is no second witness.
    """
    against = 0
    for f, new in changed.items():
        carried = reading.before.carried.get(reading.system.fields[f].key)
        if carried is not None and read_as[f].kind != "derived":
            against += CARRIED * ((reading.typed[f] == carried) - (new == carried))
    return against


def slips(reading: Reading, changed: Mapping[int, Number]) -> dict[int, Slip]:
    """The cheapest way to read the changes as typing errors, some of them in pairs."""
    follows = habits.derived(reading, changed)
    edits = {f: Edit(reading.system.fields[f], reading.typed[f], new) for f, new in changed.items() if f not in follows}
    chosen = {f: _single(reading, edit) for f, edit in edits.items()}
    pairs: list[tuple[int, int, int, tuple[Slip, Slip]]] = []
    for a, b in combinations(sorted(edits), 2):
        both = typos.pair_slip(edits[a], edits[b], reading.totals)
        if both and both[0].cost + both[1].cost < chosen[a].cost + chosen[b].cost:
            pairs.append((both[0].cost + both[1].cost - chosen[a].cost - chosen[b].cost, a, b, both))
    taken: set[int] = set()
    # A field is seldom in two pairs; then the pair that saves most is taken first.
    for _, a, b, both in sorted(pairs, key=lambda pair: pair[:3]):
        if not taken & {a, b}:
            chosen[a], chosen[b] = both
            taken |= {a, b}
    for whole, apart in ((changed, {}), ({f: edit.new for f, edit in edits.items()}, follows)):
        one = habits.habit(reading, whole) if apart or whole is changed else {}
        if one and _total(one) < _total(chosen):
            return {**one, **apart}
    return {**chosen, **follows}


def _total(chosen: Mapping[int, Slip]) -> int:
    return sum(slip.cost for slip in chosen.values())


def singly(reading: Reading) -> Callable[[int, Number], int]:
    """The cost of changing one field by so much, whatever else changes.

    A number that stands in the cell beside is taken for one half of an exchange.
    """
    near: dict[int, set[Number]] = {}
    for a, b in neighbours(reading):
        near.setdefault(a, set()).add(reading.typed[b] or 0)

    @cache
    def price(field: int, delta: Number) -> int:
        edit = Edit(reading.system.fields[field], reading.typed[field], reading.base[field] + delta)
        alone = _single(reading, edit).cost
        return min(alone, HALF) if edit.new and edit.new in near.get(field, ()) else alone

    return price


def _single(reading: Reading, edit: Edit) -> Slip:
    slip = typos.slip(edit.old, edit.new)
    left = typos.left_over(edit, reading.before.held.get(edit.field.key))
    if left and left.cost < slip.cost:
        return left
    return slip if slip.reason else typos.copied(edit, _copies(reading, edit)) or slip


def _copies(reading: Reading, edit: Edit) -> list[tuple[Field, Number]]:
    """The totals that hold the same number by no necessity: not merely because all else that they add up is 0."""
    system = reading.system
    own = system.by_key[edit.field.key]
    found: list[tuple[Field, Number]] = []
    for field, value in reading.total_values:
        if value == edit.old:
            shared = {r for r, _ in system.links[system.by_key[field.key]]} & {r for r, _ in system.links[own]}
            if all(system.residual(r, reading.base) for r in shared):
                found.append((field, value))
    return found
