"""The seal of a copy: whether anybody saved it since it was written.

The seal is a part that nothing refers to: every spreadsheet program opens the file and leaves the part out when it
saves. So a copy whose seal is whole holds nothing but what we wrote, and may be written again; any other may hold what
somebody typed, and is never overwritten.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

from xlcheck.copies.package import XML_TYPE, Patch, container, deflated
from xlcheck.files.content import looked_into
from xlcheck.guard.container import Member, members, packed_content
from xlcheck.model.errors import Refused, damaged

COPY_SEAL = "docProps/xlcheck.xml"
"""The seal of a copy."""
TOTAL_SEAL = "docProps/xlcheck-total.xml"
"""The seal of a total. It is another one, because a total that comes back as it is was not forgotten but handed in."""
_END = 22
"""Bytes of the record that our packages end with (APPNOTE 4.3.16)."""
_LONGEST = 1000
"""A seal beyond this is none of ours."""
_PAGE_SEAL = b"\n<!-- xlcheck %s -->\n"
_PDF_SEAL = b"\n%%xlcheck %s\n"
_PAGE_END = re.compile(rb"\n(?:<!-- xlcheck ([0-9a-f]{64}) -->|%xlcheck ([0-9a-f]{64}))\n\Z")
"""The seal of a web page, or of a PDF, at its very end; a browser or an editor that saves it writes it otherwise, or changes what is before."""
_PAGE_ROOM = 100
"""Bytes in which it stands."""


def sealed(patch: Patch, source: str) -> bytes:
    """The finished copy, with a seal over all that it holds and the name of the copied file."""
    if COPY_SEAL not in patch:
        patch.declare(COPY_SEAL, XML_TYPE)
    return _with_seal([one for one in patch.packed() if one[0].name != COPY_SEAL], source, COPY_SEAL)


def with_seal(package: bytes, source: str, seal: str) -> bytes:
    """A package that is no copy, with a seal over all that it holds and a name."""
    return _with_seal([(member, packed_content(package, member)) for member in members(package)], source, seal)


def _with_seal(held: list[tuple[Member, bytes]], source: str, seal: str) -> bytes:
    digest = _digest((member for member, _ in held), source, seal)
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<seal>{digest}</seal>'.encode("ascii")
    return container([*held, deflated(seal, content)])


def sealed_page(page: bytes, source: str) -> bytes:
    """A web page with a seal over all that it holds and the name of the copied file."""
    return page + _PAGE_SEAL % _page_digest(page, source)


def sealed_pdf(pdf: bytes, source: str) -> bytes:
    """A PDF with a seal over all that it holds and the name of the copied file: a comment behind its end."""
    return pdf + _PDF_SEAL % _page_digest(pdf, source)


def _page_digest(page: bytes, source: str) -> bytes:
    return hashlib.sha256(ascii(source).encode("ascii") + b"\0" + page).hexdigest().encode("ascii")


def _is_whole_page(copy: bytes, source: str) -> bool:
    end = _PAGE_END.search(copy[-_PAGE_ROOM:])
    if end is None:
        return False
    page = copy[: -len(end[0])]
    return (end[1] or end[2]) == _page_digest(page, source)


def _digest(held: Iterable[Member], source: str, seal: str) -> str:
    sums = sorted((member.name, member.crc) for member in held if member.name != seal)
    return hashlib.sha256(repr((ascii(source), sums)).encode("utf-8")).hexdigest()


def is_untouched(data: bytes) -> bool:
    """Whether a file's bytes are a copy that no program has saved since it was written."""
    try:
        return _bears_seal(data)
    except (Refused, struct.error):
        return False


def _bears_seal(data: bytes) -> bool:
    return bool(_PAGE_END.search(data[-_PAGE_ROOM:])) or any(one.name == COPY_SEAL for one in _held(data))


def is_mended(path: Path) -> bool:
    """Whether the file at `path`, named like an annotated copy, was saved since it was written, or is none of ours.

    Whoever mends a copy saves it. One that cannot be read is no proof that nobody did.
    """
    try:
        with looked_into(path) as data:
            return not _bears_seal(data)
    except (Refused, OSError, struct.error):
        return True


def is_sealed(path: Path, source: str, seal: str = COPY_SEAL) -> bool:
    """Whether the file at `path` is a copy of a file called `source`, just as we wrote it."""
    try:
        with looked_into(path) as data:
            return is_whole(data, source, seal)
    except (Refused, OSError):
        return False


def _held(data: bytes) -> list[Member]:
    """The members of a package that ends as ours do; so of a large file that is none only its end is looked at."""
    if data[-_END : -_END + 4] != b"PK\5\6":
        raise damaged("找不到压缩包目录")
    return members(data)


def is_whole(copy: bytes, source: str, seal: str = COPY_SEAL) -> bool:
    """Whether a file's bytes are a copy of a file called `source`, just as we wrote it."""
    try:
        if seal == COPY_SEAL and _is_whole_page(copy, source):
            return True
        held = _held(copy)
        (member,) = (one for one in held if one.name == seal)
        packed = packed_content(copy, member)
        # The sum over all members would not notice bytes that do not fit their own sum.
        content = zlib.decompressobj(-15).decompress(packed, _LONGEST) if member.method else packed[:_LONGEST]
        return zlib.crc32(content) == member.crc and _digest(held, source, seal) in content.decode("ascii")
    except Exception:  # whatever is wrong with it: it is not provably ours
        return False
