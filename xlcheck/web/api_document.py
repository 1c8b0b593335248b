"""The JSON of the interface for other systems as types; openapi.json is made from them, and docs/inside/web.md explains them.

Keys are only added within a version of the interface. What is annotated to a type is a keyword of JSON Schema and its value.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from xlcheck.campaign.ledger.standings import UnitState
from xlcheck.campaign.ledger.values import Way
from xlcheck.results.document import FileJson, Natural

Moment = Annotated[str, ("format", "date-time")]
"""A moment with its offset: ``2026-01-20T09:30:00+08:00``."""


class CampaignJson(TypedDict):
    """One year's collection of one form."""

    campaign: str
    """What stands for it in addresses."""
    form: str
    """The form's id."""
    year: int
    """The year that is reported on."""
    name: str
    """What the office calls it."""
    deadline: str | None
    """The last day on which to hand in, ``2026-01-31``; null where none is set."""


class CampaignsJson(TypedDict):
    """All campaigns of the server, the newest year first."""

    campaigns: list[CampaignJson]
    """Each of them."""


class UnitStandingJson(TypedDict):
    """How a unit stands."""

    unit: str
    """Its name in the list."""
    unit_code: str
    """Its code in the list, or empty."""
    state: UnitState
    """逾期, 未报送, 打不开, 退改, 待核实 or 通过."""
    number: Natural
    """How often it handed in."""
    at: Moment | None
    """When it handed in last; null if never."""
    late: bool
    """Whether it had handed in nothing when the deadline was over."""
    errors: Natural
    """Of what it handed in last."""
    warnings: Natural
    """Of what it handed in last."""


class BoardJson(TypedDict):
    """A page of the board."""

    total: Natural
    """How many units are found on all pages."""
    counts: dict[UnitState, Natural]
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
    at: Moment
    """When it reached the office."""
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
