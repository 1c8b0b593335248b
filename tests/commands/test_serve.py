"""``xlcheck serve``: what goes together, and what is asked for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

from builds.names import EXECUTABLE
from tests import ROOT
from tests.making.command import PROGRAM, process, xlcheck
from xlcheck.campaign.ledger.audit import audit_lines
from xlcheck.campaign.ledger.database import open_ledger_database, reading

PUBLIC = ("serve", "年报", "--public")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*PUBLIC, "--address", "https://a.b"), "--database"),
        ((*PUBLIC, "--database", "x.sqlite"), "--address"),
        ((*PUBLIC, "--database", "x.sqlite", "--address", "a.b"), "完整的网址"),
        ((*PUBLIC, "--database", "postgresql://u:secret@h/d", "--address", "https://a.b"), "密码"),
        ((*PUBLIC, "--database", "x.sqlite", "--address", "https://a.b", "--cert", "c.pem"), "一起使用"),
        (("serve", "年报", "--host", "0.0.0.0"), "--public"),
        (("serve", "年报", "--database", "x.sqlite"), "--public"),
        (("serve", "年报", "--self-check", "/nowhere"), "自查工具"),
        (("serve", "年报", "--port", "70000"), "65535"),
        (("serve", "年报", "--documents"), "--documents"),
        ((*PUBLIC[:1], "--documents", *PUBLIC[2:]), "--documents"),
        (("serve", "start", "年报", "多"), "参数太多"),
        (("serve", __file__), "参数“[文件夹]”用不了：要的是文件夹，这是一个文件。"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(arguments: tuple[str, ...], said: str) -> None:
    ran = xlcheck(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "secret" not in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("library", "arguments"), [("uvicorn", ("serve",)), ("argon2", ("serve", "user", "list", "--database", "x"))]
)
def test_what_is_not_installed_is_one_sentence(
    library: str, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [one for one in sys.modules if one == "xlcheck.web" or one.startswith(("xlcheck.web.", "argon2"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    ran = xlcheck(*arguments)
    assert (ran.code, f"请先安装：pip install 'xlcheck[web]'（{library}）" in ran.err) == (2, True)


class Desk(NamedTuple):
    """A clerk's computer, where programs are double-clicked and a browser shows what they open."""

    home: Path

    def clicked(self) -> subprocess.Popen[bytes]:
        """The program after a double click."""
        (self.home / ".config").mkdir(parents=True, exist_ok=True)
        (self.home / ".config" / "user-dirs.dirs").write_text('XDG_DOCUMENTS_DIR="$HOME/文档"\n', encoding="utf-8")
        browser = self.home / "browser"
        browser.write_text(f"#!/bin/sh\nenv > {self.home}/env\necho $1 >> {self.home}/opened\n", encoding="utf-8")
        browser.chmod(0o755)
        env = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        env |= {"HOME": str(self.home), "BROWSER": str(browser), "PYTHONPATH": str(ROOT), "LD_LIBRARY_PATH": "/mine"}
        is_build = (str(EXECUTABLE),) == PROGRAM
        env |= {"DISPLAY": ":0"} if is_build else {}
        command = [*PROGRAM, *(() if is_build else ("serve", "--documents", "--port", "0"))]
        return subprocess.Popen(command, cwd=self.home, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def opened(self, count: int) -> list[str]:
        """The addresses that the browser was given, once there are so many."""
        for _ in range(600):
            if (self.home / "opened").is_file():
                found = (self.home / "opened").read_text().splitlines()
                if len(found) == count:
                    return [self._led_to(one) for one in found]
            time.sleep(0.1)
        raise AssertionError("nothing was opened")

    def _led_to(self, address: str) -> str:
        page = Path(unquote(urlsplit(address).path)).read_text()
        return str(re.findall(r"http://127[^\"]+", page)[0])


def test_a_second_double_click_shows_the_window_that_is_open(tmp_path: Path) -> None:
    """And a click in it ends it. What shows it has the libraries of its own system, not those of a build."""
    desk = Desk(tmp_path / "家")
    with desk.clicked() as first:
        try:
            desk.opened(1)
            with desk.clicked() as second:
                said = second.communicate(timeout=60)[1].decode()
            assert (second.returncode, "已经打开" in said) == (0, True), said
            address = desk.opened(2)[1]
            browser = build_opener(HTTPCookieProcessor(), ProxyHandler({}))
            with browser.open(address) as answer:
                token = re.findall(r'name="token" value="([^"]+)"', answer.read().decode())[0]
            sent = urlencode({"token": token}).encode()
            with browser.open(urljoin(address, "/end"), sent) as answer:
                assert "已经结束" in answer.read().decode()
            assert first.wait(60) == 0
        finally:
            first.kill()
    assert (desk.home / "文档" / "报送工作").is_dir()
    assert "LD_LIBRARY_PATH=/mine" in (desk.home / "env").read_text().splitlines()


def test_users_are_made_and_changed(tmp_path: Path) -> None:
    where = ("--database", str(tmp_path / "台账.sqlite"))

    def user(*arguments: str, password: str = "") -> tuple[int, str]:
        ran = process("serve", "user", *arguments, *where, stdin=f"{password}\n".encode())
        return ran.code, ran.out + ran.err

    assert user("add", "张三", password="短") == (2, "密码要有 12 到 128 个字符；可以是一句容易记的话\n")
    assert user("add", "张三", "--role", "查看", password="春眠不觉晓，处处闻啼鸟。") == (
        0,
        "已增加用户：张三（查看）\n",
    )
    assert user("add", "张三", password="春眠不觉晓，处处闻啼鸟。")[0] == 2
    assert user("disable", "张三") == (0, "已停用用户：张三（查看）\n")
    assert user("list") == (0, "张三\t查看\t停用\n")
    assert user("enable", "李四")[0] == 2
    with open_ledger_database(where[1]) as engine, reading(engine) as connection:
        assert [line.what for line in audit_lines(connection)] == ["停用用户", "增加用户"]
