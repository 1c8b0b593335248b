"""Who reports, for which year, and what is said of warnings: the cover, and the sheet of a total."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import takewhile

from xlcheck.model import marks
from xlcheck.model.cells import Place, cell_name
from xlcheck.model.finding import Finding
from xlcheck.model.form import Cover, Form
from xlcheck.model.labels import fold
from xlcheck.model.submission import Held, Note, Part, parse_year
from xlcheck.model.text import entered, quote
from xlcheck.reading.placement import stands, text_at
from xlcheck.reading.sheets import Sheets, cover_sheet, is_ours, values_at
from xlcheck.reading.structure import altered, fault

_COVER_LENGTH = 200
"""Longer texts on a cover are cut: no name or address is."""
_NOTE_LENGTH = 1_000
"""Longer explanations are cut."""


def read_parts(sheets: Sheets) -> tuple[Part, ...]:
    """Whose numbers a total contains, as its own sheet says; none for any other workbook."""
    for name in sheets.names:
        if name.startswith(marks.TOTAL_SHEET) and is_ours(name, sheets):
            rows = iter(sheets.rows(name))
            wanted = list(marks.TOTAL_HEADS[:3])
            for row in rows:
                if row[:3] == wanted:
                    break
            # The units are numbered; what was left out stands below a line without a number.
            units = takewhile(lambda row: isinstance(row[0], int | float), rows)
            return tuple(Part(_text(row[1]), _text(row[2])) for row in units)  # type: ignore[arg-type]
    return ()


def read_cover(cover: Cover, sheets: Sheets, places: dict[str, Place], structure: list[Finding]) -> dict[str, str]:
    """The cover's entries; one whose label is neither in its place nor elsewhere is told, and stays blank."""
    name = cover_sheet(cover, sheets)
    if name is None:
        return {}
    rows = sheets.rows(name)
    texts: dict[str, str] = {}
    for entry in cover.entries:
        label = entry.label
        if stands(rows, label):
            at = label.cell
        else:
            elsewhere = [
                (r, c)
                for r, row in enumerate(rows)
                for c, value in enumerate(row)
                if isinstance(value, str) and value and fold(value) == label.folded
            ]
            if len(elsewhere) != 1:
                structure.append(altered(name, label.text, label.cell, text_at(rows, label.cell)))
                continue
            at = elsewhere[0]
            message = f"封面“{label.text}”应在 {cell_name(label.cell)}，现在 {cell_name(at)}；请恢复原来的位置"
            structure.append(fault("S103", message, Place(name, at)))
        cell = at[0] + entry.cell[0] - label.cell[0], at[1] + entry.cell[1] - label.cell[1]
        texts[entry.key] = _text(values_at(rows, {entry.key: cell})[entry.key])
        places[entry.key] = Place(name, cell)
    return texts


def read_notes(cover: Cover, sheets: Sheets) -> tuple[Note, ...]:
    """The lines of 情况说明; none where a workbook was made without them."""
    name = cover_sheet(cover, sheets)
    if name is None or cover.notes is None:
        return ()
    rows = sheets.rows(name)
    if not all(stands(rows, head) for head in cover.notes.heads):
        return ()
    lines = (values_at(rows, {"about": about, "text": text}) for about, text in cover.notes.cells)
    filled = (line for line in lines if line["about"] != "" and line["text"] != "")
    notes = (Note(_text(line["about"]), _text(line["text"], _NOTE_LENGTH)) for line in filled)
    return tuple(note for note in notes if note.about and note.text)


def _text(value: Held, longest: int = _COVER_LENGTH) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    return entered(str(value), longest).strip()


def identity_findings(form: Form, cover: Mapping[str, str], places: Mapping[str, Place]) -> list[Finding]:
    """S106: what the cover must say and does not."""
    found: list[Finding] = []
    for entry in form.cover.entries:
        if not entry.required or entry.key not in places:
            continue
        text = cover[entry.key]
        if not text:
            found.append(fault("S106", f"封面“{entry.label.text}”没有填；{_asked(entry.prompt)}", places[entry.key]))
        elif entry.key == "year" and parse_year(text) is None:
            message = f"封面“{entry.label.text}”填的是“{quote(text)}”，不是年份；{_asked(entry.prompt)}"
            found.append(fault("S106", message, places[entry.key]))
    return found


def _asked(prompt: str) -> str:
    """What an entry should hold, as a request."""
    return prompt if prompt.startswith("请") else f"请填写{prompt}"
