"""``xlcheck campaign status``, ``accept``, ``return`` and ``note``: how the units stand, and what the office says to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlcheck.commands.campaign import CampaignCommand, campaign_at, clerk_option, folder_option, now
from xlcheck.commands.terminal import fail, say, say_bytes, tell

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign


@click.command(cls=CampaignCommand, example="xlcheck campaign status\n  xlcheck campaign status 市教育局")
@click.argument("unit", metavar="[单位]", required=False)
@click.option("--all", "whole", is_flag=True, help="通过的也逐个列出。")
@click.option(
    "--format", "style", type=click.Choice(("text", "json")), default="text", help="报告的格式：text 或 json。"
)
@folder_option
def campaign_status_command(unit: str | None, whole: bool, style: str, folder: Path | None) -> int:
    """报送情况：应报、已报、退改、未报送各多少，哪些还没完。写了单位的，列出它历次报送、改了什么、说明和催报。"""
    from xlcheck.campaign.acts import unit_named
    from xlcheck.campaign.history import history_of
    from xlcheck.campaign.statement import history_text, statement_json, statement_of, statement_text
    from xlcheck.results.writing import document_text

    with campaign_at(folder) as opened:
        if unit is not None:
            if style == "json":
                raise fail("--format json 不能与单位一起用")
            history = history_of(opened, unit_named(opened, unit).id, now())
            say(history_text(history))
            return int(history.standing is not None and history.standing.state != "passed")
        told = statement_of(opened, now())
    if style == "json":
        say_bytes(document_text(statement_json(told)))
    else:
        say(statement_text(told, whole=whole))
    return int(not told.is_done)


@click.command(cls=CampaignCommand, example="xlcheck campaign accept 市教育局 --note 已电话核实")
@click.argument("units", metavar="单位...", nargs=-1, required=True)
@click.option("--note", metavar="文字", default="", help="记在台账里的理由。")
@folder_option
@clerk_option
def campaign_accept_command(units: tuple[str, ...], note: str, folder: Path | None, clerk: str) -> int:
    """通过：待核实的报送，办公室核实后予以通过。还有强制性问题的不能通过。"""
    from xlcheck.campaign.acts import accept

    return _decided(units, folder, "通过", lambda opened, arrival: accept(opened, arrival, clerk, now(), note))


@click.command(cls=CampaignCommand, example="xlcheck campaign return 市教育局 --note 第三项请附依据")
@click.argument("units", metavar="单位...", nargs=-1, required=True)
@click.option("--note", metavar="文字", required=True, help="要改什么，写给单位看的。")
@folder_option
@clerk_option
def campaign_return_command(units: tuple[str, ...], note: str, folder: Path | None, clerk: str) -> int:
    """退改：退回单位最近一次报送，写明要改什么。"""
    from xlcheck.campaign.acts import return_to

    return _decided(units, folder, "退改", lambda opened, arrival: return_to(opened, arrival, clerk, now(), note))


def _decided(
    units: Sequence[str], folder: Path | None, kind: str, decide: Callable[[OpenCampaign, int], object]
) -> int:
    """Decide of what some units handed in last, all of them named before the first is decided; answers the exit code."""
    from xlcheck.campaign.acts import newest_of, unit_named
    from xlcheck.campaign.ledger.values import ActRefused

    code = 0
    with campaign_at(folder) as opened:
        for found in [unit_named(opened, unit) for unit in units]:
            try:
                decide(opened, newest_of(opened, found))
            except ActRefused as refused:
                tell(f"“{found.unit.name}”：{refused.message}")
                code = 2
            else:
                say(f"{kind}　{found.unit.name}\n")
    return code


@click.command(cls=CampaignCommand, example="xlcheck campaign note 市教育局 已与李科通话，周五前报")
@click.argument("unit", metavar="单位")
@click.argument("words", metavar="文字...", nargs=-1)
@folder_option
@clerk_option
def campaign_note_command(unit: str, words: tuple[str, ...], folder: Path | None, clerk: str) -> None:
    """记下电话催报。"""
    from xlcheck.campaign.acts import note_call, unit_named

    with campaign_at(folder) as opened:
        found = unit_named(opened, unit)
        note_call(opened, found.id, clerk, now(), " ".join(words))
    say(f"已记下电话催报　{found.unit.name}\n")
