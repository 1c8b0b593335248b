"""``xlcheck campaign add``, ``assign`` and ``total``: what comes in, whose it is, and what it adds up to."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands.campaign import CampaignCommand, campaign_at, checkers, clerk_option, folder_option, now
from xlcheck.commands.progress import Progress
from xlcheck.commands.terminal import DAY, PLACE, fail, paint, say, tell

if TYPE_CHECKING:
    from xlcheck.campaign.adding import AddedFile
    from xlcheck.campaign.intake import TakenIn
    from xlcheck.results.text import Paint
    from xlcheck.tasks.events import Event

_NAMED = 10
"""Of more documents that are no reports only the first are told."""


@click.command(cls=CampaignCommand, example="xlcheck campaign add 报送文件夹")
@click.argument("paths", metavar="文件或文件夹...", nargs=-1, required=True)
@click.option("--unit", metavar="单位", help="这些文件都是哪个单位的（默认看封面）。")
@click.option("--received", type=DAY, metavar="日期", help="哪一天收到的（默认现在），逾期按这一天算。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
@folder_option
@clerk_option
def campaign_add_command(
    paths: tuple[str, ...],
    unit: str | None,
    received: datetime.date | None,
    quiet: bool,
    folder: Path | None,
    clerk: str,
) -> int:
    """核对收到的文件，收进台账：与上年、与该单位上次报送比对。同一份文件不会收两次，中断了再运行一次即可。"""
    from xlcheck.campaign.acts import unit_named
    from xlcheck.campaign.adding import add_files

    at = now() if received is None else _on(received)
    with campaign_at(folder) as opened, _Added(quiet) as added:
        unit_id = unit_named(opened, unit).id if unit is not None else None
        for one in add_files(opened, paths, clerk, at, unit_id=unit_id, listen=added.hear):
            added.tell_of(one)
        return added.end()


def _on(day: datetime.date) -> int:
    """Noon of a day that is over, or now."""
    from xlcheck.model.times import CHINA

    noon = datetime.datetime.combine(day, datetime.time(12), CHINA)
    if int(noon.timestamp()) - 12 * 3600 > now():
        raise fail("--received 不能是以后的日期")
    return min(int(noon.timestamp()), now())


class _Added:
    """What is printed meanwhile; use it in a ``with`` statement."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._progress = Progress(0, 0, quiet)
        self._paint = paint()
        self._counts = {"new": 0, "same": 0, "nobody": 0, "refused": 0}
        self._is_right = True
        self._others: list[str] = []

    def __enter__(self) -> _Added:
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.close()

    def hear(self, event: Event) -> None:
        """Print what there is to say of an event."""
        from xlcheck.tasks.events import Notice, Started

        if isinstance(event, Started):
            self._progress = Progress(event.files, event.done, self._quiet)
        elif isinstance(event, Notice):
            tell(event.text)

    def tell_of(self, one: AddedFile) -> None:
        """Print what became of a file."""
        with self._progress.aside():
            if one.taken is not None:
                self._taken(one.path, one.taken)
            elif one.is_other:
                self._others.append(one.path)
            else:
                self._counts["refused"] += 1
                self._is_right = False
                tell(f"没有收入“{one.path}”：{one.refusal}")
        self._progress.step()

    def _taken(self, path: str, taken: TakenIn) -> None:
        kind = "same" if not taken.is_new else "new" if taken.unit is not None else "nobody"
        self._counts[kind] += 1
        self._is_right = self._is_right and taken.unit is not None and taken.check.status == "passed"
        say(_line(path, taken, self._paint))

    def end(self) -> int:
        """Print the sum; answers the exit code."""
        if self._others:
            more = f"等 {len(self._others)} 个" if len(self._others) > _NAMED else ""
            tell(f"不是年报的文档没有收入：{'、'.join(self._others[:_NAMED])}{more}；其中有要收的，请直接指定该文件")
        counts = self._counts
        told = f"收入 {counts['new'] + counts['nobody']} 份"
        told += f"，以前收过的 {counts['same']} 份" if counts["same"] else ""
        told += f"，没有收入 {counts['refused']} 份" if counts["refused"] else ""
        told += f"；归属不明 {counts['nobody']} 份，请看 xlcheck campaign status" if counts["nobody"] else ""
        say(f"{told}\n")
        taken = sum(counts.values()) - counts["refused"]
        return 2 if not taken else int(not self._is_right)


