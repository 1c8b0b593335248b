"""Numbers in each other's cells: two changes that are one slip, tried before the smallest sets that explain nothing.

Fellegi & Holt count fields, and two exchanged cells are two. So a smaller set, of changes that no slip accounts for,
may hide an exchange that fits to the digit. Here every two cells side by side or one below the other are looked at: do
they mend relations if they change places, or if one that is 0 takes the number beside it?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcheck.locating.evidence import Reading
from xlcheck.model.numbers import Number

TRIED = 12
"""No more than this many at once."""

Moves = tuple[tuple[int, Number], ...]
"""(field, change) pairs of one slip. Of a number put over another one only the first is known: where it belongs."""


def moves(reading: Reading, residuals: Sequence[Number]) -> list[Moves]:
    """The slips that mend at least one relation and break none, those that mend most first."""
    found: list[tuple[int, Moves]] = []
    for a, b in neighbours(reading):
        first, second = reading.typed[a], reading.typed[b]
        if second is None or first == second:
            continue
        if first is not None and a < b:
            exchange: Moves = ((a, second - reading.base[a]), (b, first - reading.base[b]))
            found.append((_mended(reading, residuals, exchange, frozenset()), exchange))
        if not first and second > 0:
            shared = frozenset(r for r, _ in reading.system.links[a]) & {r for r, _ in reading.system.links[b]}
            move: Moves = ((a, second - reading.base[a]),)
            found.append((_mended(reading, residuals, move, shared), move))
    return [move for mended, move in sorted(found, key=lambda item: -item[0]) if mended > 0][:TRIED]


def sets(moves: Sequence[Moves]) -> Iterator[Moves]:
    """One or two of `moves`, as one set of changes; no field twice."""
    for number, one in enumerate(moves):
        yield one
        for other in moves[:number]:
            if not {f for f, _ in one} & {f for f, _ in other}:
                yield (*other, *one)


def _mended(reading: Reading, residuals: Sequence[Number], changes: Moves, aside: frozenset[int]) -> int:
    """How many relations, `aside` aside, the changes mend; -1 if they break one."""
    after: dict[int, Number] = {}
    for f, delta in changes:
        for r, sign in reading.system.links[f]:
            after[r] = after.get(r, residuals[r]) + sign * delta
    if any(after[r] and not residuals[r] for r in after if r not in aside):
        return -1
    return sum(1 for r in after if r not in aside and residuals[r] and not after[r])


def neighbours(reading: Reading) -> Iterator[tuple[int, int]]:
    """Pairs of fields whose cells touch, each both ways round."""
    fields = reading.system.fields
    at = {(field.sheet, field.cell): f for f, field in enumerate(fields)}
    for a, field in enumerate(fields):
        below = (field.sheet, (field.last[0] + 1, field.cell[1]))
        right = (field.sheet, (field.cell[0], field.last[1] + 1))
        for place in (below, right):
            if place in at:
                yield a, at[place]
                yield at[place], a
