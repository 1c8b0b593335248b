"""Reading one file for adding up: from its path to the numbers that can be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcheck.batch.plan import Job
from xlcheck.checking.verify import sound_values, verify_submission
from xlcheck.files.content import read_bytes
from xlcheck.forms.rules import SEVERITIES
from xlcheck.model.errors import Refused
from xlcheck.model.finding import Finding
from xlcheck.reading.open import Forms, open_submission
from xlcheck.totals.selection import Given
from xlcheck.totals.sums import numbers_of
from xlcheck.workers.spread import Task, crew_for, spread


def take_all(jobs: Sequence[Job], forms: Forms) -> Iterator[Given]:
    """What each file gives to a total, in order; each is read in a process that it alone can bring down."""
    with crew_for(len(jobs)) as crew:
        yield from spread(Task(take, _lost, forms), jobs, crew)


def _lost(job: Job, reason: str, forms: Forms) -> Given:
    del forms
    return Given(job.shown, job.modified, "unreadable", reason)


def take(job: Job, forms: Forms) -> Given:
    """What one file gives to a total. Never raises for what the file holds.

    Raises:
        MemoryError: there is not enough for what it holds.
    """
    if job.missed:
        return Given(job.shown, job.modified, "unreadable", job.missed)
    try:
        data = read_bytes(job.path) if job.content is None else job.content
        submission = open_submission(data, forms).submission
    except Refused as refused:
        return Given(job.shown, job.modified, "unreadable", refused.message, is_other=refused.is_of_no_report)
    if not submission.held:
        reason = next((finding.message for finding in submission.structure), "没有可以核对的表")
        return Given(job.shown, job.modified, "foreign", reason)
    findings = verify_submission(submission).findings
    errors = [finding for finding in findings if finding.severity == "error"]
    open_warnings = [one for one in findings if one.severity == "warning" and not one.explanation]
    return Given(
        job.shown,
        job.modified,
        "failed" if errors else "passed",
        _several(SEVERITIES["error"], errors),
        submission.unit,
        submission.unit_code,
        submission.year,
        numbers_of(submission.form, sound_values(submission)),
        submission.parts,
        _several(SEVERITIES["warning"], open_warnings),
        submission.document,
    )


def _several(kind: str, findings: Sequence[Finding]) -> str:
    """How many findings there are, and the first; empty where there are none."""
    more = "如 " if len(findings) > 1 else ""
    return f"{kind} {len(findings)} 处（{more}{findings[0].code} {findings[0].message}）" if findings else ""
