"""What a server is: for whom, from where, and by which rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlcheck.model.tuples import NamedTuple
from xlcheck.web.bounds import WebBounds
from xlcheck.web.refusal import NotDone

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from xlcheck.web.access import Access
    from xlcheck.web.checks import Checks
    from xlcheck.web.folders import CampaignFolders
    from xlcheck.web.progress import Undertakings
    from xlcheck.web.rates import Rates


class Site(NamedTuple):
    """One server, as whoever starts it wants it."""

    mode: Literal["local", "public"]
    """The window of one clerk at this computer, or a server for an office and its units."""
    access: Access
    """Tells who asks."""
    campaigns: CampaignFolders
    ledger: Engine | None = None
    """The ledger of a public server, which knows its users and what they did."""
    hosts: Collection[str] = frozenset({"localhost", "127.0.0.1", "::1"})
    """The names that it may be called by."""
    secure: bool = False
    """Whether browsers reach it by TLS."""
    address: str = ""
    """Where browsers reach it, without a slash at the end: what links begin with."""
    self_check: Path | None = None
    """The folder of the built page that checks in the browser itself; None where there is none."""
    logs_requests: bool = True
    """Whether each request is logged, or only what should not happen."""
    bounds: WebBounds = WebBounds()
    clock: Callable[[], float] = time.time
    """Seconds since 1970."""


class SiteState(NamedTuple):
    """What a running server holds in its memory besides."""

    checks: Checks
    undertakings: Undertakings
    logins: Rates
    """Wrong passwords, by address and by name."""
    sends: Rates
    """Requests that change something, by address."""
    tries: Rates
    """Mail accounts that were tried, by user."""


def ledger_of(site: Site) -> Engine:
    """The ledger that knows the users of a public server.

    Raises:
        NotDone: it is the window of one clerk, which has none.
    """
    if site.ledger is None:
        raise NotDone(404)
    return site.ledger
