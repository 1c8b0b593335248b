"""The description of the interface for other systems (OpenAPI 3.1), made from its routes and its types."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from docs.schema import definitions_of
from xlcheck import __version__
from xlcheck.campaign.ledger.standings import UNIT_STATES
from xlcheck.web.api_document import ArrivalJson, BoardJson, CampaignsJson, ErrorJson, HealthJson
from xlcheck.web.health import HEALTH_ROUTES
from xlcheck.web.pages.api import API_ROUTES, MOST_PASSED_OVER, MOST_UNITS
from xlcheck.web.rendering import STATIC
from xlcheck.web.routing import WebRoute

FILE = STATIC / "openapi.json"
"""Where it stands, so that a server can hand it out."""


class Described(NamedTuple):
    """What one address is for."""

    summary: str
    answer: type | None = None
    """The type of the answer; None where it is a file."""
    kind: str = "application/json"
    """The media type of the answer."""
    query: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType({})
    """What may stand behind the question mark: what it means, and its schema."""
    fields: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType({})
    """The fields of a form that is sent."""
    refusals: tuple[int, ...] = (401, 503)


_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
DESCRIBED = {
    "/health": Described("Whether the server works; needs no token.", HealthJson, refusals=()),
    "/api/v1/openapi.json": Described("This document; needs no token.", refusals=()),
    "/api/v1/campaigns": Described("All campaigns.", CampaignsJson),
    "/api/v1/campaigns/{campaign}/board": Described(
        "How the units stand, a page at a time.",
        BoardJson,
        query={
            "state": ("Only units in this state.", {"enum": list(UNIT_STATES)}),
            "start": ("How many units to pass over; 0 unless told.", {**_COUNT, "maximum": MOST_PASSED_OVER}),
            "count": ("How many units at most; 100 unless told.", {**_COUNT, "maximum": MOST_UNITS}),
        },
        refusals=(400, 401, 404, 503),
    ),
    "/api/v1/campaigns/{campaign}/arrivals": Described(
        "Hand in a workbook or a report. It is checked at once, and the answer is the result.",
        ArrivalJson,
        fields={
            "file": ("The file; its name is kept.", {"type": "string", "format": "binary"}),
            "unit": ("The unit's name in the list; without it and its code the cover says whose it is.", _TEXT),
            "unit_code": ("The unit's code in the list.", _TEXT),
        },
        refusals=(400, 401, 403, 404, 408, 409, 413, 503),
    ),
    "/api/v1/arrivals/{receipt}": Described(
        "What was handed in, with its result.", ArrivalJson, refusals=(401, 404, 503)
    ),
    "/api/v1/arrivals/{receipt}/copy": Described(
        "Its annotated copy.", kind="application/octet-stream", refusals=(401, 404, 503)
    ),
}
"""By the addresses of the routes."""

_REFUSALS = {
    400: "The request is incomplete.",
    401: "There is no token, or it is not valid any more.",
    403: "The token may only read.",
    404: "There is none such.",
    408: "It was sent too slowly. Nothing is kept.",
    409: "It is not taken in; the sentence says why. Nothing is kept.",
    413: "The file is too large.",
    503: "Too many files are being checked, or the ledger is out of reach; come again after the seconds of Retry-After.",
}


def openapi() -> tuple[Path, str]:
    """The file and its text."""
    definitions: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for route in (*HEALTH_ROUTES, *API_ROUTES):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, definitions)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "xlcheck", "version": __version__, "description": "Hand in, fetch results, read the board."},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(definitions.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    text = json.dumps(document, ensure_ascii=False, indent=1).replace('"#/$defs/', '"#/components/schemas/')
    return FILE, text + "\n"


def _operation(route: WebRoute, definitions: dict[str, Any]) -> dict[str, Any]:
    told = DESCRIBED[route.path]
    good = "201" if route.method == "POST" else "200"
    answers: dict[str, Any] = {good: _answer(told, definitions)}
    if route.method == "POST":
        answers["200"] = {**answers[good], "description": "It was handed in before; nothing new is entered."}
    for status in told.refusals:
        answers[str(status)] = {"description": _REFUSALS[status], "content": _json(ErrorJson, definitions)}
        if status == 503:
            answers["503"]["headers"] = {"Retry-After": {"required": True, "schema": _COUNT}}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT} for name in re.findall(r"{(\w+)}", route.path)
    ]
    parameters += [
        {"name": name, "in": "query", "description": says, "schema": schema}
        for name, (says, schema) in told.query.items()
    ]
    return {
        "summary": told.summary,
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": _body(told)} if told.fields else {}),
        "responses": answers,
        "security": [] if route.may == "anybody" else [{"token": []}],
    }


def _answer(told: Described, definitions: dict[str, Any]) -> dict[str, Any]:
    if told.answer is None:
        return {"description": told.summary, "content": {told.kind: {}}}
    return {"description": told.summary, "content": _json(told.answer, definitions)}


def _json(of: type, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": definitions_of(of, definitions)}}


def _body(told: Described) -> dict[str, Any]:
    properties = {name: {"description": says, **schema} for name, (says, schema) in told.fields.items()}
    schema = {"type": "object", "properties": properties, "required": ["file"]}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
