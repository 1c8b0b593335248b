"""Hostile documents cost no more than workbooks may: reading them and marking them, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import ROOT
from tests.hostile.documents import DEAR_PDF, DOCX, HTML, PDF, TEXT
from tests.hostile.test_corpus import MOST_MEGABYTES, MOST_SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as on Linux")

ALL = [
    *(pytest.param("docx", maker, id=f"docx: {name}") for name, maker in DOCX.items()),
    *(pytest.param("html", maker, id=f"html: {name}") for name, maker in HTML.items()),
    *(pytest.param("pdf", maker, id=f"pdf: {name}") for name, maker in {**PDF, **DEAR_PDF}.items()),
    *(pytest.param("text", maker, id=f"text: {name}") for name, maker in TEXT.items()),
]
CODE = """
import json, resource, sys
from pathlib import Path
from xlcheck.copies.documents.docx import marked_docx
from xlcheck.copies.documents.html import marked_html
from xlcheck.copies.documents.marks import CellMark
from xlcheck.copies.documents.pdf import marked_pdf
from xlcheck.forms.file import load_form
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.parse import parse_document

kind, path = sys.argv[1:]
data, code = Path(path).read_bytes(), ""
try:
    document = parse_document(data, kind, [load_form()])
    spots = [(grid.number, (cell.row, cell.column)) for grid in document.grids for cell in grid.cells][:300]
    marks = {spot: CellMark("FFFF8F8F", "x") for spot in spots}
    if kind == "docx":
        marked_docx(data, marks, "x")
    if kind == "html":
        marked_html(data, marks, [], "x")
    if kind == "pdf":
        marked_pdf(data, document, marks, "x")
except Refused as refused:
    code = refused.code
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([code, used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024]))
"""


@pytest.mark.parametrize(("kind", "maker"), ALL)
def test_it_costs_little_and_raises_nothing_but_a_refusal(
    kind: str, maker: Callable[[], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "document"
    path.write_bytes(maker())
    done = subprocess.run(
        [sys.executable, "-c", CODE, kind, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.stderr == ""
    code, seconds, megabytes = json.loads(done.stdout)
    assert code in ("", "F101", "F103", "F104")
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
