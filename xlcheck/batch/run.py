"""Checking many files: what each comes to is told in small values, in the order of the files."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from xlcheck.batch.earlier import ALONE, Against
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.files.names import may_be_report
from xlcheck.files.paths import relative
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.results.checked import Checked, unreadable
from xlcheck.results.counts import Tally
from xlcheck.results.entries import file_json
from xlcheck.results.text import file_text, painted, plain
from xlcheck.results.writing import entry
from xlcheck.workers.calls import Bounds
from xlcheck.workers.spread import BOUNDS, Crew, Task, spread


class Setting(NamedTuple):
    """What is the same for all files of a batch."""

    forms: Forms
    """Which form the files are read as."""
    against: Against = ALONE
    bounds: Bounds = BOUNDS
    file_bytes: int = LIMITS.file_bytes
    folder: str | None = None
    """What the paths of copies are told relative to in the document; None for as they are."""
    painted: bool = False
    """Whether the text has colours."""
    office: Office = NO_OFFICE
    """What copies say of where they go back to."""


class Told(NamedTuple):
    """What comes back of one file from where it was checked: what it adds to the counts, and what is written of it."""

    tally: Tally
    text: str
    """For a person."""
    entry: str
    """Its entry of the JSON document."""
    annotated: str
    """The path of the copy as the document tells it, or empty."""
    digest: str
    trouble: str
    unwritten: bool
    year: int | None = None
    """The year that it reports on, if it can be read."""
    skipped: str = ""
    """Why it is of no concern, in a clerk's words: a document in a folder that is no report; empty for all others."""
    may_be_report: bool = False
    """Whether such a document could not be read, so that it may be one all the same."""


def check_all(jobs: Sequence[Job], setting: Setting, crew: Crew | None = None) -> Generator[Told, None, None]:
    """Check each job; see :func:`spread`."""
    return spread(Task(_told, told_lost, setting, setting.bounds), jobs, crew)


def told_lost(job: Job, reason: str, setting: Setting) -> Told:
    """What is told of a file that was given up, and why, in a clerk's words."""
    return told_of(unreadable(job.shown, Refused("F105", reason)), job, setting)


def _told(job: Job, setting: Setting) -> Told:
    return told_of(checked_as(job, setting), job, setting)


def checked_as(job: Job, setting: Setting) -> Checked:
    """Check one file as the batch has it; see :func:`check_file`."""
    return check_file(job, setting.forms, setting.against, setting.file_bytes, setting.office)


def told_of(checked: Checked, job: Job, setting: Setting) -> Told:
    """What is told of a file that was checked."""
    skipped = ""
    if job.found and checked.status == "unreadable" and may_be_report(job.path.name):
        skipped = checked.findings[0].message
    text = file_text(checked, painted if setting.painted else plain)
    if setting.folder is not None:
        checked = _below(setting.folder, checked)
    file = file_json(checked)
    if setting.folder is not None:
        file["modified"], file["digest"] = job.modified, checked.digest
    annotated = checked.annotated or ""
    return Told(
        checked.tally,
        text,
        entry(file),
        annotated,
        checked.digest,
        checked.trouble,
        checked.unwritten,
        checked.year,
        skipped,
        bool(skipped) and not checked.is_other,
    )


def _below(folder: str, checked: Checked) -> Checked:
    """The same with the paths of copies from the folder on."""
    annotated, fixed = (path and relative(path, folder) for path in (checked.annotated, checked.fixed))
    return checked._replace(annotated=annotated, fixed=fixed)
