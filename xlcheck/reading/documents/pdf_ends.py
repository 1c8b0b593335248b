"""Tables over page ends: which parts are one table, and which rows were cut in two."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Box, Grid, GridCell
from xlcheck.reading.documents.pdf_agreed import ASK, is_value
from xlcheck.reading.documents.pdf_shapes import Boxed

IsLabel = Callable[[str], bool]
"""Whether a text is a whole label of a form."""

_JOINED = f"这一格被分页隔开，“{{}}”和“{{}}”可能是一个数，{ASK}"
_SIDES = 6.0
"""Points by which the sides of one table's parts differ, at the most."""


class TablePart(NamedTuple):
    """What of a table stands on one page."""

    page: int
    """From 1."""
    cells: Sequence[Boxed]
    is_first: bool
    """Whether nothing of the page's text stands above it."""
    is_last: bool
    """Whether nothing of the page's text stands below it."""

    @property
    def sides(self) -> tuple[float, float]:
        """Where it begins and ends across the page."""
        return min(cell.box.left for cell in self.cells), max(cell.box.right for cell in self.cells)


def grids_of(parts: Sequence[TablePart], is_label: IsLabel) -> list[Grid]:
    """The tables of a document.

    Args:
        parts: what stands on its pages, in their order.
        is_label: which texts are whole labels: by them it is known where a row begins.
    """
    tables: list[list[TablePart]] = []
    for part in parts:
        if tables and _goes_on(tables[-1][-1], part):
            tables[-1].append(part)
        else:
            tables.append([part])
    return [Grid(number, _joined(table, is_label)) for number, table in enumerate(tables, start=1)]


def _goes_on(above: TablePart, below: TablePart) -> bool:
    near = all(abs(one - other) <= _SIDES for one, other in zip(above.sides, below.sides, strict=True))
    return above.page + 1 == below.page and above.is_last and below.is_first and near


def _joined(parts: Sequence[TablePart], is_label: IsLabel) -> tuple[GridCell, ...]:
    """The cells of a table whose parts stand on pages that follow each other."""
    columns = _columns(parts)
    full = {(part.page, cell.box) for part in parts for cell in part.cells if cell.is_full}
    cells: list[GridCell] = []
    for number, part in enumerate(parts):
        base = max((cell.row + cell.rows for cell in cells), default=0)
        new = [_placed(cell, part.page, base, columns) for cell in part.cells]
        if number:
            new = _without_head(cells, new, base)
            cells, new = _over_the_end(cells, new, base, is_label, full)
        cells += new
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def _columns(parts: Sequence[TablePart]) -> list[float]:
    """The sides of all columns."""
    sides: list[float] = []
    for value in sorted(side for part in parts for cell in part.cells for side in (cell.box.left, cell.box.right)):
        if not sides or value - sides[-1] > _SIDES / 2:
            sides.append(value)
    return sides


def _placed(cell: Boxed, page: int, base: int, columns: Sequence[float]) -> GridCell:
    left, right = (_nearest(columns, side) for side in (cell.box.left, cell.box.right))
    return GridCell(base + cell.row, left, cell.rows, max(right - left, 1), cell.text, cell.doubt, page, cell.box)


def _nearest(places: Sequence[float], value: float) -> int:
    return min(range(len(places)), key=lambda at: abs(places[at] - value))


def _without_head(above: Sequence[GridCell], below: Sequence[GridCell], base: int) -> list[GridCell]:
    """A page's part of a table without the head that programs repeat on each page; what is below moves up."""
    head = 0
    for row in range(max((cell.row + cell.rows for cell in below), default=base) - base):
        if _looks(below, base + row) != _looks(above, row):
            break
        head = row + 1
    while head and any(cell.row < base + head < cell.row + cell.rows for cell in below):
        head -= 1
    if not head or not any(cell.text.strip() for cell in below if cell.row < base + head):
        return list(below)
    if all(is_value(cell.text) for cell in below if cell.row < base + head):
        return list(below)
    return [cell._replace(row=cell.row - head) for cell in below if cell.row >= base + head]


def _looks(cells: Sequence[GridCell], row: int) -> list[tuple[int, int, int, str]]:
    return [(cell.column, cell.rows, cell.columns, "".join(cell.text.split())) for cell in cells if cell.row == row]


# --- rows that a page's end cuts -------------------------------------------------------------------------------------


class _Pair(NamedTuple):
    """Two cells, the lower of which begins in the same column where the upper one ends."""

    upper: GridCell
    lower: GridCell

    @property
    def texts(self) -> tuple[str, str]:
        return self.upper.text.strip(), self.lower.text.strip()

    @property
    def both(self) -> str:
        return self.upper.text.rstrip() + self.lower.text.lstrip()

    @property
    def spans(self) -> bool:
        """Whether one of them is merged over rows, so that it may be one cell where two rows are not one."""
        return self.upper.rows > 1 or self.lower.rows > 1


