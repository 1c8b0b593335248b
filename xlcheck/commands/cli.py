"""The command line (click). A command, and every module it needs, is imported when it runs, so that each stays quick."""

from __future__ import annotations

import sys

import click

from xlcheck import __version__
from xlcheck.commands import chinese, clicked
from xlcheck.commands.streams import is_gone, patient
from xlcheck.files.content import why

MODULES = {
    name: f"xlcheck.commands.{module}"
    for module, names in {
        "template": ("template",),
        "verify": ("verify",),
        "total": ("total",),
        "mail": ("mail",),
        "inbox": ("inbox",),
        "convert": ("convert",),
        "fill": ("fill",),
        "form": ("form",),
        "campaign": ("campaign",),
        "serve": ("serve",),
        "catalogue": ("explain", "fields", "forms"),
    }.items()
    for name in names
}
"""Where each command stands."""


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"xlcheck {__version__}")
        ctx.exit()


@click.group(cls=chinese.Group, modules=MODULES, example="xlcheck verify 报送文件夹 -o 审核结果")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="显示版本号。")
def cli() -> None:
    """核对政府信息公开工作年度报告的统计表：生成模板、核对报送的工作簿、写出带批注的审核副本。"""


def main() -> int:
    """Run the command line of this process; answers its exit code."""
    out, _ = patient("stdout"), patient("stderr")
    code = _run()
    sys.stdout.flush()
    if out.trouble is not None and not is_gone(out.trouble):
        click.echo(f"报告没有写完（{why(out.trouble)}）；请检查输出到哪里，再运行一次", err=True)
        code = 2
    sys.stderr.flush()
    return code


def _run() -> int:
    """Run it; a console that closes with this process stays open until it is read."""
    arguments = sys.argv[1:]
    alone = sys.platform == "win32" and clicked.has_own_window()
    is_clicked = not arguments and (alone or clicked.is_from_desktop())
    code = 2
    try:
        if alone and is_clicked:
            click.echo(clicked.GREETING)
        code = chinese.run_command(cli, "xlcheck", clicked.WINDOW if is_clicked else clicked.dropped(arguments))
    finally:
        if alone and (code or not is_clicked):  # who ended the window in the browser has read enough
            clicked.keep_open()
    return code
