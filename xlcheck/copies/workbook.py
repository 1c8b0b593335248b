"""A copy of a department's workbook to write marks into (openpyxl).

The original is never touched. What stood in it stays: values, formulas with their results, protection, validations,
the comments of others; what openpyxl cannot carry over is named. The marks of an earlier copy are taken away first.
"""

from __future__ import annotations

import io
import math
import warnings
import zipfile
from collections.abc import Callable, Mapping
from copy import copy
from typing import NamedTuple

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import PatternFill
from openpyxl.styles.fills import Fill
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from xlcheck.copies import comment_boxes, covered_fills, formula_results
from xlcheck.copies.losses import keeps_pictures, losses
from xlcheck.copies.package import ESCAPED, Archive, with_stand_ins
from xlcheck.drawing import template
from xlcheck.drawing.formulas import FieldValue
from xlcheck.guard.admit import Package
from xlcheck.model import marks
from xlcheck.model.cells import Place
from xlcheck.model.errors import Error
from xlcheck.model.submission import Submission, held_text

_LINE = 24
"""Chinese characters on a line of a comment of :data:`_WIDTH`."""
_WIDTH = 330
_LINE_HEIGHT = 19
_TALLEST = 480


class Source(NamedTuple):
    """The workbook to copy."""

    data: bytes
    package: Package
    name: str = ""
    """The file's name, to which the seal of the copy ties it."""


class CannotAnnotate(Error):
    """No copy can be made of a workbook that could be read; the message says so, for a clerk."""

    code = "copy"


class Copy(NamedTuple):
    """A copy to write into."""

    book: Workbook
    lost: tuple[str, ...]
    """What it does not hold of the original, in a clerk's words."""
    results: Mapping[str, Mapping[str, formula_results.Result]]
    """The results of its formulas, by sheet and cell."""
    places: Mapping[str, Place]
    """Where the fields and the cover's entries stand in it, by key."""
    is_own: bool
    """Whether it is made of the department's own workbook, and not of the template."""
    source: str
    """The name of the file that it is a copy of."""


def made(source: Source, submission: Submission, mark: Callable[[Copy], None], *, with_results: bool = True) -> bytes:
    """A copy that `mark` wrote into, as the bytes of an .xlsx file.

    An .xls, .et or .ods submission is copied into the official template, since openpyxl writes .xlsx only. So is an .xlsx
    of which openpyxl does not see all sheets (the strict variant of the format), and one that it cannot load or save:
    what openpyxl runs into costs the department its formats, and nobody the copy.

    Args:
        source: the workbook.
        submission: what was read from it.
        mark: writes into the copy.
        with_results: whether formulas keep their results.

    Raises:
        CannotAnnotate: not even that can be done.
    """
    cause: Exception | None = None
    for start in (_of_own, _of_template) if source.package.kind == "xlsx" else (_of_template,):
        try:
            copy = start(source, submission)
            if copy is not None:
                mark(copy)
                return _saved(copy if with_results else copy._replace(results={}))
        except Exception as error:  # openpyxl raises all kinds at what it does not expect
            cause = error
    raise CannotAnnotate("无法生成副本；请用 WPS 或 Excel 另存为新的 .xlsx 后再审核") from cause


def _of_own(source: Source, submission: Submission) -> Copy | None:
    parts = source.package.parts
    escaped = any(ESCAPED.encode("ascii") in content for content in parts.values())
    book = _load(with_stand_ins(parts) if escaped else source.data)
    needed = {place.sheet for place in submission.places.values()}
    if not book.worksheets or needed - set(book.sheetnames):
        return None
    lost = losses(parts)
    if not keeps_pictures() and any(name.startswith("xl/media/") for name in parts):
        lost += ("图片",)
    # A workbook whose sheets are to be renamed or deleted must not be locked for that.
    mendable = any(finding.code in ("S101", "S104") for finding in submission.structure)
    if (
        not mendable
        and all(sheet.protection.sheet for sheet in book.worksheets)
        and not (book.security and book.security.lockStructure)
    ):
        # LibreOffice does not keep the lock of the structure; a locked workbook goes back as one.
        book.security = WorkbookProtection(lockStructure=True)
    if _unmark(book):
        lost += ("原有批注的字体和框的大小",)
    return Copy(book, lost, formula_results.results(parts), submission.places, True, source.name)


def _of_template(source: Source, submission: Submission) -> Copy:
    form = submission.form
    data = template.render(form, submission.cover, _template_values(submission), submission.notes)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        results = formula_results.results({name: archive.read(name) for name in archive.namelist()})
    places = {field.key: Place(field.sheet, field.cell) for field in form.fields}
    places.update({entry.key: Place(form.cover.sheet, entry.cell) for entry in form.cover.entries})
    lost = ["原文件的格式、批注、公式和表格以外的内容（本文件是填入了原数的官方模板，原文件请自行保留）"]
    if source.package.macros:
        lost.append("宏（VBA 代码）")
    return Copy(_load(data), tuple(lost), results, places, False, source.name)


class _Reader(ExcelReader):
    """openpyxl's reader, without turning numbers in cells of a date format into dates: not all of them survive it."""

    def read_worksheets(self) -> None:
        self.wb._date_formats = set()  # type: ignore[attr-defined]
        self.wb._timedelta_formats = set()  # type: ignore[attr-defined]
        super().read_worksheets()


_MOST_PIXELS = 50_000_000
"""A page scanned at 600 dots an inch has 35 million; Pillow refuses twice this."""


