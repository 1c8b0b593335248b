"""Logging in and out, and one's own password."""

from __future__ import annotations

from tests.web.window import PASSWORD, PublicServer, form_of
from xlcheck.campaign.ledger.audit import audit_lines
from xlcheck.campaign.ledger.database import reading
from xlcheck.web.bounds import WebBounds


def test_a_user_logs_in_and_out(server: PublicServer) -> None:
    server.user("张三")
    browser = server.browser()
    assert browser.get("/users").headers["location"] == "/login"
    token = form_of(browser, "/login")["token"]
    answer = browser.post("/login", data={"token": token, "name": "张三", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-xlcheck-office=")
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "张三" in browser.get("/users").text
    token = form_of(browser, "/account")["token"]
    secret = browser.cookies["__Host-xlcheck-office"]
    assert browser.post("/logout", data={"token": token}).headers["location"] == "/login"
    browser.cookies.set("__Host-xlcheck-office", secret, domain="bs.example", path="/")
    assert browser.get("/users").status_code == 303  # the session itself is over, not only its cookie


def test_a_wrong_password_and_an_unknown_name_look_alike(server: PublicServer) -> None:
    server.user("张三")
    browser = server.browser()
    token = form_of(browser, "/login")["token"]
    answers = [
        browser.post("/login", data={"token": token, "name": name, "password": "x" * 12}) for name in ("张三", "李四")
    ]
    assert [one.status_code for one in answers] == [403, 403]
    assert answers[0].text.replace("张三", "李四") == answers[1].text
    with reading(server.engine) as connection:
        noted = [(line.who, line.what) for line in audit_lines(connection)]
    assert noted == [("", "登录失败"), ("张三", "登录失败")]


def test_who_guesses_is_stopped_for_a_while(server: PublicServer) -> None:
    tries = 2
    server = server._replace(site=server.site._replace(bounds=WebBounds(login_tries=tries)))
    server.user("张三")
    browser = server.browser()
    token = form_of(browser, "/login")["token"]
    codes = [
        browser.post("/login", data={"token": token, "name": "张三", "password": "错" * 12}).status_code
        for _ in range(tries + 1)
    ]
    assert codes == [403] * tries + [429]
    assert browser.post("/login", data={"token": token, "name": "张三", "password": PASSWORD}).status_code == 429


def test_a_disabled_user_does_not_come_in(server: PublicServer) -> None:
    clerk, other = server.user("张三"), server.user("李四", "查看")
    assert other.get("/account").status_code == 200
    token = form_of(clerk, "/users")["token"]
    clerk.post("/users/change", data={"token": token, "name": "李四", "do": "disable"})
    assert other.get("/account").status_code == 303
    browser = server.browser()
    token = form_of(browser, "/login")["token"]
    assert browser.post("/login", data={"token": token, "name": "李四", "password": PASSWORD}).status_code == 403


def test_one_changes_ones_own_password(server: PublicServer) -> None:
    browser = server.user("张三", "查看")
    token = form_of(browser, "/account")["token"]
    new = "白日依山尽，黄河入海流。"
    for old, first, again, says in (
        ("错" * 12, new, new, "原来的密码不对"),
        (PASSWORD, new, f"{new}！", "不一样"),
        (PASSWORD, "短", "短", "12 到 128"),
    ):
        answer = browser.post("/account", data={"token": token, "old": old, "new": first, "again": again})
        assert says in answer.text
    answer = browser.post("/account", data={"token": token, "old": PASSWORD, "new": new, "again": new})
    assert answer.headers["location"] == "/login"
    assert browser.get("/account").status_code == 303
    token = form_of(browser, "/login")["token"]
    assert browser.post("/login", data={"token": token, "name": "张三", "password": new}).status_code == 303
