"""What a file that came in is compared with: what its unit handed in before, and for last year's campaign."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from xlcheck.batch.earlier import Earlier, Shelf, shelf_of
from xlcheck.campaign.ledger.arrivals import arrivals_of, newest_arrival
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.campaign.looking import FileQuestion
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.results.record import of_entry
from xlcheck.roster.identity import identity
from xlcheck.roster.roll import is_short_for, roll_of


def compared(
    opened: OpenCampaign, question: FileQuestion, unit: CampaignUnit
) -> tuple[FileQuestion, int | None, tuple[str, ...]]:
    """A question with what it is compared with.

    Args:
        opened: the campaign.
        question: as it is without.
        unit: whose the file is.

    Returns:
        The question with last year's submission of the unit and the one before; the number of what it handed in last, which
        may be one that cannot be read; and what cannot be compared and why, in a clerk's words.
    """
    with reading(opened.engine) as connection:
        number = newest_number(connection, unit)
        before = _last_readable(connection, unit)
    year, said = last_year_of(opened, unit)
    return question._replace(last_year=year, last_round=before), number, (said,) if said else ()


def newest_number(connection: Connection, unit: CampaignUnit | None) -> int | None:
    """The number of what a unit handed in last; None for nothing, and for nobody."""
    newest = newest_arrival(connection, unit.id) if unit else None
    return newest.id if newest else None


def _last_readable(connection: Connection, unit: CampaignUnit, year: int | None = None) -> Earlier | None:
    """The newest submission of a unit that could be read; of a certain year where one is named, and then none that was returned.

    What the office returned is wrong somewhere, and nobody is held to it a year later; nor to an earlier one.
    """
    arrivals = arrivals_of(connection, unit.id)
    checks = checks_of(connection, [one.id for one in arrivals])
    for one in reversed(arrivals):
        if one.id not in checks or checks[one.id].status == "unreadable":
            continue
        record = of_entry(checks[one.id].entry)
        if year is None or record.year == year:
            if year is not None and _was_returned(connection, one.id):
                return None
            path = Path(f"{year} 年" if year else f"第 {one.number} 次报送", one.name)
            return Earlier(
                path, str(path), record.unit_code, record.unit, year, content=content_of(connection, one.digest)
            )
    return None


def _was_returned(connection: Connection, arrival: int) -> bool:
    decision = decision_of(connection, arrival)
    return decision is not None and decision.kind == "returned"


def last_year_of(opened: OpenCampaign, unit: CampaignUnit) -> tuple[Earlier | None, str]:
    """What a unit handed in for last year's campaign, as its content; or why it cannot be compared, in a clerk's words.

    Where there is no campaign of last year, there is neither.
    """
    former = opened.former
    if former is None:
        return None, opened.doubt
    with reading(opened.engine) as connection:
        now = campaign_units(connection, opened.campaign.id)
    with reading(former.engine) as connection:
        then = _same_unit(unit, campaign_units(connection, former.campaign.id), now)
        found = _last_readable(connection, then, former.campaign.year) if then else None
    return found, "" if found else f"没有与上年比对：上年的台账里没有“{unit.unit.name}”可用的报送表"


def campaign_shelf(opened: OpenCampaign) -> Shelf:
    """What each unit of a campaign handed in last, as far as it can be read, for the next year's to be compared with.

    Raises:
        LedgerTrouble: the ledger cannot be read.
    """
    year, entries = opened.campaign.year, []
    with reading(opened.engine) as connection:
        for one in campaign_units(connection, opened.campaign.id):
            found = _last_readable(connection, one, year)
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
