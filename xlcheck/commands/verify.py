"""``xlcheck verify``: check workbooks and write annotated copies."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from xlcheck import chinese
from xlcheck.files import STDIN, absolute, is_folder, is_writable, make_folder, why
from xlcheck.terminal import DAY, FORMATS, PLACE, fail, form_option, load, paint, place, read_units, tell

if TYPE_CHECKING:
    import datetime

    from xlcheck.check import Job
    from xlcheck.shelf import Shelf


class _Verify(chinese.Command):
    """click would take the path after a bare --fix for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line."""
        end = args.index("--") if "--" in args else len(args)
        args = ["--fix=text" if arg == "--fix" and at < end else arg for at, arg in enumerate(args)]
        return super().parse_args(ctx, args)


@click.command(cls=_Verify, example="xlcheck verify 报送文件夹 -o 审核结果 --prior 上年报送")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("-o", "output", type=PLACE, metavar="文件夹", help="副本写到哪个文件夹（默认与原文件在一起）。")
@click.option("--prior", type=PLACE, metavar="路径", help="上一年度的报送文件或文件夹，用于与上年比对。")
@click.option(
    "--previous",
    type=PLACE,
    metavar="路径",
    help="上一次报送的文件或文件夹，看改了什么、还剩什么。",
)
@click.option(
    "--fix",
    type=click.Choice(("text", "all")),
    metavar="[=all]",
    help="另写一份建议稿 名称.建议.xlsx：把文本数字改成数字；--fix=all 连同勾稽关系唯一的解释一起改。",
)
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", help="报告的格式：text、json 或 csv。")
@click.option(
    "--units",
    type=PLACE,
    metavar="文件",
    help="单位名单（CSV），看哪些单位缺报、重复报送，哪些文件不属于名单。",
)
@click.option(
    "--jobs", "workers", type=click.IntRange(1), metavar="N", help="同时核对几个文件（默认与处理器核数相同）。"
)
@click.option(
    "--scheduler", metavar="地址", help="交给 Dask 集群核对，如 tcp://10.0.0.1:8786（要安装 xlcheck[cluster]）。"
)
@click.option("--resume", is_flag=True, help="接着上次中断的核对：结果已在 -o 文件夹、内容没有变的文件不再核对。")
@click.option("--office", metavar="名称", default="", help="写在审核副本上：哪个单位在审核。")
@click.option("--phone", metavar="电话", default="", help="写在审核副本上：有疑问打哪个电话。")
@click.option("--deadline", type=DAY, metavar="日期", help="写在审核副本上：报回的截止日期，如 2026-01-20。")
@click.option("--reply-to", metavar="邮箱", default="", help="写在审核副本上：改好的文件发到哪里。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
@click.option(
    "--max-seconds", type=click.IntRange(1), default=60, metavar="秒", help="一个文件最多核对多久（默认 60）。"
)
@click.option(
    "--max-memory",
    type=click.IntRange(64),
    default=1024,
    metavar="MB",
    help="核对一个文件最多用多少内存（默认 1024）。",
)
@click.option("--max-size", type=click.IntRange(1), default=20, metavar="MB", help="一个文件最大多少（默认 20）。")
@form_option
def verify(
    paths: tuple[str, ...],
    output: Path | None,
    prior: Path | None,
    previous: Path | None,
    fix: Literal["text", "all"] | None,
    style: str,
    units: Path | None,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    office: str,
    phone: str,
    deadline: datetime.date | None,
    reply_to: str,
    quiet: bool,
    max_seconds: int,
    max_memory: int,
    max_size: int,
    form_name: str | None,
) -> int:
    """核对工作簿（文件或文件夹，“-”为标准输入），有问题的写出带批注的审核副本 名称.审核.xlsx。

    给了 -o，核对的又是文件夹（或有 --units）时，还写出 审核汇总.xlsx、results.json 和 results.csv。
    """
    from xlcheck import jobs
    from xlcheck.batch import Setting
    from xlcheck.check import Against
    from xlcheck.copies.reply import Reply
    from xlcheck.isolate import Bounds
    from xlcheck.limits import MIB
    from xlcheck.report import plain
    from xlcheck.session import Batch

    if form_name is not None:
        load(form_name)
    listed = read_units(units) if units is not None else ()
    if output is None and (listed or resume):
        raise fail("--units 和 --resume 要与 -o 一起使用")
    writable = _is_writable(output)
    work = _planned(paths, output)
    summed = output if writable and (listed or resume or any(is_folder(place(path)) for path in paths)) else None
    against = Against(_shelf(prior, form_name), _shelf(previous, form_name))
    work = [
        job._replace(
            form=form_name,
            annotated=job.annotated if writable else None,
            fixed=jobs.mended(job.annotated) if fix and job.annotated and writable else None,
            extent=fix or "text",
            content=sys.stdin.buffer.read(max_size * MIB + 1) if job.shown == STDIN else None,
            digested=summed is not None,
            reply=Reply(office, phone, deadline, reply_to),
        )
        for job in work
    ]
    if scheduler is not None:
        work = [jobs.from_anywhere(job) for job in work]
    bounds = Bounds(max_seconds, max_memory * MIB)
    setting = Setting(against, bounds, max_size * MIB, absolute(summed) if summed else None, paint() is not plain)
    batch = Batch(work, setting, workers, style, quiet, scheduler)
    code = batch.report() if summed is None else batch.sum_up(summed, resume, listed, "、".join(paths))
    return code if writable else 2


def _planned(paths: Sequence[str], output: Path | None) -> list[Job]:
    """The files to check, with what is said of those that are not."""
    from xlcheck import jobs
    from xlcheck.remote import NoRemote

    try:
        work, skipped = jobs.plan(paths, output)
    except NoRemote as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"无法列出“{'、'.join(paths)}”中的文件（{why(error)}）") from error
    if skipped:
        tell(f"跳过 {skipped} 个副本（文件名带“.审核.”或“.建议.”）；要核对改正后发回的副本，请直接指定该文件")
    if not work:
        raise fail(f"没有找到工作簿：{'、'.join(paths)}（支持 .xlsx、.xlsm、.xls、.et、.ods）")
    return work


def _shelf(place: Path | None, form_name: str | None) -> Shelf | None:
    """The submissions of another year or round."""
    if place is None:
        return None
    from xlcheck.shelf import stock

    try:
        shelf = stock(place, load(form_name))
    except OSError as error:
        raise fail(f"无法读取“{place}”（{why(error)}）") from error
    for path in shelf.unreadable:
        tell(f"“{path}”不是可以读取的报送表，没有用于比对")
    return shelf


def _is_writable(output: Path | None) -> bool:
    """Whether copies can be written there, with one sentence if not; the files are checked all the same."""
    if output is None:
        return True
    try:
        make_folder(output)
    except OSError as error:
        tell(f"无法建立文件夹“{output}”（{why(error)}），没有写出审核副本；请换一个位置")
        return False
    if is_writable(output):
        return True
    tell(f"文件夹“{output}”不能写入，没有写出审核副本；请检查权限，或换一个位置")
    return False
