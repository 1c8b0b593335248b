"""The values of a worksheet that is plainly spelt, as calamine gives them: the guard's look has found them already.

What makes a date of a number, and texts that are spelt in a way of their own, are left to calamine.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from xlcheck.guard.plain import PlainBook, PlainCells
from xlcheck.guard.texts import texts_said
from xlcheck.model.text import LONGEST_CELL, entered

if TYPE_CHECKING:
    from xlcheck.guard.ods_tables import OdsValues


def all_entered(texts: Sequence[str]) -> Sequence[str]:
    """Texts of cells, each entered; the very same where they are as they should be, as mostly."""
    # Line ends and wide blanks stay, though Python does not take them for printable.
    printed = "".join(texts).replace("\n", "").replace("\u3000", "")
    if printed.isprintable() and max(map(len, texts), default=0) <= LONGEST_CELL:
        return texts
    return [entered(text, LONGEST_CELL, lines=True) for text in texts]


def rows_of(sheet: PlainCells, book: PlainBook, texts: Sequence[str] | None) -> list[list[object]] | None:
    """The rows from the top left cell to the last one that holds something; None where calamine has to be asked.

    Args:
        sheet: the worksheet.
        book: its workbook.
        texts: the shared strings, entered, as far as they are known.
    """
    layout = sheet.layout
    if not sheet.is_told or texts is None or book.dated is None or not book.dated.isdisjoint(layout.formats):
        return None
    words = texts_said(sheet.words, repeat(True, len(sheet.words)))
    inline = texts_said([text for _, _, text in layout.inline], [preserve for _, preserve, _ in layout.inline])
    if words is None or inline is None:
        return None
    held: list[tuple[Sequence[tuple[int, int]], Sequence[object]]] = [
        (layout.numbers.cells, [*map(float, sheet.numbers)]),
        (layout.shared.cells, [texts[number] for number in sheet.shared]),
        (layout.words.cells, all_entered(words)),
        (layout.truths.cells, [truth == b"1" for truth in sheet.truths]),
        ([cell for cell, _, _ in layout.inline], all_entered(inline)),
    ]
    bottom, right = layout.shape
    rows: list[list[object]] = [[""] * right for _ in range(bottom)]
    for cells, values in held:
        for (row, column), value in zip(cells, values, strict=True):
            rows[row][column] = value
    return rows


def rows_of_ods(values: OdsValues) -> list[list[object]]:
    """The same of a sheet of an .ods whose values are all told."""
    bottom = max((row + rows for row, rows, _, _ in values.spots), default=0)
    right = max((column + columns for _, _, column, columns in values.spots), default=0)
    grid: list[list[object]] = [[""] * right for _ in range(bottom)]
    for (row, rows, column, columns), value in zip(values.spots, values.values, strict=True):
        if rows == columns == 1:
            grid[row][column] = value
        else:
            for line in grid[row : row + rows]:
                line[column : column + columns] = [value] * columns
    return grid
