"""Who asks, told from a request; how that is told differs between the window of one clerk and a public server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Engine
from starlette.requests import Request

from xlcheck.campaign.ledger.access import link_of, session_of, token_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.units import campaign_unit
from xlcheck.web.door import Door
from xlcheck.web.refusal import SENTENCES
from xlcheck.web.security import cookie_name
from xlcheck.web.visitor import LOCAL, UNKNOWN_VISITOR, May, Visitor

SESSION_COOKIE = "xlcheck-office"
"""The cookie of a user who logged in."""
_LONGEST_SECRET = 128


class Access(Protocol):
    """Tells who asks. It may ask a database, so it is called in a thread."""

    closed: str
    """What is said to those who have to prove who they are first."""

    def visitor(self, request: Request, may: May) -> Visitor:
        """Who asks for an address that is for such visitors; nobody in particular where nothing proves more."""


class LocalAccess:
    """The clerk at this computer is whoever has the cookie of its window; others may use the computer, too.

    Args:
        door: knows the cookie.
    """

    closed = (
        "这个窗口只在打开它的浏览器里能用。请在这台电脑上重新打开：双击 xlcheck 程序，或者运行 xlcheck serve 加上文件夹；"
        "它会在浏览器里打开，之后本页的地址（收藏的也是）在那个浏览器里就能直接用"
    )

    def __init__(self, door: Door) -> None:
        self.door = door

    def visitor(self, request: Request, may: May) -> Visitor:
        """Who asks."""
        del may
        return LOCAL if self.door.knows(request.cookies.get(self.door.cookie_name, "")) else UNKNOWN_VISITOR


class OfficeAccess:
    """Users who logged in, units by the link in the address, and other systems by their token.

    Each address takes one kind of proof, so that what a browser sends by itself opens nothing that is not meant for it.
    """

    closed = SENTENCES[401]

    def __init__(self, engine: Engine, clock: Callable[[], float], secure: bool) -> None:
        self._engine = engine
        self._clock = clock
        self._secure = secure

    def visitor(self, request: Request, may: May) -> Visitor:
        """Who asks."""
        if may == "unit":
            return self._by_link(str(request.path_params.get("link", "")))
        if may == "program":
            kind, _, secret = request.headers.get("authorization", "").partition(" ")
            return self._by_token(secret.strip()) if kind.lower() == "bearer" else UNKNOWN_VISITOR
        return self._by_session(request.cookies.get(cookie_name(SESSION_COOKIE, self._secure), ""))

    def _by_link(self, secret: str) -> Visitor:
        if not _may_be_secret(secret):
            return UNKNOWN_VISITOR
        with reading(self._engine) as connection:
            link = link_of(connection, secret, int(self._clock()))
            unit = campaign_unit(connection, link.unit) if link else None
        if link is None or unit is None or unit.withdrawn:
            return UNKNOWN_VISITOR
        return Visitor("unit", unit.unit.name, unit=unit.id)

    def _by_token(self, secret: str) -> Visitor:
        if not _may_be_secret(secret):
            return UNKNOWN_VISITOR
        with reading(self._engine) as connection:
            token = token_of(connection, secret, int(self._clock()))
        return Visitor("program", token.name, token.role, token.campaign) if token else UNKNOWN_VISITOR

    def _by_session(self, secret: str) -> Visitor:
        if not _may_be_secret(secret):
            return UNKNOWN_VISITOR
        with reading(self._engine) as connection:
            session = session_of(connection, secret, int(self._clock()))
        if session is None:
            return UNKNOWN_VISITOR
        user = session.user
        return Visitor("user", user.name, user.role, must_change=user.must_change)


def _may_be_secret(text: str) -> bool:
    """Whether it is worth asking the database."""
    return 0 < len(text) <= _LONGEST_SECRET and text.isascii()
