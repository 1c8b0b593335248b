"""Reading a workbook back (python-calamine), behind the guard."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import TypeVar

import python_calamine

from xlcheck import peek
from xlcheck.forms.rules import severity
from xlcheck.guard.admit import Package
from xlcheck.model import marks
from xlcheck.model.cells import Cell, Place, cell_name
from xlcheck.model.errors import Refused
from xlcheck.model.finding import Finding
from xlcheck.model.form import Cover, Form, Table
from xlcheck.model.labels import fold
from xlcheck.model.submission import Held, Note, Part, Submission, parse_year
from xlcheck.model.text import clean, names, quote
from xlcheck.place import Placement, Rows, holds_title, place, stands, text_at

_T = TypeVar("_T")

_OURS = {marks.RESULT_SHEET: marks.RESULT_TITLE, marks.TOTAL_SHEET: marks.TOTAL_TITLE}
"""The first cells of the sheets that we add, by how their names begin."""

_COVER_LENGTH = 200
"""Longer texts on a cover are cut: no name or address is."""


def read(package: Package, data: bytes, form: Form) -> Submission:
    """What a department handed in.

    Args:
        package: what the guard says of `data`.
        data: the bytes of the workbook, admitted by the guard.
        form: the form that it should be.

    Raises:
        Refused: the workbook turns out to be unreadable.
    """
    sheets = _Sheets(package.safe or data)
    wrong = _wrong_form(peek.custom_properties(package), form)
    if wrong:
        return Submission(form, {}, {}, {}, (wrong,))
    tables = _assign(form, sheets)
    if not any(tables.values()):
        message = f"工作簿里没有《{form.title}》的任何一张表；请用下发的填报模板填写"
        return Submission(form, {}, {}, {}, (_finding("S105", message),))
    structure = _sheet_findings(form, sheets, tables)
    held: dict[str, Held] = {}
    places: dict[str, Place] = {}
    cover = _read_cover(form.cover, sheets, places, structure)
    for table in form.tables:
        name = tables[table.key]
        if name is None:
            continue
        rows = sheets.rows(name)
        placement = place(table, rows)
        structure += _placement_findings(table, name, placement)
        structure += _second_table(table, name, rows)
        values = _values(rows, placement.cells)
        if "" in values.values():
            odd = peek.odd_cells(package, name, data)
            values = {
                key: odd.get(placement.cells[key], value) if value == "" else value for key, value in values.items()
            }
        held.update(values)
        places.update((key, Place(name, cell)) for key, cell in placement.cells.items())
    structure += _identity_findings(form, cover, places)
    notes, parts = _read_notes(form.cover, sheets), _read_parts(sheets)
    return Submission(form, cover, held, places, tuple(structure), notes, parts)


class _Sheets:
    """The worksheets of a workbook; each is read when it is first asked for."""

    def __init__(self, data: bytes) -> None:
        self._book = _native(lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), "文件")
        self.names: list[str] = self._book.sheet_names
        self._rows: dict[str, Rows] = {}

    def rows(self, name: str) -> Rows:
        """The values of a worksheet from its top left cell on."""
        if name not in self._rows:
            self._rows[name] = _native(
                lambda: self._book.get_sheet_by_name(name).to_python(skip_empty_area=False), f"工作表“{quote(name)}”"
            )
        return self._rows[name]


def _native(call: Callable[[], _T], what: str) -> _T:
    """Call into native code; what it cannot read, and what it panics at, is a refused file."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except OverflowError as error:  # calamine makes a time of the number, by the cell's format
        message = f"{what}里有超出范围的日期或时间，无法读取；请把填数的单元格格式改为“常规”后重新填写"
        raise Refused("F101", message) from error
    except BaseException as error:  # a panic of the native code is no Exception
        raise Refused("F101", f"{what}已损坏，无法读取；请用 WPS 或 Excel 打开后另存为新的 .xlsx") from error


def _finding(code: str, message: str, *places: Place, sheet: str | None = None) -> Finding:
    return Finding(code, severity(code), message, places=places, sheet=sheet)


# --- sheets ----------------------------------------------------------------------------------------------------------


def _wrong_form(properties: Mapping[str, str], form: Form) -> Finding | None:
    form_id = properties.get(marks.PROPERTY_FORM, form.id)
    edition = properties.get(marks.PROPERTY_EDITION, form.edition)
    if (form_id, edition) == (form.id, form.edition):
        return None
    return _finding(
        "S105",
        f"这是“{quote(form_id)}”{quote(edition)} 版的表，不是本次要核对的“{form.id}”{form.edition} 版"
        f"《{form.title}》；请下载本次的填报模板重新填写",
    )


