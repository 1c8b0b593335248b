"""The parts of an OOXML package as its relationships reach them from the top, each spelt as it is referred to.

Names of parts that differ in case are the same (ECMA-376 part 2, 6.3.5); not every parser knows that, so parts are
renamed once, here, and nobody behind need know it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlcheck.guard.container import Contents
from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import is_strict, readable
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import LINKS_SAID, TYPES, Relationship, main_types, relationships, rels_of
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

_SHEET = re.compile(rb"""<[^<>]*/worksheet["'][^<>]*>""")


class Linked(NamedTuple):
    """The parts of a package, and how they hang together."""

    parts: dict[str, bytes]
    """By their names; relationships that could be read are in UTF-8."""
    links: Mapping[str, Sequence[Relationship]]
    """The relationships of each part that is reached; of the package itself under the empty name."""
    unsure: frozenset[str]
    """Names in small letters of what stands more than once in the package."""
    odd: frozenset[str]
    """Names in small letters of what some programs do not find, or cannot read: by another name, or misdeclared."""
    recased: frozenset[str]
    """Of what is referred to by another case than it is spelt in, which some programs do not find."""

    def is_odd(self, name: str) -> bool:
        """Whether some programs do not find a part, or cannot read it; asked before it is read."""
        return self.is_unfound(name) or not is_strict(self.parts.get(name, b"<"))

    def is_unfound(self, name: str, *, in_any_case: bool = False) -> bool:
        """Whether some programs do not find a part.

        Args:
            name: of the part.
            in_any_case: whether those that matter find it whatever its case, as texts are found.
        """
        lower = name.lower()
        return (lower in self.recased and not in_any_case) or lower in self.odd

    def check(self, name: str, what: str) -> None:
        """See that there is one part of a name; `what` it is in a clerk's words.

        Raises:
            Refused: F101 there is none, or there are several.
        """
        if name.lower() in self.unsure:
            raise damaged(f"{what}有重复的两份")
        if name not in self.parts:
            raise damaged(f"缺少{what}")

    def part(self, name: str, what: str, limits: Limits, ask: Ask = afresh) -> bytes:
        """A part that is to be read, in UTF-8; `what` it is in a clerk's words.

        Raises:
            Refused: F101 there is none, or there are several, or no parser may see it; F104 a tag too long.
        """
        self.check(name, what)
        return ask(readable, self.parts[name], what, limits)


def linked(contents: Contents, limits: Limits, ask: Ask = afresh) -> Linked:
    """Follow the relationships from the package down; those that cannot be read lead nowhere.

    Raises:
        Refused: F104 more relationships than `limits` allow.
    """
    parts = contents.parts
    spelt = {name.lower(): name for name in parts}
    names: dict[str, str] = {}
    odd: set[str] = set()

    def reached(name: str) -> str:
        """How the member is spelt that is meant by a name; empty for none."""
        here = spelt.get(name.lower(), "")
        if here and here != name:
            names.setdefault(here, name)
        return here

    links: dict[str, Sequence[Relationship]] = {}
    ahead, count = [*_declared(parts, reached(TYPES), ask), ""], 0
    while ahead:
        source = ahead.pop()
        rels = rels_of(source)
        here = reached(rels)
        if not here or source in links:
            continue
        if not is_strict(parts[here]):
            odd.add(here.lower())
        links[source] = found = _relations(parts, here, rels, limits, ask)
        count += len(found)
        if count > limits.links:
            raise too_much("文件内的链接过多")
        ahead += [target for _, _, target in found if reached(target)]
    if names:
        parts = {names.get(name, name): data for name, data in parts.items()}
    recased = frozenset(name.lower() for name in names)
    return Linked(parts, links, contents.unsure, contents.respelt | odd, recased)


def _declared(parts: dict[str, bytes], types: str, ask: Ask) -> Sequence[str]:
    """The parts that the list of types calls a workbook; none if it cannot be read."""
    try:
        return ask(main_types, parts.get(types, b""))
    except Refused:
        return ()


def _relations(parts: dict[str, bytes], here: str, rels: str, limits: Limits, ask: Ask) -> Sequence[Relationship]:
    """The relationships of a part, which stand in the member `here`; none if they cannot be read."""
    try:
        data = ask(readable, parts[here], LINKS_SAID, limits)
        parts[here] = data.replace(b"\\", b"/") if _is_backward(data) else data
        return ask(relationships, parts[here], rels)
    except Refused:
        return ()


def _is_backward(data: bytes) -> bool:
    r"""Whether targets are spelt ``a\\b.xml``, as some programs write them all; what lies outside may be named like that.

    Others do not find them: a few sheets so spelt among others would be shown without their cells.
    """
    return b"\\" in data and b"External" not in data and all(b"\\" in one for one in _SHEET.findall(data))
