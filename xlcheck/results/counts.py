"""How many files and findings there are of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from xlcheck.model.tuples import NamedTuple

Status = Literal["passed", "failed", "unreadable"]
"""What becomes of a file."""

UnitStatus = Literal["passed", "failed", "unreadable", "missing"]
"""What becomes of a unit: that of its file, or ``missing`` where it hands in nothing."""

Conclusion = Literal["passed", "review", "failed", "unreadable", "missing"]
"""What a person is told of a file or a unit: its status, but ``review`` where it passes with warnings that nobody explained."""

CONCLUSIONS: Mapping[Conclusion, str] = {
    "passed": "通过",
    "review": "待核实",
    "failed": "不通过",
    "unreadable": "无法读取",
    "missing": "缺报",
}
"""The same in a clerk's words; 通过 needs nothing more."""


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

    @property
    def needs_review(self) -> bool:
        """Whether it passes, but with warnings that nobody explained."""
        return self.status == "passed" and self.warnings > self.explained

    @property
    def conclusion(self) -> Conclusion:
        """What a person is told of it."""
        return "review" if self.needs_review else self.status


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
    """Those in `review` included."""
    failed: int = 0
    unreadable: int = 0
    errors: int = 0
    warnings: int = 0
    """Explained ones included."""
    explained: int = 0
    review: int = 0
    """Files that pass, but with warnings that nobody explained."""

    @property
    def conclusions(self) -> Mapping[Conclusion, int]:
        """How many files there are of each conclusion."""
        return {
            "passed": self.passed - self.review,
            "review": self.review,
            "failed": self.failed,
            "unreadable": self.unreadable,
        }

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
            self.review + one.needs_review,
        )
