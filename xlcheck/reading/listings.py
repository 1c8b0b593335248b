"""The sheets of a workbook that is no submission but a list, as texts, behind the guard."""

from __future__ import annotations

from xlcheck.guard.admit import admit
from xlcheck.model.errors import Refused
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.seen import book_of
from xlcheck.reading.sheets import Sheets
from xlcheck.reading.written import WrittenSheet

_MARKS = (b"PK\3\4", b"PK\5\6", b"\xd0\xcf\x11\xe0")
"""What workbooks begin with: zip containers, and compound files."""
_EXACT = 10**15
"""Numbers below this have all their digits in a spreadsheet program."""


class SheetTexts(NamedTuple):
    """A sheet as texts, from its first row on."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def begins_like_workbook(data: bytes) -> bool:
    """Whether the bytes are meant to be a workbook, and no text."""
    return data.startswith(_MARKS)


def sheet_texts(data: bytes) -> tuple[SheetTexts, ...] | Refused:
    """All sheets of a workbook, or why no parser may see it: a value, so that another process can answer with it."""
    try:
        package = admit(data)
        sheets, book = Sheets(package), book_of(package, package.data)
        return tuple(
            SheetTexts(name, _filled([[*map(_text, row)] for row in sheets.rows(name)], book.sheet(sheets.title(name))))
            for name in sheets.names
        )
    except Refused as refused:
        return refused


def _filled(rows: list[list[str]], sheet: WrittenSheet) -> tuple[tuple[str, ...], ...]:
    """The rows; what stands in a cell that is merged downwards is said of each of its rows."""
    for top, left, bottom, right in sheet.merged:
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row):
                    row[left] = rows[top][left]
    return tuple(map(tuple, rows))


def _text(value: object) -> str:
    """What a cell shows: a whole number with its digits, one that is too long for that as programs write it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < _EXACT else f"{value:.5E}"
    return str(value)
