"""Keeping the results of formulas, which openpyxl drops when it saves.

A reader that does not calculate, xlcheck among them, would otherwise find formulas without results in the copy.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_REL = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b(?:[^>]*/>|.*?</f>))<v(?: ?/>|></v>)', re.DOTALL)
_TYPE = re.compile(rb' t="\w+"')


class Result(NamedTuple):
    """The result of a formula."""

    type: str
    """The cell's type (ECMA-376 part 1, 18.18.11): ``n``, ``str``, ``b`` or ``e``."""
    text: str
    """As it stands in the file."""


def results(parts: Mapping[str, bytes]) -> dict[str, dict[str, Result]]:
    """The results of all formulas of an .xlsx package, by sheet name and cell name."""
    found: dict[str, dict[str, Result]] = {}
    for name, path in _sheet_paths(parts).items():
        content = parts.get(path, b"")
        if b"<f" in content or b":f" in content:
            found[name] = _sheet_results(content, parts)
    return found


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The member that holds each worksheet (ECMA-376 part 1, 18.2.19)."""
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])
        relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    paths: dict[str, str] = {}
    for sheet in (element for element in book.iter() if element.tag in (f"{_MAIN}sheet", f"{_STRICT}sheet")):
        target = targets.get(sheet.get(_REL) or sheet.get(_STRICT_REL), "")
        paths[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return paths


def _sheet_results(content: bytes, parts: Mapping[str, bytes]) -> dict[str, Result]:
    found: dict[str, Result] = {}
    texts: list[str] | None = None
    for cell in (element for element in ElementTree.fromstring(content).iter() if element.tag.endswith("}c")):
        children = {child.tag.rpartition("}")[2]: child for child in cell}
        value = children["v"].text if "v" in children else None
        if "f" not in children or not value or not cell.get("r"):
            continue
        kind = cell.get("t", "n")
        if kind == "s":
            # An index into a table that the copy writes anew.
            texts = _shared_texts(parts) if texts is None else texts
            kind, value = "str", texts[int(value)] if value.isdecimal() and int(value) < len(texts) else ""
        if kind in ("n", "str", "b", "e"):
            found[cell.get("r", "")] = Result(kind, value)
    return found


def _shared_texts(parts: Mapping[str, bytes]) -> list[str]:
    """The table of shared strings (ECMA-376 part 1, 18.4)."""
    content = next((content for name, content in parts.items() if name.lower() == "xl/sharedstrings.xml"), None)
    if content is None:
        return []
    try:
        table = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return []
    items = (item for item in table if item.tag.endswith("}si"))
    return ["".join(t.text or "" for t in item.iter() if t.tag.endswith("}t")) for item in items]


def with_results(content: bytes, known: Mapping[str, Result]) -> bytes:
    """A sheet as openpyxl writes it, with the results of its formulas put back.

    Args:
        content: the sheet's XML.
        known: results by cell name; a formula that is not there stays without one.
    """

    def with_result(match: re.Match[bytes]) -> bytes:
        name, attributes, formula = match.group(1, 2, 3)
        result = known.get(name.decode("ascii"))
        if result is None:
            return match[0]
        kind = b"" if result.type == "n" else f' t="{result.type}"'.encode("ascii")
        value = escape(result.text).encode("utf-8")
        return b'<c r="%b"%b%b>%b<v>%b</v>' % (name, _TYPE.sub(b"", attributes), kind, formula, value)

    return _FORMULA.sub(with_result, content)
