"""What one workbook costs to verify and to annotate, as ratios against peers in one run.

Run ``python -m benchmarks.verify`` (``poe bench``) with xlcheck installed. Figures are medians of user and system time over
interleaved rounds, so that a noisy machine slows all of them alike; what counts are the ratios.
"""

from __future__ import annotations

import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.parsers import expat

import openpyxl
import python_calamine

from benchmarks import nephew
from benchmarks.clock import command, environment, in_turns
from samples.make import COVER, published
from xlcheck.checking.verify import Verification, verify_submission
from xlcheck.copies.annotate import Source, annotate
from xlcheck.drawing.template import render
from xlcheck.forms.file import form_text, load_form, parse_form
from xlcheck.forms.rules import catalogue
from xlcheck.guard.admit import admit
from xlcheck.reading.open import Forms, open_submission
from xlcheck.reading.read import read_submission

ROUNDS = 60
BOOKS = 90
"""Workbooks with numbers of their own: more than the memory of a batch holds the sheets of."""
_AT_ONCE = 15
"""Workbooks that one LibreOffice saves as .ods: another one writes some of it in another order."""
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
    """Guard, read and verify, with nothing known of any other workbook."""
    return verify_submission(open_submission(data, FORM).submission)


def in_batch(data: bytes) -> Verification:
    """The same of one of many workbooks that come of one template."""
    return verify_submission(open_submission(data, FORMS).submission)


def filled(number: int) -> bytes:
    """A clean workbook of a unit of its own: what holds of numbers holds of their multiples."""
    return render(FORM, {**COVER, "unit": f"第 {number} 局"}, {key: n * number for key, n in published(FORM).items()})


def by_calamine(data: bytes) -> list[list[Any]]:
    """All values, with nothing before and nothing behind."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def as_ods(books: Sequence[bytes]) -> list[bytes]:
    """Workbooks as LibreOffice saves them; none without LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        return []
    saved: list[bytes] = []
    for first in range(0, len(books), _AT_ONCE):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            paths = [folder / f"{number}.xlsx" for number in range(len(books))][first : first + _AT_ONCE]
            for path, data in zip(paths, books[first:], strict=False):
                path.write_bytes(data)
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            command(office, "--headless", profile, "--convert-to", "ods", "--outdir", name, *map(str, paths))
            saved += [path.with_suffix(".ods").read_bytes() for path in paths]
    return saved


def line(name: str, value: float, peer: float, target: str = "") -> None:
    """One line of the table."""
    print(f"| {name} | {value:.2f} ms | {value / peer:.2f}x | {target} |")


def in_process(clean: bytes) -> None:
    """One clean workbook and many, as they are and as LibreOffice saves them."""
    package = admit(clean)
    submission = read_submission(package, clean, FORM)
    books = [filled(number) for number in range(1, BOOKS + 1)]
    others = cycle(books)
    calls: dict[str, Callable[[], object]] = {
        "unzip + expat scan": lambda: floor(clean),
        "calamine alone": lambda: by_calamine(clean),
        "guard": lambda: admit(clean),
        "read": lambda: read_submission(package, clean, FORM),
        "verify": lambda: verify_submission(submission),
        "xlcheck": lambda: whole(clean),
        "in a batch": lambda: in_batch(next(others)),
        "nephew": lambda: nephew.check(io.BytesIO(clean)),
    }
    taken = in_turns(calls, ROUNDS * 2)
    peer = taken["unzip + expat scan"]
    for name in ("unzip + expat scan", "calamine alone"):
        line(name, taken[name], peer)
    line("xlcheck, one clean workbook in process", taken["xlcheck"], peer)
    line("the same, one of many of one template", taken["in a batch"], peer, "≤ 1.5x unzip + expat")
    for name in ("guard", "read", "verify"):
        line(f"of it: {name}", taken[name], peer)
    line("plain openpyxl script, of xlcheck", taken["nephew"], taken["xlcheck"], "≥ 8x")
    saved = as_ods(books)
    if saved:
        documents(saved)


