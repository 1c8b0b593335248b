"""The public JSON of checked files as types; the JSON Schema in docs/ is made from them, and docs/use/json.md explains them.

Within a version keys are only added, so whoever reads a document passes over those that it does not know. A class named
``_…`` has the keys that are always there; the class that goes on from it has those that may be missing. What is
annotated to a type is a keyword of JSON Schema and its value.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from xlcheck.model.finding import Severity
from xlcheck.results.counts import Status, UnitStatus

Natural = Annotated[int, ("minimum", 0)]
"""How many, or which one from 0."""

Exact = Annotated[str, ("pattern", "^-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?$")]
"""A number of the form as a text: exact, without exponent or idle zeros."""

CellAddress = Annotated[
    str, ("pattern", "(![A-Z]+[1-9][0-9]*|^第 [1-9][0-9]* 个表格第 [1-9][0-9]* 行第 [1-9][0-9]* 列)$")
]
"""A cell: ``依申请公开!D5``; of a document ``第 2 个表格第 5 行第 4 列``."""

Ordinal = Annotated[int, ("minimum", 1)]
"""Which one, from 1."""

RuleCode = Annotated[str, ("pattern", "^[A-Z][0-9]{3}$")]
"""``B101``."""

Digest = Annotated[str, ("pattern", "^([0-9a-f]{64})?$")]
"""SHA-256 in hexadecimal, or empty."""


# --- one file --------------------------------------------------------------------------------------------------------


class SuggestionJson(TypedDict):
    """What a field should probably hold."""

    field: str
    """Its key."""
    cell: CellAddress
    """Where it stands."""
    value: Exact
    """What it should hold."""
    reason: str
    """Why, in Chinese; of several possible answers each begins with 可能之1：, 可能之2： and so on."""


class PlaceJson(TypedDict):
    """A cell of a table of a document, as it is laid out with all spans."""

    page: Ordinal | None
    """The page that it begins on; null where a document has no pages."""
    table: Ordinal
    """Which table of the document, in its order, those inside of others included."""
    row: Ordinal
    """Which row of the table."""
    column: Ordinal
    """Which column of the table."""


class _FindingJson(TypedDict):
    code: RuleCode
    """The rule."""
    severity: Severity
    """``error`` must be mended; ``warning`` must be checked, and explained if it is right."""
    message: str
    """Chinese, complete in itself."""
    fields: list[str]
    """Keys of fields; of a balance all fields of its relation; empty where no field is meant."""
    cells: list[CellAddress]
    """Where these stand, or the cells meant."""
    expected: str | None
    """What should be there; of a balance its right side, null if a cell is blank."""
    actual: str | None
    """What is there; of a balance its left side, null if a cell is blank."""
    explanation: str | None
    """What the department says of a warning on the cover, or null."""
    suggestions: list[SuggestionJson]
    """What fields should probably hold."""


class FindingJson(_FindingJson, total=False):
    """One failed rule."""

    places: list[PlaceJson]
    """Only of a document: the same as `cells`, in numbers."""


class WaitingJson(TypedDict):
    """A relation or check that could not be decided."""

    code: RuleCode
    """The rule."""
    reason: str
    """Why not, in Chinese."""
    fields: list[str]
    """Keys of its fields."""


class CauseJson(TypedDict):
    """What may be wrong behind broken balances that have one origin."""

    findings: list[Natural]
    """Places in the file's `findings`, from 0."""
    certain: bool
    """Whether the first explanation is clearly better than any other."""
    explanations: Annotated[list[list[SuggestionJson]], ("maxItems", 30)]
    """Best first, no more than 30, each a set of changes; empty if nothing small explains it."""


class MendJson(TypedDict):
    """One cell that the copy with mends changes."""

    field: str
    """Its key."""
    cell: CellAddress
    """Where it stands."""
    old: str
    """What it held."""
    new: Exact
    """What it holds now."""
    reason: str
    """Why, in Chinese."""


class ChangedJson(TypedDict):
    """A field that holds something else than in the submission before."""

    field: str
    """Its key."""
    cell: CellAddress
    """Where it stands now."""
    old: str
    """What it held then."""
    new: str
    """What it holds now."""


class PreviousJson(TypedDict):
    """What became of the submission before."""

    path: str
    """The workbook that was compared with."""
    closed: list[FindingJson]
    """Findings of then that are gone."""
    new: list[Natural]
    """Places in the file's `findings`, from 0, of those that were not there then."""
    remaining: list[Natural]
    """Places in the file's `findings`, from 0, of those that were there then."""
    changed: list[ChangedJson]
    """Fields that hold something else."""


