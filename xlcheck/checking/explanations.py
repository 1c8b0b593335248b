"""What a department says of a warning, matched to the warning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xlcheck.model.cells import cell_name
from xlcheck.model.finding import Finding
from xlcheck.model.submission import Note

_CELL = r"[A-Z]{1,3}[1-9][0-9]*"


def explained(finding: Finding, notes: Iterable[Note], explainable: bool = False) -> Finding:
    """A warning with what the department says of it on the cover, by its code and, if it names any, its cell.

    Args:
        finding: what was found.
        notes: what the cover says.
        explainable: whether it may be explained although it is an error; with an explanation it becomes a warning.
    """
    if finding.severity == "error" and not explainable:
        return finding
    cells = {cell_name(place.cell) for place in finding.places}
    for note in notes:
        about = unicodedata.normalize("NFKC", note.about).upper()
        named = set(re.findall(_CELL, about.replace(finding.code, " ")))
        if re.search(rf"(?<![A-Z0-9]){finding.code}(?![0-9])", about) and (not named or named & cells):
            return finding._replace(severity="warning", explanation=note.text)
    return finding
