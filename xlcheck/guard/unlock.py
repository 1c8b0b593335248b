"""Files that are locked with the default password, which every program tries before it asks (msoffcrypto-tool).

Excel locks a file with it where only its structure was to be protected, so nobody knows that it is encrypted
([MS-OFFCRYPTO] 2.4.2.3 names the password). What it decrypts to goes through the guard like any other file.
"""

from __future__ import annotations

import io
import re
from itertools import takewhile
from typing import Any

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import readable
from xlcheck.guard.ole import CUTOFF, Compound, compound, wrap
from xlcheck.guard.records import EOF, FILEPASS, records
from xlcheck.model.errors import LOCKED, Refused

_PASSWORD = "VelvetSweatshop"  # noqa: S105  every program knows it; it is published
_AGILE = b"\x04\0\x04\0"  # [MS-OFFCRYPTO] 2.3.4.10
_SPINS = re.compile(rb"""spinCount\s*=\s*["']([0-9]{1,20})["']""")
_MOST_SPINS = 100_000
"""Rounds of hashing, as many as Excel makes; each takes a microsecond."""
_BLOCK = 16
"""Bytes of a block of the cipher (AES)."""
_MOST_BYTES = 4 << 20
"""Of an .xls that is decrypted: it is done byte by byte."""


def is_locked(stream: bytes) -> bool:
    """Whether an .xls stream is encrypted: its first substream says so ([MS-XLS] 2.4.117).

    Raises:
        Refused: F101 a record reaches beyond the stream.
    """
    return any(kind == FILEPASS for kind, _, _ in takewhile(_is_no_end, records(stream)))


def _is_no_end(record: tuple[int, int, int]) -> bool:
    return record[0] != EOF


def unlocked(file: Compound, limits: Limits) -> bytes:
    """The file that a container holds which is locked with the default password.

    Raises:
        Refused: F102 it is locked with another, or in a way that is not known.
        MemoryError: there is not enough for it.
    """
    try:
        return _package(*file.locked, limits) if file.locked else _workbook(file.workbook, limits)
    except MemoryError:
        raise
    except Exception:  # the library's own errors, and whatever it makes of a hostile file
        raise Refused("F102", LOCKED) from None


def _package(info: bytes, content: bytes, limits: Limits) -> bytes:
    """A package, encrypted as a whole ([MS-OFFCRYPTO] 2.3.4)."""
    from msoffcrypto.format.ooxml import OOXMLFile  # late: few files are locked

    if info.startswith(_AGILE):
        # How it is locked stands there in XML, which the library parses; blanks behind it do no harm.
        info = (info[:8] + readable(info[8:], "加密信息", limits)).ljust(CUTOFF)
        if any(int(spins) > _MOST_SPINS for spins in _SPINS.findall(info)):
            raise Refused("F102", LOCKED)
    # Its length, and whole blocks; the library stumbles over what a container puts behind.
    content = content[: 8 + (len(content) - 8) // _BLOCK * _BLOCK].ljust(8 + CUTOFF, b"\0")
    return _decrypted(OOXMLFile(io.BytesIO(wrap({"EncryptionInfo": info, "EncryptedPackage": content}))))


def _workbook(stream: bytes, limits: Limits) -> bytes:
    """An .xls, whose records are encrypted one by one ([MS-XLS] 2.2.10)."""
    from msoffcrypto.format.xls97 import Xls97File

    if len(stream) > _MOST_BYTES:
        raise Refused("F102", LOCKED)
    end = max(at + length for _, at, length in records(stream))
    # Behind the last record the library still reads records; empty ones are of four bytes.
    whole = stream[:end] + bytes(4 * -(-max(CUTOFF - end, 0) // 4))
    data = _decrypted(Xls97File(io.BytesIO(wrap({"Workbook": whole}))))
    return wrap({"Workbook": compound(data, limits).workbook})


def _decrypted(file: Any) -> bytes:
    out = io.BytesIO()
    file.load_key(password=_PASSWORD)
    file.decrypt(out)
    return out.getvalue()
