"""How fast one workbook is verified and annotated, as ratios against peers in one run.

Run ``python -m benchmarks.verify`` (``poe bench``) with xlcheck installed. Figures are medians over interleaved rounds,
so that a noisy machine slows all of them alike; what counts are the ratios.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

import openpyxl

from benchmarks import nephew
from samples.make import COVER, published
from xlcheck.checking.verify import Verification, verify_submission
from xlcheck.copies.annotate import Source, annotate
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form
from xlcheck.forms.rules import catalogue
from xlcheck.guard.admit import admit
from xlcheck.reading.open import Forms, open_workbook
from xlcheck.reading.read import read_submission

ROUNDS = 60
FORM, FORMS = load_form(), Forms()
TEN_FAULTS: Mapping[str, Any] = {
    "disclosure.regulations.issued": 2.5,
    "disclosure.licensing.decisions": "无",
    "disclosure.coercion.decisions": -1,
    "disclosure.fees.amount": "1,234",
    "requests.refused_law.business": "",
    "requests.granted.legal": "",
    "disclosure.regulations.repealed": "见附件",
    "requests.granted.person": 2,
    "disputes.review.total": 1,
}


def floor(data: bytes) -> None:
    """Unzip every member and scan the XML ones with expat, without handlers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(content, True)


def whole(data: bytes) -> Verification:
    """Guard, read and verify."""
    return verify_submission(open_workbook(data, FORMS).submission)


def rounds(
    calls: Mapping[str, Callable[[], object]], times: int = ROUNDS, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """The median time of each call in milliseconds, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(times + 3):
        for name, call in calls.items():
            start = clock()
            call()
            if number >= 3:
                taken[name].append((clock() - start) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def line(name: str, value: float, peer: float, target: str) -> None:
    """One line of the table."""
    print(f"| {name} | {value:.2f} ms | {value / peer:.2f}x | {target} |")


def processes(clean: Path) -> None:
    """Whole processes: time against importing openpyxl, and memory."""
    xlcheck = str(Path(sys.executable).with_name("xlcheck"))
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    peer, ours = "python -c 'import openpyxl'", "xlcheck verify one.xlsx"
    taken = rounds(
        {peer: run(sys.executable, "-c", "import openpyxl"), ours: run(xlcheck, "verify", str(clean))}, times=20
    )
    line(peer, taken[peer], taken[peer], "")
    line(ours, taken[ours], taken[peer], "< 1x")
    probe = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, xlcheck, "verify", str(clean)], check=True, capture_output=True, text=True
    )
    print(f"| memory of that process | {int(done.stdout) / 1024:.1f} MB | | < 40 MB |")


def copies(faulty: bytes) -> None:
    """Annotating a workbook, against openpyxl's bare load and save of it; time of the processor."""
    source, found, rules = Source(faulty, admit(faulty)), whole(faulty), catalogue(FORM)
    taken = rounds(
        {
            "bare": lambda: openpyxl.load_workbook(io.BytesIO(faulty)).save(io.BytesIO()),
            "annotate": lambda: annotate(source, found, rules),
        },
        times=20,
        clock=time.process_time,
    )
    marked = len({place for finding in found.findings for place in finding.places})
    line("openpyxl load + save", taken["bare"], taken["bare"], "")
    line(f"annotate, {len(found.findings)} findings, {marked} cells", taken["annotate"], taken["bare"], "≤ 0.08x")


def main() -> None:
    """Print the table."""
    clean, faulty = (render(FORM, COVER, {**published(FORM), **changes}) for changes in ({}, TEN_FAULTS))
    package = admit(clean)
    submission = read_submission(package, clean, FORM)
    clean = render(FORM, COVER, published(FORM))
    package = admit(clean)
    submission = read_submission(package, clean, FORM)
    print(f"Python {sys.version.split()[0]}, workbook of {len(clean)} bytes, {len(package.parts)} members\n")
    print("| what | median | ratio | target |\n|---|---|---|---|")
    taken = rounds(
        {
            "floor": lambda: floor(clean),
            "guard": lambda: admit(clean),
            "read": lambda: read_submission(package, clean, FORM),
            "verify": lambda: verify_submission(submission),
            "xlcheck": lambda: whole(clean),
            "nephew": lambda: nephew.check(io.BytesIO(clean)),
        }
    )
    line("floor: unzip + expat scan", taken["floor"], taken["floor"], "")
    for name in ("guard", "read", "verify"):
        line(f"of it: {name}", taken[name], taken["floor"], "")
    line("xlcheck, one clean workbook in process", taken["xlcheck"], taken["floor"], "≤ 3x the floor")
    line("plain openpyxl script", taken["nephew"], taken["xlcheck"], "≥ 8x xlcheck")
    source = Source(faulty, admit(faulty))
    found = whole(faulty)
    rules = catalogue(FORM)
    taken = rounds(
        {
            "bare": lambda: openpyxl.load_workbook(io.BytesIO(faulty)).save(io.BytesIO()),
            "annotate": lambda: annotate(source, found, rules),
        },
        times=20,
    )
    line("openpyxl load + save", taken["bare"], taken["bare"], "")
    line(f"annotate, {len(found.findings)} findings", taken["annotate"], taken["bare"], "≤ 1.5x")
    for changes in ({"requests.received.person": 60}, TEN_FAULTS):
        copies(render(FORM, COVER, {**published(FORM), **changes}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.xlsx"
        path.write_bytes(clean)
        processes(path)


if __name__ == "__main__":
    main()
