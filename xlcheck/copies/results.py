"""Results of formulas: where numbers were changed they may be stale, and a stale one must not be believed."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from xlcheck.copies import workbook
from xlcheck.copies.package import Patch
from xlcheck.copies.splice import Splice, element, retagged, spliced, tag_end


def forget(patch: Patch, members: Iterable[str]) -> None:
    """Take the results of all formulas of some worksheets away, and have them worked out on opening.

    Without a result a formula is told as not calculated (C110), never read as a number.
    """
    for member in members:
        data = patch[member]
        if b"<f" in data or b":f" in data:
            edits = _results(data)
            if edits:
                patch[member] = spliced(data, edits)
    workbook.recalculate(patch)
    # The chain of calculation may name a cell that holds a number from now on; it is made anew.
    chains = [link for link in patch.links(patch.book) if link.kind == "calcChain"]
    patch.unrelate(patch.book, {link.id for link in chains})
    patch.drop(*(link.target for link in chains if link.target in patch))


def _results(data: bytes) -> list[Splice]:
    """The edits that take the values of cells with formulas away (ECMA-376 part 1, 18.3.1.4)."""
    edits: list[Splice] = []
    parser = expat.ParserCreate("utf-8")
    path: list[str] = []
    begun = 0
    value: tuple[int, int] | None = None
    formula = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal begun, value, formula
        path.append(tag.rpartition(":")[2])
        if path[-1] == "c":
            begun, value, formula = parser.CurrentByteIndex, None, False
        elif path[-1] == "f" and len(path) == 5:
            formula = True
        elif path[-1] == "v" and len(path) == 5:
            value = parser.CurrentByteIndex, 0

    def end(_: str) -> None:
        nonlocal value
        name = path.pop()
        if name == "v" and len(path) == 4 and value is not None:
            value = value[0], element(data, name, {}, value[0], len(path), parser.CurrentByteIndex).end
        elif name == "c" and formula and value is not None:
            stop = tag_end(data, begun)
            # Of type `str` it would be read as an empty text.
            edits.append(Splice(begun, stop, retagged(data[begun:stop], t=None)))
            edits.append(Splice(*value, b""))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(data, True)
    return edits
