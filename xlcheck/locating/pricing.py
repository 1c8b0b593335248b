"""What changes cost: how implausible it is that the typed numbers should have been others.

100 for a change that nothing explains, less for typing errors and for suspects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations

from xlcheck.locating import typos
from xlcheck.locating.evidence import Reading
from xlcheck.locating.exchanges import neighbours
from xlcheck.locating.typos import Edit, Slip
from xlcheck.model.numbers import Number

MET = 30
"""What it speaks for an explanation that it gives a blank the value that another relation waits for."""

HALF = 30
"""What one half of an exchange costs."""


def cost(reading: Reading, changed: Mapping[int, Number]) -> int:
    """What the slips cost, and a little for each relation that held and needs more than one change to go on holding.

    Relations that wait for a value and get the right one speak for the changes.

    Args:
        reading: what was typed.
        changed: the new values by field.
    """
    system = reading.system
    touched = {r for f in changed for r, _ in system.links[f]}
    held = touched - reading.broken - reading.waiting
    met = [r for r in touched & reading.waiting if not system.residual(r, {**dict(enumerate(reading.base)), **changed})]
    return sum(slip.cost for slip in slips(reading, changed).values()) + 2 * len(held) - MET * len(met)


def slips(reading: Reading, changed: Mapping[int, Number]) -> dict[int, Slip]:
    """The cheapest way to read the changes as typing errors, some of them in pairs."""
    edits = {f: Edit(reading.system.fields[f], reading.typed[f], new) for f, new in changed.items()}
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
    return chosen


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
    return slip if slip.reason else typos.copied(edit, reading.total_values) or slip
