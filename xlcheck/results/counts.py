"""How many files and findings there are of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import NamedTuple, Protocol

STATUSES: Mapping[str, str] = {"passed": "通过", "failed": "不通过", "unreadable": "无法读取", "missing": "缺报"}
"""What becomes of files, and of units that hand in nothing, in a clerk's words."""


class Countable(Protocol):
    """What became of one file, in whatever form it is kept."""

    @property
    def status(self) -> str:
        """``passed``, ``failed`` or ``unreadable``."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""

    @property
    def warnings(self) -> int:
        """How many findings are warnings, explained ones included."""

    @property
    def explained(self) -> int:
        """How many warnings the department has explained."""


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

    def add(self, one: Countable) -> Counts:
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


def summary(results: Iterable[Countable]) -> Counts:
    """The counts over all files."""
    return reduce(Counts.add, results, Counts())
