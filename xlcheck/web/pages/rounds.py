"""One round of a unit: the form with its marked cells, and what is said of them; its file and its marked copy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.ledger.arrivals import arrival_of, newest_arrival
from xlcheck.campaign.ledger.checks import check_of
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.facts import round_states
from xlcheck.campaign.ledger.replies import answers_of, replies_of
from xlcheck.campaign.ledger.standings import STATE_WORDS
from xlcheck.campaign.ledger.units import campaign_unit
from xlcheck.campaign.ledger.values import WAY_WORDS, ArrivalCheck, CampaignArrival
from xlcheck.campaign.looking import drawing_of
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.drawn import MARK_WORDS, DrawnFile, DrawnForm, drawn_form
from xlcheck.results.record import Record, of_entry
from xlcheck.tasks.given import form_of
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.cards import FindingCard, cards_by_field, cards_of
from xlcheck.web.pages.frame import ARRIVALS_TAB, BOARD_TAB, address_of_campaign, frame
from xlcheck.web.pages.said import replies_by_warning
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import download_of, show
from xlcheck.web.routing import Asked, get

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlcheck.campaign.opening import OpenCampaign

_BYTES = "application/octet-stream"


class RoundView(NamedTuple):
    """One round, as its page shows it."""

    unit: str
    unit_href: str
    href: str
    number: int
    state: str
    says: str
    at: str
    way: str
    by: str
    receipt: str
    copy: bool
    """Whether there is a marked copy."""
    notices: tuple[str, ...]
    said: tuple[FindingCard, ...]
    open: bool
    """Whether it is what the unit handed in last, so that the office and the unit can still say something."""
    form: DrawnForm | None
    file: DrawnFile | None
    lines: Mapping[str, int]


def round_view(one: OpenCampaign, arrival: CampaignArrival, base: str, *, href: str = "") -> RoundView:
    """One round, drawn.

    Args:
        one: the campaign.
        arrival: the round.
        base: the address of the campaign, or of the unit's own page.
        href: its own address; empty for the office's.
    """
    with reading(one.engine) as connection:
        unit = campaign_unit(connection, arrival.unit) if arrival.unit is not None else None
        check = check_of(connection, arrival.id)
        decision = decision_of(connection, arrival.id)
        newest = newest_arrival(connection, unit.id) if unit else None
        replies, answers = replies_of(connection, arrival.id), answers_of(connection, arrival.id)
        drawing = drawing_of(content_of(connection, check.drawn)) if check and check.drawn else None
        state = round_states(connection, [arrival.id])[arrival.id]
    is_newest = newest is not None and newest.id == arrival.id
    record = of_entry(check.entry) if check else _NOTHING
    is_open = is_newest and (decision is None or decision.kind != "accepted")
    name = unit.unit.name if unit else ""
    cards = cards_of(
        record, drawing, replies_by_warning(base, name, arrival, record, replies, answers, is_open=is_open)
    )
    return RoundView(
        unit=name or "归属不明",
        unit_href=f"{base}/unit/{unit.id}" if unit else f"{base}/arrivals",
        href=href or f"{base}/arrival/{arrival.id}",
        number=arrival.number,
        state=state,
        says=STATE_WORDS[state],
        at=said_time(arrival.at),
        way=WAY_WORDS[arrival.way],
        by=arrival.sender or arrival.by,
        receipt=arrival.receipt,
        copy=bool(check and check.copy),
        notices=notices_of(check),
        said=cards,
        open=is_open,
        form=drawn_form(form_of(one.form)) if drawing else None,
        file=drawing if drawing and drawing["values"] else None,
        lines=cards_by_field(cards),
    )


_NOTHING = Record("", "", "", None, "unreadable", "", ())
"""Of what is not checked yet."""


def notices_of(check: ArrivalCheck | None) -> tuple[str, ...]:
    """What a person should know of a file besides its findings."""
    return tuple(json.loads(check.entry).get("notices", ())) if check else ()


def arrival_asked(asked: Asked, one: OpenCampaign) -> CampaignArrival:
    """The arrival that an address names.

    Raises:
        NotDone: the campaign has none with that number.
    """
    with reading(one.engine) as connection:
        try:
            found = arrival_of(connection, int(str(asked.path["arrival"])))
        except LookupError as error:
            raise NotDone(404, "没有这份材料") from error
    if found.campaign != one.campaign.id:
        raise NotDone(404, "没有这份材料")
    return found


def original_of(one: OpenCampaign, arrival: CampaignArrival) -> Response:
    """The file as it came."""
    with reading(one.engine) as connection:
        return download_of(content_of(connection, arrival.digest), arrival.name, _BYTES)


def copy_of(one: OpenCampaign, arrival: CampaignArrival) -> Response:
    """Its marked copy.

    Raises:
        NotDone: it has none.
    """
    with reading(one.engine) as connection:
        check = check_of(connection, arrival.id)
        if check is None or not check.copy:
            raise NotDone(404, "这次报送没有审核副本")
        return download_of(content_of(connection, check.copy), of_entry(check.entry).annotated, _BYTES)


# --- the office's pages ----------------------------------------------------------------------------------------------


def _round(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    with opened(asked) as one:
        arrival = arrival_asked(asked, one)
        view = round_view(one, arrival, base)
        around = frame(asked, one, BOARD_TAB if arrival.unit is not None else ARRIVALS_TAB)
        return show(asked, "round.html", campaign=around, round=view, marks=MARK_WORDS, back=view.href)


def _original(asked: Asked) -> Response:
    with opened(asked) as one:
        return original_of(one, arrival_asked(asked, one))


def _copy(asked: Asked) -> Response:
    with opened(asked) as one:
        return copy_of(one, arrival_asked(asked, one))


_HERE = "/c/{campaign}/arrival/{arrival:int}"

ROUND_ROUTES = (
    get(_HERE, _round, "viewer"),
    get(f"{_HERE}/original", _original, "viewer"),
    get(f"{_HERE}/copy", _copy, "viewer"),
)
