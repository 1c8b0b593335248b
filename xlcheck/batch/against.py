"""A submission verified for the year that is collected, and compared with last year's and with the one before it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.batch.earlier import Against, Shelf, find, submission_behind
from xlcheck.checking.verify import LastYear, Verification, verify_submission, year_before
from xlcheck.checking.year import of_year
from xlcheck.model.errors import Refused
from xlcheck.model.submission import Submission
from xlcheck.model.text import quote
from xlcheck.reading.open import Forms

if TYPE_CHECKING:
    from xlcheck.checking.rounds import Rounds


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
    submission = of_year(submission, against.year)
    notices: list[str] = []
    last_year = None
    if against.last_year is not None:
        last_year = _last_year(submission, path, against.last_year)
        if last_year.missing:
            notices.append(f"没有与上年比对：{last_year.missing}")
    verification = verify_submission(submission, last_year)
    if against.original is not None:
        from xlcheck.checking.copying import copied_right, other_origin  # late: few reports come with their original

        verification = copied_right(verification, against.original)
        notices += other_origin(submission, against.original)
    if against.last_round is None or not submission.held:
        return verification, None, tuple(notices)
    entry = find(against.last_round, submission, submission.year, besides=path)
    if isinstance(entry, str):
        return verification, None, (*notices, f"没有与上次报送比对：{entry}")
    try:
        before = of_year(submission_behind(entry, submission.form, submission.form), against.year)
    except Refused as refused:
        return verification, None, (*notices, f"没有与上次报送比对：“{quote(entry.path.name)}”{refused.message}")
    from xlcheck.checking.rounds import compare  # late: most runs compare with no round before

    # What did not fit last year then is not new now.
    compared = compare(str(entry.path), verify_submission(before, last_year), verification, against.said)
    return *compared, tuple(notices)


def _last_year(submission: Submission, path: Path, shelf: Shelf) -> LastYear:
    if submission.year is None:
        return LastYear(None, f"{submission.front}没有填报告年度")
    entry = find(shelf, submission, submission.year - 1, besides=path)
    if isinstance(entry, str):
        return LastYear(None, entry)
    try:
        # Editions change: last year's may be another one, of which what both have is compared.
        before = submission_behind(entry, submission.form, Forms(usual=submission.form))
        return year_before(before, entry.shown)
    except Refused as refused:
        return LastYear(None, f"“{quote(entry.path.name)}”{refused.message}")
