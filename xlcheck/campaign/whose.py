"""Whose a file is: by its cover against the list of units, or whether it can be the unit's whose link it came by."""

from __future__ import annotations

from collections.abc import Sequence

from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.model.submission import front_of
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.who import may_be_same
from xlcheck.results.record import Record
from xlcheck.roster.identity import identity
from xlcheck.roster.match import Handed, match
from xlcheck.roster.roll import is_body_of, is_short_for

_WITHDRAWN = "“{}”已经不在单位名单里；还要报送的，请把它加回名单"


class Whose(NamedTuple):
    """Whose a file is."""

    unit: CampaignUnit | None = None
    """None where nobody knows for certain."""
    reason: str = ""
    """Why nobody knows, in a clerk's words; or why only its name or nothing but its year speaks against it."""
    notices: tuple[str, ...] = ()
    """What a person should know, in a clerk's words."""
    is_of_other_year: bool = False
    """Whether it is that unit's, but reports on another year."""
    is_by_name: bool = False
    """Whether it cannot be read, and nothing but the file's name says whose it is."""


def whose(units: Sequence[CampaignUnit], record: Record, year: int) -> Whose:
    """Find a file's unit.

    Args:
        units: the list, with those that it names no more.
        record: what checking the file came to.
        year: that is collected.
    """
    handed = record.handed
    roster = match([one.unit for one in units], [handed], year)
    for stray in roster.strays:
        if stray.unit is None:
            unread = "文件无法读取，看不出是哪个单位的"
            return Whose(reason=unread if handed.unread else stray.reason)
        unit = next(one for one in units if one.unit == stray.unit)
        return _standing(Whose(unit, stray.reason, is_of_other_year=True))
    unit, line = next((one, line) for one, line in zip(units, roster.entries, strict=True) if line.handed)
    return _standing(Whose(unit, notices=line.notices, is_by_name=handed.unread))


def _standing(found: Whose) -> Whose:
    """The same, unless the list names the unit no more."""
    if found.unit is None or not found.unit.withdrawn:
        return found
    return Whose(reason=_WITHDRAWN.format(found.unit.unit.name))


def foreign(unit: CampaignUnit, units: Sequence[CampaignUnit], record: Record) -> tuple[str, tuple[str, ...]]:
    """Why a file that is said to be a unit's is not, in a clerk's words, or empty; and what a person should know.

    Args:
        unit: whose it is said to be.
        units: the list, with those that it names no more.
        record: what checking the file came to.
    """
    if unit.withdrawn:
        return _WITHDRAWN.format(unit.unit.name), ()
    if record.status == "unreadable" or not (record.unit or record.unit_code):
        return "", ()
    roster = match([one.unit for one in units], [record.handed._replace(year=None)])
    front = front_of(record.document)
    for one, line in zip(units, roster.entries, strict=True):
        if line.handed:
            return ("", line.notices) if one.id == unit.id else (_refusal(front, one.unit.name, unit), ())
    if _names_two(record.handed, units):
        return f"{front}上{roster.strays[0].reason}；请改正后再报", ()
    if not _may_be(unit, record.handed):
        return _refusal(front, record.unit or record.unit_code, unit), ()
    said = f"{front}的单位名称是“{quote(record.unit)}”，名单中是“{unit.unit.name}”" if record.unit else ""
    return "", (said,) if said else ()


def _refusal(front: str, named: str, unit: CampaignUnit) -> str:
    return (
        f"{front}写的单位是“{quote(named)}”，不是“{unit.unit.name}”，没有收下；"
        "请核对是不是拿错了文件；单位名称或代码填错的，请改正后再报"
    )


def _names_two(handed: Handed, units: Sequence[CampaignUnit]) -> bool:
    """Whether the code is one listed unit's and the name another's."""
    mine = identity(handed.unit, handed.code)
    return len({one.id for one in units if identity(one.unit.name, one.unit.code).shares(mine)}) > 1


def _may_be(unit: CampaignUnit, handed: Handed) -> bool:
    """Whether a cover that names no unit of the list may be the unit's: called by its code, by part of its name, or by nothing else."""
    listed, mine = identity(unit.unit.name, unit.unit.code), identity(handed.unit, handed.code)
    if is_body_of(listed.name, mine.name):
        return False
    if listed.shares(mine):
        return True
    if not mine.name:
        return not listed.code
    if mine.code and listed.code:
        return False
    return is_short_for(listed.name, mine.name) or (bool(handed.document) and may_be_same(listed.name, mine.name))
