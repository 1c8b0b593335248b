"""The official table as a locked, guided workbook (XlsxWriter).

The same inputs give the same bytes: no clock, no random id, one order everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from xlcheck.drawing import formulas
from xlcheck.drawing.cover import draw_cover
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.look import Draw, GrowingSheet, drawn, must, text_height
from xlcheck.drawing.parts import TemplateStyles, page_of, put_merged, styles_of
from xlcheck.model import marks
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.form import FIELD_KINDS, Field, FieldKind, Form, Table
from xlcheck.model.text import clean, literal
from xlcheck.model.tuples import NamedTuple

_GUIDE_WIDTH, _GUIDE_SIZE = 92, 12
"""The guide's column in characters of the usual font, and the size of its own font in points."""
_FOOT = 20
"""The row below a table, in points."""
_LEAST_CHANGE = -999_999_999


class _Typed(NamedTuple):
    """What a spreadsheet program lets one type into the fields of a kind."""

    validate: str
    least: int
    title: str
    prompt: str


_TYPED: Mapping[FieldKind, _Typed] = {
    "count": _Typed("integer", 0, "请填件数", "填大于或等于 0 的整数。没有发生的填 0，不要留空，不要带单位。"),
    "amount": _Typed(
        "decimal", 0, "请填金额（万元）", "以万元为单位，填大于或等于 0 的数，可以带小数。没有发生的填 0。"
    ),
    "change": _Typed(
        "integer",
        _LEAST_CHANGE,
        "请填增减数",
        "填整数，增加的填正数，减少的填负数（例如 -8）。没有增减的填 0，不要留空。",
    ),
}


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
        styles = styles_of(book)
        draw_cover(book, form, styles, cover, values, notes)
        for table in form.tables:
            _draw_table(book, form, table, styles, cover, values)
        _draw_guide(book, form, styles)
        if more is not None:
            more(book)

    return drawn(draw, form.title, form.source.document)


# --- the tables ------------------------------------------------------------------------------------------------------


def _draw_table(
    book: xlsxwriter.Workbook,
    form: Form,
    table: Table,
    styles: TemplateStyles,
    cover: Mapping[str, str],
    values: Mapping[str, FieldValue],
) -> None:
    sheet = page_of(book, table.sheet, (table.last[0] + 1, table.last[1]), table.corner[1], table.landscape)
    top, left = table.corner
    first_field = min(field.cell[0] for field in table.fields)
    sheet.repeat_rows(0, first_field - 1)
    sheet.freeze_panes(first_field, min(field.cell[1] for field in table.fields) if left == 0 else 0)
    sheet.set_row(table.title.cell[0], 32)
    for number, height in enumerate(table.heights):
        sheet.set_row(top + number, height)
    for number, width in enumerate(table.widths):
        sheet.set_column(left + number, left + number, width)
    put_merged(sheet, table.title.cell, table.title.last, table.title.text, styles.title)
    for label in (*table.labels, *table.idle):
        put_merged(sheet, label.cell, label.last, label.text, styles.label)
    for field in table.fields:
        _write_field(sheet, field, values.get(field.key, ""), styles)
    _draw_foot(sheet, form, table, styles, cover)
    _check_relations(sheet, form, table, styles)
    _mark_blanks(sheet, table, styles)
    for kind in FIELD_KINDS:
        _validate(sheet, [field for field in table.fields if field.kind == kind])


def _draw_foot(sheet: GrowingSheet, form: Form, table: Table, styles: TemplateStyles, cover: Mapping[str, str]) -> None:
    """Whose table it is, and of which year: the page is told from others when it is printed."""
    row = table.last[0] + 1
    sheet.set_row(row, _FOOT)
    terms = [
        (
            f'"{says}："&{formulas.reference(form.cover.sheet, form.cover.entry(key).cell)}',
            f"{says}：{cover.get(key, '')}",
        )
        for says, key in (("报告年度", "year"), ("填报单位", "unit"))
    ]
    expression, shown = (
        apart.join(each) for apart, each in zip(('&"　　"&', "　　"), zip(*terms, strict=True), strict=True)
    )
    must(sheet.write_formula(row, table.corner[1], f"={expression}", styles.foot, clean(shown)))


def _mark_blanks(sheet: GrowingSheet, table: Table, styles: TemplateStyles) -> None:
    """Fields are a deeper yellow while they are blank."""
    first, all_of_them = _areas([field.cell for field in table.fields])
    rule = {"type": "blanks", "format": styles.blank, "multi_range": all_of_them}
    must(sheet.conditional_format(first, rule))


def _write_field(sheet: GrowingSheet, field: Field, value: FieldValue, styles: TemplateStyles) -> None:
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


def _check_relations(sheet: GrowingSheet, form: Form, table: Table, styles: TemplateStyles) -> None:
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
    for kind in FIELD_KINDS:
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


def _validate(sheet: GrowingSheet, fields: list[Field]) -> None:
    if not fields:
        return
    typed = _TYPED[fields[0].kind]
    areas = formulas.rectangles(field.cell for field in fields)
    rule = {
        "validate": typed.validate,
        "criteria": ">=",
        "value": typed.least,
        "input_title": typed.title,
        "input_message": typed.prompt,
        "error_title": "不能这样填",
        "error_message": typed.prompt,
        "other_cells": [[*first, *last] for first, last in areas[1:]],
    }
    must(sheet.data_validation(*areas[0][0], *areas[0][1], rule))


# --- the guide -------------------------------------------------------------------------------------------------------


def _draw_guide(book: xlsxwriter.Workbook, form: Form, styles: TemplateStyles) -> None:
    guide = form.guide
    sheet = page_of(book, guide.sheet, (len(guide.lines), 0))
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    sheet.set_row(0, 36)
    sheet.write_string(0, 0, guide.title, styles.title)
    for number, line in enumerate(guide.lines, start=1):
        sheet.set_row(number, 6 + text_height(line, _GUIDE_WIDTH, _GUIDE_SIZE))
        sheet.write_string(number, 0, line, styles.guide)
