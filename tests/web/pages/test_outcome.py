"""What a campaign comes to."""

from __future__ import annotations

from tests.making.campaigns import handed_in, taken
from tests.making.ledgers import START
from tests.web.window import PublicServer
from xlcheck.campaign.acts import change_units
from xlcheck.roster.units import Unit


def test_who_need_not_hand_in_is_told_apart_as_in_the_notice(server: PublicServer) -> None:
    units = (Unit("市政府"), Unit("市教育局", parent="市政府"), Unit("市水利局", parent="市政府"))
    change_units(server.campaign, units, "王科", START)
    for unit in ("市政府", "市水利局"):
        taken(server.campaign, handed_in(unit, 2025, ""), at=START)
    text = server.user("张三").get(f"/c/{server.key}/outcome").text
    assert "应报 2 个单位：通过 1，" in text
    assert "另有 1 个不要求单独报送的单位也报送了：市政府" in text