def _over_the_end(
    above: list[GridCell], below: list[GridCell], base: int, is_label: IsLabel, full: Container[tuple[int, Box | None]]
) -> tuple[list[GridCell], list[GridCell]]:
    """The cells above and below a page's end, those joined that are one; `full` are those whose text had to be wrapped."""
    uppers = {(cell.column, cell.columns): cell for cell in above if cell.row + cell.rows == base}
    lowers = [cell for cell in below if cell.row == base]
    pairs = [_Pair(uppers[cell.column, cell.columns], cell) for cell in lowers if (cell.column, cell.columns) in uppers]
    alone = [cell for cell in lowers if (cell.column, cell.columns) not in uppers and cell.text.strip()]
    whole = not alone and _is_one_row(pairs, is_label)
    wanted = [pair for pair in pairs if whole or _is_one_cell(pair, is_label)]
    begins = any(_begins(pair, is_label) for pair in pairs)
    sure = {pair for pair in wanted if whole and not begins and (pair.upper.page, pair.upper.box) in full}
    swap = {pair.upper: _one(pair, whole, sure=pair in sure) for pair in wanted}
    gone = {pair.lower for pair in wanted} if not whole else set(lowers)
    above = [swap.get(cell, cell) for cell in above]
    below = [cell for cell in below if cell not in gone]
    if not whole:
        return above, below
    # The row below is none of its own: what begins behind it moves up.
    return above, [cell._replace(row=cell.row - 1) for cell in below]


def _is_one_row(pairs: Sequence[_Pair], is_label: IsLabel) -> bool:
    """Whether a page's end cuts one row in two, and does not lie between two rows."""
    inner = [pair for pair in pairs if not pair.spans]
    if any(_begins(pair, is_label) for pair in pairs):
        # A label begins below. Above it may stand what belongs to it, where the label is the only thing that is not cut.
        return _has_no_label([pair.upper for pair in inner]) and all(
            not pair.upper.text.strip() for pair in inner if not is_value(pair.lower.text)
        )
    if any(_is_cut_label(pair, is_label) for pair in inner):
        return True
    if _has_no_label([pair.lower for pair in inner]):
        return all(is_value(pair.upper.text) for pair in inner if pair.lower.text.strip())
    return _is_label_going_on(inner, is_label)


def _begins(pair: _Pair, is_label: IsLabel) -> bool:
    upper, lower = pair.texts
    return bool(lower) and is_label(lower) and not (upper and is_label(pair.both))


def _is_cut_label(pair: _Pair, is_label: IsLabel) -> bool:
    upper, lower = pair.texts
    return bool(upper and lower) and not is_value(upper) and is_label(pair.both)


def _has_no_label(cells: Sequence[GridCell]) -> bool:
    """Whether there are values among the cells at the most, as in the part of a row that a label does not reach."""
    return all(is_value(cell.text) for cell in cells)


def _is_label_going_on(pairs: Sequence[_Pair], is_label: IsLabel) -> bool:
    """Whether words that are no whole label go on with a label above, and the numbers stand on one side of the page's end."""
    words = [pair for pair in pairs if not is_value(pair.lower.text)]
    others = [pair for pair in pairs if is_value(pair.lower.text)]
    begun = all(pair.upper.text.strip() and not is_label(pair.upper.text) for pair in words)
    return begun and (
        not any(pair.lower.text.strip() for pair in others) or not any(pair.upper.text.strip() for pair in others)
    )


def _is_one_cell(pair: _Pair, is_label: IsLabel) -> bool:
    """Whether a label that is merged over rows goes on below a page's end, where the rows are whole."""
    upper, lower = pair.texts
    if upper and lower:
        return _is_cut_label(pair, is_label) and not is_label(lower)
    return pair.spans and not is_value(upper or lower)


def _one(pair: _Pair, whole: bool, *, sure: bool) -> GridCell:
    """Two cells as the one that they are.

    Args:
        pair: the two.
        whole: whether the rows that meet at the page's end are one row.
        sure: whether they are for certain, and the upper text had to go on in another line: a number of two lines is one
            number then, as it is anywhere on a page.
    """
    upper, lower = pair
    texts = pair.texts
    doubt = (upper.doubt or lower.doubt) if is_value(pair.both) else ""
    is_wrapped = sure and all(text.isascii() and text.isdigit() for text in texts)
    if not is_wrapped and all(texts) and any(char.isdigit() for char in pair.both) and all(map(is_value, texts)):
        doubt = _JOINED.format(*map(quote, texts))
    box = upper if texts[0] or not texts[1] else lower
    return upper._replace(
        rows=upper.rows + lower.rows - whole, text=pair.both.strip(), doubt=doubt, page=box.page, box=box.box
    )
