"""``xlcheck serve``: what goes together, and what is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.making.command import process, xlcheck
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
