"""A PDF with marks: coloured cells and notes as annotations (ISO 32000-1, 12.5), behind the bytes of the original (pypdf)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

from xlcheck.copies.documents.marks import CellMark, TableCell
from xlcheck.copies.seal import sealed_pdf
from xlcheck.guard.pdf import unlocked_pdf
from xlcheck.model import marks
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.reading.documents.grid import Box, Document
from xlcheck.reading.documents.pdf_shapes import Turned

_NAMED = "xlcheck-"
"""What the names of our annotations begin with (``/NM``), by which a later copy knows them."""
_PRINTED = 4
"""Annotations are printed with the page (table 165)."""
_ICON = 16.0
"""Points of a note's sign."""
_EDGE = 0.75
"""Points of the frame around a marked cell."""
_INSET = 6.0
"""Points from the page's corner to the note that tells of the whole."""


def marked_pdf(
    data: bytes, document: Document, found: Mapping[TableCell, CellMark], head: str, name: str = ""
) -> bytes:
    """A copy of a PDF with marks: the original's bytes, and an update behind them. The same input gives the same bytes.

    Of a file that is encrypted, and opens without a password, the copy is not.

    Args:
        data: the file's bytes.
        document: what was read in it.
        found: what its cells are to bear.
        head: what a note on its first page says.
        name: the file's name, to which the seal of the copy ties it.
    """
    original = unlocked_pdf(data)
    writer = PdfWriter(io.BytesIO(original), incremental=True)
    size = PdfReader(io.BytesIO(original)).trailer.get("/Size", 0)
    while len(writer._objects) < int(size) - 1:
        # The list of objects of an earlier update is none of its own entries: its number is taken all the same.
        writer._add_object(NullObject())
    pages = list(writer.pages)
    for page in pages:
        _without_marks(page)
    marking = _Marking(writer)
    marking.note(pages[0], Box(_INSET, _INSET, _INSET + _ICON, _INSET + _ICON), head, marks.RED)
    cells = {
        (grid.number, (cell.row, cell.column)): (cell.page, cell.box)
        for grid in document.grids
        for cell in grid.cells
        if cell.box is not None and cell.page
    }
    rows: dict[tuple[int, int], tuple[Box, str, dict[str, None]]] = {}
    for at, mark in found.items():
        number, box = cells.get(at, (0, None))
        if box is None:
            continue
        marking.cell(pages[number - 1], box, mark)
        rows.setdefault((number, round(box.top)), (box, mark.colour, {}))[2][mark.note] = None
    for (number, _), (box, colour, notes) in rows.items():
        # Beside the row, where it hides no number; whoever points at a cell sees what is said of that cell alone.
        marking.note(pages[number - 1], _beside(document, number, box), "\n".join(notes), colour)
    out = io.BytesIO()
    writer.write(out)
    return sealed_pdf(out.getvalue(), name)


def _beside(document: Document, number: int, box: Box) -> Box:
    """Where a sign stands at the right of all tables of a page."""
    rights = [cell.box.right for grid in document.grids for cell in grid.cells if cell.box and cell.page == number]
    left = max(rights) + _INSET
    return Box(left, box.top, left + _ICON, box.top + _ICON)


def _without_marks(page: PageObject) -> None:
    """Take the marks of an earlier copy away."""
    there = page.get("/Annots")
    notes = there.get_object() if there is not None else None
    if not isinstance(notes, ArrayObject):
        return
    kept = [note for note in notes if not _is_ours(note.get_object())]
    if len(kept) != len(notes):
        page[NameObject("/Annots")] = ArrayObject(kept)


def _is_ours(note: object) -> bool:
    return isinstance(note, DictionaryObject) and str(note.get("/NM", "")).startswith(_NAMED)


class _Marking:
    """Annotations while they are put in."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        self._count = 0

    def cell(self, page: PageObject, box: Box, mark: CellMark) -> None:
        """Colour a cell."""
        rect = _on_page(page, box)
        colour = _colour(mark.colour)
        note = self._annotation("/Square", rect, mark.note)
        note[NameObject("/C")] = note[NameObject("/IC")] = _floats(colour)
        note[NameObject("/AP")] = DictionaryObject({NameObject("/N"): self._writer._add_object(_filled(rect, colour))})
        self._put(page, note)

    def note(self, page: PageObject, box: Box, text: str, colour: str) -> None:
        """Put a sign on a page that shows a text when it is opened."""
        note = self._annotation("/Text", _on_page(page, box), text)
        note[NameObject("/Name")] = NameObject("/Comment")
        note[NameObject("/C")] = _floats(_colour(colour))
        self._put(page, note)

    def _annotation(self, subtype: str, rect: tuple[float, ...], text: str) -> DictionaryObject:
        self._count += 1
        return DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject(subtype),
                NameObject("/Rect"): _floats(rect),
                NameObject("/Contents"): TextStringObject(entered(text, LONGEST_CELL, lines=True)),
                NameObject("/T"): TextStringObject(marks.COMMENT_AUTHOR),
                NameObject("/NM"): TextStringObject(f"{_NAMED}{self._count}"),
                NameObject("/F"): NumberObject(_PRINTED),
            }
        )

    def _put(self, page: PageObject, note: DictionaryObject) -> None:
        there = page.get("/Annots")
        before = there.get_object() if there is not None else None
        kept = list(before) if isinstance(before, ArrayObject) else []
        page[NameObject("/Annots")] = ArrayObject([*kept, self._writer._add_object(note)])


def _on_page(page: PageObject, box: Box) -> tuple[float, ...]:
    """Where something that is shown at a place stands on the page itself."""
    media, crop = page.mediabox, page.cropbox
    left, bottom = max(float(media.left), float(crop.left)), max(float(media.bottom), float(crop.bottom))
    right, top = min(float(media.right), float(crop.right)), min(float(media.top), float(crop.top))
    return tuple(Turned(left, bottom, right, top, page.rotation // 90 % 4).box_back(box))


def _filled(rect: tuple[float, ...], colour: tuple[float, ...]) -> DecodedStreamObject:
    """What a coloured cell looks like: what is written there stays to be read (11.3.5, Multiply)."""
    left, bottom, right, top = rect
    wide, high = right - left, top - bottom
    red, green, blue = colour
    look = DecodedStreamObject()
    look.set_data(
        f"/G gs {red:.3f} {green:.3f} {blue:.3f} rg 0 0 {wide:.2f} {high:.2f} re f "
        f"0.75 0 0 RG {_EDGE} w {_EDGE / 2} {_EDGE / 2} {wide - _EDGE:.2f} {high - _EDGE:.2f} re S".encode("ascii")
    )
    state = DictionaryObject({NameObject("/BM"): NameObject("/Multiply")})
    states = DictionaryObject({NameObject("/G"): state})
    look.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): _floats((0, 0, wide, high)),
            NameObject("/Resources"): DictionaryObject({NameObject("/ExtGState"): states}),
        }
    )
    return look


def _colour(argb: str) -> tuple[float, ...]:
    return tuple(int(argb[at : at + 2], 16) / 255 for at in (2, 4, 6))


def _floats(numbers: Iterable[float]) -> ArrayObject:
    return ArrayObject(FloatObject(f"{number:.3f}") for number in numbers)
