"""The workbook part (ECMA-376 part 1, 18.2): a sheet in front, sheets taken away, and what counts sheets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from xlcheck.copies.package import BOOK_TYPE, WORKSHEET_TYPE, Patch
from xlcheck.copies.splice import (
    Element,
    Splice,
    appended,
    elements,
    escaped,
    prefix_of,
    prefixed,
    quoted,
    retagged,
    spliced,
)
from xlcheck.guard.parts import TYPES
from xlcheck.model import marks
from xlcheck.model.tuples import NamedTuple

_ORDER = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)
"""The children of a workbook, in the order that the schema wants (18.2.27)."""
_RANK = {name: number for number, name in enumerate(_ORDER)}
_LOOKED_AT = (*_ORDER, "definedName", "sheet", "workbookView")
_SELECTED = re.compile(rb"""(<(?:[\w.-]+:)?sheetView\b[^>]*?)\s+tabSelected\s*=\s*["'](?:1|true)["']""")
_MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")


class Name(NamedTuple):
    """A defined name (18.2.5)."""

    name: str
    refers: str
    local: bool = True
    """Whether it belongs to the sheet that is put in front."""
    hidden: bool = False


def free_title(titles: Iterable[str]) -> str:
    """The title for our sheet, with a number if somebody has taken it."""
    taken = {title.lower() for title in titles}
    title, number = marks.RESULT_SHEET, 0
    while title in taken:
        number += 1
        title = f"{marks.RESULT_SHEET}{number}"
    return title


def free_name(patch: Patch) -> str:
    """A defined name for what was changed, with a number if somebody has taken it."""
    name, number = marks.CHANGED_NAME, 0
    data = patch[patch.book]
    taken = (
        {one.attributes.get("name", "") for one in patch.elements(patch.book, ("definedName",), 2)}
        if b"&#" in data or name.encode("utf-8") in data
        else ()
    )
    while name in taken:
        number += 1
        name = f"{marks.CHANGED_NAME}{number}"
    return name


def put_in_front(patch: Patch, title: str, xml: bytes, names: Sequence[Name]) -> None:
    """Add a worksheet as the first one, which opens and alone is selected; `names` come with it."""
    member = patch.free("xl/worksheets/sheet{}.xml")
    _deselect(patch)
    patch[member] = xml
    patch.declare(member, WORKSHEET_TYPE)
    key = patch.relate(patch.book, "worksheet", member)
    patch[patch.book] = patch.ask(_with_first, patch[patch.book], title, key, patch.relating, tuple(names))


def _with_first(data: bytes, title: str, key: str, relating: str, names: Sequence[Name]) -> bytes:
    """The workbook with a sheet in front of the others, to which the relationship `key` leads, and with its names."""
    # A workbook may have hundreds of names; only those that belong to a sheet are looked at.
    found = elements(data, _LOOKED_AT, 2, ("definedName", "localSheetId"))
    (sheets,) = (one for one in found if one.name == "sheets" and one.depth == 1)
    prefix = prefix_of(data, sheets)
    number = 1 + max((int(one.attributes.get("sheetId", "0")) for one in found if one.name == "sheet"), default=0)
    new = b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (
        prefix,
        quoted(relating),
        quoted(title),
        number,
        quoted(key),
    )
    edits = [Splice(sheets.inner, sheets.inner, new)]
    for one in found:
        tag = data[one.start : one.inner]
        if one.name == "definedName" and (owner := one.attributes.get("localSheetId", "")).isdecimal():
            edits.append(Splice(one.start, one.inner, retagged(tag, localSheetId=int(owner) + 1)))
        elif one.name == "workbookView" and one.attributes.keys() & {"activeTab", "firstSheet"}:
            edits.append(Splice(one.start, one.inner, retagged(tag, activeTab=None, firstSheet=None)))
    body = prefixed(b"".join(map(_named, names)), prefix)
    return spliced(data, [*edits, *_put(data, found, "definedNames", body, prefix)])


def _named(name: Name) -> bytes:
    local = b' localSheetId="0"' if name.local else b""
    hidden = b' hidden="1"' if name.hidden else b""
    return b'<definedName name="%s"%s%s>%s</definedName>' % (quoted(name.name), local, hidden, escaped(name.refers))


def _put(data: bytes, found: Sequence[Element], name: str, body: bytes, prefix: bytes) -> list[Splice]:
    """The edits that put `body` into a child of the root, which is made if there is none."""
    known = [one for one in found if one.name == name and one.depth == 1]
    if known:
        return appended(data, known[0], body)
    at = max(one.end for one in found if one.depth == 1 and _RANK.get(one.name, len(_ORDER)) < _RANK[name])
    tag = prefix + name.encode("ascii")
    return [Splice(at, at, b"<%s>%s</%s>" % (tag, body, tag))]


def _deselect(patch: Patch) -> None:
    """Sheets that stay selected together all take what is typed into one of them."""
    for link in patch.links(patch.book):
        if link.kind.lower().endswith("sheet"):
            data = patch.get(link.target, b"")
            # Views stand in front of the cells, whose texts may say anything.
            cut = data.find(b"sheetData")
            if data.find(b"tabSelected", 0, cut if cut >= 0 else len(data)) >= 0:
                patch[link.target] = patch.ask(_deselected, data, cut)


def _deselected(data: bytes, cut: int) -> bytes:
    """A worksheet that is not selected; its cells begin behind `cut`, or it has none."""
    head = data[:cut] if cut >= 0 else data
    return _SELECTED.sub(rb"\1", head) + data[len(head) :]


def take_away(patch: Patch, members: Collection[str], own_names: Sequence[str] = ()) -> None:
    """Take sheets away, with the names that belong to them and the global ones that begin like `own_names`."""
    keys = {link.id for link in patch.links(patch.book) if link.target in members}
    data = patch[patch.book]
    found = patch.elements(patch.book, ("sheet", "definedName", "definedNames", "workbookView"), 2)
    sheets = [one for one in found if one.name == "sheet"]
    gone = [number for number, one in enumerate(sheets) if _key(one) in keys]
    edits = [Splice(sheets[number].start, sheets[number].end, b"") for number in gone]
    kept = 0
    for one in (one for one in found if one.name == "definedName"):
        local = one.attributes.get("localSheetId", "")
        ours = not local and bool(own_names) and one.attributes.get("name", "").startswith(tuple(own_names))
        if ours or (local.isdecimal() and int(local) in gone):
            edits.append(Splice(one.start, one.end, b""))
        else:
            kept += 1
            edits += _counted_down(data, one, "localSheetId", gone)
    for one in found:
        if one.name == "workbookView":
            edits += _counted_down(data, one, "activeTab", gone)
        elif one.name == "definedNames" and not kept:
            # An empty list of names is against the schema.
            edits = [edit for edit in edits if not one.start <= edit.start < one.end] + [
                Splice(one.start, one.end, b"")
            ]
    patch[patch.book] = spliced(data, edits)
    patch.unrelate(patch.book, keys)
    # A chain of calculation that names cells of these sheets would be damage; without one it is made anew.
    chains = [link for link in patch.links(patch.book) if link.kind == "calcChain"]
    patch.unrelate(patch.book, {link.id for link in chains})
    patch.drop(*members, *(link.target for link in chains))


def _key(sheet: Element) -> str:
    return next((value for name, value in sheet.attributes.items() if name.rpartition(":")[2] == "id"), "")


def _counted_down(data: bytes, one: Element, name: str, gone: Sequence[int]) -> list[Splice]:
    """The edit of an attribute that counts sheets, when some are gone."""
    text = one.attributes.get(name, "")
    if not text.isdecimal() or not (before := sum(number < int(text) for number in gone)):
        return []
    return [Splice(one.start, one.inner, retagged(data[one.start : one.inner], **{name: int(text) - before}))]


def without_programs(patch: Patch) -> bool:
    """Take macros away and say that the workbook has none; answers whether it had."""
    links = patch.links(patch.book)
    programs = [link for link in links if link.kind == "vbaProject"]
    sheets = [link.target for link in links if link.kind in _MACRO_SHEETS and link.target in patch]
    strays = [name for name in patch if name.lower().endswith("vbaproject.bin")]
    if programs or strays:
        patch.unrelate(patch.book, {link.id for link in programs})
        patch.drop(*strays, *(link.target for link in programs if link.target in patch))
    if sheets:
        take_away(patch, sheets)
    if BOOK_TYPE.encode("ascii") not in patch[TYPES]:
        patch.redeclare(patch.book, BOOK_TYPE)
    return bool(programs or strays or sheets)


def without_signatures(patch: Patch) -> bool:
    """Take digital signatures away, which no longer hold (ECMA-376 part 2, 10); answers whether there were any."""
    links = [link for link in patch.links("") if "digital-signature" in link.kind or link.kind == "origin"]
    parts = [name for name in patch if name.lower().startswith("_xmlsignatures/")]
    if links or parts:
        patch.unrelate("", {link.id for link in links})
        patch.drop(*parts)
    return bool(links or parts)


def recalculate(patch: Patch) -> None:
    """Have every formula worked out when the workbook is opened (18.2.2)."""
    data = patch[patch.book]
    found = patch.elements(patch.book, _ORDER, 1)
    known = next((one for one in found if one.name == "calcPr"), None)
    if known:
        tag = retagged(data[known.start : known.inner], fullCalcOnLoad=1)
        patch[patch.book] = spliced(data, [Splice(known.start, known.inner, tag)])
        return
    prefix = prefix_of(data, next(one for one in found if one.name == "sheets"))
    at = max(one.end for one in found if _RANK[one.name] < _RANK["calcPr"])
    patch[patch.book] = spliced(data, [Splice(at, at, b'<%scalcPr fullCalcOnLoad="1"/>' % prefix)])
