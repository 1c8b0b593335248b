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

from xlcheck.cached import Result, with_results

_SEAL = "docProps/xlcheck.xml"
_LARGEST = 256 << 20
"""A file beyond this is none of ours."""


class Archive(zipfile.ZipFile):
    """The zip that openpyxl saves into."""

    def __init__(self, file: io.BytesIO, results: Mapping[str, Mapping[str, Result]]) -> None:
        """Write to `file`; `results` are those of the formulas, by member name and cell name."""
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._results = results

    def write(  # type: ignore[override]
        self, filename: str | os.PathLike[str], arcname: str | None = None, *args: int | None
    ) -> None:
        """Add a file, as openpyxl does with every worksheet."""
        known = self._results.get(arcname or "")
        if known:
            self.writestr(arcname or "", with_results(Path(filename).read_bytes(), known))
        else:
            super().write(filename, arcname, *args)

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
