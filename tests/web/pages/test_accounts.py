"""Mail accounts in the window: kept in the settings file, their passwords where nobody sees them again, and tried."""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.servers.smtp import PASSWORD, USER, Running, running
from tests.web.window import PublicServer, client, sent
from xlcheck.campaign.accounts import fields_of
from xlcheck.campaign.archive import archive_campaign
from xlcheck.campaign.ledger.audit import audit_lines
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.opening import NewCampaign
from xlcheck.campaign.settings import SETTINGS_FILE, SendSettings, change_settings, load_settings
from xlcheck.web.folders import CampaignFolders

SECRET = "gho st-授权码"
TYPED = {
    "send-user": "gkb@qq.com",
    "send-password": SECRET,
    "fetch-user": "gkb@qq.com",
    "sender": "市政务公开办 <gkb@qq.com>",
}


@pytest.fixture
def local(tmp_path: Path) -> Iterator[TestClient]:
    """The window of one clerk with a campaign."""
    folders = CampaignFolders(tmp_path)
    folders.make(NewCampaign(2025, (), "市政务公开办"), "本机", 1_768_000_000)
    with client(campaigns=folders) as browser:
        yield browser


def saved(browser: TestClient, key: str = "2025", **typed: str) -> str:
    """What comes of sending the form of the accounts."""
    fields = {name.replace("_", "-"): text for name, text in typed.items()}
    return sent(browser, f"/c/{key}/accounts", f"/c/{key}/accounts", fields)


def tried(browser: TestClient, **typed: str) -> str:
    """The same, and what trying them says."""
    page = saved(browser, act="try", **typed)
    address = page.split(None, 2)[1]
    while ">继续<" not in page:
        assert "没有做完" not in page
        time.sleep(0.02)
        page = browser.get(address).text
    return page


def test_what_is_typed_stands_in_the_settings_and_the_password_in_a_file_of_its_own(
    server: PublicServer, tmp_path: Path
) -> None:
    browser, folder = server.user("张三"), server.campaign.folder
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write("# 王科注\n")
    assert "收发邮箱已保存" in sent(browser, f"/c/{server.key}/accounts", f"/c/{server.key}/accounts", TYPED)
    settings = load_settings(folder)
    assert settings.send == SendSettings("gkb@qq.com", "市政务公开办 <gkb@qq.com>", ".发信密码")
    assert (settings.fetch.imap, settings.fetch.password_file) == ("gkb@qq.com", ".收信密码")
    assert "# 王科注" in (folder / SETTINGS_FILE).read_text(encoding="utf-8")
    for name in (".发信密码", ".收信密码"):
        assert (folder / name).read_text(encoding="utf-8") == SECRET
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600

    # Nobody sees it again: no page, no record, no archive.
    pages = [browser.get(f"/c/{server.key}/{name}").text for name in ("accounts", "settings", "letters")]
    assert "已经存好，不再显示" in pages[0]
    assert "smtp.qq.com" in pages[1]
    with reading(server.engine) as connection:
        acts = [line for line in audit_lines(connection) if line.what == "修改收发邮箱"]
    assert "smtps://gkb@qq.com@smtp.qq.com:465" in acts[0].about
    archive_campaign(server.campaign, tmp_path / "归档.zip", 1_768_000_000)
    for kept in (*map(str.encode, pages), repr(acts).encode(), (tmp_path / "归档.zip").read_bytes()):
        assert SECRET.encode() not in kept


