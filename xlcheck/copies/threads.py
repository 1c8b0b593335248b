"""Threaded comments ([MS-XLSX] 2.6.205): where one stands on a marked cell, Excel would show it and not our text.

Such a thread becomes an ordinary comment below ours: who said what, line by line. All other threads stay.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from xlcheck.copies.package import Patch
from xlcheck.copies.richtext import runs
from xlcheck.copies.splice import Edit, elements, spliced
from xlcheck.form import Cell
from xlcheck.guard_ooxml import WORKBOOK
from xlcheck.guard_sheet import position


class Thread(NamedTuple):
    """What was said at a cell."""

    author: str
    """Who began."""
    text: str


def take(patch: Patch, member: str, cells: Collection[Cell]) -> dict[Cell, Thread]:
    """Take the threads at some cells out of the package; answers what they said."""
    found: dict[Cell, list[tuple[str, str]]] = {}
    for link in [link for link in patch.links(member) if link.kind == "threadedComment" and link.target in patch]:
        data = patch[link.target]
        persons = _persons(patch)
        every = elements(data, ("threadedComment",), 1)
        gone = [one for one in every if position(one.attributes.get("ref", "").replace("$", "")) in cells]
        for one in gone:
            cell = position(one.attributes["ref"].replace("$", ""))
            said = "".join(run.text for run in runs(data[one.start : one.end], "text"))
            found.setdefault(cell, []).append((persons.get(one.attributes.get("personId", ""), ""), said))
        if len(gone) == len(every):
            patch.unrelate(member, {link.id})
            patch.drop(link.target)
        elif gone:
            patch[link.target] = spliced(data, [Edit(one.start, one.end, b"") for one in gone])
    return {cell: Thread(said[0][0], "\n".join(f"{who}：{what}" for who, what in said)) for cell, said in found.items()}


def _persons(patch: Patch) -> dict[str, str]:
    """The names of those who took part, by id."""
    parts = [link.target for link in patch.links(WORKBOOK) if link.kind == "person" and link.target in patch]
    return {
        one.attributes.get("id", ""): one.attributes.get("displayName", "")
        for part in parts
        for one in elements(patch[part], ("person",), 1)
    }
