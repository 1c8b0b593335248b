"""The public JSON of how a campaign stands as types, like :mod:`xlcheck.results.document`; docs/use/commands/campaign.md explains it."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from xlcheck.results.document import Natural

StateJson = Literal["overdue", "missing", "unreadable", "returned", "review", "passed"]
"""逾期, 未报送, 打不开, 退改, 待核实, 通过."""


class CampaignJson(TypedDict):
    """What is collected."""

    form: str
    """The form's id."""
    year: int
    """The year that is reported on."""
    name: str
    """What the campaign is called."""
    office: str
    """Who collects; may be empty."""
    deadline: str | None
    """The last day on which to hand in, ``2026-01-20``; or null."""


class UnitStandingJson(TypedDict):
    """How one unit stands."""

    name: str
    """As the list has it."""
    code: str
    """统一社会信用代码 as the list has it; may be empty."""
    state: StateJson
    """How it stands."""
    number: Natural
    """How often it handed in."""
    at: int | None
    """When it handed in last, in seconds since 1970; or null."""
    late: bool
    """Whether it had handed in nothing when the deadline was over."""
    errors: Natural
    """Errors in what it handed in last."""
    warnings: Natural
    """Warnings there, explained ones included."""
    unexplained: Natural
    """Warnings that nobody explained, or whose explanation the office did not accept."""
    unanswered: Natural
    """Explanations that wait for the office."""
    decision: Literal["accepted", "returned"] | None
    """What the office decided of it last; or null."""
    reminded: Natural
    """How often it was reminded."""


class UnassignedJson(TypedDict):
    """Something of which nobody knows whose it is."""

    id: int
    """Its number, for ``xlcheck campaign assign``."""
    name: str
    """The file's."""
    at: int
    """When it came in, in seconds since 1970."""
    reason: str
    """Why, in Chinese."""


class CountsJson(TypedDict):
    """How many units are in each state."""

    overdue: Natural
    """逾期: the deadline is over, and nothing was handed in."""
    missing: Natural
    """未报送: nothing was handed in yet."""
    unreadable: Natural
    """打不开: what was handed in last cannot be read."""
    returned: Natural
    """退改: there are errors, or the office returned it."""
    review: Natural
    """待核实: there is a warning without an explanation that holds."""
    passed: Natural
    """通过: nothing is left to do."""


class StatementJson(TypedDict):
    """The document of xlcheck campaign status with ``--format json``."""

    xlcheck: str
    """The version of xlcheck."""
    schema: Annotated[int, ("const", 1)]
    """The version of the document; it goes up when a key is taken away or changes its meaning."""
    campaign: CampaignJson
    """What is collected."""
    counts: CountsJson
    """How many units are in each state."""
    units: list[UnitStandingJson]
    """The units that must hand in or did, in the order of the list."""
    unassigned: list[UnassignedJson]
    """What came in of which nobody knows whose it is, oldest first."""
