"""What it costs a batch that each copy and result is on the disk before the record says that it is done.

Run ``python -m benchmarks.flush [FILES [ROUNDS]]``: ``xlcheck verify FOLDER -o OUT`` as it is, and with a flush that does
nothing, in turns; every third file has errors and gets a copy. On a file system in memory both are the same: look at
what the folder for temporary files lies on, or set TMPDIR.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.clock import ENVIRONMENT, Cost, command
from benchmarks.kills import book_of
from tests import ROOT

_AS_IT_IS = "from xlcheck.__main__ import start; start()"
_WITHOUT = f"import os; os.fsync = os.fdatasync = lambda _: None; {_AS_IT_IS}"


def main(files: int, rounds: int) -> None:
    """Print a table."""
    taken: dict[str, list[Cost]] = {_AS_IT_IS: [], _WITHOUT: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for number in range(files):
            (folder / "in" / f"{number:04}.xlsx").write_bytes(book_of(number))
        where = subprocess.run(["stat", "-f", "-c", "%T", name], capture_output=True, text=True, check=True).stdout
        for number in range(rounds):
            for at, code in enumerate(taken):
                out = folder / f"out{number}-{at}"
                words = [sys.executable, "-c", code, "verify", str(folder / "in"), "-o", str(out), "--quiet"]
                taken[code].append(command(*words, codes=(1,)))
    print(f"{files} files, {rounds} rounds, {where.strip()}")
    print("| | on the clock, s | CPU, s |")
    print("|---|---:|---:|")
    medians = []
    for said, costs in zip(("flushed", "not flushed"), taken.values(), strict=True):
        wall, cpu = (statistics.median(one) for one in zip(*costs, strict=True))
        medians.append((wall, cpu))
        print(f"| {said} | {wall:.2f} | {cpu:.2f} |")
    print(f"| ratio | {medians[0][0] / medians[1][0]:.2f} | {medians[0][1] / medians[1][1]:.2f} |")


if __name__ == "__main__":
    ENVIRONMENT["PYTHONPATH"] = str(ROOT)
    given = [int(number) for number in sys.argv[1:]]
    main(*given, *(300, 5)[len(given) :])
