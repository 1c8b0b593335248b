"""The interface for other systems: they hand in, fetch results and read the board. Each comes with a token of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from starlette.responses import FileResponse, JSONResponse, Response

from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import take_in
from xlcheck.campaign.ledger.arrivals import arrival_with_receipt
from xlcheck.campaign.ledger.board import board_page
from xlcheck.campaign.ledger.checks import check_of
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.standings import UNIT_STATES
from xlcheck.campaign.ledger.units import campaign_unit, campaign_units
from xlcheck.campaign.ledger.values import ArrivalCheck, CampaignArrival, CampaignUnit
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.statement import campaign_json, unit_json
from xlcheck.roster.identity import identity
from xlcheck.web.api_document import ArrivalJson, BoardJson, ServedCampaignJson
from xlcheck.web.campaigns import every_campaign, opened
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import STATIC, download_of
from xlcheck.web.routing import Asked, WebRoute, get, post

MOST_UNITS = 1000
"""On a page of the board."""
MOST_PASSED_OVER = 10**9
"""Units before it."""


def _campaigns(asked: Asked) -> Response:
    return JSONResponse({"campaigns": [_campaign(key, one) for key, one in every_campaign(asked)]})


def _campaign(key: str, one: OpenCampaign) -> ServedCampaignJson:
    return {"campaign": key, "about": campaign_json(one.campaign, one.terms)}


def _board(asked: Asked) -> Response:
    state = next((one for one in UNIT_STATES if one == asked.query.get("state")), None)
    if state is None and asked.query.get("state"):
        raise NotDone(400, f"state 只能是：{'、'.join(UNIT_STATES)}")
    start, count = _number(asked, "start", 0, MOST_PASSED_OVER), _number(asked, "count", 100, MOST_UNITS)
    with opened(asked) as one, reading(one.engine) as connection:
        found = board_page(connection, one.campaign.id, asked.at, state=state, start=start, count=count)
    answer: BoardJson = {
        "total": found.total,
        "counts": dict(found.counts),  # type: ignore[typeddict-item]
        "units": [unit_json(row) for row in found.rows],
    }
    return JSONResponse(answer)


def _number(asked: Asked, name: str, usual: int, most: int) -> int:
    text = asked.query.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= most):
        raise NotDone(400, f"{name} 要是 0 到 {most} 的整数")
    return int(text)


def _hand_in(asked: Asked) -> Response:
    if len(asked.files) != 1:
        raise NotDone(400, "请在字段 file 里上传一个文件")
    file = asked.files[0]
    with opened(asked) as one:
        unit = _named(one, asked.field("unit"), asked.field("unit_code"))
        incoming = Incoming(file.name, file.data, "api", asked.visitor.name, unit.id if unit else None)
        taken = take_in(one, incoming, asked.visitor.name, asked.at, asked.live.checks.crew)
        with reading(one.engine) as connection:
            key = str(asked.path["campaign"])
            answer = _arrival(connection, key, taken.arrival, taken.check, is_new=taken.is_new, said=taken.said)
    return JSONResponse(answer, 201 if taken.is_new else 200)


def _named(one: OpenCampaign, name: str, code: str) -> CampaignUnit | None:
    """The unit that is named; None where none is, and its cover shall say it.

    Raises:
        NotDone: there is none of that name and code.
    """
    if not name and not code:
        return None
    with reading(one.engine) as connection:
        units = campaign_units(connection, one.campaign.id)
    wanted = identity(name, code)
    for unit in units:
        mine = identity(unit.unit.name, unit.unit.code)
        if (not code or mine.code == wanted.code) and (not name or mine.name == wanted.name):
            return unit
    raise NotDone(409, f"名单里没有单位“{name or code}”，没有收下")


def _result(asked: Asked) -> Response:
    with _found(asked) as (connection, key, arrival, check):
        return JSONResponse(_arrival(connection, key, arrival, check, is_new=False, said=()))


def _copy(asked: Asked) -> Response:
    with _found(asked) as (connection, _, arrival, check):
        if not check.copy:
            raise NotDone(404, "这份材料没有审核副本")
        data = content_of(connection, check.copy)
    name = f"{arrival.name.rpartition('.')[0] or arrival.name}.审核{check.suffix}"
    return download_of(data, name, "application/octet-stream")


@contextmanager
def _found(asked: Asked) -> Iterator[tuple[Connection, str, CampaignArrival, ArrivalCheck]]:
    for key, one in every_campaign(asked):
        with reading(one.engine) as connection:
            arrival = arrival_with_receipt(connection, str(asked.path["receipt"]))
            check = check_of(connection, arrival.id) if arrival and arrival.campaign == one.campaign.id else None
            if arrival is not None and check is not None:
                yield connection, key, arrival, check
                return
    raise NotDone(404, "没有这个回执号")


def _arrival(
    connection: Connection,
    key: str,
    arrival: CampaignArrival,
    check: ArrivalCheck,
    *,
    is_new: bool,
    said: tuple[str, ...],
) -> ArrivalJson:
    unit = campaign_unit(connection, arrival.unit) if arrival.unit is not None else None
    decision = decision_of(connection, arrival.id)
    return {
        "receipt": arrival.receipt,
        "campaign": key,
        "unit": unit.unit.name if unit else None,
        "number": arrival.number,
        "at": arrival.at,
        "way": arrival.way,
        "sha256": arrival.digest,
        "is_new": is_new,
        "said": list(said),
        "decision": decision.kind if decision else None,
        "has_copy": bool(check.copy),
        "result": json.loads(check.entry),
    }


def _openapi(asked: Asked) -> Response:
    del asked
    return FileResponse(STATIC / "openapi.json", media_type="application/json")


API_ROUTES: tuple[WebRoute, ...] = (
    get("/api/v1/openapi.json", _openapi, "anybody"),
    get("/api/v1/campaigns", _campaigns, "program"),
    get("/api/v1/campaigns/{campaign}/board", _board, "program"),
    post("/api/v1/campaigns/{campaign}/arrivals", _hand_in, "program", files=1, checks=True, act="通过接口报送"),
    get("/api/v1/arrivals/{receipt}", _result, "program"),
    get("/api/v1/arrivals/{receipt}/copy", _copy, "program"),
)
