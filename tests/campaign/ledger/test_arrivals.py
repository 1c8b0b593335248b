"""What came in: once each, whose it is, and which of its unit's it is."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError

from tests.making.ledgers import OVER, START, a_campaign, hand_in, the_units
from xlcheck.campaign.ledger.arrivals import (
    arrival_of,
    arrival_with_receipt,
    arrivals_of,
    assign_arrival,
    enter_arrival,
    how_many_arrived,
    how_many_unowned,
    recent_arrivals,
    set_arrival_aside,
    unowned_arrivals,
)
from xlcheck.campaign.ledger.checks import check_of, checks_of
from xlcheck.campaign.ledger.contents import content_of, has_content, keep_content
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.schema import CHECKS, CONTENTS
from xlcheck.campaign.ledger.unowned import refused_files, unowned_of
from xlcheck.campaign.ledger.values import UNOWNED_WORDS, ActRefused, Unowned
from xlcheck.model.errors import LedgerTrouble


def test_arrivals_are_numbered_by_when_they_reached_the_office(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局", "乙局"])
        units = the_units(connection, campaign)
        upload = hand_in(connection, campaign, units["甲局"], at=START + 100)
        letter = hand_in(connection, campaign, units["甲局"], at=START + 50)  # fetched later
        hand_in(connection, campaign, units["乙局"], at=START + 70)
        found = arrivals_of(connection, units["甲局"].id)
    assert upload.number == 1
    assert [(one.id, one.number) for one in found] == [(letter.id, 1), (upload.id, 2)]


def test_the_same_content_again_is_new_only_where_another_came_between(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局", "乙局"])
        unit = the_units(connection, campaign)["甲局"]
        first = hand_in(connection, campaign, unit, data=b"A", at=START + 1)
        assert hand_in(connection, campaign, unit, data=b"A", at=START + 2) == first
        hand_in(connection, campaign, unit, data=b"B", at=START + 3)
        assert hand_in(connection, campaign, unit, data=b"A", at=START + 4).number == 3
        other = the_units(connection, campaign)["乙局"]
        assert hand_in(connection, campaign, other, data=b"A", at=START + 5).number == 1


def test_the_same_by_two_ways_is_one_whichever_is_fetched_first(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        unit = the_units(connection, campaign)["甲局"]
        first = hand_in(connection, campaign, unit, data=b"A", at=START + 10)
        hand_in(connection, campaign, unit, data=b"B", at=START + 300)
        for at in (START + 5, START + 10, START + 40):  # a letter of the same minute
            assert hand_in(connection, campaign, unit, data=b"A", at=at).id == first.id
        assert hand_in(connection, campaign, unit, data=b"A", at=START + 400).number == 3


def test_what_came_in_time_is_no_less_there_because_it_came_again_late(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        unit = the_units(connection, campaign)["甲局"]
        upload = hand_in(connection, campaign, unit, data=b"A", at=OVER + 30)
        letter = hand_in(connection, campaign, unit, data=b"A", at=OVER - 30)  # fetched the day after
        assert (letter.number, letter.id != upload.id) == (1, True)
        assert hand_in(connection, campaign, unit, data=b"A", at=OVER - 60).id == letter.id
        assert not unit_standings(connection, campaign.id, OVER + 99)[0].is_late


def test_what_was_taken_from_the_same_place_is_the_same(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        unit = the_units(connection, campaign)["甲局"]
        first = hand_in(connection, campaign, unit, data=b"A", origin="letter 1/1")
        hand_in(connection, campaign, unit, data=b"B", origin="letter 2/1", at=START + 99)
        digest = keep_content(connection, b"A")
        again = enter_arrival(
            connection, campaign.id, unit.id, digest, "a.xlsx", START + 100, "letter", "", "", "letter 1/1"
        )
        other = a_campaign(connection, ["甲局"], "另一个")
        apart = hand_in(connection, other, the_units(connection, other)["甲局"], data=b"A", origin="letter 1/1")
    assert (again.arrival.id, again.is_new) == (first.id, False)
    assert apart.id != first.id


def test_what_is_nobodys_is_assigned_later_and_again(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局", "乙局"])
        one, other = the_units(connection, campaign).values()
        stray = hand_in(connection, campaign, None)
        assert (stray.unit, stray.number) == (None, 0)
        assert unowned_arrivals(connection, campaign.id) == (stray,)
        hand_in(connection, campaign, other, at=START + 999)
        assert assign_arrival(connection, stray.id, one.id, START + 9, "李科").number == 1
        assert assign_arrival(connection, stray.id, other.id, START + 9, "李科").number == 1
        assert (arrivals_of(connection, one.id), unowned_arrivals(connection, campaign.id)) == ((), ())
        assert [one.number for one in arrivals_of(connection, other.id)] == [1, 2]
        with pytest.raises(ActRefused, match="已经归这个单位"):
            assign_arrival(connection, stray.id, other.id, START + 9, "李科")


def test_what_is_no_submission_is_set_aside_until_it_is_assigned(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        (unit,) = the_units(connection, campaign).values()
        stray, other = hand_in(connection, campaign, None), hand_in(connection, campaign, None, data=b"B")
        owned = hand_in(connection, campaign, unit)
        set_arrival_aside(connection, stray.id, " 通知的回执\n", START + 9, "李科")
        assert unowned_arrivals(connection, campaign.id) == (other,)
        assert unowned_arrivals(connection, campaign.id, "aside") == (stray,)
        assert [how_many_unowned(connection, campaign.id, kind) for kind in UNOWNED_WORDS] == [1, 1, 0]
        assert how_many_arrived(connection, campaign.id) == len(recent_arrivals(connection, campaign.id)) == 3
        found = unowned_of(connection, [stray.id, other.id, owned.id])
        assert found == {
            stray.id: Unowned("aside", "通知的回执", None, START + 9, "李科"),
            other.id: Unowned("unknown", "", None, other.at, other.by),
        }
        for one, why in ((owned, "已经归到单位"), (stray, "已经标为")):
            with pytest.raises(ActRefused, match=why):
                set_arrival_aside(connection, one.id, "", START + 10, "李科")
        assert assign_arrival(connection, stray.id, unit.id, START + 11, "李科").unit == unit.id
        assert unowned_of(connection, [stray.id]) == {}
        assert unowned_arrivals(connection, campaign.id, "aside") == ()


def test_what_was_not_taken_in_counts_for_whose_it_came_by(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign, last = a_campaign(connection, ["甲局", "乙局"]), a_campaign(connection, ["甲局"], "去年")
        one, other = the_units(connection, campaign).values()
        for number, (mine, whose, at) in enumerate(
            [
                (campaign, one.id, 5),
                (campaign, one.id, 50),
                (campaign, other.id, 60),
                (campaign, None, 70),
                (last, None, 80),
            ]
        ):
            digest = keep_content(connection, b"x" * (number + 1))
            why = Unowned("refused", "封面是别的单位的", whose)
            enter_arrival(connection, mine.id, None, digest, "a.xlsx", START + at, "upload", "", "链接", "", why)
        hand_in(connection, campaign, None)
        assert refused_files(connection, campaign.id, one.id, START)[:2] == (2, 3)
        assert refused_files(connection, campaign.id, one.id, START + 6)[:2] == (1, 2)
        assert refused_files(connection, campaign.id, None, START) == (1, 4, hashlib.sha256(b"xxxx").hexdigest())
        assert refused_files(connection, campaign.id, None, START + 99) == (0, 0, "")
        refused = unowned_arrivals(connection, campaign.id, "refused")
        assert [one.at - START for one in refused] == [5, 50, 60, 70]
        with pytest.raises(ActRefused, match="没有收下"):
            set_arrival_aside(connection, refused[0].id, "", START, "李科")


def test_a_receipt_is_found_however_it_is_typed(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        arrival = hand_in(connection, campaign, the_units(connection, campaign)["甲局"])
        for typed in (arrival.receipt, arrival.receipt.lower(), arrival.receipt.replace("-", " ")):
            assert arrival_with_receipt(connection, typed) == arrival
        assert arrival_with_receipt(connection, "没有") is None
        with pytest.raises(LookupError):
            arrival_of(connection, 77)


def test_contents_are_kept_once(engine: Engine) -> None:
    data = bytes(range(256)) * 99
    with writing(engine) as connection:
        digest = keep_content(connection, data)
        assert keep_content(connection, data) == digest
        assert content_of(connection, digest) == data
        assert not has_content(connection, "0" * 64)
        with pytest.raises(LookupError):
            content_of(connection, "0" * 64)


def test_a_content_that_is_no_longer_what_it_was_is_never_given_out(engine: Engine) -> None:
    with writing(engine) as connection:
        digest = keep_content(connection, b"numbers")
        connection.execute(update(CONTENTS).values(data=b"n0mbers"))
        with pytest.raises(LedgerTrouble, match="已损坏"):
            content_of(connection, digest)


def test_what_checking_said_is_read_or_said_to_be_damaged(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        arrival = hand_in(connection, campaign, the_units(connection, campaign)["甲局"])
        connection.execute(update(CHECKS).values(entry='{"status": '))
        for look in (lambda: check_of(connection, arrival.id), lambda: checks_of(connection, [arrival.id])):
            with pytest.raises(LedgerTrouble, match="已损坏"):
                look()


def test_nothing_comes_in_without_its_content(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
    with pytest.raises(IntegrityError), writing(engine) as connection:
        enter_arrival(connection, campaign.id, None, "0" * 64, "a.xlsx", START, "hand", "", "")


def test_names_of_strangers_are_cleaned(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        digest = keep_content(connection, b"A")
        found = enter_arrival(connection, campaign.id, None, digest, "a\0\u202e.xlsx", START, "hand", "x\ny", "")
    assert (found.arrival.name, found.arrival.sender) == ("a\ufffd\ufffd.xlsx", "x y")
