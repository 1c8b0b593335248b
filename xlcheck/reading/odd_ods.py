"""Error values and formulas never calculated in an .ods, which calamine gives as empty texts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from xlcheck.guard.ods_found import OdsCell, OdsTable
from xlcheck.model.submission import NoValue, OddCells
from xlcheck.model.text import entered

_ERROR = ("#", "Err:")


def odd_cells_of_ods(tables: Iterable[OdsTable], sheet: str) -> OddCells:
    """Error cells as LibreOffice writes them, and formulas without a value (ODF 1.3 part 3, 19.642 and 19.389)."""
    found: OddCells = {}
    for cell in (cell for table in tables if table.title == sheet for cell in table.cells):
        odd = _judge(cell)
        if odd is not None:
            rows, columns = range(cell.row, cell.row + cell.rows), range(cell.column, cell.column + cell.columns)
            found |= dict.fromkeys(product(rows, columns), odd)
    return found


def _judge(cell: OdsCell) -> NoValue | None:
    formula = cell.formula or ""
    text = cell.text.strip()
    if cell.is_error or (formula and text.startswith(_ERROR) and not cell.has_text):
        return NoValue("error", entered(text) or "#N/A")
    # LibreOffice gives a paragraph to an empty result.
    if formula and not cell.is_shown and not cell.kind:
        return NoValue("formula", entered(formula.partition(":")[2].removeprefix("=")))
    return None
