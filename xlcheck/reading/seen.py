"""What the sheet shows is what counts: formulas that were never calculated, and numbers that nobody sees.

calamine tells neither. Most sheets have no formulas in their fields and nothing hidden, and a glance at their bytes says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from xlcheck.guard.admit import Package
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.cells import Cell, Place, cell_name, column_name
from xlcheck.model.finding import Finding
from xlcheck.model.numbers import exact, is_nothing
from xlcheck.model.submission import WAITING, Held, NoValue, held_text
from xlcheck.model.text import entered, quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.structure import fault
from xlcheck.reading.written import Block, Dress, Hiding, WrittenBook, WrittenCell, WrittenSheet, lies_in, struck, under

if TYPE_CHECKING:
    from xlcheck.reading.calculated import Calculator

_NAMED = 5
"""So many cells are named; of more, how many there are."""


class Shown(NamedTuple):
    """What the fields of a table hold for whoever looks at the sheet."""

    values: Mapping[str, Held]
    findings: tuple[Finding, ...] = ()


class Looker:
    """Looks at the sheets of a workbook as they are written."""

    def __init__(
        self, package: Package, data: bytes, ask: Ask = afresh, title: Callable[[str], str] = lambda name: name
    ) -> None:
        """Look at a workbook that was admitted; `title` gives a sheet's title in the file by how it is called here."""
        self._package, self._data, self._ask, self._title = package, data, ask, title

    @cached_property
    def book(self) -> WrittenBook:
        """The workbook as it is written."""
        return book_of(self._package, self._data, self._ask)

    @cached_property
    def _calculator(self) -> Calculator:
        from xlcheck.reading.calculated import Calculator  # late: few workbooks have formulas in their fields

        return Calculator(self.book)

    @cached_property
    def _conditions(self) -> Calculator:
        """For conditional formats, which must not use up what the fields' own formulas may take."""
        from xlcheck.reading.calculated import Calculator

        return Calculator(self.book)

    def hiding(self, sheet: str) -> Hiding:
        """How a sheet is hidden."""
        return self.book.hiding(self._title(sheet))

    def must_look(self, sheet: str, cells: Collection[Cell]) -> bool:
        """Whether a glance does not say that everything in the fields, which are `cells`, is seen."""
        return not self.book.is_usual(self._title(sheet), cells) or bool(self.hiding(sheet))

    def look(self, sheet: str, cells: Mapping[str, Cell], values: Mapping[str, Held]) -> Shown:
        """What a table's fields show, and what is said of the rest.

        Args:
            sheet: the worksheet.
            cells: where the fields stand, by key.
            values: what the reader gives of them.
        """
        written = self.book.sheet(self._title(sheet))
        shown = dict(values)
        covered = _covered(written.merged, cells)
        for key, cell in cells.items():
            found = written.cells.get(cell)
            over = covered.get(key)
            if over is not None and not _is_blank(values[key]):
                shown[key] = NoValue("covered", held_text(values[key]), over=over)
            elif found is not None and found.seen:
                shown[key] = NoValue("raised", entered(found.seen))
            elif found is not None and found.look is not None and found.look.is_struck and not _is_nothing(values[key]):
                shown[key] = NoValue("raised", struck(held_text(values[key])))
            elif found is not None and found.formula is not None:
                shown[key] = self._calculated(self._title(sheet), cell, found, values[key])
        findings = [*self._hidden(sheet, written, cells, shown)]
        if written.rules:
            written = self._dressed(self._title(sheet), written, cells)
        if any(cell in written.cells and written.cells[cell].look for cell in cells.values()):
            from xlcheck.reading.misled import misled  # late: few workbooks have such formats

            findings += misled(sheet, cells, shown, written)
        return Shown(shown, tuple(findings))

    def _calculated(self, sheet: str, cell: Cell, found: WrittenCell, held: Held) -> Held:
        """What a formula gives where that is not what is stored."""
        formula = entered(found.formula or "")
        if isinstance(held, NoValue) and held.kind == "error":
            return held
        worked = self._calculator.work_out(sheet, cell)
        if worked is not None:
            if isinstance(found.value, float) and worked.is_like(found.value):
                # A date is one whatever its number is.
                is_number = isinstance(held, int | float) and not isinstance(held, bool)
                return float(worked.value) if is_number and worked.is_noisy(found.value) else held
            return NoValue("formula", formula, gives=exact(worked.decimal()), stored=_stored(found))
        if self._calculator.gives_nothing(sheet, cell):
            return WAITING if found.value in (None, "") else NoValue("formula", formula, stored=_stored(found))
        if found.value in (None, "") or (found.value == 0 and self._was_never_calculated(sheet)):
            return NoValue("formula", formula, stored=_stored(found))
        return held

    def _dressed(self, title: str, written: WrittenSheet, cells: Mapping[str, Cell]) -> WrittenSheet:
        """The sheet with the looks that conditional formats give its fields, as far as it is known which of them hold."""
        from xlcheck.reading.looks import dressed, worn

        looks = dict(written.cells)
        for cell in cells.values():
            found = looks.get(cell)
            rule = self._worn(title, written, cell) if found else None
            if found and rule:
                looks[cell] = found._replace(look=dressed(worn(written.dresses[cell], rule)))
        return written._replace(cells=looks)

    def _worn(self, title: str, written: WrittenSheet, cell: Cell) -> Dress | None:
        """What conditional formats put on a cell; None for nothing, or where it is not known which of them hold."""
        from xlcheck.reading.looks import worn

        on: Dress | None = None
        for rule in written.rules:
            if not rule.covers(cell):
                continue
            top, left, _, _ = rule.areas[0]
            holds = self._conditions.holds(title, rule.condition, (cell[0] - top, cell[1] - left))
            if holds is None:
                return None
            if holds:
                # What comes first is kept.
                on = rule.dress if on is None else worn(rule.dress, on)
                if rule.is_last:
                    break
        return on

    def _was_never_calculated(self, sheet: str) -> bool:
        """Whether the workbook says so, and no formula of the sheet has a result but 0."""
        formulas = [cell for cell in self.book.sheet(sheet).cells.values() if cell.formula is not None]
        return self.book.is_uncalculated() and not any(cell.value for cell in formulas)

    def _hidden(
        self, sheet: str, written: WrittenSheet, cells: Mapping[str, Cell], values: Mapping[str, Held]
    ) -> Iterable[Finding]:
        hiding = self.hiding(sheet)
        filled = {key: cell for key, cell in cells.items() if not _is_nothing(values[key])}
        if hiding:
            if filled:
                yield hidden_sheet(sheet, hiding == "very hidden", filled.values())
            return
        inside = {
            cell for cell in filled.values() if lies_in(cell[0], written.rows) or lies_in(cell[1], written.columns)
        }
        if inside:
            rows = sorted({row for row, _ in inside if lies_in(row, written.rows)})
            columns = sorted({column for _, column in inside if lies_in(column, written.columns)})
            where = [f"第 {row + 1} 行" for row in rows] + [f"{column_name(column)} 列" for column in columns]
            more = "等" if len(where) > _NAMED else ""
            message = (
                f"工作表“{quote(sheet)}”的{'、'.join(where[:_NAMED])}{more}是隐藏的，里面有不为 0 的数（{_cells(inside)}）；"
                "请取消隐藏后核对"
            )
            yield fault("S109", message, *(Place(sheet, cell) for cell in sorted(inside)), sheet=sheet)


