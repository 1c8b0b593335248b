"""Last year's numbers beside a table of the template: texts to look at, where neither a printer nor a reader finds them.

They stand outside of what is printed. No head of theirs is one of the form's, and no text of theirs is a number, so whoever
looks for a table or a number there finds none.
"""

from __future__ import annotations

from xlcheck.drawing.look import GrowingSheet
from xlcheck.drawing.parts import TemplateStyles, put_merged
from xlcheck.drawing.prefill import Prefill
from xlcheck.model.cells import Cell, column_name
from xlcheck.model.form import Field, Table
from xlcheck.model.marks import LAST_YEAR

_FLAT = 2
"""Tables with more rows of fields have room on their right only; of others the rows are often wide."""
_BELOW = 3
"""Rows from the last one of a table, its foot included, to what stands below it."""
_LINE = 20.0
"""Points of a row."""


def draw_hints(sheet: GrowingSheet, table: Table, known: Prefill, styles: TemplateStyles) -> None:
    """Draw the numbers that last year's table had in the fields of this one, as far as they are known.

    Args:
        sheet: of the table.
        table: the table.
        known: what the template is sent out with.
        styles: its looks.
    """
    fields = [field for field in table.fields if field.key in known.last_year]
    if not fields:
        return
    title = f"上年{f'（{known.year} 年）' if known.year else ''}报送数，仅供对照，不参与核对"
    if len({field.cell[0] for field in table.fields}) > _FLAT:
        spots = _on_the_right(sheet, table, title, styles)
    else:
        spots = _under_it(sheet, table, title, styles)
    for field in fields:
        sheet.write_string(*spots[field.key], f"{LAST_YEAR}{known.last_year[field.key]}", styles.hint)


def _on_the_right(sheet: GrowingSheet, table: Table, title: str, styles: TemplateStyles) -> dict[str, Cell]:
    """The cell beside each field; which column it belongs to is said by its letter."""
    columns = _columns(table.fields)
    left = table.last[1] + 2
    top, above = table.corner[0], min(field.cell[0] for field in table.fields) - 1
    for number, column in enumerate(columns, start=left):
        sheet.set_column(number, number, max(9.0, min(table.widths[column - table.corner[1]], 14.0)))
        sheet.write_string(above, number, f"{column_name(column)} 列", styles.hint)
    put_merged(sheet, (top, left), (above - 1, left + len(columns) - 1), title, styles.hint)
    return {field.key: (field.cell[0], left + columns.index(field.cell[1])) for field in table.fields}


def _under_it(sheet: GrowingSheet, table: Table, title: str, styles: TemplateStyles) -> dict[str, Cell]:
    """The cell below each field, in its column."""
    first = min(field.cell[0] for field in table.fields)
    top = table.last[0] + _BELOW
    sheet.set_row(top, _LINE)
    put_merged(sheet, (top, table.corner[1]), (top, table.last[1]), title, styles.hint)
    spots = {field.key: (top + 1 + field.cell[0] - first, field.cell[1]) for field in table.fields}
    for row in {row for row, _ in spots.values()}:
        sheet.set_row(row, _LINE)
    return spots


def _columns(fields: tuple[Field, ...]) -> list[int]:
    return sorted({field.cell[1] for field in fields})
