"""The record: identity, states, and what is on the disk when."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlcheck.mail.sending.ledger import (
    LEDGER_FOLDER,
    LEDGER_NAME,
    Fate,
    LetterEntry,
    LetterLedger,
    LetterState,
    Reply,
    locked,
    open_letter_ledger,
)
from xlcheck.model.errors import LedgerTrouble
from xlcheck.roster.units import Unit

A = Unit("市教育局", "11510400X")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[LetterLedger]:
    (tmp_path / LEDGER_FOLDER).mkdir()
    with open_letter_ledger(tmp_path) as fresh:
        yield fresh


def enter(ledger: LetterLedger, unit: Unit = A, content: str = "1") -> LetterEntry:
    return ledger.enter(unit, "failed", content, "example.org", 1_768_000_000)


def state(ledger: LetterLedger) -> LetterState:
    return ledger.letters()[0].state


def test_unit_kind_and_content_are_one_letter(ledger: LetterLedger) -> None:
    first = enter(ledger)
    assert enter(ledger) == first
    assert enter(ledger, content="2").message_id != first.message_id
    assert ledger.enter(A, "notice", "1", "example.org", 0).id != first.id
    assert enter(ledger, Unit("市气象局")).id != first.id


def test_a_unit_stays_the_same_by_code_or_by_name(ledger: LetterLedger) -> None:
    first = enter(ledger, Unit("市教育局"))
    assert enter(ledger, Unit("市 教育局", "11510400x")).id == first.id
    ledger.remember([A])
    assert enter(ledger, Unit("市教育和体育局", "11510400X")).id == first.id


def test_a_code_that_went_to_another_unit_finds_nothing_of_the_first(ledger: LetterLedger) -> None:
    first = enter(ledger)
    ledger.remember([Unit("市教育局", "9"), Unit("市气象局", "11510400X")])
    assert enter(ledger, Unit("市气象局", "11510400X")).id != first.id
    assert {unit.name: unit.code for unit in ledger.units()} == {"市教育局": "9", "市气象局": "11510400X"}


def test_another_folder_makes_other_message_ids(ledger: LetterLedger, tmp_path: Path) -> None:
    (tmp_path / "b" / LEDGER_FOLDER).mkdir(parents=True)
    with open_letter_ledger(tmp_path / "b") as other:
        assert enter(other).message_id != enter(ledger).message_id


TO = ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("fates", "after"),
    [
        (("accepted", "accepted"), "sent"),
        (("accepted", "refused"), "partly"),
        (("accepted", "later"), "partly"),
        (("refused", "refused"), "refused"),
        (("later", "refused"), "planned"),
        (("accepted", "uncertain"), "uncertain"),
    ],
)
def test_the_state_follows_from_the_recipients(
    ledger: LetterLedger, fates: tuple[Fate, Fate], after: LetterState
) -> None:
    letter = enter(ledger)
    ledger.begin(letter, TO, TO)
    assert state(ledger) == "sending"
    assert ledger.settle(letter, {to: Reply(fate, "said") for to, fate in zip(TO, fates, strict=True)}) == after
    assert state(ledger) == after


def test_what_was_left_as_sending_is_uncertain(ledger: LetterLedger) -> None:
    ledger.begin(enter(ledger), TO, TO)
    assert ledger.interrupted() == 1
    assert state(ledger) == "uncertain"
    assert {reply.fate for reply in ledger.deliveries(enter(ledger)).values()} == {"uncertain"}
    assert ledger.interrupted() == 0


def test_an_uncertain_recipient_stays_so_until_the_server_takes_the_letter(ledger: LetterLedger) -> None:
    letter = enter(ledger)
    ledger.begin(letter, TO[:1], TO)
    ledger.interrupted()
    ledger.begin(letter, TO[:1], TO)
    assert ledger.settle(letter, {TO[0]: Reply("refused", "550 no")}) == "uncertain"
    ledger.begin(letter, TO[:1], TO)
    assert ledger.settle(letter, {TO[0]: Reply("accepted", "250 ok")}) == "sent"


def test_a_corrected_address_replaces_the_refused_one(ledger: LetterLedger) -> None:
    letter = enter(ledger)
    ledger.begin(letter, TO, TO)
    ledger.settle(letter, {TO[0]: Reply("accepted", ""), TO[1]: Reply("refused", "550 no")})
    ledger.begin(letter, ["c@example.org"], {TO[0], "c@example.org"})
    assert ledger.settle(letter, {"c@example.org": Reply("accepted", "")}) == "sent"
    assert set(ledger.deliveries(letter)) == {TO[0], "c@example.org"}


def test_only_what_never_left_is_forgotten(ledger: LetterLedger) -> None:
    letters = [enter(ledger, content=str(number)) for number in range(3)]
    fates: tuple[Fate, Fate] = ("accepted", "uncertain")
    for letter, fate in zip(letters[:2], fates, strict=True):
        ledger.begin(letter, TO[:1], TO)
        ledger.settle(letter, {TO[0]: Reply(fate, "")})
    ledger.drop(letters)
    assert [letter.id for letter in ledger.letters()] == [letter.id for letter in letters[:2]]


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    with open_letter_ledger(tmp_path, rehearse=True) as ledger:
        enter(ledger)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / LEDGER_FOLDER).mkdir()
    with open_letter_ledger(tmp_path) as ledger:
        enter(ledger)
    with open_letter_ledger(tmp_path, rehearse=True) as ledger:
        enter(ledger, content="2")
        assert len(ledger.letters()) == 2
    with open_letter_ledger(tmp_path) as ledger:
        assert len(ledger.letters()) == 1


def test_a_damaged_record_is_never_begun_anew(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FOLDER).mkdir()
    (tmp_path / LEDGER_FOLDER / LEDGER_NAME).write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(LedgerTrouble, match="已损坏"), open_letter_ledger(tmp_path):
        pass
    (tmp_path / LEDGER_FOLDER / LEDGER_NAME).unlink()
    with sqlite3.connect(tmp_path / LEDGER_FOLDER / LEDGER_NAME) as later:
        later.execute("PRAGMA user_version=99")
    later.close()
    with pytest.raises(LedgerTrouble, match="更新版本"), open_letter_ledger(tmp_path):
        pass


def test_one_at_a_time_until_the_process_ends(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom xlcheck.mail.sending.ledger import locked\n"
        "with locked(Path(sys.argv[1])):\n print('locked', flush=True)\n time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(LedgerTrouble, match="另一个 xlcheck mail"), locked(tmp_path):
            pass
        other.kill()
        other.wait()
    with locked(tmp_path):
        pass
