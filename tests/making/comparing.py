"""Original and copy compared member by member and element by element: they may differ in our marks only.

It shares nothing with the code that writes the marks but their names. What is not said here to be a mark is a
difference: a text, an attribute, the order of elements, a comment in the XML, a byte of a part that bears no mark.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from xlcheck.model import marks
from xlcheck.model.cells import cell_name, parse_cell

_SHEET_PARTS = ("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}", "{http://purl.oclc.org/ooxml/spreadsheetml/main}")  # fmt: skip
_OUR_SHAPE = re.compile(rb'<v:shape xmlns:v="[^>]*fillcolor="#ffffe1" o:insetmode="auto">.*?</v:shape>', re.DOTALL)
_OUR_TYPE = re.compile(rb'<v:shapetype xmlns:v="[^>]*id="_x0000_t202".*?</v:shapetype>', re.DOTALL)
_SIZES = re.compile(rb"(?:width|height)\s*:[^;'\"]*|<(?:\w+:)?Anchor>[^<]*")
_SEAL = "docProps/xlcheck.xml"
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["'](gb\w+)["'][^>]*>""", re.IGNORECASE)
_GONE = re.compile(r"_xmlsignatures/|xl/vbaProject", re.IGNORECASE)
"""What a copy leaves out and says so."""


class Member(NamedTuple):
    """A member of a zip: what it holds, and how it lies there."""

    content: bytes
    packed: bytes


def members(data: bytes) -> dict[str, Member]:
    """The members of a package, directories left out."""
    found: dict[str, Member] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                start = info.header_offset
                length = 30 + int.from_bytes(data[start + 26 : start + 28], "little")
                length += int.from_bytes(data[start + 28 : start + 30], "little")
                packed = data[start + length : start + length + info.compress_size]
                found[info.filename] = Member(archive.read(info), packed)
    return found


def differences(before: bytes, after: bytes) -> list[str]:
    """What differs between an original and its copy besides our marks; empty if they are the same."""
    new = members(after)
    # A copy has each part under the name that others refer to it by.
    spelt = {name.lower(): name for name in new}
    plain = {name.replace("\\", "/").lstrip("/"): member for name, member in members(before).items()}
    old = {spelt.get(name.lower(), name): member for name, member in plain.items()}
    return list(_Comparison(old, new).all())


def tree(content: bytes) -> Element:
    """A part as elements, its comments and processing instructions among them."""
    if (named := _ENCODING.match(content)) is not None:  # the parser knows none of two bytes a character
        content = content[named.end() :].decode(named[1].decode()).encode()
    builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    return ElementTree.fromstring(content, parser=ElementTree.XMLParser(target=builder))


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


