"""What is chosen under 设置: how tables that go out are prefilled, and what is compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.ledgers import OVER
from tests.web.window import PublicServer, sent
from xlcheck.campaign.opening import NewCampaign
from xlcheck.campaign.settings import CampaignSettings, TemplateSettings, load_settings
from xlcheck.campaign.statement import statement_of
from xlcheck.campaign.templates import unit_template


@pytest.mark.parametrize("chosen", [TemplateSettings(), TemplateSettings(totals=True), TemplateSettings(zeros=True)])
def test_tables_that_go_out_are_prefilled_as_chosen(server: PublicServer, chosen: TemplateSettings) -> None:
    browser, base, unit = server.user("张三"), f"/c/{server.key}", server.units["市教育局"]
    fields = {name: "1" for name, wanted in chosen._asdict().items() if wanted}
    assert "已保存" in sent(browser, f"{base}/settings", f"{base}/settings/template", fields)
    assert load_settings(server.campaign.folder).template == chosen
    wanted = unit_template(server.campaign, unit).data
    usual = unit_template(server.campaign._replace(settings=CampaignSettings(1)), unit).data
    assert (wanted == usual) == (chosen == TemplateSettings())
    assert browser.get(f"{base}/unit/{unit.id}/template").content == wanted
    assert server.browser().get(f"{server.link('市教育局')}/template").content == wanted


def test_last_years_campaign_is_chosen(server: PublicServer, tmp_path: Path) -> None:
    browser, base = server.user("张三"), f"/c/{server.key}"
    assert "没有 2024 年度的报送工作" in browser.get(f"{base}/settings").text
    for name in ("甲", "乙"):
        server.site.campaigns.make(NewCampaign(2024, (), name, name=name), "本机", 1)
    page = browser.get(f"{base}/settings").text
    assert "2024 年度 甲（2024）" in page
    assert "已保存" in sent(browser, f"{base}/settings", f"{base}/settings/year", {"year": "2024-2"})
    assert load_settings(server.campaign.folder).last_year == "../2024-2"
    assert server.campaign.former is not None
    assert server.campaign.former.campaign.name == "乙"
    assert sent(browser, f"{base}/settings", f"{base}/settings/year", {"year": server.key}).startswith("409")
    sent(browser, f"{base}/settings", f"{base}/settings/year", {"year": ""})
    assert load_settings(server.campaign.folder).last_year == ""


def test_an_emptied_deadline_is_none_any_more(server: PublicServer) -> None:
    clerk, settings = server.user("张三"), f"/c/{server.key}/settings"
    said = sent(clerk, settings, settings, {"office": "市政务公开办", "phone": "", "reply_to": "", "deadline": ""})
    assert "已保存" in said
    assert server.campaign.terms.deadline is None
    assert statement_of(server.campaign, OVER).units[0].state == "missing"


def test_a_list_replaces_the_one_before_or_only_adds(server: PublicServer) -> None:
    browser, page = server.user("张三"), f"/c/{server.key}/units"
    more = "单位名称\n市民政局\n".encode()
    assert "新增 1 个单位，修改 0 个，移出 0 个" in sent(browser, page, page, {"more": "1"}, more)
    assert "新增 0 个单位，修改 0 个，移出 3 个" in sent(browser, page, page, {}, more)


def test_a_total_of_nothing_says_what_to_do_in_the_window(server: PublicServer) -> None:
    page = f"/c/{server.key}/outcome"
    said = sent(server.user("张三"), page, f"/c/{server.key}/total", {})
    assert "还没有可以汇总的报送表" in said
    assert "--" not in said.partition("<main")[2]
