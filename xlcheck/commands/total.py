"""``xlcheck total``: add submissions up into one workbook of the same form."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import PLACE, fail, form_option, load, paint, place, read_units, say, say_bytes, tell
from xlcheck.files.content import why
from xlcheck.files.names import STDIN
from xlcheck.files.paths import exists, is_folder, is_remote
from xlcheck.reading.open import Forms

if TYPE_CHECKING:
    from xlcheck.batch.plan import Job
    from xlcheck.model.form import Form
    from xlcheck.model.submission import Submission
    from xlcheck.roster.units import Unit
    from xlcheck.totals.publish import Published
    from xlcheck.totals.selection import Given, Selection
    from xlcheck.totals.sums import Total


@click.command(cls=chinese.Command, example="xlcheck total 报送文件夹 -o 汇总.xlsx --unit 某某市人民政府")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("-o", "output", type=PLACE, metavar="路径", help="汇总表写到哪个文件；有 --by 时是文件夹。")
@click.option("--unit", metavar="名称", help="汇总表封面的单位名称。")
@click.option("--year", type=click.IntRange(2008, 2100), metavar="年度", help="只汇总这一年度的报送表。")
@click.option("--include-failed", is_flag=True, help="不通过的也汇总，用其中可用的数；空着或填写有误的格不计入。")
@click.option(
    "--units",
    type=PLACE,
    metavar="文件",
    help="单位名单（CSV）：只汇总名单里的单位，并指出缺报的单位。",
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
def total(
    paths: tuple[str, ...],
    output: Path | None,
    unit: str | None,
    year: int | None,
    include_failed: bool,
    units: Path | None,
    by: str | None,
    published: Path | None,
    style: str,
    form_name: str | None,
) -> int:
    """汇总报送表（文件或文件夹）：把各单位通过的报送表逐格相加，写成同样的官方表格，并附各单位的明细。"""
    from xlcheck.forms.file import DEFAULT
    from xlcheck.totals.report import json_of, text, warnings
    from xlcheck.totals.selection import MixedYears, select

    form = load(form_name)
    try:
        _check_usage(paths, output, unit, units, by, published)
        listed = read_units(units) if units is not None else ()
        wanted = _by_parent(output or Path(), listed, units) if by else [_whole(output, unit, listed)]
    except OSError as error:
        raise fail(f"无法使用“{output}”（{why(error)}）") from error
    there = _published(published, form) if published is not None else None
    given = _read(_work(paths, output, published, bool(by)), Forms(form_name or DEFAULT))
    try:
        selection = select(given, listed, year, include_failed)
    except MixedYears as error:
        raise fail(str(error)) from error
    where = f"都列在“{output}”的工作表“汇总明细”里" if output and not by else "用 --format json 可以看到全部"
    if not selection.contributions:
        where = ""  # nothing will be written
    for line in warnings(selection, [field.address for field in form.fields], where):
        tell(line)
    if not selection.contributions:
        raise fail("没有可以汇总的报送表" + ("，原因见上" if selection.left_out else ""))
    results, empty = _results(wanted, selection, form, there)
    if style == "json":
        say_bytes(json_of(results, selection, form.id, str(published) if published else None))
    else:
        colours = paint()
        say("".join(text(one, str(published or ""), colours) for one in results))
    return int(bool(empty) or not all(one.is_right for one in results))


class _Wanted(NamedTuple):
    """One total to make."""

    unit: str
    code: str
    path: Path | None
    members: tuple[Unit, ...] | None
    """Whose submissions it takes; None for all."""


def _check_usage(
    paths: Iterable[str], output: Path | None, unit: str | None, units: Path | None, by: str | None, check: Path | None
) -> None:
    if STDIN in paths:
        raise fail("total 不能从标准输入读取；请给出文件或文件夹")
    if output is None and (by or check is None):
        raise fail("请用 -o 指明汇总表写到哪个文件夹" if by else "请用 -o 指明汇总表写到哪个文件")
    if by and units is None:
        raise fail("--by parent 要与 --units 一起使用，名单里要有“上级单位”（parent）一列")
    if by and (unit or check):
        raise fail(f"{'--unit' if unit else '--check'} 与 --by parent 不能同时使用")
    if output is None:
        return
    if by and exists(output) and not is_folder(output):
        raise fail(f"“{output}”不是文件夹；有 --by 时 -o 要指明文件夹")
    if by and any(_is_inside(place(path), output) for path in paths):
        raise fail(f"汇总表不能写到报送表所在的文件夹“{output}”；请用 -o 换一个文件夹")
    if not by and output.suffix.lower() != ".xlsx":
        raise fail(f"汇总表的文件名要以 .xlsx 结尾，不能是“{output.name}”")


def _whole(output: Path | None, unit: str | None, listed: Iterable[Unit]) -> _Wanted:
    """One total of all."""
    from xlcheck.model.labels import fold
    from xlcheck.model.text import clean
    from xlcheck.totals.book import UNNAMED

    if unit is None and output is not None:
        tell(f"没有用 --unit 指明单位，封面的单位名称写作“{UNNAMED}”")
    name = clean(unit or "").strip() or UNNAMED
    code = next((one.code for one in listed if fold(one.name) == fold(name)), "")
    return _free([_Wanted(name, code, output, None)])[0]


def _by_parent(output: Path, listed: tuple[Unit, ...], units: Path | None) -> list[_Wanted]:
    """One total for each unit that others name as theirs above."""
    from xlcheck.model.text import names
    from xlcheck.roster.families import alone, families
    from xlcheck.roster.stems import file_stems
    from xlcheck.roster.units import InvalidUnits

    try:
        found = families(listed)
    except InvalidUnits as error:
        raise fail(f"单位名单“{units}”：{error}") from error
    if not found:
        raise fail(f"单位名单“{units}”没有填“上级单位”（parent）一列，不能用 --by parent")
    if others := alone(listed, found):
        more = f"等 {len(others)} 个单位" if len(others) > 5 else ""
        tell(f"名单里的{names(one.name for one in others[:5])}{more}没有上级单位，也没有下级单位，没有计入任何汇总表")
    stems = file_stems(tuple(family.head for family in found))
    return _free(
        [
            _Wanted(family.head.name, family.head.code, output / f"{stem}.xlsx", family.members)
            for family, stem in zip(found, stems, strict=True)
        ]
    )


def _free(wanted: list[_Wanted]) -> list[_Wanted]:
    """The same, if all can be written without losing what somebody else made."""
    from xlcheck.totals.publish import is_free

    for one in wanted:
        if one.path is not None and not is_free(one.path, one.unit):
            raise _occupied(one.path, one.unit)
    return wanted


def _occupied(path: Path, unit: str) -> click.ClickException:
    return fail(
        f"已有“{path}”，它不是 xlcheck 写的“{unit}”的汇总表，或者写出后改动过，没有覆盖；请先移走，或用 -o 换一个名称"
    )


def _published(path: Path, form: Form) -> Submission:
    from xlcheck.batch.earlier import load as submission_in
    from xlcheck.model.errors import Refused

    try:
        submission = submission_in(path, form)
    except Refused as refused:
        raise fail(f"无法比对“{path}”：{refused.message}") from refused
    if not submission.held:
        raise fail(f"无法比对“{path}”：{submission.structure[0].message}")
    return submission


def _work(paths: Sequence[str], output: Path | None, published: Path | None, by: bool) -> list[Job]:
    """The files to read: never what this run writes, nor what it is compared with."""
    from xlcheck.batch import plan
    from xlcheck.totals.publish import beside

    try:
        work, skipped = plan.plan(paths, None)
    except OSError as error:
        raise fail(f"无法列出“{'、'.join(paths)}”中的文件（{why(error)}）") from error
    if skipped:
        tell(f"跳过 {skipped} 个副本（文件名带“.审核.”或“.建议.”）；要汇总改正后发回的副本，请直接指定该文件")
    ours = [output] if by else [output, output and beside(output), published]
    work = [job for job in work if not any(one and _is_inside(job.path, one) for one in ours)]
    if not work:
        raise fail(f"没有找到工作簿：{'、'.join(paths)}（支持 .xlsx、.xlsm、.xls、.et、.ods）")
    return [job._replace(annotated=None) for job in work]


def _read(work: Sequence[Job], forms: Forms) -> list[Given]:
    from xlcheck.commands.progress import Progress
    from xlcheck.totals.intake import take_all

    given: list[Given] = []
    with Progress(len(work), 0, quiet=False) as progress:
        for one in take_all(work, forms):
            given.append(one)
            progress.step()
    return given


def _is_inside(path: Path, outer: Path) -> bool:
    """Whether a path is another one, or lies below it."""
    if is_remote(path) or is_remote(outer):
        return str(path) == str(outer) or str(path).startswith(f"{str(outer).rstrip('/')}/")
    one, other = (os.path.normcase(os.path.realpath(each)) for each in (path, outer))
    return one == other or one.startswith(other.rstrip(os.sep) + os.sep)


# --- what comes out --------------------------------------------------------------------------------------------------


def _results(
    wanted: Iterable[_Wanted], selection: Selection, form: Form, there: Submission | None
) -> tuple[list[Published], list[_Wanted]]:
    """The totals, and those for which there was nothing."""
    from xlcheck.totals.publish import Occupied, Published, publish

    results: list[Published] = []
    empty: list[_Wanted] = []
    for one in wanted:
        added = _added(one, selection, form)
        if not added.contributions:
            tell(f"“{one.unit}”没有可以汇总的报送表，没有写出它的汇总表")
            empty.append(one)
            continue
        try:
            result = publish(added, one.unit, one.code, one.path) if one.path else Published(added, one.unit, one.code)
        except Occupied as error:
            raise fail(error.message) from error
        except (OSError, UnicodeError) as error:
            raise fail(f"无法写入“{one.path}”（{why(error)}）") from error
        results.append(_compared(result, there))
    return results, empty


def _added(wanted: _Wanted, selection: Selection, form: Form) -> Total:
    from xlcheck.roster.identity import identity
    from xlcheck.totals.sums import add

    if wanted.members is None:
        return add(form, selection.year, selection.contributions, selection.left_out)
    known = {pair for unit in wanted.members for pair in identity(unit.name, unit.code).keys}
    names = {unit.name for unit in wanted.members}
    return add(
        form,
        selection.year,
        (one for one in selection.contributions if one.unit in names),
        (one for one in selection.left_out if identity(one.unit, one.code).keys & known),
    )


def _compared(result: Published, there: Submission | None) -> Published:
    from xlcheck.totals.sums import differences

    if there is None:
        return result
    if there.year is not None and there.year != result.total.year:
        tell(f"比对的表是 {there.year} 年的，汇总的是 {result.total.year} 年的")
    return result._replace(differences=differences(result.total, there))
