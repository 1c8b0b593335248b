"""Killed in the middle of what is handed in and sent, a server loses nothing that it acknowledged, and sends nothing twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.servers import postgres as postgresql
from tests.servers.postgres import DatabaseServer
from tests.servers.smtp import wait_for
from tests.web.killed import LETTERS, SAID, Handing, Killings, killings, office_at, served, staged
from tests.web.processes import are_over, below
from xlcheck.campaign.opening import open_campaign
from xlcheck.campaign.sending import letters_on_campaign


def _seen(handing: Handing) -> None:
    """Until a system and a unit know that theirs was taken in."""
    wait_for(lambda: handing.by_system and handing.by_link, 120)


def _check(killed: Killings, kills: int) -> None:
    assert killed.by_system >= kills
    assert killed.by_link >= kills
    assert (killed.lost, killed.twice, killed.missing, killed.left) == (0, 0, 0, 0)
    assert killed.once + killed.uncertain == kills * LETTERS


def test_nothing_is_lost_or_sent_twice(tmp_path: Path) -> None:
    with staged(tmp_path, "", 1) as stage:
        _check(killings(stage, 1, wait=_seen), 1)


def test_asked_to_end_it_sends_no_further_letter_and_says_how_many_are_left(tmp_path: Path) -> None:
    with staged(tmp_path, "", 1) as stage:
        with served(stage) as (process, address), office_at(stage, address) as office:
            office.send(0)
            wait_for(lambda: stage.post.received, 60)
            children = below(process.pid)
            process.terminate()
            assert process.wait(60) == 0
            assert are_over(children)
        arrived = sum(stage.post.received.values())
        said = (tmp_path / SAID).read_text(encoding="utf-8")
        assert f"下发填报表：窗口关闭了，还有 {LETTERS - arrived} 封信函没有发出；" in said
        with open_campaign(tmp_path / "2025") as opened:
            states = Counter(letter.state for letter in letters_on_campaign(opened))
        assert states == Counter(sent=arrived, planned=LETTERS - arrived)


def test_with_postgresql_it_is_the_same(
    postgres: DatabaseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", postgresql.PASSWORD)
    postgres.make("killed")
    try:
        with staged(tmp_path, f"postgresql://{postgresql.USER}@127.0.0.1:{postgres.port}/killed", 1) as stage:
            _check(killings(stage, 1, seed=1, wait=_seen), 1)
    finally:
        postgres.drop("killed")
