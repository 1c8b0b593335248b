"""``xlcheck template``: write the locked tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import PLACE, fail, form_option, notice


@click.command(
    cls=chinese.Command, example="xlcheck template --units 单位名单.csv --year 2025 --prior 上年报送 -o 模板"
)
@click.option(
    "-o", "out", type=click.Path(path_type=Path), metavar="路径", help="写到哪个文件；有 --units 时是文件夹。"
)
@click.option("--year", type=click.IntRange(2008, 2100), metavar="年度", help="预先填好的报告年度。")
@click.option("--unit", metavar="名称", help="预先填好的单位名称。")
@click.option(
    "--units",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="单位名单（CSV 或工作簿，列：name 单位名称、code 统一社会信用代码、email 电子邮箱），一个单位一个文件。",
)
@click.option(
    "--prior",
    "last_year",
    type=PLACE,
    metavar="路径",
    help="上一年度的报送文件或文件夹：预填上年结转（锁定），上年的数列在表格旁边供对照。",
)
@click.option("--totals", is_flag=True, help="总计由公式自动合计（锁定）。")
@click.option("--zeros", is_flag=True, help="其余各格预填 0。")
@form_option
def template_command(**options: Any) -> None:
    """生成填报模板：锁定的官方表格，只有要填的格可以填写。"""
    from xlcheck.tasks.template import TemplateOptions, write_templates

    wanted = TemplateOptions(**options)
    if wanted.unit and wanted.units is not None:
        raise fail("--unit 与 --units 不能同时使用")
    write_templates(wanted, notice)
