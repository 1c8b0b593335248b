"""What fuzzing starts from: the template, the samples, and the hostile corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
