"""The most plausible explanations of a few relations: the search of :mod:`xlcheck.search`, led by prices.

Where several rows and columns are broken together, very many sets of one size mend them (`r` rows and `c` columns have
``r^(c-1) × c^(r-1)`` spanning trees), and the right one is known by its slips only. So here the budget is a price. As in
the other search, changes are peeled from the leaves of a forest, where they are known exactly. The relation with the
fewest affordable changes comes first, and one that has none at all takes part in at least two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from xlcheck.locating.search import Deltas, Found
from xlcheck.locating.system import System
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple

Price = Callable[[int, Number], int]
"""How implausible it is that a field should change by so much."""

_Options = list[tuple[int, int, Number]]
"""Price, field and change; the cheapest first."""

COMMON = 52
"""The price of a common slip: the search counts so much for each change that is still to be found. A rare slip is
cheaper, so that this is no strict bound; the margin makes up for it."""


class Purse(NamedTuple):
    """Where the search gives up."""

    most: int
    """The price that an explanation may have."""
    margin: int
    """How much dearer than the cheapest explanation others may be."""
    steps: int
    """Relations that are looked at."""
    found: int


class Cheapest:
    """Explains some relations by the fields that stand in no others; its state is changed and restored step by step."""

    def __init__(self, system: System, values: Sequence[Number], relations: Collection[int], price: Price) -> None:
        """Fields and relations of `system`.

        Args:
            system: all relations.
            values: per field, its present value.
            relations: those that are explained.
            price: of one change.
        """
        inside: dict[int, int] = {}
        for r in relations:
            for f, _ in system.members[r]:
                inside[f] = inside.get(f, 0) + 1
        self.links = {f: system.links[f] for f in sorted(inside) if inside[f] == len(system.links[f])}
        self.members = {r: [link for link in system.members[r] if link[0] in self.links] for r in sorted(relations)}
        self.layers = [[r for r in layer if r in self.members] for layer in system.layers]
        self.values = values
        self.signed = system.signed
        self.price = price
        self.blocked = dict.fromkeys(self.links, 0)
        """Per field: why often it may not change any more."""
        self.known: dict[tuple[int, Number], _Options] = {}
        """Per relation and residual: the changes that would settle it."""
        self.chosen: dict[int, Number] = {}

    def explanations(self, residuals: Mapping[int, Number], purse: Purse) -> Found:
        """The cheapest explanations of `residuals`, cheapest first; relations that hold are among these, with 0."""
        self.purse = purse
        self.left = {r: residuals[r] for r in self.members}
        self.needs = {r: 1 if residuals[r] else 0 for r in self.members}
        """Per relation: at least so many more of its fields change."""
        self.wide = sum(sum(1 for r, _ in links if residuals[r]) > 2 for links in self.links.values())
        """Fields that may settle three relations at once."""
        self.found: dict[Deltas, int] = {}
        """With their prices."""
        self.steps = 0
        budget = self.least() + purse.margin
        while not self.found and self.steps < purse.steps and budget < purse.most + purse.margin:
            self.descend(min(budget, purse.most), 0)
            budget += purse.margin
        if self.found:
            most = min(self.found.values()) + purse.margin
            self.found = {deltas: cost for deltas, cost in self.found.items() if cost <= most}
            self.descend(most, 0)
        ranked = sorted(self.found, key=lambda deltas: (self.found[deltas], deltas))
        return Found(tuple(ranked), self.steps < purse.steps and len(ranked) < purse.found, self.steps)

    def least(self) -> int:
        """What explaining the rest costs if it hangs together: a change joins two relations, a wide one three."""
        return COMMON * max(sum(1 for need in self.needs.values() if need) - 1 - self.wide, 0)

    def descend(self, budget: int, spent: int) -> None:
        """Explain what is left for no more than `budget` in all."""
        if self.steps >= self.purse.steps or len(self.found) >= self.purse.found:
            return
        waiting = [r for r, need in self.needs.items() if need]
        self.steps += 1 + len(waiting)
        if not waiting:
            self.found[tuple(sorted(self.chosen.items()))] = spent
            return
        options = {r: self._options(r) for r in waiting if self.needs[r] == 1}
        bound = spent + max(self.least(), self._layered(waiting, options))
        if bound <= budget:
            most = budget - bound + COMMON
            self._branch({r: [o for o in some if o[0] <= most] for r, some in options.items()}, budget, spent)

    def _options(self, leaf: int) -> _Options:
        """The changes that alone would settle `leaf`."""
        residual, blocked = self.left[leaf], self.blocked
        known = self.known.get((leaf, residual))
        if known is None:
            deltas = [(field, -residual if sign > 0 else residual) for field, sign in self.members[leaf]]
            known = sorted(
                (self.price(f, delta), f, delta)
                for f, delta in deltas
                if self.values[f] + delta >= 0 or f in self.signed
            )
            self.known[leaf, residual] = known
        return [option for option in known if not blocked[option[1]]]

    def _layered(self, waiting: Sequence[int], options: Mapping[int, _Options]) -> int:
        """The most that the relations of one layer cost, which share no field: one change each, or two common ones."""
        shares = {r: min(options[r][0][0] if options.get(r) else 2 * COMMON, 2 * COMMON) for r in waiting}
        return max(sum([shares.get(r, 0) for r in layer]) for layer in self.layers)

    def _branch(self, options: Mapping[int, _Options], budget: int, spent: int) -> None:
        """Settle one relation by one change or by several."""
        several = [r for r, some in options.items() if not some]
        for r in several:
            self.needs[r] = 2
        if len(several) < len(options):
            leaf = min((r for r, some in options.items() if some), key=lambda r: len(options[r]))
            self._alone(leaf, options[leaf], budget, spent)
            self.needs[leaf] = 2
            self.descend(budget, spent)
            self.needs[leaf] = 1
        for r in several:
            self.needs[r] = 1

    def _alone(self, leaf: int, options: _Options, budget: int, spent: int) -> None:
        """Try each of `options` as the only change of `leaf`."""
        for field, _ in self.members[leaf]:
            self.blocked[field] += 1
        for cost, field, delta in options:
            undo = [(r, self.left[r], self.needs[r]) for r, _ in self.links[field]]
            for r, side in self.links[field]:
                self.left[r] += side * delta
                self.needs[r] = self._need(r)
            self.needs[leaf] = 0
            self.chosen[field] = delta
            self.descend(budget, spent + cost)
            del self.chosen[field]
            for r, left, need in undo:
                self.left[r], self.needs[r] = left, need
        for field, _ in self.members[leaf]:
            self.blocked[field] -= 1

    def _need(self, relation: int) -> int:
        """What a relation needs after one of its fields changed: a last change of 0 is no change."""
        if self.needs[relation] > 1:
            return self.needs[relation] - 1 if self.left[relation] else 2
        return 1 if self.left[relation] else 0
