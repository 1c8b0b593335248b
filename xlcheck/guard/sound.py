"""Whether texts between tags that were told by expressions are well-formed, without parsing them."""

from __future__ import annotations

import re

_FORBIDDEN = bytes({*range(32)} - {9, 10, 13})
"""Control characters that XML cannot hold (XML 1.0, production 2)."""
_REFERENCE = re.compile(rb"&(?:amp|lt|gt|quot|apos|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_OUTSIDE = ("\ufffe", "\uffff")


def is_sound(data: bytes) -> bool:
    """Whether all characters and references are such as XML may hold (XML 1.0, productions 2, 14, 66 and 68).

    Args:
        data: texts, and tags without references within.
    """
    if data.translate(None, _FORBIDDEN) != data or b"]]>" in data:
        return False
    if not data.isascii():
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        if any(one in text for one in _OUTSIDE):
            return False
    return b"&" not in data or _are_references(data)


def _are_references(data: bytes) -> bool:
    found = _REFERENCE.findall(data)
    if len(found) != data.count(b"&"):
        return False
    return all(_is_character(int(one) if one else int(other, 16)) for one, other in set(found) if one or other)


def _is_character(code: int) -> bool:
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