class _Comparison:
    """One copy held against its original."""

    def __init__(self, old: dict[str, Member], new: dict[str, Member]) -> None:
        self.old, self.new = old, new
        book = tree(new["xl/workbook.xml"].content)
        links = self.links(new, "xl/workbook.xml")
        first = next(element for element in book.iter() if local(element) == "sheet")
        self.result = links[next(value for name, value in first.attrib.items() if name.endswith("}id"))]
        self.known_looks: dict[int, Element | None] = {}
        self.styles = next((target for key, target in links.items() if self.kind(new, "xl/workbook.xml", key) == "styles"), "")  # fmt: skip
        self.fresh = new.keys() - old.keys()

    @staticmethod
    def relations(parts: dict[str, Member], name: str) -> list[dict[str, str]]:
        folder, last = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{last}.rels")
        return [dict(item.attrib) for item in tree(parts[rels].content)] if rels in parts else []

    def links(self, parts: dict[str, Member], name: str) -> dict[str, str]:
        """Where relationships lead, by their ids; names as the package spells them."""
        spelt = {each.lower(): each for each in parts}
        folder = posixpath.dirname(name)
        found = {}
        for item in self.relations(parts, name):
            target = posixpath.normpath(posixpath.join("/", folder, item["Target"])).lstrip("/")
            found[item["Id"]] = spelt.get(target.lower(), target)
        return found

    def kind(self, parts: dict[str, Member], name: str, key: str) -> str:
        return next(item["Type"] for item in self.relations(parts, name) if item["Id"] == key).rpartition("/")[2]

    def all(self) -> Iterator[str]:
        for name, member in self.old.items():
            if name not in self.new:
                if (
                    not _GONE.match(name)
                    and "threadedComment" not in name
                    and name != _SEAL
                    and "calcChain" not in name
                ):
                    yield f"{name} is gone"
            elif self.new[name].content == member.content:
                if self.new[name].packed != member.packed and name != _SEAL:
                    yield f"{name} was packed anew"
            else:
                yield from self.part(name, member.content, self.new[name].content)
        for name in self.fresh:
            yield from () if self.is_ours(name) else [f"{name} is new"]

    def is_ours(self, name: str) -> bool:
        return name in (self.result, _SEAL, self.styles) or bool(
            re.fullmatch(r"xl/(comments\d+\.xml|drawings/vmlDrawing\d+\.vml|worksheets/_rels/[^/]+\.rels|_rels/[^/]+\.rels)", name)
        )  # fmt: skip

    def part(self, name: str, old: bytes, new: bytes) -> Iterator[str]:
        if name.endswith(".vml") or b"urn:schemas-microsoft-com:vml" in old:
            yield from self.drawing(name, old, new)
            return
        if name == "[Content_Types].xml" or name.endswith(".rels"):
            yield from self.listed(name, old, new)
            return
        left, right = tree(old), tree(new)
        how: dict[str, Callable[[Element, Element], object]] = {
            "workbook": self.workbook, "styleSheet": self.stylesheet, "worksheet": self.sheet, "chartsheet": self.unselect,
            "dialogsheet": self.unselect, "comments": self.comments, "ThreadedComments": self.threads,
        }  # fmt: skip
        strip = how.get(local(left))
        if strip is None:
            yield f"{name} was changed"
            return
        strip(left, right)
        yield from (f"{name}: {what}" for what in different(left, right))

    # --- what counts what a package holds ---

    def listed(self, name: str, old: bytes, new: bytes) -> Iterator[str]:
        """Content types and relationships: what was there is there, and what is new leads to what is new."""
        left, right = ([_item(child) for child in tree(content)] for content in (old, new))
        before, now = frozenset(left), frozenset(right)
        gone = [item for item in left if item not in now]
        added = [item for item in right if item not in before]
        for item in gone:
            if not re.search(
                r"vbaProject|_xmlsignatures|signature|threadedComment|macroEnabled|template|calcChain|addin", str(item)
            ):
                yield f"{name}: {item} is gone"
        for item in added:
            told = dict(item)
            target = told.get("PartName", told.get("Target", "")).lstrip("/")
            known = told.get("Extension") == "vml" or target in self.fresh or target == "xl/workbook.xml"
            if not known:
                yield f"{name}: {item} is new"
        if [item for item in right if item in before] != [item for item in left if item in now]:
            yield f"{name}: another order"

    def workbook(self, left: Element, right: Element) -> None:
        first = next(element for element in right.iter() if local(element) == "sheet")
        known = {element.get("name") for element in left.iter() if local(element) == "definedName"}
        for parent in list(right.iter()):
            for child in list(parent):
                name, local_to = child.get("name", ""), child.get("localSheetId")
                ours = local_to == "0" or (name.startswith(marks.CHANGED_NAME) and name not in known)
                if child is first or (local(child) == "definedName" and ours):
                    parent.remove(child)
                elif local(child) == "definedName" and local_to:
                    child.set("localSheetId", str(int(local_to) - 1))
        if not any(local(child) == "definedNames" for child in left):
            _drop(right, "definedNames")
        for book in (left, right):
            for view in book.iter():
                if local(view) == "workbookView":
                    view.attrib.pop("activeTab", None)
                    view.attrib.pop("firstSheet", None)

    # --- what is on sheets ---

    def stylesheet(self, left: Element, right: Element) -> None:
        """Sections may be longer."""
        known = {local(child): child for child in left}
        for section in list(right):
            name = local(section)
            if name not in known:
                right.remove(section)
                continue
            if len(section) > len(known[name]) and name in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
                for child in list(section)[len(known[name]) :]:
                    section.remove(child)
                section.attrib.pop("count", None)
                known[name].attrib.pop("count", None)
                section.text = section.text or known[name].text

    def unselect(self, left: Element, right: Element) -> None:
        for view in (each for each in left.iter() if local(each) == "sheetView"):
            view.attrib.pop("tabSelected", None)

    def sheet(self, left: Element, right: Element) -> None:
        self.unselect(left, right)
        _place(left)
        _place(right)
        for child in list(right):
            if local(child) == "conditionalFormatting" and marks.CHANGED_NAME in "".join(child.itertext()):
                right.remove(child)
        drawing = [child for child in left if local(child) == "legacyDrawing"]
        if not drawing:
            _drop(right, "legacyDrawing")
        cells = {cell.get("r"): cell for cell in left.iter() if local(cell) == "c"}
        rows = {row.get("r") for row in left.iter() if local(row) == "row"}
        for parent in list(right.iter()):
            for child in list(parent):
                if local(child) == "c":
                    self.cell(parent, child, cells)
        for parent in list(right.iter()):
            for child in list(parent):
                if local(child) == "row" and child.get("r") not in rows and len(child) == 0:
                    parent.remove(child)
        spans = {row.get("r") for row in right.iter() if local(row) == "row" and "spans" not in row.attrib}
        for row in (row for row in left.iter() if local(row) == "row" and row.get("r") in spans):
            row.attrib.pop("spans", None)

    def cell(self, row: Element, cell: Element, known: dict[str | None, Element]) -> None:
        """A marked cell has a style of its own, like the one before but for its fill; one without content may be new."""
        before = known.get(cell.get("r"))
        if before is None and cell.get("r"):
            if len(cell) == 0 and self.is_marked(cell):
                row.remove(cell)
            return
        if before is None or before.get("s") == cell.get("s") or not self.is_marked(cell):
            return
        if self.look(self.old, before.get("s")) in (self.look(self.new, cell.get("s")), None):
            cell.attrib.pop("s", None)
            before.attrib.pop("s", None)

    def looks(self, parts: dict[str, Member]) -> Element | None:
        key = id(parts)
        if key not in self.known_looks:
            self.known_looks[key] = tree(parts[self.styles].content) if self.styles in parts else None
        return self.known_looks[key]

    def look(self, parts: dict[str, Member], style: str | None) -> object:
        """A style without its fill; None if it does not exist."""
        sheet = self.looks(parts)
        sections = {local(child): list(child) for child in sheet} if sheet is not None else {}
        section = sections.get("cellXfs", [])
        number = int(style or 0)
        if number >= len(section):
            return None
        xf = section[number]
        kept = sorted(item for item in xf.attrib.items() if item[0] not in ("fillId", "applyFill"))
        return [*kept, *(ElementTree.tostring(child) for child in xf)]

    def is_marked(self, cell: Element) -> bool:
        sheet = self.looks(self.new)
        assert sheet is not None
        sections = {local(child): child for child in sheet}
        xf = sections["cellXfs"][int(cell.get("s", "0"))]
        fill = sections["fills"][int(xf.get("fillId", "0"))]
        return any(colour.get("rgb") in marks.FILLS for colour in fill.iter())

    # --- what is beside sheets ---

    def comments(self, left: Element, right: Element) -> None:
        """Comments of ours are gone, and our runs above those of others."""
        old = {each.get("ref"): each for each in left.iter() if local(each) == "comment"}
        for parent in list(right.iter()):
            for child in list(parent):
                if local(child) != "comment" or marks.COMMENT_HEAD not in _said(child):
                    continue
                if child.get("ref") not in old:
                    parent.remove(child)
                else:
                    _without_ours(old[child.get("ref")], child)
        authors = [next((each for each in root.iter() if local(each) == "authors"), None) for root in (left, right)]
        if authors[0] is not None and authors[1] is not None:
            for child in list(authors[1])[len(authors[0]) :]:
                authors[1].remove(child)

    def threads(self, left: Element, right: Element) -> None:
        kept = {child.get("id") for child in right}
        for child in list(left):
            if child.get("id") not in kept:
                left.remove(child)

    def drawing(self, name: str, old: bytes, new: bytes) -> Iterator[str]:
        """Ours are gone; boxes of comments that got longer may have another size."""
        rest = _OUR_TYPE.sub(b"", _OUR_SHAPE.sub(b"", new))
        if _SIZES.sub(b"", rest) != _SIZES.sub(b"", old):
            yield f"{name} was changed"


