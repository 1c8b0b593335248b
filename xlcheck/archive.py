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
from xlcheck.form import Cell

_SEAL = "docProps/xlcheck.xml"
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
        if known:
            self.writestr(arcname or "", with_results(Path(filename).read_bytes(), known))
        else:
            super().write(filename, arcname, *args)

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *args: Any, **options: Any) -> None:
        """Add bytes, as openpyxl does with everything but worksheets."""
        known = self._anchors.get(str(zinfo_or_arcname))
        super().writestr(zinfo_or_arcname, with_anchors(data, known) if known else data, *args, **options)

    def seal(self) -> None:
        """Add the seal over all that was written so far; the last thing to do."""
        self.writestr(_SEAL, f'<?xml version="1.0" encoding="UTF-8"?>\n<seal>{_digest(self)}</seal>')


def _digest(archive: zipfile.ZipFile) -> str:
    members = sorted((member.filename, member.CRC) for member in archive.infolist() if member.filename != _SEAL)
    return hashlib.sha256(repr(members).encode("utf-8")).hexdigest()


def is_sealed(path: Path) -> bool:
    """Whether the file at `path` is a copy just as we wrote it."""
    try:
        if path.stat().st_size > _LARGEST:
            return False
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo(_SEAL)
            # The sum over all members would not notice bytes that do not fit their own sum.
            return member.file_size < 1000 and _digest(archive) in archive.read(member).decode("ascii")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
