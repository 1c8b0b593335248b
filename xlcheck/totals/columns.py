"""The columns of the sheet of who gave what: which field stands where, under which heads, how wide, and on which page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xlcheck.model import marks
from xlcheck.model.form import Field
from xlcheck.model.numbers import Number, exact
from xlcheck.model.tuples import NamedTuple
from xlcheck.totals.sums import Total

LEFT = len(marks.TOTAL_HEADS)
"""Columns before the fields."""
LEFT_WIDTHS = (6, 30, 21, 30, 8, 9)
LEVELS = ("工作表", "项目", "栏目", "")
"""What the rows of heads are called, from the outer one to the inner one."""
_NARROW, _GROUP = 9.0, 20.0
"""Characters: the least width of a field, and of all fields below one head."""
SCALE, _PAGE = 60, 175.0
"""Printed at this percentage, so many characters stand side by side on A4 across."""


class FieldColumn(NamedTuple):
    """Where the numbers of one field stand."""

    at: int
    field: Field
    heads: tuple[str, ...]
    """From the outer one to the inner one; as many as there are levels."""
    width: float
    page: int
    """On which of the pages side by side it is printed."""
    number: Number | None
    """The sum."""


def columns_of(total: Total, fields: Sequence[Field]) -> list[FieldColumn]:
    """The columns of some fields of a form, or none."""
    if not fields:
        return []
    heads = [head for table in total.form.tables for head in _heads(table.fields)]
    given = zip(*(one.numbers for one in total.contributions), strict=True)
    # Most numbers come back many times.
    longest = [max((len(exact(n)) for n in set(numbers) if n is not None), default=0) for numbers in given]
    columns: list[FieldColumn] = []
    page, room = 0, _PAGE - sum(LEFT_WIDTHS)
    for _, members in groupby(zip(fields, heads, longest, total.sums, strict=True), key=lambda one: one[1][:2]):
        run = list(members)
        least = max(_NARROW, _GROUP / len(run))
        widths = [max(least, long + 2, len(exact(number or 0)) + 2) for _, _, long, number in run]
        # What stands below one head stays on one page if it can.
        if sum(widths) > room:
            page, room = page + 1, _PAGE - sum(LEFT_WIDTHS[:2])
        room -= sum(widths)
        for (field, head, _, number), width in zip(run, widths, strict=True):
            columns.append(FieldColumn(LEFT + len(columns), field, head, width, page, number))
    return columns


def _heads(fields: Sequence[Field]) -> Iterator[tuple[str, ...]]:
    """The heads of the fields of a table; what stands above all of its columns says nothing."""
    paths = [field.column_labels for field in fields]
    common = 0
    while all(len(path) > common + 1 and path[common] == paths[0][common] for path in paths):
        common += 1
    for field, path in zip(fields, paths, strict=True):
        yield field.sheet, " ".join(field.row_labels), " ".join(path[common:-1]), " ".join(path[-1:])


def runs_of(columns: Sequence[FieldColumn], level: int) -> Iterator[tuple[str, int, int]]:
    """Neighbours on a page with the same heads down to a level: the head, the first and the last column."""
    inner = level == len(LEVELS) - 1  # these belong to one column each
    for _, group in groupby(columns, key=lambda one: (one.page, one.heads[: level + 1], one.at if inner else 0)):
        run = list(group)
        yield run[0].heads[level], run[0].at, run[-1].at
