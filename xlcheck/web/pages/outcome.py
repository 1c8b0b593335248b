"""What a campaign comes to: the total (汇总), the notice (通报), the summary of the checks (审核汇总), and the archive."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from xlcheck.campaign.archive import archive_campaign
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.standings import STATE_WORDS, UNIT_STATES
from xlcheck.campaign.report.papers import campaign_notice, campaign_summary
from xlcheck.campaign.report.tally import notice_tally
from xlcheck.campaign.totals import total_campaign
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.total import TotalOptions
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.frame import OUTCOME_TAB, address_of_campaign, frame
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import XLSX, download_of, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LeftUnit(NamedTuple):
    """A unit whose numbers are not in the total."""

    name: str
    href: str
    says: str


class OutcomeView(NamedTuple):
    """How far the campaign is."""

    due: int
    counts: tuple[tuple[str, int], ...]
    """The states of those that must hand in, as the notice counts them."""
    besides: tuple[str, ...]
    """The names of units that need not hand in and did."""
    left: tuple[LeftUnit, ...]
    passed: int


def _outcome(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    with opened(asked) as one:
        return show(asked, "outcome.html", campaign=frame(asked, one, OUTCOME_TAB), outcome=_view(one, base, asked.at))


def _view(one: OpenCampaign, base: str, now: int) -> OutcomeView:
    with reading(one.engine) as connection:
        standings = unit_standings(connection, one.campaign.id, now)
    tally = notice_tally(standings)
    counted = tuple((STATE_WORDS[state], len(tally.of(state))) for state in reversed(UNIT_STATES))
    left = tuple(
        LeftUnit(standing.unit.unit.name, f"{base}/unit/{standing.unit.id}", STATE_WORDS[standing.state])
        for standing in standings
        if standing.state not in _ADDED
    )
    return OutcomeView(tally.due, counted, tally.besides, left, len(standings) - len(left))


_ADDED = ("passed", "review")
"""The states whose units are in the total."""


def _total(asked: Asked) -> Response:
    with opened(asked) as one, tempfile.TemporaryDirectory(prefix="xlcheck-") as folder:
        path = Path(folder, "汇总.xlsx")
        summed = total_campaign(one, TotalOptions(out=path, unit=one.terms.office or None), asked.at)
        if not summed.results or not path.is_file():
            raise NotDone(409, "还没有可以汇总的报送表：没有强制性问题的才算在内；没有算进去的单位列在“汇总与通报”里")
        return download_of(path.read_bytes(), f"{one.campaign.year}年度汇总.xlsx", XLSX)


def _notice(asked: Asked) -> Response:
    with opened(asked) as one:
        return download_of(campaign_notice(one, asked.at), f"{one.campaign.year}年度通报.docx", _DOCX)


def _summary(asked: Asked) -> Response:
    with opened(asked) as one:
        return download_of(campaign_summary(one, asked.at), f"{one.campaign.year}年度{SUMMARY_BOOK}", XLSX)


def _archive(asked: Asked) -> Response:
    handle, name = tempfile.mkstemp(prefix="xlcheck-", suffix=".zip")
    os.close(handle)
    try:
        with opened(asked) as one:
            archive_campaign(one, Path(name), asked.at)
            called = f"{one.campaign.year}年度归档.zip"
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    gone = BackgroundTask(Path(name).unlink, missing_ok=True)
    return FileResponse(name, media_type="application/zip", filename=called, background=gone)


OUTCOME_ROUTES = (
    get("/c/{campaign}/outcome", _outcome, "viewer"),
    post("/c/{campaign}/total", _total, "viewer", checks=True, act="下载汇总表"),
    post("/c/{campaign}/notice", _notice, "viewer", act="下载通报"),
    post("/c/{campaign}/summary", _summary, "viewer", act="下载审核汇总"),
    post("/c/{campaign}/archive", _archive, "clerk", checks=True, act="下载归档"),
)
