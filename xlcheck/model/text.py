"""How things are said to a clerk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 30


class _Kept(dict[int, int | str]):
    """What becomes of each character in :func:`clean`, worked out once."""

    def __missing__(self, code: int) -> int | str:
        steers = unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        self[code] = kept = "" if steers or code in (0xFFFE, 0xFFFF) else code
        return kept


_kept = _Kept({ord(char): " " for char in "\r\n\t"})


def clean(text: str) -> str:
    """A stranger's text on one line, without characters that steer a terminal or turn the reading direction.

    U+FFFE and U+FFFF go, too: XML, and so a workbook, cannot hold them (XML 1.0, 2.2).
    """
    return text if text.isprintable() else text.translate(_kept)


def literal(text: str) -> str:
    """The text, told apart from what XlsxWriter takes for rich text and writes into the XML as it is."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def quote(text: str) -> str:
    """:func:`clean`, and not longer than a clerk wants to read."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def names(texts: Iterable[str]) -> str:
    """``“甲”、“乙”``."""
    return "、".join(f"“{quote(text)}”" for text in texts)


_PLAIN_NUMBER = r"-[0-9]+(?:\.[0-9]+)?"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; plain negative numbers stay as they are (OWASP, CSV injection)."""
    text = clean(text)
    if text[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") and not re.fullmatch(_PLAIN_NUMBER, text):
        return f"'{text}"
    return text
