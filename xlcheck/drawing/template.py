"""The official table as a locked, guided workbook (XlsxWriter).

The same inputs give the same bytes: no clock, no random id, one order everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from xlcheck.drawing import formulas
from xlcheck.drawing.cover import draw_cover
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.hints import draw_hints
from xlcheck.drawing.look import Draw, GrowingSheet, drawn, must, text_height
from xlcheck.drawing.parts import TemplateStyles, page_of, put_merged, styles_of
from xlcheck.drawing.prefill import NOTHING_KNOWN, Prefill
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
    """What a spreadsheet program lets one type into fields, and what it says of them."""

    validate: str
    least: int | None
    """The least number; None for anything."""
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


_CARRIED = _Typed(
    "any", None, "已按上年预填", "取自上一年度的报送数，已锁定，不用填写。有误的，请与下发本表的单位联系。"
)
_SUMMED = _Typed("any", None, "自动合计", "由公式自动合计，已锁定，不用填写。有关的各格都填好后才出现数。")
_KNOWN = (
    (
        "carried",
        "※灰色的上年结转各格取自上一年度的报送数，已锁定，不用填写。上年数有误，或者因机构合并、拆分、职责划转不一致的，请与下发单位联系。",
    ),
    ("sums", "※灰色的总计各格由公式自动合计，已锁定，不用填写。有关的各格都填好后才出现数。"),
    ("last_year", "※表格旁边写着“上年”的是上一年度的报送数，仅供对照，不打印，也不参与核对。"),
)
"""What the guide says besides where something is known."""


def render(
    form: Form,
    cover: Mapping[str, str] | None = None,
    values: Mapping[str, FieldValue] | None = None,
    notes: Sequence[tuple[str, str]] = (),
    more: Draw | None = None,
    known: Prefill = NOTHING_KNOWN,
) -> bytes:
    """The workbook of `form`, with what is already known typed in.

    Args:
        form: the form to draw.
        cover: texts for entries of the cover, by their keys; others stay blank.
        values: what fields hold, by their keys; texts are written as texts, never as formulas.
        notes: lines of 情况说明: which warning, and what is said of it; those beyond the form's lines are left out.
        more: draws further sheets behind those of the form.
        known: what the template is sent out with; `values` are typed in besides.

    Returns:
        The bytes of an .xlsx file.
    """
    cover, values = cover or {}, {**known.values, **(values or {})}

    def draw(book: xlsxwriter.Workbook) -> None:
        book.set_custom_property(marks.PROPERTY_FORM, form.id, "text")
        book.set_custom_property(marks.PROPERTY_EDITION, form.edition, "text")
        book.set_custom_property(marks.PROPERTY_TEMPLATE, form.template_version, "text")
        styles = styles_of(book)
        draw_cover(book, form, styles, cover, values, notes)
        for table in form.tables:
            _draw_table(book, form, table, styles, cover, values, known)
        _draw_guide(book, form, styles, known)
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
    known: Prefill,
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
        if field.key in known.sums:
            _write_sum(sheet, field, known.sums[field.key], values[field.key], styles)
        else:
            style = styles.fixed if field.key in known.carried else styles.field
            _write_field(sheet, field, values.get(field.key, ""), style)
    _draw_foot(sheet, form, table, styles, cover)
    draw_hints(sheet, table, known, styles)
    _check_relations(sheet, form, table, styles)
    typed = [field for field in table.fields if field.key not in known.locked]
    _mark_blanks(sheet, typed, styles)
    for kind in FIELD_KINDS:
        _validate(sheet, [field for field in typed if field.kind == kind], _TYPED[kind])
    for keys, told in ((known.carried, _CARRIED), (known.sums.keys(), _SUMMED)):
        _validate(sheet, [field for field in table.fields if field.key in keys], told)


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


def _mark_blanks(sheet: GrowingSheet, fields: list[Field], styles: TemplateStyles) -> None:
    """Fields that are typed into are a deeper yellow while they are blank."""
    if not fields:
        return
    first, all_of_them = _areas([field.cell for field in fields])
    rule = {"type": "blanks", "format": styles.blank, "multi_range": all_of_them}
    must(sheet.conditional_format(first, rule))


def _write_field(sheet: GrowingSheet, field: Field, value: FieldValue, style: Format) -> None:
    # The usual number format shows what is stored; one for whole numbers would show 2.5 as 3.
    if field.cell != field.last:
        sheet.merge_range(*field.cell, *field.last, "", style)
    if value == "":
        sheet.write_blank(*field.cell, None, style)
    elif isinstance(value, str):
        sheet.write_string(*field.cell, literal(value), style)
    else:
        sheet.write_number(*field.cell, float(value), style)


def _write_sum(
    sheet: GrowingSheet, field: Field, parts: Sequence[Field], value: FieldValue, styles: TemplateStyles
) -> None:
    if field.cell != field.last:
        sheet.merge_range(*field.cell, *field.last, "", styles.fixed)
    shown = float(value) if isinstance(value, Decimal) else value
    must(sheet.write_formula(*field.cell, f"={formulas.whole_sum(parts, field.sheet)}", styles.fixed, shown))


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


def _validate(sheet: GrowingSheet, fields: list[Field], typed: _Typed) -> None:
    """Let only what fits be typed into fields, and say what."""
    if not fields:
        return
    areas = formulas.rectangles(field.cell for field in fields)
    rule: dict[str, Any] = {
        "validate": typed.validate,
        "input_title": typed.title,
        "input_message": typed.prompt,
        "other_cells": [[*first, *last] for first, last in areas[1:]],
    }
    if typed.least is not None:
        rule |= {
            "criteria": ">=",
            "value": typed.least,
            "error_title": "不能这样填",
            "error_message": typed.prompt,
        }
    must(sheet.data_validation(*areas[0][0], *areas[0][1], rule))


# --- the guide -------------------------------------------------------------------------------------------------------


def _draw_guide(book: xlsxwriter.Workbook, form: Form, styles: TemplateStyles, known: Prefill) -> None:
    guide = form.guide
    lines = [*guide.lines, *(line for of, line in _KNOWN if getattr(known, of))]
    sheet = page_of(book, guide.sheet, (len(lines), 0))
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    sheet.set_row(0, 36)
    sheet.write_string(0, 0, guide.title, styles.title)
    for number, line in enumerate(lines, start=1):
        sheet.set_row(number, 6 + text_height(line, _GUIDE_WIDTH, _GUIDE_SIZE))
        sheet.write_string(number, 0, line, styles.guide)
