"""Whether a text is seen on its ground: colours of fonts and fills, and how much one stands out from the other."""

from __future__ import annotations

import colorsys

Colour = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
_LEAST = 1.12
"""Of two grounds that nobody tells apart: less than the grey that Excel offers next to white has."""
_NEAR = 48
"""Red and green may be as bright as each other, and are seen all the same."""
_PALETTE = (
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF80000000800000008080800080008000808080"
    "C0C0C08080809999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF000080FF00FFFFFF0000FFFF800080800000"
    "0080800000FF00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC993366FF33CCCC99CC00FFCC00FF9900FF6600"
    "666699969696003366339966003300333300993300993366333399333333"
)
"""The 56 colours that have numbers from 8 on; those from 0 to 7 are the first eight (ECMA-376 part 1, 18.8.27)."""


def parse_colour(text: str) -> Colour | None:
    """``FFFFFF`` or ``FFFFFFFF``, of which the first pair says nothing; None for no colour."""
    try:
        red, green, blue = bytes.fromhex(text[-6:])
    except ValueError:
        return None
    return red, green, blue


def numbered(number: int) -> Colour | None:
    """The colour of that number; None for none, or one that the screen decides."""
    at = 6 * (number if number < 8 else number - 8)
    return parse_colour(_PALETTE[at : at + 6]) if 0 <= at < len(_PALETTE) else None


def tinted(colour: Colour, tint: float) -> Colour:
    """The colour made lighter, or darker below 0 (ECMA-376 part 1, 18.8.19)."""
    hue, light, depth = colorsys.rgb_to_hls(*(each / 255 for each in colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = (round(255 * min(max(each, 0.0), 1.0)) for each in colorsys.hls_to_rgb(hue, light, depth))
    return red, green, blue


def is_lost(text: Colour, ground: Colour) -> bool:
    """Whether nobody sees a text of that colour on that ground."""
    light, dark = sorted((_brightness(text), _brightness(ground)), reverse=True)
    near = all(abs(one - other) <= _NEAR for one, other in zip(text, ground, strict=True))
    return near and (light + 0.05) / (dark + 0.05) < _LEAST


def _brightness(colour: Colour) -> float:
    """As eyes have it (WCAG 2.2, relative luminance)."""
    red, green, blue = (each / 3295 if each <= 10 else ((each / 255 + 0.055) / 1.055) ** 2.4 for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
