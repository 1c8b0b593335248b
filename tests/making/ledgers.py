"""Small ledgers in tests: a campaign with units, and what they hand in, without any checking."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from xlcheck.campaign.ledger.arrivals import enter_arrival
from xlcheck.campaign.ledger.campaigns import enter_campaign, enter_terms
from xlcheck.campaign.ledger.checks import enter_check
from xlcheck.campaign.ledger.contents import keep_content
from xlcheck.campaign.ledger.units import campaign_units, enter_units
from xlcheck.campaign.ledger.values import Campaign, CampaignArrival, CampaignTerms, CampaignUnit
from xlcheck.roster.units import Unit

DEADLINE = datetime.date(2026, 1, 31)
START = 1_767_225_600
"""The first second of 2026, by Greenwich: eight in the morning in China."""
OVER = 1_769_875_200
"""The first second behind the deadline, by Chinese time."""

TERMS = CampaignTerms("市政务公开办", "010-1234", "gk@example.org", DEADLINE, START, "王科")


def a_campaign(connection: Connection, units: Sequence[Unit | str], name: str = "年报") -> Campaign:
    """A campaign with a list of units."""
    campaign = enter_campaign(connection, "disclosure-2021", 2025, name, START)
    enter_terms(connection, campaign.id, TERMS)
    enter_units(
        connection, campaign.id, [unit if isinstance(unit, Unit) else Unit(unit) for unit in units], START, "王科"
    )
    return campaign


def the_units(connection: Connection, campaign: Campaign) -> dict[str, CampaignUnit]:
    """The units by their names."""
    return {one.unit.name: one for one in campaign_units(connection, campaign.id, withdrawn=True)}


def finding(
    code: str, severity: str = "warning", cells: Iterable[str] = ("表一!D5",), explanation: str = ""
) -> dict[str, Any]:
    """A finding of an entry."""
    return {
        "code": code, "severity": severity, "message": "不对", "fields": [], "cells": list(cells), "expected": None,
        "actual": None, "explanation": explanation or None, "suggestions": [],
    }  # fmt: skip


def entry_of(*findings: dict[str, Any], status: str = "") -> str:
    """The entry of a file with these findings; with errors it failed."""
    failed = any(one["severity"] == "error" for one in findings)
    return json.dumps(
        {
            "path": "a.xlsx", "form": "disclosure-2021", "unit": "甲局", "unit_code": "", "year": 2025,
            "status": status or ("failed" if failed else "passed"),
            "review": not failed and any(not one["explanation"] for one in findings),
            "last_year": None, "annotated": None, "not_evaluated": [], "findings": list(findings), "causes": [],
        },
        ensure_ascii=False,
    )  # fmt: skip


def hand_in(
    connection: Connection,
    campaign: Campaign,
    unit: CampaignUnit | None,
    entry: str | None = None,
    *,
    data: bytes = b"",
    at: int = START + 60,
    origin: str = "",
) -> CampaignArrival:
    """Something comes in, and is checked."""
    content = data or f"{unit.id if unit else 0} {at} {entry}".encode()
    digest = keep_content(connection, content)
    number = unit.id if unit else None
    entered = enter_arrival(connection, campaign.id, number, digest, "a.xlsx", at, "upload", "", "链接", origin)
    if entered.is_new:
        enter_check(connection, entered.arrival.id, at, "0", entry or entry_of())
    return entered.arrival
