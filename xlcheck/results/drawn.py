"""Forms and what was found in a submission as plain values, from which web pages draw their tables."""

from __future__ import annotations

from typing import TypedDict

from xlcheck.checking.verify import Verification
from xlcheck.copies.annotate import marks_of
from xlcheck.copies.page import ANSWER, PROGRESS, TO_DO
from xlcheck.copies.result_sheet import findings_page
from xlcheck.forms.rules import catalogue
from xlcheck.model import marks
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.form import Form, Label, Table
from xlcheck.model.office import NO_OFFICE
from xlcheck.model.submission import held_text


class _PageCell(TypedDict):
    text: str
    cell: str
    """``D5``."""
    rows: int
    columns: int


class PageCell(_PageCell, total=False):
    """A cell of a table as it is printed: a label, or a field."""

    key: str
    """Only of a field."""
    head: str
    """Only of a label: the scope of a head of HTML, ``col``, ``row``, or their ``group``; empty where it heads nothing."""


class DrawnTable(TypedDict):
    """A table of the form as it is printed."""

    title: str
    sheet: str
    widths: list[float]
    """One a column, in characters."""
    rows: list[list[PageCell]]
    """Of each row the cells that begin there, from left to right."""


class DrawnForm(TypedDict):
    """A form as the page shows it."""

    id: str
    title: str
    edition: str
    tables: list[DrawnTable]


class DrawnFinding(TypedDict):
    """One line of the list of findings: what the annotated copy's first sheet says of it."""

    texts: list[str]
    severity: str
    fields: list[str]
    """Keys of the fields whose cells it is about."""


class DrawnFile(TypedDict):
    """A submission as the page shows it."""

    form: str
    values: dict[str, str]
    """What the fields hold, as a clerk sees it; by their keys."""
    places: dict[str, str]
    """Where they stand in the file; by their keys."""
    colours: dict[str, str]
    """``deep``, ``red``, ``pale`` or ``amber``; by the keys of the fields that findings are about."""
    lines: list[tuple[str, str]]
    """What stands above the list of findings: labels and texts."""
    heads: list[str]
    findings: list[DrawnFinding]


MARK_WORDS = {"deep": "疑为填错", "red": "有错", "pale": "同一勾稽关系的其他格", "amber": "请核实"}
"""What the colours of cells mean."""

_COLOURS = {marks.DEEP_RED: "deep", marks.RED: "red", marks.PALE_RED: "pale", marks.AMBER: "amber"}


def drawn_form(form: Form) -> DrawnForm:
    """A form as its template has it."""
    return {
        "id": form.id,
        "title": form.title,
        "edition": form.edition,
        "tables": [_table(table) for table in form.tables],
    }


def _table(table: Table) -> DrawnTable:
    top = min(field.cell[0] for field in table.fields)
    left = min(field.cell[1] for field in table.fields)
    found: dict[Cell, PageCell] = {}
    for label in (*table.labels, *table.idle):
        found[label.cell] = _cell(label.cell, label.last, label.text)
        found[label.cell]["head"] = _scope(label, top, left)
    for field in table.fields:
        found[field.cell] = _cell(field.cell, field.last, "")
        found[field.cell]["key"] = field.key
    first = table.corner[0]
    rows: list[list[PageCell]] = [[] for _ in table.heights]
    for cell in sorted(found):
        rows[cell[0] - first].append(found[cell])
    return {"title": table.title.text, "sheet": table.sheet, "widths": list(table.widths), "rows": rows}


def _cell(first: Cell, last: Cell, text: str) -> PageCell:
    rows, columns = last[0] - first[0] + 1, last[1] - first[1] + 1
    return {"text": text, "cell": cell_name(first), "rows": rows, "columns": columns}


def _scope(label: Label, top: int, left: int) -> str:
    """Whether a label stands above fields or beside them, and how many columns or rows it heads."""
    if label.cell[0] < top and label.last[1] >= left:
        return "colgroup" if label.cell[1] != label.last[1] else "col"
    if label.cell[1] < left:
        return "rowgroup" if label.cell[0] != label.last[0] else "row"
    return ""


def drawn_file(verification: Verification) -> DrawnFile:
    """What was handed in and what was found in it; the words are those of the annotated copy."""
    submission = verification.submission
    keys = {place: key for key, place in submission.places.items() if key in submission.held}
    shown = {place: place for finding in verification.findings for place in finding.places}
    wanted = marks_of(verification, shown)
    colours = {one.colour for one in wanted.values()}
    sheet = findings_page(verification, catalogue(submission.form), {}, (), NO_OFFICE, colours)
    lines = [line for line in sheet.lines if line[0] != PROGRESS]
    told = [number for number, head in enumerate(sheet.heads) if head != ANSWER]
    return {
        "form": submission.form.id,
        "values": {key: held_text(held) for key, held in submission.held.items()},
        "places": {key: place.address for place, key in keys.items()},
        "colours": {keys[place]: _COLOURS[mark.colour] for place, mark in wanted.items() if place in keys},
        "lines": [(label, _to_do(verification, text) if label == TO_DO else text) for label, text in lines],
        "heads": [sheet.heads[number] for number in told],
        "findings": [
            {
                "texts": [str(row.texts[number]) for number in told],
                "severity": finding.severity,
                "fields": [keys[place] for place in finding.places if place in keys],
            }
            for row, finding in zip(sheet.rows, verification.findings, strict=True)
        ],
    }


def _to_do(verification: Verification, otherwise: str) -> str:
    """What to do, said beside the tables; `otherwise` is said in the copy."""
    if not verification.submission.held:
        return otherwise
    if verification.needs_review:
        return (
            "没有必须改正的问题，标黄的格请核实：有误的在表里改正；无误的不要改数，在封面“情况说明”中写明原因。改好、写好后"
            "可以再拖进来核对一次。"
        )
    if verification.passed:
        return otherwise
    return (
        "请下载审核副本，在标红的单元格里直接改正（批注里写明问题），保存后报送；也可以照下面的清单在原来的表里改。改好后可以再"
        "拖进来核对一次。"
    )
