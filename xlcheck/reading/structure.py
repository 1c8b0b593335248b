"""What is wrong with a workbook's structure, in a clerk's words."""

from __future__ import annotations

from collections.abc import Iterable

from xlcheck.forms.rules import severity
from xlcheck.model.cells import Cell, Place, cell_name
from xlcheck.model.finding import Finding
from xlcheck.model.form import Table
from xlcheck.model.labels import fold_label
from xlcheck.model.text import entered, names, quote
from xlcheck.reading.placement import Placement, Rows, stands


def fault(code: str, message: str, *places: Place, sheet: str | None = None) -> Finding:
    """A finding of the structure, of the severity that its code has."""
    return Finding(code, severity(code), message, places=places, sheet=sheet)


def altered(sheet: str, text: str, cell: Cell | None, found: str) -> Finding:
    """S102: where the label `text` belongs, `found` stands; `cell` is None where nobody knows where that is."""
    where = () if cell is None else (Place(sheet, cell),)
    now = f"现为“{quote(found)}”" if found else "现在没有"
    message = f"表头“{text}”{now}；请改回官方表格的文字"
    return fault("S102", message, *where, sheet=sheet)._replace(expected=text, actual=entered(found))


_ALIKE = 3
"""So many official labels outside a table are another table, not a remark."""
_FULL = 0.75
"""So much of a table's labels are the whole table."""


def holds_again(table: Table, values: Iterable[object]) -> bool:
    """Whether cells hold the table in full, and with numbers: then nobody knows which of the two is meant."""
    official = {label.folded for label in table.printed}
    found: set[str] = set()
    filled = False
    for value in values:
        if isinstance(value, str):
            found.add(fold_label(value))
        elif isinstance(value, int | float):
            filled = filled or bool(value)
    return filled and len(found & official) >= _FULL * len(official)


def second_table(table: Table, sheet: str, rows: Rows) -> list[Finding]:
    """What looks like the same table once more, below or beside the one that is read."""
    official = {label.folded for label in table.printed}
    bottom, right = table.last
    if len(rows) <= bottom + 1 and max(map(len, rows), default=0) <= right + 1:
        return []
    outside = [(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if r > bottom or c > right]
    again = [(r, c) for r, c, value in outside if isinstance(value, str) and value and fold_label(value) in official]
    if len(again) < _ALIKE or not stands(rows, table.labels[-1]):
        return []
    where = f"工作表“{quote(sheet)}”的表格之外（{cell_name(again[0])} 起）"
    if holds_again(table, (value for _, _, value in outside)):
        message = f"{where}还有一张同样的表，核对的是原来位置上的；请把正确的数填在原来的位置，删除多余的表"
        return [fault("S108", message, Place(sheet, again[0]), sheet=sheet)]
    message = f"{where}还有同样的表头，那里的数没有参与核对；请删除多余的表"
    return [fault("S104", message, Place(sheet, again[0]), sheet=sheet)]


def placement_findings(table: Table, sheet: str, placement: Placement) -> list[Finding]:
    """What the labels of a table say against it: altered, moved, or no proof of where some fields are."""
    found = [altered(sheet, a.label.text, a.cell, a.found) for a in placement.altered]
    if placement.moved:
        label, cell = placement.moved[0]
        message = (
            f"表格有移动：“{quote(label.text)}”应在 {cell_name(label.cell)}，现在 {cell_name(cell)}"
            f"（共 {len(placement.moved)} 处表头不在原位）；请恢复原来的行列位置"
        )
        found.append(fault("S103", message, Place(sheet, cell), sheet=sheet))
    lost = [field for field in table.fields if field.key not in placement.cells]
    if lost:
        message = f"表头不能证明以下 {len(lost)} 格的位置，没有核对：{names(field.says for field in lost[:3])}"
        found.append(
            fault("S102", message + ("等" if len(lost) > 3 else ""), sheet=sheet)._replace(
                fields=tuple(field.key for field in lost)
            )
        )
    return found
