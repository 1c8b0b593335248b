"""What checking each file of the hostile corpus takes, its copy included, as whole commands.

``python -m benchmarks.bounds`` runs ``xlcheck verify FILE -o FOLDER`` once for each, one after the other, and asks the
system (wait4) for the processor's time of all its processes and the memory of the largest. Times on the clock are not
looked at. ``--of NAME…`` measures some, ``--all`` prints every file and not only those that take most.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests import ROOT
from tests.hostile.corpus.cases import CASES

SECONDS, MEGABYTES = 2.0, 150.0
"""What is promised."""
_SHOWN = 12


class Cost(NamedTuple):
    """What one command took."""

    name: str
    codes: str
    """What was said: the codes of the findings, in the order of the report."""
    seconds: float
    megabytes: float


_LAUNCHER = """
import json, os, sys
out, *command = sys.argv[1:]
nothing = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
said = (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
usage = os.wait4(os.posix_spawn(command[0], command, os.environ, file_actions=[said, nothing]), 0)[2]
print(json.dumps([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""
"""Starts the command from a small process: the system counts the memory of whoever starts a process as the process's own."""


def cost_of(name: str, data: bytes, *options: str) -> Cost:
    """Measure one file, checked in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path, report = Path(folder, name), Path(folder, "report.json")
        path.write_bytes(data)
        command = [
            sys.executable,
            "-m",
            "xlcheck",
            "verify",
            "--format",
            "json",
            "-o",
            f"{folder}/out",
            *options,
            str(path),
        ]
        measured = subprocess.run(
            [sys.executable, "-S", "-c", _LAUNCHER, str(report), *command],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        (file,) = json.loads(report.read_bytes())["files"]
    seconds, megabytes = json.loads(measured.stdout)
    return Cost(name, " ".join(sorted({finding["code"] for finding in file["findings"]})), seconds, megabytes)


def main() -> None:
    """Measure the corpus and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--of", nargs="*", default=[])
    parser.add_argument("--all", action="store_true")
    wanted = parser.parse_args()
    chosen = [case for case in CASES if not wanted.of or any(part in case.name for part in wanted.of)]
    costs = [cost_of(case.name, case.maker()) for case in chosen]
    print(f"{len(costs)} files; promised: {SECONDS:g} s of processor time, {MEGABYTES:g} MB")
    print("| file | said | CPU, s | memory, MB |")
    print("|---|---|---:|---:|")
    most = {*sorted(costs, key=lambda c: -c.seconds)[:_SHOWN], *sorted(costs, key=lambda c: -c.megabytes)[:_SHOWN]}
    for one in sorted(costs if wanted.all or wanted.of else most, key=lambda c: (-c.seconds, -c.megabytes)):
        print(f"| {one.name} | {one.codes} | {one.seconds:.2f} | {one.megabytes:.0f} |")
    over = [one for one in costs if one.seconds > SECONDS or one.megabytes > MEGABYTES]
    print(f"beyond the promise: {len(over)}")


if __name__ == "__main__":
    main()
