"""What calamine does not tell: it gives an empty text for a blank, an error value and a formula never calculated alike.

Called only where a field looks blank. Nothing here raises on a file that :func:`xlcheck.guard.admit.admit` admitted: what
cannot be made out is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.guard.admit import Package
from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import PROPERTIES, position, relations, sheets_of
from xlcheck.model.submission import NoValue, OddCells
from xlcheck.model.text import entered


def odd_cells(package: Package, sheet: str, data: bytes) -> OddCells:
    """The odd cells of the sheet of that title by row and column, both from 0; empty when there is no such sheet.

    `data` are the bytes that were admitted as `package`.
    """
    try:
        if package.kind == "xlsx":
            return _xlsx(package.parts, sheet)
        # Rare kinds are imported when they come, so that the usual one starts quickly.
        if package.kind == "ods":
            from xlcheck.reading.odd_ods import odd_cells_of_ods

            return odd_cells_of_ods(package.tables, sheet)
        from xlcheck.reading.odd_xls import odd_cells_of_xls

        return odd_cells_of_xls(data, sheet)
    except Exception:
        return {}


def custom_properties(package: Package, ask: Ask = afresh) -> Mapping[str, str]:
    """The custom document properties as texts, by name; none for an .xls.

    `ask` may know what was found out about members of other files.
    """
    try:
        if package.kind == "xlsx":
            return _xlsx_properties(package.parts, ask)
        if package.kind == "ods":
            return _ods_properties(package.parts, ask)
    except Exception:
        return {}
    return {}


def _xlsx(parts: Mapping[str, bytes], sheet: str) -> OddCells:
    """OddCells of type ``e``, and formulas without a value (ECMA-376 part 1, 18.3.1.4 and 18.18.11)."""
    member = dict(sheets_of(parts)).get(sheet, "")
    if member not in parts:
        member = next((name for name in parts if name.lower() == member.lower()), "")
    walk = _Sheet()
    if member:
        scan("工作表", parts[member], walk.start, walk.end, walk.said)
    return walk.found


class _Sheet:
    """One pass over a worksheet, counting positions as :mod:`xlcheck.guard.sheet` does."""

    def __init__(self) -> None:
        self.found: OddCells = {}
        self.row = self.column = 0
        self.here = (0, 0)
        self.type = self.inside = ""
        self.texts: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "row":
            self.row = position("A" + attributes["r"])[0] if "r" in attributes else self.row
        elif name == "c":
            self.here = position(attributes["r"]) if "r" in attributes else (self.row, self.column)
            self.column = self.here[1]
            self.type = attributes.get("t", "")
            self.texts = {}
        elif name in ("v", "f"):
            self.texts[name] = ""
        self.inside = name

    def said(self, text: str) -> None:
        if self.inside in self.texts:
            self.texts[self.inside] += text

    def end(self, tag: str) -> None:
        name = local_name(tag)
        self.inside = ""
        if name == "row":
            self.row += 1
            self.column = 0
        elif name == "c":
            self.column += 1
            value = self.texts.get("v", "").strip()
            if self.type == "e":
                self.found[self.here] = NoValue("error", entered(value) or "#N/A")
            # A formula that gives an empty text is of type `str`, and its value is that text.
            elif "f" in self.texts and not value and self.type != "str":
                self.found[self.here] = NoValue("formula", entered(self.texts["f"].strip()))


def _xlsx_properties(parts: Mapping[str, bytes], ask: Ask) -> Mapping[str, str]:
    """ECMA-376 part 1, 22.3."""
    linked = (target for _, kind, target in relations(parts, "", ask) if kind.endswith("/custom-properties"))
    member = next(linked, PROPERTIES)
    return ask(_named_texts, parts[member], "property", "name") if member in parts else {}


def _ods_properties(parts: Mapping[str, bytes], ask: Ask) -> Mapping[str, str]:
    """ODF 1.3 part 3, 4.3.3."""
    member = "meta.xml"
    return ask(_named_texts, parts[member], "user-defined", "meta:name") if member in parts else {}


def _named_texts(data: bytes, element: str, attribute: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    name = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal name
        if local_name(tag) == element:
            name = attributes.get(attribute, "")
            found[name] = ""

    def end(tag: str) -> None:
        nonlocal name
        if local_name(tag) == element:
            name = ""

    def said(text: str) -> None:
        if name:
            found[name] += text

    scan("文件属性", data, start, end, said)
    return {key: entered(text.strip()) for key, text in found.items() if key}
