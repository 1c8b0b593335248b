"""Findings as a table of CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from xlcheck.model.text import harmless
from xlcheck.results.record import Record

FINDINGS_HEAD = (
    "path", "unit", "year", "status", "code", "severity", "cells", "message", "expected", "actual", "suggestions",
)  # fmt: skip


def write_csv(stream: TextIO, records: Iterable[Record]) -> None:
    """Write one line a finding, and one for each file without findings.

    The stream must leave line ends as they are (``newline=""``).
    """
    import csv

    writer = csv.writer(stream)
    writer.writerow(FINDINGS_HEAD)
    for one in records:
        who = (one.path, one.unit, "" if one.year is None else str(one.year), one.status)
        for line in one.lines:
            suggestions = "; ".join(f"{cell}={value}" for cell, value in line.suggestions)
            row = (line.code, line.severity, _cells(line.cells), line.message, line.expected, line.actual)
            writer.writerow(map(harmless, (*who, *row, suggestions)))
        if not one.lines:
            writer.writerow(map(harmless, (*who, *[""] * (len(FINDINGS_HEAD) - len(who)))))


def _cells(cells: Sequence[str]) -> str:
    """Those of a document have blanks in them."""
    return ("、" if any(" " in cell for cell in cells) else " ").join(cells)
