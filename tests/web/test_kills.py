"""Killed in the middle of what is handed in, a server has lost nothing that it acknowledged."""

from __future__ import annotations

from pathlib import Path

from tests.web.killed import hand_in_until_killed, lost, staged


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    taken = hand_in_until_killed(stage, 2.5)
    while not taken:
        taken = hand_in_until_killed(stage, 5)
    assert lost(stage, taken) == []
