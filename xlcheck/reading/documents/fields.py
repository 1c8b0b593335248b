"""Where the fields of a form stand in a document's tables: where its labels prove it, never by position alone.

A field's cell stands in the row of its row label and below its column label. Rows of documents shift where a span is wrong
or a page was cut, so that a row is believed only if it fits its heads cell for cell, or has exactly as many cells as
the form has fields there, in an order that the heads prove. A row with fewer cells proves nothing: nobody knows which
one is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from xlcheck.model.errors import too_much
from xlcheck.model.form import Field, Form
from xlcheck.model.labels import fold
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Grid, GridCell
from xlcheck.reading.documents.heads import with_whole_heads
from xlcheck.reading.documents.layout import Layout, is_blank, overlap
from xlcheck.reading.documents.lines import are_adjacent, crossed_cells, is_filling, is_number, is_one_line, rising
from xlcheck.reading.documents.table_words import FormRow, TableWords
from xlcheck.reading.documents.wording import Wording

_TIMES = 5
"""A table with so many times more cells than the form has fields is no table of it."""
_OFTEN = 40
"""So often the labels of the form may stand in a document: with copies of its tables, and those of other years."""


class Spotted(NamedTuple):
    """A cell that a field was found at."""

    grid: Grid
    cell: GridCell
    head: str
    """What its column head says, as the document words it; empty where there is none."""


class Reworded(NamedTuple):
    """A label in its place with other words than the official ones."""

    label: str
    grid: Grid
    cell: GridCell


class Matched(NamedTuple):
    """What of a form was found in a document."""

    cells: Mapping[str, Spotted]
    """By field key; fields without proof are missing."""
    again: tuple[tuple[str, Spotted], ...] = ()
    """Fields that stand somewhere else, too, with other words than in `cells`."""
    reworded: tuple[Reworded, ...] = ()
    tables: Mapping[str, int] = {}
    """Which table of the document holds each table of the form (the first of them), by its key."""


def find_fields(form: Form, grids: Iterable[Grid]) -> Matched:
    """Find the fields of a form in the tables of a document."""
    official = Wording(label.text for table in form.tables for label in table.printed)
    heads = Wording(label for table in form.tables for field in table.fields for label in field.column_labels[-1:])
    layouts = [Layout(with_whole_heads(grid, heads)) for grid in _of_its_size(form, grids, official)]
    sightings: dict[str, list[Spotted]] = {}
    reworded: list[Reworded] = []
    tables: dict[str, int] = {}
    for table in form.tables:
        search = _Search(TableWords(table, official))
        for layout in layouts:
            for key, spotted in search.take(layout) or search.take_flat(layout):
                sightings.setdefault(key, []).append(spotted)
                tables.setdefault(table.key, layout.grid.number)
        reworded += search.reworded
    claims = Counter(
        _at(spotted) for found in sightings.values() for spotted in {_at(one): one for one in found}.values()
    )
    cells: dict[str, Spotted] = {}
    again: list[tuple[str, Spotted]] = []
    for field in form.fields:
        found = [one for one in sightings.get(field.key, ()) if claims[_at(one)] == 1]
        if found:
            cells[field.key] = found[0]
            said = fold(found[0].cell.text)
            again += [(field.key, one) for one in found[1:] if fold(one.cell.text) != said][:1]
    return Matched(cells, tuple(again), tuple(reworded), tables)


def _of_its_size(form: Form, grids: Iterable[Grid], official: Wording) -> list[Grid]:
    """The tables that may be the form's: not those that are many times as large.

    Raises:
        Refused: F104 its labels stand there so often that looking through them would take for ever.
    """
    few = [grid for grid in grids if len(grid.cells) <= _TIMES * len(form.fields)]
    said = sum(official.holds(cell.text) for grid in few for cell in grid.cells)
    if said > _OFTEN * sum(len(table.labels) for table in form.tables):
        raise too_much("文档里重复的表格或表头过多")
    return few


def _at(spotted: Spotted) -> tuple[int, int, int]:
    return spotted.grid.number, spotted.cell.row, spotted.cell.column


def _is_full(counted: Sequence[GridCell], row: FormRow) -> bool:
    """Whether there is a cell for each field of a row, and nothing else in them."""
    return len(counted) == len(row.fields) and all(map(is_filling, counted))


def _is_within(cell: GridCell, label: GridCell | None, line: int) -> bool:
    """Whether a cell begins in a line and reaches no further down than the line's label."""
    return cell.row == line and (label is None or cell.rows <= label.rows)


