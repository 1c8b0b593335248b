"""The second opinion on the tables of a page (pdfplumber): its own characters, its own lines, its own cells."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any

from pdfplumber.pdf import PDF
from pdfplumber.table import merge_edges

from xlcheck.guard.limits import Limits
from xlcheck.guard.pdf_objects import check_objects
from xlcheck.model.errors import Refused
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_shapes import Glyph, Turned, usual

_BLANK = " \t\r\n\xa0\u3000\ufeff\u200b"
_THICK = 3.0
"""Points: thicker filled rectangles are areas."""
_NEAR = 3.0
"""Points by which pieces of one line are apart at the most, as pdfplumber itself has it."""
_LEAST = 5.0
"""Points: shorter lines are strokes of something else."""

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns of fonts that are read all the same


class Plumbed(NamedTuple):
    """What pdfplumber finds on a page."""

    glyphs: tuple[Glyph, ...]
    cells: tuple[Box, ...]
    """Of all its tables."""


class Plumber:
    """A document, opened by pdfplumber."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data, self._limits = data, limits
        self._pdf: PDF | None = None

    def close(self) -> None:
        """Give back what it holds."""
        if self._pdf is not None:
            self._pdf.close()

    def page(self, number: int, turned: Turned) -> Plumbed:
        """What is on a page, by its number from 0, looked at in the same way; nothing where pdfplumber fails.

        Raises:
            Refused: F104 there is more on it than on any page of a report.
        """
        try:
            self._pdf = self._pdf or PDF(io.BytesIO(self._data))
            page = self._pdf.pages[number]
            check_objects(page.page_obj.resources, page.page_obj.contents, self._limits)
            return _plumbed(page, turned)
        except (Refused, MemoryError):
            raise
        except (
            Exception
        ):  # the library's own errors, and whatever it makes of an odd file: nobody confirms what was read
            return Plumbed((), ())


def _plumbed(whole: Any, turned: Turned) -> Plumbed:
    page = whole.filter(_is_no_area)
    look = _Look(page, turned)
    glyphs = tuple(_glyph(char, look) for char in page.chars if char["text"].strip(_BLANK))
    settings = {f"explicit_{way}_lines": lines for way, lines in _missing(page).items()}
    tables = page.find_tables(settings) if page.edges else []
    cells = tuple(look.box(*cell) for table in tables for cell in table.cells)
    whole.close()
    return Plumbed(glyphs, cells)


def _is_no_area(thing: dict[str, Any]) -> bool:
    """Whether something is no coloured area, whose sides are no lines."""
    is_area = thing["object_type"] in ("rect", "curve") and thing.get("fill") and not thing.get("stroke")
    return not is_area or min(thing["width"], thing["height"]) <= _THICK


class _Look:
    """How what pdfplumber says of places is what a page looks like."""

    def __init__(self, page: Any, turned: Turned) -> None:
        x0, y0, x1, y1 = page.page_obj.mediabox
        self._own = Turned(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), page.rotation // 90 % 4)
        # Its places are those in the page's whole area, moved by where that begins.
        self._left, self._top = page.mediabox[:2]
        self._turned = turned

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        """A rectangle of pdfplumber's as the page is looked at."""
        left, up = self._left, self._top
        return self._turned.box_seen(*self._own.box_back(Box(x0 - left, top - up, x1 - left, bottom - up)))


def _glyph(char: dict[str, Any], look: _Look) -> Glyph:
    box = look.box(char["x0"], char["top"], char["x1"], char["bottom"])
    return Glyph("".join(map(usual, char["text"])), box, box.bottom)


def _missing(page: Any) -> dict[str, list[dict[str, Any]]]:
    """The lines around each table that nobody drew: where a page's end cuts it, and at sides left open.

    pdfplumber itself puts together whatever lines meet, so a line that is there already does no harm.
    """
    edges = merge_edges(page.edges, _NEAR, _NEAR, _NEAR, _NEAR)
    flats = [edge for edge in edges if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > _LEAST]
    uprights = [edge for edge in edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > _LEAST]
    horizontal: list[dict[str, Any]] = []
    for side in ("top", "bottom"):
        for place in sorted({round(edge[side]) for edge in uprights}):
            ends = [edge for edge in uprights if abs(edge[side] - place) < 3]
            left, right = min(edge["x0"] for edge in ends), max(edge["x0"] for edge in ends)
            if (
                len(ends) > 1
                and not _goes_on(uprights, left, right, place)
                and not _is_ruled(flats, left, right, place)
            ):
                horizontal.append(_line(page, "h", left, right, place))
    vertical: list[dict[str, Any]] = []
    for side in ("x0", "x1"):
        for place in sorted({round(edge[side]) for edge in flats}):
            ends = [edge for edge in flats if abs(edge[side] - place) < 3]
            top, bottom = min(edge["top"] for edge in ends), max(edge["top"] for edge in ends)
            is_ruled = any(abs(edge["x0"] - place) < 3 for edge in uprights)
            if len(ends) > 2 and not is_ruled and not any(_crosses(edge, side, place, top, bottom) for edge in flats):
                vertical.append(_line(page, "v", top, bottom, place))
    return {"horizontal": horizontal, "vertical": vertical}


def _goes_on(uprights: Sequence[dict[str, Any]], left: float, right: float, place: float) -> bool:
    """Whether a line down goes on beyond a place, which then is no end of a table."""
    return any(
        left - 3 < edge["x0"] < right + 3 and edge["top"] < place - 3 and edge["bottom"] > place + 3
        for edge in uprights
    )


def _crosses(edge: dict[str, Any], side: str, place: float, top: float, bottom: float) -> bool:
    """Whether a line goes on beyond the side of a table, which then is none."""
    if not top - 3 < edge["top"] < bottom + 3:
        return False
    left, right = float(edge["x0"]), float(edge["x1"])
    return left < place - 3 <= right if side == "x0" else left <= place + 3 < right


def _is_ruled(flats: Sequence[dict[str, Any]], left: float, right: float, place: float) -> bool:
    """Whether lines that are there run all the way between two sides."""
    there = sorted((edge["x0"], edge["x1"]) for edge in flats if abs(edge["top"] - place) < 3)
    reached = left
    for start, end in there:
        if start <= reached + 5:
            reached = max(reached, end)
    return reached >= right - 5


def _line(page: Any, orientation: str, start: float, end: float, place: float) -> dict[str, Any]:
    (x0, top), (x1, bottom) = ((start, place), (end, place)) if orientation == "h" else ((place, start), (place, end))
    return {
        "object_type": "line",
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "y0": page.height - bottom,
        "y1": page.height - top,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": orientation,
    }
