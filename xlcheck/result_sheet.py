"""The sheet 审核结果: who, the verdict, the counts, and a table of all findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from xlcheck import __version__, marks
from xlcheck.finding import Finding, Place
from xlcheck.form import cell_name, parse_cell
from xlcheck.rules import SEVERITIES, Rule
from xlcheck.verify import Verification
from xlcheck.wording import clean

HEADS = ("序号", "级别", "规则", "位置", "问题", "现为", "应为", "怎样改")
_WIDTHS = (6, 8, 22, 20, 52, 14, 18, 44)
_MEMORY = 26
"""The column (from 1) of the hidden memory: the fills that the marks cover, a cell a row."""

_SONG = "宋体"
_THIN = Side(style="thin", color="FF999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAP = Alignment(wrap_text=True, vertical="center")
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")
_HEAD_FILL = PatternFill("solid", fgColor="FFD9E1F2")


def is_ours(sheet: Worksheet) -> bool:
    """Whether an earlier annotation made this sheet."""
    return str(sheet.title).startswith(marks.RESULT_SHEET) and sheet["A1"].value == marks.RESULT_TITLE


def original_fills(sheet: Worksheet) -> dict[Place, PatternFill]:
    """The fills that the marks of an earlier annotation cover."""
    fills: dict[Place, PatternFill] = {}
    for (text,) in sheet.iter_rows(min_col=_MEMORY, max_col=_MEMORY, values_only=True):
        if isinstance(text, str):
            address, _, tree = text.partition("|")
            name, _, cell = address.rpartition("!")
            try:
                fills[Place(name, parse_cell(cell))] = PatternFill.from_tree(ElementTree.fromstring(tree)[0])
            except (ValueError, TypeError, IndexError, ElementTree.ParseError):
                continue  # somebody wrote there; the mark's colour stays
    return fills


def add(
    book: Workbook,
    verification: Verification,
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    lost: Sequence[str],
    originals: Mapping[Place, PatternFill],
) -> None:
    """Put the result sheet in front and make it the one that opens.

    Args:
        book: the annotated copy.
        verification: what was found.
        findings: its findings, with places in `book`.
        rules: the catalogue.
        lost: what the copy does not hold of the original, in a clerk's words.
        originals: the fills under the marks.
    """
    sheet = book.create_sheet(marks.RESULT_SHEET, 0)
    _layout(sheet)
    row = _write_summary(sheet, verification, lost)
    _write_table(sheet, row, findings, rules)
    _remember(sheet, originals)
    for other in book.worksheets:
        other.sheet_view.tabSelected = False
    book.active = 0
    sheet.sheet_view.tabSelected = True


def _layout(sheet: Worksheet) -> None:
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[chr(64 + number)].width = width
    sheet.column_dimensions[chr(64 + _MEMORY)].hidden = True
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False
    sheet.protection.sort = False
    sheet.protection.formatColumns = False


def put_text(cell: Cell, text: str) -> None:
    """Write a text that stays one, whatever it begins with."""
    cell.value = clean(text)
    cell.data_type = "s"


def _put(sheet: Worksheet, row: int, column: int, text: str | int, font: Font, alignment: Alignment = _WRAP) -> Cell:
    cell: Cell = sheet.cell(row, column)
    if isinstance(text, int):
        cell.value = text
    else:
        put_text(cell, text)
    cell.font = font
    cell.alignment = alignment
    return cell


def _write_summary(sheet: Worksheet, verification: Verification, lost: Sequence[str]) -> int:
    """Write what comes before the table; answers the row of the table's head."""
    submission = verification.submission
    errors = sum(finding.severity == "error" for finding in verification.findings)
    open_relations = sum(outcome.status == "not_evaluated" for outcome in verification.outcomes)
    last = len(HEADS)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    _put(sheet, 1, 1, marks.RESULT_TITLE, Font(name="黑体", size=16), _MIDDLE)
    sheet.row_dimensions[1].height = 34
    verdict = "通过" if verification.passed else "不通过，请改正后重新报送"
    todo = (
        "请按下表在标红的单元格里直接改正（点“位置”可跳到该格，批注里写明问题），核对封面“填报状态”后保存，把本文件发回。"
        if errors
        else "没有必须改正的问题；标黄的单元格请核实，确实无误的可以不改。"
    )
    counts = f"强制性问题（必须改正）{errors} 处，核实性问题（请核实）{len(verification.findings) - errors} 处"
    if open_relations:
        counts += f"；另有 {open_relations} 条勾稽关系因空格或读不出的数暂不能核对"
    lines = [
        ("单位名称", submission.unit or "（未填）"),
        ("报告年度", str(submission.year or "（未填）")),
        ("审核结论", verdict),
        ("问题数量", counts),
        ("怎样办", todo),
    ]
    if lost:
        lines.append(("副本未保留", "；".join(lost) + "。原文件没有改动，需要时请以原文件为准。"))
    lines.append(("核对依据", f"{submission.form.source.document}，{submission.form.id}，xlcheck {__version__}"))
    plain, bold = Font(name=_SONG, size=11), Font(name=_SONG, size=11, bold=True)
    for row, (label, text) in enumerate(lines, start=2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=last)
        _put(sheet, row, 1, label, bold)
        colour = ("FF9C0006" if errors else "FF006100") if label == "审核结论" else None
        _put(sheet, row, 3, text, Font(name=_SONG, size=11, bold=True, color=colour) if colour else plain)
        sheet.row_dimensions[row].height = _height(((text, sum(_WIDTHS[2:])),), 17)
    return len(lines) + 3


