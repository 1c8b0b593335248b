"""Many wrong fields, explained one part after the other.

The least sets of broken relations that can be explained apart (:mod:`xlcheck.components`) are explained by
:mod:`xlcheck.cheapest`, and the cheapest disjoint ones that take up all that is broken explain the table. First only
slips of the digits are believed, which finds them quickly; what nothing accounts for is admitted step by step. As a sum
may be 0 by chance, and as a part need not be a forest, three things are put right:

- what the sets leave, the *rest*, is explained together;
- slips that go round in a circle, as of two rows and two columns, are found by guessing one of them;
- parts with a change that nothing explains are joined with each other, and with relations that hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from xlcheck.locating import typos
from xlcheck.locating.cheapest import Cheapest, Price, Purse
from xlcheck.locating.components import components
from xlcheck.locating.search import Deltas, Found
from xlcheck.locating.system import System
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple

TYPICAL, DEAREST = 56, 62
"""What a slip of the digits mostly costs, and at most."""

DEAR = 75
"""A change that costs so much is no slip of the digits."""

SLACKS = (15, 70, 1_000)
"""What a set may cost besides such slips: nothing, one change that nothing explains, any."""

STEPS, CIRCLING = 60_000, 30_000
"""Steps of all searches together, and of those for circles."""

KNOTS = 3_000
"""Steps of putting sets together."""

PARTINGS, RESTS, JOINS, OPTIONS = 60, 20, 40, 12
"""How many are looked at: ways to part what is broken, rests of these, joined parts, explanations of one part."""

SMALL = 3
"""Relations of a set that may be explained with one that holds: a number moved within a row."""

CIRCLE = range(3, 8)
"""Changes of a part that is looked at for circles."""


class Puzzle(NamedTuple):
    """What is to be explained."""

    system: System
    values: Sequence[Number]
    """Per field, its present value."""
    residuals: Sequence[Number]
    """Per relation."""
    price: Price
    """Of one change."""
    total: Callable[[Deltas], int]
    """The price of changes together."""
    margin: int
    """What is dearer than the cheapest explanation by so much matters no longer."""


class _Part(NamedTuple):
    """A set of relations that is explained apart."""

    mask: int
    """Bits of its relations' places among the broken ones."""
    options: tuple[tuple[int, Deltas], ...]
    """Its explanations with their prices, cheapest first."""
    dear: bool
    """Does no slip account for a change of the cheapest?"""
    whole: bool
    """Was the search not cut short?"""

    @property
    def price(self) -> int:
        """Of the cheapest."""
        return self.options[0][0]


class _Parting(NamedTuple):
    """A way to part all that is broken."""

    price: int
    parts: tuple[_Part, ...]
    rest: int = 0
    """What is in no part, as a mask."""

    def with_part(self, part: _Part) -> _Parting:
        """`part` in place of all that it takes up."""
        parts = (*(other for other in self.parts if not other.mask & part.mask), part)
        return _Parting(sum(other.price for other in parts), parts)


def apart(puzzle: Puzzle) -> Found:
    """Explanations of all that is broken: the cheapest, and those in which one part is explained otherwise."""
    parts = _Parts(puzzle)
    masks, complete = components(puzzle.system, puzzle.residuals, parts.broken)
    found: list[_Parting] = []
    for slack in SLACKS:
        knots = _Knots(parts, [part for mask in masks if (part := parts.explained(mask, slack))])
        found = _with_rests(parts, knots.likely(), slack)
        complete = complete and knots.steps < KNOTS
        if found:
            break
    if not found:
        return Found((), complete and parts.steps > 0, STEPS - parts.steps)
    found = sorted(_with_joins(parts, found), key=lambda parting: parting.price)[:PARTINGS]
    complete = complete and parts.steps > 0 and all(part.whole for part in found[0].parts)
    return Found(tuple(sorted(set(_solutions(found)))), complete, STEPS - parts.steps)


def _with_rests(parts: _Parts, likely: Iterable[_Parting], slack: int) -> list[_Parting]:
    """Those that leave nothing when their rests are explained."""
    found: list[_Parting] = []
    rests = 0
    for parting in likely:
        if found and parting.price >= min(other.price for other in found) + parts.puzzle.margin:
            break
        if not parting.rest:
            found.append(parting)
        elif rests < RESTS:
            rests += 1
            rest = parts.explained(parting.rest, slack) or parts.circular(parting.rest)
            found += [parting.with_part(rest)] if rest else []
    return found


