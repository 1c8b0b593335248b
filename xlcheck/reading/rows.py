"""The values of a worksheet that is plainly spelt, as calamine gives them: the guard's look has found them already.

What makes a date of a number, and texts that are spelt in a way of their own, are left to calamine.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from xlcheck.guard.plain import PlainBook, PlainCells, Skeleton
from xlcheck.guard.texts import texts_said
from xlcheck.model.cells import Cell
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple

if TYPE_CHECKING:
    from xlcheck.guard.ods_found import OdsValues


def all_entered(texts: Sequence[str]) -> Sequence[str]:
    """Texts of cells, each entered; the very same where they are as they should be, as mostly."""
    # Line ends and wide blanks stay, though Python does not take them for printable.
    printed = "".join(texts).replace("\n", "").replace("\u3000", "")
    if printed.isprintable() and max(map(len, texts), default=0) <= LONGEST_CELL:
        return texts
    return [entered(text, LONGEST_CELL, lines=True) for text in texts]


class Laid(NamedTuple):
    """A worksheet of which it is known what each cell is."""

    layout: Skeleton
    numbers: Sequence[float]
    texts: tuple[str, ...]
    """Those that stand there, not those that formulas give."""
    tells_blanks: bool
    """Whether a cell is blank that is none of its cells, for certain: no error value, and no formula without a value."""


def laid_of(sheet: PlainCells, book: PlainBook, texts: Sequence[str] | None) -> Laid | None:
    """What a worksheet holds; None where calamine has to be asked.

    Args:
        sheet: the worksheet.
        book: its workbook.
        texts: the shared strings, entered, as far as they are known.
    """
    if not sheet.is_told or texts is None or not has_no_dates(sheet.layout, book):
        return None
    return Laid(
        sheet.layout,
        [*map(float, sheet.numbers)],
        tuple(map(texts.__getitem__, sheet.shared)),
        not sheet.layout.has_odd,
    )


def laid_of_ods(values: OdsValues) -> Laid | None:
    """The same of a sheet of an .ods whose values are all told."""
    layout = values.layout
    if layout is None:
        return None
    numbers, texts = ([values.values[which] for which in picked.which] for picked in (layout.numbers, layout.shared))
    return Laid(layout, numbers, tuple(all_entered(texts)), tells_blanks=False)  # type: ignore[arg-type]  # what it was laid out of


def rows_of(sheet: PlainCells, book: PlainBook, texts: Sequence[str] | None) -> list[list[object]] | None:
    """The rows from the top left cell to the last one that holds something; None where calamine has to be asked.

    Args:
        sheet: the worksheet.
        book: its workbook.
        texts: the shared strings, entered, as far as they are known.
    """
    if not sheet.is_told:
        return None
    words = texts_said(sheet.words, repeat(True, len(sheet.words)))
    if texts is None or words is None or not has_no_dates(sheet.layout, book):
        return None
    shown = [texts[number] for number in sheet.shared]
    truths = [truth == b"1" for truth in sheet.truths]
    return laid_out(sheet.layout, [*map(float, sheet.numbers)], shown, all_entered(words), truths)


def has_no_dates(layout: Skeleton, book: PlainBook) -> bool:
    """Whether it is certain that no format makes a date of a number."""
    return book.dated is not None and book.dated.isdisjoint(layout.formats)


def laid_out(
    layout: Skeleton, numbers: Sequence[float], shared: Sequence[str], words: Sequence[str], truths: Sequence[bool]
) -> list[list[object]] | None:
    """The rows of a worksheet whose cells hold these values, each kind in its order; None where calamine has to be asked."""
    inline = texts_said([text for _, _, text in layout.inline], [preserve for _, preserve, _ in layout.inline])
    if inline is None:
        return None
    held: list[tuple[Sequence[Cell], Sequence[object]]] = [
        (layout.numbers.cells, numbers),
        (layout.shared.cells, shared),
        (layout.words.cells, words),
        (layout.truths.cells, truths),
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
