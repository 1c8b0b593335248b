"""``xlcheck serve``: the window in a browser, for one clerk or as a server for an office and its units."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import fail, tell

if TYPE_CHECKING:
    from xlcheck.web.door import Door
    from xlcheck.web.site import Site

_MODULES = {"start": __name__, "user": "xlcheck.commands.serve_user"}


_IN_DOCUMENTS = "报送工作"
"""The folder in the clerk's own documents (文档) in which a double click works."""


class _Default(chinese.Group):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line; without one of the commands in front it is `start`'s."""
        named = args and (args[0] in self.list_commands(ctx) or args[0] == "--help")
        return super().parse_args(ctx, args if named else ["start", *args])


@click.group(cls=_Default, modules=_MODULES, example="xlcheck serve 年报")
def serve_command() -> None:
    """在浏览器里办理：不带命令时打开窗口（同 start）。"""


class ServeOptions(NamedTuple):
    """What the server is to be, as the command line says it."""

    folder: Path
    in_documents: bool
    port: int | None
    quiet: bool
    is_public: bool
    database: str | None
    address: str | None
    host: str
    cert: Path | None
    key: Path | None
    self_check: Path | None


@click.command(cls=chinese.Command, example="xlcheck serve 年报")
@click.argument("folder", metavar="[文件夹]", default=Path(), type=click.Path(path_type=Path, file_okay=False))
@click.option("--documents", "in_documents", is_flag=True, help=f"文件夹用“文档”里的“{_IN_DOCUMENTS}”，没有的新建。")
@click.option("--port", type=click.IntRange(0, 65535), metavar="端口", help="在哪个端口上；不写时从 8480 起找空闲的。")
@click.option("--no-browser", "quiet", is_flag=True, help="不打开浏览器，只显示地址。")
@click.option("--public", "is_public", is_flag=True, help="供办公室几个人和各单位使用：办公室登录，单位用链接。")
@click.option(
    "--database", metavar="地址", help="台账的数据库，如 postgresql://用户名@服务器/数据库；有 --public 时用。"
)
@click.option("--address", metavar="网址", help="别人用来打开的网址，如 https://bs.example.gov.cn；有 --public 时用。")
@click.option(
    "--host", default="127.0.0.1", metavar="地址", help="在本机的哪个地址上；前面没有代理服务器的写 0.0.0.0。"
)
@click.option(
    "--cert", type=click.Path(path_type=Path), metavar="文件", help="TLS 证书（PEM）；前面有代理服务器的不用写。"
)
@click.option("--key", type=click.Path(path_type=Path), metavar="文件", help="证书的私钥（PEM）。")
@click.option(
    "--self-check", type=click.Path(path_type=Path), metavar="文件夹", help="网页版自查工具（site）所在的文件夹。"
)
def start_command(**options: Any) -> None:
    """打开窗口。不写 --public 时只在本机的浏览器里，不用登录；文件夹里放各年的报送工作，不写时是当前文件夹。"""
    from xlcheck.model.extras import how_to_get

    given = ServeOptions(**options)
    _check_usage(given)
    try:
        from xlcheck.web.alone import only_window
        from xlcheck.web.app import application
        from xlcheck.web.running import Listening, serve_application
    except ImportError as error:
        raise fail(f"要打开窗口，{how_to_get('web')}（{error.name}）") from error
    if given.in_documents:
        given = given._replace(folder=_in_documents())
    port = 8480 if given.port is None else given.port
    may_move = given.port is None and not given.is_public
    with ExitStack() as stack:
        if not given.is_public and not stack.enter_context(only_window(given.folder)):
            _show_open(given)
            return
        site = _public(given, stack) if given.is_public else _local(given)
        ended = serve_application(
            application(site),
            Listening(given.host, port, may_move, given.cert, given.key),
            lambda taken: _ready(site, given, taken),
        )
        for sentence in ended.unfinished:
            tell(sentence)
        tell("已经结束。")
        if not ended.is_whole:  # a thread still waits for a mail server; as after a kill, nothing leaves twice
            os._exit(0)


def _in_documents() -> Path:
    from platformdirs import user_documents_path

    from xlcheck.files.content import why

    folder = user_documents_path() / _IN_DOCUMENTS
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise fail(f"无法使用文件夹“{folder}”（{why(error)}）；请用 xlcheck serve 文件夹 另外指明一个") from error
    return folder


