"""What checking a report as a document takes, as a whole process, beside a library that reads its tables and does no more.

Usage: ``python -m benchmarks.reports [--times N]``. One report in each kind goes in turns through ``xlcheck verify`` and through
its peer: python-docx, lxml, pdfplumber, and nothing but Python. Medians of the processor's time, and the least on the clock.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.clock import Cost, command, environment
from tests.making import printouts
from tests.making.figures import FIGURES
from tests.making.written_reports import page_report, text_report, word_report

_FIGURES = FIGURES["city"]
_LINES = 230
"""Paragraphs before the tables, with which the printed report has ten pages."""


class Kind(NamedTuple):
    """A report in one kind."""

    suffix: str
    maker: Callable[[], bytes]
    peer: str
    """What it is called."""
    program: str
    """Its whole program; the file is its argument."""


KINDS = (
    Kind(
        ".docx",
        lambda: word_report(_FIGURES),
        "python-docx",
        "import docx; [[c.text for c in r.cells] for t in docx.Document(sys.argv[1]).tables for r in t.rows]",
    ),
    Kind(
        ".html",
        lambda: page_report(_FIGURES).encode(),
        "lxml",
        "from lxml import html; [c.text_content() for c in html.parse(sys.argv[1]).iter('td', 'th')]",
    ),
    Kind(
        ".pdf",
        lambda: printouts.by_office({"report": printouts.typed(_FIGURES, lines=_LINES)})["report"],
        "pdfplumber",
        "import pdfplumber; [p.extract_tables() for p in pdfplumber.open(sys.argv[1]).pages]",
    ),
    Kind(
        ".txt",
        lambda: text_report(_FIGURES).encode(),
        "Python",
        "[line.split('\\t') for line in open(sys.argv[1], encoding='utf-8')]",
    ),
)


def costs(kind: Kind, times: int) -> Mapping[str, list[Cost]]:
    """What both take, in turns, once the files of both are in the system's memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"report{kind.suffix}")
        path.write_bytes(kind.maker())
        of_each = {
            "xlcheck": (sys.executable, "-m", "xlcheck", "verify", str(path)),
            kind.peer: (sys.executable, "-c", f"import sys; {kind.program}", str(path)),
        }
        taken: dict[str, list[Cost]] = {name: [] for name in of_each}
        for number in range(times + 1):
            for name, words in of_each.items():
                cost = command(*words, codes=(0, 1))
                if number:
                    taken[name].append(cost)
        return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    asked = parser.parse_args()
    print(environment())
    print("| report | CPU | on the clock, least | peer | its CPU | ratio |")
    print("|---|---:|---:|---|---:|---:|")
    for kind in KINDS:
        taken = costs(kind, asked.times)
        ours, its = (statistics.median(cost.cpu for cost in taken[name]) for name in ("xlcheck", kind.peer))
        least = min(cost.wall for cost in taken["xlcheck"])
        said = f"{ours:.2f} s | {least:.2f} s | {kind.peer} | {its:.2f} s | {ours / its:.2f}"
        print(f"| {kind.suffix} | {said} |", flush=True)


if __name__ == "__main__":
    main()