def hidden_sheet(sheet: str, very: bool, cells: Iterable[Cell]) -> Finding:
    """S109: a whole sheet is hidden that has other numbers than 0."""
    cells = sorted(cells)
    how = (
        "是深度隐藏的（只能在 VBA 编辑器里或用 LibreOffice 取消隐藏）"
        if very
        else "是隐藏的（在任一工作表标签上点右键可取消隐藏）"
    )
    message = f"工作表“{quote(sheet)}”{how}，里面有不为 0 的数（{_cells(cells)}）；请取消隐藏后核对"
    return fault("S109", message, *(Place(sheet, cell) for cell in cells), sheet=sheet)


def _cells(cells: Iterable[Cell]) -> str:
    told = sorted(cells)
    return "、".join(map(cell_name, told[:_NAMED])) + (f"等 {len(told)} 格" if len(told) > _NAMED else "")


def _covered(merged: Iterable[Block], cells: Mapping[str, Cell]) -> dict[str, str]:
    """The fields under a merged range of which another cell is seen, with the name of that range."""
    found: dict[str, str] = {}
    by_cell = {cell: key for key, cell in cells.items()}
    for cell, (top, left, bottom, right) in under(merged, by_cell.keys()):
        found[by_cell[cell]] = f"{cell_name((top, left))}:{cell_name((bottom, right))}"
    return found


def _is_blank(held: Held) -> bool:
    return (
        held == ""
        or (isinstance(held, NoValue) and held.kind == "blank")
        or (isinstance(held, str) and not held.strip())
    )


def _is_nothing(held: Held) -> bool:
    """Whether a field holds no number but 0."""
    return _is_blank(held) or (isinstance(held, int | float) and not isinstance(held, bool) and is_nothing(held))


def _stored(found: WrittenCell) -> str:
    return "" if found.value is None else held_text(found.value)


def book_of(package: Package, data: bytes, ask: Ask = afresh) -> WrittenBook:
    """The workbook that was admitted; `data` are its bytes, and `ask` may know what was found out of other files."""
    if package.kind == "xlsx":
        from xlcheck.reading.written_xlsx import XlsxBook

        return XlsxBook(package.parts, package.plain, ask)
    if package.kind == "ods":
        from xlcheck.reading.written_ods import OdsBook

        return OdsBook(package, ask)
    from xlcheck.reading.written_xls import XlsBook

    return XlsBook(data)
