"""Results read back: what the JSON document says of each file, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Line(NamedTuple):
    """One finding."""

    code: str
    severity: str
    """``error`` or ``warning``."""
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
    status: str
    """``passed``, ``failed`` or ``unreadable``."""
    annotated: str
    """The annotated copy; in ``results.json`` relative to its folder, with ``/``. Empty where there is none."""
    lines: tuple[Line, ...]
    modified: float = 0.0
    """When the file was last written, in seconds since 1970; 0 where that is not known."""
    digest: str = ""
    """SHA-256 of the file's content, in hexadecimal."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(line.severity == "error" for line in self.lines)

    @property
    def warnings(self) -> int:
        """How many findings are warnings, explained ones included."""
        return len(self.lines) - self.errors

    @property
    def explained(self) -> int:
        """How many warnings the department has explained."""
        return sum(bool(line.explanation) for line in self.lines)


def record(document: Mapping[str, Any]) -> Record:
    """One entry of ``files`` of the JSON document (docs/use/json.md).

    Raises:
        KeyError: it lacks a key that every document has.
    """
    lines = tuple(
        Line(
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
        for finding in document["findings"]
    )
    return Record(
        document["path"],
        document["unit"] or "",
        document.get("unit_code") or "",
        document["year"],
        document["status"],
        document["annotated"] or "",
        lines,
        document.get("modified") or 0.0,
        document.get("digest") or "",
    )
