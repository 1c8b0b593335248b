"""A server for tests, asked without a network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from xlcheck.tasks.given import CannotDo
from xlcheck.web.access import LocalAccess
from xlcheck.web.app import application
from xlcheck.web.health import HEALTH_ROUTES
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, WebRoute, get, post
from xlcheck.web.site import Site


def client(routes: Sequence[WebRoute] | None = None, **site: Any) -> TestClient:
    """Asks a site, by default the window of one clerk."""
    made = Site(**{"mode": "local", "access": LocalAccess(), "hosts": {"localhost", "127.0.0.1", "::1"}, **site})
    app = application(made, routes)
    address = f"http{'s' if made.secure else ''}://localhost"
    return TestClient(app, address, raise_server_exceptions=True, follow_redirects=False)


def form_of(window: TestClient, path: str = "/") -> dict[str, str]:
    """What the form of a page sends, unless somebody types something else."""
    (token,) = set(re.findall(r'name="token" value="(\w+)"', window.get(path).text))
    return {"token": token, "text": "甲"}


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
