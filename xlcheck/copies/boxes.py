"""The boxes of comments (VML, ECMA-376 part 4, 19.4): beside their cells, in the size that shows their text.

VML that programs write need not be well-formed. So it is searched as bytes, and what is not understood stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count

from xlcheck.copies.sheet import Sheet
from xlcheck.copies.splice import Splice, spliced
from xlcheck.model.cells import Cell
from xlcheck.model.tuples import NamedTuple

_LINE = 24
"""Chinese characters on a line of a comment of :data:`_WIDTH`."""
_WIDTH = 330
_LINE_HEIGHT = 19
_TALLEST = 480
_POINT = 4 / 3
"""Pixels in a point."""
_USUAL, _HEIGHT = 64, 15.0
"""Excel's usual width of a column in pixels, and height of a row in points."""
_CLUSTER = 1024
"""Numbers of shapes come in clusters, one or more a drawing (``o:idmap``)."""

_OPEN = re.compile(rb"<((?:\w+:)?shape)[\s>]")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d{1,7})\s*<")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d{1,5})\s*<")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)[^<]*")
_SIZE = re.compile(rb"((?:width|height)\s*:)[^;'\"]*")
_ID = re.compile(rb"_x0000_s(\d{1,9})")
_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout></xml>'
)
_SHAPE = (
    b'<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s%d" type="#_x0000_t202" '
    b'style="position:absolute;z-index:1;visibility:hidden;width:%dpx;height:%dpx" fillcolor="#ffffe1" o:insetmode="auto">'
    b'<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%s</x:Anchor>'
    b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)


class CommentBox(NamedTuple):
    """Where the box of a comment stands, and how large it is in pixels."""

    cell: Cell
    height: int
    anchor: bytes
    """Column and offset left, row and offset at the top, then the same right and at the bottom."""


class Measures(NamedTuple):
    """The sizes in pixels of those rows and columns of a sheet that have one of their own."""

    heights: Mapping[int, int]
    widths: Mapping[int, int]

    @classmethod
    def of_sheet(cls, sheet: Sheet) -> Measures:
        """Those of a sheet that was looked through."""
        return cls(
            {row: max(1, int(height * _POINT)) for row, height in sheet.heights.items()},
            {column: max(1, int(width * 7 + 5)) for column, width in sheet.widths().items()},
        )

    def box(self, cell: Cell, text: str) -> CommentBox:
        """The box beside a cell that shows all of a text."""
        lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
        height = min(_TALLEST, _LINE_HEIGHT * (lines + 1))
        top, left = max(cell[0] - 1, 0), cell[1] + 1
        bottom, low = _reach(top, height, self.heights, int(_HEIGHT * _POINT))
        right, over = _reach(left, _WIDTH, self.widths, _USUAL)
        return CommentBox(cell, height, b"%d, 12, %d, 2, %d, %d, %d, %d" % (left, top, right, over, bottom, low))


def _reach(start: int, pixels: int, sizes: Mapping[int, int], usual: int) -> tuple[int, int]:
    """The row or column that lies `pixels` beyond the beginning of `start`, and how far into it."""
    left = pixels
    for at in count(start):
        here = sizes.get(at, usual)
        if left <= here:
            return at, left
        left -= here
    raise AssertionError("count() does not end")


def drawing(number: int) -> bytes:
    """A drawing without boxes, the `number`-th (from 1) of its package."""
    return _DRAWING % number


def with_boxes(vml: bytes, boxes: Iterable[CommentBox]) -> bytes:
    """The drawing with boxes added; as it was if its end cannot be found."""
    at = vml.rfind(b"</")
    cluster = re.search(rb'idmap[^>]*\bdata="(\d{1,6})', vml)
    first = max([(int(cluster[1]) if cluster else 1) * _CLUSTER, *map(int, _ID.findall(vml))]) + 1
    shapes = [
        _SHAPE % (number, _WIDTH, box.height, box.anchor, *box.cell) for number, box in enumerate(boxes, start=first)
    ]
    if at < 0 or not shapes:
        return vml
    kind = b"" if b'id="_x0000_t202"' in vml else _declared(_TYPE)
    return b"".join((vml[:at], kind, *shapes, vml[at:]))


def _declared(shapetype: bytes) -> bytes:
    spaces = b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    return shapetype.replace(b"<v:shapetype", b"<v:shapetype" + spaces, 1)


def resized(vml: bytes, boxes: Collection[CommentBox]) -> bytes:
    """The drawing with the boxes of some cells moved and sized."""
    wanted = {box.cell: box for box in boxes}
    edits: list[Splice] = []
    for start, end, cell in _notes(vml):
        box = wanted.get(cell)
        if box is not None:
            shape = _ANCHOR.sub(rb"\g<1>" + box.anchor, vml[start:end], count=1)
            cut = shape.index(b">")
            sizes = iter((b"%dpx" % _WIDTH, b"%dpx" % box.height))
            style = _SIZE.sub(lambda found, sizes=sizes: found[1] + next(sizes, b"auto"), shape[:cut])  # type: ignore[misc]
            edits.append(Splice(start, end, style + shape[cut:]))
    return spliced(vml, edits)


def without_boxes(vml: bytes, cells: Collection[Cell]) -> bytes:
    """The drawing without the boxes of some cells."""
    return spliced(vml, [Splice(start, end, b"") for start, end, cell in _notes(vml) if cell in cells])


def _notes(vml: bytes) -> Iterator[tuple[int, int, Cell]]:
    """Where the box of each comment begins and ends, and of which cell it is."""
    at = 0
    while found := _OPEN.search(vml, at):
        close = b"</%s>" % found[1]
        end = vml.find(close, found.end())
        if end < 0:
            return
        at = end + len(close)
        shape = vml[found.start() : at]
        row, column = _ROW.search(shape), _COLUMN.search(shape)
        if row and column:
            yield found.start(), at, (int(row[1]), int(column[1]))
