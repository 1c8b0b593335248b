"""A glance at the styles of an .ods: whether those that cells have show every number as it is, as nearly always."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from xlcheck.guard.ods_styles import strike_nothing
from xlcheck.reading.colours import WHITE, Colour, is_lost, parse_colour

_BODY = b"<office:body>"
_ROOT = 8_192
"""Bytes in which the root's tag lies."""
_SPACES = (
    (b"xmlns:fo=", b'"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'),
    (b"xmlns:style=", b'"urn:oasis:names:tc:opendocument:xmlns:style:1.0"'),
    (b"xmlns:number=", b'"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'),
)
"""The usual prefixes; where another one is used, or one of these for something else, all is parsed."""
_NAMES = re.compile(rb'style-name="([^"]*)"')
_INK, _GROUND = (
    re.compile(rb'fo:color="#([0-9A-Fa-f]{6})"'),
    re.compile(rb'background-color="(#[0-9A-Fa-f]{6}|transparent)"'),
)
_FORMAT = re.compile(
    rb"<number:(?:number|text)-style [^<>]*>(?:<number:number(?: [^<>]*)?/>|<number:text-content/>)</number:"
)


def may_mislead_in_ods(content: bytes, styles: bytes, styled: Sequence[bytes] = ()) -> bool:
    """Whether a glance does not say that all is plain: formats of digits, inks that are seen on every ground, nothing struck.

    `styled` is what the guard found unlike in the content's own styles, and in what names them.
    """
    at = content.find(_BODY)
    if not (_is_usual(content[:_ROOT]) and (not styles or _is_usual(styles[:_ROOT]))):
        return True
    own, tables = styled or (b"<".join({*content[: max(at, 0)].split(b"<")}), content[at:])
    named = [own, *_used(styles, {*_NAMES.findall(own), *_NAMES.findall(tables)})]
    formats = {name for piece in named for name in re.findall(rb'data-style-name="([^"]*)"', piece)}
    return (
        any(_is_odd(piece) for piece in named)
        or _are_lost(b"".join(named))
        or not all(_is_plain(name, content[:at]) or _is_plain(name, styles) for name in formats)
    )


def _is_usual(root: bytes) -> bool:
    """Whether these namespaces have no prefixes but the usual ones."""
    return all(root.count(prefix) == root.count(space[1:-1]) == root.count(prefix + space) for prefix, space in _SPACES)


def _used(styles: bytes, used: set[bytes]) -> list[bytes]:
    """The common styles that cells have, those behind them, and what stands behind all."""
    blocks = [piece.partition(b"</style:style>")[0] for piece in styles.split(b"<style:style ")[1:]]
    by_name = {block.partition(b'style:name="')[2].partition(b'"')[0]: block for block in blocks}
    found = [piece.partition(b"</style:default-style>")[0] for piece in styles.split(b"<style:default-style ")[1:]]
    ahead = used
    while ahead:
        new = [by_name.pop(name) for name in ahead if name in by_name]
        found += new
        ahead = {name for block in new for name in _NAMES.findall(block)}
    return found


def _is_odd(piece: bytes) -> bool:
    """Whether a colour is spelt oddly, or something is hidden or struck through."""
    return (
        piece.count(b"fo:color") != len(_INK.findall(piece))
        or piece.count(b"background-color") != len(_GROUND.findall(piece))
        or b"hidden-and-protected" in piece
        or not strike_nothing(piece)
    )


def _are_lost(piece: bytes) -> bool:
    """Whether some ink is not seen on some ground."""
    inks, grounds = _colours(_INK.findall(piece)), {WHITE, *_colours(_GROUND.findall(piece))}
    return any(is_lost(ink, ground) for ink in inks for ground in grounds)


def _colours(spelt: Iterable[bytes]) -> set[Colour]:
    return {colour for one in set(spelt) if (colour := parse_colour(one.decode())) is not None}


def _is_plain(name: bytes, styles: bytes) -> bool:
    """Whether a format is one of digits, or of texts."""
    at = styles.find(b'style style:name="%b"' % name)
    found = _FORMAT.match(styles, max(0, styles.rfind(b"<", 0, at))) if at > 0 else None
    return found is not None and b"display-factor" not in found[0]
