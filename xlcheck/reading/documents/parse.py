"""What kind of document a file is, told by its bytes, and the one way from these to its tables and its text."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Literal

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form
from xlcheck.reading.documents.grid import Document

DocumentKind = Literal["docx", "foreign", "html", "pdf", "text"]
"""How a file is written that is no workbook; `foreign` ones go through LibreOffice."""

_ZIP = b"PK\3\4"
_OLE = b"\xd0\xcf\x11\xe0"
_TEXT_STREAM = "WordDocument".encode("utf-16-le")
"""The name of the stream with the text ([MS-DOC] 2.1.1)."""
_IN_WORD = re.compile(r"(?i)word/").match
_IN_BOOK = re.compile(r"(?i)xl/workbook").match
_HEAD = 4096
_PAGE = (b"<html", b"<!doctype html", b"<table", b"<head", b"<body")
_LIBRARIES = {"docx": " Word 文档", "foreign": "文字文档", "html": "网页", "pdf": " PDF 文件", "text": "文本"}
_IN_BROWSER = "这是{}，网页上只核对工作簿；请报送填报用的工作簿"
_INSTALL = '这是{}，核对它要安装：pip install "xlcheck[documents]"；或者请报送填报用的工作簿'


def document_kind(data: bytes) -> DocumentKind | None:
    """The kind of a document; None for what may be a workbook, and for what nobody knows."""
    if data.startswith(_ZIP):
        if data[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text"):
            return "foreign"
        members = _members(data)
        return "docx" if any(map(_IN_WORD, members)) and not any(map(_IN_BOOK, members)) else None
    if data.startswith(_OLE):
        return "foreign" if _TEXT_STREAM in data else None
    if data.startswith(b"{\\rtf"):
        return "foreign"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return _written(data)


def _members(data: bytes) -> Sequence[str]:
    """The names of what is in a zip container; none where it is damaged."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return container.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ()


def _written(data: bytes) -> DocumentKind | None:
    """What a file is that is told by the words it begins with."""
    from xlcheck.guard.webpage import is_archive

    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    if is_archive(data) or any(mark in head.lower() for mark in _PAGE):
        return "html"
    return "text" if head.strip() and b"\0" not in head else None


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
        raise Refused("F103", says.format(_LIBRARIES[kind])) from error


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