def _place(sheet: Element) -> None:
    """Say where rows and cells stand that do not say it themselves."""
    row = 0
    for each in (row for data in sheet if local(data) == "sheetData" for row in data):
        row = int(each.attrib.setdefault("r", str(row + 1)))
        column = 0
        for cell in (child for child in each if local(child) == "c"):
            letters = re.match("[A-Za-z]+", cell.attrib.setdefault("r", cell_name((row - 1, column))))
            assert letters
            column = parse_cell(f"{letters[0].upper()}1")[1] + 1


def _said(comment: Element) -> str:
    return "".join(each.text or "" for each in comment.iter() if local(each) == "t")


def _without_ours(old: Element, new: Element) -> None:
    """Take our text out of a comment; what is left is compared as text and looks."""
    mine, theirs = _pieces(new), _pieces(old)
    cut = next(n for n, (_, text) in enumerate(mine) if text.endswith(f"{marks.COMMENT_BELOW}\n"))
    threaded = "[Threaded comment]" in _said(old)
    if mine[cut + 1 :] == theirs or threaded:
        for comment in (old, new):
            for child in list(comment):
                comment.remove(child)
            if threaded:
                comment.attrib.pop("authorId", None)


def _pieces(comment: Element) -> list[tuple[bytes, str]]:
    """The texts of a comment with their looks, readings left out."""
    found: list[tuple[bytes, str]] = []
    for text in (child for child in comment if local(child) == "text"):
        for each in text:
            if local(each) == "t":
                found.append((b"", each.text or ""))
            elif local(each) == "r":
                look = b"".join(ElementTree.tostring(child) for child in each if local(child) == "rPr")
                found.append((look, "".join(child.text or "" for child in each if local(child) == "t")))
    return found


def _item(element: Element) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(element.attrib.items()))


def _drop(root: Element, name: str) -> None:
    for child in [child for child in root if local(child) == name]:
        root.remove(child)


def different(left: Element, right: Element, path: str = "") -> Iterator[str]:
    """Where two trees differ, once for each place."""
    here = f"{path}/{local(left)}"
    if left.tag != right.tag or left.attrib != right.attrib:
        yield f"{here}: {left.attrib} is {local(right)} {right.attrib}"
    elif (left.text or "") != (right.text or "") or (left.tail or "") != (right.tail or ""):
        yield f"{here}: “{left.text}” is “{right.text}”"
    elif len(left) != len(right):
        yield f"{here}: {names(left)} are {names(right)}"
    else:
        for one, other in zip(left, right, strict=True):
            yield from different(one, other, here)


def names(elements: Iterable[Element]) -> list[str]:
    """What stands in an element, to be told."""
    return [local(element) for element in elements][:40]
