"""What the styles of an .ods do to what bears them: sheets that are not shown, rows of no height, texts struck through.

LibreOffice writes hundreds of kilobytes of them, and mostly a glance at the bytes says that none does anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SIZE = re.compile(r"([0-9]{0,9}(?:\.[0-9]{0,20})?)(cm|mm|in|pt|pc|px)\Z")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
_NOTHING = 0.02
"""Centimetres of which nothing is seen: less than a point on a screen."""
_LOOKED_AT = (b"table-properties", b"table-column-properties", b"table-row-properties")
_SIZED = re.compile(
    rb""" style:(?:column-width|row-height)="(?:0\.[1-9][0-9]*(?:cm|in)|[1-9][0-9.]*(?:cm|mm|in|pt))["]"""
)


class OdsStyles:
    """What was found in the styles so far."""

    def __init__(self) -> None:
        self.hides: set[str] = set()
        """Of sheets that are not shown, and of rows and columns of no size."""
        self.how: dict[str, str] = {}
        """Of texts that are raised, lowered or struck through."""
        self._name = ""

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element by its usual name (ODF 1.3 part 3, 16.2, 17.15 to 17.17 and 16.29.28)."""
        if name == "style:style":
            self._name = attributes.get("style:name", "")
        elif name == "style:table-properties":
            if attributes.get("table:display") == "false":
                self.hides.add(self._name)
        elif name in ("style:table-column-properties", "style:table-row-properties"):
            if _is_nothing(attributes.get("style:column-width") or attributes.get("style:row-height") or ""):
                self.hides.add(self._name)
        elif name == "style:text-properties":
            self._text(attributes)

    def _text(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("style:text-position", "").split(" ")[0]
        through = {attributes.get(f"style:text-line-through-{key}", "none") for key in ("style", "type")}
        if place == "super" or (place.endswith("%") and place.strip("0%") and not place.startswith("-")):
            self.how[self._name] = "super"
        elif place == "sub" or place.startswith("-"):
            self.how[self._name] = "sub"
        elif through != {"none"}:
            self.how[self._name] = "strike"


def _is_nothing(size: str) -> bool:
    found = _SIZE.match(size)
    return bool(found and found[1].strip(".") and float(found[1]) * _CENTIMETRES[found[2]] < _NOTHING)


def hide_nothing(styles: bytes) -> bool:
    """Whether a glance says that no sheet, row or column is hidden by `styles`, which have the usual prefixes.

    An element's and an attribute's name cannot be spelt in two ways, and every value that is not as LibreOffice writes it
    is worth a look.
    """
    return all(_shows(piece) for piece in styles.split(b"<style:") if piece.startswith(_LOOKED_AT))


def _shows(piece: bytes) -> bool:
    tag = piece.partition(b"<")[0]
    return tag.count(b"display") == tag.count(b' table:display="true"') and tag.count(b"column-width") + tag.count(
        b"row-height"
    ) - tag.count(b"use-optimal-row-height=") == len(_SIZED.findall(tag))


def raise_nothing(styles: bytes) -> bool:
    """Whether a glance says that no text is raised or lowered by `styles`, which have the usual prefixes."""
    return b"text-position" not in styles


def strike_nothing(styles: bytes) -> bool:
    """Whether a glance says that neither texts nor cells are struck through by `styles`, which have the usual prefixes."""
    through = styles.count(b' style:text-line-through-style="none"') + styles.count(
        b' style:text-line-through-type="none"'
    )
    return styles.count(b"text-line-through-style") + styles.count(b"text-line-through-type") == through
