"""Numbers whose cells show nothing, or another number: by their format, or in the colour of their ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from xlcheck.model.cells import Cell, Place, cell_name
from xlcheck.model.finding import Finding
from xlcheck.model.numbers import exact, is_nothing
from xlcheck.model.submission import Held, NoValue
from xlcheck.model.text import entered, quote
from xlcheck.reading.formats import misleads
from xlcheck.reading.structure import fault
from xlcheck.reading.written import CellLook, WrittenSheet

_NAMED = 5
"""So many cells are named; of more, how many there are."""
_LONGEST = 20
"""Characters of what a cell shows that are told."""


def misled(sheet: str, cells: Mapping[str, Cell], values: Mapping[str, Held], written: WrittenSheet) -> list[Finding]:
    """S109 and S113 of a table's fields.

    Args:
        sheet: the worksheet.
        cells: where the fields stand, by key.
        values: what they hold.
        written: the worksheet as it is written.
    """
    unseen: list[Cell] = []
    others: dict[Cell, tuple[str, Decimal]] = {}
    for key, cell in cells.items():
        found = written.cells.get(cell)
        number = _number(values[key])
        if found is None or found.look is None or not number:
            continue
        shown = _shown(found.look, number)
        if shown == "":
            unseen.append(cell)
        elif shown is not None:
            others[cell] = shown, number
    return [*_unseen(sheet, unseen), *_others(sheet, others)]


def _shown(look: CellLook, number: Decimal) -> str | None:
    """What is seen, empty for nothing; None for the number."""
    told = misleads(look.code, number) if look.code else None
    if look.is_lost or (told and told.is_white and look.is_pale):
        return ""
    if told is None or told.is_white:
        return None
    return told.text if any(sign.isdecimal() for sign in told.text) else ""


def _number(held: Held) -> Decimal | None:
    """The number that a field counts with; None for none."""
    if isinstance(held, NoValue):
        text = held.gives if held.kind == "formula" else None
        return Decimal(text) if text else None
    if isinstance(held, bool) or not isinstance(held, int | float | Decimal):
        return None
    number = Decimal(repr(held)) if isinstance(held, float) else Decimal(held)
    return number if number.is_finite() and not is_nothing(number) else None


def _unseen(sheet: str, cells: list[Cell]) -> Iterable[Finding]:
    if cells:
        message = (
            f"工作表“{quote(sheet)}”的 {_named(map(cell_name, sorted(cells)), len(cells))}里有不为 0 的数，"
            "但数字格式、字的颜色或条件格式使人看不见；请清除条件格式，把数字格式改为“常规”、字色改为黑色后核对"
        )
        yield fault("S109", message, *(Place(sheet, cell) for cell in sorted(cells)), sheet=sheet)


def _others(sheet: str, cells: Mapping[Cell, tuple[str, Decimal]]) -> Iterable[Finding]:
    if cells:
        told = (
            f"{cell_name(cell)}（显示“{quote(entered(shown[:_LONGEST]))}”，实为 {exact(number)}）"
            for cell, (shown, number) in sorted(cells.items())
        )
        message = (
            f"工作表“{quote(sheet)}”的 {_named(told, len(cells))}显示的与实际的数不同，核对和汇总用的是实际的数；"
            "请把数字格式改为“常规”，看到实际的数后核对"
        )
        yield fault("S113", message, *(Place(sheet, cell) for cell in sorted(cells)), sheet=sheet)


def _named(told: Iterable[str], count: int) -> str:
    named = "、".join([each for each, _ in zip(told, range(_NAMED), strict=False)])
    return f"{named}等 {count} 格" if count > _NAMED else f"{named} "
