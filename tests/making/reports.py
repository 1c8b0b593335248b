"""Reports as documents: the form's tables as grids of cells with a title and a signature, and what people make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.making.filling import clean_values, form, submission_of, workbook
from xlcheck.checking.copying import Original, copied_right
from xlcheck.checking.verify import Verification, verify_submission
from xlcheck.drawing.formulas import FieldValue
from xlcheck.forms.file import form_ids, load_form
from xlcheck.model.form import Form, Table
from xlcheck.reading.documents.grid import Document, Grid, GridCell
from xlcheck.reading.documents.read import read_document

TITLE = "某某市教育局2025年政府信息公开工作年度报告"
SIGNED = ("某某市教育局", "2026年1月20日")


def grid_of(table: Table, values: Mapping[str, FieldValue], number: int = 1) -> Grid:
    """A table as the form prints it, without its title."""
    top, left = table.corner
    cells = [
        GridCell(
            label.cell[0] - top,
            label.cell[1] - left,
            label.last[0] - label.cell[0] + 1,
            label.last[1] - label.cell[1] + 1,
            label.text,
        )
        for label in table.labels
    ]
    cells += [
        GridCell(
            field.cell[0] - top,
            field.cell[1] - left,
            1,
            field.last[1] - field.cell[1] + 1,
            str(values.get(field.key, "")),
        )
        for field in table.fields
    ]
    return Grid(number, tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def document_of(
    values: Mapping[str, FieldValue] | None = None,
    of: Form | None = None,
    title: str = TITLE,
    signed: Sequence[str] = SIGNED,
    doubt: str = "",
) -> Document:
    """A report with the form's tables.

    Args:
        values: by field key; None for clean ones.
        of: the form; None for the usual one.
        title: its first paragraph.
        signed: its last paragraphs.
        doubt: the key of a field that nobody can be sure of.
    """
    of = of or form()
    values = clean_values() if values is None else values
    grids = [grid_of(table, values, number) for number, table in enumerate(of.tables, 1)]
    if doubt:
        grids = [changed(grid, {at_field(of, doubt, number): _doubted}) for number, grid in enumerate(grids, 1)]
    paragraphs = (title, "一、总体情况", *(table.title.text for table in of.tables), *signed)
    return Document("docx", tuple(grids), paragraphs)


def _doubted(cell: GridCell) -> GridCell:
    return cell._replace(doubt="两种读法不一致")


def at_field(of: Form, key: str, number: int = 0) -> tuple[int, int]:
    """Where a field stands in the grid of its table; nowhere if that is not the table of this number."""
    field = of.by_key[key]
    table = next(table for table in of.tables if table.key == field.table)
    if number and of.tables.index(table) + 1 != number:
        return -1, -1
    return field.cell[0] - table.corner[0], field.cell[1] - table.corner[1]


def changed(grid: Grid, changes: Mapping[tuple[int, int], Callable[[GridCell], GridCell | None]]) -> Grid:
    """A grid with the cells at some places (row, column) changed, or taken out."""
    cells = [changes[cell[:2]](cell) if cell[:2] in changes else cell for cell in grid.cells]
    return grid._replace(cells=tuple(cell for cell in cells if cell is not None))


def says(text: str) -> Callable[[GridCell], GridCell]:
    """The change of a cell that has another text."""
    return lambda cell: cell._replace(text=text)


def lines_of(*lines: str, number: int = 1) -> Grid:
    """A table of plain text, its cells apart by ``|``."""
    cells = [
        GridCell(row, column, 1, 1, text.strip())
        for row, line in enumerate(lines)
        for column, text in enumerate(line.split("|"))
    ]
    return Grid(number, tuple(cells), aligned=False)


def our_forms() -> tuple[Form, ...]:
    """All forms that come with xlcheck, the usual one first."""
    return tuple(map(load_form, form_ids()))


def report_verified(document: Document) -> Verification:
    """Read a document, and verify what it says."""
    return verify_submission(read_document(document, our_forms()))


def codes_of_report(how: Mapping[str, str | Sequence[str]]) -> list[str]:
    """The codes of a report made as an example of the catalogue says; see rules.toml."""
    rest = {name: value for name, value in how.items() if name not in ("form", "copied")}
    of = load_form(str(how["form"])) if "form" in how else form()
    values = {**{field.key: 0 for field in of.fields}, **{k: v for k, v in clean_values().items() if k in of.by_key}}
    verification = report_verified(document_of(values, of, **rest))  # type: ignore[arg-type]
    if "copied" in how:
        of_book = submission_of(workbook({**values, **how["copied"]}))  # type: ignore[dict-item]
        verification = copied_right(verification, Original(of_book, "填报表.xlsx"))
    return [finding.code for finding in verification.findings]
