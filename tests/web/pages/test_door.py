"""How the clerk at this computer comes in, and what others see."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.web.window import client
from xlcheck.web.access import LocalAccess
from xlcheck.web.app import web_routes
from xlcheck.web.door import Door
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.site import Site


def test_the_address_that_is_opened_lets_this_browser_in(tmp_path: Path) -> None:
    door = Door("甲" * 32)
    access, campaigns = LocalAccess(door), CampaignFolders(tmp_path)
    browser, other = (client(access=access, campaigns=campaigns) for _ in range(2))
    for one in (browser, other):
        one.cookies.clear()
        assert one.get("/").status_code == 401
    address = urlsplit(door.address(8480))
    answer = browser.get(f"{address.path}?{address.query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly; SameSite=Lax; Max-Age=" in answer.headers["set-cookie"]
    assert browser.get("/").status_code == 200
    assert browser.get("/open?key=x").headers["location"] == "/"  # who is in already needs no key
    assert "已经用过" in other.get("/open?key=x").text


def test_who_has_no_cookie_reaches_nothing_and_reads_how_to_open() -> None:
    browser = client()
    browser.cookies.clear()
    site: Site = browser.app.state.site  # type: ignore[attr-defined]
    for route in web_routes(site):
        path = re.sub(r"{\w+(:int)?}", "1", route.path)
        answer = browser.request(route.method, path)
        if route.may == "anybody":
            continue
        assert answer.status_code == 401, path
        assert "重新打开：双击 xlcheck 程序，或者运行 xlcheck serve" in answer.text
        assert "/login" not in answer.text


def test_on_a_public_server_there_is_no_such_door() -> None:
    assert client(mode="public").get("/open?key=x").status_code == 404
