"""The styles of an .xls that may show a number otherwise than it is ([MS-XLS] 2.4.122, 2.4.126, 2.4.188 and 2.4.353)."""

from __future__ import annotations

from collections.abc import Mapping
from struct import unpack_from

from xlcheck.guard.records import FORMAT, XF
from xlcheck.reading.colours import BLACK, WHITE, Colour, numbered
from xlcheck.reading.looks import look_of
from xlcheck.reading.strings_xls import STRUCK
from xlcheck.reading.written import CellLook

FONT, PALETTE = 0x0031, 0x0092
RECORDS = (FONT, PALETTE, FORMAT, XF)
"""What to hand on."""
_FIRST = 8
"""The number of a palette's first colour."""
_SOLID = 1
_AUTOMATIC = 0x7FFF
"""The colour of a font that has none."""
_BUILT_IN = {9: "0%", 10: "0.00%"}


class XlsLooks:
    """What the records say of styles, one after the other."""

    def __init__(self) -> None:
        self._fonts: list[tuple[int, bool]] = []
        """The colour of each, and whether it is struck through."""
        self._palette: dict[int, Colour] = {}
        self._formats = dict(_BUILT_IN)
        self._styles: list[tuple[int, int, int, int]] = []

    def take(self, kind: int, data: bytes) -> None:
        """One of :data:`RECORDS`; one that is cut short says nothing."""
        if kind == FONT and len(data) >= 6:
            _, flags, colour = unpack_from("<3H", data)
            self._fonts.append((colour, bool(flags & STRUCK)))
        elif kind == PALETTE and len(data) >= 2:
            for number in range(min(unpack_from("<H", data)[0], (len(data) - 2) // 4)):
                red, green, blue = data[2 + 4 * number : 5 + 4 * number]
                self._palette[_FIRST + number] = red, green, blue
        elif kind == FORMAT and len(data) >= 5:
            number, count, wide = unpack_from("<2HB", data)
            raw = data[5:]
            text = raw[: 2 * count].decode("utf-16-le", "replace") if wide & 1 else raw[:count].decode("latin-1")
            self._formats[number] = text
        elif kind == XF:
            self._styles.append(_style(data))

    def found(self) -> Mapping[int, CellLook]:
        """The looks that are not as usual, by the number of their style."""
        looks = {}
        for style, (font, number, pattern, ground) in enumerate(self._styles):
            # There is no font 4: those behind it are numbered one higher.
            font -= font > 4  # noqa: PLW2901
            colour, is_struck = self._fonts[font] if font < len(self._fonts) else (_AUTOMATIC, False)
            ink = self._colour(colour, BLACK)
            fill = WHITE if pattern == 0 else self._colour(ground, None) if pattern == _SOLID else None
            look = look_of(self._formats.get(number, ""), ink, fill, is_struck)
            if look is not None:
                looks[style] = look
        return looks

    def _colour(self, number: int, automatic: Colour | None) -> Colour | None:
        return self._palette.get(number) or numbered(number) or automatic


def _style(data: bytes) -> tuple[int, int, int, int]:
    """Font, format, pattern and its colour."""
    if len(data) < 20:
        return 0, 0, 0, 0
    font, number = unpack_from("<2H", data)
    return font, number, unpack_from("<L", data, 14)[0] >> 26, unpack_from("<H", data, 18)[0] & 0x7F
