"""The interface for other systems."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from docs.openapi import DESCRIBED, FILE, openapi
from tests.making.campaigns import handed_in, taken
from tests.making.filling import COVER, clean_values, form
from tests.making.ledgers import START
from tests.web.window import PublicServer
from xlcheck.campaign.ledger.access import grant_token
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.opening import NewCampaign
from xlcheck.drawing.template import render
from xlcheck.web.health import HEALTH_ROUTES
from xlcheck.web.pages.api import API_ROUTES

DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))


def bearer(server: PublicServer, role: Any = "经办", campaign: int | None = None) -> dict[str, str]:
    """The header that lets a system in."""
    with writing(server.engine) as connection:
        at = server.site.clock()
        _, secret = grant_token(connection, "报表系统", role, int(at), int(at) + 100, "张三", campaign=campaign)
    return {"authorization": f"Bearer {secret}"}


def check(answer: Any, path: str, method: str = "get") -> Any:
    """The JSON of an answer, which is as openapi.json says."""
    told = DOCUMENT["paths"][path][method]["responses"][str(answer.status_code)]
    schema = {**told["content"]["application/json"]["schema"], "components": DOCUMENT["components"]}
    jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)
    return answer.json()


def filled(unit: str) -> bytes:
    """A workbook of a unit that passes."""
    return render(form(), values=clean_values(), cover={**COVER, "unit": unit})


def test_every_address_is_described() -> None:
    assert {route.path for route in (*HEALTH_ROUTES, *API_ROUTES)} == set(DESCRIBED) == set(DOCUMENT["paths"])
    assert FILE.read_text(encoding="utf-8") == openapi()[1]


def test_files_are_of_the_kind_that_is_told(server: PublicServer) -> None:
    bad = handed_in("市水利局", 2025, "", disclosure__regulations__issued=5)
    receipt = taken(server.campaign, bad, "表.xlsx", at=START).arrival.receipt
    for path in ("/api/v1/openapi.json", "/api/v1/arrivals/{receipt}/copy"):
        answer = server.browser().get(path.format(receipt=receipt), headers=bearer(server))
        told = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
        assert (answer.status_code, list(told)) == (200, [answer.headers["content-type"]])


def test_a_system_hands_in_and_fetches_the_result(server: PublicServer) -> None:
    system, headers = server.browser(), bearer(server)
    listed = check(system.get("/api/v1/campaigns", headers=headers), "/api/v1/campaigns")
    assert [one["campaign"] for one in listed["campaigns"]] == [server.key]
    path, told = f"/api/v1/campaigns/{server.key}/arrivals", "/api/v1/campaigns/{campaign}/arrivals"
    file = {"file": ("表.xlsx", filled("市水利局"))}
    first = check(system.post(path, headers=headers, data={"unit": "市水利局"}, files=file), told, "post")
    assert (first["unit"], first["number"], first["is_new"], first["way"]) == ("市水利局", 1, True, "api")
    assert first["result"]["status"] == "passed"
    again = system.post(path, headers=headers, data={"unit": "市水利局"}, files=file)
    assert (again.status_code, check(again, told, "post")["receipt"]) == (200, first["receipt"])
    found = check(system.get(f"/api/v1/arrivals/{first['receipt']}", headers=headers), "/api/v1/arrivals/{receipt}")
    assert found["sha256"] == first["sha256"]
    board = check(
        system.get(f"/api/v1/campaigns/{server.key}/board?state=passed", headers=headers),
        "/api/v1/campaigns/{campaign}/board",
    )
    assert [(one["name"], one["state"]) for one in board["units"]] == [("市水利局", "passed")]


def test_refusals_are_sentences(server: PublicServer) -> None:
    system, headers = server.browser(), bearer(server)
    path, told = f"/api/v1/campaigns/{server.key}/arrivals", "/api/v1/campaigns/{campaign}/arrivals"
    file = {"file": ("表.xlsx", b"PK")}
    for status, sent in (
        (400, {"headers": headers, "data": {"unit": "市水利局"}}),
        (409, {"headers": headers, "data": {"unit": "没有的局"}, "files": file}),
        (403, {"headers": bearer(server, "查看"), "files": file}),
        (401, {"files": file}),
    ):
        answer = system.post(path, **sent)
        assert answer.status_code == status
        assert check(answer, told, "post")["error"]
    for query in ("state=x", "count=1001", "start=-1", "count=" + "9" * 5000):
        assert system.get(f"/api/v1/campaigns/{server.key}/board?{query}", headers=headers).status_code == 400
    most = system.get(f"/api/v1/campaigns/{server.key}/board?start=1000000000&count=1000", headers=headers)
    assert check(most, "/api/v1/campaigns/{campaign}/board")["units"] == []
    astray = system.get("/api/v1/campaigns", headers={**headers, "host": "evil.example"})
    assert (astray.status_code, list(astray.json())) == (421, ["error"])
    assert system.get("/api/v1/campaigns/none/board", headers=headers).status_code == 404
    assert system.get("/api/v1/arrivals/XXXX-XXXX", headers=headers).status_code == 404


def test_a_token_for_one_campaign_opens_no_other(server: PublicServer) -> None:
    other = server.site.campaigns.make(NewCampaign(2024, ()), "本机", START)
    headers = bearer(server, campaign=2)
    system = server.browser()
    found = system.get("/api/v1/campaigns", headers=headers).json()["campaigns"]
    assert [one["campaign"] for one in found] == [other]
    assert system.get(f"/api/v1/campaigns/{server.key}/board", headers=headers).status_code == 404


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5000])
def test_without_a_good_token_nobody_comes_in(server: PublicServer, value: str) -> None:
    answer = server.browser().get("/api/v1/campaigns", headers={"authorization": value})
    assert (answer.status_code, check(answer, "/api/v1/campaigns")["error"]) == (401, "请先登录")


def test_what_lets_a_user_in_opens_no_interface(server: PublicServer) -> None:
    assert server.user("张三").get("/api/v1/campaigns").status_code == 401
