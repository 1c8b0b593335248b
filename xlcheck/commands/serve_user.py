"""``xlcheck serve user``: who may log in to a public server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import asking, fail, say, tell

if TYPE_CHECKING:
    from xlcheck.campaign.ledger.values import OfficeUser

_BY = "本机"
"""Who is noted as having done it."""

_ROLES = ("经办", "查看")
_random = click.option("--random", is_flag=True, help="不问密码，由程序生成一个，显示一次。")
_database = click.option(
    "--database", required=True, metavar="地址", help="台账的数据库，如 postgresql://用户名@服务器/数据库。"
)


@click.group(
    cls=chinese.Group,
    modules=dict.fromkeys(("add", "password", "disable", "enable", "list"), __name__),
    example="xlcheck serve user add 张三 --database postgresql://xlcheck@localhost/xlcheck",
)
def user_command() -> None:
    """供几个人使用的窗口的用户：增加、改密码、停用、恢复、列出。"""
    from xlcheck.model.extras import how_to_get

    try:
        import xlcheck.web.passwords  # noqa: F401  # with the ledger's, all that these commands need
    except ImportError as error:
        raise fail(f"要管理用户，{how_to_get('web')}（{error.name}）") from error


@click.command(
    cls=chinese.Command, example="xlcheck serve user add 张三 --database postgresql://xlcheck@localhost/xlcheck"
)
@click.argument("name", metavar="用户名")
@click.option("--role", type=click.Choice(_ROLES), default="经办", help="经办（可以办理）或 查看；不写时是经办。")
@_random
@_database
def add_command(name: str, role: str, random: bool, database: str) -> None:
    """增加一个用户；密码在提示时输入，登录后要先改成自己的。"""
    _enter(name, database, "增加用户", role=role, is_new=True, random=random)


@click.command(
    cls=chinese.Command, example="xlcheck serve user password 张三 --database postgresql://xlcheck@localhost/xlcheck"
)
@click.argument("name", metavar="用户名")
@_random
@_database
def password_command(name: str, random: bool, database: str) -> None:
    """重设一个用户的密码；密码在提示时输入，登录后要先改成自己的。"""
    _enter(name, database, "重设密码", random=random)


@click.command(
    cls=chinese.Command, example="xlcheck serve user disable 张三 --database postgresql://xlcheck@localhost/xlcheck"
)
@click.argument("name", metavar="用户名")
@_database
def disable_command(name: str, database: str) -> None:
    """停用一个用户：不能再登录，正在使用的也退出。"""
    _enter(name, database, "停用用户", disabled=True, asks=False)


@click.command(
    cls=chinese.Command, example="xlcheck serve user enable 张三 --database postgresql://xlcheck@localhost/xlcheck"
)
@click.argument("name", metavar="用户名")
@_database
def enable_command(name: str, database: str) -> None:
    """恢复一个停用的用户。"""
    _enter(name, database, "恢复用户", disabled=False, asks=False)


@click.command(cls=chinese.Command, example="xlcheck serve user list --database postgresql://xlcheck@localhost/xlcheck")
@_database
def list_command(database: str) -> None:
    """列出用户。"""
    from xlcheck.campaign.ledger.access import office_users
    from xlcheck.campaign.ledger.database import open_ledger_database, reading
    from xlcheck.model.text import clean

    with open_ledger_database(database) as engine, reading(engine) as connection:
        users = office_users(connection)
    say("".join(f"{clean(user.name)}\t{user.role}\t{_stands(user)}\n" for user in users))


def _stands(user: OfficeUser) -> str:
    if user.disabled:
        return "停用"
    return "可以登录" if user.password else "没有密码，请重设"


def _enter(
    name: str, database: str, what: str, *, role: str | None = None, is_new: bool = False,
    disabled: bool | None = None, asks: bool = True, random: bool = False,
) -> None:  # fmt: skip
    import time

    from xlcheck.campaign.ledger.access import enter_user, user_named
    from xlcheck.campaign.ledger.audit import enter_audit
    from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
    from xlcheck.web.passwords import hashed, random_password

    with open_ledger_database(database) as engine:
        with reading(engine) as connection:
            known = user_named(connection, name)
        if is_new and known is not None:
            raise fail(f"已经有用户“{known.name}”；要改密码请用 xlcheck serve user password")
        if not is_new and known is None:
            raise fail(f"没有用户“{name}”；用 xlcheck serve user list 列出全部用户")
        made = random_password() if random else ""
        kept = hashed(made, name) if random else _asked_for(name) if asks or known is None else known.password
        at = int(time.time())
        stands = known.disabled if known is not None and disabled is None else bool(disabled)
        may = known.role if known is not None and role is None else "查看" if role == "查看" else "经办"
        must_change = asks or (known is not None and known.must_change)
        with writing(engine) as connection:
            entered = enter_user(connection, name, kept, may, at, _BY, must_change=must_change, disabled=stands)
            enter_audit(connection, at, _BY, what, f"{entered.name}（{entered.role}）")
    tell(f"已{what}：{entered.name}（{entered.role}）")
    if made:
        tell("初始密码在下一行，只显示这一次；7 天内有效，登录后要先改成自己的")
        say(f"{made}\n")


def _asked_for(name: str) -> str:
    """The password, hashed, as somebody types it twice; or as it comes in a pipe, once."""
    import sys

    from xlcheck.web.passwords import hashed

    ask = asking()
    if ask is None:
        return hashed(sys.stdin.readline().rstrip("\r\n"), name)
    password = ask(f"“{name}”的密码")
    if ask("再输入一次") != password:
        raise fail("两次输入的密码不一样，没有保存")
    return hashed(password, name)
