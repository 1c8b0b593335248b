"""``xlcheck template``: write the locked tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import PLACE, fail, form_option, notice

if TYPE_CHECKING:
    from xlcheck.batch.earlier import Shelf


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
    help="上一年度的报送文件、文件夹，或报送工作的文件夹：预填上年结转（锁定），上年的数列在表格旁边供对照。",
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
    with _last_year_of(wanted.last_year) as last_year:
        write_templates(wanted._replace(last_year=last_year), notice)


@contextmanager
def _last_year_of(given: Path | str | Shelf | None) -> Iterator[Path | str | Shelf | None]:
    """Last year's submissions: of a campaign's folder, what its ledger holds of each unit."""
    from xlcheck.campaign.settings import SETTINGS_FILE

    if not isinstance(given, Path) or not (given / SETTINGS_FILE).is_file():
        yield given
        return
    try:
        from xlcheck.campaign.comparing import campaign_shelf
        from xlcheck.campaign.opening import open_campaign
    except ImportError as error:
        from xlcheck.model.extras import how_to_get

        raise fail(f"读取“{given}”的台账要用到的程序库没有安装，{how_to_get('campaign')}") from error
    with open_campaign(given) as opened:
        yield campaign_shelf(opened)
