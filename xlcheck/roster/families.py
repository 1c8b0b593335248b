"""Which units belong together: each unit that others name as theirs above (上级单位), with all that are below it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.identity import code_key, name_key
from xlcheck.roster.units import InvalidUnits, Unit


class Family(NamedTuple):
    """A unit and all units below it, at any depth."""

    head: Unit
    """As the list has it; only a name where the list does not have it."""
    members: tuple[Unit, ...]
    """The head, if it is listed, and the units below it, in the order of the list."""


def families(units: Sequence[Unit]) -> tuple[Family, ...]:
    """One for each unit that is named as a parent, by its name or code, in the order of the list.

    A parent that is not listed itself is the head of a family all the same; these come last.

    Raises:
        InvalidUnits: units are above themselves.
    """
    heads, above = _heads(units)
    chains = [_chain(number, above, units) for number in range(len(units))]
    named = set(above.values())
    return tuple(
        Family(head, tuple(unit for unit, chain in zip(units, chains, strict=True) if number in chain))
        for number, head in enumerate(heads)
        if number in named
    )


def alone(units: Sequence[Unit], found: Sequence[Family]) -> tuple[Unit, ...]:
    """The units that are in no family."""
    members = {unit.name for family in found for unit in family.members}
    return tuple(unit for unit in units if unit.name not in members)


def parents(units: Sequence[Unit]) -> frozenset[Unit]:
    """The listed units that others name as theirs above."""
    heads, above = _heads(units)
    return frozenset(heads[parent] for number, parent in above.items() if number != parent < len(units))


def merely_adds_up(unit: Unit, above: Container[Unit]) -> bool:
    """Whether a unit need not hand in itself: it is `above` others, and the list does not say that it reports (是否报送)."""
    return unit.reports == "否" or (not unit.reports and unit in above)


def _heads(units: Sequence[Unit]) -> tuple[list[Unit], dict[int, int]]:
    """The listed units and those only named as parents, and by a unit's number the number of its parent."""
    heads = list(units)
    by_code = {code_key(unit.code): number for number, unit in enumerate(units) if unit.code}
    by_name = {name_key(unit.name): number for number, unit in enumerate(units)}
    above: dict[int, int] = {}
    for number, unit in enumerate(units):
        if unit.parent:
            name = name_key(unit.parent)
            parent = by_code.get(code_key(unit.parent), by_name.get(name))
            if parent is None:
                parent = by_name[name] = len(heads)
                heads.append(Unit(unit.parent))
            above[number] = parent
    return heads, above


def _chain(number: int, above: Mapping[int, int], units: Sequence[Unit]) -> tuple[int, ...]:
    """A unit and all that are above it, by their numbers."""
    chain = [number]
    while (parent := above.get(chain[-1])) is not None:
        if parent in chain:
            circle = [*chain[chain.index(parent) :], parent]
            said = " → ".join(f"“{units[member].name}”" for member in circle)
            raise InvalidUnits(f"上级单位成了循环：{said}；请改正“上级单位”一列")
        chain.append(parent)
    return tuple(chain)
