"""How a text is encoded that says so itself, or whose bytes leave no doubt."""

from __future__ import annotations

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD = 4096
"""Bytes that are looked at, an even number."""
_SPACE = "\t\n\r\f\v\u3000\xa0\u2028\u2029"


def marked(data: bytes) -> tuple[str, int]:
    """The codec that a mark at the beginning names, and how long the mark is; ``("", 0)`` where there is none."""
    return next(((codec, len(mark)) for mark, codec in _MARKS if data.startswith(mark)), ("", 0))


def unmarked_utf16(data: bytes) -> str:
    """The codec of a text in UTF-16 without a mark; empty for whatever else.

    Digits, blanks and line ends have an empty byte there, always on the same side, and what comes of it can be printed.
    """
    head = data[:_HEAD]
    if b"\0" not in head or len(data) % 2:
        return ""
    codec = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    text = head.decode(codec, "replace")
    text = text if len(data) <= _HEAD else text[:-1]  # half of a character may be left at the end
    return codec if "\ufffd" not in text and all(char.isprintable() or char in _SPACE for char in text) else ""
