"""The door: every file's bytes pass here before any parser sees them.

calamine runs in native code: what makes it abort cannot be caught. So nothing is handed on that no honest submission
holds. The kind is told by the bytes, never by the file's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from xlcheck.guard.container import inflate
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.ooxml import check_ooxml
from xlcheck.guard.stored import stored
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.numbers import MIB

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What an OLE2 container begins with ([MS-CFB] 2.2)."""


_SMALL = MIB // 4
"""Bytes of all parts up to which they are packed again."""


class Package(NamedTuple):
    """A file that was admitted, opened."""

    kind: Literal["xlsx", "ods", "xls"]
    parts: Mapping[str, bytes]
    """Every member of a zip container by its name, inflated; empty for an .xls."""
    macros: bool
    """Whether it holds a VBA project."""
    safe: bytes | None = None
    """What to hand to calamine in place of the file, if anything: of an .xls a container with nothing in it but the
    values, of a small .xlsx the parts as they stand here."""


def admit(data: bytes, limits: Limits = LIMITS, ask: Ask = afresh) -> Package:
    """Open the file with these bytes, if it is a workbook that no parser can come to harm with.

    Args:
        data: the file's bytes.
        limits: what it may hold.
        ask: may know what was found out about members of other files.

    Raises:
        Refused: it is damaged, encrypted, not a workbook, or beyond `limits`.
        MemoryError: this process may not have as much memory as it takes; that says nothing of the file.
    """
    try:
        return _open(data, limits, ask)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever else a hostile file provokes is a damaged file, too
        raise damaged("内容无法识别") from error


def _open(data: bytes, limits: Limits, ask: Ask) -> Package:
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _open_zip(data, limits, ask)
    if data.startswith(_OLE):
        return _open_ole(data, limits)
    raise _other(data)


def _open_zip(data: bytes, limits: Limits, ask: Ask) -> Package:
    parts = inflate(data, limits, ask)
    if "[Content_Types].xml" not in parts and ("mimetype" in parts or "META-INF/manifest.xml" in parts):
        from xlcheck.guard.ods import check_ods  # late, as below: most files are .xlsx, and startup time counts

        check_ods(parts, limits)
        return Package("ods", parts, any(name.startswith("Basic/") for name in parts))
    check_ooxml(parts, limits, ask)
    return Package("xlsx", parts, any(name.lower().endswith("vbaproject.bin") for name in parts), _again(parts))


def _again(parts: Mapping[str, bytes]) -> bytes | None:
    """The parts in a container that costs no inflating; None for a large file, which would lie in memory twice."""
    return stored(parts) if sum(map(len, parts.values())) <= _SMALL else None


def _open_ole(data: bytes, limits: Limits) -> Package:
    from xlcheck.guard.biff import blanked, check_biff
    from xlcheck.guard.ole import workbook_stream, wrap

    stream, macros = workbook_stream(data, limits)
    check_biff(stream, limits)
    return Package("xls", {}, macros, wrap(blanked(stream)))


_SAVE = "请用 Excel 或 WPS 另存为 .xlsx 后报送"
_FORMS = (
    (b"%PDF", "这是 PDF 文件，请报送填报用的工作簿"),
    (b"{\\rtf", "这是 RTF 文档，请报送填报用的工作簿"),
    (b"\x89PNG", "这是图片，请报送填报用的工作簿"),
    (b"\xff\xd8\xff", "这是图片，请报送填报用的工作簿"),
    (b"GIF8", "这是图片，请报送填报用的工作簿"),
    (b"BM", "这是图片，请报送填报用的工作簿"),
    (b"Rar!", "这是压缩包，请解压后报送其中的工作簿"),
    (b"7z\xbc\xaf", "这是压缩包，请解压后报送其中的工作簿"),
    (b"\x1f\x8b", "这是压缩包，请解压后报送其中的工作簿"),
)


def _other(data: bytes) -> Refused:
    """Why these bytes are no workbook."""
    if not data.strip(b"\0 \t\r\n"):
        return Refused("F103", "文件是空的，请重新报送填好的工作簿")
    for mark, reason in _FORMS:
        if data.startswith(mark):
            return Refused("F103", reason)
    if b"PK\5\6" in data[-65_557:]:
        return damaged("文件开头有多余内容")
    head = data[:4096].lower()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    if b"<html" in head or b"<!doctype html" in head or b"<table" in head:
        return Refused("F103", f"这是网页，只是扩展名像工作簿，{_SAVE}")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"office:document" in head:
        return Refused("F103", f"这是 XML 表格，{_SAVE}")
    if data[:4] in (b"\x09\0\4\0", b"\x09\2\6\0", b"\x09\4\6\0", b"\x09\x08\x08\0", b"\x09\x08\x10\0"):
        return Refused("F103", f"这是很旧的 Excel 文件，{_SAVE}")
    if b"\0" not in head:
        return Refused("F103", f"这是文本（如 CSV），不是工作簿，{_SAVE}")
    return Refused("F103", f"不是 Excel、WPS 或 LibreOffice 的工作簿，{_SAVE}")
