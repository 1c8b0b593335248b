"""Hostile documents cost no more than workbooks may: reading, checking and marking them, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.hostile.corpus.cases import CASES, Case
from tests.hostile.corpus.reports import DOCUMENTS
from tests.hostile.test_corpus import MOST_MEGABYTES, MOST_SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as on Linux")

CODE = """
import json, resource, sys
from pathlib import Path
from xlcheck.checking.verify import verify_submission
from xlcheck.copies.documents.docx import marked_docx
from xlcheck.copies.documents.html import marked_html
from xlcheck.copies.documents.marks import CellMark
from xlcheck.copies.documents.pdf import marked_pdf
from xlcheck.forms.file import load_form
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.kinds import document_kind
from xlcheck.reading.documents.parse import parse_document
from xlcheck.reading.documents.read import read_document

data, codes = Path(sys.argv[1]).read_bytes(), set()
try:
    kind = document_kind(data)
    document = parse_document(data, kind, [load_form()])
    try:
        codes |= {one.code for one in verify_submission(read_document(document, [load_form()])).findings}
    except Refused as refused:
        codes.add(refused.code)
    spots = [(grid.number, (cell.row, cell.column)) for grid in document.grids for cell in grid.cells][:300]
    marks = {spot: CellMark("FFFF8F8F", "x") for spot in spots}
    if kind == "docx":
        marked_docx(data, marks, "x")
    if kind == "html":
        marked_html(data, marks, [], "x")
    if kind == "pdf":
        marked_pdf(data, document, marks, "x")
except Refused as refused:
    codes.add(refused.code)
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([" ".join(sorted(codes)), used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024]))
"""


def test_names_are_unique() -> None:
    names = [case.name for case in (*CASES, *DOCUMENTS)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case.what)
def test_it_costs_little_and_is_told_rightly(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.maker())
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.stderr == ""
    codes, seconds, megabytes = json.loads(done.stdout)
    assert codes == case.expected
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
