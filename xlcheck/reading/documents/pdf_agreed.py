"""What two readers of a page agree on: the text of each cell, and a doubt where they do not."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from xlcheck.model.text import LONGEST_CELL, entered, quote
from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_drawn import Drawn
from xlcheck.reading.documents.pdf_plumbed import Plumbed
from xlcheck.reading.documents.pdf_shapes import Boxed, Glyph, holds, line_text, lines_of

ASK = "请人工核对"
"""What every doubt ends with."""
_DIFFER = f"两种读法读出的内容不同（“{{}}”与“{{}}”），{ASK}"
_LINES = f"表格线不完整，分不清是哪一格，{ASK}"
_OVER = f"文字互相重叠，{ASK}"
_HIDDEN = f"文字上面盖有图片、表单或批注，{ASK}"
_BROKEN = f"数字分成几行或中间有空隙，分不清是几个数，{ASK}"
_SPOT = 16.0
"""Points of a square by which things are looked up that lie near each other."""
_BEYOND = f"数字写在分页处的表格线以外，{ASK}"
_EDGE = 4.5
"""Points by which the sides of one cell differ between readers, at the most."""
_VALUE = re.compile(
    r"[-+−—―/\\×\s]*|[-+−—(]{0,2}\s*\d[\d,，\s]*(?:\.[\d\s]*\d)?(?:[^\w.、,，].*|[^\W\d].{0,40})?|无|没有|暂无|零"
)
"""What may stand where a number belongs: a number and what is said of it, a dash, nothing; never ``1.`` with a text."""


def agreed(cells: Sequence[Boxed], drawn: Drawn, plumbed: Plumbed) -> list[Boxed]:
    """The cells of a table with their texts, as one reader gives them, and what speaks against relying on them.

    Args:
        cells: the cells that the ruling lines make.
        drawn: what the first reader sees on the page.
        plumbed: what the second one finds there.
    """
    ours = _by_cell(cells, drawn.glyphs)
    hidden = _Unseen(drawn.unseen)
    theirs = _by_cell(cells, (glyph for glyph in plumbed.glyphs if glyph not in hidden))
    boxes = _Corners(plumbed.cells)
    return [_agreed(cell, ours[at], theirs[at], drawn, boxes) for at, cell in enumerate(cells)]


class _Unseen:
    """Characters that nobody sees, by where they are."""

    def __init__(self, glyphs: Iterable[Glyph]) -> None:
        self._at: dict[tuple[str, int, int], list[Glyph]] = {}
        for glyph in glyphs:
            self._at.setdefault(_spot(glyph), []).append(glyph)

    def __contains__(self, glyph: Glyph) -> bool:
        text, across, down = _spot(glyph) if self._at else ("", 0, 0)
        near = [(text, across + x, down + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return any(holds(one.box, glyph) for spot in near for one in self._at.get(spot, ()))


def _spot(glyph: Glyph) -> tuple[str, int, int]:
    x, y = glyph.middle
    return glyph.text, int(x // _SPOT), int(y // _SPOT)


class _Corners:
    """The second reader's cells, by their first corner."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._at: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self._at.setdefault((int(box.left // _SPOT), int(box.top // _SPOT)), []).append(box)

    def __contains__(self, box: Box) -> bool:
        across, down = int(box.left // _SPOT), int(box.top // _SPOT)
        near = [(across + x, down + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return any(_is_same(box, one) for corner in near for one in self._at.get(corner, ()))


def _by_cell(cells: Sequence[Boxed], glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The characters of each cell."""
    rows = sorted({cell.area.top for cell in cells})
    starting = [[at for at, cell in enumerate(cells) if cell.area.top == top] for top in rows]
    tall = max(cell.rows for cell in cells)
    found: list[list[Glyph]] = [[] for _ in cells]
    for glyph in glyphs:
        last = bisect_right(rows, glyph.middle[1])
        for row in range(last - 1, max(last - 1 - tall, -1), -1):
            at = next((at for at in starting[row] if holds(cells[at].area, glyph)), None)
            if at is not None:
                found[at].append(glyph)
                break
    return found


def _agreed(cell: Boxed, ours: Sequence[Glyph], theirs: Sequence[Glyph], drawn: Drawn, boxes: _Corners) -> Boxed:
    lines = lines_of(ours)
    text = entered("\n".join(map(line_text, lines)), LONGEST_CELL, lines=True)
    other = "\n".join(map(line_text, lines_of(theirs)))
    if not is_value(text) and not is_value(other):
        return cell._replace(text=text)
    doubt = _doubt(cell, text, other, lines, drawn, boxes)
    full = bool(lines) and _free(lines[-1], cell.box) <= _wide(lines[-1][-1]) + _MARGINS
    return cell._replace(text=_whole(text, lines, cell.box), doubt=doubt, is_full=full)


def is_value(text: str) -> bool:
    """Whether a text may be a number, or what is written in place of one; anything else is a label."""
    return bool(_VALUE.fullmatch(unicodedata.normalize("NFKC", text).strip().replace("\n", "")))


def _doubt(cell: Boxed, text: str, other: str, lines: Sequence[Sequence[Glyph]], drawn: Drawn, boxes: _Corners) -> str:
    if _bare(text) != _bare(other):
        return _DIFFER.format(quote(text.replace("\n", " ")), quote(other.replace("\n", " ")))
    if cell.box not in boxes:
        return _LINES
    if _overlap(lines):
        return _OVER
    if any(_is_beyond(line, cell.box) and is_value(line_text(line)) for line in lines):
        return _BEYOND
    if any(_lies_over(box, cell.box) for box in drawn.over):
        return _HIDDEN
    if any(" " in line_text(line) for line in lines) or not _goes_on(lines, cell.box):
        return _BROKEN if any(char.isdigit() for char in text) else ""
    return ""


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_same(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _EDGE for a, b in zip(one, other, strict=True))


def _is_beyond(line: Sequence[Glyph], box: Box) -> bool:
    return not box.top <= line[0].middle[1] <= box.bottom


def _lies_over(over: Box, cell: Box) -> bool:
    """Whether something covers a part of a cell that is worth speaking of."""
    across = min(over.right, cell.right) - max(over.left, cell.left)
    down = min(over.bottom, cell.bottom) - max(over.top, cell.top)
    return across > 2 and down > 2


def _overlap(lines: Sequence[Sequence[Glyph]]) -> bool:
    """Whether one character stands over another."""
    glyphs = [glyph for line in lines for glyph in line]
    return any(_collide(one, other) for at, one in enumerate(glyphs) for other in glyphs[at + 1 : at + 40])


def _collide(one: Glyph, other: Glyph) -> bool:
    across = min(one.box.right, other.box.right) - max(one.box.left, other.box.left)
    down = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    narrow = min(one.box.right - one.box.left, other.box.right - other.box.left)
    return across > 0.35 * narrow and down > 0.5 * min(one.size, other.size)


def _whole(text: str, lines: Sequence[Sequence[Glyph]], box: Box) -> str:
    """A number that was wrapped within its cell, on one line again."""
    return text.replace("\n", "") if len(lines) > 1 and _goes_on(lines, box) and _bare(text).isdigit() else text


def _goes_on(lines: Sequence[Sequence[Glyph]], box: Box) -> bool:
    """Whether the lines of a cell are one text that was wrapped: each but the last is as long as the cell takes."""
    for line, below in pairwise(lines):
        if _free(line, box) > _wide(below[0]) + _MARGINS or below[0].base - line[0].base > _PITCH * line[0].size:
            return False
    return True


def _free(line: Sequence[Glyph], box: Box) -> float:
    """How much of a cell's width a line leaves."""
    return (box.right - box.left) - (line[-1].box.right - line[0].box.left)


def _wide(glyph: Glyph) -> float:
    return glyph.box.right - glyph.box.left


_MARGINS = 13.0
"""Points that word processors leave free at both sides of a cell together, and a little."""
_PITCH = 1.8
"""Of a character's size: lines of one text are no further apart."""
