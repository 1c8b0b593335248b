"""The official table as a locked, guided workbook (XlsxWriter).

The same inputs give the same bytes: no clock, no random id, one order everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlcheck.drawing import formulas
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.look import HEI, SONG, Draw, drawn, must
from xlcheck.model import marks
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.form import CHECK_LINES, CoverEntry, Field, Form, Notes, Table
from xlcheck.model.text import literal

_FANG = {"font_name": "仿宋", "font_family": 1, "font_charset": 134}
_RED = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
_ORANGE = {"bg_color": "#FFD8A8", "font_color": "#7F3F00"}
_GREEN = {"bg_color": "#C6EFCE", "font_color": "#006100"}
_A4 = 9
_GUIDE_WIDTH, _GUIDE_LINE = 70, 30
"""The guide's column in characters of the usual font, and how many Chinese ones of its own font stand on a line."""
_LONG = 16
"""Characters from which on a label is set from the left."""

_COUNT_PROMPT = "填大于或等于 0 的整数。没有发生的填 0，不要留空，不要带单位。"
_AMOUNT_PROMPT = "以万元为单位，填大于或等于 0 的数，可以带小数。没有发生的填 0。"


@dataclass(frozen=True, slots=True)
class _Styles:
    title: Format
    subtitle: Format
    label: Format
    long_label: Format
    field: Format
    entry_label: Format
    entry: Format
    check_label: Format
    check: Format
    status: Format
    guide: Format
    red: Format
    orange: Format
    green: Format


def render(
    form: Form,
    cover: Mapping[str, str] | None = None,
    values: Mapping[str, FieldValue] | None = None,
    notes: Sequence[tuple[str, str]] = (),
    more: Draw | None = None,
) -> bytes:
    """The workbook of `form`, with what is already known typed in.

    Args:
        form: the form to draw.
        cover: texts for entries of the cover, by their keys; others stay blank.
        values: what fields hold, by their keys; texts are written as texts, never as formulas.
        notes: lines of 情况说明: which warning, and what is said of it; those beyond the form's lines are left out.
        more: draws further sheets behind those of the form.

    Returns:
        The bytes of an .xlsx file.
    """
    cover, values = cover or {}, values or {}

    def draw(book: xlsxwriter.Workbook) -> None:
        book.set_custom_property(marks.PROPERTY_FORM, form.id, "text")
        book.set_custom_property(marks.PROPERTY_EDITION, form.edition, "text")
        book.set_custom_property(marks.PROPERTY_TEMPLATE, form.template_version, "text")
        styles = _styles(book)
        _draw_cover(book, form, styles, cover, formulas.live(form, cover, values), notes)
        for table in form.tables:
            _draw_table(book, form, table, styles, values)
        _draw_guide(book, form, styles)
        for field in form.fields:
            if book.define_name(field.key, f"={formulas.reference(field.sheet, field.cell)}"):
                raise XlsxWriterException(f"not a defined name: {field.key}")
        if more is not None:
            more(book)

    return drawn(draw, form.title, form.source.document)


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    middle = {"valign": "vcenter", "text_wrap": True}
    boxed = {**SONG, **middle, "font_size": 10, "border": 1}
    field = {**boxed, "align": "center", "locked": False, "bg_color": f"#{marks.INPUT[2:]}"}
    entry = {**SONG, **middle, "font_size": 11, "border": 1}
    made: dict[str, dict[str, Any]] = {
        "title": {**HEI, **middle, "font_size": 16, "align": "center"},
        "subtitle": {**_FANG, **middle, "font_size": 12, "align": "center"},
        "label": {**boxed, "align": "center"},
        "long_label": {**boxed, "align": "left", "indent": 1},
        "field": field,
        "entry_label": {**entry, "align": "center"},
        "entry": {**entry, "locked": False, "bg_color": f"#{marks.INPUT[2:]}", "num_format": "@", "indent": 1},
        "check_label": {**entry, "font_size": 10, "indent": 1},
        "check": {**entry, "align": "center"},
        "status": {**HEI, **middle, "font_size": 14, "align": "center", "border": 1},
        "guide": {**_FANG, "font_size": 12, "text_wrap": True, "valign": "top"},
        "red": _RED,
        "orange": _ORANGE,
        "green": _GREEN,
    }
    return _Styles(**{name: book.add_format(dict(look)) for name, look in made.items()})


def _sheet(
    book: xlsxwriter.Workbook, name: str, last: Cell, first_column: int = 0, landscape: bool = False
) -> Worksheet:
    """A locked sheet that prints on one A4 page."""
    sheet = book.add_worksheet(name)
    sheet.protect("", {"select_locked_cells": True, "select_unlocked_cells": True})
    sheet.hide_gridlines(2)
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, first_column, *last)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    return sheet


