"""Changing a part of a package at its byte offsets: what is not changed stays byte for byte.

expat says where elements begin and end. Nothing is ever serialised again, so that spelling, prefixes, extensions and
whatever else nobody here knows of stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from xml.parsers import expat

from xlcheck.model.tuples import NamedTuple

_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""(\s+)([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')""")
_NAME = re.compile(rb"<(/?)([\w.-]+)(?=[\s/>])")

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
"""What a part begins with."""


class Element(NamedTuple):
    """An element of a part, by its places in the bytes."""

    name: str
    """Without its prefix."""
    attributes: dict[str, str]
    depth: int
    """0 for the root."""
    start: int
    """Where its start tag begins."""
    inner: int
    """Where its start tag ends."""
    close: int
    """Where its end tag begins; `inner` if it is an empty-element tag."""
    end: int
    """Where its end tag ends."""


class Splice(NamedTuple):
    """Bytes from `start` to `end` give way to `new`."""

    start: int
    end: int
    new: bytes


def elements(
    data: bytes, wanted: Collection[str], deepest: int = 99, having: tuple[str, str] = ("", "")
) -> Sequence[Element]:
    """The elements with these names (prefixes aside) down to a depth, in the order of their start tags.

    `having` is one of the names, and an attribute without which elements of that name are passed over.

    Raises:
        expat.ExpatError: `data` is not well-formed.
    """
    found: list[Element] = []
    open_: list[tuple[str, dict[str, str], int] | None] = []
    deeper = 0
    parser = expat.ParserCreate("utf-8")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal deeper
        if len(open_) > deepest:
            deeper += 1
            return
        name = tag.rpartition(":")[2]
        kept = name in wanted and (name != having[0] or having[1] in attributes)
        open_.append((name, attributes, parser.CurrentByteIndex) if kept else None)

    def end(_: str) -> None:
        nonlocal deeper
        if deeper:
            deeper -= 1
            return
        kept = open_.pop()
        if kept is not None:
            found.append(element(data, *kept, len(open_), parser.CurrentByteIndex))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(data, True)
    return tuple(sorted(found, key=_start))


def element(data: bytes, name: str, attributes: dict[str, str], start: int, depth: int, close: int) -> Element:
    """An element whose start tag begins at `start`, and whose end tag, if it has one, at `close`."""
    inner = tag_end(data, start)
    if data[inner - 2] == 0x2F:  # />
        return Element(name, attributes, depth, start, inner, inner, inner)
    return Element(name, attributes, depth, start, inner, close, data.index(b">", close) + 1)


def _start(one: Element) -> int:
    return one.start


def tag_end(data: bytes, start: int) -> int:
    """Where the tag that begins at `start` ends."""
    end = data.find(b">", start) + 1
    tag = data[start:end]
    # Only within quotes a tag can hold a > that does not end it.
    if b"'" not in tag and not tag.count(b'"') & 1:
        return end
    return next(_TAG.finditer(data, start)).end()


def spliced(data: bytes, edits: Iterable[Splice]) -> bytes:
    """The part with the edits made; those at one place in the order given.

    Raises:
        ValueError: two edits overlap.
    """
    pieces: list[bytes] = []
    at = 0
    for start, end, new in sorted(edits, key=_span):
        if start < at:
            raise ValueError("two edits overlap")
        pieces += data[at:start], new
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


def _span(edit: Splice) -> tuple[int, int]:
    return edit.start, edit.end


def prefix_of(data: bytes, one: Element) -> bytes:
    """The prefix of an element with its colon, or nothing."""
    prefix, colon, _ = tag_name(data[one.start : one.inner]).rpartition(b":")
    return prefix + colon


def bare(xml: bytes, prefix: bytes) -> bytes:
    """Elements with this prefix without it."""
    return xml.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else xml


def tag_name(tag: bytes) -> bytes:
    """The name in a start tag, with its prefix."""
    return tag[1:].split(None, 1)[0].rstrip(b"/>")


def prefixed(xml: bytes, prefix: bytes) -> bytes:
    """Elements without prefixes with that of their neighbours; those that have another keep it."""
    return _NAME.sub(rb"<\1%s\2" % prefix, xml) if prefix else xml


def retagged(tag: bytes, **attributes: object) -> bytes:
    """A start tag with some attributes set, or taken away where they are None."""
    pending = {name.encode("ascii"): value for name, value in attributes.items()}
    pieces: list[bytes] = []
    at = 0
    for found in _ATTRIBUTE.finditer(tag):
        name = found[2]
        if name not in pending:
            continue
        value = pending.pop(name)
        new = b"" if value is None else b'%s%s="%s"' % (found[1], name, _bytes(value))
        pieces += tag[at : found.start()], new
        at = found.end()
    cut = len(tag) - (2 if tag.endswith(b"/>") else 1)
    more = b"".join(b' %s="%s"' % (name, _bytes(value)) for name, value in pending.items() if value is not None)
    return b"".join((*pieces, tag[at:cut], more, tag[cut:]))


def _bytes(value: object) -> bytes:
    return quoted(str(value))


def appended(data: bytes, one: Element, new: bytes, **attributes: object) -> list[Splice]:
    """The edits that put `new` behind the last child of an element, and set attributes of it."""
    tag = data[one.start : one.inner]
    if attributes:
        tag = retagged(tag, **attributes)
    if tag.endswith(b"/>"):
        return [Splice(one.start, one.end, b"%s>%s</%s>" % (tag[:-2], new, tag_name(tag)))]
    edits = [Splice(one.close, one.close, new)]
    return [Splice(one.start, one.inner, tag), *edits] if attributes else edits


def in_root(data: bytes, root_name: str, new: bytes) -> bytes:
    """The part with elements of ours, without prefixes, behind the last child of its root."""
    at = data.rfind(b"</")
    if at < 0 or b"<!--" in data:
        root = elements(data, (root_name,), 0)[0]
        return spliced(data, appended(data, root, prefixed(new, prefix_of(data, root))))
    prefix, colon, _ = data[at + 2 : data.index(b">", at)].rpartition(b":")
    return data[:at] + prefixed(new, prefix + colon) + data[at:]


def attributes_of(tag: bytes) -> dict[bytes, bytes]:
    """The attributes in a start tag, as they stand there."""
    return {found[2]: found[3][1:-1] for found in _ATTRIBUTE.finditer(tag)}


def escaped(text: str) -> bytes:
    """A text as the content of an element."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode("utf-8")


def quoted(text: str) -> bytes:
    """A text as the value of an attribute in double quotes."""
    return escaped(text).replace(b'"', b"&quot;").replace(b"\n", b"&#10;")
