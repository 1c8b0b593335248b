"""``xlcheck mail``: send each department its own result."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import DAY, fail, form_option, load, read_units, say, tell
from xlcheck.files.content import why

if TYPE_CHECKING:
    import datetime
    import ssl

    from xlcheck.mail.account import Account
    from xlcheck.mail.address import Address
    from xlcheck.mail.sending.ledger import Ledger, State
    from xlcheck.mail.sending.plan import Plan, Withheld
    from xlcheck.mail.sending.prepare import Job, Prepared, Ready, Spool
    from xlcheck.mail.sending.send import Pace, Sender
    from xlcheck.results.stored import StoredResults
    from xlcheck.roster.units import Unit

VARIABLE = "XLCHECK_SMTP_PASSWORD"

_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)/(s|sec|min|m|h|hour|秒|分|分钟|小时)")
_SECONDS = {"s": 1, "sec": 1, "秒": 1, "min": 60, "m": 60, "分": 60, "分钟": 60, "h": 3600, "hour": 3600, "小时": 3600}
_SIZE = re.compile(r"(?i)([0-9]+(?:\.[0-9]+)?) ?(MB|M|KB|K)")


class _Mail(chinese.Command):
    """click would take what follows a bare --insecure for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line."""
        return super().parse_args(ctx, ["--insecure=" if arg == "--insecure" else arg for arg in args])


class _Server(NamedTuple):
    """Where letters are handed over."""

    account: Account
    password: str | None
    """None where the server asks for none."""
    context: ssl.SSLContext
    plain: bool
    """Whether a connection without encryption is allowed."""


class _Way(NamedTuple):
    """How letters leave."""

    server: _Server | None
    """None writes them into the outbox."""
    pace: Pace


@click.command(
    cls=_Mail,
    example="xlcheck mail 审核结果 --units 单位名单.csv --deadline 2026-01-20\n"
    "  xlcheck mail 审核结果 --units 单位名单.csv --smtp smtps://gkb@example.org@smtp.example.org --rate 20/min",
)
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--units", metavar="文件", type=click.Path(path_type=Path), help="单位名单（CSV，要有电子邮箱一列）。")
@click.option("--passed", is_flag=True, help="审核通过的也发信告知。")
@click.option("--remind", is_flag=True, help="没有报送的发信催报。")
@click.option(
    "--round", "number", type=click.IntRange(1), default=1, metavar="N", help="第几次催报（默认 1）；再次催报用 2。"
)
@click.option("--notice", metavar="位置", default="", help="只通知结论和到哪里领取文件，不带附件，不写数字。")
@click.option("--deadline", type=DAY, metavar="日期", help="报回的截止日期，如 2026-01-20。")
@click.option(
    "--from", "sender", metavar="发件人", help="如“市政务公开办 <gkb@example.org>”（默认用 --smtp 的用户名）。"
)
@click.option("--reply-to", metavar="邮箱", default="", help="改好的文件发回哪个邮箱（默认是发件人）。")
@click.option("--office", metavar="名称", default="", help="落款的单位（默认是发件人的名称）。")
@click.option("--phone", metavar="电话", default="", help="落款的联系电话。")
@click.option("--template", "folder", metavar="文件夹", type=click.Path(path_type=Path), help="自备的信件模板。")
@click.option("--smtp", "url", metavar="地址", help="经这台服务器发送（默认不发送，只在 OUT/outbox 写成信件文件）。")
@click.option("--insecure", metavar="[=主机]", help="服务器不加密也连接；本机以外要写明主机。")
@click.option("--password-file", metavar="文件", type=click.Path(path_type=Path), help="邮箱密码（授权码）所在的文件。")
@click.option("--rate", metavar="速度", help="最快多少，如 20/min（默认不限）。")
@click.option(
    "--pause", type=click.FloatRange(0), default=30, metavar="秒", help="暂时拒收时隔多久再试（默认 30，逐次加倍）。"
)
@click.option("--max-size", "largest", metavar="大小", default="20MB", help="一封信最大多少（默认 20MB）。")
@click.option("--dry-run", is_flag=True, help="只列出谁收什么、谁不发和为什么，不写不发。")
@click.option("--status", is_flag=True, help="列出已发送、失败、不确定和尚未发送的信。")
@click.option("--resend-uncertain", "resend", is_flag=True, help="不能确定对方是否收到的，再发一次。")
@form_option
def mail(out: Path, units: Path | None, status: bool, dry_run: bool, **options: Any) -> int:
    """把一批核对的结果发回各单位：不通过的退改，通过的告知，没有报送的催报。"""
    from xlcheck.mail.sending.ledger import LedgerTrouble, locked, opened
    from xlcheck.mail.sending.letter import InvalidTemplate
    from xlcheck.results.stored import InvalidResults, load_results

    if not out.is_dir():
        raise fail(f"没有文件夹“{out}”；请先运行 xlcheck verify … -o {out}")
    try:
        if status:
            with opened(out, rehearse=True) as ledger:
                return _status(ledger)
        if units is None:
            raise click.MissingParameter(param_hint="--units", param_type="option", param=_option("units"))
        job, way = _job(out, dry_run=dry_run, **options)
        listed, results = read_units(units), load_results(out)
        if dry_run:
            with opened(out, rehearse=True) as ledger:
                return _run(job, way, listed, results, ledger, rehearse=True)
        with locked(out), opened(out) as ledger:
            return _run(job, way, listed, results, ledger)
    except (LedgerTrouble, InvalidResults, InvalidTemplate) as error:
        raise fail(str(error)) from error
    except BrokenPipeError:
        raise
    except (OSError, UnicodeError) as error:
        raise fail(f"无法写入“{out}”或临时文件（{why(error)}）") from error


def _option(name: str) -> click.Parameter:
    return next(parameter for parameter in mail.params if parameter.name == name)


def _status(ledger: Ledger) -> int:
    from xlcheck.mail.sending.lists import status_table

    letters = ledger.letters()
    say(status_table(letters))
    return int(any(letter.state != "sent" for letter in letters))


# --- what was asked for ----------------------------------------------------------------------------------------------


def _job(
    out: Path,
    *,
    dry_run: bool,
    passed: bool,
    remind: bool,
    number: int,
    notice: str,
    deadline: datetime.date | None,
    sender: str | None,
    reply_to: str,
    office: str,
    phone: str,
    folder: Path | None,
    largest: str,
    resend: bool,
    form_name: str | None,
    **way: Any,
) -> tuple[Job, _Way]:
    """The options, all of them looked at before anything happens."""
    import time

    from xlcheck.mail.sending import letter
    from xlcheck.mail.sending.plan import Wanted
    from xlcheck.mail.sending.prepare import Job

    if form_name is not None:
        load(form_name)
    route = _way(dry_run=dry_run, **way)
    if resend and route.server is None:
        raise fail("--resend-uncertain 要与 --smtp 一起用")
    who = _sender(sender, route.server.account if route.server else None)
    answers = _addresses("--reply-to", reply_to)
    return Job(
        out=out,
        wanted=Wanted(passed, remind, notice.strip(), number),
        office=letter.Office(
            office or (who.name if who else ""), phone, "、".join(each.spec for each in answers), deadline
        ),
        sender=who,
        reply_to=answers,
        templates=letter.templates(folder),
        form=form_name,
        year=None,
        largest=_size(largest),
        now=int(time.time()),
        draft=route.server is None,
        resend=resend,
    ), route


def _way(
    *, url: str | None, insecure: str | None, password_file: Path | None, rate: str | None, pause: float, dry_run: bool
) -> _Way:
    from xlcheck.mail.account import InvalidAccount, parse_account, password, tls_context
    from xlcheck.mail.sending.send import Pace

    pace = Pace(_gap(rate), pause)
    if url is None:
        return _Way(None, pace)
    try:
        account = parse_account(url, "smtps", "smtp")
        if insecure is not None and not (account.is_on(insecure) if insecure else account.is_loopback):
            raise fail("--insecure 只能用于本机，或者用 --insecure=主机名 写明是哪一台服务器，并与 --smtp 一致")
        secret = password(account, VARIABLE, password_file, tell) if account.user and not dry_run else None
        return _Way(_Server(account, secret, tls_context(account), plain=insecure is not None), pace)
    except InvalidAccount as error:
        raise fail(str(error)) from error


def _sender(text: str | None, account: Account | None) -> Address | None:
    from xlcheck.mail.address import InvalidAddress, named, parse

    try:
        if text is not None:
            return named(text)
        if account is None:
            return None
        if "@" in account.user:
            return parse(account.user)
    except InvalidAddress as error:
        raise fail(f"--from：{error}") from error
    raise fail("不知道发件人的邮箱，请用 --from 写明，如 --from '市政务公开办 <gkb@example.org>'")


def _addresses(option: str, text: str) -> tuple[Address, ...]:
    from xlcheck.mail.address import InvalidAddress, several

    try:
        return several(text)
    except InvalidAddress as error:
        raise fail(f"{option}：{error}") from error


def _gap(text: str | None) -> float:
    """The seconds between two letters."""
    if text is None:
        return 0.0
    match = _RATE.fullmatch(text.strip())
    if match is None or not float(match[1]):
        raise fail(f"--rate 要写成 20/min 的样子（也可以用 /s、/h），不能是“{text}”")
    return _SECONDS[match[2]] / float(match[1])


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise fail(f"--max-size 要写成 20MB 或 500KB 的样子，不能是“{text}”")
    return int(float(match[1]) * (1 << (20 if match[2].upper().startswith("M") else 10)))


# --- doing it --------------------------------------------------------------------------------------------------------


def _run(
    job: Job, way: _Way, units: Sequence[Unit], results: StoredResults, ledger: Ledger, rehearse: bool = False
) -> int:
    from xlcheck.mail.sending import lists
    from xlcheck.mail.sending.plan import plan
    from xlcheck.mail.sending.prepare import Spool, prepare

    planned = plan(units, ledger.units(), results.records, job.wanted)
    if left := ledger.interrupted():
        tell(f"上次运行中断时有 {left} 封信正在发送，不能确定对方是否收到")
    ledger.remember(units)
    spool = Spool()
    try:
        prepared = prepare(planned.drafts, units, job._replace(year=results.year), ledger, spool)
        for remark in (*planned.remarks, *prepared.remarks):
            tell(remark)
        if rehearse:
            say(lists.plan_table(planned, prepared, units))
            say(f"共 {len(units)} 个单位：将发 {len(prepared.ready)} 封，以前已发 {len(prepared.done)} 封\n")
            return int(bool(planned.withheld or prepared.withheld))
        return _leave(job, way, planned, prepared, ledger, spool)
    finally:
        spool.close()


def _leave(job: Job, way: _Way, planned: Plan, prepared: Prepared, ledger: Ledger, spool: Spool) -> int:
    """Letters leave, and what did not leave is listed."""
    from xlcheck.files.content import write_bytes
    from xlcheck.mail.sending import lists, outbox
    from xlcheck.mail.sending.send import Sender
    from xlcheck.mail.sending.smtp import Session

    withheld = [*planned.withheld, *prepared.withheld]
    outbox.clear(job.out, prepared.stale)
    ledger.drop(prepared.stale)
    if way.server is None or job.sender is None:
        for name in outbox.write(job.out, prepared.ready, ledger, spool):
            tell(f"“{outbox.FOLDER}/{name}”被改动过，没有覆盖，新的信件另存在旁边")
    else:
        account, password, context, plain = way.server
        connect = partial(Session, account, password, context, plain=plain)
        sender = Sender(connect, job.sender.spec, ledger, spool, way.pace, job.form)
        withheld += _send(job, sender, prepared, ledger)
    if (job.out / outbox.FOLDER).is_dir():
        strange = outbox.strangers(job.out, ledger.letters())
        outbox.page(job.out, ledger.letters(), withheld, strange)
        for name in strange:
            tell(f"“{outbox.FOLDER}/{name}”不是本次写出的信件，或者被改动过，请不要发送")
    path = job.out / lists.FAILURES
    if any(one.unit for one in withheld):
        write_bytes(path, lists.failures(withheld))
    else:
        path.unlink(missing_ok=True)
    _sum_up(way, prepared, withheld, job)
    return int(bool(withheld))


def _send(job: Job, sender: Sender, prepared: Prepared, ledger: Ledger) -> list[Withheld]:
    """Send; answers the letters that did not arrive, and why."""
    from xlcheck.mail.sending import outbox
    from xlcheck.mail.sending.lists import STATES
    from xlcheck.mail.sending.plan import Withheld
    from xlcheck.mail.sending.smtp import Unusable

    if by_hand := [one.letter for one in prepared.ready if one.letter.file]:
        # What goes out now must not be sent by hand as well.
        tell(f"有 {len(by_hand)} 封信曾写在 {outbox.FOLDER} 里，现在经服务器发送，信件文件已删除；曾经手工发出的会重复")
        outbox.clear(job.out, by_hand)
        ledger.change(letter._replace(file="", file_digest="") for letter in by_hand)
    count = itertools.count(1)

    def told(ready: Ready, state: State, said: str) -> None:
        what = f"　{said}" if said else ""
        tell(f"{next(count)}/{len(prepared.ready)}　{STATES[state]}　{ready.draft.unit.name}{what}")

    try:
        sent = sender.run(prepared.ready, told)
    except Unusable as error:
        raise fail(str(error)) from error
    if sent.stopped:
        tell(f"{sent.stopped}；后面的信没有发送，请稍后重新运行，已发送的不会重发")
    missed = []
    notes = {letter.id: letter.note for letter in ledger.letters()}
    for one in prepared.ready:
        state = sent.states.get(one.letter.id)
        if state != "sent":
            reason = sent.failures.get(one.letter.id) or notes.get(one.letter.id) or sent.stopped
            missed.append(Withheld(one.draft.unit, f"{STATES[state or 'planned']}：{reason}"))
    return missed


def _sum_up(way: _Way, prepared: Prepared, withheld: Sequence[Withheld], job: Job) -> None:
    from xlcheck.mail.sending import lists, outbox

    for one in withheld:
        tell(f"没有发送　{one.unit.name if one.unit else one.path}：{one.reason}")
    failed = {one.unit for one in withheld if one.unit}
    went = sum(one.draft.unit not in failed for one in prepared.ready)
    before = f"，以前已发送 {len(prepared.done)} 封" if prepared.done else ""
    rest = f"，没有发送 {len(withheld)} 项" if withheld else ""
    rest += f"（单位列在“{job.out / lists.FAILURES}”，改正后可以作为 --units 再次运行）" if failed else ""
    if way.server is None:
        say(f"已写成 {went} 封信，请打开“{job.out / outbox.FOLDER / outbox.PAGE}”查看{before}{rest}\n")
    else:
        say(f"已发送 {went} 封{before}{rest}\n")
