"""What starting costs: ``import xlcheck`` and a whole ``xlcheck verify``, as ratios against peers in one run.

Run ``python -m benchmarks.imports [OTHER ...]`` with xlcheck installed (not in place: the files of an editable install are
found more slowly). OTHER is the Python of a further environment that another version is installed in. Figures are medians of the
processor's time (user and system) of whole processes, taken in turns; what counts are ratios and differences.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
ROUNDS = 60
PEERS = {"nothing": "pass", "import json": "import json", "import openpyxl": "import openpyxl"}


def spent(command: list[str], folder: Path) -> float:
    """Milliseconds of the processor that a process takes, with those that it waits for."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def medians(commands: dict[str, list[str]], folder: Path) -> dict[str, float]:
    """The median of each, taken in turns; the first rounds only fill caches."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(ROUNDS + 3):
        for name, command in commands.items():
            time = spent(command, folder)
            if number >= 3:
                taken[name].append(time)
    return {name: statistics.median(times) for name, times in taken.items()}


def commands(pythons: list[str]) -> dict[str, list[str]]:
    """What is measured, by name; of each environment the same, and the peers of the first one."""
    first = pythons[0]
    found = {f"{name} ({first})": [first, "-c", code] for name, code in PEERS.items()}
    for python in pythons:
        script = str(Path(python).with_name("xlcheck"))
        found[f"import xlcheck ({python})"] = [python, "-c", "import xlcheck"]
        found[f"xlcheck verify ({python})"] = [script, "verify", "one.xlsx"]
        found[f"xlcheck --version ({python})"] = [script, "--version"]
    return found


def main() -> None:
    """Measure, and print a table."""
    pythons = [sys.executable, *sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(next(SAMPLES.glob("通过-*.xlsx")), folder / "one.xlsx")
        found = medians(commands(pythons), folder)
    json, openpyxl = (found[f"{peer} ({pythons[0]})"] for peer in ("import json", "import openpyxl"))
    print("| what | processor time | against import json | against import openpyxl |\n|---|---|---|---|")
    for what, value in found.items():
        print(f"| {what} | {value:.1f} ms | {value / json:.2f}x | {value / openpyxl:.2f}x |")


if __name__ == "__main__":
    main()
