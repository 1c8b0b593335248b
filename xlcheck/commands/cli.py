"""The command line (click). Every module a command needs is imported when it runs, so that each stays quick."""

from __future__ import annotations

import io
import sys

import click

from xlcheck import __version__
from xlcheck.commands import chinese
from xlcheck.commands.catalogue import explain, fields, forms
from xlcheck.commands.inbox import inbox
from xlcheck.commands.mail import mail
from xlcheck.commands.template import template
from xlcheck.commands.total import total
from xlcheck.commands.verify import verify


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"xlcheck {__version__}")
        ctx.exit()


@click.group(cls=chinese.Group, example="xlcheck verify 报送文件夹 -o 审核结果")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="显示版本号。")
def cli() -> None:
    """核对政府信息公开工作年度报告的统计表：生成模板、核对报送的工作簿、写出带批注的审核副本。"""


for command in (template, verify, total, mail, inbox, explain, fields, forms):
    cli.add_command(command)


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of an encoding without Chinese shows question marks, not a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(chinese.run(cli, "xlcheck"))
