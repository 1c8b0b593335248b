"""A page as it is seen (pypdfium2): its characters, those that nobody sees left out, and its ruling lines."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pypdfium2.raw as pdfium

from xlcheck.guard.limits import Limits
from xlcheck.model.errors import too_much
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_shapes import Glyph, Ruling, Rulings, Turned, usual

_Matrix = tuple[float, float, float, float, float, float]
_Number = tuple[float, float]

_THICK = 3.0
"""Points: thicker filled rectangles are areas, no lines."""
_STRAIGHT = 1.0
"""Points that a line across may rise, and no more."""
_PALE = 240
"""Of 255: so light is what nobody sees on white paper."""
_PAIRS = 6_000_000
"""Characters times areas and pictures of a page, each of which may hide it."""
_NESTED = 12
"""Forms within forms, at the most."""
_TYPED = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_REDACT)
"""Notes that look like text of the page, or hide it."""
_UNSEEN_MODES = (3, 7)
"""Text that is neither filled nor stroked (ISO 32000-1, table 106)."""
_SKIPPED = frozenset((0, 9, 10, 13, 32, 0xA0, 0x3000, 0xFEFF, 0x200B))
_HYPHENS = (2, 0xFFFE)
"""What pdfium gives for a hyphen at a line's end."""


class Drawn(NamedTuple):
    """What a page shows."""

    turned: Turned
    """How it is looked at to be read: its text may lie on its side."""
    shown: Turned
    """How programs show it."""
    glyphs: tuple[Glyph, ...]
    unseen: tuple[Glyph, ...]
    """Characters that are there and that nobody sees: without colour, white, clipped, covered, beyond the page."""
    rulings: Rulings
    over: tuple[Box, ...]
    """Where something lies over the text that may hide or replace it: a picture, a field of a form, a typed note."""


class _Said(NamedTuple):
    """What is known of an object with text."""

    order: int
    seen: bool
    pale: bool
    clip: Box | None


class _Found(NamedTuple):
    """A character as the page has it, whose y goes up."""

    text: str
    box: Box
    origin: _Number


