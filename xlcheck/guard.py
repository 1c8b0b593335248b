"""The door: every file's bytes pass here before any parser sees them.

calamine runs in native code: what makes it abort cannot be caught. So nothing is handed on that no honest submission
holds. The kind is told by the bytes, never by the file's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xlcheck.guard_ods import check_ods, is_ods
from xlcheck.guard_ooxml import check_ooxml
from xlcheck.guard_zip import inflate
from xlcheck.limits import LIMITS, Limits, Refused, damaged, too_much

__all__ = ["LIMITS", "Limits", "Package", "Refused", "admit"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Package:
    """A file that was admitted, opened."""

    kind: Literal["xlsx", "ods", "xls"]
    parts: Mapping[str, bytes]
    """Every member of a zip container by its name, inflated; empty for an .xls."""
    macros: bool
    """Whether it holds a VBA project."""


def admit(data: bytes, limits: Limits = LIMITS) -> Package:
    """Open the file with these bytes, if it is a workbook that no parser can come to harm with.

    Raises:
        Refused: it is damaged, encrypted, not a workbook, or beyond `limits`; nothing else is ever raised.
    """
    try:
        return _open(data, limits)
    except Refused:
        raise
    except Exception as error:  # whatever else a hostile file provokes is a damaged file, too
        raise damaged("内容无法识别") from error


def _open(data: bytes, limits: Limits) -> Package:
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    if data.startswith(b"PK\3\4"):
        return _open_zip(data, limits)
    raise _other(data)


def _open_zip(data: bytes, limits: Limits) -> Package:
    parts = inflate(data, limits)
    if is_ods(parts) and "[Content_Types].xml" not in parts:
        check_ods(parts, limits)
        return Package("ods", parts, any(name.startswith("Basic/") for name in parts))
    check_ooxml(parts, limits)
    return Package("xlsx", parts, any(name.lower().endswith("vbaproject.bin") for name in parts))


def _other(data: bytes) -> Refused:
    """Why these bytes are no workbook."""
    return Refused("F103", "不是 Excel、WPS 或 LibreOffice 的工作簿，请另存为 .xlsx 后报送")
