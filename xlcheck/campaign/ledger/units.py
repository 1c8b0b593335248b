"""The units of a campaign: every list that the office ever gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import UNIT_ENTRIES, UNITS
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.families import merely_adds_up, parents
from xlcheck.roster.identity import Identity, code_key, name_key
from xlcheck.roster.units import Unit


class ListedUnits(NamedTuple):
    """What a list changed."""

    new: tuple[CampaignUnit, ...]
    changed: tuple[CampaignUnit, ...]
    withdrawn: tuple[CampaignUnit, ...]


UNIT_COLUMNS: tuple[ColumnElement[Any], ...] = (
    UNIT_ENTRIES.c.unit,
    *(UNIT_ENTRIES.c[name] for name in Unit._fields),
    *(UNIT_ENTRIES.c[name] for name in ("place", "hands_in", "withdrawn")),
)
"""What :func:`unit_of_row` reads."""


_last = UNIT_ENTRIES.alias("last_entry")

LISTED = UNITS.join(
    UNIT_ENTRIES, UNIT_ENTRIES.c.id == select(func.max(_last.c.id)).where(_last.c.unit == UNITS.c.id).scalar_subquery()
)
"""All units, each with what the list says now."""


def unit_of_row(row: Sequence[Any]) -> CampaignUnit:
    """The unit whose columns a row begins with."""
    last = len(Unit._fields) + 1
    return CampaignUnit(row[0], Unit(*row[1:last]), *row[last : last + 3])


def campaign_units(connection: Connection, campaign: int, *, withdrawn: bool = False) -> tuple[CampaignUnit, ...]:
    """The units in the order of the list.

    Args:
        connection: of the ledger.
        campaign: whose.
        withdrawn: with those that the list names no more.
    """
    wanted = select(*UNIT_COLUMNS).select_from(LISTED).where(UNITS.c.campaign == campaign)
    wanted = wanted.order_by(UNIT_ENTRIES.c.place, UNIT_ENTRIES.c.unit)
    found = map(unit_of_row, connection.execute(wanted))
    return tuple(one for one in found if withdrawn or not one.withdrawn)


def units_known_by(
    connection: Connection, campaign: int, *known: Identity, withdrawn: bool = False
) -> tuple[CampaignUnit, ...]:
    """The units that have one of these names or codes, in the order of the list, found by indexes.

    Args:
        connection: of the ledger.
        campaign: whose.
        known: as names and codes are compared.
        withdrawn: with those that the list names no more.
    """
    names, codes = {one.name for one in known if one.name}, {one.code for one in known if one.code}
    joined = UNIT_ENTRIES.join(UNITS, UNITS.c.id == UNIT_ENTRIES.c.unit)
    is_meant = UNIT_ENTRIES.c.name_key.in_(names) | UNIT_ENTRIES.c.code_key.in_(codes)
    later = select(_last.c.id).where(_last.c.unit == UNIT_ENTRIES.c.unit, _last.c.id > UNIT_ENTRIES.c.id).exists()
    wanted = select(*UNIT_COLUMNS).select_from(joined).where(is_meant, UNITS.c.campaign == campaign, ~later)
    found = map(unit_of_row, connection.execute(wanted.order_by(UNIT_ENTRIES.c.place, UNIT_ENTRIES.c.unit)))
    return tuple(one for one in found if withdrawn or not one.withdrawn)


def campaign_unit(connection: Connection, unit: int, campaign: int | None = None) -> CampaignUnit | None:
    """The unit with this number, as the list has it now; with a campaign only if it is one of that one's."""
    joined = UNIT_ENTRIES.join(UNITS, UNITS.c.id == UNIT_ENTRIES.c.unit)
    wanted = (
        select(*UNIT_COLUMNS).select_from(joined).where(UNITS.c.id == unit).order_by(UNIT_ENTRIES.c.id.desc()).limit(1)
    )
    if campaign is not None:
        wanted = wanted.where(UNITS.c.campaign == campaign)
    row = connection.execute(wanted).first()
    return unit_of_row(row) if row else None


def enter_units(
    connection: Connection, campaign: int, units: Sequence[Unit], at: int, by: str, *, is_whole: bool = True
) -> ListedUnits:
    """Enter a list of units: one with a known code is the same, and then one with a known name.

    Args:
        connection: of the ledger, for writing.
        campaign: whose list it is.
        units: as a list was read.
        at: when.
        by: who.
        is_whole: what the list does not name is withdrawn; if not, the others stay as they are.
    """
    known = {one.id: one for one in campaign_units(connection, campaign, withdrawn=True)}
    merged = _with_duties(_merged(tuple(known.values()), units, is_whole))
    fresh = [one for one in merged if known.get(one.id) != one]
    entered = [one if one.id else one._replace(id=_new(connection, campaign)) for one in fresh]
    if entered:
        connection.execute(insert(UNIT_ENTRIES), [_columns(one, at, by) for one in entered])
    told = [one for one in entered if one.id not in known or known[one.id]._replace(place=one.place) != one]
    return ListedUnits(
        tuple(one for one in told if one.id not in known),
        tuple(one for one in told if one.id in known and not one.withdrawn),
        tuple(one for one in told if one.withdrawn),
    )


def _merged(known: Sequence[CampaignUnit], units: Sequence[Unit], is_whole: bool) -> list[CampaignUnit]:
    """All units as they stand after a list; new ones have the number 0."""
    same = _same(known, units)
    end = max((one.place for one in known), default=-1) + 1
    merged = []
    for place, unit in enumerate(units):
        old = same.get(place)
        if is_whole:
            at = place
        elif old:
            at = old.place
        else:
            at, end = end, end + 1
        merged.append(CampaignUnit(old.id if old else 0, unit, at))
    named = {old.id for old in same.values()}
    rest = [one for one in known if one.id not in named]
    return merged + [one._replace(withdrawn=True) if is_whole else one for one in rest]


def _same(known: Sequence[CampaignUnit], units: Sequence[Unit]) -> dict[int, CampaignUnit]:
    """By its place in a list the known unit that a listed one is.

    Of several of one code or name the one that the list names now is meant, and not one that it named once.
    """
    known = sorted(known, key=lambda one: not one.withdrawn)
    by_code = {code_key(one.unit.code): one for one in known if one.unit.code}
    same = {
        place: by_code[code_key(unit.code)]
        for place, unit in enumerate(units)
        if unit.code and code_key(unit.code) in by_code
    }
    taken = {one.id for one in same.values()}
    by_name = {name_key(one.unit.name): one for one in known if one.id not in taken}
    for place, unit in enumerate(units):
        if place not in same and name_key(unit.name) in by_name:
            same[place] = by_name.pop(name_key(unit.name))
    return same


def _with_duties(units: Sequence[CampaignUnit]) -> list[CampaignUnit]:
    """Units with who of them must hand in; who is withdrawn stays as he was."""
    above = parents([one.unit for one in units if not one.withdrawn])
    return [one if one.withdrawn else one._replace(hands_in=not merely_adds_up(one.unit, above)) for one in units]


def _new(connection: Connection, campaign: int) -> int:
    return add_row(connection, UNITS, {"campaign": campaign})


def _columns(one: CampaignUnit, at: int, by: str) -> dict[str, Any]:
    keys = {"name_key": name_key(one.unit.name), "code_key": code_key(one.unit.code)}
    rest = {
        "unit": one.id,
        "place": one.place,
        "hands_in": one.hands_in,
        "withdrawn": one.withdrawn,
        "at": at,
        "by": by,
    }
    return {**one.unit._asdict(), **keys, **rest}
