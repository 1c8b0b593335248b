"""``xlcheck template``: write the locked tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import fail, form_option, load, read_units, tell
from xlcheck.files.content import why
from xlcheck.model.text import clean

if TYPE_CHECKING:
    from xlcheck.model.form import Form


@click.command(cls=chinese.Command, example="xlcheck template --units 单位名单.csv --year 2025 -o 模板")
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
@form_option
def template(
    output: Path | None, year: int | None, unit: str | None, units: Path | None, form_name: str | None
) -> None:
    """生成填报模板：锁定的官方表格，只有要填的格可以填写。"""
    from xlcheck.drawing.template import render

    form = load(form_name)
    cover = {key: text for key, text in (("year", str(year or "")), ("unit", clean(unit or ""))) if text}
    if units is None:
        _write(output or Path(f"{form.title}.xlsx"), render(form, cover), form)
        return
    if unit:
        raise fail("--unit 与 --units 不能同时使用")
    from xlcheck.roster.stems import file_stems

    listed = read_units(units)
    folder = output or Path("模板")
    for each, stem in zip(listed, file_stems(listed), strict=True):
        known = {"unit": each.name, "code": each.code, "email": each.email, **cover}
        _write(folder / f"{stem}.xlsx", render(form, known), form, quiet=True)
    tell(f"已生成 {len(listed)} 个模板，在文件夹“{folder}”")


def _write(path: Path, data: bytes, form: Form, quiet: bool = False) -> None:
    from xlcheck.files.content import write_bytes

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
    from xlcheck.batch.earlier import load as submission_in
    from xlcheck.model.errors import Refused
    from xlcheck.model.submission import BLANK

    try:
        submission = submission_in(path, form)
    except Refused:
        return False
    return (
        bool(submission.held) and not any(held != BLANK for held in submission.held.values()) and not submission.notes
    )
