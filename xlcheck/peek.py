"""What calamine does not tell: it gives an empty text for a blank, an error value and a formula never calculated alike.

Called only where a field looks blank. Nothing here raises on a file that :func:`xlcheck.guard.admit` admitted: what
cannot be made out is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from struct import unpack_from
from typing import Literal

from xlcheck.guard import LIMITS, Package
from xlcheck.guard_biff import BOF, BOOLERR, BOUNDSHEET, EOF, FORMULA, records
from xlcheck.guard_ods import repeats
from xlcheck.guard_ole import workbook_stream
from xlcheck.guard_ooxml import relations, sheets_of
from xlcheck.guard_sheet import position
from xlcheck.guard_xml import local, scan

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # [MS-XLS] 2.5.10  # fmt: skip
_ODS_ERROR = ("#", "Err:")

Cells = dict[tuple[int, int], "Odd"]


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that looks blank and is not."""

    kind: Literal["error", "formula"]
    text: str
    """The error value (``#DIV/0!``), or the formula without ``=`` whose value was never calculated."""


def odd_cells(package: Package, sheet: str, data: bytes) -> Cells:
    """The odd cells of the sheet of that name by row and column, both from 0; empty when there is no such sheet.

    `data` are the bytes that were admitted as `package`.
    """
    try:
        if package.kind == "xlsx":
            return _xlsx(package.parts, sheet)
        if package.kind == "ods":
            return _ods(package.parts, sheet)
        return _xls(workbook_stream(data, LIMITS)[0], sheet)
    except Exception:  # noqa: BLE001 (a hint that cannot be had must not stop the work)
        return {}


def custom_properties(package: Package) -> dict[str, str]:
    """The custom document properties as texts, by name; none for an .xls."""
    try:
        if package.kind == "xlsx":
            return _xlsx_properties(package.parts)
        if package.kind == "ods":
            return _ods_properties(package.parts)
    except Exception:  # noqa: BLE001 (as above)
        return {}
    return {}


def _xlsx(parts: Mapping[str, bytes], sheet: str) -> Cells:
    """Cells of type ``e``, and formulas without a value (ECMA-376 part 1, 18.3.1.4 and 18.18.11)."""
    member = dict(sheets_of(parts)).get(sheet, "")
    if member not in parts:
        member = next((name for name in parts if name.lower() == member.lower()), "")
    walk = _Sheet()
    if member:
        scan(member, parts[member], walk.start, walk.end, walk.said)
    return walk.found


class _Sheet:
    """One pass over a worksheet, counting positions as :mod:`xlcheck.guard_sheet` does."""

    def __init__(self) -> None:
        self.found: Cells = {}
        self.row = self.column = 0
        self.here = (0, 0)
        self.type = self.inside = ""
        self.texts: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
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
        name = local(tag)
        self.inside = ""
        if name == "row":
            self.row += 1
            self.column = 0
        elif name == "c":
            self.column += 1
            value = self.texts.get("v", "").strip()
            if self.type == "e":
                self.found[self.here] = Odd("error", value or "#N/A")
            # A formula that gives an empty text is of type `str`, and its value is that text.
            elif "f" in self.texts and not value and self.type != "str":
                self.found[self.here] = Odd("formula", self.texts["f"].strip())


def _ods(parts: Mapping[str, bytes], sheet: str) -> Cells:
    """Error cells as LibreOffice writes them, and formulas without a value (ODF 1.3 part 3, 19.642 and 19.389)."""
    walk = _Table(sheet)
    scan("content.xml", parts["content.xml"], walk.start, walk.end, walk.said)
    return walk.found


class _Table:
    """One pass over the content, looking at the table of one name."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.found: Cells = {}
        self.wanted = False
        self.row = self.column = self.depth = 0
        self.rows = self.columns = 1
        self.attributes: dict[str, str] = {}
        self.text = ""
        self.shown = False  # whether the cell has a paragraph: LibreOffice gives one to an empty result
        self.odd: dict[int, Odd] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self.depth:
            self.depth += 1
            self.shown |= name == "p"
        elif name == "table":
            self.wanted = attributes.get("table:name") == self.sheet
            self.row = 0
        elif name == "table-row":
            self.rows = repeats(attributes, "rows")
            self.column = 0
            self.odd = {}
        elif name in ("table-cell", "covered-table-cell"):
            self.columns = repeats(attributes, "columns")
            self.attributes, self.text, self.depth, self.shown = attributes, "", 1, False

    def said(self, text: str) -> None:
        if self.depth:
            self.text += text

    def end(self, tag: str) -> None:
        if self.depth:
            self.depth -= 1
            if not self.depth:
                odd = self._judge()
                self.odd |= dict.fromkeys(range(self.column, self.column + self.columns), odd) if odd else {}
                self.column += self.columns
        elif local(tag) == "table-row":
            for row in range(self.row, self.row + self.rows) if self.odd and self.wanted else ():
                self.found |= {(row, column): odd for column, odd in self.odd.items()}
            self.row += self.rows

    def _judge(self) -> Odd | None:
        formula = self.attributes.get("table:formula", "")
        text = self.text.strip()
        error = self.attributes.get("calcext:value-type") == "error"
        if error or (formula and text.startswith(_ODS_ERROR) and not self.attributes.get("office:string-value")):
            return Odd("error", text or "#N/A")
        if formula and not self.shown and "office:value-type" not in self.attributes:
            return Odd("formula", formula.partition(":")[2].removeprefix("="))
        return None


def _xls(stream: bytes, sheet: str) -> Cells:
    """BOOLERR records and formulas whose value is an error ([MS-XLS] 2.4.24 and 2.5.133).

    An .xls formula always has a value.
    """
    found: Cells = {}
    place = -1
    depth = start = 0
    for kind, at, length in records(stream):
        if kind == BOF:
            start = at - 4 if depth == 0 else start
            depth += 1
        elif kind == EOF:
            depth -= 1
        elif kind == BOUNDSHEET and _title(stream, at, length) == sheet:
            place = unpack_from("<L", stream, at)[0]
        elif start == place and depth == 1:
            code = _error_code(stream, kind, at)
            if code is not None:
                row, column = unpack_from("<2H", stream, at)
                found[row, column] = Odd("error", _ERRORS.get(code, "#N/A"))
    return found


def _title(stream: bytes, at: int, length: int) -> str:
    count, wide = stream[at + 6], stream[at + 7] & 1
    raw = stream[at + 8 : at + length]
    return raw[: 2 * count].decode("utf-16-le", "replace") if wide else raw[:count].decode("latin-1")


def _error_code(stream: bytes, kind: int, at: int) -> int | None:
    if kind == BOOLERR and stream[at + 7]:
        return stream[at + 6]
    if kind == FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        return stream[at + 8]
    return None


def _xlsx_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    """ECMA-376 part 1, 22.3."""
    linked = (target for _, kind, target in relations(parts, "") if kind.endswith("/custom-properties"))
    return _named_texts(parts, next(linked, "docProps/custom.xml"), "property", "name")


def _ods_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    """ODF 1.3 part 3, 4.3.3."""
    return _named_texts(parts, "meta.xml", "user-defined", "meta:name")


def _named_texts(parts: Mapping[str, bytes], member: str, element: str, attribute: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal name
        if local(tag) == element:
            name = attributes.get(attribute, "")
            found[name] = ""

    def end(tag: str) -> None:
        nonlocal name
        if local(tag) == element:
            name = ""

    def said(text: str) -> None:
        if name:
            found[name] += text

    if member in parts:
        scan(member, parts[member], start, end, said)
    return {key: text.strip() for key, text in found.items() if key}
