"""The annotated copy (openpyxl): marks and comments in the department's own workbook, and a first sheet of findings.

The original is never touched. What stood in it stays: values, formulas with their results, protection, validations,
the comments of others; what openpyxl cannot carry over is named on the result sheet. Annotating an annotated workbook
leaves only the fresh marks.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from xlcheck import cached, marks, result_sheet, template
from xlcheck.finding import Finding, Place
from xlcheck.guard import Package
from xlcheck.losses import keeps_pictures, losses
from xlcheck.rules import SEVERITIES, Rule
from xlcheck.submission import Submission
from xlcheck.verify import Verification
from xlcheck.wording import held_text

_LINE = 24
"""Chinese characters on a line of a comment of :data:`_WIDTH`."""
_WIDTH = 330
_LINE_HEIGHT = 19
_TALLEST = 480
_MOST = 6
"""Findings told in one comment; more would not be read."""


class Source(NamedTuple):
    """The workbook to annotate."""

    data: bytes
    package: Package

    @property
    def is_own(self) -> bool:
        """Whether the copy is made of the department's own workbook, and not of the template."""
        return self.package.kind == "xlsx"


class CannotAnnotate(Exception):
    """openpyxl cannot load a workbook that could be read; the message says why, for a clerk."""


def annotate(source: Source, verification: Verification, rules: Mapping[str, Rule]) -> bytes:
    """The annotated copy of a submission, as the bytes of an .xlsx file.

    An .xls, .et or .ods submission comes back as the official template holding the department's values.

    Args:
        source: the workbook that was verified.
        verification: what was found in it.
        rules: the catalogue.

    Raises:
        CannotAnnotate: openpyxl does not load it.
    """
    if source.is_own:
        data, findings, lost = source.data, verification.findings, losses(source.package.parts)
        if not keeps_pictures() and any(name.startswith("xl/media/") for name in source.package.parts):
            lost += ("图片",)
        results = cached.results(source.package.parts)
    else:
        submission = verification.submission
        data = template.render(submission.form, submission.cover, _template_values(submission))
        findings = tuple(_on_template(finding, submission) for finding in verification.findings)
        lost = ("原文件的格式、批注、公式，以及表格以外的内容（本页后面是换成官方模板的副本，原文件请自行保留）",)
        results = cached.results(_members(data))
    book = _load(data)
    if _unmark(book) and source.is_own:
        lost += ("原有批注的字体和框的大小",)
    originals = _mark(book, findings)
    result_sheet.add(book, verification, findings, rules, lost, originals)
    return _save(book, results)


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _load(data: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it drops; the result sheet names it.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), rich_text=True)
    except Exception as error:
        # openpyxl raises whatever its parser runs into; the workbook itself was readable.
        raise CannotAnnotate("工作簿的内部结构特殊，无法生成审核副本；请用 WPS 或 Excel 另存为新的 .xlsx 后再审核") from error


def _save(book: Workbook, results: Mapping[str, Mapping[str, cached.Result]]) -> bytes:
    buffer = io.BytesIO()
    paths = {f"xl/worksheets/sheet{number}.xml": sheet.title for number, sheet in enumerate(book.worksheets, start=1)}
    known = {path: results[title] for path, title in paths.items() if title in results}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with cached.Archive(buffer, known) as archive:
            ExcelWriter(book, archive).save()
    return buffer.getvalue()


# --- a submission that is no .xlsx -----------------------------------------------------------------------------------


def _template_values(submission: Submission) -> dict[str, template.Value]:
    values: dict[str, template.Value] = {}
    for key, held in submission.held.items():
        number = isinstance(held, int | float) and not isinstance(held, bool)
        values[key] = held if number else held_text(held)  # type: ignore[assignment]
    return values


def _on_template(finding: Finding, submission: Submission) -> Finding:
    """The finding with the places that its fields have in the template."""
    by_key = submission.form.by_key
    entries = {place: entry for entry in submission.form.cover.entries if (place := submission.places.get(entry.key))}
    if finding.fields:
        places = tuple(Place(by_key[key].sheet, by_key[key].cell) for key in finding.fields)
    else:
        places = tuple(
            Place(submission.form.cover.sheet, entries[place].cell) for place in finding.places if place in entries
        )
    return finding._replace(places=places)


# --- marks -----------------------------------------------------------------------------------------------------------


def _unmark(book: Workbook) -> bool:
    """Take away what an earlier annotation left; answers whether others have left comments."""
    foreign = False
    fills: dict[Place, PatternFill] = {}
    for sheet in list(book.worksheets):
        if result_sheet.is_ours(sheet):
            fills.update(result_sheet.original_fills(sheet))
            book.remove(sheet)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.has_style and cell.fill.fgColor.rgb in (marks.RED, marks.AMBER) and cell.fill.patternType:
                    place = Place(sheet.title, (cell.row - 1, cell.column - 1))
                    if place in fills:
                        cell.fill = fills[place]
                if cell.comment is not None:
                    kept = _foreign_text(cell.comment.text)
                    cell.comment = _sized(kept, cell.comment.author or "") if kept else None
                    foreign = foreign or bool(kept)
    return foreign


def _foreign_text(text: str) -> str:
    """What somebody else wrote in a comment."""
    if not text.startswith(marks.COMMENT_HEAD):
        return text
    return text.partition(f"{marks.COMMENT_BELOW}\n")[2]


def _mark(book: Workbook, findings: Iterable[Finding]) -> dict[Place, PatternFill]:
    """Colour and comment every cell that findings name; answers the fills that stood there before."""
    originals: dict[Place, PatternFill] = {}
    red, amber = (PatternFill("solid", fgColor=colour) for colour in (marks.RED, marks.AMBER))
    at: dict[Place, list[Finding]] = {}
    for finding in findings:
        for place in finding.places:
            at.setdefault(place, []).append(finding)
    for place, here in at.items():
        if place.sheet not in book.sheetnames:
            continue
        cell = _shown_cell(book[place.sheet], place)
        originals[place] = cell.fill
        severe = any(finding.severity == "error" for finding in here)
        cell.fill = red if severe else amber
        text = _comment_text(here, place)
        author = marks.COMMENT_AUTHOR
        if cell.comment is not None:
            text += f"\n\n{marks.COMMENT_BELOW}\n{cell.comment.text}"
            author = cell.comment.author or author
        cell.comment = _sized(text, author)
    return originals


def _shown_cell(sheet: Worksheet, place: Place) -> Cell:
    """The cell that shows: of a merged area its top left one."""
    cell = sheet.cell(place.cell[0] + 1, place.cell[1] + 1)
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        cell = sheet.cell(area.min_row, area.min_col)
    return cell


def _comment_text(findings: list[Finding], place: Place) -> str:
    lines = [marks.COMMENT_HEAD]
    for finding in findings[:_MOST]:
        lines.append(f"■ {SEVERITIES[finding.severity]} {finding.code}　{finding.message}")
        lines += [
            f"　 应为：{suggestion.value}（{suggestion.reason}）"
            for suggestion in finding.suggestions
            if suggestion.place.cell == place.cell
        ]
    if len(findings) > _MOST:
        lines.append(f"另有 {len(findings) - _MOST} 条，见“{marks.RESULT_SHEET}”工作表。")
    return "\n".join(lines)


def _sized(text: str, author: str) -> Comment:
    """A comment in a box that shows all of its text."""
    lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
    return Comment(text, author, width=_WIDTH, height=min(_TALLEST, _LINE_HEIGHT * (lines + 1)))
