"""The marks of an earlier copy of a .docx, taken away before fresh ones are made: comments and shading."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xlcheck.copies.documents.docx_comments import WordComments
from xlcheck.copies.package import Patch
from xlcheck.copies.splice import Element, Splice, elements, prefix_of, spliced
from xlcheck.model import marks

_FILLS = frozenset(fill[2:] for fill in marks.FILLS)


def shading(prefix: bytes, colour: str, was: str = "auto") -> bytes:
    """The shading of a marked cell (ECMA-376 part 1, 17.4.32).

    What it was shaded with before stands where a pattern's colour would: there is no pattern, so nobody sees it.

    Args:
        prefix: of the elements beside it.
        colour: ARGB.
        was: the fill of before, six digits or ``auto``.
    """
    before = was if len(was) == 6 and was.isalnum() and was.isascii() else "auto"
    said = (prefix, prefix, prefix, before.encode("ascii"), prefix, colour[2:].encode("ascii"))
    return b'<%sshd %sval="clear" %scolor="%s" %sfill="%s"/>' % said


def without_marks(patch: Patch, comments: WordComments) -> None:
    """Take away what an earlier copy left, where the document bears our comments."""
    ours = [one for one in comments.standing() if one.is_ours]
    if not ours:
        return
    data = patch[patch.book]
    wanted = {"r", "rPr", "shd", "tcPr", "commentRangeStart", "commentRangeEnd", "commentReference"}
    found = elements(data, wanted)
    edits = _references(data, found, {one.key for one in ours}) + _shades(data, found)
    patch[patch.book] = spliced(data, edits)
    comments.drop(ours)


def _said(one: Element, name: str) -> str:
    return next((value for key, value in one.attributes.items() if key.rpartition(":")[2] == name), "")


def _references(data: bytes, found: Sequence[Element], keys: Collection[str]) -> list[Splice]:
    """The edits that take away what leads to comments, with runs that hold nothing else."""
    edits = []
    runs = [one for one in found if one.name == "r"]
    for one in found:
        if not one.name.startswith("comment") or _said(one, "id") not in keys:
            continue
        gone = one
        if one.name == "commentReference":
            run = next(
                (each for each in runs if each.start < one.start < each.end and each.depth == one.depth - 1), one
            )
            looks = [each for each in found if each.name == "rPr" and run.inner == each.start]
            inside = data[looks[0].end if looks else run.inner : run.close]
            gone = run if run is not one and inside.strip() == data[one.start : one.end] else one
        edits.append(Splice(gone.start, gone.end, b""))
    return edits


def _shades(data: bytes, found: Sequence[Element]) -> list[Splice]:
    """The edits that give cells the shading back that they had."""
    edits = []
    holders = {(one.start, one.end, one.depth) for one in found if one.name == "tcPr"}
    for one in found:
        if one.name != "shd" or _said(one, "fill").upper() not in _FILLS:
            continue
        if not any(start < one.start < end and depth == one.depth - 1 for start, end, depth in holders):
            continue
        was = _said(one, "color")
        new = b"" if was in ("", "auto") else shading(prefix_of(data, one), f"FF{was}")
        edits.append(Splice(one.start, one.end, new))
    return edits
