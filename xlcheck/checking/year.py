"""The year that is collected: a report of another year may be right in itself, and is not what was asked for."""

from __future__ import annotations

from xlcheck.forms.rules import severity
from xlcheck.model.finding import Finding
from xlcheck.model.submission import Submission

WRONG_YEAR = "S107"
"""The rule of :func:`of_year`."""


def of_year(submission: Submission, collected: int | None) -> Submission:
    """The submission, with a finding of its structure where it reports on another year than `collected`.

    None collects no certain year. A submission that names no year at all is told of by S106.
    """
    year = submission.year
    if collected is None or year is None or year == collected:
        return submission
    stands = "标题里的年度是" if submission.document else "封面“报告年度”填的是"
    message = (
        f"{stands} {year}，本次填报的是 {collected} 年；报错了文件的，请改报 {collected} 年的；"
        f"只是年度填错的，请改正{'标题' if submission.document else '封面'}后重新报送"
    )
    places = tuple(place for key, place in submission.places.items() if key == "year")
    found = Finding(WRONG_YEAR, severity(WRONG_YEAR), message, places=places, expected=str(collected), actual=str(year))
    return submission._replace(structure=(*submission.structure, found))
