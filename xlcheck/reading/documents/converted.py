"""Reports of other word processors (.doc, .wps, .rtf, .odt): LibreOffice makes a .docx of them, which is then read."""

from __future__ import annotations

from typing import NamedTuple

from xlcheck.files.libreoffice import rewritten
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import Refused, damaged, too_much

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_STREAM = "WordDocument".encode("utf-16-le")
"""The name of the stream with the text ([MS-DOC] 2.1.1); WPS writes the same into a .wps."""
_OPEN_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"
"""What an .odt has behind the head of its first member (ODF 1.3 part 2, 3.3)."""
_SAVE = "请用 Word 或 WPS 另存为 .docx 后报送"


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


def foreign_kind(data: bytes) -> ForeignKind | None:
    """Which of these kinds a file is, told by its bytes; None for another."""
    if data.startswith(b"{\\rtf"):
        return _RTF
    if data.startswith(_OLE):
        return _DOC if _TEXT_STREAM in data else None
    return _ODT if data.startswith(b"PK\3\4") and data[30:].startswith(_OPEN_TEXT) else None


def as_docx(data: bytes, limits: Limits = LIMITS) -> bytes:
    """Such a document as a .docx, which the guard has not seen yet.

    Args:
        data: the file's bytes.
        limits: what it may hold.

    Raises:
        Refused: F103 it is none of these kinds, or LibreOffice is not installed; F101 LibreOffice makes nothing of it.
    """
    kind = foreign_kind(data)
    if kind is None:
        raise Refused("F103", f"认不出是什么文档，{_SAVE}")
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    try:
        made = rewritten(data, kind.suffix, kind.reads, "docx:MS Word 2007 XML")
    except FileNotFoundError:
        raise Refused("F103", f"这是{kind.called}，读取它需要安装 LibreOffice；{_SAVE}") from None
    except OSError as error:
        raise Refused("F103", f"这是{kind.called}，未能启动 LibreOffice 读取；{_SAVE}") from error
    if made is None:
        raise damaged(f"LibreOffice 打不开这份{kind.called}")
    return made
