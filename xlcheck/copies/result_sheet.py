"""The first sheet of a copy: who, the verdict, the counts, and a table of all findings or mends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import __version__
from xlcheck.checking.verify import Verification
from xlcheck.checking.words import possible
from xlcheck.copies.package import STAND_IN
from xlcheck.copies.workbook import Copy
from xlcheck.forms.rules import SEVERITIES, Rule
from xlcheck.model import marks
from xlcheck.model.cells import Place, cell_name
from xlcheck.model.finding import Cause, Finding, Mend
from xlcheck.model.submission import Submission
from xlcheck.model.text import clean

HEADS = ("序号", "级别", "规则", "位置", "问题", "现为", "应为", "怎样改")
_WIDTHS = (6, 8, 22, 20, 52, 14, 24, 44)
MEND_HEADS = ("序号", "位置", "单元格", "原为", "建议改为", "依据")
_MEND_WIDTHS = (6, 22, 46, 16, 16, 60)
_CENTRED = frozenset({"序号", "级别", "现为", "应为", "原为", "建议改为"})

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What would be read as the escape of another character."""

_SONG = "宋体"
_THIN = Side(style="thin", color="FF999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAP = Alignment(wrap_text=True, vertical="center")
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")
_HEAD_FILL = PatternFill("solid", fgColor="FFD9E1F2")
_PLAIN = Font(name=_SONG, size=10)
_BOLD = Font(name=_SONG, size=11, bold=True)
_LINK = Font(name=_SONG, size=10, underline="single", color="FF0563C1")


class _Row(NamedTuple):
    """One line of the table."""

    texts: tuple[str | int, ...]
    place: Place | None
    colour: str


def add(copy: Copy, verification: Verification, rules: Mapping[str, Rule]) -> Worksheet:
    """Put a sheet of findings in front and make it the one that opens.

    Args:
        copy: the annotated copy.
        verification: what was found, with places in `copy`.
        rules: the catalogue.
    """
    causes = {number: diagnosis for diagnosis in verification.causes for number in diagnosis.findings}
    rows = [
        _finding_row(number, finding, rules[finding.code], causes.get(number))
        for number, finding in enumerate(verification.findings)
    ]
    return _add(copy, _summary(verification, copy.lost), HEADS, _WIDTHS, rows)


def add_mends(copy: Copy, verification: Verification, mends: Sequence[Mend]) -> Worksheet:
    """Put a sheet of suggested mends in front."""
    submission = verification.submission
    lines = [
        *_who(submission),
        ("说明", f"本文件是建议稿，改动 {len(mends)} 格，已标蓝；请逐格核对原始登记，确认后再采用。原文件没有改动。"),
    ]
    if copy.lost:
        lines.append(("副本未保留", "；".join(copy.lost) + "。"))
    by_key = submission.form.by_key
    rows = [
        _Row(
            (number, mend.place.address, by_key[mend.field].says, mend.old, mend.new, mend.reason),
            mend.place,
            marks.BLUE,
        )
        for number, mend in enumerate(mends, start=1)
    ]
    return _add(copy, lines, MEND_HEADS, _MEND_WIDTHS, rows)


def _finding_row(number: int, finding: Finding, rule: Rule, cause: Cause | None) -> _Row:
    mend = rule.mend
    if cause is not None and len(cause.findings) > 1:
        others = "、".join(str(other + 1) for other in cause.findings if other != number)
        mend = f"与第 {others} 条出于同一原因，一并改正。{mend}"
    if finding.explanation:
        mend = f"已说明：{finding.explanation}"
    texts = (
        number + 1,
        SEVERITIES[finding.severity],
        f"{finding.code} {rule.title}",
        _where(finding),
        finding.message,
        finding.actual or "",
        _should_be(finding, cause),
        mend,
    )
    colour = marks.RED if finding.severity == "error" else marks.AMBER
    return _Row(texts, finding.places[0] if finding.places else None, colour)


def _where(finding: Finding) -> str:
    """``依申请公开!D5``; of several cells the first and their number."""
    if not finding.places:
        return finding.sheet or ""
    first = finding.places[0].address
    return first if len(finding.places) == 1 else f"{first} 等 {len(finding.places)} 格"


def _should_be(finding: Finding, cause: Cause | None) -> str:
    if cause is not None:
        return possible(cause)
    if len(finding.suggestions) == 1 and finding.places == (finding.suggestions[0].place,):
        return finding.suggestions[0].value
    return "\n".join(f"{cell_name(s.place.cell)} 应为 {s.value}" for s in finding.suggestions) or (
        finding.expected or ""
    )


# --- what comes before the table -------------------------------------------------------------------------------------


def _who(submission: Submission) -> list[tuple[str, str]]:
    return [("单位名称", submission.unit or "（未填）"), ("报告年度", str(submission.year or "（未填）"))]


def _summary(verification: Verification, lost: Sequence[str]) -> list[tuple[str, str]]:
    submission = verification.submission
    source = submission.form.source
    errors = sum(finding.severity == "error" for finding in verification.findings)
    explained = sum(bool(finding.explanation) for finding in verification.findings)
    todo = (
        "请按下表在标红的单元格里直接改正（点“位置”可跳到该格，批注里写明问题），核对封面“填报状态”后保存，把本文件发回。"
        if errors
        else "没有必须改正的问题；标黄的单元格请核实，确实无误的不必改数，在封面“情况说明”中写明即可。"
    )
    counts = f"强制性问题（必须改正）{errors} 处，核实性问题（请核实）{len(verification.findings) - errors} 处"
    if explained:
        counts += f"（其中已说明 {explained} 处）"
    if verification.waiting:
        counts += f"；另有 {verification.waiting} 条规则因空格或读不出的数暂不能核对"
    lines = [
        *_who(submission),
        ("审核结论", "通过" if verification.passed else "不通过，请改正后重新报送"),
        ("问题数量", counts),
        ("怎样办", todo),
    ]
    if lost:
        lines.append(("副本未保留", "；".join(lost) + "。原文件没有改动，需要时请以原文件为准。"))
    return [
        *lines,
        ("核对依据", f"{source.document}，{source.clause}；{source.law}。xlcheck {__version__}，{submission.form.id}"),
    ]


# --- drawing ---------------------------------------------------------------------------------------------------------


def _add(
    copy: Copy, lines: Sequence[tuple[str, str]], heads: Sequence[str], widths: Sequence[float], rows: Sequence[_Row]
) -> Worksheet:
    sheet: Worksheet = copy.book.create_sheet(marks.RESULT_SHEET, 0)
    _layout(sheet, widths)
    last = len(heads)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    _put(sheet, 1, 1, marks.RESULT_TITLE, Font(name="黑体", size=16), _MIDDLE)
    sheet.row_dimensions[1].height = 34
    for row, (label, text) in enumerate(lines, start=2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=last)
        _put(sheet, row, 1, label, _BOLD)
        _put(sheet, row, 3, text, _font(label, text))
        sheet.row_dimensions[row].height = _height(((text, sum(widths[2:])),), 17)
    _write_table(sheet, len(lines) + 3, heads, widths, rows)
    # Sheets left selected together would all take what is typed into one of them.
    for other in copy.book.worksheets:
        other.sheet_view.tabSelected = False
    for chart in copy.book.chartsheets:
        for view in chart.sheetViews.sheetView:
            view.tabSelected = False
    copy.book.active = 0
    sheet.sheet_view.tabSelected = True
    return sheet


def _font(label: str, text: str) -> Font:
    if label != "审核结论":
        return Font(name=_SONG, size=11)
    return Font(name=_SONG, size=11, bold=True, color="FF006100" if text == "通过" else "FF9C0006")


def _layout(sheet: Worksheet, widths: Sequence[float]) -> None:
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[chr(64 + number)].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="第 &P 页，共 &N 页"))
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False
    sheet.protection.sort = False
    sheet.protection.formatColumns = False


