"""Users and tokens, and the record of who did what."""

from __future__ import annotations

import re

import pytest

from tests.web.window import PASSWORD, PublicServer, form_of
from xlcheck.campaign.ledger.access import office_users
from xlcheck.campaign.ledger.database import reading
from xlcheck.web.passwords import FIRST_SECONDS


def roles(server: PublicServer) -> dict[str, tuple[str, bool]]:
    """The users, with their roles and whether they are disabled."""
    with reading(server.engine) as connection:
        return {user.name: (user.role, user.disabled) for user in office_users(connection)}


def test_a_clerk_adds_and_changes_users(server: PublicServer) -> None:
    clerk = server.user("张三")
    sent = {"token": form_of(clerk, "/users")["token"], "name": "李四", "role": "查看", "password": PASSWORD}
    assert clerk.post("/users/add", data=sent).status_code == 303
    assert "已增加用户“李四”" in clerk.get("/users").text
    assert clerk.post("/users/add", data=sent).status_code == 409
    assert clerk.post("/users/add", data={**sent, "name": "王五", "password": "短"}).status_code == 409
    assert clerk.post("/users/add", data={**sent, "name": "王五", "role": "别的"}).status_code == 400
    for do in ("经办", "disable"):
        assert clerk.post("/users/change", data={**sent, "do": do}).status_code == 303
    assert roles(server) == {"张三": ("经办", False), "李四": ("经办", True)}
    assert clerk.post("/users/change", data={**sent, "do": "enable"}).status_code == 303
    assert roles(server)["李四"] == ("经办", False)
    assert clerk.post("/users/change", data={**sent, "do": "别的"}).status_code == 400
    assert clerk.post("/users/change", data={**sent, "name": "无", "do": "disable"}).status_code == 404
    record = clerk.get("/audit").text
    assert all(what in record for what in ("增加用户", "停用用户", "恢复用户", "李四（查看）"))
    assert PASSWORD not in record


def test_nobody_shuts_himself_out(server: PublicServer) -> None:
    clerk = server.user("张三")
    token = form_of(clerk, "/users")["token"]
    for do in ("disable", "查看"):
        assert clerk.post("/users/change", data={"token": token, "name": "张三", "do": do}).status_code == 409
    assert roles(server) == {"张三": ("经办", False)}


@pytest.mark.parametrize("path", ["/users", "/audit"])
def test_who_may_only_look_sees_no_users(server: PublicServer, path: str) -> None:
    assert server.user("李四", "查看").get(path).status_code == 403


def test_a_token_is_shown_once_and_revoked(server: PublicServer) -> None:
    clerk = server.user("张三")
    token = form_of(clerk, "/users")["token"]
    answer = clerk.post("/tokens/add", data={"token": token, "name": "<b>报表系统", "role": "查看"})
    (secret,) = re.findall(r"<code>([\w-]{32})</code>", answer.text)
    assert "<b>" not in answer.text
    page = clerk.get("/users").text
    assert secret not in page
    asked = {"authorization": f"Bearer {secret}"}
    assert server.browser().get("/api/v1/campaigns", headers=asked).status_code == 200
    (number,) = re.findall(r'name="token_id" value="(\d+)"', page)
    assert clerk.post("/tokens/revoke", data={"token": token, "token_id": number}).status_code == 303
    assert clerk.post("/tokens/revoke", data={"token": token, "token_id": "99"}).status_code == 404
    assert server.browser().get("/api/v1/campaigns", headers=asked).status_code == 401
    assert secret not in clerk.get("/audit").text


def test_a_first_password_is_changed_before_anything_else(server: PublicServer) -> None:
    clerk = server.user("张三")
    token = form_of(clerk, "/users")["token"]
    sent = {"token": token, "name": "李四", "role": "经办", "do": "password"}
    for address in ("/users/add", "/users/change"):
        (first,) = re.findall(r"<code>([\w-]{23})</code>", clerk.post(address, data=sent).text)
        assert first not in clerk.get("/users").text
    browser = server.browser()
    login = {"token": form_of(browser, "/login")["token"], "name": "李四", "password": first}
    assert browser.post("/login", data=login).status_code == 303
    for path in ("/", "/users", f"/c/{server.key}"):
        assert browser.get(path).headers["location"] == "/account"
    page = browser.get("/account").text
    assert "请先换成自己的" in page
    token = re.findall(r'name="token" value="(\w+)"', page)[0]
    refused = browser.post("/users/add", data={"token": token, "name": "王五", "role": "经办"})
    assert (refused.status_code, "王五" in roles(server)) == (403, False)
    own = {"token": token, "old": first, "new": PASSWORD, "again": PASSWORD}
    assert browser.post("/account", data=own).headers["location"] == "/login"
    assert browser.post("/login", data={**login, "password": PASSWORD}).status_code == 303
    assert browser.get("/").status_code == 200


def test_a_first_password_is_good_for_a_week(server: PublicServer) -> None:
    clerk = server.user("张三")
    sent = {"token": form_of(clerk, "/users")["token"], "name": "李四", "role": "经办", "password": PASSWORD}
    clerk.post("/users/add", data=sent)
    later = server._replace(site=server.site._replace(clock=lambda: server.site.clock() + FIRST_SECONDS + 1))
    browser = later.browser()
    answer = browser.post("/login", data={**sent, "token": form_of(browser, "/login")["token"]})
    assert (answer.status_code, "已经失效" in answer.text) == (403, True)


def test_the_page_says_how_strong_a_password_is(server: PublicServer) -> None:
    clerk = server.user("张三")
    token = form_of(clerk, "/account")["token"]
    said = [
        clerk.post("/account/strength", data={"token": token, "new": one}).text
        for one in ("短", "password1234", "a1b2c3d4e5f6", PASSWORD)
    ]
    assert said == ["还太短", "强度：太弱", "强度：弱", "强度：强"]
