"""What a department says of a warning, matched to the warning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xlcheck.model.cells import cell_name
from xlcheck.model.finding import Finding
from xlcheck.model.submission import Note

_CELL = r"[A-Z]{1,3}[1-9][0-9]*"


def explained(finding: Finding, notes: Iterable[Note]) -> Finding:
    """A warning with what the department says of it on the cover, by its code and, if it names any, its cell."""
    if finding.severity == "error":
        return finding
    cells = {cell_name(place.cell) for place in finding.places}
    for note in notes:
        about = unicodedata.normalize("NFKC", note.about).upper()
        named = set(re.findall(_CELL, about.replace(finding.code, " ")))
        if re.search(rf"(?<![A-Z0-9]){finding.code}(?![0-9])", about) and (not named or named & cells):
            return finding._replace(explanation=note.text)
    return finding
