"""Tables as their ruling lines make them: which lines belong together, and the cells between them, merged ones included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from xlcheck.model.errors import too_much
from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_shapes import Boxed, Ruling, Rulings

NEAR = 3.0
"""Points by which lines that are meant to meet, or to be one, are apart at the most; the two of a double line, too."""
_BROKEN = 4.5
"""Points between the dashes of one line, at the most."""
_SHORT = 6.0
"""Points: shorter lines are strokes of something else."""
_MOST = 200_000
"""Lines across times lines down of a page; a table of the form has some 300."""
_TABLES = 60
"""Of one page; a drawing may have more, of which the largest are kept."""
_BEYOND = 24.0
"""Points by which text reaches beyond a table that a page's end cuts, at the most: a line that did not fit."""
_LEAST_CELLS = 4
"""Fewer below each other make no table: a frame around a text."""


def lattices(rulings: Rulings) -> list[list[Boxed]]:
    """The tables of a page from the top, each as its cells; what is not a rectangle is cut into the smallest cells."""
    across = _joined(rulings.across)
    down = _joined(rulings.down)
    if len(across) * len(down) > _MOST:
        raise too_much("一页上的线条过多")
    tables = [_table(*group) for group in _groups(across, down)]
    kept = [cells for cells in tables if len(cells) >= _LEAST_CELLS or any(cell.column for cell in cells)]
    kept = sorted(kept, key=len, reverse=True)[:_TABLES]
    return sorted(kept, key=lambda cells: (min(cell.box.top for cell in cells), min(cell.box.left for cell in cells)))


def _joined(lines: Sequence[Ruling]) -> list[Ruling]:
    """Lines of which pieces, dashes and doubles are one."""
    places = _clusters(line.at for line in lines)
    by_place: dict[int, list[Ruling]] = {}
    for line in lines:
        by_place.setdefault(_nearest(places, line.at), []).append(line)
    out: list[Ruling] = []
    for number, pieces in sorted(by_place.items()):
        run: Ruling | None = None
        for piece in sorted(pieces):
            if run is not None and piece.start <= run.end + _BROKEN:
                run = run._replace(end=max(run.end, piece.end))
                continue
            if run is not None and run.end - run.start >= _SHORT:
                out.append(run)
            run = Ruling(piece.start, piece.end, places[number])
        if run is not None and run.end - run.start >= _SHORT:
            out.append(run)
    return out


def _clusters(values: Iterable[float]) -> list[float]:
    """The middles of values that lie near each other."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= NEAR / 2 and value - groups[-1][0] <= NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [(group[0] + group[-1]) / 2 for group in groups]


def _nearest(places: Sequence[float], value: float) -> int:
    at = bisect_left(places, value)
    around = [number for number in (at - 1, at) if 0 <= number < len(places)]
    return min(around, key=lambda number: abs(places[number] - value))


def _groups(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Lines that touch each other, directly or by way of others."""
    parent = list(range(len(across) + len(down)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for i, flat in enumerate(across):
        for j, upright in enumerate(down, start=len(across)):
            if _meet(flat, upright):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for number in range(len(parent)):
        flats, uprights = groups.setdefault(root(number), ([], []))
        if number < len(across):
            flats.append(across[number])
        else:
            uprights.append(down[number - len(across)])
    alone = [upright for flats, uprights in groups.values() if not flats for upright in uprights]
    return [
        (flats, [*uprights, *(line for line in alone if _runs_along(line, uprights))])
        for flats, uprights in groups.values()
        if flats and len(uprights) > 1
    ]


def _runs_along(line: Ruling, uprights: Sequence[Ruling]) -> bool:
    """Whether a line that meets no other is a table's side all the same: that of a cell which is merged over a whole page."""
    top, bottom = min(one.start for one in uprights), max(one.end for one in uprights)
    return abs(line.start - top) < NEAR and abs(line.end - bottom) < NEAR


def _meet(flat: Ruling, upright: Ruling) -> bool:
    return flat.start - NEAR <= upright.at <= flat.end + NEAR and upright.start - NEAR <= flat.at <= upright.end + NEAR


def _table(across: list[Ruling], down: list[Ruling]) -> list[Boxed]:
    """The cells of one table; lines that are missing around it are put in: at a page's end, and at sides left open."""
    left = min(*(line.start for line in across), *(line.at for line in down))
    right = max(*(line.end for line in across), *(line.at for line in down))
    top = min(*(line.start for line in down), *(line.at for line in across))
    bottom = max(*(line.end for line in down), *(line.at for line in across))
    flats = [Ruling(left, right, at) for at in (top, bottom)]
    uprights = [Ruling(top, bottom, at) for at in (left, right)]
    cells = _cells(_joined([*across, *flats]), _joined([*down, *uprights]))
    above, below = (0 if _is_ruled(across, left, right, at) else _BEYOND for at in (top, bottom))
    return [_reaching(cell, top - above, bottom + below, top, bottom) for cell in cells]


def _is_ruled(across: Sequence[Ruling], left: float, right: float, at: float) -> bool:
    return any(abs(line.at - at) < NEAR and line.start <= left + NEAR and line.end >= right - NEAR for line in across)


def _reaching(cell: Boxed, up: float, down: float, top: float, bottom: float) -> Boxed:
    """A cell whose text may stand beyond the end of its table."""
    box = cell.box
    area = box._replace(
        top=up if abs(box.top - top) < NEAR else box.top, bottom=down if abs(box.bottom - bottom) < NEAR else box.bottom
    )
    return cell._replace(area=area)


def _cells(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[Boxed]:
    """The cells between lines."""
    xs, ys = sorted({line.at for line in down}), sorted({line.at for line in across})
    walls, floors = _by_place(down), _by_place(across)
    parts: dict[tuple[int, int], tuple[int, int]] = {
        (i, j): (i, j) for i in range(len(ys) - 1) for j in range(len(xs) - 1)
    }

    def root(part: tuple[int, int]) -> tuple[int, int]:
        while parts[part] != part:
            parts[part] = parts[parts[part]]
            part = parts[part]
        return part

    for i, j in list(parts):
        if (i, j + 1) in parts and not _covers(walls[xs[j + 1]], ys[i], ys[i + 1]):
            parts[root((i, j + 1))] = root((i, j))
        if (i + 1, j) in parts and not _covers(floors[ys[i + 1]], xs[j], xs[j + 1]):
            parts[root((i + 1, j))] = root((i, j))
    areas: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for part in parts:
        areas.setdefault(root(part), []).append(part)
    cells: list[Boxed] = []
    for area in areas.values():
        for top, left, rows, columns in _rectangles(area):
            box = Box(xs[left], ys[top], xs[left + columns], ys[top + rows])
            cells.append(Boxed(box, box, top, left, rows, columns))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _rectangles(area: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    top, left = min(i for i, _ in area), min(j for _, j in area)
    rows, columns = max(i for i, _ in area) - top + 1, max(j for _, j in area) - left + 1
    if rows * columns == len(area):
        return [(top, left, rows, columns)]
    return [(i, j, 1, 1) for i, j in area]


def _by_place(lines: Iterable[Ruling]) -> dict[float, list[Ruling]]:
    places: dict[float, list[Ruling]] = {}
    for line in lines:
        places.setdefault(line.at, []).append(line)
    return places


def _covers(lines: Sequence[Ruling], start: float, end: float) -> bool:
    """Whether one of the lines runs along a cell's whole side."""
    return any(line.start - NEAR <= start and line.end + NEAR >= end for line in lines)
