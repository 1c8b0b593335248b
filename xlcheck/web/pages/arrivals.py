"""What came in (收件记录): all that ever came, what nobody knows whose it is, and what is no submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.acts import set_aside, unit_named
from xlcheck.campaign.intake import assign_to
from xlcheck.campaign.ledger.arrivals import how_many_arrived, recent_arrivals, unowned_arrivals
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import round_states
from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitState
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.unowned import unowned_of
from xlcheck.campaign.ledger.values import UNOWNED_WORDS, WAY_WORDS, ArrivalCheck, CampaignArrival, Unowned
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import of_entry
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.board import page_number
from xlcheck.web.pages.frame import ARRIVALS_TAB, address_of_campaign, frame
from xlcheck.web.pages.intake import fetching_trouble
from xlcheck.web.pages.rounds import arrival_asked
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = 50


class ArrivalRow(NamedTuple):
    """Something that came in."""

    id: int
    at: str
    unit: str
    unit_href: str
    number: int
    href: str
    name: str
    way: str
    by: str
    state: str
    says: str
    errors: int
    warnings: int
    why: str
    """Why it is no unit's, of what the office or the program did not take."""
    may_be_given: bool
    """Whether it can still be given to a unit, though nobody asks for it."""


class StrayRow(NamedTuple):
    """Something that nobody knows whose it is."""

    id: int
    name: str
    href: str
    sender: str
    at: str
    cover: str
    why: str


def _arrivals(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    page = page_number(asked.query)
    with opened(asked) as one:
        number = one.campaign.id
        with reading(one.engine) as connection:
            total = how_many_arrived(connection, number)
            found = recent_arrivals(connection, number, (page - 1) * _PAGE, _PAGE)
            strays = unowned_arrivals(connection, number)
            unowned = unowned_of(connection, [arrival.id for arrival in (*found, *strays) if arrival.unit is None])
            checks = checks_of(connection, [arrival.id for arrival in (*found, *strays)])
            listed = campaign_units(connection, number, withdrawn=True)
            units = {unit.id: unit.unit.name for unit in listed}
            states = round_states(connection, list(checks))
            rows = [
                _row(one, checks.get(one.id), states.get(one.id), unowned.get(one.id), units, base) for one in found
            ]
        return show(
            asked,
            "arrivals.html",
            campaign=frame(asked, one, ARRIVALS_TAB),
            arrivals=rows,
            strays=[_stray(arrival, checks.get(arrival.id), unowned[arrival.id].reason, base) for arrival in strays],
            units=list(units.values()) if unowned else [],
            total=total,
            no_mail=fetching_trouble(one),
            before=f"{base}/arrivals?page={page - 1}" if page > 1 else "",
            after=f"{base}/arrivals?page={page + 1}" if page * _PAGE < total else "",
        )


def _row(
    arrival: CampaignArrival,
    check: ArrivalCheck | None,
    state: UnitState | None,
    unowned: Unowned | None,
    units: Mapping[int, str],
    base: str,
) -> ArrivalRow:
    out = unowned if unowned is not None and unowned.kind != "unknown" else None
    return ArrivalRow(
        arrival.id,
        said_time(arrival.at),
        units.get(arrival.unit or 0, ""),
        f"{base}/unit/{arrival.unit}" if arrival.unit is not None else "",
        arrival.number,
        f"{base}/arrival/{arrival.id}{'' if check else '/original'}",
        arrival.name,
        WAY_WORDS[arrival.way],
        arrival.sender or arrival.by,
        "" if out else state or "",
        UNOWNED_WORDS[out.kind] if out else STATE_WORDS[state] if state else "",
        check.errors if check and not out else 0,
        check.warnings if check and not out else 0,
        out.reason if out else "",
        out is not None,
    )


def _stray(arrival: CampaignArrival, check: ArrivalCheck | None, why: str, base: str) -> StrayRow:
    record = of_entry(check.entry) if check else None
    cover = "，".join(text for text in (record.unit, record.unit_code) if text) if record else ""
    href = f"{base}/arrival/{arrival.id}"
    return StrayRow(arrival.id, arrival.name, href, arrival.sender or arrival.by, said_time(arrival.at), cover, why)


def _assign(asked: Asked) -> Response:
    with opened(asked) as one:
        arrival = arrival_asked(asked, one)
        unit = unit_named(one, asked.field("unit"))
        assign_to(one, arrival.id, unit.id, asked.visitor.name, asked.at, asked.live.checks.crew)
    return see(asked, f"{address_of_campaign(asked)}/arrivals", f"“{arrival.name}”已归到{unit.unit.name}")


def _set_aside(asked: Asked) -> Response:
    with opened(asked) as one:
        arrival = arrival_asked(asked, one)
        set_aside(one, arrival.id, asked.visitor.name, asked.at, asked.field("note"))
    said = f"“{arrival.name}”已标为不是报送材料；原件仍在收件记录里，标错了的可以再归到单位"
    return see(asked, f"{address_of_campaign(asked)}/arrivals", said)


ARRIVAL_ROUTES = (
    get("/c/{campaign}/arrivals", _arrivals, "viewer"),
    post("/c/{campaign}/arrival/{arrival:int}/assign", _assign, "clerk", checks=True, act="指定归属"),
    post("/c/{campaign}/arrival/{arrival:int}/aside", _set_aside, "clerk", act="标为不是报送材料"),
)
