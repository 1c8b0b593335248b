"""Whether a server works, for whoever watches over it."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from xlcheck import __version__
from xlcheck.web.routing import Asked, WebRoute, get


def health(asked: Asked) -> Response:
    """Whether it can answer, and how much is under way."""
    return JSONResponse({"status": "ok", "xlcheck": __version__, "under_way": asked.live.checks.under_way})


HEALTH_ROUTES: tuple[WebRoute, ...] = (get("/health", health, "anybody"),)
