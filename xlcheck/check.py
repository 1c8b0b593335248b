"""Checking one file from its path to its annotated copy: the stages in their order, I/O at both ends."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from xlcheck import guard, peek
from xlcheck.copies.reply import NOWHERE, Reply
from xlcheck.files import exists, make_folder, read_bytes, why, write_bytes
from xlcheck.finding import Diagnosis, Finding, Mend, Outcome
from xlcheck.form import Form
from xlcheck.formfile import DEFAULT, form_ids, load_form
from xlcheck.guard import LIMITS, Package, Refused
from xlcheck.marks import PROPERTY_FORM
from xlcheck.read import read
from xlcheck.rounds import Rounds, compare
from xlcheck.rules import severity
from xlcheck.shelf import Shelf, find, load
from xlcheck.submission import Submission
from xlcheck.verify import Prior, Verification, sound_values, verify
from xlcheck.wording import clean, quote

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
    fixed: Path | None = None
    """Where a copy with suggested mends goes; None for no copy."""
    extent: Literal["text", "all"] = "text"
    """Which mends."""
    content: bytes | None = None
    """Its bytes, where they were read already."""
    digested: bool = False
    """Whether the result says what the file's content was."""
    modified: float = 0.0
    """When the file was last written, in seconds since 1970; 0 where that is not known."""
    reply: Reply = NOWHERE
    """What the copy says of where it goes back to."""


class Against(NamedTuple):
    """Other submissions to compare with."""

    prior: Shelf | None = None
    """Last year's."""
    previous: Shelf | None = None
    """Those before these ones."""


ALONE = Against()
"""Nothing to compare with."""


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
    """What went wrong with a copy, in a clerk's words."""
    unwritten: bool = False
    """Whether a copy that was asked for could not be written."""
    diagnoses: tuple[Diagnosis, ...] = ()
    fixed: str | None = None
    """The path of the copy with suggested mends, if one was written."""
    mends: tuple[Mend, ...] = ()
    """What that copy changes."""
    rounds: Rounds | None = None
    """What became of the submission before; None where none was asked for or found."""
    notices: tuple[str, ...] = ()
    """What could not be compared, and why, in a clerk's words; each said once."""
    unit_code: str = ""
    """统一社会信用代码 on the cover, or empty."""
    digest: str = ""
    """SHA-256 of the file's content, in hexadecimal, where the job asks for it."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings, explained ones included."""
        return len(self.findings) - self.errors

    @property
    def explained(self) -> int:
        """How many warnings the department has explained."""
        return sum(bool(finding.explanation) for finding in self.findings)


def check(job: Job, against: Against = ALONE, file_bytes: int = LIMITS.file_bytes) -> Checked:
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
        package = guard.admit(data, LIMITS._replace(file_bytes=file_bytes))
        submission = read(package, data, choose_form(package, job.form))
    except Refused as refused:
        return unreadable(job.shown, refused)._replace(digest=digest)
    verification, rounds, notices = _verified(submission, job, against)
    checked = concluded(job.shown, verification)._replace(rounds=rounds, notices=notices, digest=digest)
    source = (data, package, job.path.name)
    if verification.findings and job.annotated is not None:
        checked = _with_copy(checked, source, verification, job.annotated, job.reply)
    if verification.findings and job.fixed is not None:
        checked = _with_mends(checked, source, verification, job.fixed, job.extent)
    return checked


def _verified(
    submission: Submission, job: Job, against: Against
) -> tuple[Verification, Rounds | None, tuple[str, ...]]:
    """Verify, and compare with last year and with the submission before."""
    notices: list[str] = []
    prior = None
    if against.prior is not None:
        prior = _prior(submission, job.path, against.prior)
        if prior.missing:
            notices.append(f"没有与上年比对：{prior.missing}")
    verification = verify(submission, prior)
    if against.previous is None or not submission.held:
        return verification, None, tuple(notices)
    entry = find(against.previous, submission, submission.year, besides=job.path)
    if isinstance(entry, str):
        return verification, None, (*notices, f"没有与上次报送比对：{entry}")
    try:
        before = verify(load(entry.path, submission.form))
    except Refused as refused:
        return verification, None, (*notices, f"没有与上次报送比对：“{quote(entry.path.name)}”{refused.reason}")
    return *compare(str(entry.path), before, verification), tuple(notices)


def _prior(submission: Submission, path: Path, shelf: Shelf) -> Prior:
    if submission.year is None:
        return Prior(None, "封面没有填报告年度")
    entry = find(shelf, submission, submission.year - 1, besides=path)
    if isinstance(entry, str):
        return Prior(None, entry)
    try:
        return Prior(sound_values(load(entry.path, submission.form)))
    except Refused as refused:
        return Prior(None, f"“{quote(entry.path.name)}”{refused.reason}")


def concluded(shown: str, verification: Verification) -> Checked:
    """The result of a file that was verified."""
    submission = verification.submission
    return Checked(
        path=shown,
        status="passed" if verification.passed else "failed",
        findings=verification.findings,
        form=submission.form.id,
        unit=submission.unit,
        year=submission.year,
        not_evaluated=tuple(outcome for outcome in verification.outcomes if outcome.status == "not_evaluated"),
        diagnoses=verification.diagnoses,
        unit_code=submission.unit_code,
    )


def unreadable(shown: str, refused: Refused) -> Checked:
    """The result of a file that no form can be read from."""
    message = f"文件“{clean(shown)}”：{refused.reason}"
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


# --- copies ----------------------------------------------------------------------------------------------------------


def _with_copy(
    checked: Checked, source: tuple[bytes, Package, str], verification: Verification, target: Path, reply: Reply
) -> Checked:
    # Clean workbooks never pay for what writes copies.
    from xlcheck.copies.annotate import CannotAnnotate, Source, annotate
    from xlcheck.rules import catalogue

    try:
        copy = annotate(Source(*source), verification, catalogue(verification.submission.form), reply)
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