def documents(saved: Sequence[bytes]) -> None:
    """The same saved as .ods; calamine is given what xlcheck is given: numbers of their own."""
    alone, many, first = cycle(saved), cycle(saved), cycle(saved)
    taken = in_turns(
        {
            "calamine": lambda: by_calamine(next(alone)),
            "in a batch": lambda: in_batch(next(many)),
            "xlcheck": lambda: whole(next(first)),
        },
        ROUNDS * 2,
    )
    line(".ods: calamine alone", taken["calamine"], taken["calamine"])
    line(".ods: xlcheck, one of many of one template", taken["in a batch"], taken["calamine"], "≤ 4x calamine")
    line(".ods: the same, with nothing known of any other", taken["xlcheck"], taken["calamine"])


def the_form() -> None:
    """The form that comes with xlcheck: kept ready, and parsed."""
    text = form_text()
    taken = in_turns({"parsed": lambda: parse_form(text), "ready": load_form}, ROUNDS)
    line("the form, parsed", taken["parsed"], taken["parsed"])
    line("the form, kept ready", taken["ready"], taken["parsed"])


def copies(faulty: bytes) -> None:
    """The annotated copy of a workbook with findings, against openpyxl's bare load and save of it."""
    source, found, rules = Source(faulty, admit(faulty)), whole(faulty), catalogue(FORM)
    taken = in_turns(
        {
            "bare": lambda: openpyxl.load_workbook(io.BytesIO(faulty)).save(io.BytesIO()),
            "annotate": lambda: annotate(source, found, rules),
        },
        20,
    )
    marked = len({place for finding in found.findings for place in finding.places})
    line("openpyxl load + save", taken["bare"], taken["bare"])
    line(f"annotate, {len(found.findings)} findings, {marked} cells", taken["annotate"], taken["bare"], "≤ 0.08x")


def processes(clean: bytes, faulty: bytes) -> None:
    """Whole processes against importing openpyxl, and memory."""
    xlcheck = str(Path(sys.executable).with_name("xlcheck"))
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("clean", clean), ("failing", faulty)):
            (Path(folder) / f"{name}.xlsx").write_bytes(data)
        commands = {
            "python -c 'import openpyxl'": (sys.executable, "-c", "import openpyxl"),
            "python -c 'import click'": (sys.executable, "-c", "import click"),
            "xlcheck verify clean.xlsx": (xlcheck, "verify", str(Path(folder, "clean.xlsx"))),
            "xlcheck verify failing.xlsx, with its copy": (xlcheck, "verify", str(Path(folder, "failing.xlsx"))),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(20):
            for name, words in commands.items():
                taken[name].append(command(*words, codes=(0, 1)).cpu * 1000)
        medians = {name: statistics.median(costs) for name, costs in taken.items()}
        targets = ("", "", "≤ 0.80x", "≤ 1.0x")
        for (name, median), target in zip(medians.items(), targets, strict=True):
            line(name, median, medians["python -c 'import openpyxl'"], target)
        print(
            f"| memory of that on the clean one | {_memory(xlcheck, Path(folder, 'clean.xlsx')):.1f} MB | | < 40 MB |"
        )


def _memory(xlcheck: str, path: Path) -> float:
    probe = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    words = [sys.executable, "-c", probe, xlcheck, "verify", str(path)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def main() -> None:
    """Print the table."""
    clean, faulty = (render(FORM, COVER, {**published(FORM), **changes}) for changes in ({}, TEN_FAULTS))
    print(f"{environment()}; workbook of {len(clean)} bytes, {len(admit(clean).parts)} members\n")
    print("| what | CPU, median | ratio | target |\n|---|---|---|---|")
    in_process(clean)
    the_form()
    copies(render(FORM, COVER, {**published(FORM), "requests.received.person": 60}))
    copies(faulty)
    processes(clean, faulty)


if __name__ == "__main__":
    main()
