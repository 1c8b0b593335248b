"""Checking one file from its path to its annotated copy: the stages in their order, I/O at both ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from xlcheck import guard, peek
from xlcheck.files import read_bytes, write_bytes
from xlcheck.finding import Finding, Outcome
from xlcheck.form import Form
from xlcheck.formfile import DEFAULT, form_ids, load_form
from xlcheck.guard import Package, Refused
from xlcheck.marks import PROPERTY_FORM
from xlcheck.read import read
from xlcheck.rules import severity
from xlcheck.submission import Submission
from xlcheck.verify import Verification, verify
from xlcheck.wording import held_text

Status = Literal["passed", "failed", "unreadable"]


class Job(NamedTuple):
    """One file to check."""

    path: Path
    """Where the workbook is."""
    shown: str
    """Its path as the user gave it."""
    annotated: Path | None
    """Where an annotated copy goes; None for no copy."""
    form: str | None = None
    """The form it must be, by id or file; None takes what the workbook says."""


class Checked(NamedTuple):
    """What checking one file came to."""

    path: str
    status: Status
    findings: tuple[Finding, ...]
    form: str | None = None
    unit: str = ""
    year: int | None = None
    not_evaluated: tuple[Outcome, ...] = ()
    annotated: str | None = None
    """The path of the annotated copy, if one was written."""
    trouble: str = ""
    """Why a copy could not be written, in a clerk's words."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors


def check(job: Job) -> Checked:
    """Check one file and write its annotated copy if there are findings. Never raises for what the file holds."""
    try:
        data = read_bytes(job.path)
    except Refused as refused:
        return unreadable(job.shown, refused)
    return check_bytes(data, job)


def check_bytes(data: bytes, job: Job) -> Checked:
    """Check the bytes of a workbook; see :func:`check`."""
    try:
        package = guard.admit(data)
        verification = verify(read(package, data, choose_form(package, job.form)))
    except Refused as refused:
        return unreadable(job.shown, refused)
    submission = verification.submission
    checked = Checked(
        path=job.shown,
        status="passed" if verification.passed else "failed",
        findings=verification.findings,
        form=submission.form.id,
        unit=submission.unit,
        year=submission.year,
        not_evaluated=tuple(outcome for outcome in verification.outcomes if outcome.status == "not_evaluated"),
    )
    if verification.findings and job.annotated is not None:
        return _with_copy(checked, data, package, verification, job.annotated)
    return checked


def unreadable(shown: str, refused: Refused) -> Checked:
    """The result of a file that no form can be read from."""
    message = f"文件“{shown}”{refused.reason}" if refused.reason[:1] not in "“（" else f"文件“{shown}”：{refused.reason}"
    return Checked(shown, "unreadable", (Finding(refused.code, severity(refused.code), message),))


_forms: dict[str, Form] = {}


def choose_form(package: Package, wanted: str | None = None) -> Form:
    """The form to check a workbook against: the one asked for, the one it names, or the usual one."""
    if wanted is None:
        named = peek.custom_properties(package).get(PROPERTY_FORM, "")
        wanted = named if named in form_ids() else DEFAULT
    if wanted not in _forms:
        _forms[wanted] = load_form(wanted)
    return _forms[wanted]


# --- the annotated copy ----------------------------------------------------------------------------------------------


def _with_copy(
    checked: Checked, data: bytes, package: Package, verification: Verification, target: Path
) -> Checked:
    # Clean workbooks never pay for openpyxl.
    from xlcheck.annotate import CannotAnnotate, Source, annotate
    from xlcheck.rules import catalogue

    trouble = ""
    try:
        copy = annotate(Source(data, package), verification, catalogue(verification.submission.form))
        free = _free(target, verification.submission)
        if free != target:
            trouble = f"“{target.name}”里有新填的内容，没有覆盖，审核副本另存为“{free.name}”"
        free.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(free, copy)
    except CannotAnnotate as error:
        return checked._replace(trouble=f"文件“{checked.path}”：{error}")
    except OSError as error:
        return checked._replace(trouble=f"无法写入“{target}”（{error.strerror or error}）；请检查文件夹是否存在、有无写入权限")
    return checked._replace(annotated=str(free), trouble=trouble)


def _free(target: Path, submission: Submission) -> Path:
    """`target`, unless it holds something that somebody typed after we wrote it: that is never overwritten."""
    number = 1
    free = target
    while free.exists() and not _holds_the_same(free, submission):
        number += 1
        free = target.with_name(f"{target.stem}.{number}{target.suffix}")
    return free


def _holds_the_same(path: Path, submission: Submission) -> bool:
    try:
        data = read_bytes(path)
        other = read(guard.admit(data), data, submission.form)
    except Refused:
        return False
    return _texts(other) == _texts(submission)


def _texts(submission: Submission) -> tuple[Mapping[str, str], Mapping[str, str]]:
    held = {key: text for key, value in submission.held.items() if (text := held_text(value))}
    return held, {key: text for key, text in submission.cover.items() if text}
