"""The record of who did what (操作日志), in the ledger of a public server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlcheck.web.site import Site


def note_act(site: Site, at: int, who: str, what: str, about: str = "") -> None:
    """Note that somebody did something; in the window of one clerk nothing is noted, for the ledger names him anyway."""
    if site.ledger is None:
        return
    from xlcheck.campaign.ledger.audit import enter_audit
    from xlcheck.campaign.ledger.database import writing

    with writing(site.ledger) as connection:
        enter_audit(connection, at, who, what, about)
