"""``xlcheck mail``: send each department its own result."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import DAY, asking, fail, form_option

if TYPE_CHECKING:
    import datetime

    from xlcheck.tasks.leaving import Route
    from xlcheck.tasks.mail import MailOptions

_SIZE = re.compile(r"(?i)([0-9]+(?:\.[0-9]+)?) ?(MB|M|KB|K)")


class _Mail(chinese.Command):
    """click would take what follows a bare --insecure for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line."""
        return super().parse_args(ctx, ["--insecure=" if arg == "--insecure" else arg for arg in args])


@click.command(
    cls=_Mail,
    example="xlcheck mail 审核结果 --units 单位名单.csv --deadline 2026-01-20\n"
    "  xlcheck mail 审核结果 --units 单位名单.csv --smtp smtps://gkb@example.org@smtp.example.org --rate 20/min",
)
@click.argument("out", metavar="结果文件夹", type=click.Path(path_type=Path))
@click.option(
    "--units", metavar="文件", type=click.Path(path_type=Path), help="单位名单（CSV 或工作簿，要有电子邮箱一列）。"
)
@click.option("--passed", is_flag=True, help="审核通过的也发信告知。")
@click.option("--remind", is_flag=True, help="没有报送的发信催报。")
@click.option(
    "--round", "number", type=click.IntRange(1), default=1, metavar="数", help="第几次催报（默认 1）；再次催报用 2。"
)
@click.option("--notice", metavar="位置", default="", help="只通知结论和到哪里领取文件，不带附件，不写数字。")
@click.option("--deadline", type=DAY, metavar="日期", help="报回的截止日期，如 2026-01-20。")
@click.option(
    "--from", "sender", metavar="发件人", help="如“市政务公开办 <gkb@example.org>”（默认用 --smtp 的用户名）。"
)
@click.option("--reply-to", metavar="邮箱", default="", help="改好的文件发回哪个邮箱（默认是发件人）。")
@click.option("--office", metavar="名称", default="", help="落款的单位（默认是发件人的名称）。")
@click.option("--phone", metavar="电话", default="", help="落款的联系电话。")
@click.option("--template", "templates", metavar="文件夹", type=click.Path(path_type=Path), help="自备的信件模板。")
@click.option(
    "--smtp",
    "url",
    metavar="地址",
    help="经这台服务器发送，如 smtps://用户名@服务器、qq、163、126、exmail（默认不发送，只在结果文件夹的 outbox 里写成信件文件）。",
)
@click.option("--insecure", metavar="[=主机]", help="服务器不加密也连接；本机以外要写明主机。")
@click.option(
    "--password-file",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="邮箱密码（授权码）所在的文件；没有别处可取时当场询问。",
)
@click.option("--rate", metavar="速度", help="最快多少，如 20/min（默认不限）。")
@click.option(
    "--pause", type=click.FloatRange(0), default=30, metavar="秒", help="暂时拒收时隔多久再试（默认 30，逐次加倍）。"
)
@click.option("--max-size", "largest", metavar="大小", default="20MB", help="一封信最大多少（默认 20MB）。")
@click.option("--dry-run", is_flag=True, help="只列出谁收什么、谁不发和为什么，不写不发。")
@click.option("--status", is_flag=True, help="列出已发送、失败、不确定和尚未发送的信。")
@click.option("--resend-uncertain", "resend", is_flag=True, help="不能确定对方是否收到的，再发一次。")
@form_option
def mail_command(out: Path, units: Path | None, status: bool, dry_run: bool, **options: Any) -> int:
    """把一批核对的结果发回各单位：不通过的退改，待核实的请其改正或者说明，通过的告知，没有报送的催报。"""
    from xlcheck.commands.letters import hear_letters, say_letters, say_mailed, say_plan
    from xlcheck.tasks.mail import letters_on_record, plan_letters, send_letters

    if not out.is_dir():
        raise fail(f"没有文件夹“{out}”；请先运行 xlcheck verify … -o {out}")
    if status:
        return say_letters(letters_on_record(out))
    if units is None:
        raise click.MissingParameter(param_hint="--units", param_type="option", param=_option("units"))
    wanted = _wanted(out, units, **options)
    if dry_run:
        return say_plan(plan_letters(wanted, hear_letters))
    return say_mailed(send_letters(wanted, hear_letters), out, is_sent=wanted.route is not None)


def _option(name: str) -> click.Parameter:
    return next(parameter for parameter in mail_command.params if parameter.name == name)


# --- what was asked for ----------------------------------------------------------------------------------------------


def _wanted(
    out: Path,
    units: Path,
    *,
    passed: bool,
    remind: bool,
    number: int,
    notice: str,
    deadline: datetime.date | None,
    sender: str | None,
    reply_to: str,
    office: str,
    phone: str,
    templates: Path | None,
    largest: str,
    resend: bool,
    form: str | None,
    **way: Any,
) -> MailOptions:
    """The options, all of them looked at before anything happens."""
    from xlcheck.mail.sending.plan import Wanted
    from xlcheck.model.office import Office
    from xlcheck.tasks.mail import MailOptions
    from xlcheck.tasks.routes import addresses_of, logged_in_as, sender_of

    route = _route(**way)
    if resend and route is None:
        raise fail("--resend-uncertain 要与 --smtp 一起用")
    who = sender_of(sender or "", route.account if route else None, "--from")
    if route and who:
        route = logged_in_as(route, who, str(way["url"]))
    if who and not who.name and office:
        who = who._replace(name=office)
    answers = addresses_of(reply_to, "--reply-to")
    return MailOptions(
        out,
        units,
        Wanted(passed, remind, notice.strip(), number),
        Office(office or (who.name if who else ""), phone, "、".join(each.spec for each in answers), deadline),
        who,
        answers,
        templates,
        _size(largest),
        route,
        resend,
        form,
    )


def _route(
    *, url: str | None, insecure: str | None, password_file: Path | None, rate: str | None, pause: float
) -> Route | None:
    from xlcheck.mail.sending.send import Pace
    from xlcheck.tasks.routes import gap_of, route_of

    route = route_of(url or "", password_file, Pace(gap_of(rate or "", "--rate"), pause), asking())
    if route is None or insecure is None:
        return route
    if not (route.account.is_on(insecure) if insecure else route.account.is_loopback):
        raise fail("--insecure 只能用于本机，或者用 --insecure=主机名 写明是哪一台服务器，并与 --smtp 一致")
    return route._replace(plain=True)


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise fail(f"--max-size 要写成 20MB 或 500KB 的样子，不能是“{text}”")
    return int(float(match[1]) * (1 << (20 if match[2].upper().startswith("M") else 10)))
