"""Checking many files: what each comes to is told in small values, in the order of the files."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

from xlcheck.batch.earlier import ALONE, Against
from xlcheck.batch.one import check
from xlcheck.batch.plan import Job
from xlcheck.files.paths import relative
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.reading.open import Forms
from xlcheck.results.checked import Checked, Status, unreadable
from xlcheck.results.document import document, entry
from xlcheck.results.text import painted, plain, text_of
from xlcheck.workers.child import Bounds
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


class Told(NamedTuple):
    """What one file came to, as it is told. It is small, whatever the file holds."""

    status: Status
    errors: int
    warnings: int
    explained: int
    trouble: str
    unwritten: bool
    digest: str
    annotated: str
    """The path of the copy as the document tells it, or empty."""
    text: str
    """For a person."""
    entry: str
    """Its entry of the JSON document."""


def run(jobs: Sequence[Job], setting: Setting, crew: Crew | None = None) -> Generator[Told, None, None]:
    """Check each job; see :func:`spread`."""
    return spread(Task(_told, _lost, setting, setting.bounds), jobs, crew)


def _lost(job: Job, reason: str, setting: Setting) -> Told:
    return _tell(unreadable(job.shown, Refused("F105", reason)), job, setting)


def _told(job: Job, setting: Setting) -> Told:
    return _tell(check(job, setting.forms, setting.against, setting.file_bytes), job, setting)


def _tell(checked: Checked, job: Job, setting: Setting) -> Told:
    told = document(checked)
    if setting.folder is not None:
        told |= {"modified": job.modified, "digest": checked.digest}
        told |= {key: relative(told[key], setting.folder) for key in ("annotated", "fixed") if told.get(key)}
    return Told(
        checked.status,
        checked.errors,
        checked.warnings,
        checked.explained,
        checked.trouble,
        checked.unwritten,
        checked.digest,
        told["annotated"] or "",
        text_of(checked, painted if setting.painted else plain),
        entry(told),
    )
