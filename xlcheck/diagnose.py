"""What is probably wrong behind broken balances: localisation's causes, tied to findings and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlcheck.finding import Diagnosis, Finding, Place, Suggestion, exact
from xlcheck.locate import Cause, Change, Explanation

PLAIN = "改为此数后，有关的勾稽关系全部成立"
"""The reason of a change that no typing error explains."""


def diagnose(
    findings: Sequence[Finding], causes: Sequence[Cause], places: Mapping[str, Place]
) -> tuple[tuple[Finding, ...], tuple[Diagnosis, ...]]:
    """Findings with suggestions, those of one cause side by side, and what is behind them.

    Args:
        findings: all findings of a submission.
        causes: localisation's answer.
        places: where each field stands; changes of a field without a place are not told.
    """
    of_relation = {
        (relation.code, relation.keys): number for number, cause in enumerate(causes) for relation in cause.relations
    }
    explanations = [
        tuple(
            tuple(_suggestion(change, places) for change in explanation.changes) for explanation in _told(cause, places)
        )
        for cause in causes
    ]
    others = [finding for finding in findings if (finding.code, finding.fields) not in of_relation]
    mended = [_with_fill(finding, causes, places) for finding in others]
    diagnoses: list[Diagnosis] = []
    for number, cause in enumerate(causes):
        group = [finding for finding in findings if of_relation.get((finding.code, finding.fields)) == number]
        told = explanations[number]
        first = len(mended)
        certain = cause.certain and bool(told)
        mended += [finding._replace(suggestions=_flat(told, certain)) for finding in group]
        diagnoses.append(Diagnosis(tuple(range(first, first + len(group))), certain, told))
    return tuple(mended), tuple(diagnoses)


def _told(cause: Cause, places: Mapping[str, Place]) -> list[Explanation]:
    return [e for e in cause.explanations if all(change.field in places for change in e.changes)]


def _suggestion(change: Change, places: Mapping[str, Place]) -> Suggestion:
    return Suggestion(change.field, places[change.field], exact(change.new), change.reason or PLAIN)


def _flat(explanations: tuple[tuple[Suggestion, ...], ...], certain: bool) -> tuple[Suggestion, ...]:
    """The changes of the certain explanation, or those of all, called possible."""
    if certain:
        return explanations[0]
    return tuple(
        suggestion._replace(reason=f"可能之{number}：{suggestion.reason}")
        for number, explanation in enumerate(explanations, start=1)
        for suggestion in explanation
    )


def _with_fill(finding: Finding, causes: Sequence[Cause], places: Mapping[str, Place]) -> Finding:
    """A blank or unreadable cell's finding learns what a certain explanation puts there."""
    if finding.suggestions or len(finding.fields) != 1 or finding.code not in ("C101", "C103", "C106", "C110"):
        return finding
    for cause in causes:
        if cause.certain:
            for change in cause.explanations[0].changes:
                if change.field == finding.fields[0] and change.field in places:
                    return finding._replace(suggestions=(_suggestion(change, places),))
    return finding
