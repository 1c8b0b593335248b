"""Reading a workbook back, behind the guard: its sheets, its cover, and the fields of each table where labels prove them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xlcheck.guard.admit import Package
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.cells import Cell, Place
from xlcheck.model.finding import Finding
from xlcheck.model.form import Form, Table
from xlcheck.model.submission import BLANK, UNPROVED, Held, Submission
from xlcheck.reading.cover import identity_findings, read_cover, read_notes, read_parts
from xlcheck.reading.odd import custom_properties, odd_cells
from xlcheck.reading.placement import place_fields
from xlcheck.reading.printed import printed_numbers
from xlcheck.reading.seen import Looker
from xlcheck.reading.sheets import Sheets, assign, sheet_findings, values_at, wrong_form
from xlcheck.reading.structure import fault, placement_findings, second_table
from xlcheck.reading.together import as_block, blocks, together_finding


def _none() -> Sequence[Form]:
    return ()


def read_submission(
    package: Package, data: bytes, form: Form, ask: Ask = afresh, others: Callable[[], Sequence[Form]] = _none
) -> Submission:
    """What a department handed in.

    Args:
        package: what the guard says of `data`.
        data: the bytes of the workbook, admitted by the guard.
        form: the form that it should be.
        ask: may know what was found out about members of other files.
        others: the forms that it may be instead; asked where some label is not found, and the likeliest one is taken.

    Raises:
        Refused: the workbook turns out to be unreadable.
    """
    sheets = Sheets(package)
    wrong = wrong_form(custom_properties(package, ask), form)
    if wrong:
        return Submission(form, {}, {}, {}, (wrong,))
    looker = Looker(package, data, ask, sheets.title)
    printed = printed_numbers(form, sheets, looker, ask)
    if printed is not None:
        return _printed(form, sheets, printed)
    submission = _read(package, data, form, looker, sheets)
    if any(held is UNPROVED for held in submission.held.values()):
        likeliest = min((form, *others()), key=lambda one: _unproved(one, sheets))
        if likeliest is not form:
            return _read(package, data, likeliest, looker, sheets)
    return submission


def _unproved(form: Form, sheets: Sheets) -> int:
    """How many fields of the form have no place on the sheets that their labels prove."""
    named = [(table, name) for table, name in zip(form.tables, assign(form, sheets).values(), strict=True) if name]
    return len(form.fields) - sum(len(place_fields(table, sheets.rows(name)).cells) for table, name in named)


def _printed(form: Form, sheets: Sheets, held: Mapping[str, Held]) -> Submission:
    """What was handed in, where all tables are as the form prints them."""
    structure: list[Finding] = []
    places: dict[str, Place] = {}
    cover = read_cover(form.cover, sheets, places, structure)
    for table in form.tables:
        places.update(table.places)
    return _with_front(form, sheets, Submission(form, cover, held, places, tuple(structure)))


def _with_front(form: Form, sheets: Sheets, submission: Submission) -> Submission:
    """The same with what else the cover says, and what it does not."""
    missing = identity_findings(form, submission.cover, submission.places)
    notes, parts = read_notes(form.cover, sheets), read_parts(sheets)
    return submission._replace(structure=(*submission.structure, *missing), notes=notes, parts=parts)


def _read(package: Package, data: bytes, form: Form, looker: Looker, sheets: Sheets) -> Submission:
    tables = assign(form, sheets)
    shared = blocks(form, sheets, tables)
    tables |= {key: block.sheet for key, block in shared.items()}
    if not any(tables.values()):
        message = f"工作簿里没有《{form.title}》的任何一张表；请用下发的填报模板填写"
        return Submission(form, {}, {}, {}, (fault("S105", message),))
    structure = sheet_findings(form, sheets, tables, looker.hiding, shared)
    structure += together_finding(form, shared)
    held: dict[str, Held] = dict.fromkeys(form.by_key, UNPROVED)
    places: dict[str, Place] = {}
    cover = read_cover(form.cover, sheets, places, structure)
    for table in form.tables:
        name = tables[table.key]
        if name is None:
            continue
        block = shared.get(table.key)
        rows = block.rows(sheets) if block else sheets.rows(name)
        placement = as_block(place_fields(table, rows)) if block else place_fields(table, rows)
        structure += placement_findings(table, name, placement)
        structure += second_table(table, name, rows)
        values = values_at(rows, placement.cells)
        if "" in values.values():
            odd = odd_cells(package, sheets.title(name), data)
            values = {
                key: odd.get(placement.cells[key], BLANK) if value == "" else value for key, value in values.items()
            }
        if looker.must_look(name, placement.cells.values()):
            shown, found = looker.look(name, placement.cells, values)
            values, structure = dict(shown), [*structure, *found]
        held.update(values)
        places.update(_places(table, name, placement.cells))
    return _with_front(form, sheets, Submission(form, cover, held, places, tuple(structure)))


def _places(table: Table, sheet: str, cells: Mapping[str, Cell]) -> Mapping[str, Place]:
    if cells is table.cells and sheet == table.sheet:
        return table.places  # as nearly always, so that they are not made anew for every workbook
    return {key: Place(sheet, cell) for key, cell in cells.items()}
