"""What kind of document a file is, told by its bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from xlcheck.model.errors import Refused
from xlcheck.model.tuples import NamedTuple

DocumentKind = Literal["docx", "foreign", "html", "pdf", "text"]
"""How a file is written that is no workbook; `foreign` ones go through LibreOffice."""

_ZIP = b"PK\3\4"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_STREAM = "WordDocument".encode("utf-16-le")
"""The name of the stream with the text ([MS-DOC] 2.1.1); WPS writes the same into a .wps."""
_OPEN_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"
"""What an .odt has behind the head of its first member (ODF 1.3 part 2, 3.3)."""
_IN_WORD = re.compile(r"(?i)word/").match
_IN_BOOK = re.compile(r"(?i)xl/workbook").match
_NAMED = re.compile(rb"PK\x03\x04.{26}((?:word|xl)/[A-Za-z0-9_./-]{1,40})", re.DOTALL)
"""A member's local header, up to its name or more (APPNOTE 4.3.7)."""
_HEAD = 4096
_PAGE = (b"<html", b"<!doctype html", b"<table", b"<head", b"<body")


class ForeignKind(NamedTuple):
    """A kind of document that is read through LibreOffice."""

    suffix: str
    called: str
    """In a clerk's words."""
    reads: str
    """LibreOffice's name of it."""


_DOC = ForeignKind(".doc", "旧版 Word 或 WPS 文档（.doc、.wps）", "MS Word 97")
_RTF = ForeignKind(".rtf", "RTF 文档", "Rich Text Format")
_ODT = ForeignKind(".odt", "LibreOffice 文档（.odt）", "writer8")


def document_kind(data: bytes) -> DocumentKind | None:
    """The kind of a document; None for what may be a workbook, and for what nobody knows."""
    if foreign_kind(data) is not None:
        return "foreign"
    if data.startswith(_ZIP):
        names = _members(data)
        return "docx" if any(map(_IN_WORD, names)) and not any(map(_IN_BOOK, names)) else None
    if data.startswith(_OLE):
        return None
    return "pdf" if b"%PDF-" in data[:1024] else _written(data)


def foreign_kind(data: bytes) -> ForeignKind | None:
    """Which of the kinds that go through LibreOffice a file is; None for another."""
    if data.startswith(b"{\\rtf"):
        return _RTF
    if data.startswith(_OLE):
        return _DOC if _TEXT_STREAM in data else None
    return _ODT if data.startswith(_ZIP) and data[30:].startswith(_OPEN_TEXT) else None


def _members(data: bytes) -> Sequence[str]:
    """The names of what is in a zip container; where it is damaged or cut off, what stands before its members says."""
    from struct import error

    from xlcheck.guard.container import members

    try:
        return [member.name for member in members(data)]
    except (Refused, error):
        return [name.decode("ascii") for name in _NAMED.findall(data)]


def _written(data: bytes) -> DocumentKind | None:
    """What a file is that is told by the words it begins with."""
    from xlcheck.guard.encodings import marked, unmarked_utf16
    from xlcheck.guard.webpage import is_archive

    head = data[:_HEAD]
    if marked(data)[0].startswith("utf-16") or unmarked_utf16(data):
        head = head.replace(b"\0", b"")
    if is_archive(data) or any(mark in head.lower() for mark in _PAGE):
        return "html"
    return "text" if head.strip() and b"\0" not in head else None
