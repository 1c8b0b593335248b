"""What marks cover, remembered in hidden columns of the result sheet until the marks are taken away.

A row for each marked cell: whether its value was changed since (a formula), the value that it had, and the fill that it
had, as XML. The formula leads to the cell, so it is found again where rows were put in or its sheet was renamed; the
fill itself is kept, since every spreadsheet program numbers styles anew when it saves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from xml.parsers import expat

from xlcheck.copies.richtext import t_of
from xlcheck.copies.sheet import Content
from xlcheck.copies.splice import Element, elements, escaped, quoted
from xlcheck.guard.parts import position
from xlcheck.model.cells import Cell, Place, cell_name, parse_cell
from xlcheck.model.tuples import NamedTuple

CHANGED, VALUE, FILL = 23, 24, 25
"""The hidden columns, from 0."""
_MOST = 4_000
"""More cells than this no copy marks."""
_LONGEST = 1_000
"""No fill that a mark covered is longer."""

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!(),=<>&+;\s]+))[!.]\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_FILL_PARTS = {
    "fill": (),
    "patternFill": ("patternType",),
    "fgColor": ("rgb", "theme", "tint", "indexed", "auto"),
    "bgColor": ("rgb", "theme", "tint", "indexed", "auto"),
    "gradientFill": ("type", "degree", "left", "right", "top", "bottom"),
    "stop": ("position",),
    "color": ("rgb", "theme", "tint", "indexed", "auto"),
}
"""What a fill is made of (ECMA-376 part 1, 18.8.20)."""


class Covered(NamedTuple):
    """A marked cell, and what stood there when it was marked."""

    place: Place
    title: str
    """That of its worksheet, as formulas must have it."""
    content: Content
    """What it holds in the copy."""
    fill: bytes
    """The fill below the mark."""


def cell_reference(title: str, cell: Cell) -> str:
    """A cell of the worksheet of that title, as formulas of another sheet name it."""
    sheet = title.replace("'", "''")
    return f"'{sheet}'!{cell_name(cell)}"


def cells_of(covered: Covered, row: int) -> bytes:
    """The hidden cells of a row (from 1) of the result sheet."""
    at, kept = (cell_name((row - 1, column)).encode("ascii") for column in (CHANGED, VALUE))
    formula = escaped(f"IF({_test(covered, kept.decode('ascii'))},1,0)")
    content = covered.content
    kind = b' t="%s"' % quoted(content.kind) if content.kind != "n" else b""
    value = b'<c r="%s"%s>%s</c>' % (kept, kind, content.inner) if content.inner else b""
    return b'<c r="%s"><f>%s</f><v>0</v></c>%s<c r="%s" t="inlineStr"><is>%s</is></c>' % (
        at,
        formula,
        value,
        cell_name((row - 1, FILL)).encode("ascii"),
        t_of(f"{covered.place.address}|{covered.fill.decode('utf-8')}"),
    )


def _test(covered: Covered, kept: str) -> str:
    """The formula that is true once the cell holds something else; a stranger's text stands in no formula."""
    cell, content = cell_reference(covered.title, covered.place.cell), covered.content
    if not content.inner:
        return f"ISNUMBER({cell})" if content.formula else f"NOT(ISBLANK({cell}))"
    if content.kind in ("s", "str", "inlineStr"):
        return f"IF(ISTEXT({cell}),NOT(EXACT({cell},{kept})),TRUE)"
    if content.kind == "b":
        return f"IF(ISLOGICAL({cell}),{cell}<>{kept},TRUE)"
    if content.kind == "e":
        return f"NOT(ISERROR({cell}))"
    return f"IF(ISNUMBER({cell}),{cell}<>{kept},TRUE)"


def fills(sheet: bytes, texts: bytes) -> dict[Place, bytes]:
    """The fills that the marks of an earlier copy cover.

    Args:
        sheet: the earlier result sheet.
        texts: the part with the shared strings.
    """
    rows = list(_rows(sheet))
    shared = shared_texts(texts, {int(text) for _, kind, text in rows if kind == "s" and text.isdecimal()})
    found: dict[Place, bytes] = {}
    for formula, kind, text in rows:
        told, _, tree = (shared.get(text, "") if kind == "s" else text).partition("|")
        place = _place_in(formula) or _place_named(told)
        fill = _sound(tree)
        if place is not None and fill:
            found.setdefault(place, fill)
    return found


def _rows(sheet: bytes) -> Iterator[tuple[str, str, str]]:
    """Of each remembered cell the formula that leads to it, and the type and text of what is remembered."""
    formulas: dict[int, str] = {}
    for row, column, kind, formula, text in cell_texts(sheet, (CHANGED, FILL)):
        if column == CHANGED:
            formulas[row] = formula
        elif text:
            yield formulas.pop(row, ""), kind, text


def cell_texts(sheet: bytes, columns: Collection[int]) -> list[tuple[int, int, str, str, str]]:
    """Row, column, type, formula and value of the cells in some columns, from 0; so many, and texts so long, as a copy has."""
    found: list[tuple[int, int, str, str, str]] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    here: tuple[int, int, str] | None = None
    name = ""
    held: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal here, name
        name = tag.rpartition(":")[2]
        if name == "c":
            at = position(attributes.get("r", "")) if attributes.get("r") else (0, -1)
            here = (*at, attributes.get("t", "n")) if at[1] in columns else None
            held.clear()

    def end(tag: str) -> None:
        nonlocal here, name
        name = ""
        if here is not None and tag.rpartition(":")[2] == "c" and len(found) < 2 * _MOST:
            text = held.get("v", "") or held.get("t", "")
            found.append((*here, held.get("f", ""), text))
            here = None

    def said(text: str) -> None:
        if here is not None and name and len(known := held.get(name, "")) < _LONGEST:
            held[name] = known + text

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    parser.Parse(sheet, True)
    return found


def shared_texts(texts: bytes, wanted: Collection[int]) -> dict[str, str]:
    """Some of the shared strings (18.4), by their numbers as text; readings above the text are left out."""
    if not wanted or not texts:
        return {}
    found: dict[str, str] = {}
    number = -1
    path: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal number
        path.append(tag.rpartition(":")[2])
        number += path[-1] == "si"

    def end(_: str) -> None:
        path.pop()

    def said(text: str) -> None:
        if number in wanted and path[-1] == "t" and "rPh" not in path:
            found[str(number)] = (found.get(str(number), "") + text)[:_LONGEST]

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    parser.Parse(texts, True)
    return found


def _place_in(formula: str) -> Place | None:
    """The first cell that a formula leads to."""
    found = _REFERENCE.search(formula)
    if not found:
        return None
    sheet = found[1].replace("''", "'") if found[1] else found[2]
    return Place(sheet, parse_cell(f"{found[3]}{found[4]}"))


def _place_named(address: str) -> Place | None:
    sheet, _, cell = address.rpartition("!")
    try:
        return Place(sheet, parse_cell(cell))
    except ValueError:
        return None


def _sound(tree: str) -> bytes:
    """A fill as it may stand among the styles, or nothing: anybody may have typed there."""
    data = tree.encode("utf-8", "replace")
    try:
        found = elements(data, _FILL_PARTS, 9) if len(tree) < _LONGEST else []
    except expat.ExpatError:
        return b""
    if not found or found[0].name != "fill" or data.count(b"<") != _tags(found):
        return b""
    allowed = all(one.attributes.keys() <= set(_FILL_PARTS[one.name]) for one in found)
    return data if allowed else b""


def _tags(found: Collection[Element]) -> int:
    return sum(1 + (one.inner != one.end) for one in found)
