"""``xlcheck inbox``: fetch the units' replies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import DAY, asking, fail, form_option, paint, say, say_bytes
from xlcheck.tasks.inbox import IMAP_VARIABLE

if TYPE_CHECKING:
    from xlcheck.mail.fetching.receive import Arrival

_LARGER = "或用 --max-size 放宽后再运行一次"


@click.command(
    cls=chinese.Command, example="xlcheck inbox imaps://用户名@imap.example.org/INBOX -o 收件 --units 单位名单.csv"
)
@click.argument("url", metavar="邮箱地址")
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="文件夹", required=True, help="保存到哪个文件夹。")
@click.option(
    "--units",
    type=click.Path(path_type=Path),
    metavar="文件",
    required=True,
    help="单位名单（CSV 或工作簿）；信要从其中“电子邮箱”一列的地址发来。",
)
@click.option("--since", type=DAY, metavar="日期", help="只看这一天及以后收到的信，如 2026-01-05。")
@click.option(
    "--max-size",
    "megabytes",
    type=click.IntRange(1, 1024),
    default=30,
    metavar="MB",
    help="超过这么大的信不取，只列出（默认 30）。",
)
@click.option(
    "--max-count", "letters", type=click.IntRange(1), default=1000, metavar="数", help="一次最多取多少封（默认 1000）。"
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help=f"第一行是密码的文件；不给时用环境变量 {IMAP_VARIABLE}，再不然用系统的密码管理器，都没有就当场询问。",
)
@click.option(
    "--authserv-id",
    "server",
    default="",
    metavar="名称",
    help="本单位邮件服务器在 Authentication-Results 中的名称；它认为发件人冒用地址的信将被隔离。",
)
@click.option("--ca", "authorities", type=click.Path(path_type=Path), metavar="文件", help="自建服务器的证书（PEM）。")
@click.option("--insecure", default="", metavar="主机", help="不核对这台主机的证书；要写出主机名。")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", help="text 或 json。")
@form_option
def inbox_command(megabytes: int, style: str, **options: Any) -> int:
    """收取各单位的回信，把附件里的工作簿（或年报文档）按单位存进文件夹。取过的信不再取；邮箱里的信不作任何改动。

    邮箱地址写成 imaps://用户名@服务器/INBOX；QQ、163、126、腾讯企业邮等只写邮箱地址，或 邮箱地址@exmail。
    """
    from xlcheck.commands.letters import hearing_arrivals
    from xlcheck.tasks.inbox import InboxOptions, fetch_letters

    wanted = InboxOptions(letter_bytes=megabytes << 20, larger=_LARGER, ask=asking(), **options)
    arrivals: list[Arrival] = []
    colours = paint()
    left, trouble = fetch_letters(wanted, hearing_arrivals(arrivals, colours if style == "text" else None))
    from xlcheck.mail.fetching.report import arrivals_json, arrivals_line

    if style == "json":
        say_bytes(arrivals_json(arrivals, left))
    else:
        say(arrivals_line(arrivals, left, colours))
    if trouble:
        raise fail(trouble)
    if style == "text":
        say(_next(options["out"], options["units"]))
    return int(left > 0 or any(arrival.is_held for arrival in arrivals))


_RESULTS = Path("审核结果")


def _next(inbox: Path, units: Path) -> str:
    """How to go on: with what was checked before, since a unit that need not answer is not missing."""
    from xlcheck.tasks.inbox import checked_before

    before = [_argument(Path(one)) for one in checked_before(_RESULTS, inbox)]
    places = " ".join((*before, _argument(inbox)))
    said = f"接下来：xlcheck verify {places} -o {_RESULTS} --units {_argument(units)}\n"
    if before:
        return said
    return said + f"以前报送的不在“{inbox}”里的，要把那个文件夹也写上一起核对，否则没有回信的单位会算作缺报\n"


def _argument(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text
