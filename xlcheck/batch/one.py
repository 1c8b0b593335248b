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
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.errors import Refused
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, Opened, OpenedReport, open_submission
from xlcheck.results.checked import Checked, concluded, unreadable


class MarkedCopy(NamedTuple):
    """An annotated copy that was made."""

    data: bytes
    suffix: str
    """What its name ends with: ``.xlsx`` for a workbook of any kind, or that of the document."""


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
    try:
        data = read_bytes(job.path, file_bytes) if job.content is None else job.content
    except Refused as refused:
        return unreadable(job.shown, refused)
    checked, opened = check_content(data, job, forms, against, file_bytes)
    found = checked.verification
    if opened is None or found is None or not found.findings:
        return checked
    # A copy that came back is the same workbook, so that its copy takes the place of the one that went out.
    name = original_name(job.path.name)
    if job.annotated is not None:
        checked = _with_copy(checked, opened, found, name, job.annotated, job.out, office, forms.memory.ask)
    if job.fixed is not None:
        checked = _with_mends(checked, opened, found, name, job.fixed, job, forms.memory.ask)
    return checked


def check_content(
    data: bytes, job: Job, forms: Forms, against: Against = ALONE, file_bytes: int = LIMITS.file_bytes
) -> tuple[Checked, Opened | OpenedReport | None]:
    """Check what a file holds; answers what was opened, too, or None where it cannot be read. Nothing is written.

    Raises:
        MemoryError: there is not enough for what it holds.
    """
    digest = ""
    if job.digested:
        import hashlib

        digest = hashlib.sha256(data).hexdigest()
    try:
        limits = LIMITS if file_bytes == LIMITS.file_bytes else LIMITS._replace(file_bytes=file_bytes)
        opened = open_submission(data, forms, limits)
    except Refused as refused:
        return unreadable(job.shown, refused)._replace(digest=digest), None
    verification, rounds, notices = verified_against(opened.submission, job.path, against)
    checked = concluded(job.shown, verification)._replace(rounds=rounds, notices=notices, digest=digest)
    return checked, opened


# --- copies ----------------------------------------------------------------------------------------------------------


def marked_copy(
    opened: Opened | OpenedReport,
    verification: Verification,
    name: str,
    office: Office = NO_OFFICE,
    ask: Ask = afresh,
) -> MarkedCopy:
    """The annotated copy of what was opened.

    Args:
        opened: a workbook, or a document, whose copy is of its own kind.
        verification: what was found in it.
        name: of the file, to which the seal of the copy ties it.
        office: where it goes back to.
        ask: may know what was found out about parts of other workbooks.

    Raises:
        NoCopy: there are none of such documents.
        CannotAnnotate: none can be made.
    """
    # Clean files never pay for what writes copies.
    if isinstance(opened, OpenedReport):
        from xlcheck.copies.reports import annotate_report

        return MarkedCopy(*annotate_report(opened, verification, name, office))
    from xlcheck.copies.annotate import Source, annotate
    from xlcheck.forms.rules import rules_of

    rules = rules_of(verification.submission.form, {finding.code for finding in verification.findings})
    source = Source(opened.data, opened.package, name, ask)
    return MarkedCopy(annotate(source, verification, rules, office), ".xlsx")


def _with_copy(
    checked: Checked,
    opened: Opened | OpenedReport,
    verification: Verification,
    name: str,
    target: Path,
    out: Path | None,
    office: Office,
    ask: Ask,
) -> Checked:
    from xlcheck.copies.reports import NoCopy
    from xlcheck.copies.source import CannotAnnotate

    try:
        copy = marked_copy(opened, verification, name, office, ask)
    except NoCopy as none:
        return checked._replace(notices=(*checked.notices, str(none)))
    except CannotAnnotate as error:
        return checked._replace(trouble=f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(target.with_suffix(copy.suffix), copy.data, name, out)
    return checked._replace(annotated=written, trouble=trouble, unwritten=written is None)


_NO_MENDS = "文档不写建议稿（--fix 只用于工作簿）；要在表里改数，可先用 xlcheck convert 转成填报表"


def _with_mends(
    checked: Checked,
    opened: Opened | OpenedReport,
    verification: Verification,
    name: str,
    target: Path,
    job: Job,
    ask: Ask,
) -> Checked:
    if isinstance(opened, OpenedReport):
        return checked._replace(notices=(*checked.notices, _NO_MENDS))
    from xlcheck.copies.mend import fixed, mends
    from xlcheck.copies.source import CannotAnnotate, Source

    changes = mends(verification, job.extent)
    if not changes:
        return checked
    try:
        copy = fixed(Source(opened.data, opened.package, name, ask), verification, changes)
    except CannotAnnotate as error:
        return checked._replace(trouble=checked.trouble or f"文件“{checked.path}”：{error}", unwritten=True)
    written, trouble = _write(target, copy, name, job.out)
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
