"""Several tables on one worksheet, as published reports print them: each is read between its title and the next one."""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.model.finding import Finding
from xlcheck.model.form import Form, Table
from xlcheck.model.labels import fold_label
from xlcheck.model.text import names, quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.placement import Placement, Rows
from xlcheck.reading.sheets import Sheets, is_ours
from xlcheck.reading.structure import fault


class TableRows(NamedTuple):
    """The rows of a worksheet that hold one table, from 0."""

    sheet: str
    first: int
    stop: int

    def rows(self, sheets: Sheets) -> Rows:
        """The worksheet with these rows only, each where it stands."""
        rows = sheets.rows(self.sheet)
        return [*[()] * self.first, *rows[self.first : self.stop]]


def blocks(form: Form, sheets: Sheets, tables: Mapping[str, str | None]) -> dict[str, TableRows]:
    """Where tables stand that share a worksheet, by their keys; nothing if each has one of its own.

    `tables` says which have one. Only one worksheet may be shared, and each title stands on it once.
    """
    missing = {key for key, name in tables.items() if name is None}
    if not missing:
        return {}
    shared = []
    for name in (name for name in sheets.names if not is_ours(name, sheets)):
        here = [table for table in form.tables if tables[table.key] in (None, name)]
        found = _titles(here, sheets.rows(name))
        if len(found) > 1 and missing & found.keys() and len(set(found.values())) == len(found):
            shared.append((name, found))
    if len(shared) != 1:
        return {}
    name, found = shared[0]
    order = sorted(found, key=lambda key: found[key])
    stops = [*(found[key] for key in order[1:]), len(sheets.rows(name))]
    return {key: TableRows(name, found[key], stop) for key, stop in zip(order, stops, strict=True)}


def _titles(tables: list[Table], rows: Rows) -> dict[str, int]:
    """The rows of the titles that stand on a worksheet exactly once, by the tables' keys."""
    wanted = {table.title.folded: table.key for table in tables}
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for value in row:
            if isinstance(value, str) and value and (key := wanted.get(fold_label(value))):
                found.setdefault(key, []).append(number)
    return {key: numbers[0] for key, numbers in found.items() if len(numbers) == 1}


def together_finding(form: Form, found: Mapping[str, TableRows]) -> list[Finding]:
    """S101 where tables share a worksheet."""
    if not found:
        return []
    tables = [table.sheet for table in form.tables if table.key in found]
    (sheet,) = {block.sheet for block in found.values()}
    message = f"{names(tables)}这 {len(tables)} 张表在同一张工作表“{quote(sheet)}”上：已按表题分开核对；请用下发的填报模板填写，每张表一个工作表"
    return [fault("S101", message, sheet=sheet)]


def as_block(placement: Placement) -> Placement:
    """The placement of such a table; that all of it stands lower is no finding of its own."""
    shifts = {(cell[0] - label.cell[0], cell[1] - label.cell[1]) for label, cell in placement.moved}
    return placement._replace(moved=()) if len(shifts) == 1 else placement
