"""What is handed over to the office's page, and what it fetches: each file is taken in, and what a person should look at is told."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.making.campaigns import BEFORE, handed_in, made_campaign, states
from tests.servers.dovecot import PASSWORD, Server
from tests.servers.replies import attached, letter
from tests.web.window import PublicServer, client
from xlcheck.campaign.ledger.arrivals import recent_arrivals
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.opening import open_campaign
from xlcheck.web.folders import CampaignFolders

TABLE = handed_in("市教育局", 2025, "11510400MB0001")
WATER = handed_in("市水利局", 2025, "")


def packed(files: Mapping[str, bytes]) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for at, (name, data) in enumerate(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 10, 9, 0, 2 * at)), data)
    return box.getvalue()


def done(browser: TestClient, page: str, address: str, fields: Mapping[str, str], files: object = None) -> str:
    """What the page of the progress says in the end."""
    token = re.findall(r'name="token" value="(\w+)"', browser.get(page).text)[0]
    answer = browser.post(address, data={"token": token, **fields}, files=files, follow_redirects=False)  # type: ignore[arg-type]
    if answer.status_code != 303:
        return f"{answer.status_code} {answer.text}"
    while True:
        shown = browser.get(answer.headers["location"], follow_redirects=False)
        if shown.status_code == 303:
            return browser.get(shown.headers["location"]).text
        if "/progress/" not in str(shown.url) or ">继续<" in shown.text or "没有做完" in shown.text:
            return shown.text
        time.sleep(0.05)


def given(server: PublicServer, *files: tuple[str, str, bytes]) -> str:
    """What comes of files, each with the field that it was chosen in."""
    base = f"/c/{server.key}"
    sent = [(field, (name, data)) for field, name, data in files]
    return done(server.user("张三"), base, f"{base}/intake", {}, sent)


def arrived(server: PublicServer) -> list[str]:
    with reading(server.engine) as connection:
        return [one.name for one in recent_arrivals(connection, server.campaign.campaign.id, 0, 99)][::-1]


def test_a_zip_is_taken_apart(server: PublicServer) -> None:
    inside = {"各局/教育.xlsx": TABLE, "会议通知.docx": b"PK", "水利.xlsx": WATER, "里.zip": b"PK", "坏.xlsx": b"no"}
    text = given(server, ("files", "汇集.zip", packed(inside)), ("files", "空.zip", packed({})))
    assert arrived(server) == ["教育.xlsx", "水利.xlsx"]
    assert "是压缩包里的压缩包" in text
    assert "没有收下“汇集.zip/坏.xlsx”" in text
    assert "不是年报的文档没有收下：“汇集.zip/会议通知.docx”" in text
    assert "核对完了：5 个文件" in text


def test_of_two_files_of_one_unit_the_last_one_counts(server: PublicServer) -> None:
    other = handed_in("市教育局", 2025, "11510400MB0001", requests__granted__person=7)
    text = given(server, ("files", "一.xlsx", other), ("files", "二.xlsx", TABLE))
    assert arrived(server) == ["一.xlsx", "二.xlsx"]
    assert "市教育局这次有 2 份，以“二.xlsx”为最近一次" in text


def test_of_a_folder_documents_that_are_no_reports_are_passed_over(server: PublicServer) -> None:
    files = [("folder", "年报/教育.xlsx", TABLE), ("folder", "年报/说明.docx", b"PK")]
    text = given(server, *files)
    assert "不是年报的文档没有收下：“说明.docx”" in text
    assert arrived(server) == ["教育.xlsx"]


def test_what_is_no_submission_is_set_aside_and_taken_back(server: PublicServer) -> None:
    given(server, ("files", "谁的.xlsx", handed_in("某某办", 2025, "")))
    base, browser = f"/c/{server.key}", server.user("张三")
    page = browser.get(f"{base}/arrivals").text
    number = re.findall(r"/arrival/(\d+)/aside", page)[0]
    said = done(browser, f"{base}/arrivals", f"{base}/arrival/{number}/aside", {"note": "去年的通知"})
    shown = browser.get(f"{base}/arrivals").text
    assert "不知道是哪个单位的" not in shown
    assert re.search(r"不是报送材料</span> <span class=\"small\">[^<]*去年的通知", shown), said
    done(browser, f"{base}/arrivals", f"{base}/arrival/{number}/assign", {"unit": "市水利局"})
    assert "不是报送材料" not in browser.get(f"{base}/arrivals").text


def test_what_was_refused_is_shown_with_its_reason(server: PublicServer) -> None:
    link, unit = server.link("市水利局"), server.browser()
    token = re.findall(r'name="token" value="(\w+)"', unit.get(link).text)[0]
    answer = unit.post(f"{link}/hand-in", data={"token": token}, files={"file": ("教育.xlsx", TABLE)})
    assert answer.status_code == 409
    page = server.user("张三").get(f"/c/{server.key}/arrivals").text
    row = page.partition("教育.xlsx")[2].partition("</tr>")[0]
    assert "未收下" in row
    assert "市教育局" in row


def test_letters_are_fetched(imap: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_campaign(tmp_path / "2025")
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    url = imap.url("clerk77@example.org")
    with client(campaigns=CampaignFolders(tmp_path)) as browser:
        page = browser.get("/c/2025/arrivals").text
        assert "还没有设置收信邮箱" in page
        assert ">收取邮件<" not in page
        assert "还没有设置收信邮箱" in done(browser, "/c/2025", "/c/2025/fetch", {})
        port = url.rpartition(":")[2].partition("/")[0]
        account = {
            "fetch-user": "clerk77@example.org", "fetch-server": "127.0.0.1", "fetch-port": port, "fetch-password": PASSWORD,
        }  # fmt: skip
        done(browser, "/c/2025/accounts", "/c/2025/accounts", account)
        sent = letter("u0@example.org", attached(handed_in()), message_id="<1@example.org>")
        strange = letter("x@example.net", attached(WATER), subject="<b>年报", message_id="<2@example.org>")
        imap.deliver("clerk77@example.org", sent, strange)
        text = done(browser, "/c/2025/arrivals", "/c/2025/fetch", {"since": "2025-01-01"})
        assert "收取完了：2 封新来信，收下 1 份表；1 封有内容要人看一看" in text
        assert "x@example.net" in text
        assert "原信在“收件记录”里" in text and "来信”" not in text
        row = re.findall(r"<tr>(?:(?!</tr>).)*_b_年报.eml.*?</tr>", browser.get("/c/2025/arrivals").text, re.S)[0]
        assert (
            "未收下" in row and "x@example.net" in row and "不在单位名单的电子邮箱里" in row and "还是归到单位" in row
        )
        saved = browser.get(re.findall(r'href="([^"]+/original)"', row)[0])
        assert saved.content == strange
        assert saved.headers["Content-Type"] == "application/octet-stream"
        assert saved.headers["Content-Disposition"].startswith("attachment;")
        assert saved.headers["X-Content-Type-Options"] == "nosniff"
        with open_campaign(folder) as opened:
            assert states(opened, BEFORE)["市教育局"] == ("passed", 1)
        assert "没有新来信" in done(browser, "/c/2025/arrivals", "/c/2025/fetch", {"since": "2025-01-01"})


def test_last_years_files_are_taken_in_to_be_compared_with(server: PublicServer) -> None:
    base, browser = f"/c/{server.key}", server.user("张三")
    before = handed_in("市教育局", 2024, "11510400MB0001")
    text = done(
        browser,
        f"{base}/settings",
        f"{base}/settings/former",
        {},
        [("former", ("旧.zip", packed({"旧.xlsx": before})))],
    )
    assert "与 2024 年度" in text
    assert "1 个文件" in text
    assert server.campaign.former is not None
    assert arrived(server) == []
