"""What checking one file came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlcheck.checking.verify import Verification
from xlcheck.forms.rules import severity
from xlcheck.model.errors import Refused
from xlcheck.model.finding import Cause, Finding, Mend, Outcome
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Status, Tally, tally

if TYPE_CHECKING:  # most runs compare with no round before, and startup time counts
    from xlcheck.checking.rounds import Rounds


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
    causes: tuple[Cause, ...] = ()
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
    last_year: str = ""
    """The path of last year's workbook that it was compared with; empty where it was compared with none."""
    document: str = ""
    """What kind of document it is; empty for a workbook, and where that is not known."""
    is_other: bool = False
    """Whether it is a document that is no report unless somebody says so."""
    digest: str = ""
    """SHA-256 of the file's content, in hexadecimal, where the job asks for it."""
    verification: Verification | None = None
    """All that was found; None for a file that cannot be read."""

    @property
    def tally(self) -> Tally:
        """What it adds to the counts."""
        return tally(self.status, self.findings)


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
        causes=verification.causes,
        unit_code=submission.unit_code,
        last_year=verification.last_year,
        document=submission.document,
        verification=verification,
    )


def unreadable(shown: str, refused: Refused) -> Checked:
    """The result of a file that no form can be read from."""
    message = f"文件“{clean(shown)}”：{refused.message}"
    found = (Finding(refused.code, severity(refused.code), message),)
    return Checked(shown, "unreadable", found, is_other=refused.is_of_no_report)
