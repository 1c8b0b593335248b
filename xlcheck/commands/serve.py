"""``xlcheck serve``: the window in a browser, for one clerk or as a server for an office and its units."""

from __future__ import annotations

from pathlib import Path

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import fail, tell


class _Default(chinese.Group):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line; without one of the commands in front it is `start`'s."""
        named = args and (args[0] in self.list_commands(ctx) or args[0] == "--help")
        return super().parse_args(ctx, args if named else ["start", *args])


@click.group(cls=_Default, modules=dict.fromkeys(("start",), __name__), example="xlcheck serve 年报")
def serve_command() -> None:
    """在浏览器里办理：不带命令时打开窗口（同 start）。"""


@click.command(cls=chinese.Command, example="xlcheck serve 年报")
@click.argument("folder", metavar="[文件夹]", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--port", type=click.IntRange(0, 65535), metavar="端口", help="在哪个端口上；不写时从 8480 起找空闲的。")
@click.option("--no-browser", "quiet", is_flag=True, help="不打开浏览器，只显示地址。")
def start_command(folder: Path | None, port: int | None, quiet: bool) -> None:
    """打开窗口：只在本机（127.0.0.1）的浏览器里，不用登录；文件夹里放各年的报送工作，不写时是当前文件夹。"""
    from xlcheck.model.extras import how_to_get

    try:
        from xlcheck.web.access import LocalAccess
        from xlcheck.web.running import Listening, serve_site
        from xlcheck.web.site import Site
    except ImportError as error:
        raise fail(f"要打开窗口，{how_to_get('web')}（{error.name}）") from error
    site = Site("local", LocalAccess(), folder or Path())
    listening = Listening() if port is None else Listening(port=port, may_move=False)
    serve_site(site, listening, lambda taken: _ready(taken, quiet))
    tell("窗口已关闭。")


def _ready(port: int, quiet: bool) -> None:
    import webbrowser

    address = f"http://127.0.0.1:{port}/"
    tell(f"请在浏览器里打开 {address}（按 Ctrl-C 结束）")
    if not quiet:
        webbrowser.open(address)
