"""kill -9 at random moments: nobody gets two letters, and nobody is forgotten (``benchmarks/kills.py`` does it more)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.servers.kills import stage


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_nobody_gets_two_letters_and_nobody_is_forgotten(tmp_path: Path) -> None:
    for killed in stage(tmp_path, 20).kills(2):
        assert (killed.twice, killed.missing) == (0, 0)
        assert killed.once + killed.uncertain == 20
        assert killed.uncertain <= 1
