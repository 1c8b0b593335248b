"""Counting files and findings."""

from __future__ import annotations

from tests.making.checked import ALL, FAILED, FINDING
from tests.making.documents import counted
from xlcheck.results.counts import Counts, Tally
from xlcheck.results.text import counts_text


def test_every_file_and_finding_is_counted() -> None:
    counts = counted(one.tally for one in ALL)
    assert counts == Counts(files=3, passed=1, failed=1, unreadable=1, errors=2, warnings=0)
    assert "共 3 个文件" in counts_text(counts)


def test_an_explained_warning_is_a_warning_still() -> None:
    warning = FINDING._replace(severity="warning")
    found = (FINDING, warning, warning._replace(explanation="确实如此"))
    assert FAILED._replace(findings=found).tally == Tally("failed", errors=1, warnings=2, explained=1)
    assert FAILED._replace(findings=found).tally.findings == 3
