"""A zip container of members that the guard inflated, stored as they are: the parser behind it need not inflate again.

Sections cited as APPNOTE are those of PKWARE's APPNOTE.TXT 6.3.10.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from struct import Struct

_LOCAL = Struct("<4s5H3L2H")  # APPNOTE 4.3.7
_CENTRAL = Struct("<4s6H3L5H2L")  # APPNOTE 4.3.12
_END = Struct("<4s4H2LH")  # APPNOTE 4.3.16
_VERSION, _UTF8, _STORED = 20, 0x0800, 0
_DAY = 0x21
"""The first day that a container can tell, 1980-01-01."""


def stored(parts: Mapping[str, bytes]) -> bytes:
    """A container with these members and nothing else; they must be fewer than 65,536, and lie below 4 GB together."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, content in parts.items():
        raw, size = name.encode(), len(content)
        said = (_VERSION, _UTF8, _STORED, 0, _DAY, zlib.crc32(content), size, size, len(raw), 0)
        pieces += (_LOCAL.pack(b"PK\3\4", *said), raw, content)
        directory += (_CENTRAL.pack(b"PK\1\2", _VERSION, *said, 0, 0, 0, 0, at), raw)
        at += _LOCAL.size + len(raw) + size
    length = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), length, at, 0)
    return b"".join((*pieces, *directory, end))