def _merge(sheet: Worksheet, first: Cell, last: Cell, text: str, style: Format) -> None:
    if first != last:
        sheet.merge_range(*first, *last, "", style)
    sheet.write_string(*first, text, style)


# --- the tables ------------------------------------------------------------------------------------------------------


def _draw_table(
    book: xlsxwriter.Workbook, form: Form, table: Table, styles: _Styles, values: Mapping[str, FieldValue]
) -> None:
    sheet = _sheet(book, table.sheet, table.last, table.corner[1], table.landscape)
    top, left = table.corner
    first_field = min(field.cell[0] for field in table.fields)
    sheet.repeat_rows(0, first_field - 1)
    sheet.freeze_panes(first_field, min(field.cell[1] for field in table.fields) if left == 0 else 0)
    sheet.set_row(0, 32)
    for number, height in enumerate(table.heights):
        sheet.set_row(top + number, height)
    for number, width in enumerate(table.widths):
        sheet.set_column(left + number, left + number, width)
    _merge(sheet, table.title.cell, table.title.last, table.title.text, styles.title)
    for label in table.labels:
        # A long label beside others reads better from the left, with some room.
        long = label.cell == label.last and len(label.text) > _LONG
        _merge(sheet, label.cell, label.last, label.text, styles.long_label if long else styles.label)
    for field in table.fields:
        _write_field(sheet, field, values.get(field.key, ""), styles)
    _check_relations(sheet, form, table, styles)
    for kind in ("count", "amount"):
        _validate(sheet, [field for field in table.fields if field.kind == kind])


def _write_field(sheet: Worksheet, field: Field, value: FieldValue, styles: _Styles) -> None:
    # The usual number format shows what is stored; one for whole numbers would show 2.5 as 3.
    style = styles.field
    if field.cell != field.last:
        sheet.merge_range(*field.cell, *field.last, "", style)
    if value == "":
        sheet.write_blank(*field.cell, None, style)
    elif isinstance(value, str):
        sheet.write_string(*field.cell, literal(value), style)
    else:
        sheet.write_number(*field.cell, float(value), style)


def _areas(cells: list[Cell]) -> tuple[str, str]:
    """The first of the rectangles over `cells`, and all of them as XlsxWriter's multi_range."""
    names = [cell_name(a) if a == b else f"{cell_name(a)}:{cell_name(b)}" for a, b in formulas.rectangles(cells)]
    return names[0], " ".join(names)


def _check_relations(sheet: Worksheet, form: Form, table: Table, styles: _Styles) -> None:
    """Red where a relation is broken, and where a cell holds what does not belong there."""
    for relation in form.relations:
        cells = [field.cell for field in relation.fields if field.sheet == table.sheet]
        if cells:
            first, all_of_them = _areas(cells)
            rule: dict[str, Any] = {
                "type": "formula",
                "criteria": f"={formulas.broken(relation, table.sheet)}=1",
                "format": styles.red,
                "multi_range": all_of_them,
            }
            must(sheet.conditional_format(first, rule))
    for kind in ("count", "amount"):
        fields = [field for field in table.fields if field.kind == kind]
        if fields:
            first, all_of_them = _areas([field.cell for field in fields])
            rule = {
                "type": "formula",
                "criteria": f"={formulas.unfit(min(fields, key=lambda field: field.cell))}",
                "format": styles.red,
                "multi_range": all_of_them,
            }
            must(sheet.conditional_format(first, rule))


def _validate(sheet: Worksheet, fields: list[Field]) -> None:
    if not fields:
        return
    whole = fields[0].kind == "count"
    areas = formulas.rectangles(field.cell for field in fields)
    rule = {
        "validate": "integer" if whole else "decimal",
        "criteria": ">=",
        "value": 0,
        "input_title": "请填件数" if whole else "请填金额（万元）",
        "input_message": _COUNT_PROMPT if whole else _AMOUNT_PROMPT,
        "error_title": "不能这样填",
        "error_message": _COUNT_PROMPT if whole else _AMOUNT_PROMPT,
        "other_cells": [[*first, *last] for first, last in areas[1:]],
    }
    must(sheet.data_validation(*areas[0][0], *areas[0][1], rule))


# --- the cover -------------------------------------------------------------------------------------------------------


