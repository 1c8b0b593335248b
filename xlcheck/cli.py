"""The command line (click). Every module a command needs is imported when it runs, so that each stays quick."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from xlcheck import __version__, chinese
from xlcheck.files import why
from xlcheck.wording import clean

if TYPE_CHECKING:
    from xlcheck.check import Checked
    from xlcheck.form import Form
    from xlcheck.shelf import Shelf

FORMATS = ("text", "json", "csv")

_form_option = click.option("--form", "form_name", metavar="ID", help="表的编号，或自备的 .toml 文件。")


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"xlcheck {__version__}")
        ctx.exit()


@click.group(cls=chinese.Group, example="xlcheck verify 报送文件夹 -o 审核结果")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="显示版本号。")
def cli() -> None:
    """核对政府信息公开工作年度报告的统计表：生成模板、核对报送的工作簿、写出带批注的审核副本。"""


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of an encoding without Chinese shows question marks, not a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(chinese.run(cli, "xlcheck"))


def fail(message: str) -> click.ClickException:
    """The job cannot be done: one sentence, exit code 2."""
    return click.ClickException(message)


def load(form_name: str | None) -> Form:
    """The form that a command works on."""
    from xlcheck.formfile import DEFAULT, InvalidForm, form_ids, load_form

    name = form_name or DEFAULT
    try:
        return load_form(name)
    except InvalidForm as error:
        raise fail(f"表格定义文件“{name}”有 {len(error.faults)} 处错误：\n" + "\n".join(error.faults)) from error
    except OSError as error:
        raise fail(f"没有编号为“{name}”的表；现有：{'、'.join(form_ids())}") from error


def paint() -> Callable[[str, str], str]:
    """Colours on a terminal, none in a pipe or where NO_COLOR is set (no-color.org)."""
    from xlcheck.report import plain

    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return plain
    return lambda text, colour: click.style(text, fg=colour, bold=True)


def say(text: str) -> None:
    """Print a report, in the colours that it already has."""
    click.echo(text, nl=False, color=True)


def tell(text: str) -> None:
    """Print one line to stderr; nothing in it steers the terminal."""
    click.echo(clean(text), err=True)


def say_bytes(text: str, mark: bytes = b"") -> None:
    """Print a document for programs: always UTF-8."""
    sys.stdout.flush()
    sys.stdout.buffer.write(mark + text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


# --- template --------------------------------------------------------------------------------------------------------


@cli.command(cls=chinese.Command, example="xlcheck template --units 单位名单.csv --year 2025 -o 模板")
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="路径", help="写到哪个文件；有 --units 时是文件夹。"
)
@click.option("--year", type=click.IntRange(2008, 2100), metavar="年度", help="预先填好的报告年度。")
@click.option("--unit", metavar="名称", help="预先填好的单位名称。")
@click.option(
    "--units",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="单位名单（CSV，列：name 单位名称、code 统一社会信用代码、email 电子邮箱），一个单位一个文件。",
)
@_form_option
def template(
    output: Path | None, year: int | None, unit: str | None, units: Path | None, form_name: str | None
) -> None:
    """生成填报模板：锁定的官方表格，只有要填的格可以填写。"""
    from xlcheck.template import render

    form = load(form_name)
    cover = {key: text for key, text in (("year", str(year or "")), ("unit", clean(unit or ""))) if text}
    if units is None:
        _write(output or Path(f"{form.title}.xlsx"), render(form, cover), form)
        return
    if unit:
        raise fail("--unit 与 --units 不能同时使用")
    from xlcheck.units import InvalidUnits, file_stems, parse_units

    try:
        listed = parse_units(units.read_bytes())
    except OSError as error:
        raise fail(f"无法读取单位名单“{units}”（{why(error)}）") from error
    except InvalidUnits as error:
        raise fail(f"单位名单“{units}”：{error}") from error
    folder = output or Path("模板")
    for each, stem in zip(listed, file_stems(listed), strict=True):
        known = {"unit": each.name, "code": each.code, "email": each.email, **cover}
        _write(folder / f"{stem}.xlsx", render(form, known), form, quiet=True)
    tell(f"已生成 {len(listed)} 个模板，在文件夹“{folder}”")


def _write(path: Path, data: bytes, form: Form, quiet: bool = False) -> None:
    from xlcheck.files import write_bytes

    if os.path.lexists(path) and not _is_blank(path, form):
        raise fail(f"已有“{path}”，里面有内容，没有覆盖；请先移走，或用 -o 换一个名称")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
    except (OSError, UnicodeError) as error:
        raise fail(f"无法写入“{path}”（{why(error)}）") from error
    if not quiet:
        tell(f"已生成“{path}”")


def _is_blank(path: Path, form: Form) -> bool:
    """Whether a workbook is a template that nobody has filled in yet."""
    from xlcheck.guard import Refused
    from xlcheck.shelf import load as submission_in

    try:
        submission = submission_in(path, form)
    except Refused:
        return False
    return bool(submission.held) and not any(value != "" for value in submission.held.values()) and not submission.notes


# --- verify ----------------------------------------------------------------------------------------------------------


class _Verify(chinese.Command):
    """click would take the path after a bare --fix for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line."""
        end = args.index("--") if "--" in args else len(args)
        args = ["--fix=text" if arg == "--fix" and at < end else arg for at, arg in enumerate(args)]
        return super().parse_args(ctx, args)


@cli.command(cls=_Verify, example="xlcheck verify 报送文件夹 -o 审核结果 --prior 上年报送")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="文件夹", help="副本写到哪个文件夹（默认与原文件在一起）。"
)
@click.option(
    "--prior", type=click.Path(path_type=Path), metavar="路径", help="上一年度的报送文件或文件夹，用于与上年比对。"
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
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
    "--jobs", "processes", type=click.IntRange(1), default=1, metavar="N", help="同时核对几个文件（默认 1）。"
)
@_form_option
def verify(
    paths: tuple[str, ...],
    output: Path | None,
    prior: Path | None,
    previous: Path | None,
    fix: Literal["text", "all"] | None,
    style: str,
    processes: int,
    form_name: str | None,
) -> int:
    """核对工作簿（文件或文件夹，“-”为标准输入），有问题的写出带批注的审核副本 名称.审核.xlsx。"""
    from xlcheck import jobs, report
    from xlcheck.check import Against

    if form_name is not None:
        load(form_name)
    writable = _is_writable(output)
    work, skipped = jobs.plan(paths, output)
    if skipped:
        tell(f"跳过 {skipped} 个副本（文件名带“.审核.”或“.建议.”）；要核对改正后发回的副本，请直接指定该文件")
    if not work:
        raise fail(f"没有找到工作簿：{'、'.join(paths)}（支持 .xlsx、.xlsm、.xls、.et、.ods）")
    against = Against(_shelf(prior, form_name), _shelf(previous, form_name))
    work = [
        job._replace(
            form=form_name,
            annotated=job.annotated if writable else None,
            fixed=jobs.mended(job.annotated) if fix and job.annotated and writable else None,
            extent=fix or "text",
        )
        for job in work
    ]
    results: list[Checked] = []
    colours = paint()
    try:
        for checked in jobs.run(work, processes, against):
            results.append(checked)
            if style == "text":
                say(report.text_of(checked, colours))
            if checked.trouble:
                tell(checked.trouble)
    except jobs.WorkersLost as error:
        raise fail("核对进程意外中断，后面的文件没有核对；请去掉 --jobs 重新运行，找出有问题的文件") from error
    if style == "text":
        say(report.summary_text(results, colours))
    elif style == "json":
        say_bytes(report.json_of(results))
    else:
        # Excel and WPS take a CSV file for UTF-8 only when it begins with a mark.
        say_bytes(report.csv_of(results), b"\xef\xbb\xbf")
    return _exit_code(results) if writable else 2


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


def _exit_code(results: Iterable[Checked]) -> int:
    results = list(results)
    if any(checked.unwritten for checked in results) or all(checked.status == "unreadable" for checked in results):
        return 2
    return int(any(checked.errors for checked in results))


def _is_writable(output: Path | None) -> bool:
    """Whether copies can be written there, with one sentence if not; the files are checked all the same."""
    if output is None:
        return True
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        tell(f"无法建立文件夹“{output}”（{why(error)}），没有写出审核副本；请换一个位置")
        return False
    if os.access(output, os.W_OK):
        return True
    tell(f"文件夹“{output}”不能写入，没有写出审核副本；请检查权限，或换一个位置")
    return False


# --- explain, fields, forms ------------------------------------------------------------------------------------------


@cli.command(cls=chinese.Command, example="xlcheck explain B101")
@click.argument("code", metavar="[CODE]", required=False)
@_form_option
def explain(code: str | None, form_name: str | None) -> None:
    """说明一条规则：为什么、错误示例、正确示例、怎样改；不带编号时列出全部规则。"""
    from xlcheck.explain import entry_text, index_text
    from xlcheck.rules import catalogue

    rules = catalogue(load(form_name))
    if code is None:
        say(index_text(rules.values()))
        return
    rule = rules.get(code.upper())
    if rule is None:
        raise fail(f"没有规则“{code}”；用“xlcheck explain”列出全部规则")
    say(entry_text(rule))


@cli.command(cls=chinese.Command, example="xlcheck fields --format json")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", help="text 或 json。")
@_form_option
def fields(style: str, form_name: str | None) -> None:
    """列出表中每一格：键、表头、种类、工作表和单元格。"""
    from xlcheck.form import cell_name

    form = load(form_name)
    if style == "json":
        import json

        say_bytes(json.dumps(_described(form), ensure_ascii=False, indent=1) + "\n")
        return
    say("".join(f"{f.key}\t{f.sheet}!{cell_name(f.cell)}\t{f.kind}\t{' / '.join(f.labels)}\n" for f in form.fields))


def _described(form: Form) -> dict[str, Any]:
    from xlcheck.form import cell_name

    return {
        "form": form.id,
        "fields": [
            {
                "key": field.key,
                "labels": list(field.labels),
                "kind": field.kind,
                "table": field.table,
                "sheet": field.sheet,
                "cell": cell_name(field.cell),
            }
            for field in form.fields
        ],
        "relations": [
            {"code": relation.code, "left": list(relation.left_keys), "right": list(relation.right_keys)}
            for relation in form.relations
        ],
    }


@cli.command(cls=chinese.Command, example="xlcheck forms")
def forms() -> None:
    """列出可以核对的表。"""
    from xlcheck.formfile import form_ids

    for form_id in form_ids():
        form = load(form_id)
        say(
            f"{form.id}\t{form.title}\t{form.source.document}\t{len(form.fields)} 格，{len(form.relations)} 条勾稽关系\n"
        )
