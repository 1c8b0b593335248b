"""Users of the office and tokens of other systems, and the record of who did what."""

from __future__ import annotations

from starlette.responses import Response

from xlcheck.campaign.ledger.access import (
    api_tokens,
    enter_user,
    grant_token,
    office_users,
    revoke_token,
    user_named,
)
from xlcheck.campaign.ledger.audit import audit_count, audit_lines
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.values import Role
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.acts import note_act
from xlcheck.web.campaigns import every_campaign
from xlcheck.web.passwords import PoorPassword, hashed, random_password
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, WebRoute, get, post
from xlcheck.web.site import ledger_of

_TOKEN_SECONDS = 366 * 24 * 60 * 60
_LINES = 100
"""Of the record, on a page."""


def _users(asked: Asked) -> Response:
    return _page(asked)


class FirstPassword(NamedTuple):
    """What a user is told to log in with, shown once."""

    name: str
    password: str


def _first(asked: Asked, name: str) -> FirstPassword:
    """As it was typed, or made where nothing was."""
    return FirstPassword(name, next(iter(asked.fields("password")), "") or random_password())


def _page(
    asked: Asked, status: int = 200, trouble: str = "", secret: str = "", first: FirstPassword | None = None
) -> Response:
    with reading(ledger_of(asked.site)) as connection:
        users, tokens = office_users(connection), api_tokens(connection)
    campaigns = [(key, f"{one.campaign.year} 年度 {one.campaign.name}") for key, one in every_campaign(asked)]
    values = {
        "users": users,
        "tokens": tokens,
        "campaigns": campaigns,
        "now": asked.at,
        "trouble": trouble,
        "secret": secret,
        "first": first,
    }
    return show(asked, "users.html", status=status, **values)


def _add(asked: Asked) -> Response:
    name, role = entered(asked.field("name"), 40).strip(), role_of(asked.field("role"))
    if not name:
        return _page(asked, 409, "请填写用户名")
    first = _first(asked, name)
    try:
        kept = hashed(first.password, name)
    except PoorPassword as error:
        return _page(asked, 409, error.message)
    with writing(ledger_of(asked.site)) as connection:
        is_known = user_named(connection, name) is not None
        if not is_known:
            enter_user(connection, name, kept, role, asked.at, asked.visitor.name, must_change=True)
    if is_known:
        return _page(asked, 409, f"已经有用户“{name}”；要改密码或权限的，请在名单里操作")
    note_act(asked.site, asked.at, asked.visitor.name, "增加用户", f"{name}（{role}）")
    if not asked.field("password"):
        return _page(asked, first=first)
    return see(asked, "/users", f"已增加用户“{name}”（{role}）；请把用户名和密码分开告诉本人，登录后要先改成自己的密码")


def _change(asked: Asked) -> Response:
    """The role of a user, a new password, or that he may log in no more."""
    name, wanted = asked.field("name"), asked.field("do")
    if name == asked.visitor.name and wanted != "password":
        return _page(asked, 409, "不能停用自己，也不能改自己的权限；请由另一位经办人来做")
    with reading(ledger_of(asked.site)) as connection:
        user = user_named(connection, name)
    if user is None:
        raise NotDone(404, "没有这个用户")
    said = {
        "password": "已重设密码",
        "disable": "已停用",
        "enable": "已恢复",
        "经办": "已改为经办",
        "查看": "已改为查看",
    }
    if wanted not in said:
        raise NotDone(400)
    try:
        first = _first(asked, name)
        password = hashed(first.password, name) if wanted == "password" else user.password
    except PoorPassword as error:
        return _page(asked, 409, error.message)
    role: Role = "经办" if wanted == "经办" else "查看" if wanted == "查看" else user.role
    must_change = name != asked.visitor.name if wanted == "password" else user.must_change
    disabled = wanted == "disable" or (user.disabled and wanted != "enable")
    with writing(ledger_of(asked.site)) as connection:
        enter_user(
            connection, name, password, role, asked.at, asked.visitor.name, must_change=must_change, disabled=disabled
        )
    note_act(asked.site, asked.at, asked.visitor.name, f"{said[wanted].removeprefix('已')}用户", name)
    if wanted == "password" and not asked.field("password"):
        return _page(asked, first=first)
    return see(asked, "/users", f"用户“{name}”{said[wanted]}；正在使用的，已退出登录")


def role_of(text: str) -> Role:
    """A role by its name.

    Raises:
        NotDone: there is none.
    """
    if text == "经办":
        return "经办"
    if text == "查看":
        return "查看"
    raise NotDone(400)


def _grant(asked: Asked) -> Response:
    name, role = entered(asked.field("name"), 40).strip(), role_of(asked.field("role"))
    if not name:
        return _page(asked, 409, "请填写使用令牌的系统的名称")
    chosen = next((one for key, one in every_campaign(asked) if key == asked.field("campaign")), None)
    with writing(ledger_of(asked.site)) as connection:
        _, secret = grant_token(
            connection,
            name,
            role,
            asked.at,
            asked.at + _TOKEN_SECONDS,
            asked.visitor.name,
            campaign=chosen.campaign.id if chosen else None,
        )
    note_act(asked.site, asked.at, asked.visitor.name, "发给令牌", f"{name}（{role}）")
    return _page(asked, secret=secret)


def _revoke(asked: Asked) -> Response:
    number = asked.field("token_id")
    with writing(ledger_of(asked.site)) as connection:
        known = {str(token.id): token for token in api_tokens(connection)}
        if number not in known:
            raise NotDone(404, "没有这个令牌")
        revoke_token(connection, known[number].id, asked.at)
    note_act(asked.site, asked.at, asked.visitor.name, "收回令牌", known[number].name)
    return see(asked, "/users", f"已收回“{known[number].name}”的令牌")


def _record(asked: Asked) -> Response:
    text = asked.query.get("page", "")
    page = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
    with reading(ledger_of(asked.site)) as connection:
        total = audit_count(connection)
        lines = audit_lines(connection, start=(page - 1) * _LINES, count=_LINES)
    return show(asked, "audit.html", lines=lines, page=page, pages=max(1, -(-total // _LINES)), total=total)


USER_ROUTES: tuple[WebRoute, ...] = (
    get("/users", _users, "clerk"),
    post("/users/add", _add, "clerk"),
    post("/users/change", _change, "clerk"),
    post("/tokens/add", _grant, "clerk"),
    post("/tokens/revoke", _revoke, "clerk"),
    get("/audit", _record, "clerk"),
)
