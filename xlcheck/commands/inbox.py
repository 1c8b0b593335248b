"""``xlcheck inbox``: fetch the units' replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import DAY, fail, form_option, load, paint, read_units, say, say_bytes, tell
from xlcheck.files.content import why, write_bytes

if TYPE_CHECKING:
    import datetime

    from xlcheck.mail.account import Account
    from xlcheck.mail.fetching.imap import Mailbox
    from xlcheck.mail.fetching.ledger import Ledger
    from xlcheck.mail.fetching.receive import Arrival, Desk, Limits
    from xlcheck.model.form import Form
    from xlcheck.roster.units import Unit

VARIABLE = "XLCHECK_IMAP_PASSWORD"
LIST = "隔离清单.csv"


@click.command(
    cls=chinese.Command, example="xlcheck inbox imaps://用户名@imap.example.org/INBOX -o 收件 --units 单位名单.csv"
)
@click.argument("url", metavar="URL")
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="文件夹", required=True, help="保存到哪个文件夹。"
)
@click.option(
    "--units",
    type=click.Path(path_type=Path),
    metavar="文件",
    required=True,
    help="单位名单（CSV）；信要从其中“电子邮箱”一列的地址发来。",
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
    "--max-count", "letters", type=click.IntRange(1), default=1000, metavar="N", help="一次最多取多少封（默认 1000）。"
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help=f"第一行是密码的文件；不给时用环境变量 {VARIABLE}，再不然用系统的密码管理器。",
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
def inbox(
    url: str,
    output: Path,
    units: Path,
    since: datetime.date | None,
    megabytes: int,
    letters: int,
    password_file: Path | None,
    server: str,
    authorities: Path | None,
    insecure: str,
    style: str,
    form_name: str | None,
) -> int:
    """收取各单位的回信，把附件里的工作簿按单位存进文件夹。取过的信不再取；邮箱里的信不作任何改动。"""
    try:
        from xlcheck.mail.fetching import report
        from xlcheck.mail.fetching.receive import Limits
    except ImportError as error:
        raise fail("收信要用到的程序库没有安装，请运行：pip install 'xlcheck[mail]'") from error

    form, listed = load(form_name), _listed(units)
    limits = Limits(letter_bytes=megabytes << 20, letters=letters)
    arrivals: list[Arrival] = []
    colours = paint()

    def arrived(arrival: Arrival) -> None:
        arrivals.append(arrival)
        if style == "text":
            say(report.text_of(arrival, colours))

    with _mailbox(url, password_file, authorities, insecure) as (account, mailbox), _ledger(output) as ledger:
        desk = _desk(output, ledger, listed, form, account)._replace(server=server)
        left, trouble = _fetch(mailbox, desk, limits, since, arrived)
        trouble = _write_list(output, ledger) or trouble
    if style == "json":
        say_bytes(report.json_of(arrivals, left))
    else:
        say(report.summary_text(arrivals, left, colours))
    if trouble:
        raise fail(trouble)
    if style == "text":
        say(f"接下来：xlcheck verify {_argument(output)} -o 审核结果 --units {_argument(units)}\n")
    return int(left > 0 or any(arrival.is_held for arrival in arrivals))


def _fetch(
    mailbox: Mailbox, desk: Desk, limits: Limits, since: datetime.date | None, arrived: Callable[[Arrival], None]
) -> tuple[int, str]:
    """Fetch what is new; answers how many letters are left, and what went wrong, if anything did."""
    from xlcheck.mail.fetching.imap import MailTrouble
    from xlcheck.mail.fetching.receive import receive, waiting, within

    left = 0
    try:
        envelopes = waiting(mailbox, desk, limits, since)
        left = len(envelopes)
        for envelope in within(envelopes, limits):
            arrived(receive(mailbox, desk, envelope, limits))
            left -= 1
    except MailTrouble as error:
        return left, str(error)
    except BrokenPipeError:  # the reader of our report went away
        raise
    except (OSError, UnicodeError) as error:
        return left, f"无法写入文件夹“{desk.folder}”（{why(error)}）；解决后再运行一次，会接着取"
    return left, ""


def _desk(output: Path, ledger: Ledger, listed: tuple[Unit, ...], form: Form, account: Account) -> Desk:
    from xlcheck.mail.fetching.ledger import mailbox_name
    from xlcheck.mail.fetching.receive import Desk
    from xlcheck.mail.fetching.sort import addresses
    from xlcheck.roster.stems import file_stems

    own = account.user if "@" in account.user else f"{account.user}@{account.host}"
    return Desk(output, ledger, listed, file_stems(listed), addresses(listed), form, mailbox_name(account), own)


def _listed(units: Path) -> tuple[Unit, ...]:
    """The list of units, with the addresses that letters are known by."""
    from xlcheck.mail.fetching.sort import addresses

    listed = read_units(units)
    if not addresses(listed):
        raise fail(f"单位名单“{units}”里没有电子邮箱，无法核对发件人；请在“电子邮箱”一列填上各单位的地址")
    return listed


@contextmanager
def _mailbox(
    url: str, password_file: Path | None, authorities: Path | None, insecure: str
) -> Iterator[tuple[Account, Mailbox]]:
    from xlcheck.mail.account import InvalidAccount, parse_account, password, tls_context
    from xlcheck.mail.fetching.imap import MailTrouble, open_mailbox

    try:
        account = parse_account(url, "imaps", "imap")
        if not account.user:
            raise InvalidAccount("服务器地址里没有用户名，要写成 imaps://用户名@服务器/INBOX")
        context = tls_context(account, authorities, insecure)
        with open_mailbox(account, password(account, VARIABLE, password_file, tell), context) as mailbox:
            yield account, mailbox
    except (InvalidAccount, MailTrouble) as error:
        raise fail(str(error)) from error


@contextmanager
def _ledger(output: Path) -> Iterator[Ledger]:
    from xlcheck.mail.fetching.ledger import open_ledger
    from xlcheck.model.errors import LedgerTrouble

    try:
        with open_ledger(output) as ledger:
            yield ledger
    except LedgerTrouble as error:
        raise fail(str(error)) from error


def _write_list(output: Path, ledger: Ledger) -> str:
    """Write the list of what is held back, less what a person has dealt with; answers what went wrong, if anything did."""
    from xlcheck.mail.fetching.report import csv_of

    entries = [entry for entry in ledger.held() if not entry.kept or (output / entry.kept).exists()]
    path = output / LIST
    if not entries and not path.exists():
        return ""
    try:
        # Excel and WPS take a CSV file for UTF-8 only when it begins with a mark.
        write_bytes(path, b"\xef\xbb\xbf" + csv_of(entries).encode("utf-8", "replace"))
    except OSError as error:
        return f"无法写入“{path}”（{why(error)}）；请先关闭它，再运行一次"
    return ""


def _argument(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text
