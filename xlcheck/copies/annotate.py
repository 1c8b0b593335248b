"""The annotated copy: marks and comments where findings are, and a first sheet with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpyxl.styles import PatternFill
from openpyxl.styles.fills import Fill

from xlcheck.checking.verify import Verification
from xlcheck.copies import covered_fills, result_sheet, workbook
from xlcheck.copies.workbook import CannotAnnotate, Copy, Source
from xlcheck.forms.rules import SEVERITIES, Rule
from xlcheck.model import marks
from xlcheck.model.cells import Place, cell_name
from xlcheck.model.finding import Finding, Suggestion

__all__ = ["CannotAnnotate", "Source", "annotate"]

_MOST = 6
"""Findings told in one comment; more would not be read."""


def annotate(source: Source, verification: Verification, rules: Mapping[str, Rule]) -> bytes:
    """The annotated copy of a submission, as the bytes of an .xlsx file.

    An .xls, .et or .ods submission comes back as the official template holding the department's values.

    Args:
        source: the workbook that was verified.
        verification: what was found in it.
        rules: the catalogue.

    Raises:
        CannotAnnotate: no copy can be made.
    """

    def mark(copy: Copy) -> None:
        there = verification if copy.is_own else _moved(verification, copy)
        covered = _mark(copy, there.findings)
        covered_fills.remember(result_sheet.add(copy, there, rules), covered)

    return workbook.made(source, verification.submission, mark)


def _moved(verification: Verification, copy: Copy) -> Verification:
    """The verification with the places that fields have in the copy."""
    submission = verification.submission
    entries = {place: key for key, place in submission.places.items() if key not in submission.held}

    def there(suggestions: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
        return tuple(s._replace(place=copy.places[s.field]) for s in suggestions)

    def moved(finding: Finding) -> Finding:
        keys = finding.fields or tuple(entries[place] for place in finding.places if place in entries)
        places = tuple(copy.places[key] for key in keys)
        return finding._replace(places=places, suggestions=there(finding.suggestions))

    return verification._replace(
        findings=tuple(map(moved, verification.findings)),
        causes=tuple(d._replace(explanations=tuple(map(there, d.explanations))) for d in verification.causes),
    )


def _mark(copy: Copy, findings: Iterable[Finding]) -> dict[Place, Fill]:
    """Colour and comment every cell that findings name; answers the fills that stood there before."""
    red, amber = (PatternFill("solid", fgColor=colour) for colour in (marks.RED, marks.AMBER))
    at: dict[Place, list[Finding]] = {}
    for finding in findings:
        for place in finding.places:
            if place.sheet in copy.book.sheetnames:
                here = at.setdefault(workbook.shown(copy.book, place), [])
                if finding not in here:
                    here.append(finding)
    covered: dict[Place, Fill] = {}
    for place, here in at.items():
        severe = any(finding.severity == "error" for finding in here)
        _, covered[place] = workbook.mark(copy.book, place, red if severe else amber, _comment_text(here, place))
    return covered


def _comment_text(findings: list[Finding], place: Place) -> str:
    lines: list[str] = []
    for finding in findings[:_MOST]:
        lines.append(f"■ {SEVERITIES[finding.severity]} {finding.code}　{finding.message}")
        if finding.explanation:
            lines.append(f"　 已说明：{finding.explanation}")
        for suggestion in finding.suggestions:
            where = "" if suggestion.place == place else f"{cell_name(suggestion.place.cell)} "
            lines.append(f"　 {where}应为：{suggestion.value}（{suggestion.reason}）")
    if len(findings) > _MOST:
        lines.append(f"■ 另有 {len(findings) - _MOST} 条，见“{marks.RESULT_SHEET}”工作表。")
    return "\n".join(lines)
