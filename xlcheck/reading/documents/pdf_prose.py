"""The text of a PDF beside its tables: lines as paragraphs, without what programs print on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.reading.documents.grid import Box
from xlcheck.reading.documents.pdf_shapes import Glyph, holds, lines_of, said

_MARGIN = 0.11
"""Of a page's height: above and below it stands what is printed on every page."""
_NUMBERED = re.compile(r"[-—–－_\s·•~]*(?:第?\s*\d{1,4}\s*页?)(?:\s*[/／共,，]\s*共?\s*\d{1,4}\s*页?)?[-—–－_\s·•~]*")
"""A page's number, as programs and people write it."""
_INDENT = 1.2
"""Of a character's size: a line that begins so far in begins a paragraph."""
_SHORT = 2.2
"""Of a character's size: a line that ends so far before the others ends one."""


class Line(NamedTuple):
    """A line of text outside of tables."""

    text: str
    box: Box
    size: float


def text_lines(glyphs: Iterable[Glyph], tables: Sequence[Box]) -> list[Line]:
    """The lines of a page that stand in none of its tables."""
    free = [glyph for glyph in glyphs if not any(holds(box, glyph) for box in tables)]
    return [_line(line) for line in lines_of(free)]


def _line(glyphs: Sequence[Glyph]) -> Line:
    box = Box(
        min(one.box.left for one in glyphs),
        min(one.box.top for one in glyphs),
        max(one.box.right for one in glyphs),
        max(one.box.bottom for one in glyphs),
    )
    return Line(said(glyphs), box, max(one.box.right - one.box.left for one in glyphs))


def body(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[list[Line]]:
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


def _is_at_edge(line: Line, height: float) -> bool:
    return line.box.bottom < height * _MARGIN or line.box.top > height * (1 - _MARGIN)


def _key(line: Line) -> tuple[str, int]:
    """What a line says but for its numbers, and where: the same on every page for a head or a foot."""
    return re.sub(r"\d+", "0", line.text), round(line.box.top / 4)


def paragraphs(pages: Sequence[Sequence[Line]]) -> tuple[str, ...]:
    """Lines of all pages put together to paragraphs, over page ends, too."""
    lines = [line for page in pages for line in page]
    if not lines:
        return ()
    left, right = _block(lines)
    out: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else None
        if before is not None and _goes_on(before, line, left, right):
            out[-1] += line.text
        else:
            out.append(line.text)
    return tuple(entered(text.strip(), LONGEST_CELL) for text in out if text.strip())


def _block(lines: Sequence[Line]) -> tuple[float, float]:
    """The sides of the text: where most lines begin and end."""
    lefts = Counter(round(line.box.left / 3) * 3 for line in lines)
    rights = sorted(line.box.right for line in lines)
    commonest = max(lefts.values())
    left = (
        min(side for side, count in lefts.items() if count >= max(2, commonest // 4)) if commonest > 1 else min(lefts)
    )
    return float(left), rights[int(len(rights) * 0.9)]


def _goes_on(before: Line, line: Line, left: float, right: float) -> bool:
    is_full = before.box.right > right - _SHORT * before.size
    is_indented = line.box.left > left + _INDENT * line.size
    return is_full and not is_indented
