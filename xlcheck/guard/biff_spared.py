"""The stream of an .xls as its readers take it: whole, and for calamine with nothing in it but values."""

from __future__ import annotations

from struct import pack, pack_into, unpack_from

from xlcheck.guard.biff import LENGTHS
from xlcheck.guard.biff_texts import codec_of, in_utf_8
from xlcheck.guard.budget import PER_RECORD
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.records import (
    BOF,
    BOUNDSHEET,
    CODEPAGE,
    CONTINUE,
    DATE1904,
    EOF,
    FORMAT,
    FORMULA,
    SST,
    STRING,
    XF,
    records,
)
from xlcheck.model.errors import damaged, too_much

_KEPT = {BOF, EOF, CONTINUE, BOUNDSHEET, SST, STRING, *LENGTHS, CODEPAGE, DATE1904, FORMAT, XF}
"""What calamine needs."""
_MOST = int(LIMITS.microseconds / PER_RECORD)
"""Records that are passed before the budget is asked."""
_END = pack("<2H", EOF, 0)
_UNICODE = pack("<3H", CODEPAGE, 2, 65_001)
"""What says that texts are in UTF-8."""


def set_right(stream: bytes) -> bytes:
    """The stream with a list that leads to its sheets, the last of which ends.

    Where no entry of the list leads to a sheet, sheets are taken in their order, as LibreOffice takes them.

    Raises:
        Refused: F101 some entries lead to sheets and others do not, or there are more of one than of the other;
            F104 more records than any budget pays for.
    """
    entries: list[int] = []
    starts: list[int] = []
    at = depth = number = 0
    padding = len(stream.rstrip(b"\0"))
    while at + 4 <= len(stream):
        kind, length = unpack_from("<2H", stream, at)
        if (depth == 0 and kind != BOF) or (kind == 0 and at >= padding):
            break
        number += 1
        if number > _MOST:
            raise too_much("文件内容（标记、记录、文字）合计过多")
        if kind == BOF and depth == 0:
            starts.append(at)
        elif kind == BOUNDSHEET and length >= 4 and at + 8 <= len(stream):
            entries.append(at + 4)
        depth += (kind == BOF) - (kind == EOF)
        at += 4 + length
    if depth == 1 and len(starts) > 1 and at <= len(stream):
        stream = stream[:at] + _END
    places = {unpack_from("<L", stream, at)[0] for at in entries}
    return stream if places <= {*starts} else _led(stream, entries, starts)


def _led(stream: bytes, entries: list[int], starts: list[int]) -> bytes:
    sheets = starts[1:]
    if len(sheets) != len(entries) or any(unpack_from("<L", stream, at)[0] in starts for at in entries):
        raise damaged("工作表目录不正确")
    changed = bytearray(stream)
    for at, place in zip(entries, sheets, strict=True):
        pack_into("<L", changed, at, place)
    return bytes(changed)


def spared(stream: bytes) -> bytes:
    """The stream with nothing in it but what calamine needs for values, and formulas emptied.

    Their cached values stay. Nested substreams (charts) are left out, and so are sheets without a name, which hold none.
    Strings may go on in a record behind an empty one, in which calamine looks for a byte.

    Raises:
        Refused: F101 the list of sheets leads nowhere.
        struct.error: a text is cut short.
    """
    kept = bytearray()
    places: dict[int, int] = {}
    """Where each substream begins now, by where it began."""
    listed: list[int] = []
    depth = 0
    shared = False
    codec = codec_of(stream)
    for kind, at, length in records(stream):
        depth += kind == BOF
        if kind != CONTINUE:
            shared = kind == SST
        if kind in _KEPT and depth <= 1 and (kind != CONTINUE or (shared and length)):
            places[at - 4] = start = len(kept)
            data = stream[at : at + length]
            if kind == BOUNDSHEET:
                if length < 8:
                    continue
                listed.append(start + 4)
            elif kind == FORMULA and length >= 22:
                data = data[:20] + b"\0\0" + data[22:]
            elif kind == CODEPAGE and codec:
                continue
            data = in_utf_8(kind, data, codec) if codec else data
            kept += pack("<2H", kind, len(data)) + data
            if kind == BOF and codec and not start:
                kept += _UNICODE
        depth -= kind == EOF
    for at in listed:
        place = places.get(unpack_from("<L", kept, at)[0])
        if place is None:
            raise damaged("工作表目录不正确")
        pack_into("<L", kept, at, place)
    return bytes(kept)
