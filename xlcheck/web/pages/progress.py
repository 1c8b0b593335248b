"""How far some work is that takes longer than a request."""

from __future__ import annotations

from starlette.responses import Response, StreamingResponse

from xlcheck.web.progress import event_stream
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, WebRoute, get


def _progress(asked: Asked) -> Response:
    undertaking = asked.live.undertakings.of(str(asked.path["key"]), asked.visitor)
    now = undertaking.now
    # Where more was said than one sentence, somebody should read it first.
    if now.is_over and now.then and len(now.said) <= 1:
        return see(asked, now.then, now.said[-1] if now.said else "")
    return show(asked, "progress.html", title=undertaking.title, key=undertaking.key, now=now)


def _events(asked: Asked) -> Response:
    undertaking = asked.live.undertakings.of(str(asked.path["key"]), asked.visitor)
    # A proxy that collected the stream would show nothing until it is over.
    return StreamingResponse(
        event_stream(undertaking), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


PROGRESS_ROUTES: tuple[WebRoute, ...] = (
    get("/progress/{key}", _progress, "viewer"),
    get("/progress/{key}/events", _events, "viewer"),
)