def _with_joins(parts: _Parts, found: list[_Parting]) -> list[_Parting]:
    """What is `found`, and what comes of the cheapest by other looks at its dear parts."""
    tried: set[int] = set()
    while True:
        best = min(found, key=lambda parting: parting.price)
        new: list[_Parting] = []
        for one in best.parts:
            if one.dear and one.mask not in tried:
                tried.add(one.mask)
                looks = (parts.joined([one], holding=True), parts.circular(one.mask))
                new += [best.with_part(part) for part in looks if part]
        for one, other in combinations(best.parts, 2):
            if (one.dear or other.dear) and one.mask | other.mask not in tried and len(tried) < JOINS:
                tried.add(one.mask | other.mask)
                part = parts.joined([one, other])
                new += [best.with_part(part)] if part else []
        found = found + new
        if not any(parting.price < best.price for parting in new):
            return found


def _solutions(found: Sequence[_Parting]) -> Iterator[Deltas]:
    """Each parting with the cheapest explanations, and the first one with all others of each part, too."""
    for number, parting in enumerate(found):
        for part in parting.parts[: None if number == 0 else 1]:
            for _, deltas in part.options[: None if number == 0 else 1]:
                others = (change for other in parting.parts if other is not part for change in other.options[0][1])
                yield tuple(sorted((*others, *deltas)))


class _Parts:
    """Explains sets of relations, within a number of steps."""

    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = puzzle
        self.broken = [r for r, residual in enumerate(puzzle.residuals) if residual]
        self.steps, self.circling = STEPS, CIRCLING
        """What is left of them."""
        places = {r: place for place, r in enumerate(self.broken)}
        self.wide = [
            sum(1 << places[r] for r, _ in links)
            for links in puzzle.system.links
            if len(links) > 2 and all(r in places for r, _ in links)
        ]
        """The masks of fields that stand in three broken relations."""
        self.known: dict[int, _Part] = {}

    def changes(self, mask: int) -> int:
        """How many changes explain `mask` if all hangs together: each joins two relations, a wide one three."""
        return max(mask.bit_count() - 1 - sum(field & mask == field for field in self.wide), 1)

    def explained(self, mask: int, slack: int) -> _Part | None:
        """The relations of `mask`, explained by fields that stand in no others; `slack` is one of :data:`SLACKS`."""
        if mask not in self.known:
            asked, changes = self._asked(mask), self.changes(mask)
            most = DEAREST * changes + min(slack, TYPICAL * changes)
            part = self._part(mask, asked, most, 2_000 * max(changes - 3, 1))
            if not part and len(asked) <= SMALL:
                part = self._part(mask, self._with_holding(asked), DEAREST * len(asked) + SLACKS[0], 1_000)
            if part:
                self.known[mask] = part
        return self.known.get(mask)

    def joined(self, parts: Sequence[_Part], holding: bool = False) -> _Part | None:
        """All relations of `parts` together, if that costs little more; with relations that hold, if `holding`."""
        mask = sum(part.mask for part in parts)
        asked = self._with_holding(self._asked(mask)) if holding else self._asked(mask)
        return self._part(mask, asked, sum(part.price for part in parts) + self.puzzle.margin, 4_000)

    def circular(self, mask: int) -> _Part | None:
        """The relations of `mask`, explained by slips of which some go round in a circle.

        One of these is guessed, and then the others are a forest again.
        """
        puzzle, asked, changes = self.puzzle, self._asked(mask), self.changes(mask)
        if changes not in CIRCLE:
            return None
        most = DEAREST * (changes + 1) + SLACKS[0]
        search = Cheapest(puzzle.system, puzzle.values, asked, puzzle.price)
        found: set[Deltas] = set()
        for field, delta in self._guesses(asked):
            if self.circling <= 0:
                break
            left = dict(asked)
            for r, sign in puzzle.system.links[field]:
                left[r] += sign * delta
            purse = Purse(most - puzzle.price(field, delta), margin=most, steps=60, found=20)
            others = search.explanations(left, purse)
            self.circling -= others.steps
            fitting = (deltas for deltas in others.solutions if all(other != field for other, _ in deltas))
            found |= {tuple(sorted((*deltas, (field, delta)))) for deltas in fitting}
        return self._of(mask, found, self.circling > 0)

    def _guesses(self, asked: Mapping[int, Number]) -> Iterator[tuple[int, int]]:
        """The slips of each field that stands in no other relation."""
        system = self.puzzle.system
        for field in sorted({f for r in asked for f, _ in system.members[r]}):
            old = self.puzzle.values[field]
            if isinstance(old, int) and old >= 0 and all(r in asked for r, _ in system.links[field]):
                yield from ((field, new - old) for new in typos.rights(old))

    def _asked(self, mask: int) -> dict[int, Number]:
        return {r: self.puzzle.residuals[r] for place, r in enumerate(self.broken) if mask >> place & 1}

    def _with_holding(self, asked: Mapping[int, Number]) -> dict[int, Number]:
        """`asked` and the relations that hold and share a field with them."""
        system = self.puzzle.system
        fields = {f for r in asked for f, _ in system.members[r]}
        near = sorted({r for f in fields for r, _ in system.links[f] if not self.puzzle.residuals[r]})
        return {**asked, **dict.fromkeys(near, 0)}

    def _part(self, mask: int, asked: Mapping[int, Number], most: int, steps: int) -> _Part | None:
        puzzle = self.puzzle
        purse = Purse(most, puzzle.margin, max(min(steps, self.steps), 0), found=400)
        found = Cheapest(puzzle.system, puzzle.values, asked, puzzle.price).explanations(asked, purse)
        self.steps -= found.steps
        return self._of(mask, found.solutions, found.complete)

    def _of(self, mask: int, solutions: Iterable[Deltas], whole: bool) -> _Part | None:
        options = sorted((self.puzzle.total(deltas), deltas) for deltas in solutions)[:OPTIONS]
        if not options:
            return None
        dear = any(self.puzzle.price(f, delta) >= DEAR for f, delta in options[0][1])
        return _Part(mask, tuple(options), dear, whole)


