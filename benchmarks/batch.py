"""How fast folders are verified: one worker against two, a cluster, resuming, and bare scripts; and memory.

Run ``python -m benchmarks.batch [FILES [ROUNDS]]`` (5,000 and 2 unless told otherwise) with ``xlcheck[cluster]`` installed, and
with the extra ``bench`` for polars. Everything is measured in this one run, as whole commands; what counts are the ratios.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks.clock import ENVIRONMENT, Cost, command, environment
from benchmarks.verify import FORM, TEN_FAULTS
from samples.make import COVER, published
from xlcheck.drawing.template import render

KINDS = 200
"""Workbooks with numbers of their own; the others are the same under other names."""
FAILING = 0.3


def fill(folder: Path, files: int, failing: float) -> None:
    """A folder of workbooks, of which some fail."""
    folder.mkdir()
    faults = dict(list(TEN_FAULTS.items())[:3])
    books = []
    for number in range(KINDS):
        bad = number < KINDS * failing
        values = {key: value * (number + 1) for key, value in published(FORM).items()}  # what balances still does
        books.append(render(FORM, {**COVER, "unit": f"第 {number} 局"}, {**values, **(faults if bad else {})}))
    for number in range(files):
        # Spread evenly, as they lie in real folders.
        (folder / f"{number:06}.xlsx").write_bytes(books[number * 7 % KINDS])


def verify(folder: Path, *options: str, fresh: bool = True) -> Cost:
    """What a whole command costs."""
    out = folder.with_name(f"{folder.name}-out")
    if fresh and out.exists():
        shutil.rmtree(out)
    words = (sys.executable, "-m", "xlcheck", "verify", str(folder), "-o", str(out), "--quiet", *options)
    return command(*words, codes=(0, 1))


def script(reader: str, folder: Path) -> Cost:
    """What a bare script costs on two cores."""
    return command(sys.executable, "-m", "benchmarks.bare", reader, str(folder), str(folder.with_suffix(".csv")))


@contextmanager
def cluster() -> Iterator[str]:
    """A Dask cluster of two worker processes on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "scheduler")
        running = [_dask(log, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
        try:
            address = _said(log, r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)")
            for number in range(2):
                log = Path(folder, f"worker{number}")
                running.append(_dask(log, "worker", address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard"))
                _said(log, "(Registered to)")
            yield address
        finally:
            for process in reversed(running):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _dask(log: Path, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
        return subprocess.Popen(command, stdout=file, stderr=file, env=ENVIRONMENT, start_new_session=True)


def _said(log: Path, pattern: str) -> str:
    for _ in range(600):
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(log.read_text(errors="replace"))


def memory(folder: Path, early: int) -> tuple[float, float]:
    """Resident megabytes of the parent after some files, and after the last."""
    code = (
        "import sys\n"
        "from xlcheck.commands import chinese, progress\n"
        "from xlcheck.commands.cli import cli\n"
        "steps, step = 0, progress.Progress.step\n"
        "def counted(self):\n"
        "    global steps\n"
        "    steps += 1\n"
        f"    if steps in ({early}, {len(list(folder.iterdir()))}):\n"
        "        line = next(line for line in open('/proc/self/status') if line.startswith('VmRSS'))\n"
        "        print('RSS', line.split()[1], file=sys.stderr)\n"
        "    step(self)\n"
        "progress.Progress.step = counted\n"
        "chinese.run_command(cli, 'xlcheck', ['verify', sys.argv[1], '-o', sys.argv[1] + '-out', '--jobs', '2', '--quiet'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], env=ENVIRONMENT, capture_output=True, check=True)
    first, last = (int(kilobytes) / 1024 for kilobytes in re.findall(rb"RSS (\d+)", done.stderr))
    return first, last


def measures(clean: Path, mixed: Path, address: str) -> dict[str, Callable[[], Cost]]:
    """What is measured, by its name."""
    readers = [name for name, package in (("openpyxl", "openpyxl"), ("calamine", "python_calamine"), ("polars", "fastexcel"))
               if find_spec(package)]  # fmt: skip
    return {
        "clean, one worker": lambda: verify(clean, "--jobs", "1"),
        "clean, two workers": lambda: verify(clean, "--jobs", "2"),
        "clean, resumed": lambda: verify(clean, "--jobs", "2", "--resume", fresh=False),
        "clean, two workers of a cluster": lambda: verify(clean, "--scheduler", address),
        "mixed, one worker": lambda: verify(mixed, "--jobs", "1"),
        "mixed, two workers": lambda: verify(mixed, "--jobs", "2"),
        "mixed, resumed": lambda: verify(mixed, "--jobs", "2", "--resume", fresh=False),
    } | {f"clean, bare script on {reader}": partial(script, reader, clean) for reader in readers}


RATIOS = (
    ("clean: two workers against one, wall", "wall", "clean, one worker", "clean, two workers", "≥ 1.7x"),
    ("mixed: two workers against one, wall", "wall", "mixed, one worker", "mixed, two workers", "≥ 1.6x"),
    ("clean, of the bare script on calamine", "cpu", "clean, two workers", "clean, bare script on calamine", "≤ 2.5x"),
    ("clean, of the bare script on polars", "cpu", "clean, two workers", "clean, bare script on polars", ""),
    ("clean, of the bare script on openpyxl", "cpu", "clean, two workers", "clean, bare script on openpyxl", "≤ 0.08x"),
    ("mixed, of clean", "cpu", "mixed, two workers", "clean, two workers", "≤ 1.6x"),
    ("cluster, of two workers here, wall", "wall", "clean, two workers of a cluster", "clean, two workers", "≤ 1.3x"),
    ("clean: resumed, of the first run", "cpu", "clean, resumed", "clean, two workers", "≤ 0.10x"),
    ("mixed: resumed, of the first run", "cpu", "mixed, resumed", "mixed, two workers", "≤ 0.10x"),
)
"""What is told of what is measured: which cost of which two commands, and what it should be."""


def main() -> None:
    """Print the table."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as root:
        clean, mixed = Path(root, "clean"), Path(root, "mixed")
        fill(clean, files, 0)
        fill(mixed, files, FAILING)
        taken: dict[str, list[Cost]] = {}
        with cluster() as address:
            for _ in range(rounds):
                for name, measure in measures(clean, mixed, address).items():
                    taken.setdefault(name, []).append(measure())
        first, last = memory(clean, min(500, files // 2))
    medians = {name: Cost(*map(statistics.median, zip(*costs, strict=True))) for name, costs in taken.items()}
    print(f"{environment()}; {os.cpu_count()} cores, {files} files, medians of {rounds} rounds\n")
    print("| what | wall | files/s | CPU a file |\n|---|---|---|---|")
    for name, cost in medians.items():
        print(f"| {name} | {cost.wall:.1f} s | {files / cost.wall:.0f} | {cost.cpu / files * 1000:.2f} ms |")
    print("\n| ratio | measured | target |\n|---|---|---|")
    for name, which, one, other, target in RATIOS:
        if other in medians:
            print(f"| {name} | {getattr(medians[one], which) / getattr(medians[other], which):.2f}x | {target} |")
    print(
        f"| memory of the parent, early {first:.1f} MB, at the end {last:.1f} MB | {last - first:+.1f} MB | < 20 MB |"
    )


if __name__ == "__main__":
    main()
