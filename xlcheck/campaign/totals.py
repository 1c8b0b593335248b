"""A campaign added up (汇总): what each unit handed in last, where it passed; and who is missing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.batch.plan import Job
from xlcheck.campaign.ledger.arrivals import arrival_of
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.standings import UnitStanding
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.forms.rules import SEVERITIES
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, ignore
from xlcheck.tasks.total import Summed, TotalOptions, read_given, total_of

if TYPE_CHECKING:
    from xlcheck.totals.selection import Given

_RETURNED = "已退改，还没有重新报送"
_UNREAD = "收下时没有核对成，请重新收一次"


class _Newest(NamedTuple):
    """What a unit handed in last."""

    standing: UnitStanding
    name: str
    """The file's."""
    digest: str
    at: int

    @property
    def shown(self) -> str:
        return f"{self.standing.unit.unit.name}/{self.name}"


def total_campaign(opened: OpenCampaign, options: TotalOptions, now: int, listen: Listener = ignore) -> Summed:
    """Add up what the units of a campaign handed in last.

    What was returned does not count, nor does an earlier one that passed: the office knows that it is not right. What waits
    for an explanation (待核实) counts, and is named.

    Args:
        opened: the campaign.
        options: how; its year, its list of units and its form are the campaign's.
        now: the moment by which units are overdue.
        listen: as of :func:`xlcheck.tasks.total.total_up`.

    Raises:
        CannotDo: as there.
        LedgerTrouble: the ledger cannot be read.
    """
    with reading(opened.engine) as connection:
        units = campaign_units(connection, opened.campaign.id)
        newest = []
        for one in unit_standings(connection, opened.campaign.id, now):
            if one.arrival is not None:
                arrival = arrival_of(connection, one.arrival)
                newest.append(_Newest(one, arrival.name, arrival.digest, arrival.at))
    options = options._replace(year=opened.campaign.year, units=None, form=opened.form)
    listed = tuple(one.unit for one in units)
    return total_of(lambda: _given(opened, newest, options, listen), listed, options, listen)


def _given(opened: OpenCampaign, newest: Sequence[_Newest], options: TotalOptions, listen: Listener) -> Sequence[Given]:
    """What each submission gives to the total, read anew from the ledger's contents; they never lie in memory together."""
    with tempfile.TemporaryDirectory(prefix="xlcheck-") as folder:
        jobs = []
        for number, one in enumerate(newest):
            path = Path(folder, str(number))
            with reading(opened.engine) as connection:
                path.write_bytes(content_of(connection, one.digest))
            jobs.append(Job(path, one.shown, None, modified=float(one.at)))
        return [_as_known(given, one) for given, one in zip(read_given(jobs, options, listen), newest, strict=True)]


def _as_known(given: Given, one: _Newest) -> Given:
    """What a submission gives, as the ledger knows it: whose it is, whether it was returned, and what was explained."""
    unit = one.standing.unit.unit
    given = given._replace(unit=unit.name, code=unit.code)
    state, open_warnings = one.standing.state, one.standing.unexplained
    if given.state == "passed" and state not in ("passed", "review"):
        return given._replace(state="failed", reason=_UNREAD if state == "unreadable" else _RETURNED)
    # What does not fit last year, or the round before, is known to the ledger alone.
    return given._replace(unexplained=f"{SEVERITIES['warning']} {open_warnings} 处" if state == "review" else "")
