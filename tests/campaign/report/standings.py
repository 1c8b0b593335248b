"""Units that stand in every way at the end of a campaign, without any ledger."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from xlcheck.campaign.ledger.standings import UnitFacts, UnitStanding, standing_of
from xlcheck.campaign.ledger.values import Campaign, CampaignTerms, CampaignUnit
from xlcheck.roster.units import Unit

DEADLINE = datetime.date(2026, 1, 31)
OVER = 1_769_875_200
"""The first second behind the deadline, by Chinese time."""
CAMPAIGN = Campaign(1, "disclosure-2021", 2025, "政府信息公开工作年度报告", 0)
TERMS = CampaignTerms("某某市政务公开办", "0812-1234567", "gk@example.org", DEADLINE, 0, "王科")
FACTS = {
    "甲局": UnitFacts(CampaignUnit(0, Unit("甲局")), 1, 1, OVER - 9_000, OVER - 9_000, "passed"),
    "乙局": UnitFacts(CampaignUnit(0, Unit("乙局")), 2, 3, OVER + 9_000, OVER + 90_000, "passed", 0, 2, 1, 1),
    "丙局": UnitFacts(CampaignUnit(0, Unit("丙局")), 3, 2, OVER - 9_000, OVER - 60, "failed", 4),
    "丁局": UnitFacts(CampaignUnit(0, Unit("丁局")), 4, 1, OVER - 9_000, OVER - 9_000, "unreadable", 1),
    "戊局": UnitFacts(CampaignUnit(0, Unit("戊局")), reminded=2),
    "市政府": UnitFacts(CampaignUnit(0, Unit("市政府"), hands_in=False), 5, 1, OVER - 9_000, OVER - 9_000, "passed"),
}
"""One of each: passed, to be explained and late, returned, unreadable, missing, and one that need not hand in."""


def standings(units: Iterable[str] = FACTS, now: int = OVER + 100_000) -> list[UnitStanding]:
    """How these units stand."""
    return [standing_of(FACTS[unit], [TERMS], now) for unit in units]
