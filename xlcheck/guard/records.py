"""The records of the stream of an .xls workbook, one after the other ([MS-XLS] 2.1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from xlcheck.model.errors import damaged

BOF, EOF, CONTINUE, FILEPASS, BOUNDSHEET = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085
SST, MERGED = 0x00FC, 0x00E5
FORMULA, STRING, NUMBER, LABEL, BOOLERR, RK, MULRK, LABELSST, RSTRING, BLANK, MULBLANK = (
    0x0006, 0x0207, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00FD, 0x00D6, 0x0201, 0x00BE,
)  # fmt: skip
CODEPAGE, DATE1904, FORMAT, XF = 0x0042, 0x0022, 0x041E, 0x00E0

_Record = tuple[int, int, int]
"""Type, where its data begin, and their length."""


def records(stream: bytes) -> Iterator[_Record]:
    """The records of a stream, to the last substream's end.

    Raises:
        Refused: F101 a record reaches beyond the stream.
    """
    at, depth, size = 0, 0, len(stream)
    while at + 4 <= size:
        kind, length = unpack_from("<2H", stream, at)
        # What follows the last substream is padding.
        if at + 4 + length > size or (depth == 0 and kind != BOF):
            break
        depth += (kind == BOF) - (kind == EOF)
        yield kind, at + 4, length
        at += 4 + length
    if depth:
        raise damaged("工作簿记录不完整")
