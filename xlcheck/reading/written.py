"""What a workbook holds as it is written: formulas, and what nobody sees of it; calamine tells neither."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from xlcheck.model.cells import Cell
from xlcheck.model.tuples import NamedTuple

if TYPE_CHECKING:
    from xlcheck.reading.colours import Colour

Block = tuple[int, int, int, int]
"""Top row, left column, bottom row and right column of some cells, from 0 and inclusive."""

Stretch = tuple[int, int]
"""The first and the last of some rows or columns, from 0."""

Hiding = Literal["", "hidden", "very hidden"]
"""Whether a sheet is shown, can be shown from the menu, or cannot."""


class CellLook(NamedTuple):
    """How a cell shows a number where that is not as usual."""

    code: str
    """The number format; empty for one that shows any number as it is."""
    is_lost: bool
    """Whether nobody sees its ink on its ground."""
    is_pale: bool
    """Whether nobody would see white on its ground."""
    is_struck: bool = False
    """Whether all that it shows is struck through."""


class WrittenCell(NamedTuple):
    """A cell that holds something."""

    value: float | str | None
    """A number; any text for what is none (a text, TRUE, an error value); None for nothing."""
    formula: str | None = None
    """As the formula bar of Excel shows it, without ``=``; empty where it cannot be made out, None where there is none."""
    shift: Cell = (0, 0)
    """Rows and columns by which the references of a shared formula move."""
    seen: str = ""
    """What is seen of a text of which parts are raised, lowered or struck through; empty for all others."""
    look: CellLook | None = None
    """How it shows a number; None for as usual."""


class Dress(NamedTuple):
    """What a cell wears. Of a conditional format, None is what it does not say; of a cell, a colour that nobody knows."""

    code: str | None = None
    """The number format."""
    ink: Colour | None = None
    ground: Colour | None = None
    is_struck: bool | None = None


class CellRule(NamedTuple):
    """A conditional format."""

    areas: tuple[Block, ...]
    condition: str
    """A formula, as seen from the first cell of the first area; empty where it is none that could be worked out."""
    dress: Dress
    is_last: bool
    """Whether no rule behind it counts where it holds."""

    def covers(self, cell: Cell) -> bool:
        """Whether the cell is one of those that it may dress."""
        row, column = cell
        return any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in self.areas)


class WrittenSheet(NamedTuple):
    """A worksheet."""

    cells: Mapping[Cell, WrittenCell]
    merged: tuple[Block, ...] = ()
    rows: tuple[Stretch, ...] = ()
    """Those that are hidden, or of no height."""
    columns: tuple[Stretch, ...] = ()
    """Those that are hidden, or of no width."""
    rules: tuple[CellRule, ...] = ()
    """Conditional formats, the one that comes first first; none where no format of the workbook could hide a number."""
    dresses: Mapping[Cell, Dress] = {}
    """What the cells wear that a rule covers."""


class WrittenBook(Protocol):
    """A workbook, read as far as somebody asks."""

    @property
    def names(self) -> Mapping[str, str]:
        """What names stand for in all sheets, as formulas do; names in small letters."""

    def sheet(self, title: str) -> WrittenSheet:
        """The sheet of that name; an empty one if there is none."""

    def hiding(self, title: str) -> Hiding:
        """How the sheet of that name is hidden."""

    def is_usual(self, title: str, cells: Collection[Cell]) -> bool:
        """Whether a glance says that the sheet has no formulas, nothing hidden, no rich texts, and none of `cells` merged."""

    def is_uncalculated(self) -> bool:
        """Whether the workbook says that its formulas were never calculated."""


def lies_in(number: int, spans: Iterable[Stretch]) -> bool:
    """Whether a row or column lies in one of the spans."""
    return any(first <= number <= last for first, last in spans)


def under(merged: Iterable[Block], cells: Collection[Cell]) -> Iterator[tuple[Cell, Block]]:
    """Those of `cells` that lie under a merged range of which another cell is seen, each with that range."""
    for area in merged:
        top, left, bottom, right = area
        if (bottom - top + 1) * (right - left + 1) > len(cells):
            inside: Iterable[Cell] = (c for c in cells if top <= c[0] <= bottom and left <= c[1] <= right)
        else:
            inside = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        yield from ((cell, area) for cell in inside if cell in cells and cell != (top, left))


class Runs:
    """The runs of a text, and what is seen of it."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._plain = True

    def add(self, text: str, how: str) -> None:
        """One run; `how` is ``super``, ``sub``, ``strike`` or empty."""
        how = how if text.strip() else ""
        self._plain = self._plain and not how
        self._told.append(_SHOWN[how](text) if how else text)

    @property
    def seen(self) -> str:
        """What is seen; empty where that is the plain text."""
        return "" if self._plain else "".join(self._told)


def struck(text: str) -> str:
    """What is seen of a text that is struck through."""
    return f"（{text}已划去）"


_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_SHOWN: Mapping[str, Callable[[str], str]] = {
    "super": lambda text: text.translate(_RAISED),
    "sub": lambda text: text.translate(_LOWERED),
    "strike": struck,
}
