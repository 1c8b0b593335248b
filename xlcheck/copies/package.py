"""The zip that a copy is saved into: formulas get their results back, and a seal is added."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlcheck.copies.comment_boxes import with_anchors
from xlcheck.copies.formula_results import Result, with_results
from xlcheck.files.seal import COPY_SEAL, seal_text
from xlcheck.model.cells import Cell

ESCAPED, STAND_IN = "_x005F_", "\U000f005f"
"""An escaped ``_`` (ECMA-376 part 1, 22.9.2.19), and what stands for it while openpyxl, which loses it, has the texts."""


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
        self.writestr(COPY_SEAL, seal_text(self, source, COPY_SEAL))


def with_stand_ins(parts: Mapping[str, bytes]) -> bytes:
    """The package with a stand-in for every escaped ``_``, as the bytes of a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(ESCAPED.encode("ascii"), STAND_IN.encode("utf-8")))
    return buffer.getvalue()
