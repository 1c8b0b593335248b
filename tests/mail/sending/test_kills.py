"""kill -9 at random moments: nobody gets two letters, and nobody is forgotten (``benchmarks/kills.py`` does it more)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.kills import Stage, campaign_stage, stage


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("made", [stage, campaign_stage])
def test_nobody_gets_two_letters_and_nobody_is_forgotten(made: Callable[[Path, int], Stage], tmp_path: Path) -> None:
    for killed in made(tmp_path, 12).kills(2):
        assert (killed.twice, killed.missing) == (0, 0)
        assert killed.once + killed.uncertain == 12
        assert killed.uncertain <= 1
