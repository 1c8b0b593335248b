"""Checking one workbook in this process, and what can be made of the result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlcheck.batch.against import verified_against
from xlcheck.batch.earlier import ALONE, Against, Stocking
from xlcheck.checking.verify import LastYear, Verification, year_before
from xlcheck.checking.verify import verify_submission as verified
from xlcheck.files.content import read_bytes
from xlcheck.files.names import STDIN
from xlcheck.model.finding import Cause, Finding, Outcome
from xlcheck.model.form import Form
from xlcheck.model.numbers import Number
from xlcheck.model.submission import Submission
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, Opened, OpenedReport, open_submission
from xlcheck.tasks.given import CannotDo, form_of, place_of, shelf_at

if TYPE_CHECKING:
    from xlcheck.copies.source import Source
    from xlcheck.results.document import FileJson


class Verified(NamedTuple):
    """What checking one workbook came to.

    >>> import xlcheck
    >>> verified = xlcheck.verify("错.xlsx")
    >>> verified.passed
    False
    >>> [finding.code for finding in verified.findings]
    ['B102', 'B103']
    >>> verified.document()["status"]
    'failed'
    """

    path: Path
    """``-`` where only its bytes were given."""
    opened: Opened | OpenedReport
    verification: Verification
    notices: tuple[str, ...]
    """What could not be compared, and why, in a clerk's words."""

    @property
    def submission(self) -> Submission:
        """What was handed in."""
        return self.opened.submission

    @property
    def passed(self) -> bool:
        """Whether nothing must be mended; warnings are allowed."""
        return self.verification.passed

    @property
    def needs_review(self) -> bool:
        """Whether it passes, but with warnings that nobody explained."""
        return self.verification.needs_review

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every rule that is broken, and where."""
        return self.verification.findings

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of each relation and each check, in the order of the form."""
        return self.verification.outcomes

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What may be wrong behind broken balances."""
        return self.verification.causes

    @property
    def values(self) -> Mapping[str, Number]:
        """The numbers of all readable fields, by key."""
        return self.verification.values

    def annotated(self) -> bytes:
        """The annotated copy: the bytes of an .xlsx file, or of a document of the kind that was given.

        Raises:
            CannotDo: no copy can be made of it.
        """
        from xlcheck.batch.one import marked_copy
        from xlcheck.copies.reports import NoCopy
        from xlcheck.copies.source import CannotAnnotate

        try:
            return marked_copy(self.opened, self.verification, self.path.name).data
        except (CannotAnnotate, NoCopy) as error:
            raise CannotDo("copy", str(error)) from error

    def mended(self, extent: Literal["text", "all"] = "text") -> bytes:
        """A copy with suggested mends; where there are none, the workbook as it is.

        Args:
            extent: texts that mean numbers only, or unique explanations of broken balances, too.

        Raises:
            CannotDo: no copy can be made of it.
        """
        from xlcheck.copies.mend import fixed, mends
        from xlcheck.copies.source import CannotAnnotate

        if isinstance(self.opened, OpenedReport):
            raise CannotDo("copy", "文档里不写建议的数；请先转成填报表")
        changes = mends(self.verification, extent)
        if not changes:
            return self.opened.data
        try:
            return fixed(_source(self.opened, self.path), self.verification, changes)
        except CannotAnnotate as error:
            raise CannotDo("copy", str(error)) from error

    def document(self) -> FileJson:
        """What the JSON document says of it (docs/use/json.md): its entry of ``files``."""
        from xlcheck.results.checked import concluded
        from xlcheck.results.entries import file_json

        checked = concluded(str(self.path), self.verification)
        return file_json(checked._replace(notices=self.notices))


def open_given(given: Path | str | bytes, form: Form | Path | str | None = None) -> tuple[Path, Opened | OpenedReport]:
    """A workbook that was let in and read, and its path, which is ``-`` where only its bytes were given.

    Args:
        given: its path or address, or its bytes.
        form: the form it must be; None takes what the workbook says.

    Raises:
        Refused: it cannot be read.
        CannotDo: there is no such form.
    """
    path = Path(STDIN) if isinstance(given, bytes) else place_of(given)
    known = form_of(form) if form is not None else Forms()
    return path, open_submission(given if isinstance(given, bytes) else read_bytes(path), known)


def verify_one(
    given: Path | str | bytes,
    last_year: Path | str | bytes | None = None,
    form: Form | Path | str | None = None,
) -> Verified:
    """Check one workbook.

    Args:
        given: its path or address, or its bytes.
        last_year: last year's submission to compare with: its bytes, its file, or a folder in which it is found.
        form: the form it must be; None takes what the workbook says.

    Raises:
        Refused: it cannot be read.
        CannotDo: there is no such form, or nothing at `last_year`.
    """
    path, workbook = open_given(given, form)
    submission = workbook.submission
    if isinstance(last_year, bytes):
        compared = _numbers_of(submission, last_year)
        missing = [f"没有与上年比对：{compared.missing}"] if compared.missing else []
        return Verified(path, workbook, verified(submission, compared), tuple(missing))
    against = ALONE if last_year is None else _against(last_year, submission.form)
    verification, _, notices = verified_against(submission, path, against)
    return Verified(path, workbook, verification, notices)


def _numbers_of(submission: Submission, data: bytes) -> LastYear:
    """The numbers of the submission that somebody says is last year's."""
    other = open_submission(data, Forms(usual=submission.form)).submission
    if submission.year is None:
        return LastYear(None, f"{submission.front}没有填报告年度")
    if other.year != submission.year - 1:
        return LastYear(None, f"给出的上年报送表是 {other.year or '未填年度'} 的，不是 {submission.year - 1} 年的")
    return year_before(other)


def _against(last_year: Path | str, form: Form) -> Against:
    return Against(last_year=shelf_at(last_year, Stocking(form)))


def _source(opened: Opened, path: Path) -> Source:
    from xlcheck.copies.source import Source

    return Source(opened.data, opened.package, path.name)
