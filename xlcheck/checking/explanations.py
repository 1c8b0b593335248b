"""What a department says of a warning, matched to the warning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from xlcheck.forms.rules import severity
from xlcheck.model.cells import cell_name
from xlcheck.model.finding import Finding
from xlcheck.model.form import Form
from xlcheck.model.submission import Note
from xlcheck.model.tuples import NamedTuple

_WORN = "；情况说明里的话是对以前的数写的，现在的数无误的，请重新写明"

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


class SaidBefore(NamedTuple):
    """What a department said of a warning in an earlier round."""

    code: str
    text: str
    message: str
    """The warning's, which names the numbers."""


def sayings_of(findings: Iterable[Finding]) -> tuple[SaidBefore, ...]:
    """What is said of the findings of a round."""
    return tuple(SaidBefore(one.code, one.explanation, one.message) for one in findings if one.explanation)


def said_anew(findings: Iterable[Finding], said: Sequence[SaidBefore], form: Form) -> tuple[Finding, ...]:
    """The findings without explanations that stand there still from an earlier round, where they were written for other numbers.

    Args:
        findings: of a round.
        said: in all earlier ones.
        form: says which findings are errors without an explanation.
    """
    severities = {check.code: check.severity for check in form.checks}
    known, texts = set(said), {(one.code, one.text) for one in said}
    return tuple(
        finding._replace(
            severity=severities.get(finding.code) or severity(finding.code),
            message=finding.message + _WORN,
            explanation="",
        )
        if (finding.code, finding.explanation) in texts
        and SaidBefore(finding.code, finding.explanation, finding.message) not in known
        else finding
        for finding in findings
    )
