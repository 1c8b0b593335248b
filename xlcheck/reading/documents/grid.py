"""What every kind of document gives: its tables as grids of cells with spans, and the text beside them."""

from __future__ import annotations

from typing import Literal

from xlcheck.model.tuples import NamedTuple

Kind = Literal["docx", "html", "pdf", "text"]
"""How a document is written; others are converted to one of these first."""


class Box(NamedTuple):
    """Where a cell stands on a page, in points from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float


class GridCell(NamedTuple):
    """A cell of a table. Rows and columns count from 0, as the table is laid out with all spans."""

    row: int
    column: int
    rows: int
    """How many rows it spans."""
    columns: int
    """How many columns it spans."""
    text: str
    """What is written in it, entered; lines are kept."""
    doubt: str = ""
    """Why nobody may rely on what is written there, as a clerk is told; empty for no doubt."""
    page: int = 0
    """The page that it begins on, from 1; 0 where a document has no pages."""
    box: Box | None = None
    """Where it stands on that page, where this is known."""


class Grid(NamedTuple):
    """A table of a document."""

    number: int
    """Which table of the document it is, from 1, in the document's order, those inside of others included."""
    cells: tuple[GridCell, ...]
    """In the order of their rows."""
    aligned: bool = True
    """Whether cells of one column stand below each other; in plain text they do not."""


class Document(NamedTuple):
    """A document that was admitted and read."""

    kind: Kind
    grids: tuple[Grid, ...]
    paragraphs: tuple[str, ...]
    """The text outside of all tables, in the document's order, entered, a paragraph an item."""
