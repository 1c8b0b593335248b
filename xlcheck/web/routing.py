"""Addresses: each says whom it is for, and its function is called with all that was asked, in a thread.

A page's function is plain: a request that was let in and read goes in, an answer comes out. It may ask a database and the
disk as it likes, and raises what the tasks raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xlcheck.model.tuples import NamedTuple
from xlcheck.web.acts import note_act
from xlcheck.web.refusal import NotDone, PasswordToChange
from xlcheck.web.security import SAFE_METHODS, is_token_for, token_for
from xlcheck.web.uploads import NOTHING_SENT, SentForm, UploadedFile, sent_with, without_nul
from xlcheck.web.visitor import May, Visitor

if TYPE_CHECKING:
    from xlcheck.web.site import Site, SiteState

TOKEN_FIELD = "token"  # noqa: S105
"""The field of every form that says in which browser it was shown."""
_TOKEN_HEADER = "x-token"  # noqa: S105
"""The same of what a script sends."""


_LARGEST = 2**63 - 1
"""SQLite and PostgreSQL number nothing higher, and refuse to be asked for more."""

BEFORE_ALL = ("/account", "/account/strength", "/logout")
"""Where a user may go whose password somebody else chose."""
_NO_LINK = "这个链接无效：可能已经过期、被收回，或者没有复制完整；请向发给你链接的单位重新索取"


class Asked(NamedTuple):
    """A request that was let in and read."""

    request: Request
    visitor: Visitor
    sent: SentForm = NOTHING_SENT

    @property
    def site(self) -> Site:
        """The server that is asked."""
        site: Site = self.request.app.state.site
        return site

    @property
    def live(self) -> SiteState:
        """What the server holds in its memory."""
        live: SiteState = self.request.app.state.live
        return live

    @property
    def at(self) -> int:
        """Now, in seconds since 1970."""
        return int(self.site.clock())

    @property
    def token(self) -> str:
        """What each form on the page sends back."""
        return token_for(self.request.state.form_secret)

    @property
    def path(self) -> Mapping[str, object]:
        """What stands at the places of the address that its route names."""
        params: Mapping[str, object] = self.request.path_params
        return params

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""
        return {name: without_nul(value) for name, value in self.request.query_params.items()}

    @property
    def is_of_script(self) -> bool:
        """Whether htmx asks, for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def files(self) -> tuple[UploadedFile, ...]:
        """The files that were sent."""
        return self.sent.files

    def field(self, name: str) -> str:
        """What was sent in a field; empty where nothing was."""
        return next(iter(self.sent.fields.get(name, ())), "").strip()

    def fields(self, name: str) -> tuple[str, ...]:
        """All that was sent in fields of that name."""
        return self.sent.fields.get(name, ())


Endpoint = Callable[[Asked], Response]


class WebRoute(NamedTuple):
    """An address."""

    path: str
    """With ``{name}`` or ``{name:int}`` where it differs (starlette.dev/routing)."""
    endpoint: Endpoint
    may: May
    """Whom it is for."""
    method: str = "GET"
    checks: bool = False
    """Whether files are checked on the way, for which it must wait in line."""
    files: int = 0
    """How many files may be sent; 0 where none are."""
    act: str = ""
    """What is done there, as the record of acts says it; empty where nothing is noted, or the function does so itself."""


def get(path: str, endpoint: Endpoint, may: May) -> WebRoute:
    """An address that shows something and changes nothing."""
    return WebRoute(path, endpoint, may)


def post(path: str, endpoint: Endpoint, may: May, *, files: int = 0, checks: bool = False, act: str = "") -> WebRoute:
    """An address that changes something.

    Args:
        path: the address.
        endpoint: what is done.
        may: whom it is for.
        files: how many files may be sent.
        checks: whether files are checked before it answers.
        act: what is done, as the record of acts says it.
    """
    return WebRoute(path, endpoint, may, "POST", checks, files, act)


def as_route(route: WebRoute) -> Route:
    """A route of Starlette's, which lets in whom it is for."""

    async def answer(request: Request) -> Response:
        site: Site = request.app.state.site
        visitor = await run_in_threadpool(site.access.visitor, request, route.may)
        request.state.visitor = visitor
        _check_visitor(route, visitor, site.access.closed)
        if not all(_can_be_kept(value) for value in request.path_params.values()):
            raise NotDone(404)
        if route.method in SAFE_METHODS:
            return await run_in_threadpool(route.endpoint, Asked(request, visitor))
        return await _changed(route, request, visitor)

    answer.__name__ = route.endpoint.__name__
    return Route(route.path, answer, methods=[route.method])


async def _changed(route: WebRoute, request: Request, visitor: Visitor) -> Response:
    site: Site = request.app.state.site
    state: SiteState = request.app.state.live
    # Many units may share the address of one gateway, so that each is counted by itself.
    sender = f"unit {visitor.unit}" if visitor.kind == "unit" else address_of(request)
    if visitor.kind in {"nobody", "unit"} and not state.sends.count(sender):
        raise NotDone(429)
    most = site.bounds.file_bytes if route.files == 1 else site.bounds.batch_bytes if route.files else 0
    async with sent_with(request, site.bounds, most, route.files) as sent:
        if visitor.kind != "program":
            _check_token(request, sent)
        asked = Asked(request, visitor, sent)
        if route.checks:
            return await state.checks.run(_done, route, asked)
        return await run_in_threadpool(_done, route, asked)


def _done(route: WebRoute, asked: Asked) -> Response:
    """What the page's function answers; that it was done is noted."""
    response = route.endpoint(asked)
    if route.act and response.status_code < 400:
        about = "，".join(f"{name} {value}" for name, value in asked.path.items() if name != "link")
        note_act(asked.site, asked.at, asked.visitor.name, route.act, about)
    return response


def _can_be_kept(value: object) -> bool:
    """Whether there may be such a thing in a ledger; PostgreSQL refuses to be asked for a text with NUL."""
    return value <= _LARGEST if isinstance(value, int) else "\0" not in str(value)


def _check_visitor(route: WebRoute, visitor: Visitor, closed: str) -> None:
    if not visitor.may(route.may):
        if route.may == "unit":
            raise NotDone(404, _NO_LINK)
        raise NotDone(401, closed) if visitor.kind == "nobody" else NotDone(403)
    if visitor.must_change and route.may != "anybody" and route.path not in BEFORE_ALL:
        raise PasswordToChange
    if visitor.kind == "program" and route.method not in SAFE_METHODS and visitor.role != "经办":
        raise NotDone(403, "这个令牌只能查看，不能报送")


def address_of(request: Request) -> str:
    """The network address of whoever asks."""
    return request.client.host if request.client else ""


def _check_token(request: Request, sent: SentForm) -> None:
    token = request.headers.get(_TOKEN_HEADER) or next(iter(sent.fields.get(TOKEN_FIELD, ())), "")
    if not is_token_for(request.state.form_secret, token):
        raise NotDone(403, "这个页面已经过期，没有处理；请刷新页面后重新提交")
