"""A glance at the styles of an .xlsx: whether they show every number as it is, as nearly all do."""

from __future__ import annotations

import re

_FORMAT = rb'<numFmt numFmtId="[0-9]+" formatCode="([^"]*)" ?/>'
_PLAIN = rb"(?:[#0,. _-]*[#0. _-]|General|@)"
_COLOUR = rb"<(?:color|fgColor) ([^<>]*?) ?/>"
_BLACK = (b'theme="1"', b'auto="1"', b'indexed="8"', b'indexed="64"')
_WHITE = (b'theme="0"', b'indexed="9"')
_RGB = rb'rgb="[0-9A-Fa-f]{2}([0-9A-Fa-f]{6})"'
_DARK, _LIGHT = 110, 160
"""Brightness of inks and of grounds, from 0 to 255, that nobody takes for each other."""
_PERCENT = (b'numFmtId="9"', b'numFmtId="10"')


def may_dress(styles: bytes) -> bool:
    """Whether a glance does not say that all conditional formats have dark inks on light grounds, and no number format."""
    begin, end = styles.find(b"<dxfs"), styles.find(b"</dxfs>")
    if begin < 0 or end < begin:
        return b":dxfs" in styles
    rules = styles[begin:end]
    inks = re.findall(rb"<color ([^<>]*?) ?/>", rules)
    grounds = re.findall(rb"<bgColor ([^<>]*?) ?/>", rules)
    return (
        b"numFmt" in rules
        or b"strike" in rules
        or len(inks) != rules.count(b"<color")
        or len(grounds) != rules.count(b"<bgColor")
        or not all(map(_is_dark, inks))
        or not all(map(_is_light, grounds))
    )


def may_mislead(styles: bytes) -> bool:
    """Whether a glance does not say that all is plain: formats of digits, dark inks and light grounds, nothing struck."""
    formats = re.findall(_FORMAT, styles)
    return (
        len(formats) != styles.count(b"numFmt ")
        or not all(re.fullmatch(_PLAIN, code) for code in formats)
        or any(percent in styles for percent in _PERCENT)
        or not all(map(_is_dark, _colours(styles, b"fonts", b"<color")))
        or not all(map(_is_light, _colours(styles, b"fills", b"<fgColor")))
        or b"gradientFill" in styles
        or b"strike" in styles
    )


def _colours(styles: bytes, section: bytes, tag: bytes) -> list[bytes]:
    """What the colours of a section say of themselves; an empty text where that is spelt oddly."""
    begin, end = styles.find(b"<" + section), styles.find(b"</" + section + b">")
    if not 0 <= begin < end:
        return [b""] if styles else []
    found = re.findall(_COLOUR, styles[begin:end])
    return found if len(found) == styles.count(tag, begin, end) else [b""]


def _is_dark(colour: bytes) -> bool:
    return colour in _BLACK or ((brightness := _brightness(colour)) is not None and brightness <= _DARK)


def _is_light(colour: bytes) -> bool:
    return colour in _WHITE or ((brightness := _brightness(colour)) is not None and brightness >= _LIGHT)


def _brightness(colour: bytes) -> int | None:
    found = re.fullmatch(_RGB, colour)
    if not found:
        return None
    red, green, blue = bytes.fromhex(found[1].decode())
    return (2 * red + 5 * green + blue) // 8
