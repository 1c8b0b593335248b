"""The peers of a batch: bare scripts that read workbooks with a library each and check the same 42 relations.

``python -m benchmarks.bare calamine|openpyxl|polars FOLDER OUT.csv`` takes two processes. Cells by address, blanks as zero; no guard, no
labels, no messages, no summary.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import Any

REQUESTS, DISPUTES, PUBLISHED = NAMES = ("依申请公开", "复议诉讼", "主动公开")
Rows = Sequence[Sequence[Any]]


def by_calamine(path: Path) -> Mapping[str, Rows]:
    """The rows of the three tables."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in NAMES}


def by_polars(path: Path) -> Mapping[str, Rows]:
    """The rows of the three tables, every value as a text."""
    import polars

    frames = polars.read_excel(
        path,
        sheet_name=list(NAMES),
        has_header=False,
        infer_schema_length=0,
        drop_empty_rows=False,
        drop_empty_cols=False,
    )
    return {name: frame.rows() for name, frame in frames.items()}


def by_openpyxl(path: Path) -> Mapping[str, Rows]:
    """The rows of the three tables."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return {name: list(book[name].iter_rows(values_only=True)) for name in NAMES}


READERS = {"calamine": by_calamine, "openpyxl": by_openpyxl, "polars": by_polars}


def number(value: Any) -> float:
    """What a cell counts for."""
    return float(value or 0)


def wrong(books: Mapping[str, Rows]) -> list[str]:
    """The relations that do not hold, as their addresses."""
    found: list[str] = []
    table = [[number(value) for value in row[3:10]] for row in books[REQUESTS][4:29]]
    for column in range(7):
        down = [row[column] for row in table]
        if down[0] + down[1] != down[23] + down[24]:
            found.append(f"{'DEFGHIJ'[column]}5")
        if down[23] != sum(down[2:23]):
            found.append(f"{'DEFGHIJ'[column]}28")
    found += [f"J{line + 5}" for line, row in enumerate(table) if row[6] != sum(row[:6])]
    line = [number(value) for value in books[DISPUTES][4]]
    found += [f"{'EJO'[at]}5" for at in range(3) if line[5 * at + 4] != sum(line[5 * at : 5 * at + 4])]
    values = [value for row in books[PUBLISHED] for value in row]
    return found + ["主动公开" for value in values if isinstance(value, float) and value < 0]


def check(task: tuple[str, Path]) -> tuple[str, str]:
    """A line of the list."""
    reader, path = task
    return path.name, " ".join(wrong(READERS[reader](path))) or "ok"


def main() -> None:
    """Check a folder."""
    reader, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with Pool(2) as pool, out.open("w", newline="", encoding="utf-8") as file:
        tasks = [(reader, path) for path in sorted(folder.iterdir())]
        csv.writer(file).writerows(pool.imap(check, tasks, chunksize=16))


if __name__ == "__main__":
    main()
