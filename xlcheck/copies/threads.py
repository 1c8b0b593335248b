"""Threaded comments ([MS-XLSX] 2.6.205): where one stands on a marked cell, Excel would show it and not our text.

Such a thread becomes an ordinary comment below ours: who said what, line by line. All other threads stay.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xlcheck.copies.package import Link, Patch
from xlcheck.copies.richtext import runs
from xlcheck.copies.splice import Element, Splice, elements, spliced
from xlcheck.guard.parts import position
from xlcheck.model.cells import Cell
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple


class Thread(NamedTuple):
    """What was said at a cell."""

    author: str
    """Who began."""
    text: str


SAYS = "标记格上的会话式批注的回复记录（文字已移到普通批注里）"
"""What becomes of a thread, in a clerk's words."""


def stand_at(patch: Patch, member: str, cells: Collection[Cell]) -> bool:
    """Whether one stands at any of some cells."""
    return any(_cell(one) in cells for link in _links(patch, member) for one in _all(patch[link.target]))


def taken_out(patch: Patch, member: str, cells: Collection[Cell]) -> dict[Cell, Thread]:
    """Take the threads at some cells out of the package; answers what they said."""
    found: dict[Cell, list[tuple[str, str]]] = {}
    for link in _links(patch, member):
        data = patch[link.target]
        persons = _persons(patch)
        every = _all(data)
        gone = [one for one in every if _cell(one) in cells]
        for one in gone:
            said = entered(
                "".join(run.text for run in runs(data[one.start : one.end], "text")), LONGEST_CELL, lines=True
            )
            found.setdefault(_cell(one), []).append((persons.get(one.attributes.get("personId", ""), ""), said))
        if len(gone) == len(every):
            patch.unrelate(member, {link.id})
            patch.drop(link.target)
        elif gone:
            patch[link.target] = spliced(data, [Splice(one.start, one.end, b"") for one in gone])
    return {cell: Thread(said[0][0], "\n".join(f"{who}：{what}" for who, what in said)) for cell, said in found.items()}


def _links(patch: Patch, member: str) -> list[Link]:
    return [link for link in patch.links(member) if link.kind == "threadedComment" and link.target in patch]


def _all(data: bytes) -> Sequence[Element]:
    return elements(data, ("threadedComment",), 1)


def _cell(one: Element) -> Cell:
    return position(one.attributes.get("ref", "").replace("$", ""))


def _persons(patch: Patch) -> dict[str, str]:
    """The names of those who took part, by id."""
    parts = [link.target for link in patch.links(patch.book) if link.kind == "person" and link.target in patch]
    return {
        one.attributes.get("id", ""): entered(one.attributes.get("displayName", ""))
        for part in parts
        for one in elements(patch[part], ("person",), 1)
    }