def _show_open(given: ServeOptions) -> None:
    """Show the window of the folder that another process has open."""
    from xlcheck.web.alone import noted_port
    from xlcheck.web.door import door_of

    port = noted_port(given.folder)
    if port is None:
        raise fail(f"“{given.folder}”的窗口正在打开，或者正在结束；请过一会儿再试")
    tell("这个文件夹的窗口已经打开，没有再开一个")
    _show(door_of(given.folder), port, given)


def _check_usage(given: ServeOptions) -> None:
    from xlcheck.campaign.settings import InvalidSettings, refuse_password

    if (given.cert is None) != (given.key is None):
        raise fail("--cert 和 --key 要一起使用")
    if given.self_check is not None and not (given.self_check / "index.html").is_file():
        raise fail(f"“{given.self_check}”里没有网页版自查工具（index.html）")
    if given.in_documents and (given.folder != Path() or given.is_public):
        raise fail("--documents 不能与文件夹或 --public 一起使用")
    if given.is_public:
        if not given.database or not given.address:
            raise fail("有 --public 时，请用 --database 指明台账的数据库，用 --address 指明别人用来打开的网址")
        if not given.address.startswith(("http://", "https://")):
            raise fail("--address 要写完整的网址，如 https://bs.example.gov.cn")
        try:
            refuse_password(given.database)
        except InvalidSettings as error:
            said = "请不要把密码写在命令行里，同一台机器上的人都看得到；请放在 .pgpass 里，或者环境变量 PGPASSWORD 里"
            raise fail(said) from error
        return
    if given.database or given.address or given.cert or given.host != "127.0.0.1":
        raise fail("--database、--address、--host、--cert 要与 --public 一起使用；不写 --public 时窗口只在本机打开")


def _local(given: ServeOptions) -> Site:
    from xlcheck.web.access import LocalAccess
    from xlcheck.web.door import door_of
    from xlcheck.web.folders import CampaignFolders
    from xlcheck.web.site import Site

    access, campaigns = LocalAccess(door_of(given.folder)), CampaignFolders(given.folder)
    return Site("local", access, campaigns, logs_requests=False, self_check=given.self_check)


def _public(given: ServeOptions, stack: ExitStack) -> Site:
    import time

    from xlcheck.campaign.ledger.access import office_users
    from xlcheck.campaign.ledger.database import open_ledger_database, reading
    from xlcheck.web.access import OfficeAccess
    from xlcheck.web.folders import CampaignFolders
    from xlcheck.web.security import host_of
    from xlcheck.web.site import Site

    address, database = (given.address or "").rstrip("/"), given.database or ""
    engine = stack.enter_context(open_ledger_database(database))
    with reading(engine) as connection:
        users = office_users(connection)
        if not users:
            tell("还没有用户；请另开一个窗口运行：xlcheck serve user add 用户名 --database …")
        elif not any(user.password and not user.disabled for user in users):
            tell("没有能登录的用户；请另开一个窗口运行：xlcheck serve user password 用户名 --database …")
    folders = CampaignFolders(given.folder, database, engine)
    for name, why in folders.join_missing(int(time.time())).items():
        tell(f"“{name}”打不开：{why}")
    secure = address.startswith("https://")
    if not secure:
        tell(
            "网址不是 https 的，密码和报送的内容在网络上不加密；请配证书（--cert、--key），或者放在有证书的代理服务器后面"
        )
    return Site(
        "public",
        OfficeAccess(engine, time.time, secure),
        folders,
        engine,
        hosts={host_of(address.partition("://")[2]), "127.0.0.1", "localhost"},
        secure=secure,
        address=address,
        self_check=given.self_check,
    )


def _ready(site: Site, given: ServeOptions, port: int) -> None:
    from xlcheck.web.access import LocalAccess
    from xlcheck.web.alone import note_port

    if not isinstance(site.access, LocalAccess):
        tell(f"已在 {given.host}:{port} 上启动；请在浏览器里打开 {site.address}/（按 Ctrl-C 结束）")
        return
    note_port(given.folder, port)
    _show(site.access.door, port, given, "（按 Ctrl-C 结束）")


def _show(door: Door, port: int, given: ServeOptions, how_to_end: str = "") -> None:
    import webbrowser

    tell(f"请在浏览器里打开 {door.address(port)}{how_to_end}")
    if not given.quiet:
        webbrowser.open(door.page(port))
