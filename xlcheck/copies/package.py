"""The package that becomes the copy (ECMA-376 part 2): parts changed, added or dropped, everything else raw.

What is not touched is neither inflated nor packed again: its bytes go over as they lie in the original.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from struct import Struct

from xlcheck.copies.splice import HEAD, Element, Splice, elements, in_root, quoted, spliced
from xlcheck.guard.container import Member, members, packed_content
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.markup import readable
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import TYPES, main_part, relations, rels_of
from xlcheck.model.errors import Refused
from xlcheck.model.tuples import NamedTuple

_LOCAL = Struct("<4s5H3L2H")  # PKWARE's APPNOTE 4.3.7
_CENTRAL = Struct("<4s6H3L5H2L")  # APPNOTE 4.3.12
_END = Struct("<4s4H2LH")  # APPNOTE 4.3.16
_UTF8, _DEFLATED = 0x0800, 8
_DAY = (0, 0x21)
"""1 January 1980, without the clock: the same input gives the same bytes."""
_LEVEL, _MEMORY = 3, 7
"""Of deflate: half the time of the usual 6 and 8 for a twentieth more bytes."""
_AHEAD = 262
"""Bytes that deflate keeps free in its window (zlib's ``MIN_LOOKAHEAD``)."""

_RELATING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATING = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPACES = (
    ("http://purl.oclc.org/ooxml/spreadsheetml/main", _STRICT_RELATING),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", _STRICT_RELATING),
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", _RELATING),
)
_USUAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", _RELATING
"""The namespaces of what is in a main part, and of relationships (ECMA-376 part 1; strict: ISO/IEC 29500-1)."""
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
WORKSHEET_TYPE = f"{_SHEETML}.worksheet+xml"
STYLES_TYPE = f"{_SHEETML}.styles+xml"
COMMENTS_TYPE = f"{_SHEETML}.comments+xml"
BOOK_TYPE = f"{_SHEETML}.sheet.main+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
XML_TYPE = "application/xml"


class Link(NamedTuple):
    """A relationship that leads to a part of the package (ECMA-376 part 2, 9.3)."""

    id: str
    kind: str
    """The last step of its type: ``worksheet``, ``comments``."""
    target: str
    """The name of the part; of links out of the package empty."""


class Patch(Mapping[str, bytes]):
    """The parts of a package, to be read and written; what is written is what later reads see.

    The guard looked at what is read of every workbook. All other parts are looked at when they are read here.
    """

    def __init__(self, data: bytes, parts: Mapping[str, bytes], ask: Ask = afresh) -> None:
        """Start from an admitted package: its bytes, and its parts inflated; `ask` may know what was found out about those of others."""
        self.ask = ask
        self._data = data
        self._members = members(data)
        self._parts = dict(parts)
        self._changed: dict[str, bytes] = {}
        self._gone: set[str] = set()
        self._sound: set[str] = set()
        self._led: dict[str, list[Link]] = {}
        self._declared: list[bytes] = []
        self._names = {member.name.lower(): member.name for member in self._members}
        self._names |= {name.lower(): name for name in parts}
        self.book = main_part(parts, ask)
        main = parts[self.book]
        self.main, self.relating = next((two for two in _SPACES if two[0].encode("ascii") in main), _USUAL)

    # --- parts ---

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, name: str) -> bytes:
        """A part as XML in UTF-8.

        Raises:
            Refused: no parser may see it.
        """
        content = self._parts[name]
        if name not in self._sound:
            content = self._parts[name] = readable(content, "文件的一部分", LIMITS)
            self._sound.add(name)
        return content

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __setitem__(self, name: str, content: bytes) -> None:
        if name in self and self[name] == content:
            return  # what did not change goes over raw
        self._parts[name] = self._changed[name] = content
        self._sound.add(name)
        self._led.pop(name, None)
        self._names.setdefault(name.lower(), name)

    def elements(
        self, name: str, wanted: tuple[str, ...], deepest: int = 99, having: tuple[str, str] = ("", "")
    ) -> Sequence[Element]:
        """What :func:`xlcheck.copies.splice.elements` finds in a part.

        Raises:
            Refused: no parser may see it.
            expat.ExpatError: it is not well-formed.
        """
        return self.ask(elements, self[name], wanted, deepest, having)

    def free(self, pattern: str) -> str:
        """A name like ``xl/comments{}.xml`` that no part has, nor ever had."""
        number = 1
        while pattern.format(number).lower() in self._names:
            number += 1
        return pattern.format(number)

    def drop(self, *names: str) -> None:
        """Take parts away with their relationships and content types, and what only they led to."""
        led = {rels: [link.target for link in self.links(_source(rels))] for rels in self if rels.endswith(".rels")}
        below = _reached(led, names)
        for name in names:
            led.pop(rels_of(name), None)
        gone = {*names, *(below - _reached(led, ("",)))}
        for name in gone | set(map(rels_of, gone)):
            self._parts.pop(name, None)
            self._led.pop(name, None)
            self._gone.add(name)
        self._forget(gone)

    # --- relationships and content types ---

    def links(self, name: str) -> list[Link]:
        """The relationships of a part, of the package itself if `name` is empty; those that cannot be read lead nowhere."""
        rels = rels_of(name)
        if rels not in self._led:
            try:
                found = relations(self, name, self.ask)
            except Refused:
                found = []
            self._led[rels] = [Link(key, kind.rpartition("/")[2], at) for key, kind, at in found]
        return self._led[rels]

    def relate(self, name: str, kind: str, target: str) -> str:
        """Lead from one part to another; answers the relationship's id."""
        rels = rels_of(name)
        links = self.links(name)
        taken = {link.id for link in links}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        new = b'<Relationship Id="rId%d" Type="%s/%s" Target="/%s"/>' % (
            number,
            self.relating.encode("ascii"),
            kind.encode("ascii"),
            quoted(target),
        )
        if rels not in self:
            self[rels] = HEAD + b'<Relationships xmlns="%s/relationships"></Relationships>' % _PACKAGE.encode("ascii")
        self[rels] = in_root(self[rels], "Relationships", new)
        self._led[rels] = [*links, Link(f"rId{number}", kind, target)]
        return f"rId{number}"

    def unrelate(self, name: str, ids: Collection[str]) -> None:
        """Take some of a part's relationships away."""
        rels = rels_of(name)
        if ids and rels in self:
            gone = [one for one in self.elements(rels, ("Relationship",)) if one.attributes.get("Id") in ids]
            self[rels] = spliced(self[rels], [Splice(one.start, one.end, b"") for one in gone])

    def declare(self, name: str, content_type: str) -> None:
        """Say what a part is (ECMA-376 part 2, 9.1); one whose name's ending says it needs no word of its own."""
        ending = name.rpartition(".")[2].lower()
        if self._defaults.get(ending) != content_type:
            told = quoted(name), content_type.encode("ascii")
            self._declared.append(b'<Override PartName="/%s" ContentType="%s"/>' % told)

    @cached_property
    def _defaults(self) -> dict[str, str]:
        """The content types that the endings of names say; those of the original do not change."""
        told = (one.attributes for one in self.elements(TYPES, ("Default",)))
        return {each.get("Extension", "").lower(): each.get("ContentType", "") for each in told}

    def redeclare(self, name: str, content_type: str) -> None:
        """Say that a part is something else than it was."""
        told = {one.attributes.get("PartName", "").lower(): one.attributes.get("ContentType") for one in self._types()}
        if told.get(f"/{name}".lower()) == content_type:
            return
        self._forget({name})
        self.declare(name, content_type)

    def _types(self) -> Sequence[Element]:
        return self.elements(TYPES, ("Override",))

    def _forget(self, names: Collection[str]) -> None:
        lowered = {f"/{name}".lower() for name in names}
        gone = [one for one in self._types() if one.attributes.get("PartName", "").lower() in lowered]
        if gone:
            self[TYPES] = spliced(self[TYPES], [Splice(one.start, one.end, b"") for one in gone])

    # --- the file ---

    def packed(self) -> Iterator[tuple[Member, bytes]]:
        """The members of the copy with their packed bytes: those of the original in its order, then the new ones."""
        if self._declared:
            self[TYPES] = in_root(self[TYPES], "Types", b"".join(self._declared))
            self._declared.clear()
        seen: set[str] = set()
        for member in self._members:
            # A program that goes by names alone finds each part under the name that others refer to it by.
            name = member.name if member.name in self._parts else self._names.get(member.name.lower(), member.name)
            flags = member.flags if name.isascii() else member.flags | _UTF8
            spelt = member._replace(name=name, raw_name=name.encode("utf-8"), flags=flags)
            if self._is_other(name, member):
                if name not in seen:
                    yield deflated(name, self._parts[name], spelt, self.ask)
            elif name not in self._gone:
                yield spelt, packed_content(self._data, member)
            seen.add(name)
        for name in (name for name in self._changed if name in self._parts and name not in seen):
            yield deflated(name, self._parts[name], ask=self.ask)

    def _is_other(self, name: str, member: Member) -> bool:
        """Whether a part is no longer as it was: changed, or in UTF-8 now, which every program reads."""
        if name not in self._parts:
            return False
        return name in self._changed or zlib.crc32(self._parts[name]) != member.crc


