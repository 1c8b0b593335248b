"""What fuzzing starts from: the template, the samples, and the hostile corpus, or the small workbooks of the guard's table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fuzz.readings import small
from tests.hostile import makers

ROOT = Path(__file__).parent.parent
PLACES = ("templates/*.xlsx", "samples/*.xlsx", "tests/hostile/corpus/files/*")
MOST = 60_000
"""Larger files slow the fuzzer down and show nothing that a small one cannot."""


def seeds() -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    for place in PLACES:
        for path in sorted(ROOT.glob(place)):
            if path.stat().st_size <= MOST:
                yield path.name, path.read_bytes()


SMALL = 4_000
"""Bytes of a workbook of a few cells: so quick to read that a million of them take an hour or two."""


def small_seeds() -> Iterator[tuple[str, bytes]]:
    """Names and contents of small workbooks in all formats, admitted ones and others."""
    yield "small.xlsx", makers.pack(small())
    for number, (_, maker, _) in enumerate(makers.HOSTILE):
        data = maker()
        if 0 < len(data) <= SMALL:
            yield f"{number:03}", data
