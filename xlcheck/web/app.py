"""The application: all addresses, what stands around them, and what lives as long as it does."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xlcheck.model.errors import Error, LedgerTrouble
from xlcheck.web.checks import Checks
from xlcheck.web.health import HEALTH_ROUTES
from xlcheck.web.logs import log_request, log_trouble
from xlcheck.web.progress import Undertakings
from xlcheck.web.rates import Rates
from xlcheck.web.refusal import SENTENCES, NotDone, PasswordToChange
from xlcheck.web.rendering import STATIC, show_refusal
from xlcheck.web.routing import WebRoute, as_route
from xlcheck.web.security import SAFE_METHODS, SELF_CHECK_POLICY, Guarded
from xlcheck.web.site import Site, SiteState
from xlcheck.workers.spread import WorkersLost

API = "/api/v1"
"""Where other systems ask; they are answered in JSON."""
SELF_CHECK = "/check"
"""Where the page is that checks in the browser itself, for anybody."""
GIVEN_UP = 5.0
"""Seconds that work has to notice that it is given up."""
_FOR_EVER = "public, max-age=31536000, immutable"


def web_routes(site: Site) -> tuple[WebRoute, ...]:
    """All addresses of a server."""
    from xlcheck.web.pages.api import API_ROUTES
    from xlcheck.web.pages.door import DOOR_ROUTES
    from xlcheck.web.pages.ending import ENDING_ROUTES
    from xlcheck.web.pages.login import LOGIN_ROUTES
    from xlcheck.web.pages.office import OFFICE_ROUTES
    from xlcheck.web.pages.progress import PROGRESS_ROUTES
    from xlcheck.web.pages.public import PUBLIC_ROUTES
    from xlcheck.web.pages.users import USER_ROUTES

    always = (*HEALTH_ROUTES, *PROGRESS_ROUTES, *OFFICE_ROUTES)
    if site.mode == "local":
        return (*always, *DOOR_ROUTES, *ENDING_ROUTES)
    return (*always, *LOGIN_ROUTES, *USER_ROUTES, *PUBLIC_ROUTES, *API_ROUTES)


def application(site: Site, routes: Sequence[WebRoute] | None = None) -> Starlette:
    """The application for a site; `routes` in place of its own, for tests."""
    made: list[BaseRoute] = [as_route(route) for route in (web_routes(site) if routes is None else routes)]
    made.append(Mount("/static", _KeptFiles(directory=STATIC)))
    if site.self_check is not None:
        made.append(Mount(SELF_CHECK, _SelfCheck(directory=site.self_check, html=True)))
    app = Starlette(
        routes=made,
        lifespan=_lifespan,
        middleware=[
            Middleware(Guarded, hosts=site.hosts, secure=site.secure, refused=_refused_outside),
            Middleware(_Watched),
        ],
        exception_handlers={HTTPException: _refused_inside, Error: _refused_inside},
    )
    app.state.site = site
    app.state.end = lambda: None  # for whoever runs it to say how that ends
    checks = Checks(site.bounds.checks, site.bounds.waiting)
    app.state.live = SiteState(
        checks,
        Undertakings(checks.submit, lambda error: refusal_of(error, site).sentence),
        Rates(site.bounds.login_tries, site.bounds.login_seconds, site.clock),
        Rates(site.bounds.sends, site.bounds.send_seconds, site.clock),
        Rates(site.bounds.account_tries, site.bounds.account_seconds, site.clock),
    )
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    try:
        yield
    finally:
        app.state.live.checks.close(GIVEN_UP)
        app.state.site.campaigns.close()


class _KeptFiles(StaticFiles):
    """Files whose addresses change with what they hold."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = _FOR_EVER
        return response


class _SelfCheck(StaticFiles):
    """The page that checks in the browser itself: it is asked for, and nothing is ever sent back."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = SELF_CHECK_POLICY
        if response.status_code == 200 and not path.endswith((".html", ".")):
            response.headers["Cache-Control"] = _FOR_EVER  # the names of the parts change with what they hold
        return response


# --- what goes wrong -------------------------------------------------------------------------------------------------


def refusal_of(error: Exception, site: Site) -> NotDone:
    """What a visitor is told of an exception; what should not happen is logged."""
    if isinstance(error, NotDone):
        return error
    if isinstance(error, HTTPException):
        return NotDone(error.status_code if error.status_code in SENTENCES else 400)
    if isinstance(error, LedgerTrouble):
        log_trouble(error, site.clock())
        return NotDone(503, error.message)
    if isinstance(error, WorkersLost):
        log_trouble(error, site.clock())
        return NotDone(503, "核对的程序中断了，没有核对完，也没有收下；请再试一次")
    if isinstance(error, Error):
        return NotDone(409, error.message)
    log_trouble(error, site.clock())
    return NotDone(500)


async def _refused_inside(request: Request, error: Exception) -> Response:
    return await _answer(request, refusal_of(error, request.app.state.site))


async def _answer(request: Request, refusal: NotDone) -> Response:
    response = await _refused(request, refusal)
    if refusal.status in {429, 503}:
        response.headers["Retry-After"] = "30"
    if refusal.status == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return response


def _methods_at(request: Request) -> set[str]:
    """What the address that is asked for accepts; several routes may have it."""
    routes: list[BaseRoute] = request.app.routes
    at = [one for one in routes if isinstance(one, Route) and one.matches(request.scope)[0] is not Match.NONE]
    return {method for one in at for method in one.methods or ()} or set(SAFE_METHODS)


async def _refused(request: Request, refusal: NotDone) -> Response:
    if _is_for_programs(request.scope):
        return _told_in_json(refusal)
    if refusal.status == 401 and request.method in SAFE_METHODS and request.app.state.site.mode == "public":
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={"HX-Redirect": "/login"})
        return RedirectResponse("/login", 303)
    if isinstance(refusal, PasswordToChange) and request.method in SAFE_METHODS:
        return RedirectResponse("/account", 303)
    return await run_in_threadpool(show_refusal, request, refusal)


def _is_for_programs(scope: Scope) -> bool:
    return str(scope["path"]).startswith(f"{API}/")


def _told_in_json(refusal: NotDone) -> Response:
    return JSONResponse({"error": refusal.sentence}, refusal.status)


def _refused_outside(scope: Scope, refusal: NotDone) -> ASGIApp:
    """The answer to what no page is to see; it needs none, nor a database."""
    if _is_for_programs(scope):
        return _told_in_json(refusal)
    return PlainTextResponse(refusal.sentence, refusal.status)


class _Watched:
    """Logs every request, and says in a page what otherwise would end without an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        site: Site = scope["app"].state.site
        began, status = time.monotonic(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            refusal = refusal_of(error, site)
            if not status:  # else it broke in the middle of an answer, and the connection is closed
                await (await _answer(request, refusal))(scope, receive, noting)
        finally:
            if site.logs_requests:
                log_request(request, status, time.monotonic() - began, site.clock())
