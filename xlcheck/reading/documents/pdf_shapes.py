"""What stands on a page of a PDF, whichever library tells it: characters, ruling lines, and cells, in points from its top left corner."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from statistics import median

from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.grid import Box


class Glyph(NamedTuple):
    """A character where it stands."""

    text: str
    box: Box
    base: float
    """Where its line stands: the baseline, or what the library has for one."""

    @property
    def size(self) -> float:
        """How large it is written, roughly."""
        return max(self.box.bottom - self.box.top, 1.0)

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre, across and down."""
        return (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2


class Ruling(NamedTuple):
    """A straight line, across or down the page."""

    start: float
    end: float
    at: float
    """Its place in the other direction."""


class Rulings(NamedTuple):
    """The lines of a page."""

    across: Sequence[Ruling]
    down: Sequence[Ruling]


class Boxed(NamedTuple):
    """A cell as it stands on one page."""

    box: Box
    area: Box
    """Where its text may stand: it reaches beyond the cell where a page's end leaves a table open."""
    row: int
    column: int
    rows: int
    columns: int
    text: str = ""
    doubt: str = ""
    is_full: bool = False
    """Whether its last line leaves no room for another character."""


class Turned(NamedTuple):
    """How a page is looked at: which part of it, and how often turned clockwise by a quarter."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page, whose y goes up, as it is looked at from the top left corner."""
        if self.quarters == 0:
            return x - self.left, self.top - y
        if self.quarters == 1:
            return y - self.bottom, x - self.left
        if self.quarters == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def back(self, x: float, y: float) -> tuple[float, float]:
        """The point of the page that is looked at there."""
        if self.quarters == 0:
            return x + self.left, self.top - y
        if self.quarters == 1:
            return y + self.left, x + self.bottom
        if self.quarters == 2:
            return self.right - x, y + self.bottom
        return self.right - y, self.top - x

    def box_seen(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle of the page as it is looked at."""
        return _box(self.seen(x0, y0), self.seen(x1, y1))

    def box_back(self, box: Box) -> Box:
        """The rectangle that is looked at there; its top and bottom are y's that go up, the lower one first."""
        return _box(self.back(box.left, box.top), self.back(box.right, box.bottom))

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height as it is looked at."""
        across, down = self.right - self.left, self.top - self.bottom
        return (down, across) if self.quarters % 2 else (across, down)


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (x0, y0), (x1, y1) = one, other
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def holds(box: Box, glyph: Glyph) -> bool:
    """Whether a character's centre lies in a box."""
    x, y = glyph.middle
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters as lines, from the top, each from the left; of what is written twice for boldness once."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.base, one.box.left)):
        if lines and abs(median(one.base for one in lines[-1][-3:]) - glyph.base) < 0.4 * glyph.size:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [_once(sorted(line, key=lambda one: one.box.left)) for line in lines]


def _once(line: list[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in line:
        if not any(one.text == glyph.text and _is_over(one, glyph) for one in kept[-2:]):
            kept.append(glyph)
    return kept


_SAME = 0.15
"""Of its size: so far from each other do programs write a character twice to make it bold, at the most."""


def _is_over(one: Glyph, other: Glyph) -> bool:
    return abs(one.box.left - other.box.left) < _SAME * min(one.size, other.size)


_GAP = 0.6
"""Of a character's size: a wider gap between two is white space."""


def line_text(line: Sequence[Glyph]) -> str:
    """A line's text; white space stands where there is a wide gap."""
    pieces: list[str] = []
    for number, glyph in enumerate(line):
        if number and glyph.box.left - line[number - 1].box.right > _GAP * min(glyph.size, line[number - 1].size):
            pieces.append(" ")
        pieces.append(glyph.text)
    return "".join(pieces)


_RADICALS = str.maketrans(
    "⺁⺄⺆⺈⺊⺌⺍⺕⺗⺘⺙⺝⺟⺠⺡⺣⺤⺥⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺵⺶⺷⺹⺺⺼⺽⺾⺿⻀⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙冂刀卜小小彐心手攵月母民氵灬爪爪牛犭王疋目示礻竹糸纟网网罒羊羊羊耂肀月臼艹艹艹衤覀西见角角讠贝足车辶辶辶邑钅长长长门阜阝雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龟龟龟",
)
"""The radicals that Unicode has beside the characters which they are (CJK Radicals Supplement), where NFKC leaves them:
programs that look up a glyph's character may find the radical."""


def usual(text: str) -> str:
    """A character that is drawn as another one, as that one: radicals as characters, half-forms as what they stand for."""
    if text.isascii():
        return text
    text = text.translate(_RADICALS)
    code = ord(text[0])
    if 0x2F00 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00 or 0x2E80 <= code < 0x2F00 or 0xFB00 <= code < 0xFB07:
        return unicodedata.normalize("NFKC", text)
    return text
