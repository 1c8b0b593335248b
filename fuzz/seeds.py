"""What fuzzing starts from: the template, the samples, and all hostile files that are small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests import hostile

ROOT = Path(__file__).parent.parent
MOST = 100_000
"""Larger files slow the fuzzer down and show nothing that a small one cannot."""


def seeds() -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    for path in sorted([*ROOT.glob("templates/*.xlsx"), *ROOT.glob("samples/*.xlsx")]):
        yield path.name, path.read_bytes()
    for number, (_, maker, _) in enumerate(hostile.HOSTILE):
        data = maker()
        if len(data) <= MOST:
            yield f"hostile-{number}", data
