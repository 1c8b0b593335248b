"""Formulas that only add and subtract cells, as balances of a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from xlcheck.model.cells import Cell, Place, parse_cell
from xlcheck.model.tuples import NamedTuple

_SHEET = r"(?:(?:'((?:[^']|'')+)'|([^\s'!+\-*/(),:;\"&=<>^]+))!)?"
_REF = re.compile(rf"{_SHEET}\$?([A-Za-z]{{1,3}})\$?(\d{{1,7}})(?::\$?([A-Za-z]{{1,3}})\$?(\d{{1,7}}))?")
_MOST = 1_000
"""No sum of a table has more parts."""
_LONGEST = 4_000


class Addition(NamedTuple):
    """``total = parts − less``, all of them cells."""

    total: Place
    parts: tuple[Place, ...]
    less: tuple[Place, ...] = ()


def addition(sheet: str, cell: Cell, formula: str) -> Addition | None:
    """What a formula adds up; None where it does anything else, or names a cell twice."""
    terms = _terms(sheet, _tight(formula)) if len(formula) <= _LONGEST else None
    if not terms:
        return None
    places = [Place(sheet, cell), *(place for _, place in terms)]
    if len(set(places)) != len(places):
        return None
    parts, less = (tuple(place for sign, place in terms if sign == wanted) for wanted in (1, -1))
    return Addition(Place(sheet, cell), parts, less) if parts else None


def _tight(formula: str) -> str:
    """A formula without the blanks that stand outside the names of sheets."""
    return re.sub(r"('[^']*')|\s+", lambda match: match[1] or "", formula)


def _terms(sheet: str, text: str) -> list[tuple[int, Place]] | None:
    """Signed cells; None for another formula. ``+`` at the beginning is honest: 1-2-3 users type it."""
    found: list[tuple[int, Place]] = []
    at = 0
    while at < len(text):
        sign = {"+": 1, "-": -1}.get(text[at], 0)
        if sign:
            at += 1
        elif at:
            return None
        if text[at : at + 4].upper() == "SUM(":
            end = text.find(")", at)
            places = _arguments(sheet, text[at + 4 : end]) if end > 0 else None
            at = end + 1
        else:
            match = _REF.match(text, at)
            places = _places(sheet, match) if match and not match[5] else None
            at = match.end() if match else at
        if not places or len(found) + len(places) > _MOST:
            return None
        found += [(sign or 1, place) for place in places]
    return found


def _arguments(sheet: str, text: str) -> list[Place] | None:
    found: list[Place] = []
    for part in text.split(","):
        match = _REF.fullmatch(part)
        places = _places(sheet, match) if match else None
        if not places or len(found) > _MOST:
            return None
        found += places
    return found


def _places(sheet: str, match: re.Match[str]) -> list[Place] | None:
    quoted, plain, *_ = match.groups()
    name = quoted.replace("''", "'") if quoted else plain or sheet
    try:
        first = parse_cell(f"{match[3]}{match[4]}".upper())
        last = parse_cell(f"{match[5]}{match[6]}".upper()) if match[5] else first
    except ValueError:
        return None
    if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) > _MOST:
        return None
    return [
        Place(name, (row, column)) for row in range(first[0], last[0] + 1) for column in range(first[1], last[1] + 1)
    ]


class Repeated(NamedTuple):
    """The same addition in several columns of a sheet, or in several rows."""

    additions: tuple[Addition, ...]
    along: int | None
    """1 where each stands in a column of its own, 0 in a row; None for a lone one that goes both ways."""


def repeated(additions: Iterable[Addition]) -> list[Repeated]:
    """Put those together that say the same in each column, and those in each row."""
    groups: dict[object, list[Addition]] = {}
    for one in additions:
        groups.setdefault(_shape(one), []).append(one)
    return [Repeated(tuple(group), _along(group[0])) for group in groups.values()]


def _along(one: Addition) -> int | None:
    places = (one.total, *one.parts, *one.less)
    for axis in (1, 0):
        if len({(place.sheet, place.cell[axis]) for place in places}) == 1:
            return axis
    return None


def _shape(one: Addition) -> object:
    axis = _along(one)
    if axis is None:
        return one
    across = 1 - axis
    sides: Sequence[Sequence[Place]] = ([one.total], one.parts, one.less)
    return axis, one.total[0], tuple(tuple(place.cell[across] for place in side) for side in sides)
