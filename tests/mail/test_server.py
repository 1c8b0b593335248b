"""The server's address, and where its password comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from xlcheck.mail.server import VARIABLE, InvalidServer, Server, parse, password


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://gkb@example.org@mail.example.org", Server("mail.example.org", 465, "gkb@example.org", True)),
        ("smtps://gkb%40example.org@mail.example.org:4465", Server("mail.example.org", 4465, "gkb@example.org", True)),
        ("smtp://gkb@mail.example.org", Server("mail.example.org", 587, "gkb", False)),
        ("SMTP://mail.example.org/", Server("mail.example.org", 587, "", False)),
    ],
)
def test_a_server(url: str, server: Server) -> None:
    assert parse(url) == server


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port", "smtp://h/path", "smtp://h?x=1", "smtp://[::1"])  # fmt: skip
def test_no_server(url: str) -> None:
    with pytest.raises(InvalidServer, match="--smtp 要写成"):
        parse(url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidServer) as refused:
        parse("smtps://gkb:geheim@mail.example.org")
    assert "不能写密码" in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(("host", "insecure"), [("localhost", ""), ("127.0.0.1", ""), ("[::1]", ""), ("mail.example.org", "mail.example.org")])  # fmt: skip
def test_without_encryption_where_it_is_allowed(host: str, insecure: str) -> None:
    assert parse(f"smtp://{host}", insecure).plain


@pytest.mark.parametrize(("host", "insecure"), [("mail.example.org", ""), ("mail.example.org", "example.org"), ("127.0.0.1.example.org", "")])  # fmt: skip
def test_without_encryption_nowhere_else(host: str, insecure: str) -> None:
    with pytest.raises(InvalidServer, match="--insecure"):
        parse(f"smtp://{host}", insecure)


SERVER = Server("mail.example.org", 465, "gkb", True)


def test_the_password_comes_from_the_file_then_the_environment_then_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def get_password(service: str, user: str) -> str:
        asked.append((service, user))
        return "from keyring"

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))
    file = tmp_path / "password"
    file.write_text("from file\n", encoding="utf-8")
    file.chmod(0o600)
    warned: list[str] = []
    assert password(SERVER, file, {VARIABLE: "from environment"}, warned.append) == "from file"
    assert password(SERVER, None, {VARIABLE: "from environment"}, warned.append) == "from environment"
    assert (asked, warned) == ([], [])
    assert password(SERVER, None, {}, warned.append) == "from keyring"
    assert asked == [("xlcheck:mail.example.org", "gkb")]


def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("geheim", encoding="utf-8")
    file.chmod(0o644)
    warned: list[str] = []
    password(SERVER, file, {}, warned.append)
    assert len(warned) == 1
    assert "geheim" not in warned[0]


def test_no_password_is_said_with_the_ways_to_give_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(InvalidServer, match=f"{VARIABLE}.*--password-file.*keyring set"):
        password(SERVER, None, {}, print)
    with pytest.raises(InvalidServer, match="密码文件"):
        password(SERVER, tmp_path / "none", {}, print)


def test_no_user_no_password() -> None:
    assert password(SERVER._replace(user=""), None, {VARIABLE: "x"}, print) is None
