"""A worksheet with a long run of rows that are never all in memory (XlsxWriter)."""

from __future__ import annotations

from collections.abc import Iterable

from xlsxwriter.worksheet import Worksheet


class StreamedSheet(Worksheet):  # type: ignore[misc]
    """What stands above and below the run is written cell by cell, in any order."""

    dim_rowmin: int
    dim_rowmax: int

    def __init__(self) -> None:
        super().__init__()
        self._first, self._count = 0, 0
        self._rows: Iterable[str] = ()

    def stream(self, first: int, count: int, rows: Iterable[str]) -> None:
        """Let a run of rows be made while the workbook is closed; what styles they use must be known before.

        Args:
            first: the row that the run begins with, from 0.
            count: of its rows.
            rows: each as a ``row`` element (ISO/IEC 29500-1, 18.3.1.73).
        """
        self._first, self._count, self._rows = first, count, rows
        if count:
            self._check_dimensions(first + count - 1, 0)

    def _write_rows(self) -> None:
        first, last = self.dim_rowmin, self.dim_rowmax
        self.dim_rowmax = min(last, self._first - 1)
        super()._write_rows()
        for row in self._rows:
            self.fh.write(row)
        self.dim_rowmin, self.dim_rowmax = max(first, self._first + self._count), last
        super()._write_rows()
        self.dim_rowmin = first
