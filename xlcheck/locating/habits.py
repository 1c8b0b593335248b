"""What people do to more than one cell at once, and the changes that would undo it.

Fellegi & Holt count changed fields, as if each were wrong for a reason of its own. But who leaves a column at 0, adds up
a total from a wrong number, or puts in a late case without touching the totals, makes one mistake and leaves many fields
wrong, so that the truth is larger than the smallest set. Such sets are proposed here whatever their size, and
recognised as one mistake, so that they are not paid for field by field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from xlcheck.locating.evidence import Reading
from xlcheck.locating.search import Deltas
from xlcheck.locating.system import System
from xlcheck.locating.typos import OTHER, Slip, SlipKind
from xlcheck.model.numbers import Number, magnitude

DERIVED = 30
"""What it costs that a total was added up from a wrong number: the same difference is no second piece of evidence."""

LEFT, EACH = 62, 8
"""What a line left at 0 costs: its first cell, and each other one."""

PASTED = 75
"""What a column put one row too low costs, and :data:`EACH` for each cell."""

LATE, TENFOLD = 130, 20
"""What it costs that totals were not brought up to date, and for each digit of what is missing in them."""

STALE = 10
"""So many broken relations may be so because totals are not up to date."""


# What would undo it


def proposals(reading: Reading, residuals: Mapping[int, Number]) -> Iterator[Deltas]:
    """Sets of changes that undo one habit each. Whether relations with blanks go on to hold is for the caller to see.

    Args:
        reading: what was typed.
        residuals: of the relations that are to be explained together.
    """
    system = reading.system
    residuals = {r: residual for r, residual in residuals.items() if residual}
    for deltas in _proposed(system, residuals):
        sheet = _Sheet(system, residuals)
        for f, delta in deltas:
            sheet.change(f, delta)
        if not any(left for r, left in sheet.left.items() if r not in reading.pending):
            yield deltas


def _proposed(system: System, residuals: Mapping[int, Number]) -> Iterator[Deltas]:
    yield from _along(system, residuals)
    yield from _brought_up_to_date(system, residuals)
    yield from _with_all_totals(system, residuals)


def _along(system: System, residuals: Mapping[int, Number]) -> Iterator[Deltas]:
    """All that is broken across a column or a row, mended by its cells."""
    crossing: dict[tuple[str, int, int], dict[int, list[tuple[int, int]]]] = {}
    for r in residuals:
        for f, sign in system.members[r]:
            field = system.fields[f]
            for way in (1, 0):
                line = crossing.setdefault((field.sheet, way, field.cell[way]), {})
                line.setdefault(r, []).append((f, sign))
    for line in crossing.values():
        alone = [(r, *links[0]) for r, links in line.items() if len(links) == 1]
        deltas = {f: -sign * residuals[r] for r, f, sign in alone}
        if len(deltas) > 1 and all(deltas[f] == -sign * residuals[r] for r, f, sign in alone):
            yield tuple(sorted(deltas.items()))


def _brought_up_to_date(system: System, residuals: Mapping[int, Number]) -> Iterator[Deltas]:
    """Every total added up anew; what then is open is settled in one of the rows that are no sums."""
    if len(residuals) > STALE:
        return
    anew = _Sheet(system, residuals)
    anew.add_up()
    open_ = [r for r, residual in anew.left.items() if residual]
    if not open_:
        yield anew.deltas()
        return
    places = {system.fields[f].cell[0] for r in open_ for f, _ in system.members[r] if f not in system.sums}
    for place in sorted(places):
        settled = _Sheet(system, anew.left, anew.changed)
        for r in open_:
            at = [(f, sign) for f, sign in system.members[r] if system.fields[f].cell[0] == place]
            if len(at) == 1 and at[0][0] not in system.sums:
                settled.change(at[0][0], -at[0][1] * settled.left[r])
        settled.add_up()
        if not any(settled.left.values()):
            yield settled.deltas()


def _with_all_totals(system: System, residuals: Mapping[int, Number]) -> Iterator[Deltas]:
    """A number that every total was added up from, changed with all of them."""
    defining = {sums[0][0] for sums in system.sums.values()}
    if defining & residuals.keys():
        return
    for r, residual in residuals.items():
        for total, sign in system.members[r]:
            for f, _ in system.members[system.sums[total][0][0]] if total in system.sums else ():
                if f not in system.sums:
                    sheet = _Sheet(system, residuals)
                    sheet.change(f, -sign * residual)
                    sheet.add_up()
                    if not any(sheet.left.values()):
                        yield sheet.deltas()


class _Sheet:
    """Changes of a table, and what they leave of its residuals."""

    def __init__(self, system: System, left: Mapping[int, Number], changed: Mapping[int, Number] | None = None) -> None:
        self.system = system
        self.left = dict(left)
        self.changed = dict(changed or {})

    def change(self, field: int, by: Number) -> None:
        self.changed[field] = self.changed.get(field, 0) + by
        for r, sign in self.system.links[field]:
            self.left[r] = self.left.get(r, 0) + sign * by

    def add_up(self) -> None:
        """Give every total the sum of its parts; once more, as parts may be totals."""
        for _ in range(2):
            for total, ((r, sign), *_) in self.system.sums.items():
                if residual := self.left.get(r):
                    self.change(total, -sign * residual)

    def deltas(self) -> Deltas:
        return tuple(sorted((f, delta) for f, delta in self.changed.items() if delta))


# How it is recognised


def derived(reading: Reading, changed: Mapping[int, Number]) -> dict[int, Slip]:
    """The totals among the changes that had been added up from changed parts, and are added up from them again."""
    found: dict[int, Slip] = {}
    system = reading.system

    for total in [f for f in changed if f in system.sums and reading.typed[f] is not None]:
        for r, _ in system.sums[total]:
            parts = [f for f, _ in system.members[r] if f in changed and f != total]
            if parts and r not in reading.broken and not system.residual(r, reading.base):
                says = f"是由 {OTHER} 格等相加得出的，随之应为 {changed[total]}"
                found[total] = Slip(DERIVED, says, system.fields[parts[0]].key, "derived")
    return found


def habit(reading: Reading, changed: Mapping[int, Number]) -> dict[int, Slip]:
    """The slips of changes that are one mistake; none if they are not."""
    if len(changed) < 2:
        return {}
    line = _line(reading.system, changed)
    if line:
        return _left(reading, changed, line) or _pasted(reading, changed, line)
    return _late(reading, changed)


def _left(reading: Reading, changed: Mapping[int, Number], line: Sequence[int]) -> dict[int, Slip]:
    if any(reading.typed[f] for f in changed):
        return {}
    keys = [reading.system.fields[f].key for f in line]
    sums = all(key in reading.totals for key in keys)
    if any(reading.typed[f] for f, key in zip(line, keys, strict=True) if sums or key not in reading.totals):
        return {}
    if sums:
        return _shared(reading, changed, LEFT, "疑为总计没有填", "totals")
    what = "行" if _is_row(reading.system, line) else "列"
    return _shared(reading, changed, LEFT, f"疑为整{what}没有填", "line")


def _pasted(reading: Reading, changed: Mapping[int, Number], line: Sequence[int]) -> dict[int, Slip]:
    if _is_row(reading.system, line) or not any(changed.values()):
        return {}
    below = dict(pairwise(line))
    fitting = [f for f, new in changed.items() if f in below and reading.typed[below[f]] == new]
    if len(fitting) < max(len(changed) - 1, 2):
        return {}
    return _shared(reading, changed, PASTED, "疑为整列错下一行", "line")


def _late(reading: Reading, changed: Mapping[int, Number]) -> dict[int, Slip]:
    """All changes are of one size, and totals whose own sum is broken grow by it."""
    system = reading.system
    sizes = {magnitude(new - reading.base[f]) for f, new in changed.items()}
    sums = system.sums
    stale = [f for f in changed if f in sums and any(r in reading.broken for r, _ in system.links[f])]
    if len(sizes) != 1 or len(stale) < 2 or any(changed[f] < reading.base[f] for f in stale):
        return {}
    cost = LATE + TENFOLD * (len(str(int(max(sizes)))) - 1)
    share, rest = divmod(cost, len(changed))
    says = "疑为明细后来有改动、合计没有跟着改"
    return {
        f: Slip(share + (0 if number else rest), f"{says}：{reading.typed[f]} 应为 {new}", kind="late")
        for number, (f, new) in enumerate(changed.items())
    }


def _shared(reading: Reading, changed: Mapping[int, Number], first: int, says: str, kind: SlipKind) -> dict[int, Slip]:
    stands = {f: "空白" if reading.typed[f] is None else str(reading.typed[f]) for f in changed}
    return {
        f: Slip(EACH if number else first, f"{says}：{stands[f]} 应为 {new}", kind=kind)
        for number, (f, new) in enumerate(changed.items())
    }


def _line(system: System, changed: Collection[int]) -> tuple[int, ...]:
    """The fields of the one column, or row, that all `changed` stand in, in its order; none if there is no such line."""
    for way in (1, 0):
        if len({(system.fields[f].sheet, system.fields[f].cell[way]) for f in changed}) == 1:
            one = system.fields[next(iter(changed))]
            line = [
                f
                for f, field in enumerate(system.fields)
                if field.cell[way] == one.cell[way] and field.sheet == one.sheet
            ]
            return tuple(sorted(line, key=lambda f: system.fields[f].cell))
    return ()


def _is_row(system: System, line: Sequence[int]) -> bool:
    return system.fields[line[0]].cell[0] == system.fields[line[1]].cell[0]
