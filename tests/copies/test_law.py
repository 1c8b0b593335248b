"""The law of copies: original and copy differ in our marks only, whatever the workbook holds and wherever marks go."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests import ROOT
from tests.hostile.corpus.cases import CASES
from tests.hostile.makers import pack
from tests.making import honest
from tests.making.books import KINDS, Kind
from tests.making.comparing import differences
from tests.making.copies import annotated, parts_of
from tests.making.filling import clean_workbook, form, submission_of, verified, workbook
from tests.making.prefilled import filled, whole_values
from xlcheck.checking.verify import Verification
from xlcheck.copies.annotate import Source, annotate
from xlcheck.forms.rules import catalogue
from xlcheck.guard.admit import admit
from xlcheck.guard.parts import sheets_of
from xlcheck.model.cells import Cell, Place
from xlcheck.model.errors import Refused
from xlcheck.model.finding import Finding
from xlcheck.model.submission import Submission

EVERYWHERE: tuple[Cell, ...] = ((0, 0), (1, 1), (2, 2), (3, 1), (4, 0), (7, 30), (29, 0), (40, 2), (41, 2))
"""Cells that hold something, are blank, merged, commented, or not there, in rows that are not there."""


FORGED = ("hidden-comment.xlsx", "result-sheet-forged.xlsx", "result-sheet-endless.xlsx", "comment-lines.xlsx")
"""Cases that look like an earlier copy of ours: what they forge is taken away like a mark."""


def marked_at(data: bytes, cells: Iterable[Cell] = EVERYWHERE) -> bytes:
    """The copy with marks at some cells of every sheet, whatever stands there."""
    package = admit(data)
    titles = [title for title, member in sheets_of(package.parts) if b"sheetData" in package.parts.get(member, b"")]
    cells = tuple(cells)
    findings = tuple(
        Finding("C102", "error", f"{title} 的问题", places=(Place(title, cell), Place(title, cells[0])))
        for title in titles
        for cell in cells
    )
    submission = Submission(form(), {}, {}, {}, findings)
    return annotate(Source(data, package, "a.xlsx"), Verification(submission, findings, (), {}), catalogue(form()))


def admitted(maker: Callable[[], bytes]) -> bytes | None:
    """The bytes of a file that the guard and the reader let through as an .xlsx."""
    data = maker()
    try:
        if admit(data).kind != "xlsx":
            return None
        submission_of(data)
    except Refused:
        return None
    return data


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_department_added_stays_as_it_was(kind: Kind) -> None:
    data = kind.maker()
    assert verified(data).findings
    assert differences(data, annotated(data)) == []
    assert differences(data, marked_at(data)) == []


@pytest.mark.parametrize("made", honest.HONEST, ids=[name for name, _, _ in honest.HONEST])
def test_honest_workbooks_stay_as_they_were(made: tuple[str, Callable[[], bytes], str]) -> None:
    _, maker, kind = made
    data = maker()
    if kind == "xlsx":
        assert differences(data, marked_at(data)) == []


def test_hostile_workbooks_that_can_be_read_stay_as_they_were() -> None:
    compared = 0
    for case in CASES:
        data = admitted(case.maker)
        if data is not None and case.name not in FORGED:
            assert differences(data, annotated(data)) == [], case.name
            compared += 1
    assert compared > 30


@pytest.mark.parametrize("values", [{}, {"requests__received__person": 60}, {"disclosure__fees__amount": "1,234"}])
def test_templates_stay_as_they_were(values: dict[str, object]) -> None:
    data = workbook(**values)  # type: ignore[arg-type]
    assert differences(data, annotated(data)) == []


@pytest.mark.parametrize("values", [{}, {"requests__received__person": 60}, {"requests__received__person": "无"}])
def test_prefilled_templates_stay_as_they_were(values: dict[str, object]) -> None:
    """With their hints, their formulas, and what is locked."""
    data = filled(whole_values(**values))  # type: ignore[arg-type]
    assert differences(data, annotated(data)) == []
    assert differences(data, marked_at(data)) == []
    assert submission_of(annotated(data)).held == submission_of(data).held


def test_the_same_input_gives_the_same_bytes() -> None:
    data = workbook(requests__received__person=60, disclosure__regulations__issued="")
    assert marked_at(data) == marked_at(data)


def test_the_same_input_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(annotated(workbook(requests__received__person=60, disclosure__regulations__issued="")))
    script = (
        "import hashlib, sys, pathlib\nfrom tests.making.copies import annotated\n"
        "print(hashlib.sha256(annotated(pathlib.Path(sys.argv[1]).read_bytes())).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script, str(path)],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_comparing_sees_what_is_no_mark() -> None:
    data = clean_workbook()
    copy = marked_at(data)
    parts = parts_of(copy)
    spoilt = {
        "xl/worksheets/sheet2.xml": (b"<v>1</v>", b"<v>2</v>"),
        "xl/worksheets/sheet3.xml": (b'ht="', b'ht="1'),
        "xl/sharedStrings.xml": ("单位名称".encode(), "单位全称".encode()),
        "xl/styles.xml": (b'val="11"', b'val="12"'),
        "xl/workbook.xml": (b'lockStructure="1"', b'lockStructure="0"'),
        "xl/_rels/workbook.xml.rels": (b"theme1.xml", b"theme2.xml"),
        "[Content_Types].xml": (b"theme+xml", b"themes+xml"),
    }
    for name, (old, new) in spoilt.items():
        assert old in parts[name], name
        assert differences(data, pack({**parts, name: parts[name].replace(old, new, 1)})), name
    assert differences(data, pack({name: content for name, content in parts.items() if "theme" not in name}))
