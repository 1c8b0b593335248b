"""Accounts on mail servers: addresses, passwords, certificates."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.mail.account import Account, InvalidAccount, parse_account, password, tls_context

ACCOUNT = Account("imaps", "clerk@example.org", "imap.example.org", 993)
VARIABLE = "XLCHECK_TEST_PASSWORD"


def secret(file: Path | None = None, account: Account = ACCOUNT) -> str:
    """The password, whoever else may read it."""
    return password(account, VARIABLE, file, lambda _: None)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("imaps://me@imap.example.org/INBOX", Account("imaps", "me", "imap.example.org", 993, "INBOX")),
        ("imaps://me%40example.org@imap.example.org", Account("imaps", "me@example.org", "imap.example.org", 993)),
        ("imaps://me@example.org@imap.example.org", Account("imaps", "me@example.org", "imap.example.org", 993)),
        ("imap://me@IMAP.Example.org:1143/", Account("imap", "me", "imap.example.org", 1143)),
        ("IMAPS://me@h/%E5%B9%B4%E6%8A%A5/2025", Account("imaps", "me", "h", 993, "年报/2025")),
        ("imaps://me@h/年报/2025", Account("imaps", "me", "h", 993, "年报/2025")),
        ("imaps://me@h:993/a:b@c", Account("imaps", "me", "h", 993, "a:b@c")),
        ("imaps://a%3Ab@[::1]:10993", Account("imaps", "a:b", "::1", 10993)),
        ("imaps://me@邮件.example.org", Account("imaps", "me", "xn--3gq29dmy5h.example.org", 993)),
        ("imaps://localhost", Account("imaps", "", "localhost", 993)),
    ],
)
def test_addresses(url: str, account: Account) -> None:
    if "邮件" in url:
        account = account._replace(host="邮件.example.org".encode("idna").decode())
    assert parse_account(url, "imaps", "imap") == account


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("smtps://gkb@example.org@mail.example.org", Account("smtps", "gkb@example.org", "mail.example.org", 465)),
        ("smtps://gkb%40example.org@mail.example.org:4465", Account("smtps", "gkb@example.org", "mail.example.org", 4465)),
        ("smtp://gkb@mail.example.org", Account("smtp", "gkb", "mail.example.org", 587)),
        ("SMTP://mail.example.org/", Account("smtp", "", "mail.example.org", 587)),
    ],
)  # fmt: skip
def test_addresses_that_letters_are_handed_over_at(url: str, account: Account) -> None:
    assert parse_account(url, "smtps", "smtp") == account


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port", "smtp://h/path", "smtp://h?x=1", "smtp://[::1"])  # fmt: skip
def test_those_have_nothing_behind_the_host(url: str) -> None:
    with pytest.raises(InvalidAccount, match=r"服务器地址.*smtps://用户名@服务器"):
        parse_account(url, "smtps", "smtp")


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("qq", Account("imaps", "", "imap.qq.com", 993)),
        ("123456@qq.com", Account("imaps", "123456@qq.com", "imap.qq.com", 993)),
        ("gkb@foxmail.com/年报/2025", Account("imaps", "gkb@foxmail.com", "imap.qq.com", 993, "年报/2025")),
        ("GKB@163.COM", Account("imaps", "GKB@163.COM", "imap.163.com", 993)),
        ("gkb@126.com/INBOX", Account("imaps", "gkb@126.com", "imap.126.com", 993, "INBOX")),
        ("gkb@example.gov.cn@exmail", Account("imaps", "gkb@example.gov.cn", "imap.exmail.qq.com", 993)),
        ("gkb%40example.gov.cn@qiye163", Account("imaps", "gkb@example.gov.cn", "imap.qiye.163.com", 993)),
    ],
)
def test_well_known_providers_by_short_name_or_address(text: str, account: Account) -> None:
    assert parse_account(text, "imaps", "imap") == account
    if not account.folder:
        host = account.host.replace("imap.", "smtp.")
        assert parse_account(text, "smtps", "smtp") == account._replace(scheme="smtps", host=host, port=465)


@pytest.mark.parametrize(
    "text", ["qq.com", "gkb@qq", "gkb@example.org", "@qq.com", "gkb@qq.com.cn", "qqq", "gkb@qq.com/x"]
)
def test_what_only_looks_like_a_provider(text: str) -> None:
    if text == "gkb@qq":
        assert parse_account(text, "smtps").user == "gkb"
        return
    with pytest.raises(InvalidAccount, match=r"用户名@qq\.com"):
        parse_account(text, "smtps", "smtp")


def test_a_person_is_asked_where_no_password_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "typed"

    assert password(ACCOUNT, VARIABLE, None, lambda _: None, ask) == "typed"
    assert "clerk@example.org" in asked[0] and "imap.example.org" in asked[0]
    monkeypatch.setenv(VARIABLE, "given")
    assert password(ACCOUNT, VARIABLE, None, lambda _: None, ask) == "given"
    (tmp_path / "empty").write_text("")
    with pytest.raises(InvalidAccount):
        password(ACCOUNT, VARIABLE, tmp_path / "empty", lambda _: None, ask)
    assert len(asked) == 1
    monkeypatch.delenv(VARIABLE)
    for answer in (lambda _: "", lambda _: "a\x03b"):
        with pytest.raises(InvalidAccount):
            password(ACCOUNT, VARIABLE, None, lambda _: None, answer)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1), st.integers(1, 65535))
def test_any_user_comes_back_from_an_encoded_address(user: str, port: int) -> None:
    account = parse_account(f"smtp://{quote(user, safe='')}@mail.example.org:{port}", "smtp")
    assert (account.user, account.port) == (user, port)


@pytest.mark.parametrize(
    "url",
    [
        "imaps://me:hunter2@imap.example.org/INBOX",
        "imaps://me:@imap.example.org",
        "imaps://me@example.org:hunter2@imap.example.org",
        "imaps://me:hun/ter2@imap.example.org",
        "imaps://me:hun#ter2@imap.example.org",
        "imaps://me:hun?ter2@imap.example.org",
        "smtp://me:hunter2@imap.example.org",
        "me:hunter2@imap.example.org",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidAccount) as refused:
        parse_account(url, "imaps")
    assert "ter2" not in str(refused.value)
    assert "hun" not in str(refused.value)


def test_it_is_said_why_a_password_does_not_belong_there() -> None:
    with pytest.raises(InvalidAccount, match="不能写密码，因为命令会留在历史记录和进程列表里"):
        parse_account("imaps://me:secret@h", "imaps")


@pytest.mark.parametrize(
    "url",
    ["", "imaps://", "imaps://me@", "imaps:///INBOX", "https://me@h", "imaps://me@h:0", "imaps://me@h:99999",
     "imaps://me@h h", "imaps://me@h/a?b", "imaps://me@h/a#b", "imaps://me@[::1", "imaps://m%0d%0ae@h",
     "imaps://me@h/%00", "imaps://me@h/%ff", "imaps://me@" + "a" * 70 + ".org", "imaps://me@a\u202eb"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidAccount):
        parse_account(url, "imaps", "imap")


@given(st.text())
def test_no_text_makes_it_stumble(text: str) -> None:
    for url in (text, f"imaps://{text}"):
        try:
            account = parse_account(url, "imaps")
        except InvalidAccount:
            continue
        assert account.host.isascii()


def test_what_is_shown_can_be_read_again() -> None:
    account = parse_account("imaps://me@example.org@[::1]/INBOX", "imaps")
    assert account.shown == "imaps://me@example.org@[::1]:993"
    assert parse_account(account.shown, "imaps") == account._replace(folder="")


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("example.org", False), ("127.0.0.1.org", False)],
)
def test_loopback(host: str, expected: bool) -> None:
    assert ACCOUNT._replace(host=host).is_loopback is expected


@pytest.mark.parametrize(
    ("url", "host", "expected"),
    [
        ("smtp://mail.example.org", "Mail.Example.org", True), ("smtp://邮件.example.org", "邮件.Example.org", True),
        ("smtp://[::1]", "[0:0::1]", True), ("smtp://[::1]", "::1", True), ("smtp://mail.example.org", "example.org", False),
        ("smtp://mail.example.org", "", False), ("smtp://mail.example.org", "mail.example.org:25", False),
    ],
)  # fmt: skip
def test_a_host_is_known_however_it_is_written(url: str, host: str, expected: bool) -> None:
    assert parse_account(url, "smtp").is_on(host) is expected


def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "  päss 字 ")
    assert secret() == "  päss 字 "


def test_a_file_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, "other")
    (tmp_path / "p").write_bytes("\ufeff口令 1\r\nsecond line\r\n".encode())
    assert secret(tmp_path / "p") == "口令 1"


def test_the_keyring_is_asked_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []

    def get_password(service: str, user: str) -> str:
        asked.append((service, user))
        return "from keyring"

    ring = SimpleNamespace(get_password=get_password)
    monkeypatch.setitem(sys.modules, "keyring", ring)
    (tmp_path / "p").write_text("from file")
    monkeypatch.setenv(VARIABLE, "from environment")
    assert secret(tmp_path / "p") == "from file"
    assert secret() == "from environment"
    assert asked == []
    monkeypatch.delenv(VARIABLE)
    assert secret() == "from keyring"
    assert asked == [("xlcheck:imap.example.org", "clerk@example.org")]

    def locked(*_: str) -> str:
        raise RuntimeError

    ring.get_password = locked
    with pytest.raises(InvalidAccount, match=r"没有“clerk@example.org”的密码"):
        secret()


def test_without_a_password_it_is_said_where_to_put_it() -> None:
    said = f"没有“clerk@example.org”的密码.*{VARIABLE}.*--password-file.*keyring set xlcheck:imap.example.org clerk@"
    with pytest.raises(InvalidAccount, match=said):
        secret()


def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "p"
    file.write_text("geheim", encoding="utf-8")
    warned: list[str] = []
    file.chmod(0o600)
    assert password(ACCOUNT, VARIABLE, file, warned.append) == "geheim"
    assert warned == []
    file.chmod(0o640)
    assert password(ACCOUNT, VARIABLE, file, warned.append) == "geheim"
    assert ["别的用户也能读" in said and "geheim" not in said for said in warned] == [True]


def test_to_hand_letters_over_it_is_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ｇｅｈｅｉｍ")
    assert secret() == "ｇｅｈｅｉｍ"
    with pytest.raises(InvalidAccount, match="中文或全角字符") as refused:
        secret(account=ACCOUNT._replace(scheme="smtps"))
    assert "ｇｅ" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\nsecret", b"\xff\xfesecret", b"se\0cret", b"se\tcret"])
def test_a_file_without_a_usable_password(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(content)
    with pytest.raises(InvalidAccount) as refused:
        secret(tmp_path / "p")
    assert "secret" not in str(refused.value)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidAccount, match=r"无法读取密码文件.*找不到"):
        secret(tmp_path / "p")


def test_certificates_are_checked() -> None:
    context = tls_context(ACCOUNT)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_they_are_left_unchecked_for_the_named_host_only() -> None:
    assert tls_context(ACCOUNT, insecure="IMAP.example.org").verify_mode == ssl.CERT_NONE
    chinese = parse_account("imaps://me@邮件.example.org", "imaps")
    assert tls_context(chinese, insecure="邮件.example.org").verify_mode == ssl.CERT_NONE
    with pytest.raises(InvalidAccount, match="不是服务器地址里的主机"):
        tls_context(ACCOUNT, insecure="example.org")


def test_a_file_of_authorities_must_hold_certificates(tmp_path: Path) -> None:
    with pytest.raises(InvalidAccount, match="找不到"):
        tls_context(ACCOUNT, tmp_path / "ca.pem")
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(InvalidAccount, match="不是 PEM 格式的证书"):
        tls_context(ACCOUNT, tmp_path / "ca.pem")
