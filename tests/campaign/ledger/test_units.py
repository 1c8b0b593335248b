"""Lists of units: who is the same, who is new, who is withdrawn; nothing is overwritten."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from tests.making.ledgers import START, a_campaign, the_units
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.schema import UNIT_ENTRIES
from xlcheck.campaign.ledger.units import campaign_unit, campaign_units, enter_units, units_known_by
from xlcheck.roster.identity import identity
from xlcheck.roster.units import Unit

CODE = "11440100007482476Q"
OTHER = "11440100007482565P"


def test_a_list_comes_back_in_its_order(engine: Engine) -> None:
    units = [
        Unit("丙局", "", "c@example.org", "市政府", "张三", "d@example.org", "010-1", "是"),
        Unit("甲局", CODE),
        Unit("乙局"),
    ]
    with writing(engine) as connection:
        campaign = a_campaign(connection, units)
    with reading(engine) as connection:
        found = campaign_units(connection, campaign.id)
        assert [one.unit for one in found] == units
        assert [campaign_unit(connection, one.id) for one in found] == list(found)
        assert campaign_unit(connection, 77) is None


def test_the_same_list_again_changes_nothing(engine: Engine) -> None:
    units = [Unit("甲局", CODE), Unit("乙局")]
    with writing(engine) as connection:
        campaign = a_campaign(connection, units)
        assert enter_units(connection, campaign.id, units, START + 1, "李科") == ((), (), ())
        assert connection.execute(select(func.count()).select_from(UNIT_ENTRIES)).scalar() == 2


def test_a_unit_is_known_by_its_code_and_then_by_its_name(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, [Unit("甲局", CODE), Unit("乙局"), Unit("丙局")])
        before = the_units(connection, campaign)
        listed = enter_units(
            connection,
            campaign.id,
            [Unit("甲新局", CODE.lower()), Unit("乙 局", OTHER), Unit("丁局")],
            START + 1,
            "李科",
        )
        now = the_units(connection, campaign)
    assert now["甲新局"].id == before["甲局"].id
    assert now["乙 局"].id == before["乙局"].id
    assert [one.unit.name for one in listed.new] == ["丁局"]
    assert [one.unit.name for one in listed.changed] == ["甲新局", "乙 局"]
    assert [one.unit.name for one in listed.withdrawn] == ["丙局"]
    assert now["丙局"].withdrawn


def test_units_are_found_by_what_a_cover_says(engine: Engine) -> None:
    listed = [Unit("甲局", CODE), Unit("乙局", OTHER.lower()), Unit("丙局"), Unit("甲 局", OTHER)]
    with writing(engine) as connection:
        campaign, other = a_campaign(connection, listed), a_campaign(connection, listed, "另一个")
        enter_units(connection, campaign.id, [*listed[:2], listed[3]], START + 1, "李科")
        enter_units(connection, campaign.id, [Unit("甲新局", CODE)], START + 2, "李科", is_whole=False)
        wanted = [("甲局", ""), ("乙 局", ""), ("", OTHER), ("甲局", OTHER), ("丙局", ""), ("丁局", "1"), ("", "")]
        for whole in (True, False):
            units = campaign_units(connection, campaign.id, withdrawn=whole)
            for name, code in wanted:
                meant = identity(name, code)
                found = units_known_by(connection, campaign.id, meant, withdrawn=whole)
                assert list(found) == [one for one in units if identity(one.unit.name, one.unit.code).shares(meant)]
        both = units_known_by(connection, other.id, identity("甲局"), identity("丙局"))
        assert [one.unit.name for one in both] == ["甲局", "丙局", "甲 局"]


def test_two_units_that_exchange_their_names_stay_who_they_are_by_code(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, [Unit("甲局", CODE), Unit("乙局", OTHER)])
        before = the_units(connection, campaign)
        enter_units(connection, campaign.id, [Unit("甲局", OTHER), Unit("乙局", CODE)], START + 1, "李科")
        now = the_units(connection, campaign)
    assert (now["甲局"].id, now["乙局"].id) == (before["乙局"].id, before["甲局"].id)


def test_a_withdrawn_unit_comes_back_as_itself(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局", "乙局"])
        before = the_units(connection, campaign)["乙局"]
        enter_units(connection, campaign.id, [Unit("甲局")], START + 1, "李科")
        enter_units(connection, campaign.id, [Unit("甲局"), Unit("乙局")], START + 2, "李科")
        assert the_units(connection, campaign)["乙局"] == before


def test_of_one_name_the_unit_that_is_listed_now_is_meant(engine: Engine) -> None:
    """Also where one was entered later that the list names no more."""
    with writing(engine) as connection:
        campaign = a_campaign(connection, [Unit("甲局", "91110000100000001A"), Unit("乙局", "91110000100000002B")])
        first, second = campaign_units(connection, campaign.id)
        enter_units(connection, campaign.id, [Unit("乙局", first.unit.code)], START, "王科")
        assert [one.id for one in campaign_units(connection, campaign.id)] == [first.id]
        changed = enter_units(connection, campaign.id, [Unit("乙局")], START, "王科")
        assert [one.id for one in campaign_units(connection, campaign.id)] == [first.id]
        assert (changed.new, changed.withdrawn, second.unit.name) == ((), (), "乙局")


def test_a_part_of_a_list_leaves_the_others(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局", "乙局"])
        enter_units(
            connection,
            campaign.id,
            [Unit("乙局", "", "b@example.org"), Unit("丙局")],
            START + 1,
            "李科",
            is_whole=False,
        )
        found = campaign_units(connection, campaign.id)
    assert [(one.unit.name, one.unit.email, one.place) for one in found] == [
        ("甲局", "", 0), ("乙局", "b@example.org", 1), ("丙局", "", 2),
    ]  # fmt: skip


def test_a_unit_above_others_need_not_hand_in_as_long_as_it_is_above_them(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, [Unit("市政府"), Unit("甲局", parent="市政府")])
        assert not the_units(connection, campaign)["市政府"].hands_in
        enter_units(connection, campaign.id, [Unit("甲局")], START + 1, "李科", is_whole=False)
        assert the_units(connection, campaign)["市政府"].hands_in


def test_campaigns_do_not_share_units(engine: Engine) -> None:
    with writing(engine) as connection:
        one, other = (a_campaign(connection, [Unit("甲局", CODE)], name) for name in ("一", "二"))
        assert the_units(connection, one)["甲局"].id != the_units(connection, other)["甲局"].id
