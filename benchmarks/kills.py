"""Kill ``xlcheck mail`` with SIGKILL at random moments, go on, and count who got how many letters.

Run ``python -m benchmarks.kills [KILLS [LETTERS]]`` with the extras ``dev`` installed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.servers.kills import Killed, stage


def main(kills: int, letters: int) -> None:
    """Print a line for each kill, and the sums."""
    total = Killed(0, 0, 0, 0, 0, 0)
    print("| kill | taken before it | exactly once | uncertain | of these not got | twice | missing |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number, killed in enumerate(stage(Path(folder), letters).kills(kills), start=1):
            total = Killed(*(a + b for a, b in zip(total, killed, strict=True)))
            print(f"| {number} | {' | '.join(map(str, killed))} |", flush=True)
    print(f"| all, of {kills * letters} letters | {' | '.join(map(str, total))} |")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:]), *(50, 200)[len(sys.argv) - 1 :])
