"""The worksheets of a workbook (python-calamine): which of them hold the form."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from xlcheck.guard.admit import Package
from xlcheck.model import marks
from xlcheck.model.cells import Cell
from xlcheck.model.errors import Refused
from xlcheck.model.finding import Finding
from xlcheck.model.form import Cover, Form, Table
from xlcheck.model.labels import fold
from xlcheck.model.submission import Held
from xlcheck.model.text import names, quote, told_apart
from xlcheck.reading.placement import Rows, holds_title, stands, text_at
from xlcheck.reading.rows import Laid, all_entered, laid_of, laid_of_ods, rows_of, rows_of_ods
from xlcheck.reading.structure import fault, holds_again
from xlcheck.reading.written import Hiding

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook  # late: most workbooks are read without it

_T = TypeVar("_T")

_OURS = {marks.RESULT_SHEET: marks.RESULT_TITLE, marks.TOTAL_SHEET: marks.TOTAL_TITLE}
"""The first cells of the sheets that we add, by how their names begin."""


class Sheets:
    """The worksheets of a workbook; each is read when it is first asked for."""

    def __init__(self, package: Package) -> None:
        """Open a workbook.

        Raises:
            Refused: it turns out to be unreadable.
        """
        self._package, self._plain = package, package.plain
        self._told_values = {table.title: table.values for table in package.tables if table.values is not None}
        titles = self._plain.titles if self._plain else tuple(self._told_values) or self._book.sheet_names
        self.titles = tuple(titles)
        """Of all worksheets, as the file has them."""
        self._titles = dict(zip(told_apart(titles), titles, strict=True))
        self._rows: dict[str, Rows] = {}

    @cached_property
    def _book(self) -> CalamineWorkbook:
        """The workbook for calamine, which most are read without."""
        from python_calamine import CalamineWorkbook

        return _native(lambda: CalamineWorkbook.from_filelike(io.BytesIO(self._package.safe)), "文件")

    @property
    def names(self) -> tuple[str, ...]:
        """How the worksheets are called here, in the workbook's order."""
        return tuple(self._titles)

    def title(self, name: str) -> str:
        """The title of a worksheet as the file has it, for whoever looks into the file again."""
        return self._titles[name]

    def rows(self, name: str) -> Rows:
        """The values of a worksheet from its top left cell on."""
        if name not in self._rows:
            told = self._told(name)
            self._rows[name] = _entered(self._asked(name)) if told is None else told
        return self._rows[name]

    def _told(self, name: str) -> Rows | None:
        """What the guard found; None where calamine has to be asked."""
        values = self._told_values.get(self._titles[name])
        if values is not None:
            return _entered(rows_of_ods(values))
        sheet = self._plain.sheets.get(self._titles[name]) if self._plain else None
        return rows_of(sheet, self._plain, self._texts) if self._plain and sheet else None

    def laid(self, title: str) -> Laid | None:
        """What the guard found in the worksheet of this title, without laying it out; None where it found not all."""
        values = self._told_values.get(title)
        if values is not None:
            return laid_of_ods(values)
        sheet = self._plain.sheets.get(title) if self._plain else None
        return laid_of(sheet, self._plain, self._texts) if self._plain and sheet else None

    @cached_property
    def _texts(self) -> Sequence[str] | None:
        """The shared strings that the guard found, entered; None where calamine has to be asked."""
        texts = self._plain.texts if self._plain else None
        return texts and all_entered(texts)

    def _asked(self, name: str) -> Rows:
        return _native(
            lambda: self._book.get_sheet_by_name(self._titles[name]).to_python(skip_empty_area=False),
            f"工作表“{quote(name)}”",
        )


def _entered(rows: Rows) -> Rows:
    """The rows with every text of theirs entered; mostly they are as they should be."""
    texts = list({value for row in rows for value in row if isinstance(value, str)})
    now = all_entered(texts)
    if now is texts:
        return rows
    known: dict[object, str] = dict(zip(texts, now, strict=True))
    return [[known.get(value, value) if isinstance(value, str) else value for value in row] for row in rows]


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


def wrong_form(properties: Mapping[str, str], form: Form) -> Finding | None:
    """S105 where the workbook names another form or edition in its custom properties."""
    form_id = properties.get(marks.PROPERTY_FORM, form.id)
    edition = properties.get(marks.PROPERTY_EDITION, form.edition)
    if (form_id, edition) == (form.id, form.edition):
        return None
    return fault(
        "S105",
        f"这是“{quote(form_id)}”{quote(edition)} 版的表，不是本次要核对的“{form.id}”{form.edition} 版"
        f"《{form.title}》；请下载本次的填报模板重新填写",
    )


def assign(form: Form, sheets: Sheets) -> dict[str, str | None]:
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
    others = [name for name in sheets.names if name not in known and not is_ours(name, sheets)]
    for table in form.tables:
        if by_name[table.key] is None:
            titled = [name for name in others if holds_title(table, sheets.rows(name))]
            by_name[table.key] = titled[0] if len(titled) == 1 else None
    return by_name


