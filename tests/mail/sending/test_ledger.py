"""The record: identity, states, and what is on the disk when."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.sending.laws import LetterLaws, Relist, enter
from xlcheck.mail.sending.ledger import (
    LEDGER_FOLDER,
    LEDGER_NAME,
    FolderLetterLedger,
    locked,
    open_letter_ledger,
)
from xlcheck.model.errors import LedgerTrouble
from xlcheck.roster.units import Unit


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[FolderLetterLedger]:
    (tmp_path / LEDGER_FOLDER).mkdir()
    with open_letter_ledger(tmp_path) as fresh:
        yield fresh


@pytest.fixture
def relist(ledger: FolderLetterLedger) -> Relist:
    return ledger.remember


class TestFolder(LetterLaws):
    """The laws of every record."""


def test_a_code_that_went_to_another_unit_finds_nothing_of_the_first(ledger: FolderLetterLedger) -> None:
    first = enter(ledger)
    ledger.remember([Unit("市教育局", "9"), Unit("市气象局", "11510400X")])
    assert enter(ledger, Unit("市气象局", "11510400X")).id != first.id
    assert {unit.name: unit.code for unit in ledger.units()} == {"市教育局": "9", "市气象局": "11510400X"}


def test_another_folder_makes_other_message_ids(ledger: FolderLetterLedger, tmp_path: Path) -> None:
    (tmp_path / "b" / LEDGER_FOLDER).mkdir(parents=True)
    with open_letter_ledger(tmp_path / "b") as other:
        assert enter(other).message_id != enter(ledger).message_id


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
