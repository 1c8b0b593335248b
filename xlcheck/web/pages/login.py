"""Logging in and out, and one's own password."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from xlcheck.campaign.ledger.access import begin_session, end_session, enter_user, user_named
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.values import OfficeUser
from xlcheck.web.access import SESSION_COOKIE
from xlcheck.web.acts import note_act
from xlcheck.web.passwords import (
    FIRST_SECONDS,
    SHORTEST,
    STRENGTHS,
    PoorPassword,
    hashed,
    is_outdated,
    is_password,
    strength,
)
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, WebRoute, address_of, get, post
from xlcheck.web.security import cookie_name, set_cookie
from xlcheck.web.site import ledger_of

_SESSION_SECONDS = 10 * 60 * 60
"""A working day, whatever is done in it."""
_WRONG = "用户名或密码不对"
_TOO_LATE = "初始密码超过 7 天没有用，已经失效；请经办人重设"


def _form(asked: Asked) -> Response:
    return show(asked, "login.html", name="", trouble="")


def _login(asked: Asked) -> Response:
    name, password = asked.field("name"), _password(asked, "password")
    logins, address = asked.live.logins, address_of(asked.request)
    keys = (f"address {address}", f"name {name}")
    if any(logins.is_over(key) for key in keys):
        raise NotDone(429, "密码输错的次数太多；请过一刻钟再试，忘记密码的请管理员重设")
    with reading(ledger_of(asked.site)) as connection:
        user = user_named(connection, name)
    active = user if user is not None and not user.disabled else None
    if not is_password(password, active.password if active else None) or active is None:
        for key in keys:
            logins.count(key)
        # What was typed as a name may be a password; only a name that there is is noted.
        note_act(asked.site, asked.at, user.name if user else "", "登录失败", f"来自 {address}")
        return show(asked, "login.html", status=403, name=name, trouble=_WRONG)
    if active.must_change and asked.at > active.at + FIRST_SECONDS:
        return show(asked, "login.html", status=403, name=name, trouble=_TOO_LATE)
    for key in keys:
        logins.forget(key)
    return _logged_in(asked, active, password, address)


def _logged_in(asked: Asked, user: OfficeUser, password: str, address: str) -> Response:
    with writing(ledger_of(asked.site)) as connection:
        if is_outdated(user.password):
            kept = hashed(password, "")
            user = enter_user(connection, user.name, kept, user.role, asked.at, user.name, must_change=user.must_change)
        _, secret = begin_session(connection, user, asked.at, asked.at + _SESSION_SECONDS)
    note_act(asked.site, asked.at, user.name, "登录", f"来自 {address}")
    response = see(asked, "/")
    secure = asked.site.secure
    cookie = set_cookie(SESSION_COOKIE, secret, secure=secure, strict=True, seconds=_SESSION_SECONDS)
    response.headers.append("Set-Cookie", cookie)
    return response


def _logout(asked: Asked) -> Response:
    secret = asked.request.cookies.get(cookie_name(SESSION_COOKIE, asked.site.secure), "")
    with writing(ledger_of(asked.site)) as connection:
        end_session(connection, secret)
    note_act(asked.site, asked.at, asked.visitor.name, "退出")
    return _ended(asked, "已退出")


def _ended(asked: Asked, said: str) -> Response:
    response = see(asked, "/login", said)
    response.headers.append(
        "Set-Cookie", set_cookie(SESSION_COOKIE, "", secure=asked.site.secure, strict=True, seconds=0)
    )
    return response


def _account(asked: Asked) -> Response:
    return show(asked, "account.html", trouble="")


def _changed(asked: Asked) -> Response:
    old, new, again = (_password(asked, name) for name in ("old", "new", "again"))
    key = f"name {asked.visitor.name}"
    if asked.live.logins.is_over(key):
        raise NotDone(429, "密码输错的次数太多；请过一刻钟再试")
    with reading(ledger_of(asked.site)) as connection:
        user = user_named(connection, asked.visitor.name)
    if user is None or not is_password(old, user.password):
        asked.live.logins.count(key)
        return show(asked, "account.html", status=403, trouble="原来的密码不对")
    if new != again:
        return show(asked, "account.html", status=409, trouble="两次输入的新密码不一样")
    try:
        kept = hashed(new, user.name)
    except PoorPassword as error:
        return show(asked, "account.html", status=409, trouble=error.message)
    with writing(ledger_of(asked.site)) as connection:
        enter_user(connection, user.name, kept, user.role, asked.at, user.name, must_change=False)
    note_act(asked.site, asked.at, user.name, "修改自己的密码")
    return _ended(asked, "密码已修改，请用新密码登录")


def _strength(asked: Asked) -> Response:
    """How strong what was typed is, for the page that follows it."""
    password = _password(asked, "new")
    said = f"强度：{STRENGTHS[strength(password, asked.visitor.name)]}" if len(password) >= SHORTEST else "还太短"
    return PlainTextResponse(said)


def _password(asked: Asked, name: str) -> str:
    """As it was typed: a blank at its end is part of it."""
    return next(iter(asked.fields(name)), "")


LOGIN_ROUTES: tuple[WebRoute, ...] = (
    get("/login", _form, "anybody"),
    post("/login", _login, "anybody"),
    post("/logout", _logout, "viewer"),
    get("/account", _account, "viewer"),
    post("/account", _changed, "viewer"),
    post("/account/strength", _strength, "viewer"),
)
