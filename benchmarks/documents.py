"""Whether reports as documents are read right: made ones of every kind, through the way that every file takes.

Figure sets are drawn (:mod:`benchmarks.tables`, and one in which every field holds another number), each is printed as
every kind of document, with page ends at other places each time, or spelt another way each time where a kind has no pages, and
read by :func:`xlcheck.read`. Per kind, of all fields:

- ``right``: what the document says;
- ``wrong``: another number, or none where there is one, without a word. The worst that can happen;
- ``doubtful``: 请人工核对 (C112); ``missing``: no label proves where the field stands (S102).

Usage: ``python -m benchmarks.documents [--kinds NAME ...] [--sets N] [--places N] [--seed N] [--keep FOLDER]``. What is not
right is told on stderr with the name of its document, which ``--keep`` leaves in a folder.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import xlcheck
from benchmarks.tables import TABLES
from tests.making import printouts
from tests.making.spelt_reports import CELLS, DOCX, HTML, spelt_docx, spelt_html
from tests.making.written_reports import HEADS, SIGNED, TITLE, by_rows, tables
from xlcheck.checking.verdict import judge
from xlcheck.forms.file import load_form
from xlcheck.model.errors import Refused
from xlcheck.model.form import FieldKind, Form
from xlcheck.model.submission import Held, NoValue

Figures = Mapping[str, str]
"""What each field says, by its key."""
Maker = Callable[[Figures, Sequence[int]], Iterator[bytes]]
"""The documents of a kind that say these figures, one for each place of the page ends."""


def figure_sets(form: Form, count: int, seed: int) -> Iterator[tuple[str, Figures]]:
    """Sets of figures with their names."""
    for number in range(count):
        kind = (*TABLES, "distinct")[(number + 1) % (len(TABLES) + 1)]
        rng = random.Random(f"{seed} {number}")
        values: Mapping[str, int] = (
            dict(zip(form.by_key, rng.sample(range(10 ** rng.randint(3, 6)), len(form.by_key)), strict=True))
            if kind == "distinct"
            else TABLES[kind](form, rng)
        )
        yield f"{kind}-{seed}-{number}", {key: str(value) for key, value in values.items()}


# --- the kinds -------------------------------------------------------------------------------------------------------


def by_chromium(figures: Figures, places: Sequence[int]) -> Iterator[bytes]:
    """PDFs printed by Chromium."""
    yield from printouts.by_chromium(
        {str(place): printouts.printed_page(figures, gap=place * 37) for place in places}
    ).values()


def by_office(figures: Figures, places: Sequence[int]) -> Iterator[bytes]:
    """PDFs made by LibreOffice of .docx files."""
    made = {str(place): printouts.typed(figures, lines=place * 2, height=place % 3 * 9) for place in places}
    yield from printouts.by_office(made).values()


def as_text(figures: Figures, places: Sequence[int]) -> Iterator[bytes]:
    """Plain text in the usual encodings: with tabs, with bars, with gaps; pages have no ends there."""
    for place in places:
        parted = ("\t", " | ", "    ")[place % 3]
        lines = [TITLE, "一、总体情况", "本机关推进主动公开。" * place]
        for head, cells in zip(HEADS, tables(figures), strict=True):
            rows = [[one.text for one in row] for row in by_rows(cells)]
            lines += [head, *(f"| {parted.join(row)} |" if "|" in parted else parted.join(row) for row in rows), ""]
        yield "\n".join((*lines, *SIGNED)).encode(("utf-8", "gb18030", "utf-16")[place // 3 % 3])


_NOT_SAID = ("blank cells", "strokes", "dashes", "a cell short", "a row merged")
"""Spellings in which a number is not there, or in a place that nothing proves."""
_CELLS = [name for name in CELLS if name not in _NOT_SAID]


def as_word(figures: Figures, places: Sequence[int]) -> Iterator[bytes]:
    """Word files, spelt in as many ways as there are places."""
    for place in places:
        yield spelt_docx(figures, _CELLS[place % len(_CELLS)], list(DOCX)[place % len(DOCX)])


def as_page(figures: Figures, places: Sequence[int]) -> Iterator[bytes]:
    """Web pages likewise, in the usual encodings."""
    for place in places:
        made = spelt_html(figures, _CELLS[place % len(_CELLS)], list(HTML)[place % len(HTML)])
        said = made.decode().replace('<meta charset="utf-8">', '<meta charset="gbk">' if place % 3 == 1 else "")
        yield said.encode(("utf-8", "gb18030", "utf-16")[place % 3])


KINDS: Mapping[str, tuple[str, Maker]] = {
    "pdf by LibreOffice": (".pdf", by_office),
    "pdf by Chromium": (".pdf", by_chromium),
    "docx": (".docx", as_word),
    "html": (".html", as_page),
    "text": (".txt", as_text),
}
"""By name: the suffix and the maker."""


# --- what is read of them --------------------------------------------------------------------------------------------


class Read(NamedTuple):
    """How the fields of a document were read."""

    outcomes: Mapping[str, str]
    """By field key: right, wrong, doubtful or missing."""
    said: Mapping[str, str]
    """By field key, what is not right and why."""
    seconds: float
    """The processor's time."""


