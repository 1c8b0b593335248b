"""The second opinion on the tables of a page (pdfplumber): its own characters, its own lines, its own cells."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import pdfplumber

from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_shapes import Glyph, Turned, usual

_BLANK = " \t\r\n\xa0\u3000\ufeff\u200b"
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

    def __init__(self, data: bytes) -> None:
        self._pdf = pdfplumber.open(io.BytesIO(data))

    def close(self) -> None:
        """Give back what it holds."""
        self._pdf.close()

    def page(self, number: int, turned: Turned) -> Plumbed:
        """What is on a page, by its number from 0, looked at in the same way."""
        page = self._pdf.pages[number]
        x0, y0, x1, y1 = page.mediabox
        own = Turned(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), page.rotation // 90 % 4)
        glyphs = tuple(_glyph(char, own, turned) for char in page.chars if char["text"].strip(_BLANK))
        settings = {f"explicit_{way}_lines": lines for way, lines in _missing(page).items()}
        tables = page.find_tables(settings) if page.edges else []
        cells = tuple(_across(cell, own, turned) for table in tables for cell in table.cells)
        page.close()
        return Plumbed(glyphs, cells)


def _across(box: Sequence[float], own: Turned, turned: Turned) -> Box:
    """A rectangle as pdfplumber gives it, as the page is looked at."""
    x0, top, x1, bottom = box
    return turned.box_seen(*own.box_back(Box(x0, top, x1, bottom)))


def _glyph(char: dict[str, Any], own: Turned, turned: Turned) -> Glyph:
    box = _across((char["x0"], char["top"], char["x1"], char["bottom"]), own, turned)
    text = "".join(map(usual, char["text"]))
    return Glyph(text, box, box.bottom)


def _missing(page: Any) -> dict[str, list[dict[str, Any]]]:
    """The lines around each table that nobody drew: where a page's end cuts it, and at sides left open.

    pdfplumber itself puts together whatever lines meet, so a line that is there already does no harm.
    """
    flats = [edge for edge in page.edges if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > _LEAST]
    uprights = [edge for edge in page.edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > _LEAST]
    horizontal: list[dict[str, Any]] = []
    for side in ("top", "bottom"):
        for place in sorted({round(edge[side]) for edge in uprights}):
            ends = [edge for edge in uprights if abs(edge[side] - place) < 3]
            left, right = min(edge["x0"] for edge in ends), max(edge["x0"] for edge in ends)
            if len(ends) > 2 and not _is_ruled(flats, left, right, place):
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
