"""The zip that a copy is saved into: formulas get their results back, and a seal tells whether anybody saved it since.

The seal is a part that nothing refers to: every spreadsheet program opens the file and leaves the part out when it
saves. So a copy whose seal is whole holds nothing but what we wrote, and may be written again; any other may hold what
somebody typed, and is never overwritten.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlcheck.anchors import with_anchors
from xlcheck.cached import Result, with_results
from xlcheck.files import read_bytes
from xlcheck.model.cells import Cell
from xlcheck.model.errors import Refused

_SEAL = "docProps/xlcheck.xml"
"""The seal of a copy."""
TOTAL_SEAL = "docProps/xlcheck-total.xml"
"""The seal of a total. It is another one, because a total that comes back as it is was not forgotten but handed in."""
ESCAPED, STAND_IN = "_x005F_", "\U000f005f"
"""An escaped ``_`` (ECMA-376 part 1, 22.9.2.19), and what stands for it while openpyxl, which loses it, has the texts."""
_LARGEST = 256 << 20
"""A file beyond this is none of ours."""


class Archive(zipfile.ZipFile):
    """The zip that openpyxl saves into."""

    def __init__(
        self, file: io.BytesIO, results: Mapping[str, Mapping[str, Result]], anchors: Mapping[str, Mapping[Cell, str]]
    ) -> None:
        """Write to `file`.

        Args:
            file: takes the bytes.
            results: those of the formulas, by member name and cell name.
            anchors: those of the comments' boxes, by member name and cell.
        """
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._results = results
        self._anchors = anchors

    def write(  # type: ignore[override]
        self, filename: str | os.PathLike[str], arcname: str | None = None, *args: int | None
    ) -> None:
        """Add a file, as openpyxl does with every worksheet."""
        known = self._results.get(arcname or "")
        content = Path(filename).read_bytes()
        self.writestr(arcname or "", with_results(content, known) if known else content)

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *args: Any, **options: Any) -> None:
        """Add bytes, as openpyxl does with everything but worksheets."""
        known = self._anchors.get(str(zinfo_or_arcname))
        content = data.encode("utf-8") if isinstance(data, str) else data
        content = with_anchors(content, known) if known else content
        for stand_in in (STAND_IN.encode("utf-8"), f"&#{ord(STAND_IN)};".encode("ascii")):
            content = content.replace(stand_in, ESCAPED.encode("ascii"))
        super().writestr(zinfo_or_arcname, content, *args, **options)

    def seal(self, source: str) -> None:
        """Add the seal over all that was written so far and the name of the copied file; the last thing to do."""
        self.writestr(_SEAL, _seal(self, source, _SEAL))


def with_seal(package: bytes, source: str, seal: str) -> bytes:
    """A package that openpyxl did not save, with a seal over all that it holds and a name."""
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        # Without the clock, so that the same package stays the same.
        archive.writestr(zipfile.ZipInfo(seal, (1980, 1, 1, 0, 0, 0)), _seal(archive, source, seal))
    return buffer.getvalue()


def _seal(archive: zipfile.ZipFile, source: str, seal: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<seal>{_digest(archive, source, seal)}</seal>'


def _digest(archive: zipfile.ZipFile, source: str, seal: str) -> str:
    members = sorted((member.filename, member.CRC) for member in archive.infolist() if member.filename != seal)
    return hashlib.sha256(repr((ascii(source), members)).encode("utf-8")).hexdigest()


def with_stand_ins(parts: Mapping[str, bytes]) -> bytes:
    """The package with a stand-in for every escaped ``_``, as the bytes of a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(ESCAPED.encode("ascii"), STAND_IN.encode("utf-8")))
    return buffer.getvalue()


def is_untouched(parts: Mapping[str, bytes]) -> bool:
    """Whether a package is a copy that no spreadsheet program has saved since it was written."""
    return _SEAL in parts


def is_sealed(path: Path, source: str, seal: str = _SEAL) -> bool:
    """Whether the file at `path` is a copy of a file called `source`, just as we wrote it."""
    try:
        data = read_bytes(path, _LARGEST)
    except Refused:
        return False
    return len(data) <= _LARGEST and is_whole(data, source, seal)


def is_whole(copy: bytes, source: str, seal: str = _SEAL) -> bool:
    """Whether a file's bytes are a copy of a file called `source`, just as we wrote it."""
    try:
        with zipfile.ZipFile(io.BytesIO(copy)) as archive:
            member = archive.getinfo(seal)
            # The sum over all members would not notice bytes that do not fit their own sum.
            return member.file_size < 1000 and _digest(archive, source, seal) in archive.read(member).decode("ascii")
    except Exception:  # whatever is wrong with it: it is not provably ours
        return False
