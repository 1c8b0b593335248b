"""``xlcheck total``: add submissions up into one workbook of the same form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.progress import Progress
from xlcheck.commands.terminal import PLACE, fail, form_option, paint, say, say_bytes, tell
from xlcheck.files.names import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlcheck.tasks.events import Event, Listener, Selected
    from xlcheck.tasks.total import Summed, TotalOptions


@click.command(cls=chinese.Command, example="xlcheck total 报送文件夹 -o 汇总.xlsx --unit 某某市人民政府")
@click.argument("paths", metavar="文件或文件夹...", nargs=-1, required=True)
@click.option("-o", "out", type=PLACE, metavar="路径", help="汇总表写到哪个文件；有 --by 时是文件夹。")
@click.option("--unit", metavar="名称", help="汇总表封面的单位名称。")
@click.option("--year", type=click.IntRange(2008, 2100), metavar="年度", help="只汇总这一年度的报送表。")
@click.option("--include-failed", is_flag=True, help="不通过的也汇总，用其中可用的数；空着或填写有误的格不计入。")
@click.option(
    "--units",
    type=PLACE,
    metavar="文件",
    help="单位名单（CSV 或工作簿）：只汇总名单里的单位，并指出缺报的单位。",
)
@click.option(
    "--by",
    type=click.Choice(("parent",)),
    help="parent：按名单的“上级单位”一列，每个上级单位连同它下面各级单位汇总成一个文件。",
)
@click.option(
    "--check",
    "published",
    type=PLACE,
    metavar="文件",
    help="与已经公布的汇总表比对，列出不同的格。",
)
@click.option(
    "--format", "style", type=click.Choice(("text", "json")), default="text", help="报告的格式：text 或 json。"
)
@form_option
def total_command(paths: tuple[str, ...], by: str | None, style: str, **options: Any) -> int:
    """汇总报送表（文件或文件夹）：把各单位通过的报送表逐格相加，写成同样的官方表格，并附各单位的明细。"""
    from xlcheck.tasks.total import TotalOptions, total_up

    wanted = TotalOptions(by_parent=by is not None, **options)
    _check_usage(paths, wanted)
    return told_total(wanted, lambda hear: total_up(paths, wanted, hear), style)


def told_total(options: TotalOptions, add_up: Callable[[Listener], Summed], style: str = "text") -> int:
    """Add up, and print what it comes to; answers the exit code.

    Args:
        options: how.
        add_up: does it, and tells what happens.
        style: ``text`` or ``json``.
    """
    from xlcheck.totals.report import text, total_json

    with _Hearing(options) as hearing:
        summed = add_up(hearing.hear)
    if not summed.selection.contributions:
        raise fail("没有可以汇总的报送表" + ("，原因见上" if summed.selection.left_out else ""))
    published = options.published
    if style == "json":
        compared = str(published) if published else None
        say_bytes(total_json(summed.results, summed.selection, summed.form.id, compared))
    else:
        colours = paint()
        say("".join(text(one, str(published or ""), colours) for one in summed.results))
    return int(not summed.is_right)


def _check_usage(paths: tuple[str, ...], options: TotalOptions) -> None:
    """Which options go together."""
    by, out = options.by_parent, options.out
    if STDIN in paths:
        raise fail("total 不能从标准输入读取；请给出文件或文件夹")
    if out is None and (by or options.published is None):
        raise fail("请用 -o 指明汇总表写到哪个文件夹" if by else "请用 -o 指明汇总表写到哪个文件")
    if by and options.units is None:
        raise fail("--by parent 要与 --units 一起使用，名单里要有“上级单位”（parent）一列")
    if by and (options.unit or options.published):
        raise fail(f"{'--unit' if options.unit else '--check'} 与 --by parent 不能同时使用")


class _Hearing:
    """What is printed meanwhile; use it in a ``with`` statement."""

    def __init__(self, options: TotalOptions) -> None:
        self._out: Path | None = None if options.by_parent else options.out
        self._progress = Progress(0, 0, quiet=False)

    def __enter__(self) -> _Hearing:
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.close()

    def hear(self, event: Event) -> None:
        """Print what there is to say of an event."""
        from xlcheck.tasks.events import FileDone, Notice, Selected, Started

        if isinstance(event, FileDone):
            self._progress.step()
        elif isinstance(event, Started):
            self._progress = Progress(event.files, event.done, quiet=False)
        elif isinstance(event, Notice):
            tell(event.text)
        elif isinstance(event, Selected):
            self._selected(event)

    def _selected(self, event: Selected) -> None:
        from xlcheck.totals.report import warnings

        where = f"都列在“{self._out}”的工作表“汇总明细”里" if self._out else "用 --format json 可以看到全部"
        if not event.selection.contributions:
            where = ""  # nothing will be written
        for line in warnings(event.selection, event.addresses, where):
            tell(line)