def read(data: bytes, figures: Figures) -> Read:
    """Read a document, and compare."""
    started = time.process_time()
    try:
        held = xlcheck.read(data).held
    except Refused as refused:
        return Read(dict.fromkeys(figures, "missing"), {"": refused.message}, time.process_time() - started)
    seconds = time.process_time() - started
    kinds = {field.key: field.kind for field in load_form().fields}
    outcomes = {key: _outcome(kinds[key], held[key], figure) for key, figure in figures.items()}
    said = {key: f"{figures[key]} → {held[key]!r}" for key, outcome in outcomes.items() if outcome != "right"}
    return Read(outcomes, said, seconds)


def _outcome(kind: FieldKind, held: Held, figure: str) -> str:
    if isinstance(held, NoValue) and held.kind in ("doubtful", "unproved"):
        return "doubtful" if held.kind == "doubtful" else "missing"
    value = judge(kind, held).value
    return "right" if value is not None and Decimal(value) == Decimal(figure) else "wrong"


_TOLD = 3
"""Fields of a document that are told of those that are not right."""


def main() -> None:
    """Make, read, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--sets", type=int, default=5)
    parser.add_argument("--places", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    sets = list(figure_sets(load_form(), asked.sets, asked.seed))
    print("| kind | documents | fields | right | wrong | doubtful | missing | CPU, median |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind in asked.kinds:
        suffix, maker = KINDS[kind]
        counts: Counter[str] = Counter()
        times = []
        for name, figures in sets:
            for place, data in enumerate(maker(figures, range(asked.places))):
                done = read(data, figures)
                counts.update(done.outcomes.values())
                times.append(done.seconds)
                if done.said:
                    _tell(f"{name}-{place}-{kind.replace(' ', '-')}{suffix}", done, data, asked.keep)
        shares = " | ".join(str(counts[outcome]) for outcome in ("right", "wrong", "doubtful", "missing"))
        middle = sorted(times)[len(times) // 2]
        print(f"| {kind} | {len(times)} | {counts.total()} | {shares} | {middle * 1000:.0f} ms |", flush=True)


def _tell(name: str, done: Read, data: bytes, keep: Path | None) -> None:
    for key, said in list(done.said.items())[:_TOLD]:
        print(f"{name}: {key} {done.outcomes.get(key, '')}: {said}", file=sys.stderr, flush=True)
    if len(done.said) > _TOLD:
        print(f"{name}: … {len(done.said)} fields", file=sys.stderr, flush=True)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / name).write_bytes(data)


if __name__ == "__main__":
    main()
