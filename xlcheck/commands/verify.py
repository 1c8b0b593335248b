"""``xlcheck verify``: check workbooks and write annotated copies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.progress import Progress
from xlcheck.commands.terminal import DAY, FORMATS, PLACE, form_option, paint, say, say_stream, tell

if TYPE_CHECKING:
    import datetime

    from xlcheck.tasks.events import Event, FileDone, Finished


class _Verify(chinese.Command):
    """click would take the path after a bare --fix for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line."""
        end = args.index("--") if "--" in args else len(args)
        args = ["--fix=text" if arg == "--fix" and at < end else arg for at, arg in enumerate(args)]
        return super().parse_args(ctx, args)


@click.command(cls=_Verify, example="xlcheck verify 报送文件夹 -o 审核结果 --prior 上年报送")
@click.argument("paths", metavar="文件或文件夹...", nargs=-1, required=True)
@click.option("-o", "out", type=PLACE, metavar="文件夹", help="副本写到哪个文件夹（默认与原文件在一起）。")
@click.option(
    "--year",
    type=click.IntRange(2008, 2100),
    metavar="年度",
    help="本次填报哪一年度的；别的年度的不算报送，也不能通过。",
)
@click.option("--prior", "last_year", type=PLACE, metavar="路径", help="上一年度的报送文件或文件夹，用于与上年比对。")
@click.option(
    "--previous",
    "last_round",
    type=PLACE,
    metavar="路径",
    help="上一次报送的文件或文件夹，看改了什么、还剩什么。",
)
@click.option(
    "--against",
    "copied_from",
    type=PLACE,
    metavar="文件",
    help="表里的数是从哪个填报表抄来的：逐格比对，不一样的都指出来（一次一个文件）。",
)
@click.option(
    "--fix",
    "mend",
    type=click.Choice(("text", "all")),
    metavar="[=all]",
    help="另写一份建议稿 名称.建议.xlsx：把文本数字改成数字；--fix=all 连同勾稽关系唯一的解释一起改。",
)
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", help="报告的格式：text、json 或 csv。")
@click.option(
    "--units",
    type=PLACE,
    metavar="文件",
    help="单位名单（CSV 或工作簿），看哪些单位缺报、重复报送，哪些文件不属于名单。",
)
@click.option(
    "--jobs", "workers", type=click.IntRange(1), metavar="数", help="同时核对几个文件（默认与处理器核数相同）。"
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
    "--max-seconds",
    "seconds",
    type=click.IntRange(1),
    default=60,
    metavar="秒",
    help="一个文件最多核对多久（默认 60）。",
)
@click.option(
    "--max-memory",
    "megabytes",
    type=click.IntRange(64),
    default=1024,
    metavar="MB",
    help="核对一个文件最多用多少内存，只在 Linux 上管用（默认 1024）。",
)
@click.option(
    "--max-size", "largest", type=click.IntRange(1), default=20, metavar="MB", help="一个文件最大多少（默认 20）。"
)
@form_option
def verify_command(
    paths: tuple[str, ...],
    style: str,
    quiet: bool,
    megabytes: int,
    largest: int,
    office: str,
    phone: str,
    deadline: datetime.date | None,
    reply_to: str,
    **options: Any,
) -> int:
    """核对工作簿或年报文档（文件或文件夹，“-”为标准输入），有问题的写出带批注的审核副本 名称.审核.xlsx（或 .docx、.html、.pdf）。

    给了 -o，核对的又是文件夹（或有 --units）时，还写出 审核汇总.xlsx、results.json 和 results.csv。
    """
    from xlcheck.model.numbers import MIB
    from xlcheck.model.office import Office
    from xlcheck.results.text import plain
    from xlcheck.tasks.options import Options
    from xlcheck.tasks.plan import plan_batch
    from xlcheck.tasks.verify import check_batch

    painted, who = paint() is not plain, Office(office, phone, reply_to, deadline)
    wanted = Options(memory=megabytes * MIB, file_bytes=largest * MIB, painted=painted, office=who, **options)
    with _Report(style, quiet) as report:
        batch = plan_batch(paths, wanted, report.hear, _stdin)
        report.keeps = batch.folder is None and style != "text"
        check_batch(batch, report.hear)
    return report.code if batch.is_writable else 2


def _stdin(most: int) -> bytes:
    return b"" if sys.stdin is None else sys.stdin.buffer.read(most)


class _Report:
    """What is printed of a run; use it in a ``with`` statement."""

    def __init__(self, style: str, quiet: bool) -> None:
        self.keeps = False
        """Whether entries are kept until the end, since no folder keeps them."""
        self.code = 2
        """The exit code."""
        self._style, self._quiet = style, quiet
        self._entries: list[str] = []
        self._progress = Progress(0, 0, quiet)

    def __enter__(self) -> _Report:
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.close()

    def hear(self, event: Event) -> None:
        """Print what there is to say of an event."""
        from xlcheck.tasks.events import FileDone, Finished, Notice, Started

        if isinstance(event, FileDone):
            self._file(event)
        elif isinstance(event, Notice):
            with self._progress.aside():
                tell(event.text)
        elif isinstance(event, Started):
            self._progress = Progress(event.files, event.done, self._quiet)
        elif isinstance(event, Finished):
            self._end(event)

    def _file(self, event: FileDone) -> None:
        told = event.told
        if told is not None and (self._style == "text" or told.trouble):
            with self._progress.aside():
                if self._style == "text":
                    say(told.text)
                if told.trouble:
                    tell(told.trouble)
        if told is not None and self.keeps:
            self._entries.append(told.entry)
        self._progress.step()

    def _end(self, event: Finished) -> None:
        from xlcheck.results.text import counts_text

        counts = event.counts
        self.code = 2 if counts.unreadable == counts.files or not event.is_written else int(counts.errors > 0)
        if self._style == "text":
            say(counts_text(counts, paint()))
            return
        entries = self._entries if event.entries is None else event.entries
        with say_stream(self._style == "csv") as stream:
            if self._style == "json":
                from xlcheck.results.writing import write_json

                write_json(stream, counts, entries, event.further)
            else:
                from xlcheck.results.record import of_entry
                from xlcheck.results.table import write_csv

                write_csv(stream, map(of_entry, entries))
