"""Kill runs with SIGKILL at random moments, go on, and look whether anything is lost, half, or there twice.

Run ``python -m benchmarks.kills mail [KILLS [LETTERS]]``, the same with ``campaign`` for letters of a campaign, or ``python -m benchmarks.kills verify [KILLS [FILES]]`` with the extras
``dev`` installed.
"""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests import ROOT
from tests.making.filling import clean_values, form
from tests.servers.kills import Killed, Stage, campaign_stage, stage
from xlcheck.drawing.template import render

_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?Z?|\d{4} 年 \d+ 月 \d+ 日 \d\d:\d\d".encode())
"""How a summary tells when it was written."""


def mail(kills: int, letters: int, made: Callable[[Path, int], Stage] = stage) -> None:
    """Print a line for each kill of what sends letters, who got how many, and the sums."""
    total = Killed(0, 0, 0, 0, 0, 0)
    print("| kill | taken before it | exactly once | uncertain | of these not got | twice | missing |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number, killed in enumerate(made(Path(folder), letters).kills(kills), start=1):
            total = Killed(*(a + b for a, b in zip(total, killed, strict=True)))
            print(f"| {number} | {' | '.join(map(str, killed))} |", flush=True)
    print(f"| all, of {kills * letters} letters | {' | '.join(map(str, total))} |")


def verify(kills: int, files: int) -> None:
    """Kill ``xlcheck verify``, go on with ``--resume``, and compare all that it left with what an undisturbed run leaves."""
    chance = random.Random(0)
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        (folder / "in").mkdir()
        for number in range(files):
            (folder / "in" / f"{number:03}.xlsx").write_bytes(book_of(number))
        start = time.monotonic()
        code = _start(folder, "whole").wait()
        span, whole = time.monotonic() - start, _left(folder / "whole")
        print(f"undisturbed: {span:.1f} s, exit code {code}, {len(whole)} files left", flush=True)
        done = differing = redone = 0
        while done < kills:
            out = f"out{done}"
            process = _start(folder, out)
            time.sleep(chance.uniform(0, span))
            process.send_signal(signal.SIGKILL)
            if process.wait() != -signal.SIGKILL:
                continue  # it had ended before
            done += 1
            before = len(list((folder / out).glob("*.审核.xlsx"))) if (folder / out).exists() else 0
            again = _start(folder, out, "--resume").wait()
            left = _left(folder / out)
            wrong = sorted(name for name in whole.keys() | left.keys() if whole.get(name) != left.get(name))
            differing += bool(wrong) or again != code
            redone += before > 0
            if wrong or again != code:
                print(f"kill {done}: exit code {again}, differing: {', '.join(wrong)}", flush=True)
                print(_first(whole, left, wrong), flush=True)
            elif done % 10 == 0:
                print(f"{done} kills, {redone} of them with copies written before, {differing} differing", flush=True)
            subprocess.run(["rm", "-r", str(folder / out)], check=True)
    print(f"| {kills} kills of {files} files | {redone} after the first copy | {differing} differing |")


def book_of(number: int) -> bytes:
    """Every third one fails."""
    values = clean_values(requests__received__person=6 if number % 3 else 60 + number)
    return render(form(), {"unit": f"市第{number:03}局", "year": "2025"}, values)


def _start(folder: Path, out: str, *more: str) -> subprocess.Popen[bytes]:
    # Both runs are told of the same folder, whose name stands in the results.
    (folder / out).mkdir(exist_ok=True)
    command = [sys.executable, "-m", "xlcheck", "verify", "../in", "-o", ".", "--quiet", *more]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdout=quiet, stderr=quiet, cwd=folder / out, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    )


def _left(out: Path) -> dict[str, object]:
    """All that lies in a folder of results, by name, without times; of the record only that it is there."""
    found: dict[str, object] = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_dir() or name.startswith(".xlcheck/"):
            found[name.partition("-")[0]] = "there"
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as package:
                found[name] = [(each.filename, _TIME.sub(b"TIME", package.read(each))) for each in package.infolist()]
        else:
            found[name] = path.read_bytes()
    return found


def _first(whole: dict[str, object], left: dict[str, object], wrong: list[str]) -> str:
    """Where the first differing file begins to differ."""
    one, other = (repr(each.get(wrong[0])) if wrong else "" for each in (whole, left))
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"  {one[max(0, at - 300) : at + 100]}\n  {other[max(0, at - 300) : at + 100]}"


if __name__ == "__main__":
    what, *numbers = sys.argv[1:] or ["mail"]
    kills, size = (*map(int, numbers), *((100, 200) if what == "verify" else (50, 200))[len(numbers) :])
    if what == "verify":
        verify(kills, size)
    else:
        mail(kills, size, campaign_stage if what == "campaign" else stage)
