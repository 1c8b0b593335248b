"""Error localisation: which numbers are probably wrong when balances are broken, and what they should be.

The principle is that of I. P. Fellegi and D. Holt, "A systematic approach to automatic edit and imputation" (JASA
1976): change the smallest (weighted) set of fields so that all relations hold. Blank, unreadable, negative and
fractional fields are the first suspects and weigh least. Among explanations of the same weight those come first that
typing errors account for (Scholtus 2009, see :mod:`xlcheck.locating.typos`).

Pure: numbers in, explanations out. The same input gives the same output; what bounds the time is counted in steps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from xlcheck.locating import exchanges, habits
from xlcheck.locating.apart import Puzzle, apart
from xlcheck.locating.evidence import Reading, YearBefore
from xlcheck.locating.exchanges import sets
from xlcheck.locating.pricing import cost, singly, slips
from xlcheck.locating.proof import mistakes, proved
from xlcheck.locating.search import Deltas, Found, SearchLimits, smallest
from xlcheck.locating.system import System
from xlcheck.locating.typos import OTHER
from xlcheck.model.form import Form, Relation
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple

GIVEN = 30
"""Explanations that are given. A number that is forgotten with its total may belong to any of the 21 results."""

CLEAR = 45
"""An explanation is clearly better than another one if it costs this much less; a plain change costs 100."""

MORE = 15
"""How much clearer it has to be for each mistake after the first."""

SEVERAL = 6
"""From so many changes on, parts are explained apart, too: in larger sets, if slips account for these."""

FIELD, BLANK, UNKNOWN, INVALID = 10, 8, 4, 3
"""Weights of a changed field in the search: an ordinary one; an unknown one of many, where blank mostly means 0; an
unknown one of few; one that can't be right."""

MANY = 12
"""From so many unknown fields on they are many."""

SLACK = 4
"""Explanations that weigh this much more than the least are looked at too: only suspects weigh so little."""

SEARCH_LIMITS = SearchLimits(cost=100, slack=SLACK, steps=6_000, found=400)
"""Of searching for one set for everything. The steps take less than a tenth of a second, and at most six such searches
are made; more than ten wrong fields are explained apart (:mod:`xlcheck.apart`)."""


class Change(NamedTuple):
    """One field that should hold another value."""

    field: str
    """Its key."""
    old: int | Decimal | None
    """What stands there; None where it is blank or unreadable."""
    new: int | Decimal
    """What should stand there."""
    reason: str
    """The typing error that explains it, in a clerk's words; empty when none does. See :meth:`says`."""
    other: str = ""
    """The key of the field whose number or place it was confused with, if any."""

    def says(self, cell: str) -> str:
        """The reason, with the name of the other field's cell."""
        return self.reason.replace(OTHER, cell)


class Explanation(NamedTuple):
    """Changes that together make all relations of a cause hold.

    An unknown field of these relations that no change names is 0, as the official rule has it for a blank.
    """

    changes: tuple[Change, ...]
    """What went wrong in the order of the form, then the totals that follow from it."""
    cost: int = 0
    """How implausible, compared with the others of its cause: 100 for a changed field that nothing explains, less for
    typing errors and for suspects."""
    proved: bool = False
    """Whether the numbers leave no doubt if nothing else explains them nearly as well; see
    :mod:`xlcheck.locating.proof`."""
    mistakes: int = 1
    """How many mistakes it takes: two exchanged cells are one, and so is a column left at 0."""


class Located(NamedTuple):
    """Broken relations with one origin."""

    relations: tuple[Relation, ...]
    """In the order of the form."""
    explanations: tuple[Explanation, ...]
    """Best first; empty when nothing small explains the relations."""
    complete: bool = True
    """False when there was too much to search: there may be other explanations as good."""

    @property
    def certain(self) -> bool:
        """Is the first explanation proved, and clearly better than any other?

        The more mistakes it takes, the more others there are that may fit by chance, and the clearer it has to be.
        """
        if not self.complete or not self.explanations or not self.explanations[0].proved:
            return False
        first, *others = self.explanations
        return not others or others[0].cost - first.cost >= CLEAR + MORE * (first.mistakes - 1)


def locate(
    form: Form,
    values: Mapping[str, int | Decimal],
    unknown: Collection[str] = (),
    last_year: YearBefore | None = None,
) -> tuple[Located, ...]:
    """Explain the broken relations.

    Args:
        form: whose relations.
        values: the readable fields by key, as typed: they may be negative or no whole numbers.
        unknown: keys of the blank and unreadable fields; a field that is in neither is unknown too.
        last_year: what last year's table says; it settles ties.

    Returns:
        The causes in the order of their first relations; none when no relation is broken. A relation is broken when no
        numbers ≥ 0 in place of its unknown fields make it hold. Causes share no relation, and each explanation makes
        all relations of its cause hold, breaks none, and leaves no count there negative or fractional.
    """
    system = System.from_form(form)
    reading = Reading.of(system, values, unknown, last_year or YearBefore({}, {}))
    if not reading.broken:
        return ()
    causes: dict[int, Located] = {}
    residuals = system.residuals(reading.base)
    apart = [r for r, residual in enumerate(residuals) if residual or r in reading.broken]
    for block in system.blocks(apart, range(len(system.fields))):
        if reading.broken & set(block):
            causes |= _causes(reading, [residual if r in block else 0 for r, residual in enumerate(residuals)], block)
    return tuple(causes[first] for first in sorted(causes))