def _load(data: bytes) -> Workbook:
    if keeps_pictures():
        import PIL.Image

        PIL.Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    with warnings.catch_warnings():
        # openpyxl warns of what it drops; the result sheet names it.
        warnings.simplefilter("ignore")
        reader = _Reader(io.BytesIO(data), rich_text=True)
        reader.read()
        return reader.wb


def _template_values(submission: Submission) -> dict[str, FieldValue]:
    values: dict[str, FieldValue] = {}
    for key, held in submission.held.items():
        if isinstance(held, int | float) and not isinstance(held, bool) and math.isfinite(held):
            values[key] = held
        else:
            values[key] = held_text(held)
    return values


def _saved(made: Copy) -> bytes:
    """The copy as the bytes of an .xlsx file."""
    buffer = io.BytesIO()
    numbered = enumerate(made.book.worksheets, start=1)
    paths = {f"xl/worksheets/sheet{number}.xml": sheet.title for number, sheet in numbered}
    known = {path: made.results[title] for path, title in paths.items() if title in made.results}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # openpyxl closes the archive that it saved into.
        archive = Archive(buffer, known, comment_boxes.of_book(made.book))
        writer = ExcelWriter(made.book, archive)
        writer.write_data()
        archive.seal(made.source)
        archive.close()
    return buffer.getvalue()


# --- marks -----------------------------------------------------------------------------------------------------------


def _unmark(book: Workbook) -> bool:
    """Take away what an earlier copy left; answers whether others left comments."""
    foreign = False
    fills: dict[Place, Fill] = {}
    known: dict[int, bool] = {}
    for sheet in list(book.worksheets):
        if is_result(sheet):
            fills.update(covered_fills.fills(sheet))
            book.remove(sheet)
    for sheet in book.worksheets:
        # Only the cells that are there: a styled one may lie in the last row and column.
        for cell in list(sheet._cells.values()):
            if cell.has_style and _is_mark(cell, known):
                _restore(cell, fills)
            if cell.comment is not None:
                kept = _foreign_text(cell.comment.text)
                cell.comment = _sized(kept, cell.comment.author or "") if kept else None
                foreign = foreign or bool(kept)
    return foreign


def _is_mark(cell: Cell | MergedCell, known: dict[int, bool]) -> bool:
    """Whether a cell has the fill of a mark; `known` says it of the fills seen so far, by their numbers."""
    number: int = cell._style.fillId  # type: ignore[union-attr]
    if number not in known:
        fill = copy(cell.fill)
        known[number] = isinstance(fill, PatternFill) and bool(fill.patternType) and fill.fgColor.rgb in marks.FILLS
    return known[number]


def _restore(cell: Cell | MergedCell, fills: Mapping[Place, Fill]) -> None:
    """Give a marked cell the fill that it had."""
    place = Place(cell.parent.title, ((cell.row or 1) - 1, (cell.column or 1) - 1))
    if place in fills:
        cell.fill = fills[place]
    elif cell.comment is not None and marks.COMMENT_HEAD in cell.comment.text:
        # Somebody deleted our sheet, or renamed this one: the cell looks as in the template.
        cell.fill = PatternFill() if cell.protection.locked else PatternFill("solid", fgColor=marks.INPUT)


def is_result(sheet: Worksheet) -> bool:
    """Whether an earlier copy's result sheet."""
    return str(sheet.title).startswith(marks.RESULT_SHEET) and sheet["A1"].value == marks.RESULT_TITLE


def _foreign_text(text: str) -> str:
    """What somebody else wrote in a comment: above our lines, below them, or at the end of one."""
    before, _, after = text.partition(marks.COMMENT_HEAD)
    if not after.startswith("\n"):
        return text
    lines = after[1:].split("\n")
    kept: list[str] = []
    while lines and lines[0].startswith(marks.COMMENT_LINES):
        added = lines.pop(0).partition(marks.COMMENT_END)[2]
        kept += [added] if added.strip() else []
    if marks.COMMENT_BELOW in lines:
        lines.remove(marks.COMMENT_BELOW)
    return "\n".join((*before.split("\n"), *kept, *lines)).strip("\n")


def shown(book: Workbook, place: Place) -> Place:
    """The cell that shows: of a merged area its top left one."""
    sheet = book[place.sheet]
    cell = sheet.cell(place.cell[0] + 1, place.cell[1] + 1)
    if isinstance(cell, Cell):
        return place
    area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    return Place(place.sheet, (area.min_row - 1, area.min_col - 1))


def mark(book: Workbook, place: Place, fill: PatternFill, text: str) -> tuple[Cell, Fill]:
    """Colour and comment a cell that shows; answers it, and the fill that stood there before."""
    cell = book[place.sheet].cell(place.cell[0] + 1, place.cell[1] + 1)
    assert isinstance(cell, Cell)
    before: Fill = copy(cell.fill)  # type: ignore[assignment]  # a proxy copies to what it stands for
    cell.fill = fill
    text = "\n".join((marks.COMMENT_HEAD, *(f"{line}{marks.COMMENT_END}" for line in text.split("\n"))))
    author = marks.COMMENT_AUTHOR
    if cell.comment is not None:
        text += f"\n\n{marks.COMMENT_BELOW}\n{cell.comment.text}"
        author = cell.comment.author or author
    cell.comment = _sized(text, author)
    return cell, before


def _sized(text: str, author: str) -> Comment:
    """A comment in a box that shows all of its text."""
    lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
    return Comment(text, author, width=_WIDTH, height=min(_TALLEST, _LINE_HEIGHT * (lines + 1)))