class _Search:
    """The search for one table, grid after grid: what goes on in the next one has its heads in the one before."""

    def __init__(self, words: TableWords) -> None:
        self.words = words
        self.reworded: list[Reworded] = []
        self._last = -1
        """The number of the last row found."""
        self._heads: dict[tuple[str, ...], Mapping[str, str]] = {}
        """The heads that were read in their order and are in force at the end of a grid, by the official ones."""

    def take(self, layout: Layout) -> list[tuple[str, Spotted]]:
        """The fields that a grid holds."""
        last = self._last
        lines: dict[int, int] = {}
        found: list[tuple[str, Spotted]] = []
        for row in self.words.rows:
            for label, number in self._lines(layout, row):
                got = self._fields(layout, row, label, number, after=last)
                found += got
                if got:
                    lines[row.number] = number
        for row, label in self._between(layout, lines):
            got = self._fields(layout, row, label, label.row, after=last)
            found += got
            if got:
                self.reworded.append(Reworded(row.labels[-1], layout.grid, label))
        self._last = max(last, *lines, -1)
        heads = self._in_force(layout)
        if heads or lines:
            # A table of another kind in between ends what would go on.
            self._heads = {**({} if heads else self._heads), **heads}
        return found

    def take_flat(self, layout: Layout) -> list[tuple[str, Spotted]]:
        """The fields of a grid in which nothing spans anything, so that cells of one column do not stand below each other."""
        return self.take(Layout(layout.grid, in_columns=False)) if layout.is_flat else []

    # --- lines ------------------------------------------------------------------------------------------------------

    def _lines(self, layout: Layout, row: FormRow) -> Iterator[tuple[GridCell | None, int]]:
        """Where a row of the form may stand: its label's cell and the number of the line."""
        if not row.labels:
            line = self._line_below(layout, row)
            if line is not None:
                yield None, line
            return
        for cell in layout.grid.cells:
            if self.words.of_rows.read(cell.text) == row.labels[-1] and self._is_below(layout, row, cell):
                yield cell, cell.row

    def _is_below(self, layout: Layout, row: FormRow, cell: GridCell) -> bool:
        """Whether the outer labels of a row say that the label is this row's, where another row has the same one."""
        if row.labels[-1] not in self.words.shared or len(row.labels) < 2:
            return True
        outer = [self.words.of_outer_rows.read(one.text) for one in layout.before(cell, cell.row)]
        return row.labels[-2] in outer

    def _line_below(self, layout: Layout, row: FormRow) -> int | None:
        """The line of a row without a label: the first below its heads that is not blank, or else the first."""
        lines = [line for line in range(layout.height) if layout.row(line)]
        if not layout.aligned:
            return next(
                (line for line in lines if _is_full(layout.counted(layout.row(line), len(row.fields)), row)), None
            )
        heads = self._heads_above(layout, row, layout.height)
        if not heads and not self._goes_on(layout, row):
            return None
        first = max((cell.row + cell.rows for cell in heads.values()), default=0)
        lines = [line for line in lines if line >= first]
        filled = [line for line in lines if not all(map(is_blank, layout.row(line)))]
        return next(iter(filled or lines), None)

    def _between(self, layout: Layout, lines: Mapping[int, int]) -> Iterator[tuple[FormRow, GridCell]]:
        """The rows whose label was reworded: their neighbours leave as many lines between them as there are such rows."""
        if not layout.aligned:
            return
        for before, after in pairwise(sorted(lines)):
            if lines[after] - lines[before] != after - before:
                continue
            for number in range(before + 1, after):
                row, line = self.words.rows[number], lines[before] + number - before
                cells = [cell for cell in layout.row(line) if cell.row == line]
                label = cells[-len(row.fields) - 1] if len(cells) > len(row.fields) else None
                worded = any(self.words.official.holds(cell.text) for cell in cells[-len(row.fields) - 1 :])
                if label and row.labels and not worded and not is_filling(label):
                    yield row, label

    def _goes_on(self, layout: Layout, row: FormRow) -> bool:
        """Whether a grid without heads may go on with a row that the one before has the heads of."""
        return row.inner in self._heads and self._last < row.number and not self._in_force(layout)

    # --- cells ------------------------------------------------------------------------------------------------------

    def _fields(
        self, layout: Layout, row: FormRow, label: GridCell | None, line: int, after: int
    ) -> list[tuple[str, Spotted]]:
        """The fields of a line with their cells and their heads' words; nothing where the line proves nothing."""
        cells = list(layout.row(line)) if label is None else layout.beyond(label, line)
        if any(self.words.official.holds(cell.text) for cell in cells) or (label and not is_one_line(layout, label)):
            return []
        heads = self._heads_above(layout, row, line)
        crossed = crossed_cells(cells, [heads.get(field.key) for field in row.fields], label is None)
        if any(crossed):
            return [
                (field.key, Spotted(layout.grid, cell, heads[field.key].text))
                for field, cell in zip(row.fields, crossed, strict=True)
                if cell is not None and _is_within(cell, label, line)
            ]
        said = self._said_in_order(layout, row, line, heads, after)
        counted = layout.counted(cells, len(row.fields))
        if said is None or not _is_full(counted, row):
            return []
        # A cell over several columns, and a remark at the end of the line, would make the number come right by chance.
        widths = [heads[field.key].columns if heads else counted[0].columns for field in row.fields]
        if not all(_is_within(cell, label, line) for cell in counted):
            return []
        if layout.aligned and ([cell.columns for cell in counted] != widths or not are_adjacent(counted)):
            return []
        return [
            (field.key, Spotted(layout.grid, cell, said.get(field.key, "")))
            for field, cell in zip(row.fields, counted, strict=True)
        ]

    def _said_in_order(
        self, layout: Layout, row: FormRow, line: int, heads: Mapping[str, GridCell], after: int
    ) -> Mapping[str, str] | None:
        """The heads' words by field, where the heads stand in the order of the form; None where nothing proves that."""
        if not any(row.inner):
            return {}
        if not layout.aligned:
            lines = self._head_lines(layout, line)
            if layout.grid.aligned and any(map(self._is_strange, chain.from_iterable(lines))):
                return None
            if lines:
                return self._in_lines(row, lines)
        elif len(heads) == len(row.fields):
            columns = [heads[field.key].column for field in row.fields]
            return {key: cell.text for key, cell in heads.items()} if rising(columns) else None
        elif heads or self._head_cells(layout, line):
            return None
        if row.number <= after:
            return None
        return self._heads.get(row.inner)

    def _head_cells(self, layout: Layout, line: int) -> list[tuple[str, GridCell]]:
        """All inner column heads above a line, as official, with their cells."""
        found = []
        for cell in layout.grid.cells:
            if cell.row + cell.rows <= line and cell.text and not is_number(cell.text):
                said = self.words.column(cell.text)
                if said is not None and not any(is_number(other.text) for other in layout.row(cell.row)):
                    found.append((said, cell))
        return found

    def _heads_above(self, layout: Layout, row: FormRow, line: int) -> dict[str, GridCell]:
        """The heads in force above a line, by field key, those that are found; empty where cells do not line up."""
        if not layout.aligned:
            return {}
        heads = self._head_cells(layout, line)
        times = Counter(row.inner)
        if max(times.values()) > 1 and (in_order := self._in_order(layout, row, heads)):
            return in_order
        found: dict[str, GridCell] = {}
        for field, inner in zip(row.fields, row.inner, strict=True):
            mine = [cell for said, cell in heads if said == inner]
            if times[inner] > 1:
                mine = [cell for cell in mine if self._is_under(layout, cell, field)]
            nearest = max((cell.row for cell in mine), default=0)
            mine = [cell for cell in mine if cell.row == nearest]
            if len(mine) == 1 and not any(
                overlap(other, mine[0]) > 0 and other.row >= mine[0].row + mine[0].rows for _, other in heads
            ):
                found[field.key] = mine[0]
        # Groups that are spanned wrongly give each head to the next one.
        columns = [found[field.key].column for field in row.fields if field.key in found]
        return found if max(times.values()) == 1 or rising(columns) else {}

    def _in_order(self, layout: Layout, row: FormRow, heads: Sequence[tuple[str, GridCell]]) -> dict[str, GridCell]:
        """Heads that are alike under several groups, where all of them and their groups stand in the order of the form."""
        across = sorted(heads, key=lambda one: one[1].column)
        groups = sorted(layout.grid.cells, key=lambda cell: cell.column)
        if [said for said, _ in across] != list(row.inner) or not self._groups_in_order(row, [groups]):
            return {}
        return {field.key: cell for field, (_, cell) in zip(row.fields, across, strict=True)}

    def _is_under(self, layout: Layout, head: GridCell, field: Field) -> bool:
        """Whether the nearest group above a head is the field's."""
        groups = [
            (cell.row, self.words.of_groups.read(cell.text))
            for cell in layout.grid.cells
            if cell.row + cell.rows <= head.row and overlap(cell, head) > 0
        ]
        said = [group for _, group in sorted(groups, key=lambda one: -one[0]) if group]
        return bool(said) and said[0] == field.column_labels[-2]

    def _in_force(self, layout: Layout) -> dict[tuple[str, ...], Mapping[str, str]]:
        """The heads that hold at the end of a grid and stand in their order."""
        found: dict[tuple[str, ...], Mapping[str, str]] = {}
        for row in self.words.rows:
            if row.inner in found or not any(row.inner):
                continue
            heads = self._heads_above(layout, row, layout.height)
            if layout.aligned:
                columns = [heads[field.key].column for field in row.fields if field.key in heads]
                if len(heads) == len(row.fields) and rising(columns):
                    found[row.inner] = {key: cell.text for key, cell in heads.items()}
            elif (lines := self._head_lines(layout, layout.height)) and (said := self._in_lines(row, lines)):
                found[row.inner] = said
        return found

    # --- plain text -------------------------------------------------------------------------------------------------

    def _head_lines(self, layout: Layout, line: int) -> list[list[GridCell]]:
        """The lines of heads next above a line, from above: they hold column heads, and no number."""
        found: list[list[GridCell]] = []
        for number in range(line - 1, -1, -1):
            cells = [cell for cell in layout.row(number) if cell.row == number]
            if any(is_number(cell.text) for cell in cells):
                if found:
                    break
                continue
            if any(self.words.column(cell.text) or self.words.of_groups.read(cell.text) for cell in cells):
                found.insert(0, cells)
            elif found:
                break
        return found

    def _is_strange(self, cell: GridCell) -> bool:
        """Whether a cell among heads is none, so that there may be a column that the form does not have."""
        return not is_blank(cell) and not self.words.column(cell.text) and self.words.official.read(cell.text) is None

    def _in_lines(self, row: FormRow, lines: Sequence[Sequence[GridCell]]) -> Mapping[str, str] | None:
        """The words of a row's heads in lines of plain text, where each stands there and none out of order."""
        inner = list(row.inner)
        read = [[(label, cell.text) for cell in line if (label := self.words.column(cell.text))] for line in lines]
        every = [one for line in read for one in line]
        if sorted(label for label, _ in every) != sorted(inner):
            return None
        if len(set(inner)) < len(inner):
            if [label for label, _ in every] != inner or not self._groups_in_order(row, lines):
                return None
            return {field.key: text for field, (_, text) in zip(row.fields, every, strict=True)}
        if not all(rising([inner.index(label) for label, _ in line]) for line in read):
            return None
        return {field.key: text for field in row.fields for label, text in every if label == field.column_labels[-1]}

    def _groups_in_order(self, row: FormRow, lines: Sequence[Sequence[GridCell]]) -> bool:
        wanted = list(dict.fromkeys(field.column_labels[-2] for field in row.fields if len(field.column_labels) > 1))
        read = [self.words.of_groups.read(cell.text) for line in lines for cell in line]
        return [said for said in read if said in wanted] == wanted
