"""All addresses of a server: whom each lets in, and what an attacker finds on its pages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from contextlib import redirect_stderr
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.testclient import TestClient

from tests.making.campaigns import handed_in, taken
from tests.making.ledgers import START
from tests.servers.postgres import DatabaseServer
from tests.web.crawling import EVIL, crawl, seen
from tests.web.window import PASSWORD, PublicServer, client, form_of, public_server
from xlcheck.campaign.ledger.access import grant_link
from xlcheck.campaign.ledger.database import writing
from xlcheck.web.app import web_routes
from xlcheck.web.bounds import WebBounds
from xlcheck.web.rendering import STATIC
from xlcheck.web.routing import Asked, WebRoute, get
from xlcheck.web.security import SAFE_METHODS
from xlcheck.web.site import Site
from xlcheck.web.visitor import May
from xlcheck.workers.spread import WorkersLost

EVIL_UNIT = f"{EVIL}局"
ALWAYS = {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin"}


def address_of_route(route: WebRoute, server: PublicServer, link: str = "x" * 32) -> str:
    """An address that a route answers."""
    known = {"campaign": server.key, "link": link, "unit": "1", "receipt": "AAAA-AAAA", "key": "x"}
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: known.get(found[1], "1"), route.path)


def link_for(server: PublicServer, name: str) -> str:
    """The secret of a new link of a unit."""
    with writing(server.engine) as connection:
        at = int(server.site.clock())
        return grant_link(connection, server.units[name].id, at, "张三")[1]


@pytest.fixture
def visitors(server: PublicServer) -> dict[str, TestClient]:
    """Browsers of everybody."""
    return {"nobody": server.browser(), "viewer": server.user("李四", "查看"), "clerk": server.user("张三")}


def test_every_route_says_whom_it_is_for_and_lets_in_nobody_else(
    server: PublicServer, visitors: dict[str, TestClient]
) -> None:
    routes = web_routes(server.site)
    assert len(routes) > 15
    lets_in: dict[May, set[str]] = {
        "anybody": {"nobody", "viewer", "clerk"},
        "viewer": {"viewer", "clerk"},
        "clerk": {"clerk"},
        "unit": set(),
        "program": set(),
    }
    for route in routes:
        for name, browser in visitors.items():
            answer = browser.request(route.method, address_of_route(route, server))
            shut = answer.status_code in {401, 403} or answer.headers.get("location") == "/login"
            if route.may == "unit":
                assert answer.status_code == 404, (route.path, name)
            elif name not in lets_in[route.may]:
                assert shut, (route.path, name, answer.status_code)
            elif route.method in SAFE_METHODS:
                assert not shut, (route.path, name, answer.status_code)


def test_nothing_is_changed_without_the_token_of_a_form(server: PublicServer, visitors: dict[str, TestClient]) -> None:
    """Also where all cookies are sent, as a browser does that an attacker sends here."""
    link = link_for(server, "市水利局")
    posts = [route for route in web_routes(server.site) if route.method not in SAFE_METHODS and route.may != "program"]
    assert posts
    clerk = visitors["clerk"]
    form_of(clerk, "/users")
    for route in posts:
        address = address_of_route(route, server, link)
        for sent in ({}, {"token": ""}, {"token": "0" * 64}):
            answer = clerk.post(address, data=sent)
            assert (answer.status_code, "过期" in answer.text) == (403, True), (route.path, sent)


def test_every_answer_has_the_headers(server: PublicServer, visitors: dict[str, TestClient]) -> None:
    for route in web_routes(server.site):
        for browser in visitors.values():
            answer = browser.request(route.method, address_of_route(route, server))
            assert answer.headers.items() >= ALWAYS.items(), route.path
            assert answer.headers["content-security-policy"].startswith("default-src 'none'; "), route.path
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            assert "server" not in answer.headers
            for cookie in answer.headers.get_list("set-cookie"):
                assert cookie.startswith("__Host-"), cookie
                assert {"HttpOnly", "Secure", "Path=/"} <= set(cookie.split("; ")), cookie


def test_what_office_and_units_do_is_noted(server: PublicServer) -> None:
    """Each route that changes something says what it does, or notes so itself: logging in, users, tokens."""
    selves = re.compile(r"/(login|logout|account|account/strength|c/{campaign}/accounts|users/\w+|tokens/\w+)$")
    silent = [
        route.path
        for route in web_routes(server.site)
        if route.method not in SAFE_METHODS and not route.act and not selves.match(route.path)
    ]
    assert silent == []


def test_no_address_has_two_routes(server: PublicServer) -> None:
    for site in (server.site, server.site._replace(mode="local")):
        known = [(route.method, re.sub(r"{\w+", "{", route.path)) for route in web_routes(site)]
        assert len(known) == len(set(known))


def test_a_crawler_finds_nothing_amiss(server: PublicServer) -> None:
    """As a clerk, over every link: no script or style within pages, no stranger's text unescaped, a token in every form."""
    link = server.link(EVIL_UNIT)
    evil = handed_in(EVIL_UNIT, 2025, "", disclosure__regulations__issued=5, requests__granted__person="<b>一</b>")
    for name in (f"{EVIL}.xlsx", "再.xlsx"):
        taken(server.campaign, evil, name, at=START, unit_id=server.units[EVIL_UNIT].id)
    pages = [*crawl(server.user("张三"), "/", set()), *crawl(server.browser(), link, set())]
    assert len(pages) > 20
    assert {page.address: page.faults for page in pages if page.faults} == {}
    known = list(server.browser().app.routes)  # type: ignore[attr-defined]
    for page in pages:
        for action, has_token in page.posts:
            assert has_token, (page.address, action)
            scope = {
                "type": "http",
                "method": "POST",
                "path": action.partition("?")[0] or page.address,
                "root_path": "",
            }
            assert any(route.matches(scope)[0] is Match.FULL for route in known), (page.address, action)