def _causes(reading: Reading, residuals: Sequence[Number], block: Sequence[int]) -> dict[int, Located]:
    """The causes of a block of relations, by their first ones."""
    broken = [r for r in block if r in reading.broken]
    causes = _together(reading, residuals, broken)
    if causes:
        return causes
    causes, left, rest = _singly(reading, residuals, broken)
    if causes and rest:
        causes |= _together(reading, left, rest)
        rest = [r for r in rest if not any(reading.system.relations[r] in c.relations for c in causes.values())]
    return causes | ({rest[0]: _cause(reading, rest)} if rest else {})


def _cause(
    reading: Reading, part: Sequence[int], explanations: tuple[Explanation, ...] = (), complete: bool = True
) -> Located:
    return Located(tuple(reading.system.relations[r] for r in part), explanations, complete)


def _together(reading: Reading, residuals: Sequence[Number], broken: Sequence[int]) -> dict[int, Located]:
    """The causes that the smallest set of changes for all of `broken` falls into; none if there is no small one."""
    found = _solved(reading, residuals)
    habitual = set(habits.proposals(reading, {r: residuals[r] for r in broken}))
    ranked = _ranked(reading, broken, {*found.solutions, *habitual})
    if not ranked or not ranked[0].plausible or not found.complete:
        others = _otherwise(reading, residuals, ranked)
        found = Found((*found.solutions, *others.solutions), (found.complete and bool(ranked)) or others.complete)
        ranked = _ranked(reading, broken, {*found.solutions, *habitual})
    if not ranked:
        return {}
    near = [s for s in ranked if s.cost < ranked[0].cost + CLEAR]
    parts = reading.system.blocks(broken, sorted({field for s in near for field in s.fields}))
    return {part[0]: _cause(reading, part, _given(reading, part, residuals, ranked), found.complete) for part in parts}


def _singly(
    reading: Reading, residuals: Sequence[Number], broken: Sequence[int]
) -> tuple[dict[int, Located], list[Number], list[int]]:
    """The fields that alone explain all their relations, and what they leave: the residuals and the broken relations.

    A number that is off by an amount that is seen in all its relations and nowhere else is no coincidence.
    """
    causes: dict[int, Located] = {}
    left, rest = list(residuals), list(broken)
    sizes = [abs(residual) for residual in residuals]
    for f, links in enumerate(reading.system.links):
        part = sorted(r for r, _ in links)
        delta = -links[0][1] * residuals[links[0][0]]
        alone = len(links) > 1 and all(sign * left[r] == -delta and r in rest for r, sign in links)
        if alone and sizes.count(abs(delta)) == len(links):
            changed = {f: reading.base[f] + delta}
            if reading.mended(part, changed):
                causes[part[0]] = _cause(reading, part, (_explanation(reading, part, changed),))
                for r in part:
                    left[r] = 0
                    rest.remove(r)
    return causes, left, rest


def _solved(reading: Reading, residuals: Sequence[Number]) -> Found:
    """Two ways to see relations that still wait for a value: to be met as well, or to be left waiting."""
    found = _smallest(reading, reading.system, residuals)
    if not reading.waiting:
        return found
    other = _smallest(reading, reading.system.without(reading.pending), residuals)
    return Found(tuple(sorted({*found.solutions, *other.solutions})), found.complete and other.complete)


def _otherwise(reading: Reading, residuals: Sequence[Number], ranked: Sequence[_Solution]) -> Found:
    """What the smallest sets may hide: numbers in each other's cells, and larger sets that slips account for."""
    weight = min((s.weight for s in ranked), default=SEARCH_LIMITS.cost)
    moved = tuple(_with_moves(reading, residuals, weight + FIELD))
    if ranked and len(ranked[0].fields) < SEVERAL:
        return Found(moved, False)
    found = apart(_puzzle(reading, residuals))
    return Found((*moved, *found.solutions), found.complete)


def _puzzle(reading: Reading, residuals: Sequence[Number]) -> Puzzle:
    def total(deltas: Deltas) -> int:
        return cost(reading, {f: reading.base[f] + delta for f, delta in deltas})

    return Puzzle(reading.system, reading.base, residuals, singly(reading), total, CLEAR)