def _assign(form: Form, sheets: _Sheets) -> dict[str, str | None]:
    """Which worksheet holds each table: by name, then by title."""
    folded = {fold(name): name for name in reversed(sheets.names)} | {name: name for name in sheets.names}
    by_name = {table.key: folded.get(table.sheet, folded.get(fold(table.sheet))) for table in form.tables}
    if all(by_name.values()):
        titles = {table.key: table.title for table in form.tables}
        rows = {key: sheets.rows(name) for key, name in by_name.items() if name}
        by_title = {key: [other for other in rows if stands(rows[other], titles[key])] for key in rows}
        if all(key in found or not found for key, found in by_title.items()):
            return by_name
        # Names were exchanged: the titles say which table is which.
        return {key: by_name[found[0]] if len(found) == 1 else None for key, found in by_title.items()}
    known = {*by_name.values(), *(folded.get(fold(sheet)) for sheet in (form.cover.sheet, form.guide.sheet))}
    others = [name for name in sheets.names if name not in known and not _is_ours(name, sheets)]
    for table in form.tables:
        if by_name[table.key] is None:
            titled = [name for name in others if holds_title(table, sheets.rows(name))]
            by_name[table.key] = titled[0] if len(titled) == 1 else None
    return by_name


def _is_ours(name: str, sheets: _Sheets) -> bool:
    """Whether we added the sheet: the findings, or who gave what to a total."""
    title = next((title for called, title in _OURS.items() if name.startswith(called)), None)
    return title is not None and text_at(sheets.rows(name), (0, 0)) == title


def _read_parts(sheets: _Sheets) -> tuple[Part, ...]:
    """Whose numbers a total contains, as its own sheet says; none for any other workbook."""
    for name in sheets.names:
        if name.startswith(marks.TOTAL_SHEET) and _is_ours(name, sheets):
            rows = iter(sheets.rows(name))
            wanted = list(marks.TOTAL_HEADS[:3])
            for row in rows:
                if row[:3] == wanted:
                    break
            # The units are numbered; what was left out stands below a line without a number.
            units = takewhile(lambda row: isinstance(row[0], int | float), rows)
            return tuple(Part(_text(row[1]), _text(row[2])) for row in units)  # type: ignore[arg-type]
    return ()


def _cover_sheet(cover: Cover, sheets: _Sheets) -> str | None:
    if cover.sheet in sheets.names:
        return cover.sheet
    return next((name for name in sheets.names if fold(name) == fold(cover.sheet)), None)


def _sheet_findings(form: Form, sheets: _Sheets, tables: Mapping[str, str | None]) -> list[Finding]:
    found: list[Finding] = []
    cover = _cover_sheet(form.cover, sheets)
    missing = [table.sheet for table in form.tables if tables[table.key] is None]
    if cover is None:
        missing.insert(0, form.cover.sheet)
    for sheet in missing:
        found.append(_finding("S101", f"缺少工作表“{sheet}”；请用下发的填报模板填写，保留全部工作表"))
    renamed = [(name, table.sheet) for table in form.tables if (name := tables[table.key]) and name != table.sheet]
    renamed = [(name, sheet) for name, sheet in renamed if fold(name) != fold(sheet)]
    if renamed:
        said = "，".join(f"“{quote(name)}”应为“{sheet}”" for name, sheet in renamed)
        found.append(_finding("S101", f"工作表改了名：{said}；已按表题认出并核对，请改回原名", sheet=renamed[0][0]))
    known = {cover, *tables.values()}
    extra = [
        name
        for name in sheets.names
        if name not in known and fold(name) != fold(form.guide.sheet) and not _is_ours(name, sheets)
    ]
    if len(extra) > 0:
        message = f"多出工作表{names(extra[:5])}{'等' if len(extra) > 5 else ''}，共 {len(extra)} 张，没有参与核对"
        found.append(_finding("S104", message, sheet=extra[0]))
    return found


# --- the cover -------------------------------------------------------------------------------------------------------


def _read_cover(cover: Cover, sheets: _Sheets, places: dict[str, Place], structure: list[Finding]) -> dict[str, str]:
    """The cover's entries; one whose label is neither in its place nor elsewhere is told, and stays blank."""
    name = _cover_sheet(cover, sheets)
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
                structure.append(_altered(name, label.text, label.cell, text_at(rows, label.cell)))
                continue
            at = elsewhere[0]
            message = f"封面“{label.text}”应在 {cell_name(label.cell)}，现在 {cell_name(at)}；请恢复原来的位置"
            structure.append(_finding("S103", message, Place(name, at)))
        cell = at[0] + entry.cell[0] - label.cell[0], at[1] + entry.cell[1] - label.cell[1]
        texts[entry.key] = _text(_values(rows, {entry.key: cell})[entry.key])
        places[entry.key] = Place(name, cell)
    return texts


