"""The styles of an .xlsx that may show a number otherwise than it is, or not at all (ECMA-376 part 1, 18.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlcheck.guard.markup import local_name, scan
from xlcheck.reading import colours
from xlcheck.reading.colours import BLACK, WHITE, Colour, numbered, parse_colour, tinted
from xlcheck.reading.written import CellLook

_BUILT_IN = {9: "0%", 10: "0.00%"}
"""Formats of which no styles part tells, and which show a number otherwise."""
_HARMLESS = re.compile(r"[#0,. _-]*|General|@|G/通用格式", re.IGNORECASE)
"""Formats that show any number as it is, but for one that ends in commas."""
_THEME = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
    "hlink",
    "folHlink",
)
"""The colours of a theme, by their number."""
_SCHEME = re.compile(
    rb'<a:(lt1|dk1|lt2|dk2|accent[1-6]|hlink|folHlink)>\s*<a:(?:sysClr [^<>]*lastClr|srgbClr val)="([0-9A-Fa-f]{6})"'
)
_USUAL_THEME = {0: WHITE, 1: BLACK}


def looks_of(styles: bytes, theme: bytes) -> Mapping[int, CellLook]:
    """The looks of cells that are not as usual, by the number of their style.

    Args:
        styles: the part.
        theme: that of the colours; it may be no XML at all.
    """
    walk = _Styles(_theme(theme))
    scan("单元格格式", styles, walk.start, walk.end)
    return walk.found()


def look_of(code: str, ink: Colour | None, ground: Colour | None, is_struck: bool = False) -> CellLook | None:
    """The look of a style; None for one as usual.

    Args:
        code: the number format.
        ink: the colour of its font; None where nobody knows.
        ground: that of its fill, white for none; None where nobody knows.
        is_struck: whether its font is struck through.
    """
    if _HARMLESS.fullmatch(code) and not code.rstrip("_ ").endswith(","):
        code = ""
    is_lost = ink is not None and ground is not None and colours.is_lost(ink, ground)
    if not code and not is_lost and not is_struck:
        return None
    return CellLook(code, is_lost, ground is not None and colours.is_lost(WHITE, ground), is_struck)


def _theme(data: bytes) -> Mapping[int, Colour]:
    told = {name.decode(): parse_colour(value.decode()) for name, value in _SCHEME.findall(data)}
    return _USUAL_THEME | {
        number: colour for number, name in enumerate(_THEME) if (colour := told.get(name)) is not None
    }


class _Styles:
    """One pass over the part."""

    def __init__(self, theme: Mapping[int, Colour]) -> None:
        self._theme = theme
        self._formats = dict(_BUILT_IN)
        self._fonts: list[Colour | None] = []
        self._struck: set[int] = set()
        """The fonts that are struck through, by their number."""
        self._fills: list[Colour | None] = []
        self._looks: list[tuple[int, int, int]] = []
        self._path: list[str] = []
        self._solid = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "numFmt" and parent == "numFmts":
            self._formats[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif parent == "fonts":
            self._fonts.append(BLACK)
        elif parent == "fills":
            self._fills.append(WHITE)
        elif name == "patternFill" and "fills" in self._path:
            self._solid = attributes.get("patternType") == "solid"
            if not self._solid and attributes.get("patternType", "none") != "none":
                self._fills[-1] = None
        elif name == "gradientFill" and self._fills:
            self._fills[-1] = None
        elif name == "color" and parent == "font" and "fonts" in self._path:
            self._fonts[-1] = self._colour(attributes, BLACK)
        elif name == "strike" and parent == "font" and "fonts" in self._path:
            if attributes.get("val", "1") not in ("0", "false", "off"):
                self._struck.add(len(self._fonts) - 1)
        elif name == "fgColor" and self._solid and "fills" in self._path:
            self._fills[-1] = self._colour(attributes, None)
        elif name == "xf" and parent == "cellXfs":
            said = (attributes.get(key, "0") for key in ("numFmtId", "fontId", "fillId"))
            number, font, fill = map(_number, said)
            self._looks.append((number, font, fill))

    def end(self, _: str) -> None:
        self._path.pop()

    def _colour(self, attributes: Mapping[str, str], automatic: Colour | None) -> Colour | None:
        if "rgb" in attributes:
            colour = parse_colour(attributes["rgb"])
        elif "theme" in attributes:
            colour = self._theme.get(_number(attributes["theme"]))
        elif "indexed" in attributes:
            colour = numbered(_number(attributes["indexed"]))
            colour = automatic if colour is None else colour
        else:
            colour = automatic
        try:
            return tinted(colour, float(attributes.get("tint", "0"))) if colour and "tint" in attributes else colour
        except ValueError:
            return None

    def found(self) -> Mapping[int, CellLook]:
        """The looks that are not as usual."""
        looks = {}
        for style, (number, font, fill) in enumerate(self._looks):
            ink = self._fonts[font] if 0 <= font < len(self._fonts) else BLACK
            ground = self._fills[fill] if 0 <= fill < len(self._fills) else WHITE
            look = look_of(self._formats.get(number, ""), ink, ground, font in self._struck)
            if look is not None:
                looks[style] = look
        return looks


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
