"""How long ``xlcheck total`` takes for many units, and how much memory.

Run ``python -m benchmarks.total`` with xlcheck installed; ``--units`` says how many. Each is a workbook of its own with
numbers of its own, written to a temporary folder beforehand.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from samples.make import published
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form

_MEASURED = """\
import resource, sys
from xlcheck.commands import chinese
from xlcheck.commands.cli import cli
code = chinese.run_command(cli, "xlcheck", sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


_PLACES = re.compile(rb">UNIT<|>CODE<|987654321|123454321")


def fill(folder: Path, units: int) -> None:
    """Write the submissions: one is drawn, and its texts and one of its numbers are replaced for each unit."""
    form = load_form()
    values = {**published(form), "disclosure.licensing.decisions": 987654321, "disclosure.fees.amount": 123454321}
    drawn = render(form, {"unit": "UNIT", "code": "CODE", "year": "2025"}, values)
    with zipfile.ZipFile(io.BytesIO(drawn)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(units):
        new = {
            b">UNIT<": f">某某市第{number}单位<",
            b">CODE<": f">{number:018}<",
            b"987654321": f"{number}",
            b"123454321": f"{number}.{number % 100:02}",
        }
        with zipfile.ZipFile(folder / f"{number:05}.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, _PLACES.sub(lambda match, new=new: new[match[0]].encode(), content))  # type: ignore[misc]


def main() -> None:
    """Measure, and print a line for each number of units."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs="*", default=[40, 400, 3000])
    print("| units | whole process | a unit | memory | workbooks |")
    print("|---|---|---|---|---|")
    for units in parser.parse_args().units:
        with tempfile.TemporaryDirectory() as name:
            folder, target = Path(name, "in"), Path(name, "汇总.xlsx")
            folder.mkdir()
            fill(folder, units)
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _MEASURED, "total", str(folder), "-o", str(target), "--unit", "某某市"],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
            taken = time.perf_counter() - start
            code, memory = done.stdout.split()[-2:]
            assert code == "0", done.stderr
            sizes = " + ".join(f"{path.stat().st_size / 1e6:.2f} MB" for path in sorted(Path(name).glob("*.xlsx")))
            print(f"| {units} | {taken:.1f} s | {taken / units * 1000:.1f} ms | {memory} MB | {sizes} |", flush=True)


if __name__ == "__main__":
    main()
