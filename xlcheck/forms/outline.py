"""An office's own table as somebody drew it on a worksheet: which of its cells are heads, and which are to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlcheck.model.cells import Cell
from xlcheck.model.form import FieldKind
from xlcheck.model.labels import fold
from xlcheck.model.tuples import NamedTuple


class DrawnCell(NamedTuple):
    """A cell, or all that is merged into it."""

    last: Cell
    """Its bottom right one."""
    text: str = ""
    """What is printed there; empty where nothing is, or a number."""
    number: str = ""
    """The number that stands there."""
    formula: str = ""
    """Without the equals sign."""
    locked: bool = True
    bordered: bool = False
    kind: FieldKind | None = None
    """What numbers its number format, or what one may type there, asks for; None where these do not say."""


class DrawnSheet(NamedTuple):
    """A worksheet."""

    name: str
    cells: Mapping[Cell, DrawnCell]
    """All cells of the used area by their top left one; those that others are merged into are missing."""
    protected: bool
    widths: Mapping[int, float]
    """In characters, of the columns that say so."""
    heights: Mapping[int, float]
    """In points, of the rows that say so."""
    landscape: bool = False


class Outline(NamedTuple):
    """The table on a worksheet."""

    sheet: DrawnSheet
    title: str
    """Empty where none stands above it."""
    title_row: int
    first: Cell
    """Its top left cell."""
    last: Cell
    owners: Mapping[Cell, Cell]
    """Of each cell within it, the top left one of what it is merged into."""
    fields: Mapping[Cell, FieldKind]
    """The cells to be filled in."""
    remarks: tuple[Cell, ...]
    """Cells that look alike, and whose heads ask for words."""
    numbering: tuple[Cell, ...]
    """Running numbers, which are no labels even if they are texts."""


_AMOUNTS = re.compile("金额|经费|资金|收入|支出|费用|万元|亿元|元[)）]?$|面积|比例|[率%％]$")
_CHANGES = re.compile("增/减|增减|增加或减少")
_REMARKS = re.compile("(?:备注|说明|姓名|电话|日期|时间|地址|原因|名称|填报人|负责人)$")
_NUMBERING = re.compile("(?:序号|行次|编号|栏次|代码)$")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_NO_TITLE = re.compile("^附[件表录]|[:：]")


def outline(sheet: DrawnSheet) -> Outline | None:
    """The table of a worksheet; None where nothing is to be filled in."""
    candidates = _candidates(sheet)
    if not candidates:
        return None
    first, last = _box(sheet, candidates)
    owners = {
        (row, column): cell
        for cell, drawn in _inside(sheet, first, last)
        for row in range(cell[0], drawn.last[0] + 1)
        for column in range(cell[1], drawn.last[1] + 1)
    }
    heads = {cell: _heads(sheet, owners, cell, first) for cell in sorted(candidates)}
    fields: dict[Cell, FieldKind] = {}
    remarks: list[Cell] = []
    for cell, (left, above) in heads.items():
        nearest = [fold(text) for text in (*left[-1:], *above[-1:])]
        if any(_REMARKS.search(text) for text in nearest) and not sheet.cells[cell].formula:
            remarks.append(cell)
        elif (left or above) and not any(map(_NUMBERING.search, nearest)) and not _is_year(sheet, owners, cell, first):
            fields[cell] = sheet.cells[cell].kind or _kind((*left, *above))
    if not fields:
        return None
    title_row, title = _title(sheet, first[0])
    numbering = tuple(_numbering(sheet, owners, first, last))
    return Outline(sheet, title, title_row, first, last, owners, fields, tuple(remarks), numbering)


def _numbering(sheet: DrawnSheet, owners: Mapping[Cell, Cell], first: Cell, last: Cell) -> Iterator[Cell]:
    for cell, drawn in _inside(sheet, first, last):
        if drawn.text.strip().isdigit():
            _, above = _heads(sheet, owners, cell, first)
            words = [text for text in above if not text.strip().isdigit()]
            if words and _NUMBERING.search(fold(words[-1])):
                yield cell


def _is_year(sheet: DrawnSheet, owners: Mapping[Cell, Cell], cell: Cell, first: Cell) -> bool:
    """Whether a number is a head: it stands in the first row, or is a year in one of the rows of the table's corner."""
    corner = owners.get((cell[0], first[1]), cell)
    in_heads = cell[0] == first[0] or (corner[0] == first[0] and bool(_YEAR.match(sheet.cells[cell].number)))
    return bool(sheet.cells[cell].number) and in_heads


def _kind(heads: tuple[str, ...]) -> FieldKind:
    folded = [fold(head) for head in heads]
    if any(_CHANGES.search(head) for head in folded):
        return "change"
    return "amount" if any(_AMOUNTS.search(head) for head in folded) else "count"