def _height(texts: Iterable[tuple[str, float]], line: float) -> float:
    """The height of a row that shows all of its texts, given the widths of their columns in characters."""
    # A Chinese character is two characters wide; a tenth is left for wider fonts.
    lines = max(1 + int(sum(2 if ord(char) > 255 else 1 for char in text) * 1.1 / width) for text, width in texts)
    return min(400.0, line * lines + 4)


def _write_table(sheet: Worksheet, head: int, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> None:
    bold, plain = Font(name=_SONG, size=10, bold=True), Font(name=_SONG, size=10)
    link = Font(name=_SONG, size=10, underline="single", color="FF0563C1")
    for column, text in enumerate(HEADS, start=1):
        cell = _put(sheet, head, column, text, bold, _MIDDLE)
        cell.fill, cell.border = _HEAD_FILL, _BOX
    sheet.row_dimensions[head].height = 22
    for number, finding in enumerate(findings, start=1):
        row = head + number
        rule = rules[finding.code]
        texts: tuple[str | int, ...] = (
            number,
            SEVERITIES[finding.severity],
            f"{finding.code} {rule.title}",
            _where(finding),
            finding.message,
            finding.actual or "",
            _should_be(finding),
            rule.mend,
        )
        for column, text in enumerate(texts, start=1):
            cell = _put(sheet, row, column, text, plain, _MIDDLE if column in (1, 2, 6, 7) else _WRAP)
            cell.border = _BOX
        colour = marks.RED if finding.severity == "error" else marks.AMBER
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=colour)
        if finding.places:
            _link(sheet.cell(row, 4), finding.places[0], link)
        sheet.row_dimensions[row].height = _height(zip(map(str, texts), _WIDTHS, strict=True), 14.5)
    last = head + len(findings)
    sheet.auto_filter.ref = f"A{head}:{chr(64 + len(HEADS))}{last}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.print_area = f"A1:{chr(64 + len(HEADS))}{last}"
    sheet.freeze_panes = f"A{head + 1}"


def _where(finding: Finding) -> str:
    """``依申请公开!D5``, or the cells of a balance as few words."""
    if not finding.places:
        return finding.sheet or ""
    first = finding.places[0].address
    return first if len(finding.places) == 1 else f"{first} 等 {len(finding.places)} 格"


def _should_be(finding: Finding) -> str:
    several = [f"{cell_name(s.place.cell)}：{s.value}" for s in finding.suggestions]
    if len(finding.places) == 1 and len(finding.suggestions) == 1:
        return finding.suggestions[0].value
    return "\n".join(several) or (finding.expected or "")


def _link(cell: Cell, place: Place, font: Font) -> None:
    """A link inside the workbook; never an address that a submission gives."""
    sheet = place.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!{cell_name(place.cell)}")
    cell.font = font


def _remember(sheet: Worksheet, originals: Mapping[Place, PatternFill]) -> None:
    for row, (place, fill) in enumerate(originals.items(), start=1):
        tree = tostring(fill.to_tree("fill"))
        text = tree.decode("utf-8") if isinstance(tree, bytes) else tree
        put_text(sheet.cell(row, _MEMORY), f"{place.address}|{text}")
