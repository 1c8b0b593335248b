"""The campaign's record of letters: the laws of every record, and what holds of one that several may open at once."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from tests.mail.sending.laws import TO, A, B, LetterLaws, Relist, enter, state
from tests.making.ledgers import START, a_campaign
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.letter_turns import letter_turns
from xlcheck.campaign.ledger.letters import CampaignLetterLedger, letters_to, sending_alone
from xlcheck.campaign.ledger.reminders import reminders_of
from xlcheck.campaign.ledger.schema import LETTER_DELIVERIES, LETTER_TURNS, LETTERS
from xlcheck.campaign.ledger.transfer import content_digests
from xlcheck.campaign.ledger.units import campaign_units, enter_units
from xlcheck.mail.sending.entries import Reply, of_round
from xlcheck.model.errors import LedgerTrouble
from xlcheck.roster.units import Unit

TEXT = "市教育局：\n\n　　请改正。\n"
ACCEPTED = {TO[0]: Reply("accepted", "")}


@pytest.fixture
def campaign(engine: Engine) -> int:
    with writing(engine) as connection:
        return a_campaign(connection, [A, B]).id


@pytest.fixture
def record(engine: Engine, campaign: int) -> Callable[..., CampaignLetterLedger]:
    """Opens the record, as often as it is asked."""
    ticks = itertools.count(START)
    return lambda **how: CampaignLetterLedger(engine, campaign, "王科", lambda: next(ticks), **how)


@pytest.fixture
def ledger(record: Callable[..., CampaignLetterLedger]) -> CampaignLetterLedger:
    return record()


@pytest.fixture
def relist(engine: Engine, campaign: int, ledger: CampaignLetterLedger) -> Relist:
    def told(units: Sequence[Unit]) -> None:
        with writing(engine) as connection:
            enter_units(connection, campaign, units, START, "王科", is_whole=False)
        ledger.reload()

    return told


class TestCampaign(LetterLaws):
    """The laws of every record."""

    @pytest.fixture(autouse=True)
    def _what_is_in_mind_is_what_is_kept(self, ledger: CampaignLetterLedger) -> Iterator[None]:
        yield
        known = [(one, ledger.deliveries(one)) for one in ledger.letters()]
        ledger.reload()
        assert [(one, ledger.deliveries(one)) for one in ledger.letters()] == known


def rows(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        tables = (LETTERS, LETTER_TURNS, LETTER_DELIVERIES)
        return [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]


def test_a_rehearsal_writes_nothing(
    engine: Engine, ledger: CampaignLetterLedger, record: Callable[..., CampaignLetterLedger]
) -> None:
    ledger.begin(enter(ledger), TO, TO)
    before = rows(engine)
    rehearsed = record(rehearse=True)
    assert state(rehearsed) == "uncertain"
    rehearsed.change([enter(rehearsed, content="2")._replace(subject="主题")])
    assert [letter.subject for letter in rehearsed.letters()] == ["", "主题"]
    assert rows(engine) == before
    assert state(record()) == "sending"


def said_by(engine: Engine, campaign: int) -> list[tuple[str, str]]:
    """Of each turn that is told of the first unit's letters, its state and what the letter says."""
    with reading(engine) as connection:
        unit = campaign_units(connection, campaign)[0].id
        return [(one.state, one.text) for one in letter_turns(connection, unit)]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_a_letter_says_is_kept_once_and_goes_with_its_turns(
    engine: Engine, campaign: int, ledger: CampaignLetterLedger, record: Callable[..., CampaignLetterLedger]
) -> None:
    first, second = (enter(ledger, content=content)._replace(text_digest=digest(TEXT)) for content in "12")
    ledger.change([first, second], [TEXT, TEXT])
    ledger.begin(first, TO, TO)
    again = record()
    again.interrupted()
    changed = again.letters()[0]._replace(text_digest=digest("已改正。"))
    again.change([changed], ["已改正。"])
    again.begin(changed, TO, TO)
    again.settle(changed, dict.fromkeys(TO, Reply("accepted", "")))
    assert said_by(engine, campaign) == [("uncertain", TEXT), ("sent", "已改正。")]
    with reading(engine) as connection:
        assert sorted(content_digests(connection)) == sorted(map(digest, (TEXT, "已改正。")))


def test_a_text_and_its_turn_are_entered_together_or_not_at_all(
    engine: Engine, campaign: int, ledger: CampaignLetterLedger
) -> None:
    letter = enter(ledger)
    before = rows(engine)
    with pytest.raises(IntegrityError):
        ledger.change([letter._replace(state="written", text_digest=digest("another"))], [TEXT])
    assert rows(engine) == before
    with reading(engine) as connection:
        assert content_digests(connection) == []
    ledger.change([letter._replace(state="written")])
    assert said_by(engine, campaign) == [("written", "")]


def test_no_letter_begins_that_another_took_up_since(record: Callable[..., CampaignLetterLedger]) -> None:
    letter = enter(record())
    first, second = record(), record()
    first.begin(letter, TO, TO)
    with pytest.raises(LedgerTrouble, match="另一处正在发"):
        second.begin(letter, TO, TO)
    assert first.settle(letter, dict.fromkeys(TO, Reply("accepted", ""))) == "sent"
    assert state(record()) == "sent"


def test_one_sends_at_a_time(engine: Engine, campaign: int, opened: Callable[[], Engine]) -> None:
    other = opened()
    with (
        sending_alone(engine, campaign),
        pytest.raises(LedgerTrouble, match="另一处正在发"),
        sending_alone(other, campaign),
    ):
        pass
    with sending_alone(other, campaign), pytest.raises(OSError, match="of the body"):
        raise OSError("of the body")


def test_a_reminder_is_noted_once_a_round(
    engine: Engine, campaign: int, ledger: CampaignLetterLedger, record: Callable[..., CampaignLetterLedger]
) -> None:
    with reading(engine) as connection:
        unit = campaign_units(connection, campaign)[0].id

    def noted() -> list[tuple[str, int]]:
        with reading(engine) as connection:
            return [(one.way, one.round) for one in reminders_of(connection, unit)]

    letter = ledger.enter(A, "reminder", of_round(1), "example.org", START)
    ledger.begin(letter, TO[:1], TO)
    assert noted() == []
    ledger.interrupted()
    ledger.begin(letter, TO[:1], TO)
    assert ledger.settle(letter, ACCEPTED) == "sent"
    assert noted() == [("letter", 1)]
    again = ledger.enter(A, "reminder", of_round(2), "example.org", START)
    ledger.change([again._replace(state="written")])
    ledger.begin(again, TO[:1], TO)
    ledger.settle(again, ACCEPTED)
    ledger.begin(enter(ledger), TO[:1], TO)
    ledger.settle(enter(ledger), ACCEPTED)
    assert noted() == [("letter", 1), ("letter", 2)]
    with reading(engine) as connection:
        assert letters_to(connection, unit) == ledger.of(A) == record().letters()