def _write_table(
    sheet: Worksheet, head: int, heads: Sequence[str], widths: Sequence[float], rows: Sequence[_Row]
) -> None:
    for column, text in enumerate(heads, start=1):
        cell = _put(sheet, head, column, text, _BOLD, _MIDDLE)
        cell.fill, cell.border = _HEAD_FILL, _BOX
    sheet.row_dimensions[head].height = 22
    fills = {colour: PatternFill("solid", fgColor=colour) for colour in marks.FILLS}
    for number, row in enumerate(rows, start=head + 1):
        for column, (name, held) in enumerate(zip(heads, row.texts, strict=True), start=1):
            cell = _put(sheet, number, column, held, _PLAIN, _MIDDLE if name in _CENTRED else _WRAP)
            cell.border = _BOX
            if name == "位置" and row.place is not None:
                _link(cell, row.place)
        sheet.cell(number, 2 if "级别" in heads else 1).fill = fills[row.colour]
        sheet.row_dimensions[number].height = _height(zip(map(str, row.texts), widths, strict=True), 14.5)
    area = f"A{head}:{chr(64 + len(heads))}{head + len(rows)}"
    sheet.auto_filter.ref = area
    sheet.print_title_rows = f"{head}:{head}"
    sheet.print_area = area.replace(f"A{head}", "A1")
    sheet.freeze_panes = f"A{head + 1}"


def _put(sheet: Worksheet, row: int, column: int, text: str | int, font: Font, alignment: Alignment = _WRAP) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(text, int):
        cell.value = text
    else:
        # A text stays one, whatever it begins with.
        cell.value = _ESCAPE.sub(STAND_IN, "\n".join(map(clean, text.split("\n"))))
        cell.data_type = "s"
    cell.font = font
    cell.alignment = alignment
    return cell


def _height(texts: Iterable[tuple[str, float]], line: float) -> float:
    """The height of a row that shows all of its texts, given the widths of their columns in characters."""
    # A Chinese character is two characters wide; a tenth is left for wider fonts.
    lines = max(
        sum(1 + int(sum(2 if ord(char) > 255 else 1 for char in part) * 1.1 / width) for part in text.split("\n"))
        for text, width in texts
    )
    return min(400.0, line * lines + 4)


def _link(cell: Cell, place: Place) -> None:
    """A link inside the workbook; never an address that a submission gives."""
    sheet = place.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!{cell_name(place.cell)}")
    cell.font = _LINK
