"""Marks written into a copy: colours and comments on cells, rules that answer, and a sheet in front that lists all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from xlcheck.copies import page, threads, workbook
from xlcheck.copies.cells import CellChange, changed
from xlcheck.copies.comments import Comments, signed
from xlcheck.copies.covered import CHANGED, Covered
from xlcheck.copies.page import Page
from xlcheck.copies.sheet import Content, Sheet
from xlcheck.copies.source import Copy
from xlcheck.copies.splice import Splice, escaped, spliced
from xlcheck.copies.styles import Styles, solid
from xlcheck.copies.workbook import Name
from xlcheck.model import marks
from xlcheck.model.cells import Cell, Place, cell_name, column_name
from xlcheck.model.tuples import NamedTuple

_LOOK = b'<dxf><fill><patternFill patternType="solid"><fgColor rgb="%s"/><bgColor rgb="%s"/></patternFill></fill></dxf>'
_RULE = (
    b'<%sconditionalFormatting sqref="%s"><%scfRule type="expression" dxfId="%d" priority="1">'
    b"<%sformula>INDEX(%s,%d)=%d</%sformula></%scfRule></%sconditionalFormatting>"
)


class Mark(NamedTuple):
    """What a cell of the copy is to bear."""

    colour: str
    """Of its fill (ARGB)."""
    note: str
    """What its comment says, a line a text."""
    number: str | None = None
    """What is to stand in it; None leaves what stands there."""


def showing(copy: Copy, places: Sequence[Place]) -> dict[Place, Place]:
    """The cells that show: of merged ranges the top left ones; cells of sheets that are not there are left out."""
    cells: dict[str, set[Cell]] = {}
    for place in places:
        if place.sheet in copy.members:
            cells.setdefault(place.sheet, set()).add(place.cell)
    looked = {title: copy.sheet(title, wanted) for title, wanted in cells.items()}
    return {
        place: Place(place.sheet, looked[place.sheet].shown(place.cell)) for place in places if place.sheet in looked
    }


def lost(copy: Copy, wanted: Collection[Place]) -> tuple[str, ...]:
    """What the copy does not hold of the original, marks at some cells considered, in a clerk's words."""
    cells: dict[str, set[Cell]] = {}
    for place in wanted:
        cells.setdefault(copy.members[place.sheet], set()).add(place.cell)
    discussed = any(threads.stand_at(copy.patch, member, here) for member, here in cells.items())
    return (*copy.lost, threads.SAYS) if discussed else copy.lost


def put_marks(copy: Copy, wanted: Mapping[Place, Mark], sheet: Page, live: bool) -> None:
    """Mark cells and put the result sheet in front.

    Args:
        copy: what is written into.
        wanted: the marks, by cells that show.
        sheet: what the result sheet says.
        live: whether a mark gives way as soon as the cell's value is changed.
    """
    patch = copy.patch
    styles = Styles(patch)
    name = workbook.free_name(patch)
    rows = {place: number for number, place in enumerate(wanted, start=1)}
    covered: list[Covered] = []
    by_sheet: dict[str, dict[Cell, Mark]] = {}
    for place, mark in wanted.items():
        by_sheet.setdefault(place.sheet, {})[place.cell] = mark
    for called, cells in by_sheet.items():
        member, title = copy.members[called], copy.titles[called]
        looked = copy.sheet(called, cells.keys())
        held = {cell: looked.content(cell) for cell in cells}
        looks = {cell: looked.style(cell) for cell in cells}
        edits = changed(looked, {cell: _change(looks[cell], mark, styles) for cell, mark in cells.items()})
        edits += Comments(patch, member).add({cell: signed(mark.note) for cell, mark in cells.items()}, looked)
        if live:
            answering = {cell: (mark, rows[Place(called, cell)]) for cell, mark in cells.items()}
            edits += _rules(looked, answering, held, styles, name)
        covered += [
            _covered(held[cell], Place(called, cell), title, mark, styles.fill(looks[cell]))
            for cell, mark in cells.items()
        ]
        patch[member] = spliced(patch[member], edits)
    title = workbook.free_title(copy.titles.values())
    covered.sort(key=lambda one: rows[one.place])
    xml = page.page_xml(sheet, styles, patch, copy.titles, covered, rows)
    column = column_name(CHANGED)
    last = max(len(covered), 1)
    names = [Name(name, f"'{title}'!${column}$1:${column}${last}", local=False), *page.page_names(sheet, title)]
    styles.write()
    workbook.put_in_front(patch, title, xml, names)


def _change(style: int, mark: Mark, styles: Styles) -> CellChange:
    if mark.number is not None:
        style = styles.general(style)
    return CellChange(styles.filled(style, solid(mark.colour)), mark.number)


def _covered(held: Content, place: Place, title: str, mark: Mark, fill: bytes) -> Covered:
    if mark.number is not None:
        held = Content("n", b"<v>%s</v>" % mark.number.encode("ascii"), formula=False, shared=False)
    return Covered(place, title, held, fill)


def _rules(
    sheet: Sheet, cells: Mapping[Cell, tuple[Mark, int]], held: Mapping[Cell, Content], styles: Styles, name: str
) -> list[Splice]:
    """The edit that puts in the rules by which a mark gives way, and by which one shows at all that the workbook's own would hide.

    They come before the workbook's own, which colour the cells of a broken balance while somebody types. A name is
    asked, since older programs take no other sheet's cells in such a rule.
    """
    look = styles.add("dxfs", _look(marks.CHANGED))
    pieces: list[bytes] = []
    for cell, (mark, row) in sorted(cells.items()):
        pieces.append(_rule(sheet, cell, look, name, row, 1))
        # The template's own rules colour blanks, and the cells of a broken balance.
        if mark.colour in (marks.DEEP_RED, marks.PALE_RED) or not held[cell].inner:
            pieces.append(_rule(sheet, cell, styles.add("dxfs", _look(mark.colour)), name, row, 0))
    at = sheet.behind("conditionalFormatting")
    return [Splice(at, at, b"".join(pieces))]


def _look(colour: str) -> bytes:
    return _LOOK % ((colour.encode("ascii"),) * 2)


def _rule(sheet: Sheet, cell: Cell, look: int, name: str, row: int, is_changed: int) -> bytes:
    prefix = sheet.prefix
    at = cell_name(cell).encode("ascii")
    return _RULE % (prefix, at, prefix, look, prefix, escaped(name), row, is_changed, prefix, prefix, prefix)
