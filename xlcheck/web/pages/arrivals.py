"""What came in (收件记录): files are handed over, all that ever came, and what nobody knows whose it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.acts import unit_named
from xlcheck.campaign.fetching import take_in_letter
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import TakenIn, assign_to, take_in
from xlcheck.campaign.ledger.arrivals import how_many_arrived, recent_arrivals, unowned_arrivals
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import round_states
from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitState
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.unowned import unowned_of
from xlcheck.campaign.ledger.values import WAY_WORDS, ArrivalCheck, CampaignArrival
from xlcheck.model.errors import Error
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import of_entry
from xlcheck.tasks.events import FileDone, Listener, Notice, Started
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.board import page_number
from xlcheck.web.pages.frame import ARRIVALS_TAB, address_of_campaign, frame
from xlcheck.web.pages.rounds import arrival_asked
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from xlcheck.campaign.opening import OpenCampaign

_PAGE = 50
_MOST_FILES = 1000
_LETTER = ".eml"
"""The ending of a letter that a mail program saved."""


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
            why = unowned_of(connection, [arrival.id for arrival in strays])
            checks = checks_of(connection, [arrival.id for arrival in (*found, *strays)])
            listed = campaign_units(connection, number, withdrawn=True)
            units = {unit.id: unit.unit.name for unit in listed}
            states = round_states(connection, list(checks))
            rows = [_row(arrival, checks.get(arrival.id), states.get(arrival.id), units, base) for arrival in found]
        return show(
            asked,
            "arrivals.html",
            campaign=frame(asked, one, ARRIVALS_TAB),
            arrivals=rows,
            strays=[_stray(arrival, checks.get(arrival.id), why[arrival.id].reason, base) for arrival in strays],
            units=list(units.values()) if strays else [],
            total=total,
            before=f"{base}/arrivals?page={page - 1}" if page > 1 else "",
            after=f"{base}/arrivals?page={page + 1}" if page * _PAGE < total else "",
        )


def _row(
    arrival: CampaignArrival, check: ArrivalCheck | None, state: UnitState | None, units: Mapping[int, str], base: str
) -> ArrivalRow:
    return ArrivalRow(
        arrival.id,
        said_time(arrival.at),
        units.get(arrival.unit or 0, ""),
        f"{base}/unit/{arrival.unit}" if arrival.unit is not None else "",
        arrival.number,
        f"{base}/arrival/{arrival.id}",
        arrival.name,
        WAY_WORDS[arrival.way],
        arrival.sender or arrival.by,
        state or "",
        STATE_WORDS[state] if state else "",
        check.errors if check else 0,
        check.warnings if check else 0,
    )


def _stray(arrival: CampaignArrival, check: ArrivalCheck | None, why: str, base: str) -> StrayRow:
    record = of_entry(check.entry) if check else None
    cover = "，".join(text for text in (record.unit, record.unit_code) if text) if record else ""
    href = f"{base}/arrival/{arrival.id}"
    return StrayRow(arrival.id, arrival.name, href, arrival.sender or arrival.by, said_time(arrival.at), cover, why)


def _intake(asked: Asked) -> Response:
    """Take in all files that were handed over, while a page shows how far it is."""
    if not asked.files:
        raise NotDone(409, "没有选择文件")
    by, at, base = asked.visitor.name, asked.at, address_of_campaign(asked)
    given = [(file.name, file.data) for file in asked.files]

    def work(listen: Listener) -> str:
        listen(Started(len(given)))
        with opened(asked) as one, ThreadPoolExecutor(asked.site.bounds.checks) as pool:

            def take(each: tuple[str, bytes]) -> Sequence[str]:
                try:
                    return _taken(one, *each, by, at, asked.live.checks.crew)
                except Error as error:
                    return [f"没有收下“{each[0]}”：{error.message}"]
                finally:
                    listen(FileDone(each[0]))

            told = [text for texts in pool.map(take, given) for text in texts]
        for text in told:
            listen(Notice(text))
        listen(Notice(f"核对完了：{len(given)} 个文件" + (f"，有 {len(told)} 处请看一看" if told else "，都已收下")))
        return base

    undertaking = asked.live.undertakings.start(f"核对 {len(given)} 个文件", asked.visitor, work)
    return see(asked, f"/progress/{undertaking.key}")


def _taken(one: OpenCampaign, name: str, data: bytes, by: str, at: int, crew: Executor) -> Sequence[str]:
    """Take in a file, or what a letter that was saved as one holds; what a person should look at."""
    if not name.lower().endswith(_LETTER):
        return _told(name, take_in(one, Incoming(name, data, "hand"), by, at, crew))
    letter = take_in_letter(one, data, by, at, crew)
    told = [text for taken in letter.taken for text in _told(taken.arrival.name, taken)]
    return [*told, *(f"信函“{name}”：{text}" for text in letter.said)]


def _told(name: str, taken: TakenIn) -> Sequence[str]:
    if not taken.is_new:
        return [f"“{name}”已经收下过，没有重复登记"]
    if taken.unit is None:
        return [f"收下了“{name}”，但不知道是哪个单位的，请到“收件记录”指定：{'；'.join(taken.said)}"]
    return []


def _assign(asked: Asked) -> Response:
    with opened(asked) as one:
        arrival = arrival_asked(asked, one)
        unit = unit_named(one, asked.field("unit"))
        assign_to(one, arrival.id, unit.id, asked.visitor.name, asked.at, asked.live.checks.crew)
    return see(asked, f"{address_of_campaign(asked)}/arrivals", f"“{arrival.name}”已归到{unit.unit.name}")


ARRIVAL_ROUTES = (
    get("/c/{campaign}/arrivals", _arrivals, "viewer"),
    post("/c/{campaign}/intake", _intake, "clerk", files=_MOST_FILES, act="收表"),
    post("/c/{campaign}/arrival/{arrival:int}/assign", _assign, "clerk", checks=True, act="指定归属"),
)
