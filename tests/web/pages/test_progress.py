"""The page of work that takes longer than a request."""

from __future__ import annotations

import threading

from starlette.responses import Response

from tests.web.window import client, form_of
from xlcheck.tasks.events import Listener, Notice, Started
from xlcheck.web.pages.progress import PROGRESS_ROUTES
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

GO = threading.Event()


def _start(asked: Asked) -> Response:
    def work(listen: Listener) -> str:
        listen(Started(2))
        listen(Notice("<b>甲"))
        GO.wait()
        return "/done"

    return see(asked, f"/progress/{asked.live.undertakings.start('核对 2 个文件', asked.visitor, work).key}")


def _page(asked: Asked) -> Response:
    return show(asked, "login.html", name="", trouble="")


def test_a_page_follows_it_and_goes_on_when_it_is_over() -> None:
    GO.clear()
    window = client(
        (*PROGRESS_ROUTES, get("/", _page, "viewer"), post("/start", _start, "clerk"), get("/done", _page, "viewer"))
    )
    place = window.post("/start", data=form_of(window)).headers["location"]
    while "共 2 个" not in (page := window.get(place).text):
        pass
    assert "&lt;b&gt;甲" in page
    GO.set()
    with window.stream("GET", f"{place}/events") as events:
        told = "".join(events.iter_text())
        assert events.headers["content-type"].startswith("text/event-stream")
    assert '"is_over": true' in told
    answer = window.get(place)
    assert (answer.status_code, answer.headers["location"]) == (303, "/done")
    assert window.get("/progress/other").status_code == 404
    window.app.state.live.checks.close(25)  # type: ignore[attr-defined]