ODD = (
    '"><script>alert(1)</script>',
    "../../../../etc/passwd",
    "//evil.example",
    "a\r\nSet-Cookie: a=b",
    "\0",
    "９" * 400,
    "-1",
)
"""What an attacker writes where something else is meant."""
PARAMETERS = (
    "q",
    "words",
    "state",
    "order",
    "page",
    "kind",
    "round",
    "unit",
    "parent",
    "next",
    "back",
    "start",
    "key",
    "way",
)


def test_nothing_odd_in_an_address_breaks_a_page_or_comes_back_as_markup(
    server: PublicServer, visitors: dict[str, TestClient]
) -> None:
    link = link_for(server, "市教育局")
    for route in web_routes(server.site):
        if route.method not in SAFE_METHODS or route.may == "program":
            continue
        places = {address_of_route(route, server, link)} | {
            re.sub(r"{\w+(:int)?}", quote(odd, safe=""), route.path) for odd in ODD if len(odd) < 50
        }
        for place in sorted(places):
            for odd in ODD if place == address_of_route(route, server, link) else ODD[:1]:
                answer = visitors["clerk"].get(place, params=dict.fromkeys(PARAMETERS, odd))
                assert answer.status_code < 500, (place, odd)
                assert "<script>alert(1)" not in answer.text, (place, odd)
                assert "root:" not in answer.text, (place, odd)
                assert "a" not in answer.cookies, (place, odd)
                assert re.match(r"/(?!/)|$", answer.headers.get("location", "")), (place, odd)


def test_there_is_nothing_whose_number_no_ledger_can_hold(
    server: PublicServer, visitors: dict[str, TestClient]
) -> None:
    link = link_for(server, "市教育局")
    token = form_of(visitors["clerk"], "/users")["token"]
    numbered = [route for route in web_routes(server.site) if ":int}" in route.path]
    assert numbered
    for route in numbered:
        for number in (2**63 - 1, 2**63, 10**30):
            path = address_of_route(route._replace(path=re.sub(r"{\w+:int}", str(number), route.path)), server, link)
            answer = visitors["clerk"].request(route.method, path, headers={"x-token": token})
            assert answer.status_code < 500, path
            assert number < 2**63 or answer.status_code == 404, path


_ODD_TEXTS = (b"", b"\0\xed\xa0\x80", b"9" * 30, "２".encode(), b"[::1", b"2026-13-99", b"x" * 70_000)
_LONG_WORK = re.compile(r"/(total|templates|notice|summary|archive|letters|fetch|logout|account)$")


def _body(fields: Iterable[tuple[str, bytes]], is_file: bool) -> bytes:
    """A form as it is sent, each of its fields a text or a file."""
    kind = '; filename="表.xlsx"' if is_file else ""
    heads = [(f'--x\r\nContent-Disposition: form-data; name="{name}"{kind}', value) for name, value in fields]
    return b"".join(b"%b\r\n\r\n%b\r\n" % (head.encode(), value) for head, value in heads) + b"--x--\r\n"


