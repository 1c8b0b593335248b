"""Counting files and findings."""

from __future__ import annotations

from tests.making.checked import ALL, FAILED, FINDING, PASSED
from tests.making.documents import counted
from xlcheck.results.counts import Counts, Tally
from xlcheck.results.text import counts_text


def test_every_file_and_finding_is_counted() -> None:
    counts = counted(one.tally for one in ALL)
    assert counts == Counts(files=3, passed=1, failed=1, unreadable=1, errors=2, warnings=0)
    assert "共 3 个文件" in counts_text(counts)


def test_what_passes_with_warnings_that_nobody_explained_is_in_review() -> None:
    warning = FINDING._replace(severity="warning")
    explained = warning._replace(explanation="确实如此")
    passed = [PASSED._replace(findings=found).tally for found in ((), (explained,), (explained, warning), (warning,))]
    assert [one.conclusion for one in passed] == ["passed", "passed", "review", "review"]
    failed = FAILED._replace(findings=(FINDING, warning)).tally
    assert (failed.conclusion, failed.needs_review) == ("failed", False)
    counts = counted((*passed, failed))
    assert (counts.passed, counts.review) == (4, 2), "what is in review has passed for programs"
    assert counts.conclusions == {"passed": 2, "review": 2, "failed": 1, "unreadable": 0}
    assert "通过 2，待核实 2，不通过 1，无法读取 0" in counts_text(counts)


def test_an_explained_warning_is_a_warning_still() -> None:
    warning = FINDING._replace(severity="warning")
    found = (FINDING, warning, warning._replace(explanation="确实如此"))
    assert FAILED._replace(findings=found).tally == Tally("failed", errors=1, warnings=2, explained=1)
    assert FAILED._replace(findings=found).tally.findings == 3
