"""Makes the picture of a marked report in the README.

``python -m docs.report FOLDER`` writes a report as .docx and its marked copy into a new folder, and with LibreOffice installed
the picture of ``docs/images``.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

import xlcheck
from samples.make import published
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form

PICTURE = Path(__file__).parent / "images" / "report.png"
UNIT, YEAR = "某某市教育局", 2025
PAGE = 1
"""The page that is shown: the one with the requests."""


def report() -> bytes:
    """A report in which one number of the requests is mistyped."""
    form = load_form()
    cover = {"unit": UNIT, "code": "", "year": str(YEAR)}
    filled = xlcheck.fill(render(form, cover, published(form)), into=_empty())
    document = docx.Document(io.BytesIO(filled.data))
    cell = document.tables[1].rows[3].cells[3]
    (run,) = cell.paragraphs[0].runs
    run.text = f"1{run.text}"
    return _saved(document)


def _empty() -> bytes:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Noto Serif CJK SC", Pt(10.5)
    style.paragraph_format.space_after = Pt(0)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Cm(1.2)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(f"{UNIT}{YEAR}年政府信息公开工作年度报告")
    run.font.size, run.bold = Pt(18), True
    document.add_paragraph("一、总体情况").runs[0].bold = True
    document.add_paragraph("本年度共收到政府信息公开申请 6 件，均已按时答复。")
    for table in load_form().tables:
        document.add_paragraph(table.title.text).runs[0].bold = True
    return _saved(document)


def _saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def picture(marked: Path, target: Path, dpi: int = 80) -> None:
    """Write the page with the requests to `target` (PNG)."""
    with tempfile.TemporaryDirectory(prefix="xlcheck-picture-") as folder:
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(marked)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        page = Path(folder, marked.with_suffix(".pdf").name)
        stem = target.with_suffix("")
        one = ["-f", str(PAGE), "-l", str(PAGE), "-singlefile"]
        subprocess.run(["pdftoppm", "-png", "-r", str(dpi), *one, str(page), str(stem)], check=True)


def main() -> None:
    """Make the report, its copy and the picture."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    path = folder / "年报.docx"
    path.write_bytes(report())
    marked = folder / "年报.审核.docx"
    marked.write_bytes(xlcheck.verify(path).annotated())
    picture(marked, PICTURE)


if __name__ == "__main__":
    main()
