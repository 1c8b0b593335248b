"""``xlcheck campaign report``: the papers on how a campaign stands."""

from __future__ import annotations

from pathlib import Path

import click

from xlcheck.commands.campaign import CampaignCommand, campaign_at, folder_option, now
from xlcheck.commands.terminal import tell


@click.command(cls=CampaignCommand, example="xlcheck campaign report -o 给领导")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="写到哪个文件夹（默认在报送工作的文件夹里新建“通报/日期 时间”）。",
)
@folder_option
def campaign_report_command(out: Path | None, folder: Path | None) -> None:
    """通报和审核汇总：应报、已报、缺报、退改、待核实各多少家，是哪些单位，写成可以直接签发的 .docx，附图和各单位的表。"""
    from xlcheck.campaign.report.papers import NOTICE, write_papers
    from xlcheck.files.names import SUMMARY_BOOK

    with campaign_at(folder) as opened:
        written = write_papers(opened, now(), out)
    tell(f"已写出“{written / NOTICE}”和“{written / SUMMARY_BOOK}”")
