"""The notice (通报) of a campaign, from how its units stand."""

from __future__ import annotations

from collections.abc import Iterable

from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitStanding, UnitState
from xlcheck.campaign.ledger.values import Campaign, CampaignTerms
from xlcheck.campaign.report.chart import ChartColumn
from xlcheck.campaign.report.document import notice_document
from xlcheck.campaign.report.tally import NoticeTally, notice_tally
from xlcheck.campaign.report.wording import notice_text, table_line
from xlcheck.model.form import Form

_SHOWN: tuple[tuple[UnitState, str], ...] = (
    ("passed", "70AD47"),
    ("review", "FFC000"),
    ("returned", "C55A11"),
    ("unreadable", "7F6084"),
)
"""What those that handed in are counted by, each with its colour."""
_MISSING = "A5A5A5"


def notice_report(
    campaign: Campaign, terms: CampaignTerms, form: Form, standings: Iterable[UnitStanding], now: int
) -> bytes:
    """The notice as the bytes of a .docx file, ready to be signed; the same inputs give the same bytes.

    Args:
        campaign: whose notice it is.
        terms: what its office announced.
        form: what is collected.
        standings: how each unit stands, in the order of the list.
        now: the moment of these.
    """
    units = tuple(standings)
    tally = notice_tally(units)
    text = notice_text(campaign, terms, form, tally, now)
    return notice_document(text, _columns(tally), (table_line(n, one) for n, one in enumerate(units, start=1)))


def _columns(tally: NoticeTally) -> list[ChartColumn]:
    handed = [ChartColumn(STATE_WORDS[state], len(tally.of(state)), colour) for state, colour in _SHOWN]
    return [*handed, ChartColumn("未报送" if tally.of("missing") else "缺报", len(tally.missing), _MISSING)]
