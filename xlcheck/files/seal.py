"""The seal of what we wrote: it tells whether anybody has saved it since.

The seal is a part that nothing refers to: every spreadsheet program opens the file and leaves the part out when it
saves. So a copy whose seal is whole holds nothing but what we wrote, and may be written again; any other may hold what
somebody typed, and is never overwritten.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from xlcheck.files.content import read_bytes
from xlcheck.model.errors import Refused

COPY_SEAL = "docProps/xlcheck.xml"
"""The seal of a copy."""

TOTAL_SEAL = "docProps/xlcheck-total.xml"
"""The seal of a total. It is another one, because a total that comes back as it is was not forgotten but handed in."""

_LARGEST = 256 << 20
"""A file beyond this is none of ours."""


def with_seal(package: bytes, source: str, seal: str) -> bytes:
    """A package that openpyxl did not save, with a seal over all that it holds and a name."""
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        # Without the clock, so that the same package stays the same.
        archive.writestr(zipfile.ZipInfo(seal, (1980, 1, 1, 0, 0, 0)), seal_text(archive, source, seal))
    return buffer.getvalue()


def seal_text(archive: zipfile.ZipFile, source: str, seal: str) -> str:
    """The seal over all that `archive` holds but the seal itself, and over the name of what was copied."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<seal>{_digest(archive, source, seal)}</seal>'


def _digest(archive: zipfile.ZipFile, source: str, seal: str) -> str:
    members = sorted((member.filename, member.CRC) for member in archive.infolist() if member.filename != seal)
    return hashlib.sha256(repr((ascii(source), members)).encode("utf-8")).hexdigest()


def is_untouched(parts: Mapping[str, bytes]) -> bool:
    """Whether a package is a copy that no spreadsheet program has saved since it was written."""
    return COPY_SEAL in parts


def is_sealed(path: Path, source: str, seal: str = COPY_SEAL) -> bool:
    """Whether the file at `path` is a copy of a file called `source`, just as we wrote it."""
    try:
        data = read_bytes(path, _LARGEST)
    except Refused:
        return False
    return len(data) <= _LARGEST and is_whole(data, source, seal)


def is_whole(copy: bytes, source: str, seal: str = COPY_SEAL) -> bool:
    """Whether a file's bytes are a copy of a file called `source`, just as we wrote it."""
    try:
        with zipfile.ZipFile(io.BytesIO(copy)) as archive:
            member = archive.getinfo(seal)
            # The sum over all members would not notice bytes that do not fit their own sum.
            return member.file_size < 1000 and _digest(archive, source, seal) in archive.read(member).decode("ascii")
    except Exception:  # whatever is wrong with it: it is not provably ours
        return False
