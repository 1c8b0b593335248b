"""Annotated copies for tests, and looking into what a workbook holds."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import openpyxl

from tests.making.filling import form, workbook
from xlcheck.checking.verify import verify_submission
from xlcheck.copies.annotate import Source, annotate
from xlcheck.forms.rules import catalogue
from xlcheck.guard.admit import admit
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.form import Form
from xlcheck.reading.read import read_submission

RESULT = "审核结果"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@lru_cache(maxsize=32)
def annotated(data: bytes) -> bytes:
    """The annotated copy of a workbook of the usual form, whatever was found in it."""
    return annotated_as(data, form())


def untouched() -> bytes:
    """An annotated copy that nobody saved since it was written."""
    return annotated(workbook(disclosure__regulations__issued=-1, disclosure__penalties__decisions=-2))


def annotated_as(data: bytes, of: Form, ask: Ask = afresh) -> bytes:
    """The annotated copy of a workbook of a form; `ask` may know what was found out about other workbooks."""
    package = admit(data, ask=ask)
    submission = read_submission(package, package.data, of, ask)
    source = Source(package.data, package, ask=ask)
    return annotate(source, verify_submission(submission), catalogue(submission.form))


@lru_cache(maxsize=32)
def opened(data: bytes) -> Any:
    """A workbook as openpyxl sees it; to look at, not to change. Its stubs do not know half of it."""
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The members of a package, inflated."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(data: bytes, **replaced: tuple[str, str]) -> bytes:
    """A package with a text of some members replaced; ``xl__workbook_xml`` is xl/workbook.xml. Each must occur."""
    parts = parts_of(data)
    for key, (old, new) in replaced.items():
        name = re.sub(r"_(xml|rels)$", r".\1", key.replace("__", "/"))
        text = parts[name].decode()
        assert old in text, f"{old!r} is not in {name}"
        parts[name] = text.replace(old, new, 1).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def stored(data: bytes) -> dict[str, dict[str, tuple[str, str, str]]]:
    """Every filled cell as the file holds it: sheet → cell → (kind, text, formula), strings resolved."""
    parts = parts_of(data)
    strings: list[str] = []
    if "xl/sharedStrings.xml" in parts:
        table = ElementTree.fromstring(parts["xl/sharedStrings.xml"])
        strings = ["".join(t.text or "" for t in item.iter(f"{SHEET}t")) for item in table]
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    links = {
        link.get("Id"): link.get("Target", "") for link in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    found: dict[str, dict[str, tuple[str, str, str]]] = {}
    for sheet in book.iter(f"{SHEET}sheet"):
        key = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
        path = links[key].lstrip("/")
        path = path if path.startswith("xl/") else f"xl/{path}"
        cells: dict[str, tuple[str, str, str]] = {}
        for cell in ElementTree.fromstring(parts[path]).iter(f"{SHEET}c"):
            held = _cell(cell, strings)
            if held is not None:
                cells[cell.get("r", "")] = held
        found[sheet.get("name", "")] = cells
    return found


def _cell(cell: ElementTree.Element, strings: list[str]) -> tuple[str, str, str] | None:
    kind = cell.get("t", "n")
    value = cell.findtext(f"{SHEET}v") or ""
    formula = cell.findtext(f"{SHEET}f") or ""
    inline = cell.find(f"{SHEET}is")
    if inline is not None:
        value = "".join(t.text or "" for t in inline.iter(f"{SHEET}t"))
    elif kind == "s" and value:
        value = strings[int(value)] if int(value) < len(strings) else f"no string {value}"
    if not value and not formula:
        return None
    if kind in ("s", "str", "inlineStr"):
        return "text", value, formula
    if kind == "n" and value:
        return "number", repr(float(value)), formula
    return kind, value, formula


def same_typed(before: bytes, after: bytes) -> None:
    """Assert that `after` holds, cell by cell, what `before` held; the result sheet aside."""
    old, new = stored(before), stored(after)
    for sheet, cells in old.items():
        assert new[sheet] == cells, f"sheet {sheet}"
    assert list(old) == [sheet for sheet in new if sheet in old]


def comments(data: bytes) -> dict[str, str]:
    """All comments by address."""
    book = opened(data)
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None
    }


def fills(data: bytes) -> dict[str, str]:
    """The colour of every filled cell by address, the result sheet aside."""
    book = opened(data)
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.fill.fgColor.rgb)
        for sheet in book.worksheets
        if not sheet.title.startswith(RESULT)
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.patternType
    }


_OURS = re.compile(
    r"""(?:IF|SUM|NOT|EXACT|ISTEXT|ISNUMBER|ISLOGICAL|ISERROR|ISBLANK|COUNTIF)\(|TRUE|'(?:[^']|'')+'!\$?[A-Z]+\$?[0-9]+"""
    r"""|\$?[A-Z]{1,2}\$?[0-9]+(?::\$?[A-Z]{1,2}\$?[0-9]+)?|"(?:已改|未改| 条，未改 | 条|已改 )"|[0-9]+|<>|[>,)&]"""
)
"""What formulas of the result sheet are made of; a stranger's text is in none of them, but for the name of a sheet."""


def is_ours(formula: str) -> bool:
    """Whether a formula of the result sheet is one that asks whether something was changed."""
    return not _OURS.sub("", formula)


def result_rows(data: bytes) -> list[list[Any]]:
    """The findings of the result sheet, a row each, without the head."""
    rows = [[cell.value for cell in row[:9]] for row in opened(data)[RESULT].iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "序号")
    return rows[head + 1 :]


def summary(data: bytes) -> dict[str, str]:
    """What stands above the table of the result sheet, by its labels."""
    rows = [[cell.value for cell in row[:3]] for row in opened(data)[RESULT].iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "序号")
    return {str(row[0]): str(row[2]) for row in rows[1:head] if row[0]}
