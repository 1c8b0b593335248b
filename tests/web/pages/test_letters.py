"""Letters that are looked at and sent from a page."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path

from tests.web.window import PublicServer, public_server, sent
from xlcheck.campaign.ledger.letters import CampaignLetterLedger
from xlcheck.campaign.opening import NewCampaign
from xlcheck.mail.sending.entries import of_round
from xlcheck.mail.sending.prepare import LINK_KEPT
from xlcheck.roster.units import Unit


def _written(folder: Path) -> list[str]:
    """The texts of all letters that were written as files."""
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.rglob("*.eml")]
    bodies = [one.get_body(("plain",)) for one in found]
    return [body.get_content() for body in bodies if body is not None]


def _with_addresses(server: PublicServer) -> str:
    """The key of a campaign whose unit has an address."""
    units = (Unit("市水利局", email="slj@example.org"),)
    return server.site.campaigns.make(NewCampaign(2024, units, "市政务公开办"), "本机", int(server.site.clock()))


def test_a_template_brings_the_link_to_the_page_of_its_unit(tmp_path: Path) -> None:
    with public_server(tmp_path) as server:
        key, browser = _with_addresses(server), server.user("张三")
        page = f"/c/{key}/letters"
        shown = browser.get(f"{page}?kind=templates").text
        unit = re.findall(r'name="unit" value="(\d+)"', shown)
        assert "市水利局" in shown
        sent(browser, f"{page}?kind=templates", page, {"kind": "templates", "unit": unit[0]})
        while not (letters := _written(tmp_path)):
            time.sleep(0.02)
        (address,) = set(re.findall(r"https://bs\.example(/u/[\w-]+)", letters[0]))
        assert address not in shown
        assert "请下载填报表" in server.browser().get(address).text
        year = browser.get(f"/c/{key}/unit/{unit[0]}").text
        said = re.findall(r"<summary>看信的内容</summary><div class=\"quote\">(.*?)</div>", year, re.DOTALL)
        assert len(said) == 1 and "市水利局" in said[0] and LINK_KEPT in said[0]
        secret = address.removeprefix("/u/")
        assert secret not in year
        kept = [path.read_bytes() for path in tmp_path.rglob("*.sqlite*")]
        assert kept and not any(secret.encode() in one for one in kept)


def test_what_became_of_letters_stands_in_the_units_year(tmp_path: Path) -> None:
    with public_server(tmp_path) as server:
        key, browser = _with_addresses(server), server.user("张三")
        page = f"/c/{key}/letters"
        unit = re.findall(r'name="unit" value="(\d+)"', browser.get(f"{page}?kind=reminders").text)[0]
        sent(browser, f"{page}?kind=reminders", page, {"kind": "reminders", "unit": unit})
        while not _written(tmp_path):
            time.sleep(0.02)
        way = browser.get(f"/c/{key}/unit/{unit}").text.partition("经过</h2>")[2]
        assert "信函，催报：已写成信件文件" in way
        assert "收件人 slj@example.org" in way
        assert way.count("<li>") == 1


def test_letters_in_doubt_are_shown_where_they_are_asked_for(tmp_path: Path) -> None:
    with public_server(tmp_path) as server:
        key, browser = _with_addresses(server), server.user("张三")
        one = server.site.campaigns.opened(key)
        ledger = CampaignLetterLedger(one.engine, one.campaign.id, "张三", lambda: int(server.site.clock()))
        letter = ledger.enter(Unit("市水利局", email="slj@example.org"), "reminder", of_round(1), "example.org", 1)
        ledger.begin(letter, ["slj@example.org"], {"slj@example.org"})
        ledger.interrupted()
        shown = browser.get(f"/c/{key}/letters?kind=reminders").text
        assert "再发不能确定对方收到的" in shown
        assert "--" not in shown.partition("<main")[2]
        assert 'name="unit"' not in shown
        again = browser.get(f"/c/{key}/letters?kind=reminders&resend=1").text
        assert "可能已经收到过，不能确定" in again
        assert 'name="resend" value="1"' in again
