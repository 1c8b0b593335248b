"""How fast folders are verified: one worker against two, a cluster, resuming, and a plain script; and memory.

Run ``python -m benchmarks.batch [FILES [ROUNDS]]`` (5,000 and 2 unless told otherwise) with ``xlcheck[cluster]`` installed. Everything is
measured in this one run, as whole commands; what counts are the ratios.
"""

from __future__ import annotations

import io
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
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks import nephew
from benchmarks.verify import FORM, TEN_FAULTS
from samples.make import COVER, published
from xlcheck.drawing.template import render

KINDS = 20
"""Different workbooks; the others are the same under other names."""
FAILING = 0.3
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def fill(folder: Path, files: int, failing: float) -> None:
    """A folder of workbooks, of which some fail."""
    folder.mkdir()
    faults = dict(list(TEN_FAULTS.items())[:3])
    books = []
    for number in range(KINDS):
        bad = number < KINDS * failing
        books.append(render(FORM, {**COVER, "unit": f"第 {number} 局"}, {**published(FORM), **(faults if bad else {})}))
    for number in range(files):
        # Spread evenly, as they lie in real folders.
        (folder / f"{number:06}.xlsx").write_bytes(books[number * 7 % KINDS])


def verify(folder: Path, *options: str, fresh: bool = True) -> float:
    """Seconds that a whole command takes."""
    out = folder.with_name(f"{folder.name}-out")
    if fresh and out.exists():
        shutil.rmtree(out)
    command = [sys.executable, "-m", "xlcheck", "verify", str(folder), "-o", str(out), "--quiet", *options]
    start = time.perf_counter()
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return taken


def script(paths: list[Path]) -> float:
    """Seconds that a plain openpyxl script takes on two cores."""
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(check, paths, chunksize=8))
    return time.perf_counter() - start


def check(path: Path) -> object:
    """What the script does with one file."""
    return nephew.check(io.BytesIO(path.read_bytes()))


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


def main() -> None:
    """Print the table."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as root:
        clean, mixed = Path(root, "clean"), Path(root, "mixed")
        fill(clean, files, 0)
        fill(mixed, files, FAILING)
        taken: dict[str, list[float]] = {}
        few = sorted(clean.iterdir())[: max(files // 20, 20)]
        with cluster() as address:
            for _ in range(rounds):
                measures: tuple[tuple[str, Callable[[], float]], ...] = (
                    ("clean, one worker", lambda: verify(clean, "--jobs", "1")),
                    ("clean, two workers", lambda: verify(clean, "--jobs", "2")),
                    ("clean, resumed", lambda: verify(clean, "--jobs", "2", "--resume", fresh=False)),
                    ("clean, two workers of a cluster", lambda: verify(clean, "--scheduler", address)),
                    ("mixed, one worker", lambda: verify(mixed, "--jobs", "1")),
                    ("mixed, two workers", lambda: verify(mixed, "--jobs", "2")),
                    ("mixed, resumed", lambda: verify(mixed, "--jobs", "2", "--resume", fresh=False)),
                    ("clean, plain script, two processes", lambda: script(few) * files / len(few)),
                )
                for name, measure in measures:
                    taken.setdefault(name, []).append(measure())
        medians = {name: statistics.median(times) for name, times in taken.items()}
        first, last = memory(clean, min(500, files // 2))
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {files} files, medians of {rounds} rounds\n")
    print("| what | seconds | files/s |\n|---|---|---|")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds:.1f} | {files / seconds:.0f} |")
    two = medians["clean, two workers"]
    rows = [
        ("clean: two workers against one", medians["clean, one worker"] / two, "≥ 1.7x"),
        ("mixed: two workers against one", medians["mixed, one worker"] / medians["mixed, two workers"], "≥ 1.6x"),
        ("clean: against the plain script", medians["clean, plain script, two processes"] / two, "≥ 12x"),
        ("cluster against two workers here", two / medians["clean, two workers of a cluster"], "≥ 0.75x"),
        ("resumed: part of the first run, clean", medians["clean, resumed"] / two, "≤ 0.10x"),
        ("resumed: part of the first run, mixed", medians["mixed, resumed"] / medians["mixed, two workers"], "≤ 0.10x"),
    ]
    print("\n| ratio | measured | target |\n|---|---|---|")
    for name, ratio, target in rows:
        print(f"| {name} | {ratio:.2f}x | {target} |")
    print(
        f"| memory of the parent, early {first:.1f} MB, at the end {last:.1f} MB | {last - first:+.1f} MB | < 20 MB |"
    )


if __name__ == "__main__":
    main()
