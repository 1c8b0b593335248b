"""The package that the reader is given in place of a department's: the usual names, and nothing in it but values.

calamine 0.37 goes by the usual names of parts in part, gives up where one sheet of the list is none, and at error
values that it does not know. What it needs is the list of sheets, their cells, the shared strings and the formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xlcheck.guard.markup import attribute
from xlcheck.guard.parts import Listed
from xlcheck.guard.stored import stored
from xlcheck.model.tuples import NamedTuple

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EMPTY = f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>'.encode()
_STATES = ("visible", "hidden", "veryHidden")
_DATE1904 = re.compile(rb"""<(?:[\w.-]+:)?workbookPr\s[^<>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_DIMENSION = re.compile(
    rb"""<(?:[\w.-]+:)?dimension\s+(?!ref="[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?" ?/?>)"""
    rb"""[^<>]*(?:/>|>\s*</(?:[\w.-]+:)?dimension>)"""
)
"""A claim of a sheet's size that calamine cannot read: of whole rows, or of none."""
_MERGED = rb"""<(?:[\w.-]+:)?mergeCell ref=["']\$?(?:[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|[0-9]{1,7}:\$?[0-9]{1,7})["'] ?/>"""
"""A merged range that says only its columns or rows, which calamine cannot read."""
_FIRST = 8_192
"""Bytes among which that claim stands."""
_ERROR = rb"""(<c\s[^<>]*\bt="e"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>)([^<]*)(</v>)"""
_ERRORS = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
"""The error values that calamine knows; there are more, as #SPILL!, and some exporters write words of their own."""


class Values(NamedTuple):
    """What of a workbook its reader needs."""

    workbook: bytes
    """The workbook part, which says from which year days are counted."""
    sheets: tuple[Listed, ...]
    """Its list of sheets; those that hold no cells become empty ones."""
    cells: Mapping[str, bytes]
    """The worksheets, by member name."""
    strings: bytes | None
    """The shared strings."""
    styles: bytes | None
    """The formats."""


def clean_package(values: Values) -> bytes:
    """A package with these sheets and what their cells need."""
    workbook, sheets, cells, strings, styles = values
    parts: dict[str, bytes] = {}
    entries, links = [], [_link("strings", "sharedStrings", "sharedStrings.xml")]
    for number, sheet in enumerate(sheets, start=1):
        name = f"worksheets/sheet{number}.xml"
        parts[f"xl/{name}"] = _spared(cells[sheet.member]) if sheet.member in cells else _EMPTY
        links.append(_link(f"s{number}", "worksheet", name))
        state = sheet.state if sheet.state in _STATES else "visible"
        title = attribute("name", sheet.title)
        entries.append(f'<sheet{title} sheetId="{number}" state="{state}" r:id="s{number}"/>')
    since = "1" if _DATE1904.search(workbook) else "0"
    return stored(
        {
            "_rels/.rels": _links([_link("book", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{since}"/>'
                f"<sheets>{''.join(entries)}</sheets></workbook>"
            ).encode("utf-8", "replace"),
            "xl/_rels/workbook.xml.rels": _links(links),
            **({"xl/sharedStrings.xml": strings} if strings is not None else {}),
            **({"xl/styles.xml": styles} if styles is not None else {}),
            **parts,
        }
    )


def _link(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _links(links: Iterable[str]) -> bytes:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'.encode()


def _spared(sheet: bytes) -> bytes:
    """The sheet without claims of its size and merged ranges that calamine cannot read, and with #N/A for errors it does not know.

    Which error it is, others look up.
    """
    odd = _odd_claim(sheet)
    sheet = sheet[: odd.start()] + sheet[odd.end() :] if odd else sheet
    sheet = re.sub(_ERROR, _known, sheet) if b't="e"' in sheet else sheet
    end = max(sheet.rfind(b"sheetData"), 0)
    return sheet[:end] + re.sub(_MERGED, b"", sheet[end:]) if _is_merged_oddly(sheet[end:]) else sheet


def _is_merged_oddly(tail: bytes) -> bool:
    """Whether a merged range may begin with no cell."""
    begins = [piece[: piece.find(b":")] for piece in tail.split(b"mergeCell ref=")[1:]]
    return any(not begin[-1:].isdigit() or begin.strip(b"\"'$").isdigit() for begin in begins)


def _odd_claim(sheet: bytes) -> re.Match[bytes] | None:
    """The first claim of a size that is none; only tags with that word in them are looked at."""
    odd, at = None, sheet.find(b"dimension", 0, _FIRST)
    while at >= 0 and odd is None:
        odd = _DIMENSION.match(sheet, max(0, sheet.rfind(b"<", 0, at)), _FIRST)
        at = sheet.find(b"dimension", at + 1, _FIRST)
    return odd


def _known(cell: re.Match[bytes]) -> bytes:
    return cell[0] if not cell[2] or cell[2] in _ERRORS else cell[1] + b"#N/A" + cell[3]
