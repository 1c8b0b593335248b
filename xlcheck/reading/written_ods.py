"""An OpenDocument spreadsheet as it is written (ODF 1.3 part 3, 9 and 19)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from xlcheck.guard.admit import Package
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.ods_found import UNMERGED, OdsCell, OdsTable
from xlcheck.model.cells import Cell
from xlcheck.reading.patches import Patches
from xlcheck.reading.plain_looks_ods import may_mislead_in_ods
from xlcheck.reading.written import Block, CellLook, Hiding, Runs, WrittenCell, WrittenSheet, under

_NUMBERS = ("float", "percentage", "currency")
_REFERENCE = re.compile(
    r"\[(?:\$?('(?:[^']|'')*'|[^.\[\]'$#]*))?\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})"
    r"(?::(?:\$?('(?:[^']|'')*'|[^.\[\]'$#]*))?\.(\$?[A-Z]{1,3}\$?[0-9]{1,7}))?\]"
)


class OdsBook:
    """The tables that the guard found, each laid out when it is first asked for."""

    def __init__(self, package: Package, ask: Ask = afresh) -> None:
        """Take what the guard found in a document; `ask` may know what was found of others."""
        # Of two of one name, the first.
        self._tables = {table.title: table for table in reversed(package.tables)}
        self._sheets: dict[str, WrittenSheet] = {}
        self._package, self._ask = package, ask

    @cached_property
    def _looks(self) -> Mapping[str, Mapping[Cell, CellLook]]:
        """Of the cells that may show a number otherwise than it is, by the title of their sheet."""
        content, styles = (self._package.parts.get(name, b"") for name in ("content.xml", "styles.xml"))
        if not may_mislead_in_ods(content, styles, self._package.styled, self._ask):
            return {}
        from xlcheck.reading.looks_ods import looks_of_ods  # late: few documents have such styles

        return looks_of_ods(content, styles)

    @property
    def names(self) -> Mapping[str, str]:
        """What names stand for in all sheets; none that a sheet has for itself, too."""
        return {name: notation(f"=[{address}]") for name, address in self._package.named.items()}

    def is_usual(self, title: str, cells: Collection[Cell]) -> bool:
        """Whether a glance says that there is nothing to look at."""
        table = self._tables.get(title)
        if table is None:
            return True
        wanted, looks = frozenset(cells), self._looks.get(title, {})
        return not (
            table.rows
            or table.columns
            or any((cell.formula is not None or cell.runs) and _stands_in(cell, wanted) for cell in table.cells)
            or self._ask(
                _are_under, b"", tuple(_merged(cell) for cell in table.cells if cell.merged != UNMERGED), wanted
            )
            or not wanted.isdisjoint(looks)
        )

    def sheet(self, title: str) -> WrittenSheet:
        """The sheet of that name."""
        if title not in self._sheets:
            table = self._tables.get(title)
            self._sheets[title] = _laid_out(table, self._looks.get(title, {})) if table else WrittenSheet({})
        return self._sheets[title]

    def hiding(self, title: str) -> Hiding:
        """How it is hidden."""
        table = self._tables.get(title)
        return "hidden" if table and table.is_hidden else ""

    def is_uncalculated(self) -> bool:
        """Nothing in such a file says so."""
        return False


def notation(formula: str) -> str:
    """A formula of a document as Excel writes it: ``of:=SUM([.A1:.B2];1)`` → ``SUM(A1:B2,1)``."""

    def cells(match: re.Match[str]) -> str:
        sheet, first, other, last = match.groups()
        told = f"{sheet}!{first}" if sheet else first
        if not last:
            return told
        return f"{told}:{other}!{last}" if other else f"{told}:{last}"

    return _REFERENCE.sub(cells, formula.partition("=")[2].replace(";", ","))


def _laid_out(table: OdsTable, looks: Mapping[Cell, CellLook]) -> WrittenSheet:
    cells: Patches[WrittenCell] = Patches()
    merged: list[Block] = []
    if table.values:
        for spread, value in zip(table.values.spots, table.values.values, strict=True):
            cells.put(spread, WrittenCell(value if isinstance(value, float) else "…"))
    for cell in table.cells:
        if cell.merged != UNMERGED:
            merged.append(_merged(cell))
        written = _written(cell)
        if written is not None:
            cells.put(cell[:4], written)
    return WrittenSheet(
        _Looked(cells, looks) if looks else cells, tuple(merged), tuple(table.rows), tuple(table.columns)
    )


class _Looked(Mapping[Cell, WrittenCell]):
    """Cells with their looks."""

    def __init__(self, cells: Patches[WrittenCell], looks: Mapping[Cell, CellLook]) -> None:
        self._cells, self._looks = cells, looks

    def __getitem__(self, cell: Cell) -> WrittenCell:
        return self._cells[cell]._replace(look=self._looks.get(cell))

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def _are_under(_: bytes, merged: tuple[Block, ...], cells: frozenset[Cell]) -> bool:
    """Whether some of the cells lie under a merged range of which another cell is seen."""
    return any(under(merged, cells))


def _merged(cell: OdsCell) -> Block:
    down, across = cell.merged
    return cell.row, cell.column, cell.row + down - 1, cell.column + across - 1


def _stands_in(cell: OdsCell, wanted: frozenset[Cell]) -> bool:
    """Whether it is one of these, as often as it is repeated: a cell may be so a thousand million times."""
    rows, columns = range(cell.row, cell.row + cell.rows), range(cell.column, cell.column + cell.columns)
    return any(row in rows and column in columns for row, column in wanted)


def _written(cell: OdsCell) -> WrittenCell | None:
    """A cell as it is written; None for an empty one."""
    value: float | str | None = None
    if cell.kind in _NUMBERS:
        value = _number(cell.value)
    elif cell.kind:
        value = "#" if cell.is_error else "…"
    if value is None and cell.formula is None:
        return None
    formula = None if cell.formula is None else notation(cell.formula)
    return WrittenCell(value, formula, seen=_seen(cell) if value else "")


def _seen(cell: OdsCell) -> str:
    """What is seen of a text; of a number only what is struck through."""
    runs = Runs()
    for text, how in cell.runs:
        runs.add(text, how if cell.kind == "string" or how == "strike" else "")
    return runs.seen


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
