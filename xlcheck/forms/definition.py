"""What a form file says: its data as a :class:`~xlcheck.model.form.Form`, with all faults noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlcheck.forms.facts import read_facts
from xlcheck.forms.faults import Faults
from xlcheck.forms.relations import read_relations
from xlcheck.forms.tables import DrawnRow, Origin, read_table
from xlcheck.forms.variant import with_instead
from xlcheck.model.cells import Cell, parse_cell
from xlcheck.model.form import CHECK_LINES, Cover, CoverEntry, Field, Form, FormSource, Guide, Label, Notes, Table
from xlcheck.model.labels import fold

_KEYS = (
    "id", "title", "edition", "template_version", "source", "cover", "guide", "tables", "sets", "relations", "checks",
    "facts",
)  # fmt: skip


def define(data: Mapping[str, Any], faults: Faults) -> Form:
    """The form that the data of a form file describe; where they have faults, something harmless stands in its place."""
    faults.unknown(data, _KEYS, "")
    tables = tuple(_table(table, place, faults) for table, place in faults.each(data, "tables", ""))
    fields = _unique_fields(tables, faults)
    relations, checks, rule_texts = read_relations(data, fields, faults)
    cover = _cover(faults.table(data, "cover", ""), len({relation.code for relation in relations}), faults)
    guide = faults.table(data, "guide", "")
    source = faults.table(data, "source", "")
    faults.unknown(guide, ("sheet", "title", "lines"), "guide")
    faults.unknown(source, ("document", "title", "clause", "law"), "source")
    form = Form(
        id=faults.text(data, "id", ""),
        title=faults.text(data, "title", ""),
        edition=faults.text(data, "edition", ""),
        template_version=faults.text(data, "template_version", ""),
        source=FormSource(*(faults.text(source, key, "source") for key in ("document", "title", "clause", "law"))),
        cover=cover,
        guide=Guide(
            faults.text(guide, "sheet", "guide"),
            faults.text(guide, "title", "guide"),
            faults.texts(guide, "lines", "guide"),
        ),
        tables=tables,
        relations=relations,
        checks=checks,
        rule_texts=rule_texts,
        facts=read_facts(data, fields, faults),
    )
    if not tables:
        faults.add("tables", "a form has at least one table")
    for sheet in form.sheets:
        if sheet and (len(sheet) > 31 or set(sheet) & set("[]:*?/\\'!")):
            faults.add(f"sheet {sheet!r}", "not a name that a worksheet can have")
    for sheet in sorted({sheet for sheet in form.sheets if form.sheets.count(sheet) > 1}):
        faults.add(f"sheet {sheet!r}", "the name of more than one sheet")
    return form


def _table(data: Mapping[str, Any], place: str, faults: Faults) -> Table:
    known = (
        "key",
        "title",
        "sheet",
        "at",
        "widths",
        "row_height",
        "landscape",
        "fields",
        "rows",
        "instead",
        "title_row",
    )
    faults.unknown(data, known, place)
    key = faults.name(data, "key", place)
    sheet = faults.text(data, "sheet", place)
    widths = faults.numbers(data, "widths", place)
    height = faults.number(data, "row_height", place)
    corner = _cell(data, place, faults)
    if corner[0] < 1:
        faults.add(f"{place}.at", "row 1 of the sheet is the title's")
    title_row = faults.whole(data, "title_row", place) if "title_row" in data else 1
    if title_row > corner[0]:
        faults.add(f"{place}.title_row", "must be above the table")
        title_row = 1
    rows, heights = _rows(data, len(widths), height, place, faults)
    contents = read_table(rows, Origin(key, sheet, corner), faults)
    return Table(
        key=key,
        title=_label(
            faults.text(data, "title", place),
            (title_row - 1, corner[1]),
            (title_row - 1, corner[1] + max(len(widths), 1) - 1),
        ),
        sheet=sheet,
        corner=corner,
        labels=contents.labels,
        fields=contents.fields,
        widths=widths,
        heights=heights,
        landscape=data.get("landscape") is True,
        idle=contents.idle,
    )


def _rows(
    data: Mapping[str, Any], columns: int, height: float, place: str, faults: Faults
) -> tuple[list[DrawnRow], tuple[float, ...]]:
    """The rows of a table as they are drawn, and how high each is."""
    default = faults.texts(data, "fields", place, optional=True)
    rows: list[DrawnRow] = []
    heights: list[float] = []
    for row, at in with_instead(faults.each(data, "rows", place), data, place, faults):
        faults.unknown(row, ("key", "cells", "height"), at)
        row_key = faults.name(row, "key", at) if "key" in row else None
        cells = faults.texts(row, "cells", at)
        if row_key and len(cells) < columns:
            cells += default
        if len(cells) != columns:
            faults.add(at, f"{len(cells)} cells, but the table has {columns} columns")
            cells = (*cells, *[""] * columns)[:columns]
        rows.append(DrawnRow(row_key, cells, at))
        heights.append(faults.number(row, "height", at) if "height" in row else height)
    return rows, tuple(heights)


def _label(text: str, cell: Cell, last: Cell) -> Label:
    return Label(text, cell, last, fold(text))


def _cell(data: Mapping[str, Any], place: str, faults: Faults) -> Cell:
    text = faults.text(data, "at", place)
    try:
        return parse_cell(text) if text else (1, 0)
    except ValueError:
        faults.add(f"{place}.at", f"not a cell: {text!r}")
        return 1, 0


def _unique_fields(tables: tuple[Table, ...], faults: Faults) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for field in (field for table in tables for field in table.fields):
        if field.key in fields:
            faults.add(field.address, f"field {field.key!r} is also at {fields[field.key].address}")
        fields[field.key] = field
    keys = [table.key for table in tables]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        faults.add("tables", f"more than one table {key!r}")
    return fields


def _cover(data: Mapping[str, Any], codes: int, faults: Faults) -> Cover:
    known = ("sheet", "title", "subtitle", "labels_column", "values_column", "first_row", "entries", "notes")
    faults.unknown(data, known, "cover")
    columns = [faults.text(data, key, "cover") for key in ("labels_column", "values_column")]
    first = faults.whole(data, "first_row", "cover", least=3)  # below the title and the subtitle
    cells: list[int] = []
    for column in columns:
        try:
            cells.append(parse_cell(f"{column}1")[1])
        except ValueError:
            faults.add("cover", f"not a column: {column!r}")
            cells.append(len(cells))
    if cells[0] >= cells[1]:
        faults.add("cover.values_column", "must be right of labels_column")
    entries: list[CoverEntry] = []
    for row, (entry, place) in enumerate(faults.each(data, "entries", "cover"), start=first - 1):
        faults.unknown(entry, ("key", "label", "prompt", "required"), place)
        entries.append(
            CoverEntry(
                key=faults.name(entry, "key", place),
                label=_label(faults.text(entry, "label", place), (row, cells[0]), (row, cells[0])),
                prompt=faults.text(entry, "prompt", place),
                required=entry.get("required") is True,
                cell=(row, cells[1]),
            )
        )
    keys = [entry.key for entry in entries]
    for key in ("unit", "year"):
        if key not in keys:
            faults.add("cover.entries", f"no entry {key!r}")
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        faults.add("cover.entries", f"more than one entry {key!r}")
    return Cover(
        faults.text(data, "sheet", "cover"),
        faults.text(data, "title", "cover"),
        faults.text(data, "subtitle", "cover"),
        tuple(entries),
        # Below the entries stand the status, its lines (one a code of relations), and a blank line.
        _notes(data["notes"], (first - 1 + len(entries) + 3 + CHECK_LINES + codes, cells), faults)
        if "notes" in data
        else None,
    )


def _notes(data: Mapping[str, Any], at: tuple[int, list[int]], faults: Faults) -> Notes:
    place = "cover.notes"
    faults.unknown(data, ("title", "heads", "prompts", "lines"), place)
    row, (left, right) = at
    heads, prompts = (faults.texts(data, key, place) for key in ("heads", "prompts"))
    for key, texts in (("heads", heads), ("prompts", prompts)):
        if len(texts) != 2:
            faults.add(f"{place}.{key}", "must be two texts")
    heads, prompts = (*heads, "", "")[:2], (*prompts, "", "")[:2]
    lines = faults.whole(data, "lines", place)
    return Notes(
        title=_label(faults.text(data, "title", place), (row, left), (row, right)),
        heads=(
            _label(heads[0], (row + 1, left), (row + 1, left)),
            _label(heads[1], (row + 1, right), (row + 1, right)),
        ),
        prompts=(prompts[0], prompts[1]),
        cells=tuple(((row + 2 + line, left), (row + 2 + line, right)) for line in range(lines)),
    )