def _with_moves(reading: Reading, residuals: Sequence[Number], weight: int) -> Iterator[Deltas]:
    """Explanations that take numbers in each other's cells for granted, and weigh at most `weight`."""
    weights = _weights(reading)
    guesses = tuple(sets(exchanges.moves(reading, residuals)))
    few = SEARCH_LIMITS._replace(steps=SEARCH_LIMITS.steps // max(len(guesses), 1))
    for moves in guesses:
        values, left = list(reading.base), list(residuals)
        for f, delta in moves:
            values[f] += delta
            for r, sign in reading.system.links[f]:
                left[r] += sign * delta
        limits = few._replace(cost=weight - sum(weights[f] for f, _ in moves))
        for deltas in smallest(reading.system, values, left, weights, limits).solutions:
            if not {f for f, _ in moves} & {f for f, _ in deltas}:
                yield tuple(sorted((*moves, *deltas)))


def _smallest(reading: Reading, system: System, residuals: Sequence[Number]) -> Found:
    asked = [residual if row else 0 for residual, row in zip(residuals, system.members, strict=True)]
    return smallest(system, reading.base, asked, _weights(reading), SEARCH_LIMITS)


def _weights(reading: Reading) -> list[int]:
    weights = [FIELD] * len(reading.system.fields)
    many = len(reading.suspects) - len(reading.invalid) >= MANY
    for field in reading.suspects:
        weights[field] = INVALID if field in reading.invalid else BLANK if many else UNKNOWN
    return weights


class _Solution(NamedTuple):
    """Changes that explain a whole block."""

    values: dict[int, Number]
    """The new values of the changed fields."""
    groups: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    """What belongs together: the broken relations, and the changed fields."""
    cost: int
    weight: int
    plausible: bool
    """Are there slips or suspects for all changes?"""

    @property
    def fields(self) -> tuple[int, ...]:
        """The changed fields."""
        return tuple(self.values)


def _solution(reading: Reading, broken: Sequence[int], deltas: Deltas) -> _Solution:
    system = reading.system
    values: dict[int, Number] = {f: reading.base[f] for f in sorted(reading.invalid)}
    values.update((f, reading.base[f] + delta) for f, delta in deltas)
    roots = system.roots(values)
    groups = [
        (relations, tuple(f for f in sorted(values) if roots[system.links[f][0][0]] == roots[relations[0]]))
        for relations in system.blocks(broken, values)
    ]
    kept = {f: values[f] for f in sorted({f for _, fields in groups for f in fields})}
    read_as = slips(reading, kept)
    plausible = all(slip.reason and slip.kind != "forgotten" for slip in read_as.values())
    weights = _weights(reading)
    return _Solution(kept, tuple(groups), cost(reading, kept, read_as), sum(weights[f] for f in kept), plausible)


def _ranked(reading: Reading, broken: Sequence[int], found: Iterable[Deltas]) -> list[_Solution]:
    """Those that mend what they should, best first."""
    solutions = [_solution(reading, broken, deltas) for deltas in found]
    return sorted((s for s in solutions if _mends(reading, s)), key=lambda s: (s.cost, s.fields, str(s.values)))


def _mends(reading: Reading, solution: _Solution) -> bool:
    return all(reading.mended(rs, {f: solution.values[f] for f in fields}) for rs, fields in solution.groups)


def _given(
    reading: Reading, part: Sequence[int], residuals: Sequence[Number], ranked: Iterable[_Solution]
) -> tuple[Explanation, ...]:
    """The best explanations of one part: those of the whole block that keep the parts apart, and habits."""
    inside = set(part)
    seen: dict[tuple[tuple[int, Number], ...], Explanation] = {}
    for solution in ranked:
        mine = [group for group in solution.groups if inside & set(group[0])]
        if all(inside >= set(relations) for relations, _ in mine):
            changed = {f: solution.values[f] for _, fields in mine for f in fields}
            key = tuple(sorted(changed.items()))
            if key not in seen and reading.mended(part, changed):
                seen[key] = _explanation(reading, part, changed)
    alone = all(not residual or r in inside for r, residual in enumerate(residuals))
    for deltas in () if alone else habits.proposals(reading, {r: residuals[r] for r in part}):
        changed = {f: reading.base[f] + delta for f, delta in deltas}
        if deltas not in seen and reading.mended(part, changed):
            seen[tuple(changed.items())] = _explanation(reading, part, changed)
    ranked_here = sorted({e.changes: e for e in seen.values()}.values(), key=lambda explanation: explanation.cost)
    return tuple(ranked_here[:GIVEN])


def _explanation(reading: Reading, part: Sequence[int], changed: Mapping[int, Number]) -> Explanation:
    filled = {**reading.filled(part), **changed}
    fields = sorted(f for f in filled if f in changed or filled[f])
    read_as = slips(reading, {f: filled[f] for f in fields})
    # What follows from another change is said after it.
    fields.sort(key=lambda f: read_as[f].kind == "derived")
    changes = tuple(
        Change(reading.system.fields[f].key, reading.typed[f], filled[f], read_as[f].reason, read_as[f].other)
        for f in fields
        if reading.typed[f] is None or reading.typed[f] != filled[f]
    )
    price = cost(reading, changed, read_as if len(fields) == len(changed) else None)
    return Explanation(changes, price, proved(reading, changed, read_as), mistakes(read_as))
