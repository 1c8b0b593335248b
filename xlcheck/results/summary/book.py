"""审核汇总.xlsx: what a batch came to, a sheet for each way of looking at it."""

from __future__ import annotations

import datetime
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from xlsxwriter.exceptions import FileCreateError

from xlcheck.drawing.listing import Book
from xlcheck.files.content import replacing
from xlcheck.forms.rules import Rule
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import Record
from xlcheck.results.summary import front
from xlcheck.results.summary.overview import Overview, SummaryRow, overview, replaced, result, row, rows
from xlcheck.results.summary.tables import RULES, Findings, Matrix, Units, draw_missing, draw_rules, draw_unlisted
from xlcheck.roster.match import Roster

_CREATED = datetime.datetime(2021, 9, 1)
"""Fixed, so that the same inputs give the same bytes."""


def write_summary(
    target: Path | BinaryIO,
    records: Callable[[], Iterable[Record]],
    rules: Mapping[str, Rule],
    roster: Roster | None = None,
    *,
    what: str = "",
    when: datetime.datetime | None = None,
) -> None:
    """Write the summary. Only one record is held at a time, and with a list of units a line for each file.

    Args:
        target: a path, which is replaced once all went well, or a binary file.
        records: gives all files' records, each path once, always in the same order; it is called twice.
        rules: the catalogue, or several merged.
        roster: the list of units with what came in, made of these records; None without a list.
        what: what was checked, as the user gave it.
        when: when it was checked; without it no time is told. The same arguments give the same bytes.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    place = target.parent if isinstance(target, Path) else None
    with (
        replacing(target) if isinstance(target, Path) else nullcontext(target) as file,
        # The rows wait on the disk that the workbook goes to; the usual folder may be in memory.
        tempfile.TemporaryDirectory(prefix=".~", dir=place) as folder,
        warnings.catch_warnings(),
    ):
        # XlsxWriter warns and leaves out what Excel would not take.
        warnings.filterwarnings("error", module="xlsxwriter")
        book = Book(file, folder, front.TITLE, when or _CREATED)
        try:
            _draw(book, _Batch.of(records, roster), rules, what, when)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            book.discard()


class _Batch(NamedTuple):
    records: Callable[[], Iterable[Record]]
    overview: Overview
    roster: Roster | None
    rows: Sequence[SummaryRow]
    """With a list, its rows; without one they are made of the records when they are needed."""

    @staticmethod
    def of(records: Callable[[], Iterable[Record]], roster: Roster | None) -> _Batch:
        results = map(result, records())
        if roster is None:
            return _Batch(records, overview(results), None, ())
        kept = {one.path: one for one in results}
        older = {handed.path for _, handed in replaced(roster)}
        return _Batch(records, overview(kept.values(), older), roster, tuple(rows(kept, roster)))


def _draw(book: Book, batch: _Batch, rules: Mapping[str, Rule], what: str, when: datetime.datetime | None) -> None:
    """All sheets, in their order; those that hold a row for each file are filled together."""
    roster = batch.roster
    listed = roster is not None
    first = book.add_sheet(front.FRONT_SHEET, "")
    units = Units(
        book,
        len(batch.rows) if listed else batch.overview.files.files,
        any(row.parent for row in batch.rows),
        listed,
    )
    findings = Findings(book, batch.overview.findings, rules, listed)
    draw_rules(book, batch.overview, rules)
    matrix = Matrix(book, batch.overview, rules)
    if roster is not None:
        draw_missing(book, roster, batch.rows)
        draw_unlisted(book, roster, batch.rows)
    known = {one.result.path: one for one in batch.rows if one.result}
    for record in batch.records():
        line = known[record.path] if listed else row(result(record))
        findings.add(record, line)
        if not listed:
            units.add(line)
            matrix.add(line)
    for line in batch.rows:
        units.add(line)
        matrix.add(line)
    matrix.end()
    totals = front.Totals(
        batch.overview,
        front.by_conclusion(batch.rows) if roster is not None else None,
        sum(stray.unit is None for stray in roster.strays) if roster is not None else 0,
        sum(stray.unit is not None for stray in roster.strays) if roster is not None else 0,
        units.unlinked,
        what,
        when,
    )
    front.draw(book, first, totals, rules, RULES)