def test_a_password_never_goes_to_another_server_or_user(local: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "2025"
    for changed in (
        {"send_server": "mail.example.org"},
        {"send_user": "other@qq.com"},
        {"send_user": "", "send_server": ""},
    ):
        saved(local, send_user="gkb@qq.com", send_password=SECRET)
        saved(local, **{"send_user": "gkb@qq.com", **changed})
        assert not (folder / ".发信密码").exists(), changed
        # Nor does that of the system, which was not meant for it.
        assert load_settings(folder).send.password_file == (".发信密码" if changed.get("send_user", "x") else "")
    saved(local, send_user="gkb@qq.com", send_password=SECRET)
    saved(
        local,
        send_user="gkb@qq.com",
        send_server="smtp.qq.com",
        send_port="587",
        send_encryption="starttls",
        rate="20/min",
    )
    assert (folder / ".发信密码").read_text(encoding="utf-8") == SECRET
    assert load_settings(folder).send[0] == "smtp://gkb@qq.com@smtp.qq.com:587"
    saved(local, send_user="gkb@qq.com", send_server="smtp.qq.com", send_forget="1")
    assert not (folder / ".发信密码").exists()


def test_an_account_that_a_person_wrote_stays_as_it_was_written(local: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "2025"
    written = SendSettings("gkb@qq.com", "", "../密码")
    change_settings(folder, load_settings(folder)._replace(send=written))
    fields = fields_of("gkb@qq.com", "send")
    saved(local, send_user=fields.user, send_server=fields.server, send_port=fields.port, sender="办 <a@b.cn>")
    assert load_settings(folder).send == written._replace(sender="办 <a@b.cn>")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"send-user": "gkb@example.org"}, "请填写发信服务器的名称"),
        ({"fetch-server": "imap.example.org"}, "请填写收信邮箱的用户名"),
        ({"send-server": "smtp.example.org"}, "不知道发件人的邮箱"),
        ({"send-user": "a@qq.com", "sender": "办公室"}, "发件人"),
        ({"send-user": "a@qq.com", "rate": "快"}, "“最快”"),
        ({"send-user": "a@qq.com", "send-server": "smtp.qq.com", "send-port": "0"}, "端口要是 1 到 65535"),
        ({"send-user": "a@qq.com", "send-server": "http://smtp.qq.com/x"}, "服务器只写名称"),
        ({"send-user": "a@qq.com", "send-password": "a\nb"}, "密码（授权码）里有不能用的字符"),
        ({"send-user": "a@b.cn", "send-server": "127.0.0.1"}, "运行本系统的这台机器"),
        ({"send-user": "a@b.cn", "send-server": "::ffff:127.0.0.1"}, "运行本系统的这台机器"),
        ({"send-user": "a@b.cn", "send-server": "169.254.169.254"}, "运行本系统的这台机器"),
        ({"fetch-user": "a@b.cn", "fetch-server": "10.1.1.1", "fetch-port": "6379"}, "端口 6379"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(server: PublicServer, typed: dict[str, str], said: str) -> None:
    browser, page = server.user("张三"), f"/c/{server.key}/accounts"
    before = load_settings(server.campaign.folder)
    answer = sent(browser, page, page, typed)
    assert answer.startswith("409")
    assert said in answer
    assert all(text in answer for name, text in typed.items() if "password" not in name)
    assert load_settings(server.campaign.folder) == before


def test_they_are_tried(local: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path / "server", "tls", "auth") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
        account = _account(server)
        assert "登录成功（localhost，" in tried(local, **account, send_password=PASSWORD)
        assert "收信：没有设置邮箱" in tried(local, **account)
        assert "登录不了服务器“localhost”" in tried(local, **account, send_password="wrong")
        assert "密码（授权码）还没有填" in tried(local, **account, send_forget="1")
    answers = [saved(local, **account, act="try") for _ in range(10)]
    assert answers[-1].startswith("429")


def _account(server: Running) -> dict[str, str]:
    return {"send_user": USER, "send_server": "localhost", "send_port": str(server.port), "sender": "gkb@example.org"}


def test_only_who_may_change_sees_them(server: PublicServer) -> None:
    browser, page = server.user("李四", "查看"), f"/c/{server.key}/accounts"
    assert browser.get(page).status_code == 403
    token = re.findall(r'name="token" value="(\w+)"', browser.get("/account").text)[0]
    assert browser.post(page, data={"token": token, **TYPED}).status_code == 403
    assert "设置收发邮箱" not in browser.get(f"/c/{server.key}/settings").text
