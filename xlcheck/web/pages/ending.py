"""The end of one clerk's window, for those who see no console that they could close."""

from __future__ import annotations

from starlette.responses import Response

from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, WebRoute, post


def _end(asked: Asked) -> Response:
    if asked.live.checks.under_way:
        return see(asked, "/", "还有文件正在核对，或者信正在发；请等它办完再结束", "bad")
    asked.request.app.state.end()
    return show(asked, "ended.html")


ENDING_ROUTES: tuple[WebRoute, ...] = (post("/end", _end, "clerk"),)
