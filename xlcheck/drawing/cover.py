"""The first sheet of the template: who reports, what is left to do, and lines to answer warnings (XlsxWriter)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from xlcheck.drawing import formulas
from xlcheck.drawing.look import GrowingSheet, must, text_height
from xlcheck.drawing.parts import TemplateStyles, page_of, put_merged
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.form import CHECK_LINES, Cover, CoverEntry, Form, Notes
from xlcheck.model.text import literal

_LABELS, _ENTRIES, _ASIDE = 27.0, 77.0, 5.0
"""Widths in characters: a quarter, three quarters, and what tells the required entries."""
_ENTRY, _NOTE, _CHECK = 11, 11, 10
"""Sizes of fonts, in points."""
_LEAST_ENTRY, _LEAST_NOTE, _LEAST_CHECK = 26.0, 24.0, 20.0
"""The lowest rows, in points."""
_SIGNED = "填表人：{0}审核人：{0}单位负责人：{0}（单位盖章）".format("　" * 7)
"""To be signed by hand on the printed page."""


def draw_cover(
    book: xlsxwriter.Workbook,
    form: Form,
    styles: TemplateStyles,
    texts: Mapping[str, str],
    values: Mapping[str, formulas.FieldValue],
    said: Sequence[tuple[str, str]],
) -> None:
    """Draw the cover.

    Args:
        book: where it becomes the next sheet.
        form: the form.
        styles: its looks.
        texts: of entries, by their keys.
        values: what fields hold, by their keys: the live counts start from them.
        said: lines of 情况说明.
    """
    cover = form.cover
    labels, entries = cover.entries[0].label.cell[1], cover.entries[0].cell[1]
    top = cover.entries[-1].cell[0] + 2
    codes = tuple(dict.fromkeys(relation.code for relation in form.relations))
    below = (cover.notes.cells[-1][1][0] if cover.notes else top + CHECK_LINES + len(codes) + 1) + 1
    sheet = page_of(book, cover.sheet, (below, entries + 1), labels)
    if labels:
        sheet.set_column(0, labels - 1, 2)
    for column, width in ((labels, _LABELS), (entries, _ENTRIES), (entries + 1, _ASIDE)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 40)
    sheet.set_row(1, 22)
    put_merged(sheet, (0, labels), (0, entries), cover.title, styles.title)
    put_merged(sheet, (1, labels), (1, entries), cover.subtitle, styles.subtitle)
    for entry in cover.entries:
        _draw_entry(sheet, entry, texts.get(entry.key, ""), styles)
    _draw_status(sheet, form, styles, formulas.live(form, texts, values), top, codes)
    if cover.notes:
        _draw_notes(sheet, cover.notes, styles, said)
    _mark_blanks(sheet, cover, styles)
    sheet.set_row(below, 44)
    put_merged(sheet, (below, labels), (below, entries), _SIGNED, styles.signature)


def _draw_entry(sheet: GrowingSheet, entry: CoverEntry, text: str, styles: TemplateStyles) -> None:
    sheet.grow(entry.cell[0], max(_LEAST_ENTRY, text_height(text, _ENTRIES, _ENTRY, 1)))
    sheet.write_string(*entry.label.cell, entry.label.text, styles.entry_label)
    if entry.required:
        sheet.write_string(entry.cell[0], entry.cell[1] + 1, "必填", styles.required)
    if text:
        sheet.write_string(*entry.cell, literal(text), styles.entry)
    else:
        sheet.write_blank(*entry.cell, None, styles.entry)
    rule: dict[str, Any] = {"validate": "any", "input_title": entry.label.text, "input_message": entry.prompt}
    must(sheet.data_validation(*entry.cell, *entry.cell, rule))


def _draw_status(
    sheet: GrowingSheet, form: Form, styles: TemplateStyles, live: formulas.Live, top: int, codes: Sequence[str]
) -> None:
    """The status, what it counts, and where something is left, from row `top` on."""
    labels, entries = form.cover.entries[0].label.cell[1], form.cover.entries[0].cell[1]
    checks = _checks(form, live, codes)
    for number, (says, expression, value) in enumerate(checks, start=top + 1):
        sheet.set_row(number, max(_LEAST_CHECK, text_height(says, _LABELS, _CHECK)))
        sheet.write_string(number, labels, says, styles.check_label)
        must(sheet.write_formula(number, entries, f"={expression}", styles.check, value))
    cells = [formulas.absolute_name((row, entries)) for row in range(top + 1, top + 1 + len(checks))]
    below = top + 1 + len(checks)
    sheet.set_row(below, 32)
    sheet.write_string(below, labels, "还没有填好的在", styles.check_label)
    expression = formulas.left(form, cells[:CHECK_LINES])
    must(sheet.write_formula(below, entries, f"={expression}", styles.left, live.left))
    sheet.set_row(top, 34)
    sheet.write_string(top, labels, "填报状态", styles.status)
    line = formulas.status(cells[0], cells[1], cells[2], f"SUM({cells[3]}:{cells[-1]})" if codes else "0")
    must(sheet.write_formula(top, entries, f"={line}", styles.status, live.status))
    done = f'{formulas.absolute_name((top, entries))}="{formulas.DONE}"'
    for criteria, style in ((f"={done}", styles.green), (f"=NOT({done})", styles.orange)):
        rule = {"type": "formula", "criteria": criteria, "format": style}
        must(sheet.conditional_format(top, entries, top, entries, rule))
    counts = {"type": "cell", "criteria": ">", "value": 0, "format": styles.red}
    must(sheet.conditional_format(top + 1, entries, top + len(checks), entries, counts))


def _checks(form: Form, live: formulas.Live, codes: Sequence[str]) -> list[tuple[str, str, int]]:
    """What is counted below the status: in a clerk's words, as a formula, and what it comes to."""
    required = [entry for entry in form.cover.entries if entry.required]
    titles = {text.code: text.title for text in form.rule_texts}
    checks = [
        ("封面必填项还没有填的（项）", formulas.count_blank_entries(form.cover.sheet, required), live.blank_entries),
        ("空着的格（格）", formulas.count_blank(form.fields), live.blank),
        ("填写不符合要求的（格）", formulas.count_unfit(form.fields), live.unfit),
    ]
    for code in codes:
        relations = [relation for relation in form.relations if relation.code == code]
        checks.append((f"{titles.get(code, code)}（处）", formulas.count_broken(relations), live.broken[code]))
    return checks


