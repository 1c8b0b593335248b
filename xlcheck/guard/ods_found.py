"""What is found in the tables of an .ods: sheets, their values, and cells that are more than a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlcheck.guard.plain import Skeleton
from xlcheck.model.tuples import NamedTuple

UNMERGED = (1, 1)
"""The rows and columns of a cell that is merged with no other one."""


class OdsCell(NamedTuple):
    """A cell that holds something or is merged with others, in as many rows and columns as it is repeated."""

    row: int
    rows: int
    column: int
    columns: int
    kind: str
    """Of its value (ODF 1.3 part 3, 19.389); empty where it has none."""
    value: str
    """Its number as it is spelt."""
    formula: str | None
    is_error: bool
    """Whether it says of itself that it holds an error value."""
    has_text: bool
    """Whether it says its text besides showing it."""
    is_shown: bool
    """Whether it has a paragraph, if only an empty one."""
    merged: tuple[int, int]
    """The rows and columns that are merged, from it on."""
    text: str
    """What a formula or an error value shows; empty for all others."""
    runs: tuple[tuple[str, str], ...]
    """A text of which parts look otherwise: each with ``super``, ``sub``, ``strike`` or nothing; empty for all others."""


Spread = tuple[int, int, int, int]
"""Of a cell its row, in how many of them it is, its column, and in how many of these it is."""


class OdsValues(NamedTuple):
    """All values of a sheet."""

    spots: Sequence[Spread]
    values: Sequence[object]
    """Each a number, a text, a truth or a day, as calamine gives it."""
    layout: Skeleton | None
    """What the cells are, whatever they hold; None where that takes too long to say."""


class OdsTable(NamedTuple):
    """A sheet; rows and columns count from 0, and each stretch of them has its first and its last."""

    title: str
    is_hidden: bool
    cells: list[OdsCell]
    """Those that are more than a value, or all."""
    rows: list[tuple[int, int]]
    """Those that are hidden, or of no height."""
    columns: list[tuple[int, int]]
    """Those that are hidden, or of no width."""
    values: OdsValues | None = None
    """What all cells hold, if that is told; otherwise calamine has to be asked, and `cells` are all that hold something."""


class OdsStyled(NamedTuple):
    """What styles the content of a document has, and which it names."""

    head: bytes
    """What stands before the tables."""
    unlike: bytes
    """What of that is unlike."""
    naming: bytes
    """What is unlike in what names styles."""


class OdsContent(NamedTuple):
    """What a content holds."""

    found: Sequence[OdsTable]
    named: Mapping[str, str]
    """Ranges by their names in small letters; empty where a name stands for others, too, or for something else."""
    grid: int
    """Cells of all rectangles from A1 that hold the filled ones."""
    written: Sequence[str]
    """What calamine is given; empty where all values are told."""
    styled: OdsStyled | None
    """None where the content was parsed."""