def is_ours(name: str, sheets: Sheets) -> bool:
    """Whether we added the sheet: the findings, or who gave what to a total."""
    title = next((title for called, title in _OURS.items() if name.startswith(called)), None)
    return title is not None and text_at(sheets.rows(name), (0, 0)) == title


def cover_sheet(cover: Cover, sheets: Sheets) -> str | None:
    """The name of the sheet that holds the cover, if there is one."""
    if cover.sheet in sheets.names:
        return cover.sheet
    return next((name for name in sheets.names if fold(name) == fold(cover.sheet)), None)


def sheet_findings(
    form: Form,
    sheets: Sheets,
    tables: Mapping[str, str | None],
    hiding: Callable[[str], Hiding],
    together: Collection[str] = (),
) -> list[Finding]:
    """Sheets that are missing, renamed, or of no use.

    Args:
        form: what should be there.
        sheets: what is there.
        tables: on which of them each table stands.
        hiding: how a sheet is hidden.
        together: the tables that share one of them, which is told apart.
    """
    found: list[Finding] = []
    cover = cover_sheet(form.cover, sheets)
    missing = [table.sheet for table in form.tables if tables[table.key] is None]
    if cover is None:
        missing.insert(0, form.cover.sheet)
    for sheet in missing:
        found.append(fault("S101", f"缺少工作表“{sheet}”；请用下发的填报模板填写，保留全部工作表"))
    alone = [table for table in form.tables if table.key not in together]
    renamed = [(name, table.sheet) for table in alone if (name := tables[table.key]) and name != table.sheet]
    renamed = [(name, sheet) for name, sheet in renamed if fold(name) != fold(sheet)]
    if renamed:
        said = "，".join(f"“{quote(name)}”应为“{sheet}”" for name, sheet in renamed)
        found.append(fault("S101", f"工作表改了名：{said}；已按表题认出并核对，请改回原名", sheet=renamed[0][0]))
    known = {cover, *tables.values()}
    extra = [
        name
        for name in sheets.names
        if name not in known
        and fold(name) != fold(form.guide.sheet)
        and not is_ours(name, sheets)
        # What a document keeps of the sheets that it has links to; nobody sees these, or can take them away.
        and not name.startswith("'file:")
    ]
    again = [(name, table) for name in extra for table in form.tables if _is_again(name, table, tables, sheets)]
    found += [_doubled(name, table, str(tables[table.key]), hiding) for name, table in again]
    extra = [name for name in extra if name not in {name for name, _ in again}]
    if extra:
        found.append(fault("S104", _not_checked(extra, hiding), sheet=extra[0]))
    return found


def _not_checked(extra: Sequence[str], hiding: Callable[[str], Hiding]) -> str:
    """S104: other sheets, and what to do about them."""
    hidden = [name for name in extra if hiding(name)]
    deep = any(hiding(name) == "very hidden" for name in hidden)
    how = "先取消隐藏才能删除" + ("，深度隐藏的只能在 VBA 编辑器里或用 LibreOffice 取消隐藏" if deep else "")
    return (
        f"多出工作表{names(extra[:5])}{'等' if len(extra) > 5 else ''}，共 {len(extra)} 张，没有参与核对；"
        "请确认填报的数都在官方表格里，用不着的删除，要留着的在封面“情况说明”中写明"
        + (f"（其中{names(hidden[:5])}是隐藏的，{how}）" if hidden else "")
    )


def _is_again(name: str, table: Table, tables: Mapping[str, str | None], sheets: Sheets) -> bool:
    """Whether another sheet holds a table in full that was found elsewhere."""
    return tables[table.key] is not None and holds_again(table, (value for row in sheets.rows(name) for value in row))


def _doubled(name: str, table: Table, read: str, hiding: Callable[[str], Hiding]) -> Finding:
    """S108: which of two tables was read, and which is seen."""
    ours, theirs = ("隐藏的" if hiding(sheet) else "看得见的" for sheet in (read, name))
    mend = f"取消隐藏“{quote(read)}”，" if hiding(read) else ""
    message = (
        f"《{table.title.text}》有两张：核对的是{ours}工作表“{quote(read)}”，不是{theirs}“{quote(name)}”；"
        f"请{mend}把正确的数填在“{quote(read)}”里，删除“{quote(name)}”"
    )
    return fault("S108", message, sheet=name)


def values_at(rows: Rows, cells: Mapping[str, Cell]) -> dict[str, Held]:
    """What the cells hold, by the names given to them; a blank one, and all beyond the last filled one, an empty text."""
    try:
        return {key: rows[row][column] for key, (row, column) in cells.items()}  # type: ignore[misc]
    except IndexError:
        return {
            key: rows[row][column] if row < len(rows) and column < len(rows[row]) else ""  # type: ignore[misc]
            for key, (row, column) in cells.items()
        }
