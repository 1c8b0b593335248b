"""The public JSON of totals as types, like :mod:`xlcheck.results.document`; docs/use/commands/total.md explains it."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from xlcheck.results.counts import Status
from xlcheck.results.document import CellAddress, Exact, FindingJson


class DifferenceJson(TypedDict):
    """A field that a workbook holds otherwise than the sum is."""

    field: str
    """Its key."""
    cell: CellAddress | None
    """Where it stands in that workbook, or null if it is not found."""
    held: str
    """What the workbook holds there."""
    published: Exact | None
    """The number that it holds there, or null."""
    computed: Exact | None
    """The sum, or null if no unit gave a number."""
    difference: Exact | None
    """Published minus computed, or null if one of them is missing."""


class ContributionJson(TypedDict):
    """What one unit adds to a total."""

    unit: str
    """Its name."""
    unit_code: str
    """统一社会信用代码, or empty."""
    path: str
    """Its workbook."""
    status: Literal["passed", "failed"]
    """Whether its workbook has errors."""
    review: bool
    """Whether it passes, but with warnings that nobody explained (待核实)."""
    missing: list[str]
    """Keys of fields that add nothing."""


class LeftOutJson(TypedDict):
    """A workbook that is not added up, or a unit that handed in none."""

    unit: str
    """Its name, or empty."""
    unit_code: str
    """统一社会信用代码, or empty."""
    path: str | None
    """The workbook; null for a unit that handed in nothing."""
    reason: str
    """Why, in Chinese."""


class _TotalJson(TypedDict):
    unit: str
    """单位名称 on its cover."""
    unit_code: str
    """统一社会信用代码 on its cover, or empty."""
    year: int
    """报告年度 on its cover."""
    path: str | None
    """Its workbook; null if none was asked for."""
    numbers: str | None
    """The workbook with the units' numbers, if they stand apart; or null."""
    status: Status | None
    """What checking its workbook came to; null without one."""
    review: bool
    """Whether it passes, but with warnings that nobody explained (待核实)."""
    findings: list[FindingJson]
    """What checking its workbook found."""
    values: dict[str, Exact]
    """The sums by field key; a field that nobody filled in is not there."""
    altered: list[DifferenceJson]
    """The sums that its workbook cannot hold exactly."""
    contributions: list[ContributionJson]
    """Who gave what."""
    left_out: list[LeftOutJson]
    """What is not in it."""


class TotalJson(_TotalJson, total=False):
    """One total."""

    differences: list[DifferenceJson]
    """Fields of the published total that differ; only with ``--check``."""
    other_unit: str
    """Whose the published total is; only with ``--check``, and where it is another unit's."""


class _TotalsJson(TypedDict):
    xlcheck: str
    """The version of xlcheck."""
    schema: Annotated[int, ("const", 1)]
    """The version of the document; it goes up when a key is taken away or changes its meaning."""
    form: str
    """The form's id."""
    totals: list[TotalJson]
    """One for each workbook."""
    left_out: list[LeftOutJson]
    """All that is not added up."""
    notices: list[str]
    """What is odd about that which is, in Chinese."""


class TotalsJson(_TotalsJson, total=False):
    """The document of a run of xlcheck total."""

    check: str
    """The workbook compared with; only with ``--check``."""
