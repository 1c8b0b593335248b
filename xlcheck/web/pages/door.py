"""How the clerk at this computer comes in: an address that opens once, and a cookie that stays."""

from __future__ import annotations

from starlette.responses import Response

from xlcheck.web.access import LocalAccess
from xlcheck.web.door import COOKIE_SECONDS
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see
from xlcheck.web.routing import Asked, WebRoute, get
from xlcheck.web.security import set_cookie

_USED = "这个打开地址已经用过，或者是以前的"


def _open(asked: Asked) -> Response:
    access = asked.site.access
    if not isinstance(access, LocalAccess):
        raise NotDone(404)
    response = see(asked, "/")
    if asked.visitor.kind == "local":
        return response
    door = access.door
    if not door.opens(asked.query.get("key", "")):
        raise NotDone(401, f"{_USED}。{access.closed}")
    response.headers.append(
        "Set-Cookie", set_cookie(door.cookie_name, door.cookie, secure=False, seconds=COOKIE_SECONDS)
    )
    return response


DOOR_ROUTES: tuple[WebRoute, ...] = (get("/open", _open, "anybody"),)
