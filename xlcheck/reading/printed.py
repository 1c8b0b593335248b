"""The numbers of a workbook that was filled in and not changed besides: they stand where the form has them.

Nearly every workbook is such a one. What its sheets are but for their numbers, which are skeletons and texts, is mostly what
those of another workbook were. So that is looked at once, and of all others with the same skeletons and texts only the numbers
are taken. What is found here is what :mod:`xlcheck.reading.placement` and all that looks for strange things would find.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.plain import Skeleton
from xlcheck.model.form import Form, Table
from xlcheck.model.submission import Held
from xlcheck.reading.placement import place_fields
from xlcheck.reading.rows import laid_out
from xlcheck.reading.seen import Looker
from xlcheck.reading.sheets import Sheets
from xlcheck.reading.structure import second_table


def printed_numbers(form: Form, sheets: Sheets, looker: Looker, ask: Ask = afresh) -> dict[str, Held] | None:
    """What all fields hold, by their keys in the form's order; None where it is not certain that all is as it was sent out.

    Where it is, there are the form's sheets and no others, each table's labels stand in their places and nothing like it
    stands besides, and each field holds a number that is seen.
    """
    if sheets.titles != form.sheets:
        return None
    held: dict[str, Held] = {}
    for table in form.tables:
        numbers = _numbers_of(table, sheets, ask)
        if numbers is None or looker.must_look(table.sheet, table.spots):
            return None
        held.update(zip(table.cells, numbers, strict=True))
    return held


def _numbers_of(table: Table, sheets: Sheets, ask: Ask) -> Sequence[float] | None:
    """What the fields of a table hold; None as above."""
    laid = sheets.laid(table.sheet)
    if laid is None:
        return None
    take = ask(_taker, b"", laid.layout, laid.texts, table)
    return take and take(laid.numbers)


_Numbers = Sequence[float]


def _taker(_: bytes, layout: Skeleton, shown: Sequence[str], table: Table) -> Callable[[_Numbers], _Numbers] | None:
    """What takes the numbers of a table's fields from all numbers of a worksheet; None where it is not as it was sent out.

    Only texts say that labels stand in their places, and that no other table does besides. So any numbers serve to find out,
    and formulas may give any texts: here they give none where labels are looked for, and then labels in all places.
    """
    numbers, words, truths = layout.numbers.cells, layout.words.cells, layout.truths.cells
    rows = laid_out(layout, [0.0] * len(numbers), shown, [""] * len(words), [False] * len(truths))
    if rows is None or place_fields(table, rows).cells is not table.cells:
        return None
    for row, column in words:
        rows[row][column] = table.title.text
    number = {cell: place for place, cell in enumerate(numbers)}
    if second_table(table, table.sheet, rows) or not table.spots <= number.keys():
        return None
    return _all_of([number[cell] for cell in table.cells.values()])


def _all_of(places: Sequence[int]) -> Callable[[_Numbers], _Numbers]:
    """What takes from a list what stands in these places of it."""
    return itemgetter(*places) if len(places) > 1 else lambda numbers: [numbers[place] for place in places]