def _draw_cover(
    book: xlsxwriter.Workbook,
    form: Form,
    styles: _Styles,
    texts: Mapping[str, str],
    live: formulas.Live,
    said: Sequence[tuple[str, str]],
) -> None:
    cover = form.cover
    labels, entries = cover.entries[0].label.cell[1], cover.entries[0].cell[1]
    top = cover.entries[-1].cell[0] + 2
    codes = list(dict.fromkeys(relation.code for relation in form.relations))
    last = cover.notes.cells[-1][1][0] if cover.notes else top + CHECK_LINES + len(codes)
    sheet = _sheet(book, cover.sheet, (last, entries), labels)
    sheet.set_column(0, labels - 1, 3)
    sheet.set_column(labels, labels, 46)
    sheet.set_column(entries, entries, 46)
    sheet.set_row(0, 44)
    sheet.set_row(1, 26)
    _merge(sheet, (0, labels), (0, entries), cover.title, styles.title)
    _merge(sheet, (1, labels), (1, entries), cover.subtitle, styles.subtitle)
    for entry in cover.entries:
        sheet.set_row(entry.cell[0], 28)
        sheet.write_string(*entry.label.cell, entry.label.text, styles.entry_label)
        _write_entry(sheet, entry, texts.get(entry.key, ""), styles)
    if cover.notes:
        _draw_notes(sheet, cover.notes, styles, said)
    required = [entry for entry in cover.entries if entry.required]
    relations = {code: [relation for relation in form.relations if relation.code == code] for code in codes}
    titles = {text.code: text.title for text in form.rule_texts}
    checks: list[tuple[str, str, int]] = [
        ("封面必填项还没有填的（项）", formulas.count_blank_entries(cover.sheet, required), live.blank_entries),
        ("还没有填的（格）", formulas.count_blank(form.fields), live.blank),
        ("填了文字、负数或多余小数的（格）", formulas.count_unfit(form.fields), live.unfit),
    ]
    checks += [
        (f"{titles.get(code, code)}（处）", formulas.count_broken(relations[code]), live.broken[code]) for code in codes
    ]
    for number, (says, expression, value) in enumerate(checks, start=top + 1):
        sheet.set_row(number, 24)
        sheet.write_string(number, labels, says, styles.check_label)
        must(sheet.write_formula(number, entries, f"={expression}", styles.check, value))
    sheet.set_row(top, 36)
    sheet.write_string(top, labels, "填报状态", styles.status)
    cells = [formulas.absolute_name((row, entries)) for row in range(top + 1, top + 1 + len(checks))]
    line = formulas.status(cells[0], cells[1], cells[2], f"SUM({cells[3]}:{cells[-1]})" if codes else "0")
    must(sheet.write_formula(top, entries, f"={line}", styles.status, live.status))
    done = f'{formulas.absolute_name((top, entries))}="{formulas.DONE}"'
    for criteria, style in ((f"={done}", styles.green), (f"=NOT({done})", styles.orange)):
        must(
            sheet.conditional_format(
                top, entries, top, entries, {"type": "formula", "criteria": criteria, "format": style}
            )
        )
    counts = {"type": "cell", "criteria": ">", "value": 0, "format": styles.red}
    must(sheet.conditional_format(top + 1, entries, top + len(checks), entries, counts))


def _write_entry(sheet: Worksheet, entry: CoverEntry, text: str, styles: _Styles) -> None:
    if text:
        sheet.write_string(*entry.cell, literal(text), styles.entry)
    else:
        sheet.write_blank(*entry.cell, None, styles.entry)
    rule: dict[str, Any] = {"validate": "any", "input_title": entry.label.text, "input_message": entry.prompt}
    must(sheet.data_validation(*entry.cell, *entry.cell, rule))


def _draw_notes(sheet: Worksheet, notes: Notes, styles: _Styles, said: Sequence[tuple[str, str]]) -> None:
    sheet.set_row(notes.title.cell[0], 28)
    _merge(sheet, notes.title.cell, notes.title.last, notes.title.text, styles.subtitle)
    sheet.set_row(notes.heads[0].cell[0], 24)
    for head in notes.heads:
        sheet.write_string(*head.cell, head.text, styles.entry_label)
    for line, texts in zip_longest(notes.cells, said[: len(notes.cells)], fillvalue=("", "")):
        sheet.set_row(line[0][0], 26)
        for cell, head, prompt, text in zip(line, notes.heads, notes.prompts, texts, strict=True):
            if text:
                sheet.write_string(*cell, literal(text), styles.entry)
            else:
                sheet.write_blank(*cell, None, styles.entry)
            rule: dict[str, Any] = {"validate": "any", "input_title": head.text[:32], "input_message": prompt}
            must(sheet.data_validation(*cell, *cell, rule))


# --- the guide -------------------------------------------------------------------------------------------------------


def _draw_guide(book: xlsxwriter.Workbook, form: Form, styles: _Styles) -> None:
    guide = form.guide
    sheet = _sheet(book, guide.sheet, (len(guide.lines), 0))
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    sheet.set_row(0, 36)
    sheet.write_string(0, 0, guide.title, styles.title)
    for number, line in enumerate(guide.lines, start=1):
        sheet.set_row(number, 20 * (1 + (len(line) - 1) // _GUIDE_LINE))
        sheet.write_string(number, 0, line, styles.guide)
