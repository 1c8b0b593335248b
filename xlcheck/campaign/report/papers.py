"""The papers on how a campaign stands: the notice (通报) and 审核汇总, both of one moment of the ledger."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

from sqlalchemy import Connection

from xlcheck.campaign.ledger.campaigns import terms_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.report.known import known_records, known_roster
from xlcheck.files.content import why, write_bytes
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.files.paths import make_folder
from xlcheck.forms.file import form_ids
from xlcheck.forms.rules import catalogue_of_all
from xlcheck.model.extras import how_to_get
from xlcheck.model.times import CHINA
from xlcheck.results.summary.book import write_summary
from xlcheck.tasks.given import CannotDo, form_of

NOTICE = "通报.docx"


def campaign_notice(opened: OpenCampaign, now: int) -> bytes:
    """The notice of a campaign, as the bytes of a .docx file.

    Raises:
        CannotDo: the library that writes it is not installed, or the form cannot be used.
        LedgerTrouble: the ledger cannot be read.
    """
    with reading(opened.engine) as connection:
        return _notice(opened, connection, now)


def campaign_summary(opened: OpenCampaign, now: int) -> bytes:
    """审核汇总 of a campaign, as the bytes of an .xlsx file: what all units handed in, and what became of it.

    Raises:
        CannotDo: the form cannot be used.
        LedgerTrouble: the ledger cannot be read.
    """
    with reading(opened.engine) as connection:
        return _summary(opened, connection, now)


def write_papers(opened: OpenCampaign, now: int, out: Path | None = None) -> Path:
    """Write both into a folder, which nothing but they are in.

    Args:
        opened: the campaign.
        now: the moment by which units are overdue.
        out: the folder; None for one of ours in the campaign's, called by the moment.

    Returns:
        The folder.

    Raises:
        CannotDo: they cannot be made or written, or are there already.
        LedgerTrouble: the ledger cannot be read.
    """
    folder = out if out is not None else opened.folder / "通报" / f"{_moment(now):%Y-%m-%d %H.%M.%S}"
    for name in (NOTICE, SUMMARY_BOOK):
        if (folder / name).exists():
            raise CannotDo("output", f"已有“{folder / name}”，没有覆盖；请用 -o 换一个文件夹")
    with reading(opened.engine) as connection:
        papers = {NOTICE: _notice(opened, connection, now), SUMMARY_BOOK: _summary(opened, connection, now)}
    try:
        make_folder(folder)
        for name, data in papers.items():
            write_bytes(folder / name, data)
    except OSError as error:
        raise CannotDo("output", f"无法写入“{folder}”（{why(error)}）") from error
    return folder


def _notice(opened: OpenCampaign, connection: Connection, now: int) -> bytes:
    try:
        from xlcheck.campaign.report.notice import notice_report
    except ImportError as error:
        raise CannotDo("output", f"写通报要用到的程序库没有安装，{how_to_get('campaign')}") from error
    campaign = opened.campaign
    terms, units = terms_of(connection, campaign.id), unit_standings(connection, campaign.id, now)
    return notice_report(campaign, terms, form_of(opened.form), units, now)


def _summary(opened: OpenCampaign, connection: Connection, now: int) -> bytes:
    # A file may be of another edition, whose rules are told, too.
    rules = catalogue_of_all([form_of(opened.form), *map(form_of, form_ids())])
    known = known_roster(connection, opened.campaign.id)
    target = io.BytesIO()
    what = f"{opened.campaign.year} 年{opened.campaign.name}"
    write_summary(
        target,
        lambda: known_records(connection, known),
        rules,
        known.roster,
        what=what,
        when=_moment(now).replace(tzinfo=None),
    )
    return target.getvalue()


def _moment(now: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(now, CHINA)
