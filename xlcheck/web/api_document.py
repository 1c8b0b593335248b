"""The JSON of the interface for other systems as types; openapi.json is made from them, and docs/inside/web.md explains them.

Keys are only added within a version of the interface. What is annotated to a type is a keyword of JSON Schema and its value.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from xlcheck.campaign.document import CampaignJson, CountsJson, UnitStandingJson
from xlcheck.campaign.ledger.values import Way
from xlcheck.results.document import FileJson, Natural


class ServedCampaignJson(TypedDict):
    """One year's collection of one form."""

    campaign: str
    """What stands for it in addresses."""
    about: CampaignJson
    """What is collected."""


class CampaignsJson(TypedDict):
    """All campaigns of the server, the newest year first."""

    campaigns: list[ServedCampaignJson]
    """Each of them."""


class BoardJson(TypedDict):
    """A page of the board."""

    total: Natural
    """How many units are found on all pages."""
    counts: CountsJson
    """How many units are in each state."""
    units: list[UnitStandingJson]
    """Those of the page."""


class ArrivalJson(TypedDict):
    """Something that was handed in."""

    receipt: str
    """What it is known by: ``7KQD-2M9X``."""
    campaign: str
    """What stands for its campaign in addresses."""
    unit: str | None
    """The unit whose it is; null as long as nobody knows."""
    number: Natural
    """Which of its unit's it is, from 1; 0 as long as nobody knows whose it is."""
    at: int
    """When it reached the office, in seconds since 1970."""
    way: Way
    """How it came."""
    sha256: Annotated[str, ("pattern", "^[0-9a-f]{64}$")]
    """Of its content."""
    is_new: bool
    """Whether it was entered by this request, or is what the unit handed in last and was entered before."""
    said: list[str]
    """What a person should know, in Chinese."""
    decision: str | None
    """``accepted`` or ``returned`` by the office; null where it decided nothing."""
    has_copy: bool
    """Whether there is an annotated copy."""
    result: FileJson
    """What checking it came to, as in ``xlcheck verify --format json``."""


class ErrorJson(TypedDict):
    """Why a request was refused."""

    error: str
    """A sentence in Chinese: what is wrong, and what to do."""


class HealthJson(TypedDict):
    """Whether the server works."""

    status: str
    """``ok``."""
    xlcheck: str
    """The version."""
    under_way: Natural
    """How many requests wait for a check, or are being checked."""
