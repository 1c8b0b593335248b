"""The marks of an earlier copy, taken away before fresh ones are made: sheet, comments, colours, rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from xml.parsers import expat

from xlcheck.copies import covered, workbook
from xlcheck.copies.comments import Comments
from xlcheck.copies.package import Patch
from xlcheck.copies.splice import Element, Splice, elements, retagged, spliced, tag_end
from xlcheck.copies.styles import Styles, solid
from xlcheck.copies.survey import survey
from xlcheck.guard.parts import Listed, listed, position, relations
from xlcheck.model import marks
from xlcheck.model.cells import Cell, Place
from xlcheck.model.text import told_apart

_NO_FILL = b'<fill><patternFill patternType="none"/></fill>'
_HEAD = marks.COMMENT_HEAD.encode("utf-8")
_NAME = marks.CHANGED_NAME.encode("utf-8")


def unmarked(patch: Patch) -> dict[str, str]:
    """Take away what an earlier copy left, also after a spreadsheet program saved it.

    The colours below the marks come back. A cell whose colour nobody remembers looks as in the template again, if a
    comment of ours says that the mark was one. Answers the parts of the other worksheets, by their titles.
    """
    sheets = {sheet.title: sheet.member for sheet in _worksheets(patch)}
    texts = _texts(patch)
    results = [title for title, member in sheets.items() if is_result(title, patch[member], texts)]
    comments = _comments(patch, sheets.values())
    if not results and not any(_HEAD in patch[name] or b"&#" in patch[name] for name in comments):
        return sheets
    styles = Styles(patch)
    fills: dict[Place, bytes] = {}
    for title in results:
        fills.update(covered.fills(patch[sheets[title]], texts))
    called = dict(zip(sheets, told_apart(sheets), strict=True))
    # A formula leads to a sheet by its title, a text by how reading calls it.
    fills = {Place(called.get(place.sheet, place.sheet), place.cell): fill for place, fill in fills.items()}
    tables = {title: member for title, member in sheets.items() if title not in results}
    for title, member in tables.items():
        cells = {place.cell for place in fills if place.sheet == called[title]}.union(_without_comments(patch, member))
        _restore(patch, member, styles, {cell: fills.get(Place(called[title], cell)) for cell in sorted(cells)})
    styles.write()
    workbook.take_away(patch, [sheets[title] for title in results], (marks.CHANGED_NAME,))
    return tables


def _worksheets(patch: Patch) -> list[Listed]:
    found = listed(patch[patch.book], relations(patch, patch.book, patch.ask), patch.ask)
    return [sheet for sheet in found if sheet.kind == "worksheet" and sheet.member in patch]


def is_result(title: str, data: bytes, texts: bytes) -> bool:
    """Whether a sheet is an earlier copy's result sheet."""
    if not title.startswith(marks.RESULT_SHEET):
        return False
    first = next((cell for cell in covered.cell_texts(data, (0,)) if cell[:2] == (0, 0)), None)
    if first is None:
        return False
    _, _, kind, _, text = first
    shared = covered.shared_texts(texts, {int(text)} if kind == "s" and text.isdecimal() else ())
    return shared.get(text, text) == marks.RESULT_TITLE


def _texts(patch: Patch) -> bytes:
    """The part with the shared strings."""
    return next((patch.get(link.target, b"") for link in patch.links(patch.book) if link.kind == "sharedStrings"), b"")


def _comments(patch: Patch, sheets: Iterable[str]) -> list[str]:
    links = [link for member in sheets for link in patch.links(member)]
    return [link.target for link in links if link.kind == "comments" and link.target in patch]


def _marked(data: bytes, styles: Collection[int], cells: Collection[Cell]) -> dict[Cell, tuple[int, int]]:
    """Those of some cells that have one of some styles: where their tags begin, and the style."""
    wanted = set(map(str, styles))
    found: dict[Cell, tuple[int, int]] = {}
    parser = expat.ParserCreate("utf-8")

    def start(tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("s") in wanted and tag.rpartition(":")[2] == "c" and "r" in attributes:
            cell = position(attributes["r"])
            if cell in cells:
                found[cell] = parser.CurrentByteIndex, int(attributes["s"])

    parser.StartElementHandler = start
    if wanted and cells:
        parser.Parse(data, True)
    return found


def _without_comments(patch: Patch, member: str) -> Collection[Cell]:
    """Take our comments away; answers the cells that had one."""
    comments = Comments(patch, member)
    if not comments.name:
        return ()
    left = comments.clean()
    kept = {cell: text for cell, text in left.items() if text}
    if kept:
        comments.fit(kept, survey(patch[member], kept.keys(), patch.ask))
    return left


def _restore(patch: Patch, member: str, styles: Styles, fills: Mapping[Cell, bytes | None]) -> None:
    """Give cells that are marked the fills that they had, and take away the rules that stand for our marks."""
    data = patch[member]
    edits = []
    for cell, (start, style) in _marked(data, styles.marked, fills.keys()).items():
        # As in the template, where nobody remembers.
        fill = fills[cell] or (_NO_FILL if styles.is_locked(style) else solid(marks.INPUT))
        stop = tag_end(data, start)
        edits.append(Splice(start, stop, retagged(data[start:stop], s=styles.filled(style, fill))))
    if _NAME in data:
        edits += _rules(data)
    if edits:
        patch[member] = spliced(data, edits)


def _rules(data: bytes) -> list[Splice]:
    """The edits that take away the conditional formats which ask whether a cell was changed."""
    wholes: list[tuple[Element, list[Element]]] = []
    for one in elements(data, ("conditionalFormatting", "cfRule"), 2):
        if one.name == "conditionalFormatting":
            wholes.append((one, []))
        elif wholes and one.start < wholes[-1][0].end:
            wholes[-1][1].append(one)
    edits: list[Splice] = []
    for whole, rules in wholes:
        ours = [one for one in rules if _NAME in data[one.start : one.end]]
        gone = [whole] if ours and len(ours) == len(rules) else ours
        edits += [Splice(one.start, one.end, b"") for one in gone]
    return edits
