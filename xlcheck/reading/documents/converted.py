"""Reports of other word processors (.doc, .wps, .rtf, .odt): LibreOffice makes a .docx of them, which is then read."""

from __future__ import annotations

from xlcheck.files.libreoffice import rewritten
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.reading.documents.kinds import foreign_kind

_SAVE = "请用 Word 或 WPS 另存为 .docx 后报送"


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
        raise Refused("F103", f"这是{kind.called}，读取它需要安装 LibreOffice；{_SAVE}").of_no_report() from None
    except OSError as error:
        raise Refused("F103", f"这是{kind.called}，未能启动 LibreOffice 读取；{_SAVE}").of_no_report() from error
    if made is None:
        raise damaged(f"LibreOffice 打不开这份{kind.called}")
    return made
