"""What a file is that is no workbook, and what to do about it: a sentence for each kind, told by its bytes."""

from __future__ import annotations

import re
from collections.abc import Collection

from xlcheck.model.errors import Refused, damaged

_SAVE = "请用 Excel 或 WPS 另存为 .xlsx 后报送"
_SEND = "请报送填报用的工作簿"
_FILL = "请在下发的填报模板中填写后报送"
_UNPACK = "这是压缩包，请解压后报送其中的工作簿"
_SEALED = "文件被文档加密软件{whose}加密，离开装有该软件的电脑就打不开，请在本单位的电脑上解密（或申请外发）后重新报送"
_MARKS = (
    (b"%PDF", f"这是 PDF 文件，{_SEND}"),
    (b"{\\rtf", f"这是 RTF 文档，{_SEND}"),
    (b"\x89PNG", f"这是图片，{_SEND}"),
    (b"\xff\xd8\xff", f"这是图片，{_SEND}"),
    (b"GIF8", f"这是图片，{_SEND}"),
    (b"BM", f"这是图片，{_SEND}"),
    (b"II*\0", f"这是图片，{_SEND}"),
    (b"Rar!", _UNPACK),
    (b"7z\xbc\xaf", _UNPACK),
    (b"\x1f\x8b", _UNPACK),
    (b"bplist00", f"这是网页归档，只是扩展名像工作簿，{_SEND}"),
    # What the clients of document control put in front of a file, as their users report it.
    (b"b\x14#e", _SEALED.format(whose="（如亿赛通）")),
    (b"%TSD-Header-###%", _SEALED.format(whose="")),
    (b".pfile", _SEALED.format(whose="")),
)
_NAMED = b"e-safenet"
"""In the first bytes of a file that such a client locked."""
_OLD = (b"\x09\0\4\0", b"\x09\2\6\0", b"\x09\4\6\0", b"\x09\x08\x08\0", b"\x09\x08\x10\0")
"""The first record of a workbook before Excel 5 ([MS-XLS] 2.4.21 for the later ones)."""
_MAIL = re.compile(rb"(?:[\w-]{2,40}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){0,30}?mime-version:", re.IGNORECASE)


def no_workbook(data: bytes) -> Refused:
    """Why these bytes, which are neither a zip nor an OLE container, are no workbook."""
    if not data.strip(b"\0 \t\r\n"):
        return Refused("F103", "文件是空的，请重新报送填好的工作簿")
    head = data[:4096].lower()
    if _NAMED in head[:512]:
        return Refused("F103", _SEALED.format(whose="（如亿赛通）"))
    for mark, reason in _MARKS:
        if data.startswith(mark):
            return Refused("F103", reason)
    if b"PK\5\6" in data[-65_557:]:
        return damaged("文件开头有多余内容")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    return Refused("F103", _written(data, head))


def _written(data: bytes, head: bytes) -> str:
    """What a file is that is told by the words it begins with; `head` are these in small letters."""
    if _MAIL.match(head.lstrip()):
        return f"这是单个文件网页（.mht）或邮件，只是扩展名像工作簿，请用 Excel 打开后另存为 .xlsx 再报送；若是邮件，{_SEND}"
    if b"<html" in head or b"<!doctype html" in head or b"<table" in head:
        return f"这是网页，只是扩展名像工作簿，{_SAVE}"
    if b"office:document" in head:
        return "这是单个 XML 文件的 ODF 文档（如 .fods），Excel 和 WPS 打不开，请用 LibreOffice 另存为 .xlsx 后报送"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return f"这是 XML 表格，{_SAVE}"
    if data[:4] in _OLD:
        return f"这是很旧的 Excel 文件，{_SAVE}"
    if b"\0" not in head:
        return f"这是文本（如 CSV），不是工作簿，{_FILL}"
    return f"认不出是什么文件，不是 Excel、WPS 或 LibreOffice 的工作簿；若单位装有文档加密软件，请先解密，否则{_SAVE}"


def no_package(names: Collection[str]) -> Refused:
    """Why a zip with members of these names, in small letters, is no workbook."""
    if any(name.startswith("xl/") for name in names):
        return damaged("缺少文件目录")
    if any(name.endswith(".iwa") for name in names) or "index.zip" in names:
        return Refused("F103", "这是 Numbers 表格，请在 Numbers 中导出为 Excel（.xlsx）后报送")
    return Refused("F103", _UNPACK)


def no_book(names: Collection[str]) -> Refused:
    """Why an OLE container with streams of these names, in small letters, is no workbook."""
    known = {
        "worddocument": f"这是 Word 文档，{_SEND}",
        "powerpoint document": f"这是演示文稿，{_SEND}",
        "visiodocument": f"这是 Visio 绘图，{_SEND}",
        "__properties_version1.0": f"这是 Outlook 邮件，{_SEND}",
    }
    return Refused("F103", next((why for name, why in known.items() if name in names), f"不是报表工作簿，{_SEND}"))
