"""A glance at the styles of an .ods: whether those that cells have show every number as it is, as nearly always."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.ods_found import OdsStyled
from xlcheck.guard.ods_styles import strike_nothing
from xlcheck.reading.colours import WHITE, Colour, is_lost, parse_colour

_BODY, _PAGES = b"<office:body>", b"<office:automatic-styles>"
_ROOT = 8_192
"""Bytes in which the root's tag lies."""
_SPACES = (
    (b"xmlns:fo=", b'"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'),
    (b"xmlns:style=", b'"urn:oasis:names:tc:opendocument:xmlns:style:1.0"'),
    (b"xmlns:number=", b'"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'),
)
"""The usual prefixes; where another one is used, or one of these for something else, all is parsed."""
_NAMES = re.compile(rb'style-name="([^"&]*)"')
_NAMED = re.compile(rb'<style:style(?: [\w:-]+="[^"<]*")*? style:name="([^"&<]*)"')
_INK, _GROUND = (
    re.compile(rb'fo:color="#([0-9A-Fa-f]{6})"'),
    re.compile(rb'background-color="(#[0-9A-Fa-f]{6}|transparent)"'),
)
_FORMAT = re.compile(
    rb"<number:(?:number|text)-style [^<>]*>(?:<number:number(?: [^<>]*)?/>|<number:text-content/>)</number:"
)


def may_mislead_in_ods(content: bytes, styles: bytes, styled: OdsStyled | None = None, ask: Ask = afresh) -> bool:
    """Whether a glance does not say that all is plain: formats of digits, inks that are seen on every ground, nothing struck.

    `styled` is what the guard found in the content of the styles and their names; `ask` may know what was found of other documents.
    """
    if styled is None:
        at = max(content.find(_BODY), 0)
        styled = OdsStyled(content[:at], b"<".join({*content[:at].split(b"<")}), content[at:])
    at = styles.find(_PAGES)
    if at < 0 or _says_more(styles[at:]):
        return _glance(*styled, styles) is None
    named = ask(_glance, *styled, styles[:at])
    return named is None or not named.isdisjoint(_NAMED.findall(styles, at))


def _says_more(pages: bytes) -> bool:
    """Whether styles of pages, and what follows, may be asked for by anything but their names."""
    return any(mark in pages for mark in (b"<style:default-style", b"<number:")) or not _are_named_so(pages, 0)


def _glance(head: bytes, own: bytes, naming: bytes, styles: bytes) -> frozenset[bytes] | None:
    """All names of styles that may be asked for, if all is plain; None if not.

    Args:
        head: what stands before the tables of the content.
        own: what of that is unlike.
        naming: what names styles in the tables.
        styles: the common ones.
    """
    if not (_is_usual(head[:_ROOT]) and (not styles or _is_usual(styles[:_ROOT]))):
        return None
    if not (_are_named_so(styles) and all(_name_so(piece) for piece in (own, naming, styles))):
        return None
    used = {*_NAMES.findall(own), *_NAMES.findall(naming)}
    named = [own, *_used(styles, used)]
    formats = {name for piece in named for name in re.findall(rb'data-style-name="([^"]*)"', piece)}
    if any(_is_odd(piece) for piece in named) or _are_lost(b"".join(named)):
        return None
    if not all(_is_plain(name, head) or _is_plain(name, styles) for name in formats):
        return None
    return frozenset((*used, *_NAMES.findall(styles)))


def _are_named_so(styles: bytes, root: int = _ROOT) -> bool:
    """Whether all styles say their names as usual, and no prefix is declared behind the `root`: else it is not told which they are."""
    return (
        styles.count(b"<style:style") == len(_NAMED.findall(styles))
        and styles.count(b"<style:default-style") == styles.count(b"<style:default-style ")
        and styles.find(b"xmlns", root) < 0
    )


def _name_so(piece: bytes) -> bool:
    """Whether all names of styles that are asked for are spelt as usual."""
    return piece.count(b"style-name") == len(_NAMES.findall(piece))


def _is_usual(root: bytes) -> bool:
    """Whether these namespaces have no prefixes but the usual ones."""
    return all(root.count(prefix) == root.count(space[1:-1]) == root.count(prefix + space) for prefix, space in _SPACES)


def _used(styles: bytes, used: set[bytes]) -> list[bytes]:
    """The common styles that cells have, those behind them, and what stands behind all."""
    by_name: dict[bytes, bytes] = {}
    for name, piece in zip(_NAMED.findall(styles), styles.split(b"<style:style ")[1:], strict=True):
        # Styles of several families may have one name.
        by_name[name] = by_name.get(name, b"") + piece.partition(b"</style:style>")[0]
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
