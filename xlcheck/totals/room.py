"""What of a total finds room in a workbook that is handed in: the guard admits no end of rows, cells and texts."""

from __future__ import annotations

from collections.abc import Sequence

from xlcheck.model import marks
from xlcheck.model.errors import Error
from xlcheck.totals.sums import Contribution, LeftOut, Total

MOST_CELLS = 200_000
"""Cells of the sheet of who gave what, a row counting as four more: the guard admits 250,000 of a whole workbook."""
MOST_FIELDS = 500
"""Fields of a form whose numbers the sheet takes: the guard admits 512 columns."""
MOST_LINES = 16_000
"""Rows of the sheet: the guard admits 16,384."""
MOST_SQUARES = 500_000
"""Rows times columns of the sheet: the guard admits 524,288."""
MOST_TEXT = 8_000_000
"""Bytes of the units' names and paths: the guard admits 16 MiB of texts that are kept once."""

_LEFT = len(marks.TOTAL_HEADS)
_AROUND = 30
"""Rows that are neither a unit's nor of what was left out: heads, captions, blank ones."""


class TooManyUnits(Error):
    """More units than one workbook names; the message says so to a clerk."""

    code = "room"

    def __str__(self) -> str:
        return f"{self.args[0]} 个单位太多，一份汇总表列不下；请用 --by parent 先按上级单位汇总，再汇总这些汇总表"


def is_small(total: Total) -> bool:
    """Whether the units' numbers, and what was left out, find room in the official workbook."""
    fields = len(total.form.fields)
    return fields <= MOST_FIELDS and _fits(total, fields, total.left_out)


def names_left_out(total: Total) -> bool:
    """Whether what was left out finds room in the official workbook where the units' numbers stand apart."""
    return _fits(total, 0, total.left_out)


def check_room(total: Total) -> None:
    """See that the official workbook can name the units.

    Raises:
        TooManyUnits: it cannot.
    """
    if not _fits(total, 0, ()):
        raise TooManyUnits(len(total.contributions))


def _fits(total: Total, fields: int, left_out: Sequence[LeftOut]) -> bool:
    units, others = len(total.contributions), len(left_out) + len(total.too_long)
    lines, columns = _AROUND + units + others, _LEFT + fields
    cells = (_AROUND + units) * (columns + 4) + others * (_LEFT + 4)
    return (
        lines <= MOST_LINES
        and lines * columns <= MOST_SQUARES
        and cells <= MOST_CELLS
        and _text(total.contributions) + _text(left_out) <= MOST_TEXT
    )


def _text(lines: Sequence[Contribution] | Sequence[LeftOut]) -> int:
    """Bytes of all texts in UTF-8."""
    return sum(len(text.encode("utf-8", "replace")) for one in lines for text in one if isinstance(text, str))
