"""Letters that are looked at and sent from a page."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path

from tests.web.window import PublicServer, public_server, sent
from xlcheck.campaign.opening import NewCampaign
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
