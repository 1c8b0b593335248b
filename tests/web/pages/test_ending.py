"""The end of one clerk's window, from its browser."""

from __future__ import annotations

import threading
from pathlib import Path

from starlette.testclient import TestClient

from tests.web.window import client, public_server, sent
from xlcheck.web.folders import CampaignFolders


def window(folder: Path, ended: list[str]) -> TestClient:
    """A window that notes that it shall end."""
    browser = client(campaigns=CampaignFolders(folder))
    browser.app.state.end = lambda: ended.append("ended")  # type: ignore[attr-defined]
    return browser


def test_the_clerk_ends_it_and_is_told_what_then(tmp_path: Path) -> None:
    ended: list[str] = []
    said = sent(window(tmp_path, ended), "/", "/end", {})
    assert ended == ["ended"]
    assert "可以关闭这个网页了" in said
    assert "<form" not in said  # nobody would answer


def test_it_does_not_end_in_the_middle_of_something(tmp_path: Path) -> None:
    ended: list[str] = []
    browser = window(tmp_path, ended)
    go_on = threading.Event()
    browser.app.state.live.checks.submit(go_on.wait)  # type: ignore[attr-defined]
    try:
        assert "请等它办完再结束" in sent(browser, "/", "/end", {})
        assert ended == []
    finally:
        go_on.set()


def test_nobody_ends_a_public_server_that_way(tmp_path: Path) -> None:
    with public_server(tmp_path) as server:
        browser = server.user("张三")
        assert 'action="/end"' not in browser.get("/").text
        assert browser.post("/end").status_code == 404
