"""Campaigns for tests: folders with a ledger, and what units hand in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from tests.making.filling import clean_values, form
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import TakenIn, take_in
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.campaign.opening import NewCampaign, OpenCampaign, new_campaign
from xlcheck.campaign.settings import CampaignSettings
from xlcheck.copies import annotate  # noqa: F401  # a child that is a copy of this process has it then
from xlcheck.drawing.template import render
from xlcheck.results import drawn  # noqa: F401  # as above
from xlcheck.roster.units import Unit

DEADLINE = datetime.date(2026, 1, 20)
BEFORE = 1_768_800_000
"""Before the deadline: on the 19th of January 2026."""
AFTER = BEFORE + 5 * 24 * 3600

CODES = {
    "市教育局": "11510400008000000P",
    "市水利局": "11510400008000001T",
    "市民政局": "",
}
UNITS = tuple(Unit(name, code, f"u{number}@example.org") for number, (name, code) in enumerate(CODES.items()))
WRONG: dict[str, Any] = {"requests__received__person": 7, "requests__received__total": 7}
"""One application too many: a column that does not balance, twice."""


def handed_in(
    unit: str = "市教育局",
    year: int = 2025,
    code: str | None = None,
    /,
    filler: str = "经办人",
    notes: Sequence[tuple[str, str]] = (),
    **changes: Any,
) -> bytes:
    """A filled workbook; its code is that of the list, unless it has another. Another filler makes another file of it.

    `notes` are its lines of 情况说明: which warning, and what is said of it.
    """
    cover: Mapping[str, str] = {
        "unit": unit,
        "code": CODES.get(unit, "") if code is None else code,
        "year": str(year),
        "filler": filler,
    }
    return render(form(), cover, clean_values(**changes), notes)


def made_campaign(folder: Path, year: int = 2025, units: Sequence[Unit] = UNITS, ledger: str = "") -> Path:
    """The folder of a new campaign."""
    new = NewCampaign(year, tuple(units), "市政务公开办", "010-1234", "gk@example.org", DEADLINE)
    new_campaign(folder, new, "王科", BEFORE - 1_000_000, CampaignSettings(1, ledger))
    return folder


def unit_of(opened: OpenCampaign, name: str) -> CampaignUnit:
    """A unit by its name."""
    with reading(opened.engine) as connection:
        units = campaign_units(connection, opened.campaign.id, withdrawn=True)
    return next(one for one in units if one.unit.name == name)


def taken(opened: OpenCampaign, data: bytes, name: str = "报表.xlsx", at: int = BEFORE, **incoming: Any) -> TakenIn:
    """Take something in; by its cover, unless something else is said."""
    return take_in(opened, Incoming(name, data, **{"way": "letter", **incoming}), "王科", at)


def states(opened: OpenCampaign, at: int = BEFORE) -> dict[str, tuple[str, int]]:
    """How the units stand, and how often they handed in."""
    with reading(opened.engine) as connection:
        found = unit_standings(connection, opened.campaign.id, at)
    return {one.unit.unit.name: (one.state, one.number) for one in found}


def address_of(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database's address as settings name it: its password stands in the environment."""
    password = make_url(url).password
    if password is None:
        return url
    monkeypatch.setenv("PGPASSWORD", str(password))
    return url.replace(f":{password}@", "@")
