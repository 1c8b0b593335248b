"""What a workbook holds that was filled in and not changed besides: it stands where the form has it.

Nearly every workbook is such a one. What its sheets are but for their numbers, which are skeletons and texts, is mostly what
those of another workbook were. So that is looked at once, and of all others with the same skeletons and texts only the numbers
are taken: fields that hold texts, or nothing, hold the same ones there. What is found here is what :mod:`xlcheck.reading.placement` and all that looks for strange things would find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.plain import Skeleton
from xlcheck.model.form import Form, Table
from xlcheck.model.submission import BLANK, Held
from xlcheck.model.tuples import NamedTuple, all_at
from xlcheck.reading.placement import place_fields
from xlcheck.reading.rows import laid_out
from xlcheck.reading.seen import Looker
from xlcheck.reading.sheets import Sheets
from xlcheck.reading.structure import second_table


def printed_numbers(form: Form, sheets: Sheets, looker: Looker, ask: Ask = afresh) -> dict[str, Held] | None:
    """What all fields hold, by their keys in the form's order; None where it is not certain that all is as it was sent out.

    Where it is, there are the form's sheets and no others, each table's labels stand in their places and nothing like it
    stands besides, and each field holds a number or a text that is seen, or nothing at all.
    """
    if sheets.titles != form.sheets:
        return None
    held: dict[str, Held] = {}
    for table in form.tables:
        laid = sheets.laid(table.sheet)
        filled = laid and ask(_filled, b"", laid.layout, laid.texts, laid.tells_blanks, table)
        if laid is None or filled is None or looker.must_look(table.sheet, table.spots):
            return None
        held.update(filled.others)
        held.update(zip(filled.numbers, filled.take(laid.numbers), strict=True))
    return held


class _Filled(NamedTuple):
    """What the fields of a table hold, whatever its numbers are."""

    others: Mapping[str, Held]
    """Of each field, in the form's order: its text or that it is blank; nothing to go by where it holds a number."""
    numbers: tuple[str, ...]
    """The fields that hold one."""
    take: Callable[[Sequence[float]], Sequence[float]]
    """Takes these from all numbers of the worksheet."""


def _filled(_: bytes, layout: Skeleton, shown: Sequence[str], tells_blanks: bool, table: Table) -> _Filled | None:
    """What the fields of a table hold on a worksheet that shows these texts; None where it is not as it was sent out.

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
    others = _others(layout, shown, tells_blanks, table)
    if others is None or second_table(table, table.sheet, rows):
        return None
    keys = tuple(key for key, cell in table.cells.items() if cell in number)
    return _Filled(others, keys, all_at([number[table.cells[key]] for key in keys]))


def _others(layout: Skeleton, shown: Sequence[str], tells_blanks: bool, table: Table) -> dict[str, Held] | None:
    """The texts and blanks of a table's fields; None where one of them has to be looked at."""
    texts = dict(zip(layout.shared.cells, shown, strict=True))
    found: dict[str, Held] = {key: texts.get(cell, BLANK) for key, cell in table.cells.items()}
    rest = table.spots.difference(texts, layout.numbers.cells)
    strange = {cell for kind in (layout.words, layout.truths, layout.errors) for cell in kind.cells}.union(
        layout.formulas, (cell for cell, _, _ in layout.inline)
    )
    if "" in found.values() or not rest.isdisjoint(strange) or (rest and not tells_blanks):
        return None
    return found
