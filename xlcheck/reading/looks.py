"""The styles of an .xlsx that may show a number otherwise than it is, or not at all (ECMA-376 part 1, 18.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlcheck.guard.markup import local_name, scan
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading import colours
from xlcheck.reading.colours import BLACK, WHITE, Colour, numbered, parse_colour, tinted
from xlcheck.reading.written import CellLook, Dress

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


class StyleSheet(NamedTuple):
    """What a workbook's styles do to its cells."""

    dresses: tuple[Dress, ...]
    """Of cells, by the number of their style."""
    rules: tuple[Dress, ...]
    """Of conditional formats, by their number."""

    @property
    def looks(self) -> Mapping[int, CellLook]:
        """The looks of cells that are not as usual, by the number of their style."""
        looks = {style: dressed(dress) for style, dress in enumerate(self.dresses)}
        return {style: look for style, look in looks.items() if look is not None}


def stylesheet_of(styles: bytes, theme: bytes) -> StyleSheet:
    """What the styles are.

    Args:
        styles: the part.
        theme: that of the colours; it may be no XML at all.
    """
    walk = _Styles(_theme(theme))
    scan("单元格格式", styles, walk.start, walk.end)
    return walk.found()


def worn(dress: Dress, rule: Dress) -> Dress:
    """What a cell wears where a conditional format holds."""
    return dress._replace(**{name: said for name, said in rule._asdict().items() if said is not None})


def dressed(dress: Dress) -> CellLook | None:
    """The look of a dress; None for one as usual."""
    return look_of(dress.code or "", dress.ink, dress.ground, bool(dress.is_struck))


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
        self._rules: list[Dress] = []
        self._path: list[str] = []
        self._solid = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if "dxfs" in self._path:
            self._rule(name, parent, attributes)
        elif name == "numFmt" and parent == "numFmts":
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
        elif name == "strike" and parent == "font" and "fonts" in self._path and _is_on(attributes):
            self._struck.add(len(self._fonts) - 1)
        elif name == "fgColor" and self._solid and "fills" in self._path:
            self._fills[-1] = self._colour(attributes, None)
        elif name == "xf" and parent == "cellXfs":
            said = (attributes.get(key, "0") for key in ("numFmtId", "fontId", "fillId"))
            number, font, fill = map(_number, said)
            self._looks.append((number, font, fill))

    def end(self, _: str) -> None:
        self._path.pop()

    def _rule(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        """An element of a conditional format, whose solid fill has its colour where others have that of their dots."""
        if name == "dxf":
            self._rules.append(Dress())
        elif not self._rules:
            return
        elif name == "numFmt":
            self._rules[-1] = self._rules[-1]._replace(code=attributes.get("formatCode", ""))
        elif name == "color" and parent == "font":
            self._rules[-1] = self._rules[-1]._replace(ink=self._colour(attributes, BLACK))
        elif name == "strike" and parent == "font":
            self._rules[-1] = self._rules[-1]._replace(
                is_struck=attributes.get("val", "1") not in ("0", "false", "off")
            )
        elif name == "bgColor" and parent == "patternFill":
            self._rules[-1] = self._rules[-1]._replace(ground=self._colour(attributes, None))

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

    def found(self) -> StyleSheet:
        """What they are."""
        dresses = []
        for number, font, fill in self._looks:
            ink = self._fonts[font] if 0 <= font < len(self._fonts) else BLACK
            ground = self._fills[fill] if 0 <= fill < len(self._fills) else WHITE
            dresses.append(Dress(self._formats.get(number, ""), ink, ground, font in self._struck))
        return StyleSheet(tuple(dresses), tuple(self._rules))


def _is_on(attributes: Mapping[str, str]) -> bool:
    return attributes.get("val", "1") not in ("0", "false", "off")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
