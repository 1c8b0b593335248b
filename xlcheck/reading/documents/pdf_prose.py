"""The text of a PDF beside its tables: lines as paragraphs, without what programs print on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_shapes import Glyph, holds, line_text, lines_of

_MARGIN = 0.11
"""Of a page's height: above and below it stands what is printed on every page."""
_NUMBERED = re.compile(r"[-—–－_\s·•~]*(?:第?\s*\d{1,4}\s*页?)(?:\s*[/／共,，]\s*共?\s*\d{1,4}\s*页?)?[-—–－_\s·•~]*")
"""A page's number, as programs and people write it."""
_INDENT = 1.2
"""Of a character's size: a line that begins so far in begins a paragraph."""
_SHORT = 2.2
"""Of a character's size: a line that ends so far before the others ends one."""


class TextLine(NamedTuple):
    """A line of text outside of tables."""

    text: str
    box: Box
    size: float


def text_lines(glyphs: Iterable[Glyph], tables: Sequence[Box]) -> list[TextLine]:
    """The lines of a page that stand in none of its tables."""
    free = [glyph for glyph in glyphs if not any(holds(box, glyph) for box in tables)]
    return [_line(line) for line in lines_of(free)]


def _line(glyphs: Sequence[Glyph]) -> TextLine:
    box = Box(
        min(one.box.left for one in glyphs),
        min(one.box.top for one in glyphs),
        max(one.box.right for one in glyphs),
        max(one.box.bottom for one in glyphs),
    )
    return TextLine(line_text(glyphs), box, max(one.box.right - one.box.left for one in glyphs))


def body(pages: Sequence[tuple[float, Sequence[TextLine]]]) -> list[list[TextLine]]:
    """The lines of pages without heads, feet and page numbers.

    Args:
        pages: of each its height and its lines.
    """
    outer = [[line for line in lines if _is_at_edge(line, height)] for height, lines in pages]
    seen = Counter(key for lines in outer for key in {_key(line) for line in lines})
    return [
        [
            line
            for line in lines
            if not (_is_at_edge(line, height) and (seen[_key(line)] > 1 or _NUMBERED.fullmatch(line.text.strip())))
        ]
        for height, lines in pages
    ]


def _is_at_edge(line: TextLine, height: float) -> bool:
    return line.box.bottom < height * _MARGIN or line.box.top > height * (1 - _MARGIN)


def _key(line: TextLine) -> tuple[str, int]:
    """What a line says but for its numbers, and where: the same on every page for a head or a foot."""
    return re.sub(r"\d+", "0", line.text), round(line.box.top / 4)


def paragraphs(pages: Sequence[tuple[float, Sequence[TextLine]]]) -> tuple[str, ...]:
    """Lines of all pages put together to paragraphs, over page ends, too.

    Args:
        pages: of each its width and its lines.
    """
    lines = [line for _, page in pages for line in page]
    if not lines:
        return ()
    block = _block(lines, pages[0][0])
    out: list[str] = []
    for number, line in enumerate(lines):
        if number and _goes_on(lines[number - 1], line, block):
            # Nobody can say whether digits on both sides of a line's end are one number.
            out[-1] += "\n" * (out[-1][-1:].isdigit() and line.text[:1].isdigit()) + line.text
        else:
            out.append(line.text)
    return tuple(entered(text.strip(), LONGEST_CELL, lines=True) for text in out if text.strip())


class _Block(NamedTuple):
    """Where lines of text begin and end, and how large most of it is."""

    left: float
    right: float
    size: float


def _block(lines: Sequence[TextLine], width: float) -> _Block:
    sizes = Counter(round(line.size, 1) for line in lines)
    lefts = Counter(round(line.box.left / 3) * 3 for line in lines)
    left = float(min(side for side, count in lefts.items() if count >= max(lefts.values()) / 4))
    right = max(line.box.right for line in lines)
    size = max(sizes, key=lambda one: sizes[one])
    if sum(line.box.right > right - size for line in lines) < _FULL:
        right = max(right, width - left)
    return _Block(left, right, size)


_FULL = 3
"""Lines that end at one side; fewer do not show where the text ends, which then is as far from the side as it begins."""


def _goes_on(before: TextLine, line: TextLine, block: _Block) -> bool:
    """Whether a line goes on with what the line before says: that one is full, and this one is not set in."""
    if before.box.right <= block.right - _SHORT * before.size or _HEADED.match(line.text):
        return False
    if line.box.left <= block.left + _INDENT * line.size:
        return True
    # Of a long title, the second line stands in the middle.
    middles = [(one.box.left + one.box.right) / 2 for one in (before, line)]
    return abs(middles[0] - middles[1]) < line.size and min(before.size, line.size) > 1.2 * block.size


_HEADED = re.compile(r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）")
"""What a heading begins with."""