def _line(path: str, taken: TakenIn, colours: Paint) -> str:
    """One line of what was taken in, and what there is to know of it below."""
    from xlcheck.model.text import clean
    from xlcheck.results.record import of_entry
    from xlcheck.results.text import verdict_text

    told = of_entry(taken.check.entry).tally
    verdict = verdict_text(told.conclusion, colours)
    whose = f"{taken.unit.unit.name}　第 {taken.arrival.number} 次" if taken.unit else "归属不明"
    counts = f"　强制性 {told.errors} 处，核实性 {told.warnings} 处" if told.findings else ""
    again = "" if taken.is_new else "　（以前收过，没有重复收入）"
    below = "".join(f"  {clean(said)}\n" for said in taken.said) if taken.is_new else ""
    return f"{verdict}　{clean(path)}　{whose}{counts}{again}\n{below}"


@click.command(
    cls=CampaignCommand,
    example="xlcheck campaign assign 7 市教育局\n  xlcheck campaign assign 8 --aside --note 会议通知",
)
@click.argument("number", type=click.IntRange(1), metavar="编号")
@click.argument("unit", metavar="[单位]", required=False)
@click.option("--aside", is_flag=True, help="不是报送材料，放在一边；原件仍在台账里，标错了的可以再归到单位。")
@click.option("--note", metavar="文字", default="", help="它是什么，记在台账里；与 --aside 一起用。")
@folder_option
@clerk_option
def campaign_assign_command(
    number: int, unit: str | None, aside: bool, note: str, folder: Path | None, clerk: str
) -> None:
    """把归属不明的一份材料归到单位；编号见 xlcheck campaign status。归错了的可以再归一次。"""
    from xlcheck.campaign.acts import set_aside, unit_named
    from xlcheck.campaign.intake import assign_to

    if aside == (unit is not None) or (note and not aside):
        raise click.UsageError("请写明归到哪个单位；不是报送材料的，不写单位，加 --aside")
    if unit is None:
        with campaign_at(folder) as opened:
            set_aside(opened, number, clerk, now(), note)
        say("已标为不是报送材料\n")
        return
    with campaign_at(folder) as opened, checkers() as executor:
        taken = assign_to(opened, number, unit_named(opened, unit).id, clerk, now(), executor)
    say(_line(taken.arrival.name, taken, paint()))


@click.command(cls=CampaignCommand, example="xlcheck campaign total -o 汇总.xlsx --unit 某某市人民政府")
@click.option("-o", "out", type=PLACE, metavar="路径", required=True, help="汇总表写到哪个文件；有 --by 时是文件夹。")
@click.option("--unit", metavar="名称", help="汇总表封面的单位名称。")
@click.option("--include-failed", is_flag=True, help="不通过的也汇总，用其中可用的数。")
@click.option("--by", type=click.Choice(("parent",)), help="parent：按名单的“上级单位”一列，每个上级单位一个文件。")
@folder_option
def campaign_total_command(folder: Path | None, by: str | None, **options: Any) -> int:
    """汇总：把各单位最近一次报送、已经通过的表逐格相加；没有报送、退改的都列出来。"""
    from xlcheck.campaign.totals import total_campaign
    from xlcheck.commands.total import told_total
    from xlcheck.tasks.total import TotalOptions

    wanted = TotalOptions(by_parent=by is not None, **options)
    with campaign_at(folder) as opened:
        return told_total(wanted, lambda hear: total_campaign(opened, wanted, now(), hear))
