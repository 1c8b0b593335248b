"""How fast letters are written and proved by one process and by two, and how much of it only one process can do.

Run ``python -m benchmarks.letters [LETTERS [ROUNDS]]`` (300 and 3 unless told otherwise) with the extras ``dev`` installed. Both take turns,
each in a process of its own. What a busy machine changes least is processor time: with two cores to themselves, two processes
cannot take less than the half of what both and the one that hands out the work take together, nor less than that one alone.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from tests.servers.letters import clones
from xlcheck.mail.address import parse_address
from xlcheck.mail.sending import letter
from xlcheck.mail.sending import prepare as preparing
from xlcheck.mail.sending.attachment import copies_in
from xlcheck.mail.sending.ledger import open_letter_ledger
from xlcheck.mail.sending.plan import Wanted, decide_letters
from xlcheck.model.office import Office
from xlcheck.reading.open import Forms
from xlcheck.results.stored import load_results
from xlcheck.roster.units import Unit
from xlcheck.workers.spread import local_crew


class Taken(NamedTuple):
    """Milliseconds a letter."""

    wall: float
    here: float
    """Processor time of the process that hands out the work, keeps the record and the written letters."""
    workers: float
    """Processor time of those that read, write and prove."""


def prepared(out: Path, count: int, workers: int) -> None:
    """Prepare all letters of a folder of results, and print what it took."""
    with patch.object(preparing, "crew_for", lambda _: local_crew(workers) if workers > 1 else nullcontext()):
        print(*_prepared(out, count))


def _prepared(out: Path, count: int) -> Taken:
    units = tuple(Unit(f"市第{number:04}局", "", f"unit{number}@example.org") for number in range(count))
    with tempfile.TemporaryDirectory() as record, open_letter_ledger(Path(record)) as ledger:
        spool, results = preparing.Spool(), load_results(out)
        sender = parse_address("office@example.org")
        job = preparing.Mailing(
            copies_in(out), Wanted(), Office(), sender, (), letter.templates(None), Forms(), None, 20 << 20, int(time.time()), draft=False
        )  # fmt: skip
        start, before = time.perf_counter(), _cpu(resource.RUSAGE_SELF)
        drafts = decide_letters(units, (), results.records, job.wanted).drafts
        ready = preparing.prepare(drafts, units, job, ledger, spool).ready
        assert len(ready) == count
        taken = time.perf_counter() - start, _cpu(resource.RUSAGE_SELF) - before, _cpu(resource.RUSAGE_CHILDREN)
        return Taken(*(one / count * 1000 for one in taken))


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main(count: int, rounds: int) -> None:
    """Print the table."""
    runs: dict[int, list[Taken]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        out = clones(Path(folder), [f"市第{number:04}局" for number in range(count)])
        for _ in range(rounds):
            for workers, taken in runs.items():
                words = [sys.executable, "-m", "benchmarks.letters", str(out), str(count), str(workers)]
                done = subprocess.run(words, check=True, capture_output=True, text=True)
                taken.append(Taken(*map(float, done.stdout.split())))
    one, two = (Taken(*map(statistics.median, zip(*runs[workers], strict=True))) for workers in (1, 2))
    least = max((two.here + two.workers) / 2, two.here)
    print(f"Python {sys.version.split()[0]}, {count} letters, medians of {rounds} rounds\n")
    print("| processes | wall, a letter | processor time: handing out | reading, writing, proving |\n|---|---|---|---|")
    for name, cost in (("one", one), ("two", two)):
        print(f"| {name} | {cost.wall:.2f} ms | {cost.here:.2f} ms | {cost.workers:.2f} ms |")
    print(f"\nwall: {one.wall / two.wall:.2f}x; by processor time no more than {(one.here + one.workers) / least:.2f}x")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        prepared(Path(sys.argv[1]), *map(int, sys.argv[2:4]))
    else:
        given = [int(word) for word in sys.argv[1:]]
        main(*given, *(300, 3)[len(given) :])
