"""The one way from a document's bytes to its tables and its text."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import LibraryMissing
from xlcheck.model.form import Form
from xlcheck.reading.documents.grid import Document
from xlcheck.reading.documents.kinds import DocumentKind

_LIBRARIES = {"docx": " Word 文档", "foreign": "文字文档", "html": "网页", "pdf": " PDF 文件", "text": "文本"}
_IN_BROWSER = "这是{}，本页只核对工作簿；请核对填报用的工作簿，或用 Excel、WPS 把表格另存为 .xlsx"
_INSTALL = '这是{}，核对它要安装：pip install "xlcheck[documents]"；或者请报送填报用的工作簿'


def native(data: bytes, kind: DocumentKind, limits: Limits = LIMITS) -> tuple[bytes, DocumentKind]:
    """A document in a kind that is read here, and that kind: what goes through LibreOffice does so once.

    Raises:
        Refused: LibreOffice is not installed, or makes nothing of it.
    """
    if kind != "foreign":
        return data, kind
    from xlcheck.reading.documents.converted import as_docx

    return as_docx(data, limits), "docx"


def parse_document(data: bytes, kind: DocumentKind, forms: Sequence[Form] = (), limits: Limits = LIMITS) -> Document:
    """The tables and the text of a document.

    Args:
        data: the file's bytes.
        kind: which kind it is.
        forms: those whose labels say where a row begins, where a page's end cuts a table.
        limits: what it may hold.

    Raises:
        Refused: no parser may see it, it turns out to be unreadable, or the library for its kind is not installed.
    """
    try:
        return _parsed(data, kind, forms, limits)
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("xlcheck"):
            raise
        says = _IN_BROWSER if sys.platform == "emscripten" else _INSTALL
        raise LibraryMissing("F103", says.format(_LIBRARIES[kind])).of_no_report() from error


def _parsed(data: bytes, kind: DocumentKind, forms: Sequence[Form], limits: Limits) -> Document:
    if kind == "docx":
        from xlcheck.reading.documents.docx import parse_docx

        return parse_docx(data, limits)
    if kind == "foreign":
        return _parsed(*native(data, kind, limits), forms, limits)
    if kind == "html":
        from xlcheck.reading.documents.html import parse_html

        return parse_html(data, limits)
    if kind == "pdf":
        from xlcheck.reading.documents.pdf import parse_pdf
        from xlcheck.reading.documents.whole_labels import whole_labels

        return parse_pdf(data, whole_labels(forms), limits)
    from xlcheck.reading.documents.text import parse_text

    return parse_text(data, limits)
