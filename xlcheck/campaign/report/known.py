"""What the ledger knows of each file: its findings, with what was said and decided of them since it was checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from xlcheck.campaign.explained import as_explained
from xlcheck.campaign.ledger.arrivals import arrivals_of, unowned_arrivals
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import ArrivalCheck, CampaignArrival
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import Record, of_entry
from xlcheck.roster.match import Roster, RosterLine, Stray

ACCEPTED = "办公室核对后通过"
"""What is said of a warning that nobody explained, of what the office accepted."""
_RETURNED = "办公室已退回"
_WITHDRAWN = "单位已从名单中移出，不再计入"
_STRAY = "归属不明，尚未归到单位"
_AT_ONCE = 500
"""Arrivals whose checks are asked for at a time."""


class Came(NamedTuple):
    """How a file is called among all others, and when it came."""

    path: str
    at: int


class KnownRoster(NamedTuple):
    """Who handed in what, as the ledger has it, and how the records of all files are found again."""

    roster: Roster
    files: dict[int, Came]
    """Each arrival that was checked, by its number, in the order of the list."""


def known_roster(connection: Connection, campaign: int) -> KnownRoster:
    """The list of units with what each handed in, and what nobody knows whose it is.

    Args:
        connection: of the ledger; records that are asked for later are of the same moment where it is the same transaction.
        campaign: the campaign.
    """
    lines: list[RosterLine] = []
    files: dict[int, Came] = {}
    strays = []
    for one in campaign_units(connection, campaign, withdrawn=True):
        mine = arrivals_of(connection, one.id)
        came = {each.id: Came(f"{one.unit.name}/第{each.number}次/{each.name}", each.at) for each in mine}
        handed = [(number, record.handed) for number, record in _records(connection, came)]
        files |= {number: came[number] for number, _ in handed}
        if one.withdrawn:
            strays += [Stray(each, _WITHDRAWN) for _, each in handed]
            continue
        newest_first = tuple(each for _, each in reversed(handed))
        lines.append(RosterLine(one.unit, newest_first, _remarks(connection, mine), not one.hands_in))
    lost = unowned_arrivals(connection, campaign)
    came = {one.id: Came(f"归属不明/{one.receipt}/{one.name}", one.at) for one in lost}
    for number, record in _records(connection, came):
        files[number] = came[number]
        strays.append(Stray(record.handed, _STRAY))
    return KnownRoster(Roster(tuple(lines), tuple(strays)), files)


def known_records(connection: Connection, known: KnownRoster) -> Iterator[Record]:
    """The record of each file, always in the same order."""
    return (record for _, record in _records(connection, known.files))


def _remarks(connection: Connection, mine: Sequence[CampaignArrival]) -> tuple[str, ...]:
    """What a person should know of what a unit handed in last."""
    decided = decision_of(connection, mine[-1].id) if mine else None
    if decided is None:
        return ()
    return (f"{_RETURNED if decided.kind == 'returned' else ACCEPTED}{decided.note and f'：{decided.note}'}",)


def _records(connection: Connection, came: dict[int, Came]) -> Iterator[tuple[int, Record]]:
    numbers = list(came)
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        checks = checks_of(connection, some)
        for number in some:
            if number in checks:
                yield number, _record(connection, checks[number], came[number])


def _record(connection: Connection, check: ArrivalCheck, came: Came) -> Record:
    told = of_entry(check.entry)._replace(path=came.path, modified=float(came.at), annotated="")
    decided = decision_of(connection, check.arrival)
    kind = decided.kind if decided else ""
    if told.status != "passed":
        return told
    told = as_explained(connection, check.arrival, told, ACCEPTED if kind == "accepted" else "")
    return told._replace(status="failed") if kind == "returned" else told
