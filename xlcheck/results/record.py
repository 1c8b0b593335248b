"""Results read back: what the JSON document says of each file, as frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlcheck.model.finding import Severity
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Status, Tally, tally
from xlcheck.roster.match import Handed

if TYPE_CHECKING:
    from xlcheck.results.document import FileJson, FindingJson


class Line(NamedTuple):
    """One finding."""

    code: str
    severity: Severity
    message: str
    cells: tuple[str, ...]
    """``依申请公开!D5``."""
    expected: str
    """Exact; empty where the finding has none."""
    actual: str
    """Exact; empty where the finding has none."""
    suggestions: tuple[tuple[str, str], ...]
    """Cell and value."""
    explanation: str
    """What the department says of a warning; empty where it says nothing."""
    reasons: tuple[str, ...] = ()
    """Of each of `suggestions`, in a clerk's words."""


class Record(NamedTuple):
    """What checking one file came to."""

    path: str
    """As the user gave it."""
    unit: str
    """单位名称 on its cover, or empty."""
    unit_code: str
    """统一社会信用代码 on its cover, or empty."""
    year: int | None
    status: Status
    annotated: str
    """The annotated copy; in ``results.json`` relative to its folder, with ``/``. Empty where there is none."""
    lines: tuple[Line, ...]
    modified: float = 0.0
    """When the file was last written, in seconds since 1970; 0 where that is not known."""
    digest: str = ""
    """SHA-256 of the file's content, in hexadecimal."""
    document: str = ""
    """What kind of document it is; empty for a workbook."""

    @property
    def tally(self) -> Tally:
        """What it adds to the counts."""
        return tally(self.status, self.lines)

    @property
    def handed(self) -> Handed:
        """As much of it as matching it to a list of units takes."""
        is_unread = self.status == "unreadable"
        return Handed(self.path, self.unit, self.unit_code, self.modified, self.year, is_unread, self.document)


def record(file: FileJson) -> Record:
    """One entry of ``files`` of the JSON document (docs/use/json.md).

    Raises:
        KeyError: it lacks a key that every document has.
    """
    return Record(
        file["path"],
        file["unit"] or "",
        file.get("unit_code") or "",
        file["year"],
        file["status"],
        file["annotated"] or "",
        tuple(map(_line, file["findings"])),
        file.get("modified") or 0.0,
        file.get("digest") or "",
        file.get("document") or "",
    )


def _line(finding: FindingJson) -> Line:
    return Line(
        finding["code"],
        finding["severity"],
        finding["message"],
        tuple(finding["cells"]),
        finding["expected"] or "",
        finding["actual"] or "",
        tuple((one["cell"], one["value"]) for one in finding["suggestions"]),
        finding.get("explanation") or "",
        tuple(one["reason"] for one in finding["suggestions"]),
    )


def of_entry(entry: str) -> Record:
    """The record of an entry that we wrote."""
    import json

    return record(json.loads(entry))
