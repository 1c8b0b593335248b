"""Reports as PDFs: as LibreOffice and Chromium print them, with page ends where a test wants them."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.making.chromium import started
from tests.making.written_reports import HEADS, SIGNED, TITLE, Printed, page, page_table, tables

STYLE = """
@page { size: A4; margin: 72pt 80pt }
body { font: 14pt/1.6 "Noto Serif CJK SC", serif }
h1 { font-size: 20pt; text-align: center } p { text-indent: 2em; margin: 0 }
table { border-collapse: collapse; width: 100%; font-size: 10pt; line-height: 1.3; margin: 8pt 0 }
td { border: 1px solid #000; padding: 4pt; text-align: center; vertical-align: middle }
"""
"""As most reports are printed."""


def printed_page(values: Mapping[str, object] | None = None, *, gap: float = 0, style: str = STYLE) -> str:
    """The whole report as a web page that is made to be printed.

    Args:
        values: the texts of the fields.
        gap: points left free before the first table, by which page ends move.
        style: its style sheet.
    """
    body = [f"<h1>{TITLE}</h1><p>一、总体情况</p><p>本机关推进主动公开。</p>", f'<div style="height:{gap}pt"></div>']
    for head, cells in zip(HEADS, tables(values), strict=True):
        body += [f"<p>{head}</p>", page_table(cells)]
    body += [f"<p>{line}</p>" for line in SIGNED]
    return page("".join(body), f'<meta charset="utf-8"><style>{style}</style>')


def typed(values: Mapping[str, object] | None = None, *, lines: int = 0, height: float = 0) -> bytes:
    """The whole report as a .docx with ruled tables, for LibreOffice to print.

    Args:
        values: the texts of the fields.
        lines: paragraphs before the first table, by which page ends move.
        height: the least height of a row, in points.
    """
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    normal: Any = document.styles["Normal"]
    normal.font.name = "Noto Serif CJK SC"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(0)
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number in range(lines):
        document.add_paragraph(f"第{number + 1}段　本机关推进主动公开。")
    for head, cells in zip(HEADS, tables(values), strict=True):
        document.add_paragraph(head)
        _put_table(document, cells, height)
    for line in SIGNED:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _put_table(document: Any, cells: Sequence[Printed], height: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    rows, columns = max(one.row + one.rows for one in cells), max(one.column + one.columns for one in cells)
    table = document.add_table(rows, columns, style="Table Grid")
    for row in table.rows if height else ():
        row.height = Pt(height)
    for one in cells:
        there = table.cell(one.row, one.column)
        if one.rows > 1 or one.columns > 1:
            there = there.merge(table.cell(one.row + one.rows - 1, one.column + one.columns - 1))
        there.text = one.text
        there.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def by_chromium(pages: Mapping[str, str]) -> dict[str, bytes]:
    """The PDFs that Chromium prints of web pages, by their names; all in one run."""
    program = _program("chromium", "chromium-browser", "google-chrome")
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, started(program, Path(folder)) as browser:
        source = Path(folder, "page.html")
        for name, text in pages.items():
            source.write_text(text, encoding="utf-8")
            made[name] = browser.pdf(source)
    return made


def by_office(files: Mapping[str, bytes], suffix: str = ".docx") -> dict[str, bytes]:
    """The PDFs that LibreOffice makes of documents, by their names without a suffix; all in one run."""
    program = _program("soffice")
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name + suffix).write_bytes(data)
        arguments = ["--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
        names = [str(Path(folder, name + suffix)) for name in files]
        command = [program, *arguments, "--outdir", folder, *names]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return {name: Path(folder, f"{name}.pdf").read_bytes() for name in files}


def _program(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("XLCHECK_REQUIRE_OFFICE"):
            pytest.fail(f"{names[0]} is not there")
        pytest.skip(f"{names[0]} is not there")
    return found