class PageCounts:
    """What the pages looked at so far came to."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._objects = self._glyphs = self._pairs = 0

    @property
    def marks(self) -> int:
        """Characters and objects so far."""
        return self._objects + self._glyphs

    def add(self, objects: int = 0, glyphs: int = 0, pairs: int = 0) -> None:
        """Count what is on a page before it is looked at.

        Raises:
            Refused: F104 it is more than any report holds.
        """
        self._objects += objects
        self._glyphs += glyphs
        self._pairs += pairs
        if self._pairs > _PAIRS:
            raise too_much("文件里盖在文字上的色块和图片过多")
        if self._objects > self._limits.pdf_objects or self._glyphs > self._limits.pdf_glyphs:
            raise too_much("文件里的文字或线条过多")


class _Page:
    """One page while it is looked at."""

    def __init__(self, page: Any, counts: PageCounts) -> None:
        self._page, self._counts = page, counts
        self._lines: list[tuple[_Number, _Number]] = []
        self._fills: list[tuple[int, Box, bool]] = []
        self._pictures: list[tuple[int, Box]] = []
        self._orders: dict[int, int] = {}
        self._said: dict[int, _Said] = {}
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        self._bounds = Box(box.left, box.bottom, box.right, box.top)

    def drawn(self) -> Drawn:
        counts = pdfium.FPDFPage_CountObjects(self._page)
        self._walk(counts, partial(pdfium.FPDFPage_GetObject, self._page), (1, 0, 0, 1, 0, 0), 0)
        text = pdfium.FPDFText_LoadPage(self._page)
        try:
            seen, unseen, quarters = self._text(text)
        finally:
            pdfium.FPDFText_ClosePage(text)
        bounds = self._bounds
        turned = Turned(bounds.left, bounds.top, bounds.right, bounds.bottom, quarters)
        over = [box for _, box in self._pictures] + list(self._typed())
        return Drawn(
            turned,
            turned._replace(quarters=pdfium.FPDFPage_GetRotation(self._page) % 4),
            tuple(_turned(glyph, turned) for glyph in seen),
            tuple(_turned(glyph, turned) for glyph in unseen),
            self._rulings(turned),
            tuple(turned.box_seen(*box) for box in over),
        )

    # --- objects -----------------------------------------------------------------------------------------------------

    def _walk(self, count: int, get: Callable[[int], Any], matrix: _Matrix, depth: int) -> None:
        self._counts.add(objects=count)
        if depth > _NESTED:
            raise too_much("文件里的图形嵌套过深")
        for at in range(count):
            thing = get(at)
            order = len(self._orders)
            self._orders[_address(thing)] = order
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(thing, _times(_matrix(thing), matrix), order)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._pictures.append(
                    (order, _around([_at(_times(_matrix(thing), matrix), x, y) for x in (0, 1) for y in (0, 1)]))
                )
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                inner = pdfium.FPDFFormObj_CountObjects(thing)
                within = _times(_matrix(thing), matrix)
                self._walk(inner, partial(pdfium.FPDFFormObj_GetObject, thing), within, depth + 1)

    def _path(self, path: Any, matrix: _Matrix, order: int) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
        if not fill.value and not stroke.value:
            return
        count = pdfium.FPDFPath_CountSegments(path)
        self._counts.add(objects=count // 8)
        lines = list(_segments(path, count, matrix))
        if not lines:
            return
        if stroke.value:
            self._lines += lines
            if not fill.value:
                return
        box = _around([point for line in lines for point in line])
        wide, high = box.right - box.left, box.bottom - box.top
        if wide < _THICK or high < _THICK:
            across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            if wide >= high:
                self._lines.append(((box.left, down), (box.right, down)))
            if high >= wide:
                self._lines.append(((across, box.top), (across, box.bottom)))
            if wide < _THICK and high < _THICK and wide != high:
                # The corner of two lines, drawn by itself.
                self._lines += [((box.left, down), (box.right, down)), ((across, box.top), (across, box.bottom))]
        elif all(_is_straight(line) for line in lines):
            red, green, blue, alpha = _colour(path)
            if alpha == 255 and not pdfium.FPDFPageObj_HasTransparency(path):
                self._fills.append((order, box, min(red, green, blue) >= _PALE))

    # --- text --------------------------------------------------------------------------------------------------------

    def _text(self, text: Any) -> tuple[list[_Found], list[_Found], int]:
        count = pdfium.FPDFText_CountChars(text)
        self._counts.add(glyphs=max(count, 0), pairs=max(count, 0) * (len(self._fills) + len(self._pictures)))
        seen: list[_Found] = []
        unseen: list[_Found] = []
        angles: Counter[int] = Counter()  # by how the page is turned to read it
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        for at in range(count):
            code = pdfium.FPDFText_GetUnicode(text, at)
            thing = pdfium.FPDFText_GetTextObject(text, at)
            if code in _SKIPPED or not thing:
                continue
            pdfium.FPDFText_GetLooseCharBox(text, at, box)
            pdfium.FPDFText_GetCharOrigin(text, at, x, y)
            char = "-" if code in _HYPHENS else usual(chr(code) if code < 0x110000 else "\ufffd")
            found = _Found(char, Box(box.left, box.bottom, box.right, box.top), (x.value, y.value))
            angles[-round(pdfium.FPDFText_GetCharAngle(text, at) / (math.pi / 2)) % 4] += 1
            (seen if self._is_seen(thing, found.box) else unseen).append(found)
        return seen, unseen, angles.most_common(1)[0][0] if angles else pdfium.FPDFPage_GetRotation(self._page)

    def _is_seen(self, thing: Any, glyph: Box) -> bool:
        address = _address(thing)
        if address not in self._said:
            red, green, blue, alpha = _colour(thing)
            mode = pdfium.FPDFTextObj_GetTextRenderMode(thing)
            seen = mode not in _UNSEEN_MODES and (alpha > 0 or mode in (1, 2))
            pale = min(red, green, blue) >= _PALE and mode in (0, 4)
            self._said[address] = _Said(self._orders.get(address, 0), seen, pale, _clip(thing))
        said = self._said[address]
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        if not said.seen or not _within(self._bounds, x, y) or (said.clip and not _within(said.clip, x, y)):
            return False
        if any(order > said.order and _within(box, x, y) for order, box, _ in self._fills):
            return False
        if any(order > said.order and _within(box, x, y) and self._is_all(box) for order, box in self._pictures):
            return False
        if said.pale:
            under = [pale for order, box, pale in self._fills if order < said.order and _within(box, x, y)]
            return bool(under) and not under[-1]
        return True

    def _is_all(self, box: Box) -> bool:
        """Whether a picture covers most of the page."""
        whole = self._bounds
        area = (whole.right - whole.left) * (whole.bottom - whole.top)
        return (box.right - box.left) * (box.bottom - box.top) > area * 0.7

    # --- annotations -------------------------------------------------------------------------------------------------

    def _typed(self) -> Iterator[Box]:
        """Where somebody typed over the page: fields of a form, and notes that look like text."""
        count = pdfium.FPDFPage_GetAnnotCount(self._page)
        self._counts.add(objects=count)
        rect = pdfium.FS_RECTF()
        for at in range(count):
            note = pdfium.FPDFPage_GetAnnot(self._page, at)
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            if kind in _TYPED and pdfium.FPDFAnnot_GetRect(note, rect):
                yield Box(rect.left, rect.bottom, rect.right, rect.top)
            pdfium.FPDFPage_CloseAnnot(note)

    # --- lines -------------------------------------------------------------------------------------------------------

    def _rulings(self, turned: Turned) -> Rulings:
        across: list[Ruling] = []
        down: list[Ruling] = []
        for one, other in self._lines:
            (x0, y0), (x1, y1) = turned.seen(*one), turned.seen(*other)
            if abs(y0 - y1) < _STRAIGHT and abs(x0 - x1) > abs(y0 - y1):
                across.append(Ruling(min(x0, x1), max(x0, x1), (y0 + y1) / 2))
            elif abs(x0 - x1) < _STRAIGHT and abs(y0 - y1) > abs(x0 - x1):
                down.append(Ruling(min(y0, y1), max(y0, y1), (x0 + x1) / 2))
        return Rulings(across, down)


def look_at_page(page: Any, counts: PageCounts) -> Drawn:
    """What a page shows.

    Args:
        page: pdfium's page.
        counts: what the document may come to.

    Raises:
        Refused: F104 it comes to more.
    """
    return _Page(page, counts).drawn()


def _turned(found: _Found, turned: Turned) -> Glyph:
    return Glyph(found.text, turned.box_seen(*found.box), turned.seen(*found.origin)[1])


def _address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _matrix(thing: Any) -> _Matrix:
    got = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, got)
    return got.a, got.b, got.c, got.d, got.e, got.f


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _at(matrix: _Matrix, x: float, y: float) -> _Number:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _around(points: list[_Number]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _within(box: Box, x: float, y: float) -> bool:
    return box.left - 0.5 <= x <= box.right + 0.5 and box.top - 0.5 <= y <= box.bottom + 0.5


def _is_straight(line: tuple[_Number, _Number]) -> bool:
    (x0, y0), (x1, y1) = line
    return abs(x0 - x1) < _STRAIGHT or abs(y0 - y1) < _STRAIGHT


def _colour(thing: Any) -> tuple[int, int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, alpha.value


def _segments(path: Any, count: int, matrix: _Matrix) -> Iterator[tuple[_Number, _Number]]:
    """The straight lines of a path."""
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = here = (0.0, 0.0)
    for at in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _at(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield here, point
        here = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            if here != begin:
                yield here, begin
            here = begin


def _clip(thing: Any) -> Box | None:
    """The rectangle beyond which nothing of an object is seen; None for no such one."""
    path = pdfium.FPDFPageObj_GetClipPath(thing)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else 0
    x, y = ctypes.c_float(), ctypes.c_float()
    left = bottom = -math.inf
    right = top = math.inf
    for at in range(max(count, 0)):
        points: list[_Number] = []
        for part in range(pdfium.FPDFClipPath_CountPathSegments(path, at)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, at, part), x, y)
            points.append((x.value, y.value))
        if points:
            box = _around(points)
            left, bottom, right, top = (
                max(left, box.left),
                max(bottom, box.top),
                min(right, box.right),
                min(top, box.bottom),
            )
    return Box(left, bottom, right, top) if count > 0 else None
