"""Checking one file from its path to its annotated copy: the stages in their order, I/O at both ends."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from xlcheck.batch.earlier import ALONE, Against, Shelf, find, submission_in
from xlcheck.batch.plan import Job
from xlcheck.checking.rounds import Rounds, compare
from xlcheck.checking.verify import LastYear, Verification, sound_values, verify_submission
from xlcheck.files.content import read_bytes, why, write_bytes
from xlcheck.files.paths import exists, make_folder
from xlcheck.guard.admit import Package
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.submission import Submission
from xlcheck.model.text import quote
from xlcheck.reading.open import Forms, open_workbook
from xlcheck.results.checked import Checked, concluded, unreadable


def check_file(
    job: Job,
    forms: Forms,
    against: Against = ALONE,
    file_bytes: int = LIMITS.file_bytes,
    office: Office = NO_OFFICE,
) -> Checked:
    """Check one file and write its copies if there are findings. Never raises for what the file holds.

    Raises:
        MemoryError: there is not enough for what it holds.
    """
    digest = ""
    try:
        data = read_bytes(job.path, file_bytes) if job.content is None else job.content
        if job.digested:
            import hashlib

            digest = hashlib.sha256(data).hexdigest()
        opened = open_workbook(data, forms, LIMITS._replace(file_bytes=file_bytes))
    except Refused as refused:
        return unreadable(job.shown, refused)._replace(digest=digest)
    verification, rounds, notices = verified_against(opened.submission, job.path, against)
    checked = concluded(job.shown, verification)._replace(rounds=rounds, notices=notices, digest=digest)
    source = (data, opened.package, job.path.name)
    if verification.findings and job.annotated is not None:
        checked = _with_copy(checked, source, verification, job.annotated, office)
    if verification.findings and job.fixed is not None:
        checked = _with_mends(checked, source, verification, job.fixed, job.extent)
    return checked


def verified_against(
    submission: Submission, path: Path, against: Against
) -> tuple[Verification, Rounds | None, tuple[str, ...]]:
    """Verify a submission, and compare it with last year's and with the one before.

    Args:
        submission: what was handed in.
        path: its file, which is never compared with itself.
        against: where the others are found.

    Returns:
        What was found, what became of the submission before (None where there is none), and what could not be compared
        and why, in a clerk's words.
    """
    notices: list[str] = []
    last_year = None
    if against.last_year is not None:
        last_year = _last_year(submission, path, against.last_year)
        if last_year.missing:
            notices.append(f"没有与上年比对：{last_year.missing}")
    verification = verify_submission(submission, last_year)
    if against.last_round is None or not submission.held:
        return verification, None, tuple(notices)
    entry = find(against.last_round, submission, submission.year, besides=path)
    if isinstance(entry, str):
        return verification, None, (*notices, f"没有与上次报送比对：{entry}")
    try:
        before = verify_submission(submission_in(entry.path, submission.form))
    except Refused as refused:
        return verification, None, (*notices, f"没有与上次报送比对：“{quote(entry.path.name)}”{refused.message}")
    return *compare(str(entry.path), before, verification), tuple(notices)


def _last_year(submission: Submission, path: Path, shelf: Shelf) -> LastYear:
    if submission.year is None:
        return LastYear(None, "封面没有填报告年度")
    entry = find(shelf, submission, submission.year - 1, besides=path)
    if isinstance(entry, str):
        return LastYear(None, entry)
    try:
        return LastYear(sound_values(submission_in(entry.path, submission.form)))
    except Refused as refused:
        return LastYear(None, f"“{quote(entry.path.name)}”{refused.message}")


# --- copies ----------------------------------------------------------------------------------------------------------


def _with_copy(
    checked: Checked, source: tuple[bytes, Package, str], verification: Verification, target: Path, office: Office
) -> Checked:
    # Clean workbooks never pay for what writes copies.
    from xlcheck.copies.annotate import CannotAnnotate, Source, annotate
    from xlcheck.forms.rules import catalogue

    try:
        copy = annotate(Source(*source), verification, catalogue(verification.submission.form), office)
    except CannotAnnotate as error:
        return checked._replace(trouble=f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(target, copy, source[2])
    return checked._replace(annotated=written, trouble=trouble, unwritten=written is None)


def _with_mends(
    checked: Checked,
    source: tuple[bytes, Package, str],
    verification: Verification,
    target: Path,
    extent: Literal["text", "all"],
) -> Checked:
    from xlcheck.copies.mend import fixed, mends
    from xlcheck.copies.source import CannotAnnotate, Source

    changes = mends(verification, extent)
    if not changes:
        return checked
    try:
        copy = fixed(Source(*source), verification, changes)
    except CannotAnnotate as error:
        return checked._replace(trouble=checked.trouble or f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(target, copy, source[2])
    unwritten = checked.unwritten or written is None
    return checked._replace(fixed=written, mends=changes, trouble=checked.trouble or trouble, unwritten=unwritten)


def _write(target: Path, copy: bytes, source: str) -> tuple[str | None, str]:
    """Write a copy; answers its path, and what is to be said of it."""
    trouble = ""
    try:
        free = _free(target, source)
        if free != target:
            trouble = f"已有的“{target.name}”被改动过，或者是别的文件的副本，没有覆盖；副本另存为“{free.name}”"
        make_folder(free.parent)
        write_bytes(free, copy)
    except (OSError, UnicodeError) as error:
        return None, f"无法写入“{target}”（{why(error)}）"
    return str(free), trouble


def _free(target: Path, source: str) -> Path:
    """`target`, unless something stands there that we did not write, or that somebody saved since."""
    from xlcheck.copies.seal import is_sealed

    number = 1
    free = target
    while exists(free) and not is_sealed(free, source):
        number += 1
        free = target.with_name(f"{target.stem}.{number}{target.suffix}")
    return free
