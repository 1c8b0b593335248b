"""``xlcheck campaign``: a year's submissions as one thing, kept in a ledger; and what its commands share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import fail

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xlcheck.campaign.opening import OpenCampaign

_MODULES = {
    name: f"xlcheck.commands.{module}"
    for module, names in {
        "campaign_folder": ("new", "set", "archive", "restore"),
        "campaign_files": ("add", "assign", "total"),
        "campaign_letters": ("send", "fetch"),
        "campaign_report": ("report",),
        "campaign_units": ("status", "accept", "return", "note"),
    }.items()
    for name in names
}


@click.group(
    cls=chinese.Group,
    modules=_MODULES,
    prefix="campaign_",
    example="xlcheck campaign new 2025 --units 单位名单.csv --office 某某市政务公开办 --deadline 2026-01-20",
)
def campaign_command() -> None:
    """一年的报送工作：名单、截止日期、收到的每一份表和各次审核都记在一本台账里，什么都不覆盖。"""


folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="报送工作的文件夹（默认是当前文件夹，或其中唯一的一个）。",
)
clerk_option = click.option("--clerk", metavar="姓名", default="本机", help="记在台账里的经办人（默认“本机”）。")


def now() -> int:
    """Whole seconds since 1970."""
    return int(time.time())


class CampaignCommand(chinese.Command):
    """A command that works on a ledger; its help needs none of the libraries that keep it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; fail in one sentence where the libraries are not installed."""
        try:
            import sqlalchemy  # noqa: F401  # asked for before anything happens
        except ImportError as error:
            from xlcheck.model.extras import how_to_get

            raise fail(f"台账要用到的程序库没有安装，{how_to_get('campaign')}") from error
        return super().invoke(ctx)


@contextmanager
def campaign_at(folder: Path | None) -> Iterator[OpenCampaign]:
    """The campaign of a folder; without one of the folder that this process works in, or else of the only one right below it."""
    from xlcheck.campaign.opening import open_campaign

    with open_campaign(_folder(folder)) as opened:
        yield opened


def _folder(given: Path | None) -> Path:
    from xlcheck.campaign.opening import campaign_folders
    from xlcheck.campaign.settings import SETTINGS_FILE

    here = Path()
    if given is not None or (here / SETTINGS_FILE).exists():
        return here if given is None else given
    found = campaign_folders(here)
    if len(found) > 1:
        raise fail(f"这里有几项报送工作（{'、'.join(one.name for one in found)}），请用 --folder 指明哪一项")
    return found[0] if found else here


@contextmanager
def checkers() -> Iterator[Executor]:
    """What checks files in a process of its own, which ends with the command."""
    from xlcheck.workers.spread import local_crew

    with local_crew(1) as crew:
        yield crew.executor
