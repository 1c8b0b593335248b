"""How many files and findings there are of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

Status = Literal["passed", "failed", "unreadable"]
"""What becomes of a file."""

UnitStatus = Literal["passed", "failed", "unreadable", "missing"]
"""What becomes of a unit: that of its file, or ``missing`` where it hands in nothing."""

STATUSES: Mapping[str, str] = {"passed": "通过", "failed": "不通过", "unreadable": "无法读取", "missing": "缺报"}
"""What becomes of files and units, in a clerk's words."""


class Countable(Protocol):
    """A finding, in whatever form it is kept."""

    @property
    def severity(self) -> str:
        """``error`` or ``warning``."""

    @property
    def explanation(self) -> str:
        """What the department says of a warning, or empty."""


class Tally(NamedTuple):
    """What one file adds to the counts."""

    status: Status
    errors: int = 0
    warnings: int = 0
    """Explained ones included."""
    explained: int = 0

    @property
    def findings(self) -> int:
        """Errors and warnings."""
        return self.errors + self.warnings


def tally(status: Status, findings: Iterable[Countable]) -> Tally:
    """Count the findings of one file."""
    errors = warnings = explained = 0
    for finding in findings:
        if finding.severity == "error":
            errors += 1
        else:
            warnings += 1
        explained += bool(finding.explanation)
    return Tally(status, errors, warnings, explained)


class Counts(NamedTuple):
    """Numbers of files and of findings: the document's ``summary``."""

    files: int = 0
    passed: int = 0
    failed: int = 0
    unreadable: int = 0
    errors: int = 0
    warnings: int = 0
    """Explained ones included."""
    explained: int = 0

    def add(self, one: Tally) -> Counts:
        """With one file more."""
        return Counts(
            self.files + 1,
            self.passed + (one.status == "passed"),
            self.failed + (one.status == "failed"),
            self.unreadable + (one.status == "unreadable"),
            self.errors + one.errors,
            self.warnings + one.warnings,
            self.explained + one.explained,
        )
