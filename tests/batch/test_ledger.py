"""The record of a batch where the disk has no room."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from xlcheck.batch.ledger import ResultLedger
from xlcheck.model.errors import LedgerTrouble


@pytest.mark.parametrize("pages", [8, 12, 40])
def test_a_record_that_finds_no_room_says_so(pages: int, tmp_path: Path) -> None:
    def fill() -> None:
        with ResultLedger(tmp_path, "results.sqlite") as ledger:
            base: sqlite3.Connection = ledger._base
            base.execute(f"PRAGMA max_page_count = {pages}")
            for number in range(1_000):
                base.execute("INSERT INTO written VALUES (?, ?)", (str(number), "x" * 1_000))

    with pytest.raises(LedgerTrouble, match="磁盘空间"):
        fill()


def test_what_else_goes_wrong_is_not_hidden_by_it(tmp_path: Path) -> None:
    def interrupted() -> None:
        with ResultLedger(tmp_path, "results.sqlite") as ledger:
            ledger._base.close()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
