"""What letters and their ground are painted with, as documents say it (CSS Color 4), as far as to know whether they are seen."""

from __future__ import annotations

import re
from typing import Literal

from xlcheck.reading.colours import BLACK, WHITE, Colour, is_lost, parse_colour

Hue = Colour | Literal["clear", "any"]
"""A colour; nothing at all; or some colour, or picture, that is not known or that the program chooses."""

_NAMES = {
    "black": BLACK, "white": WHITE, "windowtext": BLACK, "window": WHITE, "snow": (255, 250, 250),
    "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245),
    "mintcream": (245, 255, 250), "floralwhite": (255, 250, 240), "azure": (240, 255, 255), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "red": (255, 0, 0), "maroon": (128, 0, 0),
    "blue": (0, 0, 255), "navy": (0, 0, 128), "green": (0, 128, 0), "lime": (0, 255, 0), "yellow": (255, 255, 0),
    "orange": (255, 165, 0), "purple": (128, 0, 128), "teal": (0, 128, 128), "aqua": (0, 255, 255),
    "fuchsia": (255, 0, 255), "olive": (128, 128, 0),
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\Z")
_LEVELS = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*([\d.]{1,8})%?\s*)?\)\Z")
_BETWEEN = re.compile(r"\s+(?![^(]*\))")
"""White space that parts the words of a declaration."""


def css_hue(text: str) -> Hue | None:
    """What a word of a style names; None for a word that names none."""
    said = text.strip().lower()
    if said == "transparent":
        return "clear"
    if match := _HEX.match(said):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        return "clear" if digits[6:] == "00" else parse_colour(digits[:6])
    if match := _LEVELS.match(said):
        if match[4] and not float(match[4].strip(".") or 0):
            return "clear"
        red, green, blue = (min(int(level), 255) for level in match.groups()[:3])
        return red, green, blue
    return _NAMES.get(said)


def css_ground(text: str) -> Hue | None:
    """What ``background`` paints; None where what is below shows."""
    if "url(" in text or "gradient" in text:
        return "any"
    found = next((hue for word in _BETWEEN.split(text) if (hue := css_hue(word))), None)
    return None if found == "clear" else found


def is_unseen(letters: Hue, ground: Hue) -> bool:
    """Whether nobody sees letters on a ground; where one of them is not known, they may be seen."""
    if letters == "clear":
        return True
    return isinstance(letters, tuple) and isinstance(ground, tuple) and is_lost(letters, ground)
