"""What the tests of this folder share: where things stand, what is shown, and the command line."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from tests.making.command import PROGRAM
from tests.making.documents import valid
from tests.making.filling import form
from tests.office.driver import Document
from xlcheck.drawing.formulas import FieldValue
from xlcheck.model import marks
from xlcheck.model.cells import Cell, cell_name, parse_cell

RED = "#FFC7CE"
"""Live: a relation is broken, or a cell holds what does not belong there. Annotated: an error."""

REDS = frozenset(f"#{colour[2:]}" for colour in (marks.RED, marks.DEEP_RED, marks.PALE_RED))
"""Annotated: an error, a suspected cell, another one of its balance."""

CHANGED = f"#{marks.CHANGED[2:]}"
"""Annotated, and changed since."""

INPUT = "#FFFBE6"
"""A field with nothing to complain of."""


def addresses(values: Mapping[str, FieldValue]) -> dict[str, Any]:
    """Field values as what to put into which cell."""
    return {
        form().by_key[key].address: value if isinstance(value, str) else float(value) for key, value in values.items()
    }


def cover_addresses(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts of the cover as what to put into which cell."""
    cover = form().cover
    return {f"{cover.sheet}!{cell_name(cover.entry(key).cell)}": text for key, text in texts.items()}


def area(sheet: str, first: Cell, last: Cell) -> set[str]:
    """All addresses of a rectangle."""
    rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
    return {f"{sheet}!{cell_name((row, column))}" for row in rows for column in columns}


def areas(sheet: str, named: Iterable[str]) -> set[str]:
    """All addresses of rectangles named as ``C4:D5``."""
    found: set[str] = set()
    for name in named:
        first, _, last = name.partition(":")
        found |= area(sheet, parse_cell(first), parse_cell(last or first))
    return found


def entries() -> set[str]:
    """All addresses that a department may type into."""
    cover = form().cover
    found = {f"{cover.sheet}!{cell_name(entry.cell)}" for entry in cover.entries}
    if cover.notes:
        found |= {f"{cover.sheet}!{cell_name(cell)}" for line in cover.notes.cells for cell in line}
    return found.union(*(area(field.sheet, field.cell, field.last) for field in form().fields))


def colours(document: Document) -> dict[str, str]:
    """The background that LibreOffice shows in each cell that has one, conditional formatting applied."""
    with tempfile.TemporaryDirectory(prefix="xlcheck-page-") as folder:
        text = document.save(Path(folder, "page.html")).read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    return page.colours


class _Page(HTMLParser):
    """LibreOffice's HTML export: the emphasized name of each sheet, then its table, every cell with its colour."""

    def __init__(self) -> None:
        super().__init__()
        self.colours: dict[str, str] = {}
        self._sheet = ""
        self._named = False
        self._row = self._column = 0
        self._taken: set[Cell] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow tables, rows and cells."""
        known = {name: value or "" for name, value in attrs}
        self._named = tag == "em"
        if tag == "table":
            self._row, self._taken = -1, set()
        elif tag == "tr":
            self._row, self._column = self._row + 1, 0
        elif tag == "td":
            while (self._row, self._column) in self._taken:
                self._column += 1
            rows, columns = int(known.get("rowspan", 1)), int(known.get("colspan", 1))
            self._taken |= {(self._row + r, self._column + c) for r in range(rows) for c in range(columns)}
            if "bgcolor" in known:
                self.colours[f"{self._sheet}!{cell_name((self._row, self._column))}"] = known["bgcolor"]
            self._column += columns

    def handle_data(self, data: str) -> None:
        """Take the name of the sheet."""
        if self._named:
            self._sheet, self._named = data, False


class Told(NamedTuple):
    """What ``xlcheck verify`` says of one workbook."""

    exit_code: int
    """Of the whole run."""
    file: dict[str, Any]
    """Its part of the JSON report."""

    @property
    def findings(self) -> list[tuple[Any, ...]]:
        """The findings, without their suggestions."""
        return [
            tuple(found[name] if not isinstance(found[name], list) else tuple(found[name]) for name in _COMPARED)
            for found in self.file["findings"]
        ]

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, in order."""
        return [found["code"] for found in self.file["findings"]]


_COMPARED = ("code", "severity", "fields", "cells", "expected", "actual", "message")


def verify(*paths: Path) -> list[Told]:
    """Run the command line on workbooks; each annotated copy goes beside its workbook."""
    command = [*PROGRAM, "verify", *map(str, paths), "--format", "json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.stdout, done.stderr
    files = json.loads(valid(done.stdout))["files"]
    assert [file["path"] for file in files] == list(map(str, paths))
    return [Told(done.returncode, file) for file in files]
