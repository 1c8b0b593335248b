"""What one department handed in."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from xlcheck.model.cells import Cell, Place
from xlcheck.model.finding import Finding
from xlcheck.model.form import Form
from xlcheck.model.numbers import exact
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple


class NoValue(NamedTuple):
    """What stands in place of a value."""

    kind: Literal["blank", "unproved", "error", "formula", "covered", "raised", "noted", "doubtful"]
    text: str = ""
    """The error value (``#DIV/0!``); the formula without ``=`` whose value was never calculated; what lies under a merged
    range, where nobody sees it; or what is seen of a text of which parts are raised, lowered or struck through; of a document, what its cell says, where
    that is a number with a remark or another unit (`noted`), or cannot be relied on (`doubtful`)."""
    gives: str = ""
    """The number that the formula gives, or the document means, exact; empty where it cannot be worked out."""
    stored: str = ""
    """What the file says that the formula gives, and what it does not; empty for nothing."""
    over: str = ""
    """The merged range (``B5:D5``) that something lies under."""
    why: str = ""
    """Why nobody may rely on what a document's cell says, or why a cell with a formula is blank, as a clerk is told."""


BLANK = NoValue("blank")
"""Nothing is in the cell."""

WAITING = NoValue("blank", why="公式得出的是空白，它用到的各格都填好后自动得出")
"""A formula is in the cell, and as long as others are blank it gives none."""

UNPROVED = NoValue("unproved")
"""No labels prove where the field stands, so nobody knows what it holds."""

OddCells = dict[Cell, NoValue]
"""The cells of a sheet that look blank to the reader and are not."""

Held = int | float | str | bool | datetime.date | datetime.time | datetime.datetime | datetime.timedelta | NoValue
"""What a field holds, as the reader gives it."""


class Note(NamedTuple):
    """One line of 情况说明: what a department says of a warning."""

    about: str
    """Which warning: its code, and the cell where there are several."""
    text: str


class Part(NamedTuple):
    """A unit whose numbers a total contains."""

    unit: str
    code: str
    """统一社会信用代码, or empty."""


class Submission(NamedTuple):
    """Who, which year, what each field holds, and where each value stood."""

    form: Form
    cover: Mapping[str, str]
    """The cover's entries by their keys, as text; blank ones are empty."""
    held: Mapping[str, Held]
    """By field key, of all fields of the form; of none where no table of it was found."""
    places: Mapping[str, Place]
    """Where each value of `held` stood; also of the cover's entries, by their keys."""
    structure: tuple[Finding, ...]
    """What is wrong with the workbook's structure."""
    notes: tuple[Note, ...] = ()
    """What the department says of warnings."""
    parts: tuple[Part, ...] = ()
    """Of a total that was added up by xlcheck: whose numbers it contains."""
    paragraphs: tuple[str, ...] = ()
    """Of a document: the text outside of its tables, a paragraph an item."""
    document: str = ""
    """What kind of document it is; empty for a workbook."""

    @property
    def front(self) -> str:
        """Where the unit and the year stand, in a clerk's words: a document has no cover."""
        return front_of(self.document)

    @property
    def unit(self) -> str:
        """单位名称, or empty."""
        return self.cover.get("unit", "")

    @property
    def unit_code(self) -> str:
        """统一社会信用代码, or empty."""
        return self.cover.get("code", "")

    @property
    def year(self) -> int | None:
        """报告年度, if it can be read."""
        return parse_year(self.cover.get("year", ""))


def front_of(document: str) -> str:
    """Where unit and year stand in a document of this kind, or in a workbook where that is empty, in a clerk's words."""
    return "文档标题" if document else "封面"


def nameless(document: str) -> str:
    """That nothing there says whose it is; a document states no code."""
    return f"{front_of(document)}没有{'写单位' if document else '填单位名称和代码'}"


def parse_year(text: str) -> int | None:
    """``2025``, ``2025年`` or ``2025 年度`` → 2025; anything but a year of this law's time is None."""
    digits = "".join(unicodedata.normalize("NFKC", text).split()).removesuffix("度").removesuffix("年")
    if len(digits) == 4 and digits.isascii() and digits.isdigit() and 2008 <= int(digits) <= 2100:
        return int(digits)
    return None


def held_text(held: Held) -> str:
    """What a cell holds, as a clerk sees it."""
    if isinstance(held, NoValue):
        return f"={held.text}" if held.kind == "formula" else held.text
    if isinstance(held, bool):
        return "TRUE" if held else "FALSE"
    if isinstance(held, float):
        return exact(Decimal(repr(held))) if abs(held) < 1e21 else repr(held)
    return entered(held, LONGEST_CELL) if isinstance(held, str) else str(held)
