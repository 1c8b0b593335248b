"""Cell styles, added to those that are there and never changed (ECMA-376 part 1, 18.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from xlcheck.copies.package import STYLES_TYPE, Patch
from xlcheck.copies.splice import (
    HEAD,
    Element,
    Splice,
    appended,
    attributes_of,
    bare,
    elements,
    prefix_of,
    prefixed,
    quoted,
    retagged,
    spliced,
    tag_end,
)
from xlcheck.model import marks
from xlcheck.model.tuples import NamedTuple

Section = Literal["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]

_SECTIONS: dict[Section, tuple[bytes, ...]] = {
    "numFmts": (),
    "fonts": (b'<font><sz val="11"/><name val="Calibri"/></font>',),
    "fills": (
        b'<fill><patternFill patternType="none"/></fill>',
        b'<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": (b"<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": (b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": (b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
    "cellStyles": (b'<cellStyle name="Normal" xfId="0" builtinId="0"/>',),
    "dxfs": (),
}
"""The sections of the part in their order, and what one that is missing would hold."""
_ITEMS = {"font", "fill", "border", "xf", "dxf"}


def solid(colour: str) -> bytes:
    """A fill of one colour (ARGB)."""
    return b'<fill><patternFill patternType="solid"><fgColor rgb="%s"/><bgColor indexed="64"/></patternFill></fill>' % (
        colour.encode("ascii")
    )


class _Standing(NamedTuple):
    """What a styles part holds."""

    root: Element
    prefix: bytes
    sections: Mapping[str, Element]
    items: Mapping[str, Sequence[bytes]]
    """Those of each section, without their prefix."""
    fills: Sequence[str]
    """The number of its fill that each style says."""


def _standing(data: bytes) -> _Standing:
    """What a part holds.

    Raises:
        expat.ExpatError: it is not well-formed.
    """
    found = elements(data, {*_SECTIONS, *_ITEMS, "styleSheet"}, 2)
    root = found[0]
    prefix = prefix_of(data, root)
    sections = {one.name: one for one in found if one.depth == 1}
    items: dict[str, list[Element]] = {name: [] for name in sections}
    inside = ""
    for one in found:
        if one.depth == 1:
            inside = one.name
        elif one.depth == 2 and one.name in _ITEMS:
            items[inside].append(one)
    raw = {name: [bare(data[one.start : one.end], prefix) for one in inner] for name, inner in items.items()}
    return _Standing(
        root, prefix, sections, raw, [one.attributes.get("fillId", "0") for one in items.get("cellXfs", ())]
    )


class Styles:
    """The styles part of a package, as it will be."""

    def __init__(self, patch: Patch) -> None:
        """Take the styles of a package; one without any gets a part of its own."""
        self._patch = patch
        self._name = next((link.target for link in patch.links(patch.book) if link.kind == "styles"), "")
        if self._name not in patch:
            # Where readers that follow no relationship look for it.
            self._name = "xl/styles.xml" if "xl/styles.xml" not in patch else patch.free("xl/styles{}.xml")
            usual = b"".join(_section(name, items) for name, items in _SECTIONS.items() if items)
            patch[self._name] = HEAD + b'<styleSheet xmlns="%s">%s</styleSheet>' % (quoted(patch.main), usual)
            patch.declare(self._name, STYLES_TYPE)
            patch.relate(patch.book, "styles", self._name)
        self._data = patch[self._name]
        self._root, self._prefix, self._sections, self._items, self._fill_ids = patch.ask(_standing, self._data)
        self._new: dict[Section, list[bytes]] = {name: [] for name in _SECTIONS}
        self._numbers: dict[Section, dict[bytes, int]] = {}
        """Of those that are there, and of ours; for sections that were asked."""
        self._fills: dict[int, bytes] = {}
        self._filled: dict[tuple[int, bytes], int] = {}

    # --- what is there ---

    def _count(self, section: Section) -> int:
        """How many items a section has before any of ours."""
        return len(self._items[section]) if section in self._sections else len(_SECTIONS[section])

    def _raw(self, section: Section, number: int) -> bytes:
        """An item; one that does not exist is taken for the first, as spreadsheet programs do."""
        first = self._count(section)
        if number >= first:
            ours = self._new[section]
            return ours[number - first] if number - first < len(ours) else self._raw(section, 0)
        return self._items[section][number] if section in self._sections else _SECTIONS[section][number]

    def fill(self, style: int) -> bytes:
        """The fill of a style."""
        if style not in self._fills:
            self._fills[style] = self._raw("fills", self._value(style, "fillId"))
        return self._fills[style]

    def _value(self, style: int, name: str) -> int:
        raw = self._raw("cellXfs", style)
        text = attributes_of(raw[: tag_end(raw, 0)]).get(name.encode("ascii"), b"")
        return int(text) if text.isdigit() else 0

    def is_locked(self, style: int) -> bool:
        """Whether cells of a style cannot be typed into on a protected sheet (18.8.33)."""
        found = elements(self._raw("cellXfs", style), ("protection",))
        return not found or found[0].attributes.get("locked", "1") not in ("0", "false")

    @cached_property
    def marked(self) -> frozenset[int]:
        """The styles whose fill is one of our marks."""
        ours = {number for number in range(self._count("fills")) if _is_mark(self._raw("fills", number))}
        said = set(map(str, ours))
        return frozenset(number for number, fill in enumerate(self._fill_ids) if fill in said)

    # --- what is added ---

    def add(self, section: Section, xml: bytes) -> int:
        """The number of an item; it is added if none is spelt like it."""
        numbers = self._numbers.get(section)
        if numbers is None:
            there = self._items.get(section, _SECTIONS[section])
            # Of those that are spelt alike the first one counts.
            numbers = self._numbers[section] = {known: number for number, known in reversed([*enumerate(there)])}
        if xml not in numbers:
            numbers[xml] = self._count(section) + len(self._new[section])
            self._new[section].append(xml)
        return numbers[xml]

    def filled(self, style: int, fill: bytes) -> int:
        """The style that is like `style` but for its fill."""
        key = style, fill
        if key not in self._filled:
            self._filled[key] = self._changed(style, fillId=self.add("fills", fill), applyFill=1)
        return self._filled[key]

    def general(self, style: int) -> int:
        """The style that is like `style`, with numbers shown as numbers where it shows them as texts."""
        number = self._value(style, "numFmtId")
        return self._changed(style, numFmtId=0) if number == _TEXT or self._code(number) == "@" else style

    def _code(self, number: int) -> str:
        one = self._sections.get("numFmts")
        found = elements(bare(self._data[one.start : one.end], self._prefix), ("numFmt",)) if one else []
        codes = (
            each.attributes.get("formatCode", "") for each in found if each.attributes.get("numFmtId") == str(number)
        )
        return next(codes, "")

    def _changed(self, style: int, **attributes: int) -> int:
        raw = self._raw("cellXfs", style)
        cut = tag_end(raw, 0)
        return self.add("cellXfs", retagged(raw[:cut], **attributes) + raw[cut:])

    def write(self) -> None:
        """Write what was added into the package."""
        edits: list[Splice] = []
        missing: list[bytes] = []
        at = self._root.inner
        for section, defaults in _SECTIONS.items():
            new = self._new[section]
            if section in self._sections:
                edits += _inserted(at, missing)
                one = self._sections[section]
                at = one.end
                if new:
                    body = prefixed(b"".join(new), self._prefix)
                    edits += appended(self._data, one, body, count=self._count(section) + len(new))
            elif new:
                missing.append(prefixed(_section(section, (*defaults, *new)), self._prefix))
        edits += _inserted(at, missing)
        if edits:
            self._patch[self._name] = spliced(self._data, edits)


def _section(name: Section, items: tuple[bytes, ...]) -> bytes:
    tag = name.encode("ascii")
    return b'<%s count="%d">%s</%s>' % (tag, len(items), b"".join(items), tag)


_TEXT = 49
"""The built-in number format of texts (18.8.30)."""


def _inserted(at: int, missing: list[bytes]) -> list[Splice]:
    """The edit that puts the missing sections behind the one before them."""
    new = b"".join(missing)
    missing.clear()
    return [Splice(at, at, new)] if new else []


def _is_mark(fill: bytes) -> bool:
    """Whether a fill is one colour, and that of a mark."""
    found = {one.name: one.attributes for one in elements(fill, ("patternFill", "fgColor"))}
    return (
        found.get("fgColor", {}).get("rgb") in marks.FILLS
        and found.get("patternFill", {}).get("patternType") == "solid"
    )
