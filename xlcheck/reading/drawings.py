"""How an office's own tables are drawn (openpyxl), and the form file that is drafted from it."""

from __future__ import annotations

import datetime
import io
import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlcheck.forms.draft import draft, kinds_of_sums
from xlcheck.forms.outline import DrawnCell, DrawnSheet, outline
from xlcheck.forms.particulars import cover_of, guide_of
from xlcheck.guard.admit import admit
from xlcheck.model.cells import Cell
from xlcheck.model.errors import Refused
from xlcheck.model.form import FieldKind
from xlcheck.model.text import entered, quote

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS, _COLUMNS, _CELLS = 1_000, 200, 20_000
"""No table that people fill in is larger."""
_WHOLE = re.compile(r"(?:#,##)?0(?:_.*)?(?:;.*)?\Z")
_DECIMAL = re.compile(r"0\.0|%")


def draft_of(given: tuple[str, bytes]) -> str | Refused:
    """The form file for the tables of a workbook, or why there is none: a value, so that another process can answer with it.

    Args:
        given: what the form is called where the workbook does not say, and the bytes of the workbook.
    """
    name, data = given
    try:
        package = admit(data)
        if package.kind != "xlsx":
            raise Refused("F103", "起草只认 .xlsx；请用 Excel 或 WPS 另存为 .xlsx 后再起草")
        return _draft(name, _sheets(package.data))
    except Refused as refused:
        return refused


def _draft(name: str, sheets: list[DrawnSheet]) -> str:
    cover = guide = None
    tables, passed = [], []
    for sheet in sheets:
        if cover is None and (found := cover_of(sheet)) is not None:
            cover = found
        elif (table := outline(sheet)) is not None:
            tables.append(table)
        elif guide is None and (said := guide_of(sheet)) is not None:
            guide = said
        else:
            passed.append(sheet.name)
    if not tables:
        raise Refused("F103", "没有认出要填的格；请给要填的格取消锁定，或画上边框，并在左边或上边写明表头")
    return draft(name, kinds_of_sums(tables), cover, guide, passed)


def _sheets(data: bytes) -> list[DrawnSheet]:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out is no part of a table
            book = load_workbook(io.BytesIO(data), keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # whatever it stumbles over in parts that nothing else reads
        raise Refused("F101", "这个工作簿起草时读不出来；请用 Excel 或 WPS 另存为新的 .xlsx 后再试") from error
    return [_drawn(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _drawn(sheet: Worksheet) -> DrawnSheet:
    # Those that there are: a row that is only formatted would make a thousand more of each row to its end.
    there: dict[Cell, Any] = {(row - 1, column - 1): cell for (row, column), cell in sheet._cells.items()}
    lasts = {
        (area.min_row - 1, area.min_col - 1): (area.max_row - 1, area.max_col - 1) for area in sheet.merged_cells.ranges
    }
    cells: dict[Cell, DrawnCell] = {}
    hidden = {at for first, last in lasts.items() for at in _within(first, last) if at != first}
    kinds = list(_kinds(sheet))
    for at, cell in sorted(there.items()):
        if at in hidden or not _matters(cell):
            continue
        _fits(sheet, at, len(cells))
        last = lasts.get(at, at)
        bordered = any(_bordered(there[each]) for each in _within(at, last) if each in there)
        drawn = _cell(cell, last, bordered, next((kind for kind, area in kinds if _holds(area, at)), None))
        if drawn is not None:
            cells[at] = drawn
    _fill(cells, hidden)
    return DrawnSheet(
        name=entered(sheet.title),
        cells=dict(sorted(cells.items())),
        protected=bool(sheet.protection.sheet),
        widths=_widths(sheet),
        heights={row - 1: float(each.height) for row, each in sheet.row_dimensions.items() if each.height},
        landscape=sheet.page_setup.orientation == "landscape",
    )


def _fits(sheet: Worksheet, at: Cell, count: int) -> None:
    if at[0] >= _ROWS or at[1] >= _COLUMNS or count >= _CELLS:
        raise Refused(
            "F104", f"工作表“{quote(entered(sheet.title))}”太大，不像要填的表（最多 {_ROWS} 行、{_COLUMNS} 列）"
        )


def _matters(cell: Any) -> bool:
    return cell.value is not None or _bordered(cell) or not cell.protection.locked


def _within(first: Cell, last: Cell) -> Iterator[Cell]:
    if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) > _CELLS:
        last = first
    return ((row, column) for row in range(first[0], last[0] + 1) for column in range(first[1], last[1] + 1))


def _bordered(cell: Any) -> bool:
    border = cell.border
    return any(side is not None and side.style for side in (border.left, border.right, border.top, border.bottom))


def _cell(cell: Any, last: Cell, bordered: bool, kind: FieldKind | None) -> DrawnCell | None:
    """The cell; None for a formula that makes a text, which is no field."""
    value, text, number, formula = cell.value, "", "", ""
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value)).removeprefix("=")
        if '"' in formula or "&" in formula:
            return None
    elif isinstance(value, str):
        text = entered(value, lines=True)
    elif isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        text = str(value)
    elif value is not None:
        number = str(value)
    return DrawnCell(last, text, number, formula, bool(cell.protection.locked), bordered, kind or _of_format(cell))


def _of_format(cell: Any) -> FieldKind | None:
    shown = str(cell.number_format)
    if _DECIMAL.search(shown):
        return "amount"
    return "count" if _WHOLE.match(shown) else None


def _kinds(sheet: Worksheet) -> Iterator[tuple[FieldKind, Any]]:
    """Of what one may type: the kind, and where."""
    for rule in sheet.data_validations.dataValidation:
        if rule.type in ("whole", "decimal"):
            kind: FieldKind = "amount" if rule.type == "decimal" else "count"
            if kind == "count" and rule.formula1 and str(rule.formula1).startswith("-"):
                kind = "change"
            for area in rule.sqref.ranges:
                yield kind, area


def _holds(area: Any, at: Cell) -> bool:
    return bool(area.min_row <= at[0] + 1 <= area.max_row and area.min_col <= at[1] + 1 <= area.max_col)


def _widths(sheet: Worksheet) -> dict[int, float]:
    widths: dict[int, float] = {}
    for each in sheet.column_dimensions.values():
        if each.customWidth and each.min and each.max:
            widths.update(dict.fromkeys(range(each.min - 1, min(each.max, _COLUMNS)), float(each.width)))
    return widths


def _fill(cells: dict[Cell, DrawnCell], hidden: set[Cell]) -> None:
    """Add the cells between texts that nobody drew: where there are neither locks nor borders, they are the fields."""
    texts = [at for at, cell in cells.items() if cell.text]
    if texts and not any(cell.bordered or not cell.locked for cell in cells.values()):
        rows, columns = zip(*texts, strict=True)
        for at in _within((min(rows), min(columns)), (max(rows), max(columns))):
            if at not in hidden:
                cells.setdefault(at, DrawnCell(at))