class _FileJson(TypedDict):
    path: str
    """As it was given or found, to the letter; ``-`` for standard input."""
    form: str | None
    """The form's id; null if the file cannot be read."""
    unit: str
    """单位名称 on the cover, or empty."""
    unit_code: str
    """统一社会信用代码 on the cover, or empty."""
    year: int | None
    """报告年度 on the cover, or null."""
    status: Status
    """``passed`` has no errors; ``unreadable`` is no workbook that can be checked."""
    review: bool
    """Whether it passes, but with warnings that nobody explained (待核实): the department must still mend or explain."""
    last_year: str | None
    """The path of last year's workbook that ``--prior`` found and that it was compared with, as it was given or found; or
    null."""
    annotated: str | None
    """The path of the annotated copy, or null if none was written; in ``results.json`` from its folder on, with ``/``."""
    not_evaluated: list[WaitingJson]
    """Relations and checks that could not be decided."""
    findings: list[FindingJson]
    """In the order: structure, cells, balances by their causes, checks (errors before warnings, explained ones last), totals
    changed to fit."""
    causes: list[CauseJson]
    """What may be wrong behind broken balances."""


class FileJson(_FileJson, total=False):
    """What checking one file came to."""

    document: Literal["docx", "html", "pdf", "text"]
    """What kind of document it was read as; only of documents."""

    notices: list[str]
    """Comparisons that could not be made, and why, in Chinese; only if there are any."""
    fixed: str
    """The path of the copy with mends, like `annotated`; only if one was written."""
    mends: list[MendJson]
    """What that copy changes."""
    previous: PreviousJson
    """Only with ``--previous``, if that submission was found."""
    modified: float
    """When the file was last written, in seconds since 1970, 0 if that is not known; only in a folder of results."""
    digest: Digest
    """SHA-256 of the file's content, empty if it could not be read or not be finished; only in a folder of results."""


# --- all files -------------------------------------------------------------------------------------------------------


class SummaryJson(TypedDict):
    """Numbers of files and of findings."""

    files: Natural
    """All files."""
    passed: Natural
    """Files without errors, those in `review` included."""
    failed: Natural
    """Files with errors."""
    unreadable: Natural
    """Files that cannot be read."""
    errors: Natural
    """Findings that are errors."""
    warnings: Natural
    """Findings that are warnings, explained ones included."""
    explained: Natural
    """Warnings that the departments have explained."""
    review: Natural
    """Files that pass, but with warnings that nobody explained (待核实)."""


class UnitJson(TypedDict):
    """A unit of the list, and what it handed in."""

    name: str
    """As the list has it."""
    code: str
    """统一社会信用代码 as the list has it; may be empty."""
    parent: str
    """上级单位 as the list has it; may be empty."""
    status: UnitStatus
    """That of the newest file, or ``missing``."""
    review: bool
    """As the newest file has it."""
    path: str | None
    """The newest file, which counts; null if the unit is missing."""
    older: list[str]
    """Paths of the files that it replaces."""
    notices: list[str]
    """What a person should know, in Chinese: several files, a name or code that differs from the list."""
    only_adds_up: bool
    """Whether nothing is expected of the unit itself, since others name it as theirs above, or the list says so."""


class StrayJson(TypedDict):
    """A file that belongs to no unit of the list, or to none for certain."""

    path: str
    """The file."""
    reason: str
    """Why, in Chinese."""


class LastRoundJson(TypedDict):
    """A readable file that ``--previous`` led to, and this run did not check."""

    path: str
    """The file."""
    unit: str
    """单位名称 on the cover, or empty."""
    unit_code: str
    """统一社会信用代码 on the cover, or empty."""
    year: int | None
    """报告年度 on the cover, or null."""


class FormerJson(LastRoundJson):
    """A readable file that a run before checked into the same folder, and this run did not."""

    status: Status
    """What became of it then."""
    review: bool
    """Whether it passed, but with warnings that nobody explained."""


class RosterJson(TypedDict, total=False):
    """What a document says of the whole batch: the year that is collected, and with ``--units`` the list of units."""

    year: int
    """The year that is collected: the one that was asked for, or else the one that most files report on; only in a folder of
    results, and where there is one."""

    units: list[UnitJson]
    """Every unit of the list, in its order."""
    strays: list[StrayJson]
    """The files that belong to none."""
    former: list[FormerJson]
    """Files of runs before into the same folder whose results these ones replace; only if there are any."""
    last_round: list[LastRoundJson]
    """Files of the submission before whose units may have handed in nothing since; only with ``--previous``."""


class _ResultsJson(TypedDict):
    xlcheck: str
    """The version of xlcheck."""
    schema: Annotated[int, ("const", 1)]
    """The version of the document; it goes up when a key is taken away or changes its meaning."""
    summary: SummaryJson
    """Counts over all files."""
    files: list[FileJson]
    """What each file came to, in the order given."""


class ResultsJson(_ResultsJson, RosterJson, total=False):
    """The document of a run of xlcheck verify: on stdout with ``--format json``, and ``results.json`` in a folder."""