def _candidates(sheet: DrawnSheet) -> set[Cell]:
    """The cells that may be fields: without a text, and unlocked, or drawn with a border, or at least between heads."""
    bare = {cell: drawn for cell, drawn in sheet.cells.items() if not drawn.text}
    open_cells = {cell for cell, drawn in bare.items() if not drawn.locked} if sheet.protected else set()
    if open_cells:
        # What a formula gives is locked, and belongs to the table all the same.
        low, high = _around(open_cells)
        near = ((low[0] - 1, low[1] - 1), (high[0] + 1, high[1] + 1))
        return open_cells | {cell for cell, drawn in bare.items() if drawn.formula and _is_in(cell, *near)}
    bordered = {cell for cell, drawn in bare.items() if drawn.bordered}
    if bordered:
        return bordered
    texts = [cell for cell, drawn in sheet.cells.items() if drawn.text]
    rows = {row: min(column for at, column in texts if at == row) for row, _ in texts}
    columns = {column: min(row for row, at in texts if at == column) for _, column in texts}
    return {cell for cell in bare if cell[1] > rows.get(cell[0], cell[1]) and cell[0] > columns.get(cell[1], cell[0])}


def _around(cells: set[Cell]) -> tuple[Cell, Cell]:
    rows, columns = zip(*cells, strict=True)
    return (min(rows), min(columns)), (max(rows), max(columns))


def _is_in(cell: Cell, first: Cell, last: Cell) -> bool:
    return first[0] <= cell[0] <= last[0] and first[1] <= cell[1] <= last[1]


def _touches(cell: Cell, end: Cell, first: Cell, last: Cell) -> bool:
    return cell[0] <= last[0] and end[0] >= first[0] and cell[1] <= last[1] and end[1] >= first[1]


def _inside(sheet: DrawnSheet, first: Cell, last: Cell) -> Iterator[tuple[Cell, DrawnCell]]:
    return (item for item in sheet.cells.items() if _is_in(item[0], first, last))


def _box(sheet: DrawnSheet, fields: set[Cell]) -> tuple[Cell, Cell]:
    """The rectangle of the table: the fields, their heads above and on the left, and all that is merged into these."""
    first, last = _around(fields)
    last = (
        max(last[0], *(sheet.cells[cell].last[0] for cell in fields)),
        max(last[1], *(sheet.cells[cell].last[1] for cell in fields)),
    )
    while first[0] > 0 and _is_head(sheet, first[0] - 1, first[1], last[1]):
        first = first[0] - 1, first[1]
    texts = [cell for cell, drawn in sheet.cells.items() if drawn.text and first[0] <= cell[0] <= last[0]]
    first = first[0], min([first[1], *(column for _, column in texts)])
    last = last[0], max([last[1], *(column for _, column in texts)])
    grown = None
    while grown != (first, last):
        grown = first, last
        for cell, drawn in sheet.cells.items():
            if (drawn.text or cell in fields) and _touches(cell, drawn.last, first, last):
                first = min(first[0], cell[0]), min(first[1], cell[1])
                last = max(last[0], drawn.last[0]), max(last[1], drawn.last[1])
    return first, last


def _is_head(sheet: DrawnSheet, row: int, left: int, right: int) -> bool:
    """Whether a row above the fields belongs to the table: it is drawn like one, or has several heads."""
    here = [
        drawn
        for cell, drawn in sheet.cells.items()
        if cell[0] <= row <= drawn.last[0] and cell[1] <= right and (drawn.text or drawn.bordered)
    ]
    if any(drawn.bordered for drawn in sheet.cells.values()):
        return any(drawn.bordered and drawn.last[1] >= left for drawn in here)
    return len([drawn for drawn in here if drawn.text and not _NO_TITLE.search(drawn.text)]) > 1


def _heads(
    sheet: DrawnSheet, owners: Mapping[Cell, Cell], cell: Cell, first: Cell
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The heads on the left of a cell, and the nearest ones above it, from the outer one to the inner one."""
    row, column = cell
    left = dict.fromkeys(owners.get((row, at)) for at in range(first[1], column))
    above: dict[Cell, None] = {}
    for at in range(row - 1, first[0] - 1, -1):
        owner = owners.get((at, column))
        if owner is not None and sheet.cells[owner].text:
            above[owner] = None
        elif above:
            break
    texts = tuple(sheet.cells[owner].text for owner in left if owner is not None and sheet.cells[owner].text)
    return texts, tuple(sheet.cells[owner].text for owner in reversed(above))


def _title(sheet: DrawnSheet, top: int) -> tuple[int, str]:
    """The row and the words of the title above the table: the longest text that is no line of particulars."""
    above = [(cell, drawn.text) for cell, drawn in sheet.cells.items() if cell[0] < top and drawn.text]
    titles = [item for item in above if not _NO_TITLE.search(item[1])]
    if not titles:
        return 0, ""
    (row, _), text = max(titles, key=lambda item: (len(item[1]), item[0]))
    return row, text
