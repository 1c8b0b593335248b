"""What is probably wrong behind broken balances: localisation's located, tied to findings and places."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xlcheck.checking.cell_findings import told_otherwise
from xlcheck.checking.words import TOLD
from xlcheck.forms.rules import fixed_rule
from xlcheck.locating.locate import Change, Explanation, Located
from xlcheck.model.cells import cell_name
from xlcheck.model.finding import POSSIBLE, Cause, Finding, Suggestion
from xlcheck.model.numbers import exact
from xlcheck.model.submission import Submission

NO_SLIP = "改为此数后，有关的勾稽关系全部成立"
"""The reason of a change that no typing error explains."""
_SURE = "疑为"
"""With it reasons begin; to a clerk it says that something is all but sure, so it stands only where that is so."""


def diagnose(
    findings: Sequence[Finding], located: Sequence[Located], submission: Submission, unknown: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Cause, ...]]:
    """Findings with suggestions in the order given, those of one cause side by side, and what is behind them.

    Args:
        findings: all findings of the submission.
        located: localisation's answer.
        submission: says where each field stands; changes of a field without a place are not told.
        unknown: the keys of the fields that are blank or unreadable.
    """
    of_relation = {
        (relation.code, relation.keys): number for number, cause in enumerate(located) for relation in cause.relations
    }
    explanations = [_told(cause, submission, unknown) for cause in located]
    groups: dict[int, list[Finding]] = {}
    for finding in findings:
        if (number := of_relation.get((finding.code, finding.fields))) is not None:
            groups.setdefault(number, []).append(finding)
    certain = [cause.certain and bool(told) for cause, told in zip(located, explanations, strict=True)]
    sure = [told[0] for told, alone in zip(explanations, certain, strict=True) if alone]
    open_ = [told for told, alone in zip(explanations, certain, strict=True) if not alone]
    mended: list[Finding] = []
    causes: list[Cause] = []
    for finding in findings:
        number = of_relation.get((finding.code, finding.fields))
        if number is None:
            mended.append(_with_fill(finding, sure, open_))
        elif group := groups.pop(number, None):
            first, told = len(mended), explanations[number]
            mended += [each._replace(suggestions=_flat(told, certain[number])) for each in group]
            one = bool(told) and located[number].explanations[0].mistakes == 1
            causes.append(Cause(tuple(range(first, first + len(group))), certain[number], told, one))
    return tuple(mended), tuple(causes)


def _told(cause: Located, submission: Submission, unknown: Collection[str]) -> tuple[tuple[Suggestion, ...], ...]:
    """The explanations whose fields all have a place, in the words and places of the workbook."""
    told: list[tuple[Suggestion, ...]] = []
    for explanation in cause.explanations:
        if all(change.field in submission.places for change in explanation.changes):
            *others, last = (_suggestion(change, submission, cause.certain) for change in explanation.changes)
            told.append((*others, _with_blanks(cause, explanation, last, unknown)))
    return tuple(told)


def _suggestion(change: Change, submission: Submission, certain: bool) -> Suggestion:
    place = submission.places[change.field]
    reason = change.says(_stands(change.other, submission)) if change.other else change.reason
    reason = reason if certain else reason.removeprefix(_SURE)
    return Suggestion(change.field, place, exact(change.new), reason or NO_SLIP)


def _stands(key: str, submission: Submission) -> str:
    """The cell of a field in the workbook; where it has none, its cell in the form."""
    place = submission.places.get(key)
    return place.name if place else cell_name(submission.form.by_key[key].cell)


def _with_blanks(cause: Located, explanation: Explanation, last: Suggestion, unknown: Collection[str]) -> Suggestion:
    """An explanation takes other unknown fields of its relations for 0, which is to be told."""
    changed = {change.field for change in explanation.changes}
    if any(key in unknown and key not in changed for relation in cause.relations for key in relation.keys):
        return last._replace(reason=f"{last.reason}；其余空着或读不出的格按 0 计")
    return last


def _flat(explanations: tuple[tuple[Suggestion, ...], ...], certain: bool) -> tuple[Suggestion, ...]:
    """The changes of the certain explanation, or those of the best ones, called possible."""
    if certain:
        return explanations[0]
    return tuple(
        suggestion._replace(reason=f"{POSSIBLE}{number}：{suggestion.reason}")
        for number, explanation in enumerate(explanations[:TOLD], start=1)
        for suggestion in explanation
    )


def _with_fill(
    finding: Finding,
    sure: Sequence[tuple[Suggestion, ...]],
    open_: Sequence[tuple[tuple[Suggestion, ...], ...]],
) -> Finding:
    """A blank or unreadable cell's finding learns what a certain explanation puts there.

    Nor does it go on to say 0 where explanations, `sure` or `open_` ones, have another number.
    """
    rule = fixed_rule(finding.code)
    if len(finding.fields) != 1 or rule is None or not rule.fills:
        return finding
    (field,) = finding.fields
    says = finding.suggestions[0].value if finding.suggestions else "0"
    fill = next((change for changes in sure for change in changes if change.field == field), None)
    if fill is not None:
        if fill.value == says:
            return finding._replace(suggestions=finding.suggestions or (fill,))
        return told_otherwise(finding, f"按有关的勾稽关系，疑为 {fill.value}", (fill,))
    changes = [change for told in open_ for changes in told[:TOLD] for change in changes if change.field == field]
    numbers = list(dict.fromkeys(change.value for change in changes if change.value != says))
    if numbers and finding.suggestions:
        also = "、".join(dict.fromkeys([*numbers, says]))
        return told_otherwise(finding, f"按有关的勾稽关系，可能是 {also}，请核对后填写", ())
    return finding