def test_nothing_odd_in_a_form_breaks_a_page(tmp_path: Path) -> None:
    """Every field that any page has, in every form: odd, as a file, doubled, too many; and bodies that are none."""
    pages = [page.read_text(encoding="utf-8") for page in (STATIC.parent / "templates").rglob("*.html")]
    names = sorted({name for page in pages for name in re.findall(r'name="(\w+)"', page)})
    names.remove("token")
    assert len(names) > 20
    multipart = "multipart/form-data; boundary=x"
    whole = [(multipart, _body([(name, odd) for name in names], False)) for odd in _ODD_TEXTS]
    whole.append((multipart, _body([(name, b"1") for name in (*names, *names)], False)))
    whole.append((multipart, _body([(name, b"PK") for name in names], True)))
    broken = [
        (multipart, _body([(f"x{number}", b"") for number in range(1000)], False)),
        (multipart, _body([(names[0], b"1")], False)[:-9]),
        (f"{multipart}y", _body([(names[0], b"1")], False)),
        ("multipart/form-data", b"--x"),
        ("application/json", b"[]"),
    ]
    with public_server(tmp_path, bounds=WebBounds(sends=10**6, account_tries=10**6)) as server:
        link, clerk = link_for(server, "市教育局"), server.user("张三")
        token = form_of(clerk, "/users")["token"]
        for route in web_routes(server.site):
            if route.method in SAFE_METHODS or route.may == "program":
                continue
            more = () if _LONG_WORK.search(route.path) else whole
            for kind, body in (*broken, *more):
                headers = {"content-type": kind, "x-token": token}
                answer = clerk.post(address_of_route(route, server, link), content=body, headers=headers)
                assert answer.status_code < 500, (route.path, kind, body[:200])
                assert answer.status_code < 400 or re.search("[一-龥]{4}", answer.text), (route.path, body[:200])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_methods_that_are_not_meant_do_nothing(
    server: PublicServer, visitors: dict[str, TestClient], method: str
) -> None:
    accepted = {"/users": "GET, HEAD", "/users/add": "POST", "/login": "GET, HEAD, POST"}
    for path in ("/", "/users", "/users/add", "/login", f"/c/{server.key}", "/static/window.css", "/health"):
        answer = visitors["clerk"].request(method, path, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 405, path
        assert "市教育局" not in answer.text
        if path in accepted:
            assert answer.headers["allow"] == accepted[path]


def test_the_log_holds_no_link_no_name_and_no_figure(server: PublicServer) -> None:
    link = link_for(server, "市教育局")
    said = io.StringIO()
    with redirect_stderr(said):
        browser = server.user("张三")
        for address in (
            f"/u/{link}",
            f"/u/{link}x?{link}",
            f"/none/{link}",
            f"/c/{server.key}",
            "/users?name=甲&x=42424242",
        ):
            browser.get(address, headers={"user-agent": "42424242", "referer": f"https://bs.example/u/{link}"})
        browser.post("/users/add", data={"name": "王五王五", "password": "42424242"})
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert len(lines) == 6
    assert {line["route"] for line in lines} >= {"/users", "/users/add"}
    assert not re.search(rf"{link}|张三|王五|教育局|42424242|bs\.example|__Host", said.getvalue())


def test_the_window_of_one_clerk_has_no_door_for_others() -> None:
    site: Site = client().app.state.site  # type: ignore[attr-defined]
    assert {route.may for route in web_routes(site)} <= {"anybody", "viewer", "clerk"}
    assert not [route for route in web_routes(site) if "login" in route.path or "/u/" in route.path]


def test_a_check_that_was_broken_off_is_to_be_asked_for_again() -> None:
    def broken(asked: Asked) -> Response:
        raise WorkersLost("Closed: ")

    addresses = ("/", "/api/v1/arrivals")
    window = client([get(address, broken, "viewer") for address in addresses])
    for address in addresses:
        answer = window.get(address)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "请再试一次" in answer.text
        assert "Closed" not in answer.text


def test_a_page_of_an_attacker_is_known_as_one() -> None:
    text = '<!doctype html>\n<html lang="zh-CN"><p onclick="x" id="a"><p id="a" style="x"><script>1</script><a href="javascript:x">'
    assert len(seen("/", f"{text}<script>alert(1)</script>").faults) == 7


def test_with_postgresql_it_is_the_same(
    postgres: DatabaseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The address of a ledger holds no password.
    user, password, place = re.findall(r"//(\w+):([^@]*)@(.*)", postgres.make("served"))[0]
    monkeypatch.setenv("PGPASSWORD", password)
    where = f"postgresql://{user}@{place}"
    try:
        with public_server(tmp_path, where) as server:
            clerk = server.user("张三")
            sent = {"token": form_of(clerk, "/users")["token"], "name": "李四", "role": "查看", "password": PASSWORD}
            assert clerk.post("/users/add", data=sent).status_code == 303
            assert "李四" in clerk.get("/audit").text
            assert clerk.post("/users/add", data=sent).status_code == 409
            assert clerk.get("/audit", params={"q": "\0", "page": "\0"}).status_code == 200
            assert clerk.get(f"/c/{server.key}", params={"q": "\0", "words": "\0"}).status_code == 200
            assert server.browser().get(f"/u/{link_for(server, '市水利局')}/arrival/{2**63}").status_code == 404
            assert clerk.get(f"/c/{server.key}/unit/{2**63}").status_code == 404
            link = link_for(server, "市水利局")
            asked = Request({"type": "http", "path_params": {"link": link}, "headers": []})
            assert server.site.access.visitor(asked, "unit").name == "市水利局"
    finally:
        postgres.drop("served")


def test_the_page_that_checks_in_the_browser_is_for_anybody(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    for name in ("site/index.html", "site/part-1.js", "secret.txt"):
        (tmp_path / name).write_text(name)
    window = client(self_check=tmp_path / "site")
    page, part = window.get("/check/"), window.get("/check/part-1.js")
    assert (page.text, part.text) == ("site/index.html", "site/part-1.js")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ")
    assert "'unsafe-inline'" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in part.headers["cache-control"]
    for path in ("/check/../secret.txt", "/check/%2e%2e/secret.txt", "/check/..%2fsecret.txt"):
        assert "secret" not in window.get(path).text
    assert client().get("/check/").status_code == 404
