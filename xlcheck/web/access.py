"""Who asks, told from a request; how that is told differs between the window of one clerk and a public server."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request

from xlcheck.web.visitor import LOCAL, May, Visitor


class Access(Protocol):
    """Tells who asks. It may ask a database, so it is called in a thread."""

    def visitor(self, request: Request, may: May) -> Visitor:
        """Who asks for an address that is for such visitors; nobody in particular where nothing proves more."""


class LocalAccess:
    """Whoever reaches a server that listens on this computer alone is its clerk."""

    def visitor(self, request: Request, may: May) -> Visitor:
        """The clerk."""
        del request, may
        return LOCAL
