"""The fills that marks cover, remembered in a hidden column of the result sheet until the marks are taken away."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from openpyxl.styles.fills import Fill
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.model.cells import Place, parse_cell

COLUMN = 26
"""The hidden column, from 1."""


def fills(sheet: Worksheet) -> dict[Place, Fill]:
    """The fills that the marks of an earlier copy cover."""
    found: dict[Place, Fill] = {}
    for (text,) in sheet.iter_rows(min_col=COLUMN, max_col=COLUMN, values_only=True):
        if isinstance(text, str):
            address, _, tree = text.partition("|")
            name, _, cell = address.rpartition("!")
            try:
                fill = Fill.from_tree(ElementTree.fromstring(tree))  # type: ignore[arg-type]
                if fill is not None:
                    found[Place(name, parse_cell(cell))] = fill
            except (ValueError, TypeError, IndexError, ElementTree.ParseError):
                continue  # somebody wrote there; the mark's colour stays
    return found


def remember(sheet: Worksheet, covered: Mapping[Place, Fill]) -> None:
    """Keep the fills under the marks of this copy."""
    for row, (place, fill) in enumerate(covered.items(), start=1):
        cell = sheet.cell(row, COLUMN)
        cell.value = f"{place.address}|{ElementTree.tostring(fill.to_tree('fill'), encoding='unicode')}"
        cell.data_type = "s"
    sheet.column_dimensions[chr(64 + COLUMN)].hidden = True