def _read_notes(cover: Cover, sheets: _Sheets) -> tuple[Note, ...]:
    """The lines of 情况说明; none where a workbook was made without them."""
    name = _cover_sheet(cover, sheets)
    if name is None or cover.notes is None:
        return ()
    rows = sheets.rows(name)
    if not all(stands(rows, head) for head in cover.notes.heads):
        return ()
    lines = (_values(rows, {"about": about, "text": text}) for about, text in cover.notes.cells)
    notes = (Note(_text(line["about"]), _text(line["text"])) for line in lines)
    return tuple(note for note in notes if note.about and note.text)


def _text(value: Held) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    return clean(str(value)).strip()[:_COVER_LENGTH]


def _identity_findings(form: Form, cover: Mapping[str, str], places: Mapping[str, Place]) -> list[Finding]:
    found: list[Finding] = []
    for entry in form.cover.entries:
        if not entry.required or entry.key not in places:
            continue
        text = cover[entry.key]
        if not text:
            found.append(_finding("S106", f"封面“{entry.label.text}”没有填；{entry.prompt}", places[entry.key]))
        elif entry.key == "year" and parse_year(text) is None:
            message = f"封面“{entry.label.text}”填的是“{quote(text)}”，不是年份；{entry.prompt}"
            found.append(_finding("S106", message, places[entry.key]))
    return found


# --- the tables ------------------------------------------------------------------------------------------------------


def _values(rows: Rows, cells: Mapping[str, Cell]) -> dict[str, Held]:
    """What the cells hold; beyond the last filled cell of the sheet everything is blank."""
    try:
        return {key: rows[row][column] for key, (row, column) in cells.items()}  # type: ignore[misc]
    except IndexError:
        return {
            key: rows[row][column] if row < len(rows) and column < len(rows[row]) else ""  # type: ignore[misc]
            for key, (row, column) in cells.items()
        }


_ALIKE = 3
"""So many official labels outside a table are another table, not a remark."""


def _second_table(table: Table, sheet: str, rows: Rows) -> list[Finding]:
    """A warning of what looks like the same table once more, below or beside the one that is read."""
    official = {label.folded for label in table.printed}
    bottom, right = table.last
    if len(rows) <= bottom + 1 and max(map(len, rows), default=0) <= right + 1:
        return []
    outside = [(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if r > bottom or c > right]
    again = [(r, c) for r, c, value in outside if isinstance(value, str) and value and fold(value) in official]
    if len(again) < _ALIKE or not stands(rows, table.labels[-1]):
        return []
    message = f"工作表“{quote(sheet)}”的表格之外（{cell_name(again[0])} 起）还有同样的表头，那里的数没有参与核对；请删除多余的表"
    return [_finding("S104", message, Place(sheet, again[0]), sheet=sheet)]


def _altered(sheet: str, text: str, cell: Cell | None, found: str) -> Finding:
    where = () if cell is None else (Place(sheet, cell),)
    now = f"现为“{quote(found)}”" if found else "现在没有"
    message = f"表头“{text}”{now}；请改回官方表格的文字"
    return _finding("S102", message, *where, sheet=sheet)._replace(expected=text, actual=clean(found))


def _placement_findings(table: Table, sheet: str, placement: Placement) -> list[Finding]:
    found = [_altered(sheet, a.label.text, a.cell, a.found) for a in placement.altered]
    if placement.moved:
        label, cell = placement.moved[0]
        message = (
            f"表格有移动：“{quote(label.text)}”应在 {cell_name(label.cell)}，现在 {cell_name(cell)}"
            f"（共 {len(placement.moved)} 处表头不在原位）；请恢复原来的行列位置"
        )
        found.append(_finding("S103", message, Place(sheet, cell), sheet=sheet))
    lost = [field for field in table.fields if field.key not in placement.cells]
    if lost:
        message = f"表头不能证明以下 {len(lost)} 格的位置，没有核对：{names(field.says for field in lost[:3])}"
        found.append(
            _finding("S102", message + ("等" if len(lost) > 3 else ""), sheet=sheet)._replace(
                fields=tuple(field.key for field in lost)
            )
        )
    return found
