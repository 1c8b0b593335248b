"""Checking one file from its path to its annotated copy: the stages in their order, I/O at both ends."""

from __future__ import annotations

from pathlib import Path

from xlcheck.batch.against import verified_against
from xlcheck.batch.earlier import ALONE, Against
from xlcheck.batch.plan import Job
from xlcheck.checking.verify import Verification
from xlcheck.files.below import below
from xlcheck.files.content import read_bytes, why, write_bytes
from xlcheck.files.names import original_name
from xlcheck.files.paths import exists, make_folder
from xlcheck.guard.admit import Package
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.reading.open import Forms, OpenedReport, open_submission
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
    if job.missed:
        return unreadable(job.shown, Refused("F101", job.missed))
    digest = ""
    try:
        data = read_bytes(job.path, file_bytes) if job.content is None else job.content
        if job.digested:
            import hashlib

            digest = hashlib.sha256(data).hexdigest()
        limits = LIMITS if file_bytes == LIMITS.file_bytes else LIMITS._replace(file_bytes=file_bytes)
        opened = open_submission(data, forms, limits)
    except Refused as refused:
        return unreadable(job.shown, refused)._replace(digest=digest)
    verification, rounds, notices = verified_against(opened.submission, job.path, against)
    checked = concluded(job.shown, verification)._replace(rounds=rounds, notices=notices, digest=digest)
    if not verification.findings:
        return checked
    # A copy that came back is the same workbook, so that its copy takes the place of the one that went out.
    name = original_name(job.path.name)
    if isinstance(opened, OpenedReport):
        return _with_marks(checked, opened, verification, job, name, office)
    source = (data, opened.package, name)
    if job.annotated is not None:
        checked = _with_copy(checked, source, verification, job.annotated, job.out, office)
    if job.fixed is not None:
        checked = _with_mends(checked, source, verification, job.fixed, job)
    return checked


# --- copies ----------------------------------------------------------------------------------------------------------


def _with_copy(
    checked: Checked,
    source: tuple[bytes, Package, str],
    verification: Verification,
    target: Path,
    out: Path | None,
    office: Office,
) -> Checked:
    # Clean workbooks never pay for what writes copies.
    from xlcheck.copies.annotate import CannotAnnotate, Source, annotate
    from xlcheck.forms.rules import catalogue

    try:
        copy = annotate(Source(*source), verification, catalogue(verification.submission.form), office)
    except CannotAnnotate as error:
        return checked._replace(trouble=f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(target, copy, source[2], out)
    return checked._replace(annotated=written, trouble=trouble, unwritten=written is None)


def _with_marks(
    checked: Checked, opened: OpenedReport, verification: Verification, job: Job, name: str, office: Office
) -> Checked:
    """The same of a document: marks on it, in its own kind; numbers are never written into it."""
    from xlcheck.copies.reports import NoCopy, annotate_report
    from xlcheck.copies.source import CannotAnnotate

    if job.fixed is not None:
        checked = checked._replace(notices=(*checked.notices, _NO_MENDS))
    if job.annotated is None:
        return checked
    try:
        copy = annotate_report(opened, verification, name, office)
    except NoCopy as none:
        return checked._replace(notices=(*checked.notices, str(none)))
    except CannotAnnotate as error:
        return checked._replace(trouble=f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(job.annotated.with_suffix(copy.suffix), copy.data, name, job.out)
    return checked._replace(annotated=written, trouble=trouble, unwritten=written is None)


_NO_MENDS = "文档不写建议稿（--fix 只用于工作簿）；要在表里改数，可先用 xlcheck convert 转成填报表"


def _with_mends(
    checked: Checked, source: tuple[bytes, Package, str], verification: Verification, target: Path, job: Job
) -> Checked:
    from xlcheck.copies.mend import fixed, mends
    from xlcheck.copies.source import CannotAnnotate, Source

    changes = mends(verification, job.extent)
    if not changes:
        return checked
    try:
        copy = fixed(Source(*source), verification, changes)
    except CannotAnnotate as error:
        return checked._replace(trouble=checked.trouble or f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(target, copy, source[2], job.out)
    unwritten = checked.unwritten or written is None
    return checked._replace(fixed=written, mends=changes, trouble=checked.trouble or trouble, unwritten=unwritten)


def _write(target: Path, copy: bytes, source: str, out: Path | None) -> tuple[str | None, str]:
    """Write a copy, below `out` if there is one; answers its path, and what is to be said of it."""
    trouble = ""
    try:
        if out is not None:
            below(out, "/".join(target.parent.parts[len(out.parts) :]))
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
