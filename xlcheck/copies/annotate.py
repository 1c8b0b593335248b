"""The annotated copy: marks and comments where findings are, and a first sheet with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlcheck.checking.verify import Verification
from xlcheck.copies import marking, source
from xlcheck.copies.marking import Mark
from xlcheck.copies.result_sheet import findings_page
from xlcheck.copies.source import CannotAnnotate, Copy, Source
from xlcheck.forms.rules import SEVERITIES, Rule
from xlcheck.model import marks
from xlcheck.model.cells import Place
from xlcheck.model.finding import POSSIBLE, Finding, Suggestion
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.tuples import NamedTuple

__all__ = ["CannotAnnotate", "Office", "Source", "annotate"]

_MOST = 6
"""Findings told in one comment; more would not be read."""
_STRONGEST = (marks.DEEP_RED, marks.RED, marks.AMBER, marks.PALE_RED)
"""Of the colours that findings ask for at one cell the first of these is taken."""


def annotate(
    workbook: Source, verification: Verification, rules: Mapping[str, Rule], office: Office = NO_OFFICE
) -> bytes:
    """The annotated copy of a submission, as the bytes of an .xlsx file; the same input gives the same bytes.

    An .xls, .et or .ods submission comes back as the official template holding the department's values.

    Args:
        workbook: the workbook that was verified.
        verification: what was found in it.
        rules: the catalogue.
        office: where the copy goes back to.

    Raises:
        CannotAnnotate: no copy can be made.
    """

    def mark(copy: Copy) -> None:
        there = verification if copy.is_own else _moved(verification, copy)
        shown = marking.showing(copy, [place for finding in there.findings for place in finding.places])
        wanted = marks_of(there, shown)
        colours = {one.colour for one in wanted.values()}
        lost = marking.lost(copy, wanted)
        marking.put_marks(copy, wanted, findings_page(there, rules, shown, lost, office, colours), live=True)

    return source.made(workbook, verification.submission, mark)


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


def marks_of(verification: Verification, shown: Mapping[Place, Place]) -> dict[Place, Mark]:
    """The marks of every cell that findings name, by the cells that show."""
    at: dict[Place, list[_Told]] = {}
    asked: dict[Place, set[str]] = {}
    for finding, suspected in _suspected(verification):
        told = _told(finding)
        for place in (shown[place] for place in finding.places if place in shown):
            here = at.setdefault(place, [])
            if told not in here:
                here.append(told)
            asked.setdefault(place, set()).add(_colour(finding, place, suspected))
    return {
        place: Mark(next(colour for colour in _STRONGEST if colour in asked[place]), _comment_text(here, place))
        for place, here in at.items()
    }


def _suspected(verification: Verification) -> Iterable[tuple[Finding, frozenset[Place]]]:
    """Each finding, with the cells that are suspected of it where one explanation is clearly the best."""
    certain = {
        number: frozenset(change.place for change in cause.explanations[0])
        for cause in verification.causes
        if cause.certain
        for number in cause.findings
    }
    return ((finding, certain.get(number, frozenset())) for number, finding in enumerate(verification.findings))


def _colour(finding: Finding, place: Place, suspected: frozenset[Place]) -> str:
    if finding.severity != "error":
        return marks.AMBER
    if not suspected:
        return marks.RED
    return marks.DEEP_RED if place in suspected else marks.PALE_RED


class _Told(NamedTuple):
    """What comments say of a finding."""

    said: str
    hints: tuple[tuple[Place, str, str], ...]
    """Of each suggestion where it is for, and what is said before it and of it."""
    finding: Finding


def _told(finding: Finding) -> _Told:
    said = f"■ {SEVERITIES[finding.severity]} {finding.code}　{finding.message}"
    if finding.explanation:
        said += f"\n　 已说明：{finding.explanation}"
    hints: list[tuple[Place, str, str]] = []
    for suggestion in finding.suggestions:
        head, _, reason = suggestion.reason.partition("：")
        if head.startswith(POSSIBLE):
            before, of_it = f"　 可能{head.removeprefix(POSSIBLE)}：", f"应为：{suggestion.value}（{reason}）"
        else:
            before, of_it = "　 ", f"应为：{suggestion.value}（{suggestion.reason}）"
        hints.append((suggestion.place, before, of_it))
    return _Told(said, tuple(hints), finding)


def _comment_text(findings: Sequence[_Told], place: Place) -> str:
    lines: list[str] = []
    for told in findings[:_MOST]:
        lines.append(told.said)
        for there, before, of_it in told.hints:
            lines.append(f"{before}{of_it}" if there == place else f"{before}{there.name} {of_it}")
    if len(findings) > _MOST:
        lines.append(f"■ 另有 {len(findings) - _MOST} 条，见“{marks.RESULT_SHEET}”工作表。")
    return "\n".join(lines)
