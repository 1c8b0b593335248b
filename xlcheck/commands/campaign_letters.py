"""``xlcheck campaign send`` and ``fetch``: a campaign's letters out and in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlcheck.commands.campaign import CampaignCommand, campaign_at, checkers, clerk_option, folder_option
from xlcheck.commands.terminal import DAY, asking, fail, paint, say, tell

if TYPE_CHECKING:
    import datetime

    from xlcheck.campaign.addressing import LetterTopic
    from xlcheck.campaign.opening import OpenCampaign
    from xlcheck.mail.fetching.receive import Arrival


@click.command(
    cls=CampaignCommand,
    example="xlcheck campaign send templates --dry-run\n  xlcheck campaign send results\n  xlcheck campaign send reminders --round 2",
)
@click.argument("topic", metavar="种类", type=click.Choice(("templates", "results", "reminders")), required=False)
@click.option(
    "--unit", "units", metavar="单位", multiple=True, help="只发给这个单位（名称、代码或名称的一部分；可以多次）。"
)
@click.option(
    "--round",
    "number",
    type=click.IntRange(1),
    metavar="数",
    help="第几次催报、第几次下发（默认接着最近的一次，不重发）。",
)
@click.option("--no-passed", is_flag=True, help="审核通过的不发信告知。")
@click.option("--outbox", is_flag=True, help="只写成信件文件，不经 campaign.toml 里的服务器发送。")
@click.option("--dry-run", is_flag=True, help="只列出谁收什么、谁不发和为什么，不写不发。")
@click.option("--status", is_flag=True, help="列出已发送、失败、不确定和尚未发送的信。")
@click.option("--resend-uncertain", "resend", is_flag=True, help="不能确定对方是否收到的，再发一次。")
@folder_option
@clerk_option
def campaign_send_command(
    topic: LetterTopic | None,
    units: tuple[str, ...],
    number: int | None,
    no_passed: bool,
    outbox: bool,
    dry_run: bool,
    status: bool,
    resend: bool,
    folder: Path | None,
    clerk: str,
) -> int:
    """给各单位发信：templates 下发填报表，results 发回审核结果，reminders 催报。同一封信不会发两次。

    经 campaign.toml 的 [send] 里写的服务器发送；没有写服务器的，在文件夹的“信件”里写成信件文件。
    """
    with campaign_at(folder) as opened:
        from xlcheck.campaign.addressing import LetterWish
        from xlcheck.campaign.sending import (
            LETTERS_FOLDER,
            PostOptions,
            letters_on_campaign,
            plan_campaign_letters,
            post_of,
            send_campaign_letters,
        )
        from xlcheck.commands.letters import hear_letters, say_letters, say_mailed, say_plan

        if status:
            return say_letters(letters_on_campaign(opened))
        if topic is None:
            raise click.UsageError("请写明发什么：templates（下发）、results（发回结果）或 reminders（催报）")
        wish = LetterWish(topic, not no_passed, number, _numbers(opened, units))
        post = post_of(opened, asking(), resend=resend)
        if outbox:
            post = PostOptions(None, post.sender)
        if dry_run:
            return say_plan(plan_campaign_letters(opened, wish, post, hear_letters).planned)
        mailed = send_campaign_letters(opened, wish, post, clerk, hear_letters)
        again = "；改正名单后再运行一次"
        return say_mailed(mailed, opened.folder / LETTERS_FOLDER, again, is_sent=post.route is not None)


def _numbers(opened: OpenCampaign, units: tuple[str, ...]) -> frozenset[int] | None:
    from xlcheck.campaign.acts import unit_named

    return frozenset(unit_named(opened, one).id for one in units) if units else None


@click.command(cls=CampaignCommand, example="xlcheck campaign fetch\n  xlcheck campaign fetch --since 2026-01-05")
@click.option("--since", type=DAY, metavar="日期", help="只看这一天及以后收到的信（默认从建立这项工作的那天起）。")
@click.option(
    "--max-count", "letters", type=click.IntRange(1), default=1000, metavar="数", help="一次最多取多少封（默认 1000）。"
)
@folder_option
@clerk_option
def campaign_fetch_command(since: datetime.date | None, letters: int, folder: Path | None, clerk: str) -> int:
    """收取各单位的回信，核对附件并收入台账。取过的信不再取；邮箱里的信不作任何改动。

    邮箱写在 campaign.toml 的 [fetch] 里。附件存在文件夹的“来信”里；不能确定的信隔离在其中，台账里记为未收下，请人工处理。
    """
    with campaign_at(folder) as opened, checkers() as executor:
        from xlcheck.campaign.fetching import FetchWish, fetch_into
        from xlcheck.commands.letters import hearing_arrivals

        arrivals: list[Arrival] = []
        colours = paint()
        hear = hearing_arrivals(arrivals, colours)
        fetched = fetch_into(opened, clerk, FetchWish(since, letters, asking()), hear, executor)
        from xlcheck.mail.fetching.report import arrivals_line  # that its library is there is known now

        say(arrivals_line(arrivals, fetched.left, colours))
        new = sum(one.is_new for one in fetched.taken)
        say(f"收入台账 {new} 份\n")
        for one in fetched.taken:
            for said in one.said:
                tell(f"{one.unit.unit.name if one.unit else '归属不明'}：{said}")
        if fetched.trouble:
            raise fail(fetched.trouble)
        return int(fetched.left > 0 or any(arrival.is_held for arrival in arrivals))
