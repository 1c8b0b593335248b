"""XML as most programs spell it, proved to be well-formed without a parser: what stands in it again and again is looked at once.

A document is split where tags begin. Of the pieces, each a tag with the text behind it, most come several times; and of those
that are unlike, most differ in the values of attributes only. What is not spelt as usual is told by nobody here: it has to be
parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from xlcheck.guard.sound import is_sound
from xlcheck.guard.texts import meant
from xlcheck.model.tuples import NamedTuple

_NAME = rb"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
"""A name of ASCII characters, with at most one prefix (Namespaces in XML 1.0, production 7)."""
_VALUE = re.compile(rb'"[^"<]*"')
_HELD = b"\1"
"""What stands for a value in a tag's shape; no XML holds it."""
_SHAPE = re.compile(rb"(/?)(%b)((?: %b=%b)*) ?(/?)>[^<]*" % (_NAME, _NAME, _HELD))
_PAIR = re.compile(r' ([^ =]+)="([^"]*)"')
_SAID = re.compile(rb'[^ >]*((?: [^ =]+="[^"]*")*)')


_SHORT = 400
"""What shorter shapes are is remembered: programs have some hundreds of them, and of ours none is private."""


class Tag(NamedTuple):
    """What a tag is, whatever the values of its attributes."""

    name: bytes
    closes: bool
    """Whether it is the end of an element."""
    is_empty: bool
    """Whether it is an element that is closed at once."""


def tags_of(pieces: Iterable[bytes]) -> dict[bytes, Tag] | None:
    """The tag of each piece, which come without their first character; None where one is not spelt as usual."""
    told = list(pieces)
    joined = b"<".join(told)
    if not told:
        return {}
    if not _is_simple(joined):
        return None
    shapes = _VALUE.sub(_HELD, joined).split(b"<")
    known = {shape: (_known_tag if len(shape) < _SHORT else _tag)(shape) for shape in set(shapes)}
    tags = {piece: known[shape] for piece, shape in zip(told, shapes, strict=True)}
    return None if None in known.values() else tags  # type: ignore[return-value]


def root_of(spelt: bytes) -> bytes | None:
    """The name of an element around all others, which may declare namespaces; None where its tag is not spelt as usual."""
    tag = _tag(_VALUE.sub(_HELD, spelt.replace(b"xmlns", b"named"))) if _is_simple(spelt) else None
    return None if tag is None or tag.closes or tag.is_empty else tag.name


def _is_simple(spelt: bytes) -> bool:
    """Whether all characters may stand in tags, and none of them means another one in a value."""
    return not any(blank in spelt for blank in (b"\t", b"\n", b"\r")) and is_sound(spelt)


def _tag(shape: bytes) -> Tag | None:
    found = _SHAPE.fullmatch(shape)
    if found is None:
        return None
    closes, name, attributes, empty = found.groups()
    names = attributes.split()
    # No attribute stands twice (XML 1.0, 3.1); what declares a namespace is for a parser that knows them.
    if (closes and (names or empty)) or len(set(names)) != len(names) or b"xmlns" in attributes:
        return None
    return Tag(name, closes == b"/", empty == b"/")


_known_tag = lru_cache(maxsize=1024)(_tag)


def said_by(piece: bytes) -> dict[str, str]:
    """Attributes by name, of a piece whose tag is known.

    Raises:
        ValueError: a reference is none that is usual.
    """
    said = _SAID.match(piece)
    return {key: meant(value) for key, value in _PAIR.findall(said[1].decode())} if said else {}


def open_after(pieces: Sequence[bytes], tags: Mapping[bytes, Tag], around: bytes, depth: int) -> list[bytes] | None:
    """The elements that are open after these pieces, which stand within one; None where they are not nested well.

    No element may be deeper than `depth`.
    """
    inside = [around]
    for piece in pieces:
        name, closes, is_empty = tags[piece]
        if not inside:
            return None
        if closes:
            if inside.pop() != name:
                return None
        elif not is_empty:
            inside.append(name)
            if len(inside) > depth:
                return None
    return inside