class _Knots:
    """Puts disjoint parts together: a branch and bound over the relations, that with the fewest parts first."""

    def __init__(self, parts: _Parts, solved: Sequence[_Part]) -> None:
        self.parts = parts
        places = range(len(parts.broken))
        at = [[part for part in solved if part.mask >> place & 1] for place in places]
        self.shares = [min([part.price / part.mask.bit_count() for part in some] + [TYPICAL]) for some in at]
        """Per relation, the least that it costs in any part."""
        self.at = [sorted(some, key=lambda part: (part.price - self._least(part.mask), part.mask)) for some in at]
        self.best: list[_Parting] = []
        self.steps = 0

    def likely(self) -> list[_Parting]:
        """The ways to part what is broken that are probably cheapest, in this order."""
        self._extend((1 << len(self.at)) - 1, 0, 0, ())
        return self.best

    def _least(self, mask: int) -> float:
        return sum([share for place, share in enumerate(self.shares) if mask >> place & 1])

    def _extend(self, open_: int, rest: int, spent: int, chosen: tuple[_Part, ...]) -> None:
        """Find a part for each relation that is still `open_`, or leave it to the rest."""
        self.steps += 1
        price = spent + (TYPICAL * self.parts.changes(rest) if rest else 0)
        least = price + self._least(open_) - (0 if rest else TYPICAL)
        if self.steps >= KNOTS or (len(self.best) == PARTINGS and least >= self.best[-1].price):
            return
        if not open_:
            found = [*self.best, _Parting(price, chosen, rest)]
            self.best = sorted(found, key=lambda parting: (parting.price, parting.rest))[:PARTINGS]
            return
        place, fitting = self._narrowest(open_)
        for part in fitting:
            self._extend(open_ & ~part.mask, rest, spent + part.price, (*chosen, part))
        self._extend(open_ & ~(1 << place), rest | 1 << place, spent, chosen)

    def _narrowest(self, open_: int) -> tuple[int, list[_Part]]:
        """The open relation with the fewest parts that fit, and these."""
        places = (place for place in range(open_.bit_length()) if open_ >> place & 1)
        fitting = ((place, [part for part in self.at[place] if part.mask & open_ == part.mask]) for place in places)
        return min(fitting, key=lambda item: len(item[1]))
