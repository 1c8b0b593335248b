"""How a campaign stands in numbers: who must hand in, who did, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlcheck.campaign.ledger.standings import UnitStanding, UnitState
from xlcheck.model.tuples import NamedTuple

Outcomes = Mapping[UnitState, tuple[str, ...]]
"""The names of the units in each state that somebody is in, in the order of the list."""


class NoticeTally(NamedTuple):
    """The numbers of a notice; only units that must hand in are counted, unless it is said otherwise."""

    due: int
    """应报."""
    on_time: int
    """Handed in before the deadline was over, or where there is none."""
    late: tuple[str, ...]
    """The names of those that handed in after it."""
    states: Outcomes
    besides: tuple[str, ...]
    """The names of units that need not hand in and did."""
    arrivals: int
    """How often all of them handed in."""
    reminders: int

    @property
    def missing(self) -> tuple[str, ...]:
        """缺报: the names of those that handed in nothing."""
        return (*self.of("overdue"), *self.of("missing"))

    @property
    def handed(self) -> int:
        """已报."""
        return self.due - len(self.missing)

    def of(self, state: UnitState) -> tuple[str, ...]:
        """The names of the units in a state."""
        return self.states.get(state, ())

    @property
    def is_done(self) -> bool:
        """Whether all that must hand in did, and all of it passed; not where nobody must."""
        return 0 < self.due == len(self.of("passed"))


def notice_tally(standings: Iterable[UnitStanding]) -> NoticeTally:
    """Count how the units of a campaign stand."""
    everybody = tuple(standings)
    due = [one for one in everybody if one.unit.hands_in]
    states: dict[UnitState, list[str]] = {}
    for one in due:
        states.setdefault(one.state, []).append(one.unit.unit.name)
    handed = [one for one in due if one.number]
    return NoticeTally(
        len(due),
        sum(not one.is_late for one in handed),
        tuple(one.unit.unit.name for one in handed if one.is_late),
        {state: tuple(names) for state, names in states.items()},
        tuple(one.unit.unit.name for one in everybody if not one.unit.hands_in),
        sum(one.number for one in everybody),
        sum(one.reminded for one in everybody),
    )
