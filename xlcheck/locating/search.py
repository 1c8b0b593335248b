"""Exact search for the smallest sets of fields whose change makes all relations hold (Fellegi & Holt 1976).

Each relation is a node and each field an edge that joins the relations it stands in (a field in three relations is a
hyperedge). The changed fields of a smallest explanation form a forest in that graph: along a cycle the changes could be
shifted until one of them vanishes. A forest has leaves: broken relations in which exactly *one* field changes, and by
exactly the residual. So the search peels leaves: it takes a broken relation and tries each field as its only change,
or else notes that at least two of its fields change and takes another one. Integer arithmetic throughout; no values
are guessed. A cycle that can't be shifted, because a field would become negative, is the one thing it does not find.

The cost is a weighted number of changed fields. Every field touches at most one relation of a layer, so what is still
broken in the worst layer bounds the cost of what is left from below; the search deepens its budget by that bound (IDA*)
and returns all explanations of least cost. A mixed-integer programme finds sets of the same size, in ten to a thousand
times the time (``benchmarks/locate.py --highs``).
"""

from __future__ import annotations

from collections.abc import Sequence

from xlcheck.locating.system import System
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple

Deltas = tuple[tuple[int, Number], ...]
"""(field, change) pairs, sorted by field."""


class SearchLimits(NamedTuple):
    """Where the search gives up. Steps, not seconds, so that the same input gives the same output."""

    cost: int
    """The weight that an explanation may have."""
    slack: int
    """How much more than the least weight an explanation may have."""
    steps: int
    found: int


class Found(NamedTuple):
    """What the search came to."""

    solutions: tuple[Deltas, ...]
    """Sorted; none where there is none within the limits."""
    complete: bool
    """False when the limits cut the search short: there may be others."""
    steps: int = 0
    """What it took."""


def smallest(
    system: System, values: Sequence[Number], residuals: Sequence[Number], weights: Sequence[int], limits: SearchLimits
) -> Found:
    """All sets of changes of least weight, and of little more, that leave no residual and no changed field negative.

    Args:
        values: per field, its present value.
        residuals: per relation, what is to be explained; it may be part of what is broken.
        weights: per field, the cost of changing it.
    """
    peel = _Peel(system, values, residuals, weights, limits)
    budget = peel.bound()
    while budget <= limits.cost:
        peel.beyond = limits.cost + 1
        peel.descend(budget)
        if peel.found or peel.steps >= limits.steps:
            break
        budget = peel.beyond
    if peel.found and peel.beyond <= budget + limits.slack:
        peel.descend(budget + limits.slack)
    complete = peel.steps < limits.steps and len(peel.found) < limits.found
    return Found(tuple(sorted(peel.found)), complete, peel.steps)


class _Peel:
    """The state of the search, changed and restored step by step."""

    def __init__(
        self,
        system: System,
        values: Sequence[Number],
        residuals: Sequence[Number],
        weights: Sequence[int],
        limits: SearchLimits,
    ) -> None:
        self.members = system.members
        self.signed = system.signed
        self.links = system.links
        self.layers = system.layers
        self.values = values
        self.weights = weights
        self.limits = limits
        self.left = list(residuals)
        self.needs = [1 if residual else 0 for residual in residuals]
        """Per relation: at least so many more of its fields change."""
        self.closed = [False] * len(residuals)
        self.cheapest = [min((weights[field] for field, _ in row), default=0) for row in system.members]
        self.order = sorted(range(len(residuals)), key=lambda r: (len(system.members[r]), r))
        self.chosen: dict[int, Number] = {}
        self.found: set[Deltas] = set()
        self.steps = 0
        self.beyond = 0
        """The least bound seen that was over the budget."""

    def bound(self) -> int:
        """A cost that what is left can't go below."""
        needs, cheapest = self.needs, self.cheapest
        return max(sum([needs[r] * cheapest[r] for r in layer if needs[r]]) for layer in self.layers)

    def descend(self, budget: int) -> None:
        """Explain what is left within `budget` and the chosen changes."""
        if self.steps >= self.limits.steps or len(self.found) >= self.limits.found:
            return
        self.steps += 1
        bound = self.bound()
        if bound > budget:
            self.beyond = min(self.beyond, bound + self._spent())
            return
        if not bound:
            self.found.add(tuple(sorted(self.chosen.items())))
            return
        leaf = next((r for r in self.order if self.needs[r] == 1 and self.left[r]), None)
        if leaf is None:
            return
        self._alone(leaf, budget)
        self._together(leaf, budget)

    def _spent(self) -> int:
        return sum(self.weights[field] for field in self.chosen)

    def _alone(self, leaf: int, budget: int) -> None:
        """Try each field of `leaf` as its only change."""
        residual, links = self.left[leaf], self.links
        self.closed[leaf] = True
        for field, sign in self.members[leaf]:
            delta = -residual if sign > 0 else residual
            below = self.values[field] + delta < 0 and field not in self.signed
            if below or field in self.chosen:
                continue
            if self.weights[field] > budget:
                self.beyond = min(self.beyond, self._spent() + self.weights[field])
                continue
            if any(self.closed[r] for r, _ in links[field] if r != leaf):
                continue
            undo = [(r, self.left[r], self.needs[r]) for r, _ in links[field]]
            for r, side in links[field]:
                self.left[r] += side * delta
                self.needs[r] = self._need(r)
            self.needs[leaf] = 0
            self.chosen[field] = delta
            self.descend(budget - self.weights[field])
            del self.chosen[field]
            for r, left, need in undo:
                self.left[r], self.needs[r] = left, need
        self.closed[leaf] = False

    def _need(self, relation: int) -> int:
        """What a relation needs after one of its fields changed: a last change of 0 is no change."""
        if self.needs[relation] > 1:
            return self.needs[relation] - 1 if self.left[relation] else 2
        return 1 if self.left[relation] else 0

    def _together(self, leaf: int, budget: int) -> None:
        """Try that at least two fields of `leaf` change."""
        self.needs[leaf] = 2
        self.descend(budget)
        self.needs[leaf] = 1
