"""What a file that came in is compared with: what its unit handed in before, and for last year's campaign."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from xlcheck.batch.earlier import Earlier, Shelf, shelf_of
from xlcheck.campaign.ledger.arrivals import arrivals_of
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.units import campaign_units, units_known_by
from xlcheck.campaign.ledger.values import CampaignArrival, CampaignUnit
from xlcheck.campaign.looking import FileQuestion
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.checking.explanations import SaidBefore
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import Record, of_entry
from xlcheck.roster.identity import identity
from xlcheck.roster.roll import is_short_for, roll_of

ArrivalPlace = tuple[int, int]
"""Where an arrival stands among those of its unit: when it reached the office, and its number."""

_END = 1 << 62
"""Behind every number and every time."""


class ReadableArrival(NamedTuple):
    """An arrival that could be read, and what was found in it."""

    arrival: CampaignArrival
    record: Record


def place_at(at: int) -> ArrivalPlace:
    """The place of what reaches the office at a time and is not entered yet: behind all of that time."""
    return at, _END


def compared(
    opened: OpenCampaign, question: FileQuestion, unit: CampaignUnit, place: ArrivalPlace
) -> tuple[FileQuestion, int | None, tuple[str, ...]]:
    """A question with what it is compared with.

    Args:
        opened: the campaign.
        question: as it is without.
        unit: whose the file is.
        place: where it stands among what the unit handed in: what came after it is no round before.

    Returns:
        The question with last year's submission of the unit and the one before; the number of the one right before it, which
        may be one that cannot be read; and what cannot be compared and why, in a clerk's words.
    """
    with reading(opened.engine) as connection:
        number = number_before(connection, unit, place)
        before = last_readable(connection, unit, place)
        last_round = _earlier(connection, before, _shown(before.arrival)) if before else None
        told = _said_before(connection, unit, place)
    year, said = last_year_of(opened, unit)
    return question._replace(last_year=year, last_round=last_round, said=told), number, (said,) if said else ()


def is_compared_with(previous: str, arrival: CampaignArrival) -> bool:
    """Whether a round that says so was compared with that arrival: what came out of order may stand between them since."""
    return previous == str(Path(_shown(arrival), arrival.name))


def _shown(arrival: CampaignArrival) -> str:
    return f"第 {arrival.number} 次报送"


def _said_before(connection: Connection, unit: CampaignUnit, place: ArrivalPlace) -> tuple[SaidBefore, ...]:
    """What the unit's workbooks said of warnings in all rounds before."""
    checks = checks_of(connection, [one.id for one in _before(connection, unit, place)])
    lines = (line for check in checks.values() if check.warnings for line in of_entry(check.entry).lines)
    return tuple(SaidBefore(line.code, line.explanation, line.message) for line in lines if line.explanation)


def number_before(connection: Connection, unit: CampaignUnit | None, place: ArrivalPlace) -> int | None:
    """The number of what a unit handed in right before a place; None for nothing, and for nobody."""
    earlier = _before(connection, unit, place) if unit else ()
    return earlier[-1].id if earlier else None


def last_readable(
    connection: Connection, unit: CampaignUnit, place: ArrivalPlace, year: int | None = None
) -> ReadableArrival | None:
    """The newest submission of a unit before a place that could be read; of a certain year, where one is named."""
    arrivals = _before(connection, unit, place)
    checks = checks_of(connection, [one.id for one in arrivals])
    for one in reversed(arrivals):
        if one.id in checks and checks[one.id].status != "unreadable":
            record = of_entry(checks[one.id].entry)
            if year in (None, record.year):
                return ReadableArrival(one, record)
    return None


def _before(connection: Connection, unit: CampaignUnit, place: ArrivalPlace) -> tuple[CampaignArrival, ...]:
    return tuple(one for one in arrivals_of(connection, unit.id) if (one.at, one.id) < place)


def _earlier(connection: Connection, found: ReadableArrival, shown: str, year: int | None = None) -> Earlier:
    (arrival, record), path = found, Path(shown, found.arrival.name)
    content = content_of(connection, arrival.digest)
    return Earlier(path, str(path), record.unit_code, record.unit, year, content=content)


def _of_year(connection: Connection, unit: CampaignUnit, year: int) -> Earlier | None:
    """What a unit handed in last for a year, of what could be read.

    What the office returned is wrong somewhere, and nobody is held to it a year later; nor to an earlier one.
    """
    found = last_readable(connection, unit, place_at(_END), year)
    decision = decision_of(connection, found.arrival.id) if found else None
    if found is None or (decision is not None and decision.kind == "returned"):
        return None
    return _earlier(connection, found, f"{year} 年", year)


def last_year_of(opened: OpenCampaign, unit: CampaignUnit) -> tuple[Earlier | None, str]:
    """What a unit handed in for last year's campaign, as its content; or why it cannot be compared, in a clerk's words.

    Where there is no campaign of last year, there is neither.
    """
    former = opened.former
    if former is None:
        return None, opened.doubt
    mine = identity(unit.unit.name, unit.unit.code)
    with reading(former.engine) as connection:
        before = units_known_by(connection, former.campaign.id, mine)
    with reading(opened.engine) as connection:
        theirs = (identity(one.unit.name, one.unit.code) for one in before)
        now = units_known_by(connection, opened.campaign.id, mine, *theirs)
    with reading(former.engine) as connection:
        then = _same_unit(unit, before, now)
        found = _of_year(connection, then, former.campaign.year) if then else None
    return found, "" if found else f"没有与上年比对：上年的台账里没有“{unit.unit.name}”可用的报送表"


def campaign_shelf(opened: OpenCampaign) -> Shelf:
    """What each unit of a campaign handed in last, as far as it can be read, for the next year's to be compared with.

    Raises:
        LedgerTrouble: the ledger cannot be read.
    """
    year, entries = opened.campaign.year, []
    with reading(opened.engine) as connection:
        for one in campaign_units(connection, opened.campaign.id):
            found = _of_year(connection, one, year)
            if found is not None:
                path = Path(f"{year} 年", one.unit.name, found.path.name)
                entries.append(found._replace(path=path, shown=str(path), unit=one.unit.name, unit_code=one.unit.code))
    return shelf_of(entries)


def _same_unit(unit: CampaignUnit, then: Sequence[CampaignUnit], now: Sequence[CampaignUnit]) -> CampaignUnit | None:
    """The unit in last year's list: by code, where the name is the same or the unit was surely renamed, or else by name."""
    mine, listed = identity(unit.unit.name, unit.unit.code), roll_of(one.unit for one in now)
    known = [(identity(one.unit.name, one.unit.code), one) for one in then]
    for theirs, one in known:
        if theirs.code and theirs.code == mine.code:
            is_same = theirs.name == mine.name or is_short_for(theirs.name, mine.name)
            if is_same or listed.is_renamed(mine, theirs):
                return one
    return next((one for theirs, one in known if theirs.name == mine.name), None)
