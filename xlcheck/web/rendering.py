"""Pages out of templates: every text that goes into one is escaped."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote as url_quoted

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xlcheck.model.times import said_time
from xlcheck.web.refusal import NotDone
from xlcheck.web.routing import Asked
from xlcheck.web.security import cookie_name, set_cookie, token_for
from xlcheck.web.visitor import UNKNOWN_VISITOR, Visitor

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
"""What pages load besides."""
HTMX = "htmx-2.0.11.min.js"
"""The one script that is not ours, as its makers publish it (npm: htmx.org)."""

_SAID_COOKIE = "xlcheck-said"
_LONGEST_SAID = 1000
"""Characters; browsers keep 4096 bytes of a cookie."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of workbooks."""

SaidKind = Literal["good", "bad"]


def show(asked: Asked, name: str, /, *, status: int = 200, **values: Any) -> Response:
    """A page.

    Args:
        asked: what was asked; the template knows its `visitor`, `site`, `token` and `said`.
        name: of the template.
        status: of the answer.
        values: what else the template shows.
    """
    return _rendered(asked.request, name, status, {"visitor": asked.visitor, **values})


def show_refusal(request: Request, refusal: NotDone) -> Response:
    """The page, or part of one, that says why something was refused."""
    visitor = getattr(request.state, "visitor", UNKNOWN_VISITOR)
    values = {
        "visitor": visitor,
        "status": refusal.status,
        "heading": refusal.heading,
        "sentence": refusal.sentence,
        "home": _home(request, visitor),
    }
    return _rendered(request, "refused.html", refusal.status, values)


def _home(request: Request, visitor: Visitor) -> str:
    """Where a visitor can go on: the first page of theirs; empty where there is none."""
    if visitor.kind == "unit":
        return f"/u/{request.path_params['link']}"
    return "/" if visitor.may("viewer") else ""


def see(asked: Asked, address: str, said: str = "", kind: SaidKind = "good") -> Response:
    """Where to look after something was done; the page there says a sentence, once."""
    response = RedirectResponse(address, 303)
    if said:
        value = _signed(asked.request, {"said": said[:_LONGEST_SAID], "kind": kind})
        secure = asked.site.secure
        response.headers.append("Set-Cookie", set_cookie(_SAID_COOKIE, value, secure=secure, seconds=60))
    return response


def download_of(data: bytes, name: str, media_type: str) -> Response:
    """A file to keep; its name may be Chinese (RFC 6266, 5)."""
    disposition = f"attachment; filename*=UTF-8''{url_quoted(name, safe='')}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def _rendered(request: Request, name: str, status: int, values: Mapping[str, Any]) -> Response:
    site = request.app.state.site
    said = _said(request)
    known = {"site": site, "token": token_for(request.state.form_secret), "said": said, "campaign": None}
    body = environment_of(_HERE / "templates").get_template(name).render(known | dict(values))
    response = Response(body, status, media_type="text/html")
    if said:
        response.headers.append("Set-Cookie", set_cookie(_SAID_COOKIE, "", secure=site.secure, seconds=0))
    return response


@cache
def environment_of(folder: Path) -> Environment:
    """The templates of a folder, and what all of them can call."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["static"] = _static
    made.globals["htmx"] = HTMX
    made.filters["time"] = said_time
    made.filters["day"] = day_text
    return made


@cache
def _static(name: str) -> str:
    """The address of a file of static/, which changes with what it holds, so that browsers may keep it."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def day_text(day: datetime.date | None) -> str:
    """A day: 2026年1月20日; empty where there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


# --- a sentence for the next page ------------------------------------------------------------------------------------


def _signature(request: Request, body: bytes) -> str:
    return hmac.new(request.state.form_secret.encode(), b"said" + body, hashlib.sha256).hexdigest()


def _signed(request: Request, value: Mapping[str, str]) -> str:
    body = base64.urlsafe_b64encode(json.dumps(value).encode())
    return f"{body.decode()}.{_signature(request, body)}"


def _said(request: Request) -> dict[str, str] | None:
    """The sentence that was left for this page: `said` and `kind`."""
    cookie = request.cookies.get(cookie_name(_SAID_COOKIE, request.app.state.site.secure), "")
    body, _, signature = cookie.partition(".")
    if not body or not hmac.compare_digest(signature.encode(), _signature(request, body.encode()).encode()):
        return None
    said: dict[str, str] = json.loads(base64.urlsafe_b64decode(body))
    return said
