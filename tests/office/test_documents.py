"""Reports that LibreOffice wrote in the formats of others are read as they were written."""

from __future__ import annotations

import pytest

from tests.making.written_reports import word_report
from xlcheck.files.libreoffice import rewritten
from xlcheck.reading.documents.docx import parse_docx
from xlcheck.reading.documents.grid import Document
from xlcheck.reading.documents.html import parse_html
from xlcheck.reading.documents.kinds import foreign_kind
from xlcheck.reading.documents.parse import parse_document

pytestmark = [pytest.mark.office, pytest.mark.usefixtures("installed")]

FORMATS = {".doc": "doc:MS Word 97", ".rtf": "rtf:Rich Text Format", ".odt": "odt:writer8"}


def written(writes: str) -> bytes:
    """The report as LibreOffice writes it."""
    made = rewritten(word_report(), ".docx", "MS Word 2007 XML", writes)
    assert made is not None
    return made


def cells(document: Document) -> list[list[tuple[object, ...]]]:
    """What stands where."""
    return [[cell[:6] for cell in grid.cells] for grid in document.grids]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_report_of_another_word_processor_is_read(suffix: str) -> None:
    made = written(FORMATS[suffix])
    kind = foreign_kind(made)
    assert kind is not None
    assert kind.suffix == suffix
    read, right = parse_document(made, "foreign"), parse_docx(word_report())
    assert cells(read) == cells(right)
    assert read.paragraphs == right.paragraphs


def test_a_report_that_it_wrote_as_word_does_is_read() -> None:
    read, right = parse_docx(written("docx:MS Word 2007 XML")), parse_docx(word_report())
    assert cells(read) == cells(right)
    assert read.paragraphs == right.paragraphs


def test_a_report_that_it_wrote_as_a_web_page_is_read() -> None:
    read, right = parse_html(written("html:HTML (StarWriter)")), parse_docx(word_report())
    assert [[cell[4] for cell in grid] for grid in cells(read)] == [[cell[4] for cell in grid] for grid in cells(right)]
    assert read.paragraphs == right.paragraphs