def _source(rels: str) -> str:
    """Whose relationships stand in the part `rels`."""
    folder, _, last = rels.rpartition("/")
    return f"{folder.removesuffix('_rels')}{last.removesuffix('.rels')}"


def _reached(led: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    """The parts that relationships lead to from `starts`; `led` says where each part of relationships leads."""
    found: set[str] = set()
    ahead = list(starts)
    while ahead:
        for target in led.get(rels_of(ahead.pop()), ()):
            if target and target not in found:
                found.add(target)
                ahead.append(target)
    return found


def deflated(name: str, content: bytes, before: Member | None = None, ask: Ask = afresh) -> tuple[Member, bytes]:
    """A member with new content, in place of `before` if there was one; `ask` may know how it is packed."""
    packed = ask(_deflated, content)
    raw_name, flags = (before.raw_name, before.flags) if before else (name.encode("utf-8"), _UTF8)
    return Member(name, raw_name, flags, _DEFLATED, _DAY, zlib.crc32(content), len(packed), len(content), 0), packed


def _deflated(content: bytes) -> bytes:
    # Most parts are small. A window in which all of one lies gives the same bytes as the largest, which takes longer to set up.
    window = max(9, min((len(content) + _AHEAD).bit_length(), 15))
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -window, _MEMORY)
    return deflate.compress(content) + deflate.flush()


def container(held: list[tuple[Member, bytes]]) -> bytes:
    """A zip of these members (APPNOTE 4.3), their sizes where a reader looks first."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member, packed in held:
        told = (
            member.flags & _UTF8, member.method, *member.stamp, member.crc, member.packed, member.size, len(member.raw_name)
        )  # fmt: skip
        pieces += _LOCAL.pack(b"PK\3\4", 20, *told, 0), member.raw_name, packed
        directory += _CENTRAL.pack(b"PK\1\2", 20, 20, *told, 0, 0, 0, 0, 0, offset), member.raw_name
        offset += _LOCAL.size + len(member.raw_name) + len(packed)
    end = b"".join(directory)
    return b"".join((*pieces, end, _END.pack(b"PK\5\6", 0, 0, len(held), len(held), len(end), offset, 0)))
