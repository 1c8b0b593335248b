"""Texts of an .xls that is older than Unicode: they stand in the code page of the computer that wrote them.

calamine 0.37 takes those of Chinese ones apart and knows few of a Mac, so texts go on in UTF-8. Since version 8 every text
says itself how it is written ([MS-XLS] 2.5.294).
"""

from __future__ import annotations

import codecs
from struct import pack, unpack_from

from xlcheck.guard.records import BOF, BOUNDSHEET, CODEPAGE, EOF, FORMAT, LABEL, RSTRING, STRING, records

_VERSION_8 = 0x0600
_CODECS = {
    936: "gb18030", 10_000: "mac_roman", 10_001: "shift_jis", 10_002: "big5", 10_003: "euc_kr", 10_004: "mac_arabic",
    10_006: "mac_greek", 10_007: "mac_cyrillic", 10_008: "gb18030", 10_010: "mac_romanian", 10_017: "mac_cyrillic",
    10_029: "mac_latin2", 10_079: "mac_iceland", 10_081: "mac_turkish", 10_082: "mac_croatian", 32_768: "mac_roman",
}  # fmt: skip
"""Code pages that Python does not call by their number."""
_USUAL = "cp1252"
"""What is read where no code page is told, or one that nobody knows."""
_COUNTS = {LABEL: 6, RSTRING: 6, STRING: 0}
"""Where in a record the length of its text stands, in two bytes; the text follows."""
_ASCII = bytes(byte if byte < 128 else ord("?") for byte in range(256))


def codec_of(stream: bytes) -> str:
    """The codec of the texts of a stream; empty since version 8."""
    codec = ""
    for kind, at, length in records(stream):
        if kind == BOF:
            codec = _USUAL if length >= 2 and unpack_from("<H", stream, at)[0] < _VERSION_8 else ""
        elif kind == CODEPAGE and length >= 2:
            codec = _codec(unpack_from("<H", stream, at)[0])
        if kind == EOF or not codec:
            break
    return codec


def _codec(page: int) -> str:
    try:
        return codecs.lookup(_CODECS.get(page, f"cp{page}")).name
    except LookupError:
        return _USUAL


def title_of(entry: bytes, codec: str) -> str:
    """The title in an entry of the list of sheets ([MS-XLS] 2.4.28); empty where there is none.

    Args:
        entry: what the record holds.
        codec: that of the stream.
    """
    if len(entry) < 8:
        return ""
    count = entry[6]
    if codec:
        return entry[7 : 7 + count].decode(codec, "replace")
    raw = entry[8:]
    return raw[: 2 * count].decode("utf-16-le", "replace") if entry[7] & 1 else raw[:count].decode("latin-1")


def in_utf_8(kind: int, data: bytes, codec: str) -> bytes:
    """What a record holds, with its text in UTF-8; `codec` is that of the stream.

    Raises:
        struct.error: it is cut short.
    """
    if kind in _COUNTS:
        at = _COUNTS[kind]
        end = at + 2 + unpack_from("<H", data, at)[0]
        text = _utf_8(data[at + 2 : end], codec)
        return data[:at] + pack("<H", len(text)) + text + data[end:]
    if kind == BOUNDSHEET:
        text = _utf_8(data[7 : 7 + data[6]], codec)[:255]
        return data[:6] + pack("<B", len(text)) + text
    return data.translate(_ASCII) if kind == FORMAT else data


def _utf_8(text: bytes, codec: str) -> bytes:
    return text.decode(codec, "replace").encode()