def _draw_notes(sheet: GrowingSheet, notes: Notes, styles: TemplateStyles, said: Sequence[tuple[str, str]]) -> None:
    sheet.set_row(notes.title.cell[0], 34)
    put_merged(sheet, notes.title.cell, notes.title.last, notes.title.text, styles.subtitle)
    sheet.set_row(notes.heads[0].cell[0], 22)
    for head in notes.heads:
        sheet.write_string(*head.cell, head.text, styles.entry_label)
    blank = [("", "")] * len(notes.cells)
    for line, texts in zip(notes.cells, [*said, *blank], strict=False):
        taken = max(text_height(text, width, _NOTE, 1) for text, width in zip(texts, (_LABELS, _ENTRIES), strict=True))
        sheet.grow(line[0][0], max(_LEAST_NOTE, taken))
        for cell, head, prompt, text in zip(line, notes.heads, notes.prompts, texts, strict=True):
            if text:
                sheet.write_string(*cell, literal(text), styles.note)
            else:
                sheet.write_blank(*cell, None, styles.note)
            rule: dict[str, Any] = {"validate": "any", "input_title": head.text[:32], "input_message": prompt}
            must(sheet.data_validation(*cell, *cell, rule))


def _mark_blanks(sheet: GrowingSheet, cover: Cover, styles: TemplateStyles) -> None:
    """What can be typed into is a deeper yellow while it is blank; required entries are orange."""
    typed: list[Cell] = [entry.cell for entry in cover.entries]
    typed += [cell for line in cover.notes.cells for cell in line] if cover.notes else []
    for entry in cover.entries:
        if entry.required:
            must(sheet.conditional_format(*entry.cell, *entry.cell, {"type": "blanks", "format": styles.orange}))
    names = [cell_name(a) if a == b else f"{cell_name(a)}:{cell_name(b)}" for a, b in formulas.rectangles(typed)]
    must(sheet.conditional_format(names[0], {"type": "blanks", "format": styles.blank, "multi_range": " ".join(names)}))
