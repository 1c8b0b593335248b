"""A server for tests, asked without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from sqlalchemy import Engine
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from tests.making.ledgers import DEADLINE, START
from xlcheck.campaign.ledger.access import begin_session, enter_user, grant_link
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import CampaignUnit, Role
from xlcheck.campaign.opening import NewCampaign, OpenCampaign
from xlcheck.roster.units import Unit
from xlcheck.tasks.given import CannotDo
from xlcheck.web.access import SESSION_COOKIE, LocalAccess, OfficeAccess
from xlcheck.web.app import application
from xlcheck.web.door import Door
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.health import HEALTH_ROUTES
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, WebRoute, get, post
from xlcheck.web.site import Site


def client(routes: Sequence[WebRoute] | None = None, **site: Any) -> TestClient:
    """Asks a site, by default the window of one clerk."""
    door = Door("甲" * 32)
    nowhere = CampaignFolders(Path("/nowhere"))
    made = Site(**{"mode": "local", "access": LocalAccess(door), "campaigns": nowhere, **site})
    app = application(made, routes)
    address = f"http{'s' if made.secure else ''}://localhost"
    browser = TestClient(app, address, raise_server_exceptions=True, follow_redirects=False)
    browser.cookies.set(door.cookie_name, door.cookie, domain="localhost.local", path="/")
    return browser


class PublicServer(NamedTuple):
    """A public server with a campaign of three units."""

    site: Site
    engine: Engine
    key: str
    """Of the campaign."""
    units: dict[str, CampaignUnit]

    def browser(self, routes: Sequence[WebRoute] | None = None) -> TestClient:
        """A browser that was never there."""
        return TestClient(application(self.site, routes), self.site.address, follow_redirects=False)

    def user(self, name: str, role: Role = "经办") -> TestClient:
        """A browser in which a user has logged in."""
        with writing(self.engine) as connection:
            user = enter_user(connection, name, KEPT, role, START, "本机", must_change=False)
            _, secret = begin_session(connection, user, START, START + 1000)
        browser = self.browser()
        browser.cookies.set(f"__Host-{SESSION_COOKIE}", secret, domain="bs.example", path="/")
        return browser

    @property
    def campaign(self) -> OpenCampaign:
        """The campaign, opened."""
        return self.site.campaigns.opened(self.key)

    def link(self, name: str) -> str:
        """The address of the page that a new link of a unit leads to."""
        with writing(self.engine) as connection:
            return f"/u/{grant_link(connection, self.units[name].id, START, '张三')[1]}"


PASSWORD = "春眠不觉晓，处处闻啼鸟。"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes without the effort that only the tests of passwords are about."""
KEPT = QUICK.hash(PASSWORD)
"""What is kept of it."""


@contextmanager
def public_server(folder: Path, where: str = "", **site: Any) -> Iterator[PublicServer]:
    """One that reaches browsers by TLS as https://bs.example; its clock stands."""
    where = where or str(folder / "台账.sqlite")
    with open_ledger_database(where) as engine:
        campaigns = CampaignFolders(folder / "年报", where, engine)
        units = tuple(Unit(name, code=code) for name, code in UNITS)
        key = campaigns.make(
            NewCampaign(2025, units, "市政务公开办", "010-1234", "gk@example.org", DEADLINE), "本机", START
        )
        with reading(engine) as connection:
            listed = {one.unit.name: one for one in campaign_units(connection, 1)}

        def clock() -> float:
            return START + 1

        made = {
            "mode": "public", "access": OfficeAccess(engine, clock, secure=True), "campaigns": campaigns, "ledger": engine,
            "hosts": {"bs.example"}, "secure": True, "address": "https://bs.example", "clock": clock,
        }  # fmt: skip
        yield PublicServer(Site(**{**made, **site}), engine, key, listed)
        campaigns.close()


UNITS = (("市教育局", "11510400MB0001"), ("市水利局", ""), ("<script>alert(1)</script>局", ""))


def form_of(window: TestClient, path: str = "/") -> dict[str, str]:
    """What the form of a page sends, unless somebody types something else."""
    (token,) = set(re.findall(r'name="token" value="(\w+)"', window.get(path).text))
    return {"token": token, "text": "甲"}


def sent(browser: TestClient, page: str, address: str, fields: Mapping[str, str], file: bytes | None = None) -> str:
    """What comes of sending the form of a page, wherever that leads: status, address and text."""
    token = re.findall(r'name="token" value="(\w+)"', browser.get(page).text)[0]
    files = {"file": ("表.xlsx", file)} if file is not None else None
    answer = browser.post(address, data={"token": token, **fields}, files=files, follow_redirects=True)
    return f"{answer.status_code} {answer.url.path}\n{answer.text}"


def _page(asked: Asked) -> Response:
    token = f'<input type="hidden" name="token" value="{asked.token}">'
    return Response(f"<form>{token}</form>", media_type="text/html")


def _written(asked: Asked) -> Response:
    return PlainTextResponse(f"写下了：{asked.field('text')}")


def _handed_in(asked: Asked) -> Response:
    return PlainTextResponse("\n".join(f"{one.name} {one.size} {len(one.data)}" for one in asked.files))


def _broken(asked: Asked) -> Response:
    raise ZeroDivisionError("第三格是 42")


def _refused(asked: Asked) -> Response:
    raise CannotDo("input", "“<b>.xlsx”不在")


def _next(asked: Asked) -> Response:
    return see(asked, "/said", asked.field("text"), "bad")


def _said(asked: Asked) -> Response:
    return show(
        asked,
        "progress.html",
        title="完成",
        key="k",
        now=asked.live.undertakings.start("甲", asked.visitor, lambda _: "/").now,
    )


TINY_ROUTES = (
    *HEALTH_ROUTES,
    get("/", _page, "viewer"),
    post("/", _written, "clerk"),
    post("/file", _handed_in, "clerk", files=1),
    post("/files", _handed_in, "clerk", files=3, checks=True),
    post("/next", _next, "clerk"),
    get("/said", _said, "viewer"),
    get("/broken", _broken, "viewer"),
    get("/refused", _refused, "viewer"),
)
"""A page with a form, and what it leads to."""
