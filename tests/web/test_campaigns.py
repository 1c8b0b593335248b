"""What pages ask for of a campaign, and the links of its units."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.making.ledgers import START, TERMS
from tests.web.window import PublicServer, public_server
from xlcheck.campaign.ledger.campaigns import enter_campaign, enter_terms
from xlcheck.campaign.ledger.database import is_same_ledger, open_ledger_database, writing
from xlcheck.campaign.opening import NewCampaign
from xlcheck.roster.units import Unit
from xlcheck.web.app import application
from xlcheck.web.campaigns import (
    add_link,
    all_campaigns,
    every_campaign,
    link_state,
    make_campaign,
    make_link,
    opened,
    opened_for_unit,
    revoke_links,
)
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.refusal import NotDone
from xlcheck.web.routing import Asked
from xlcheck.web.visitor import Visitor

DAY = 24 * 60 * 60


def asked_by(server: PublicServer, visitor: Visitor, **path: str) -> Asked:
    """A request as a page's function gets it."""
    scope = {"type": "http", "app": application(server.site, ()), "path_params": path, "headers": [], "method": "GET"}
    return Asked(Request(scope), visitor)


CLERK = Visitor("user", "张三", "经办")


def comes_in(server: PublicServer, address: str) -> str | None:
    """The unit that a link lets in."""
    secret = address.removeprefix("https://bs.example/u/")
    scope = {"type": "http", "path_params": {"link": secret}, "headers": []}
    visitor = server.site.access.visitor(Request(scope), "unit")
    return visitor.name if visitor.kind == "unit" else None


def test_a_new_link_revokes_the_one_before(server: PublicServer) -> None:
    asked, unit = asked_by(server, CLERK, campaign=server.key), server.units["市教育局"].id
    with opened(asked) as one:
        assert link_state(asked, one, unit) == {"has_link": False, "link_says": "还没有链接"}
        first = make_link(asked, one, unit)
        assert comes_in(server, first) == "市教育局"
        second = make_link(asked, one, unit)
        third = add_link(asked, one, unit)
        assert [comes_in(server, link) for link in (first, second, third)] == [None, "市教育局", "市教育局"]
        assert link_state(asked, one, unit)["has_link"]
        assert revoke_links(asked, one, unit) == 2
        assert comes_in(server, second) is None
        assert link_state(asked, one, unit) == {"has_link": False, "link_says": "链接已经收回"}


@pytest.mark.parametrize("link", ["", "x", "x" * 32, "x" * 5000, "甲"])
def test_no_other_link_lets_anybody_in(server: PublicServer, link: str) -> None:
    assert comes_in(server, link) is None


def test_a_link_leads_to_its_own_unit_only(server: PublicServer) -> None:
    unit = server.units["市水利局"]
    with opened_for_unit(asked_by(server, Visitor("unit", "市水利局", unit=unit.id))) as (one, found):
        assert (one.campaign.year, found.unit.name) == (2025, "市水利局")
    with pytest.raises(NotDone), opened_for_unit(asked_by(server, Visitor("unit", "无", unit=99))):
        pass


def test_a_link_opens_nothing_of_another_ledger(server: PublicServer) -> None:
    """The folder may hold an office's own campaigns, too: their units have the same numbers."""
    own = CampaignFolders(server.site.campaigns._parent)
    key = own.make(NewCampaign(2026, (Unit("市审计局"),)), "本机", START)
    assert own.opened(key).campaign.year == 2026
    own.close()
    with opened_for_unit(asked_by(server, Visitor("unit", "市教育局", unit=1))) as (one, found):
        assert (one.campaign.year, found.unit.name) == (2025, "市教育局")
    token = Visitor("program", "甲系统", "经办", campaign=1)
    for visitor in (CLERK, token):
        assert [key for key, _ in every_campaign(asked_by(server, visitor))] == [server.key]
        with pytest.raises(NotDone), opened(asked_by(server, visitor, campaign=key)):
            pass


@pytest.mark.parametrize(
    ("where", "other", "is_same"),
    [
        ("postgresql://a@host/db", "postgresql://b@HOST:5432/db", True),
        ("postgresql://a@localhost/db", "postgresql://a@127.0.0.1/db", True),
        ("postgresql:///db", "postgresql://localhost/db", True),
        ("postgresql://a@host/db", "postgresql://a@host/db2", False),
        ("postgresql://a@host/db", "postgresql://a@host:5433/db", False),
        ("postgresql://a@host/db", "台账.sqlite", False),
        ("x/../台账.sqlite", "台账.sqlite", True),
        ("postgresql://a@host:x/db", "postgresql://a@host:y/db", False),
    ],
)
def test_one_database_has_several_addresses(where: str, other: str, is_same: bool) -> None:
    assert is_same_ledger(where, other) is is_same


def test_campaigns_are_listed_newest_first(server: PublicServer) -> None:
    asked = asked_by(server, CLERK)
    older = make_campaign(asked, NewCampaign(2024, ()))
    assert [key for key, _ in every_campaign(asked)] == [server.key, older]
    (server.site.campaigns._parent / older / "campaign.toml").write_text("campaign = 'x'")
    assert [key for key, _ in every_campaign(asked)] == [server.key]
    assert [(name, "campaign.toml" in why) for name, why in all_campaigns(asked).shut.items()] == [(older, True)]
    with pytest.raises(NotDone), opened(asked_by(server, CLERK, campaign="none")):
        pass


def test_what_cannot_be_opened_is_listed_with_the_reason(server: PublicServer) -> None:
    older = server.site.campaigns._parent / make_campaign(asked_by(server, CLERK), NewCampaign(2024, ()))
    (older / "campaign.toml").write_text("campaign = 'x'")
    page = server.user("张三").get("/").text
    assert "打不开的（1）" in page
    assert "campaign.toml" in page


def test_a_campaign_without_a_folder_gets_one(server: PublicServer) -> None:
    with writing(server.engine) as connection:
        enter_terms(connection, enter_campaign(connection, "disclosure-2021", 2024, "年报", START).id, TERMS)
        own = enter_campaign(connection, "own.toml", 2024, "自己的表", START)
        enter_terms(connection, own.id, TERMS)
    browser = server.user("张三")
    for _ in range(2):
        page = browser.get("/").text
        assert "2024 年度 年报" in page
        assert "表样“own.toml”不在这台计算机上" in page
    assert [key for key, _ in every_campaign(asked_by(server, CLERK))] == [server.key, "2024"]
    alone = CampaignFolders(server.site.campaigns._parent / server.key, server.site.campaigns._ledger, server.engine)
    assert alone.join_missing(START) == {}


def test_a_small_office_may_do_with_a_file(tmp_path: Path) -> None:
    with public_server(tmp_path) as server, open_ledger_database(tmp_path / "台账.sqlite"):
        assert isinstance(server.browser(), TestClient)
        assert server.key == "2025"
