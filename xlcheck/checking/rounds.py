"""From one submission to the next: what was mended, what is new, and what was only made to look right."""

from __future__ import annotations

from collections.abc import Sequence

from xlcheck.checking.explanations import SaidBefore, explained, said_anew, sayings_of
from xlcheck.checking.verify import Verification
from xlcheck.forms.rules import severity
from xlcheck.model.cells import Place
from xlcheck.model.finding import Finding
from xlcheck.model.form import Field, Relation
from xlcheck.model.numbers import exact
from xlcheck.model.submission import BLANK, held_text
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

CODE = "P201"
"""The rule of :func:`buried`."""


class Changed(NamedTuple):
    """A field that holds something else than before."""

    field: str
    place: Place
    old: str
    new: str


class Rounds(NamedTuple):
    """What became of the findings of the submission before."""

    previous: str
    """The path of the workbook before."""
    closed: tuple[Finding, ...]
    new: tuple[int, ...]
    """Numbers (from 0) of findings that were not there before."""
    remaining: tuple[int, ...]
    """Numbers (from 0) of findings that were there before."""
    changed: tuple[Changed, ...]


def compare(
    previous: str, before: Verification, after: Verification, said: Sequence[SaidBefore] = ()
) -> tuple[Verification, Rounds]:
    """`after` with a warning for each total that alone was changed, and what happened since `before`.

    What the workbook says of a warning counts no more where it was written for other numbers.

    Args:
        previous: the path of the workbook before.
        before: what was found in it.
        after: what was found now.
        said: what was said in rounds before that one.
    """
    found = tuple(explained(finding, after.submission.notes) for finding in buried(before, after))
    findings, form = after.findings + found, after.submission.form
    old, now = ([_identity(finding) for finding in each] for each in (before.findings, findings))
    known = (*said, *sayings_of(said_anew(before.findings, said, form)))
    return after._replace(findings=said_anew(findings, known, form)), Rounds(
        previous=previous,
        closed=tuple(f for f, identity in zip(before.findings, old, strict=True) if identity not in now),
        new=tuple(number for number, identity in enumerate(now) if identity not in old),
        remaining=tuple(number for number, identity in enumerate(now) if identity in old),
        changed=_changed(before, after),
    )


def _identity(finding: Finding) -> tuple[str, tuple[str, ...], str]:
    return finding.code, finding.fields, "" if finding.fields else finding.message


def _changed(before: Verification, after: Verification) -> tuple[Changed, ...]:
    changed: list[Changed] = []
    for key, place in after.submission.places.items():
        if key in after.submission.held:
            old, new = (held_text(each.submission.held.get(key, BLANK)) for each in (before, after))
            if old != new:
                changed.append(Changed(key, place, entered(old), entered(new)))
    return tuple(changed)


def buried(before: Verification, after: Verification) -> tuple[Finding, ...]:
    """A warning for each total that was changed to fit while all of its parts stayed: so errors get buried.

    A total that holds now what a certain explanation put there is none.
    """
    failed = {(outcome.code, outcome.fields) for outcome in before.outcomes if outcome.status == "failed"}
    passed = {(outcome.code, outcome.fields) for outcome in after.outcomes if outcome.status == "passed"}
    advised = _advised(before)
    wheres: dict[Field, list[str]] = {}
    for relation in after.submission.form.relations:
        here = (relation.code, relation.keys)
        if here in failed and here in passed and _only_total_changed(relation, before, after):
            total = relation.left_fields[0]
            if (total.key, exact(after.values[total.key])) not in advised:
                wheres.setdefault(total, []).append(relation.where)
    return tuple(_buried(total, where, before, after) for total, where in wheres.items())


def _advised(before: Verification) -> set[tuple[str, str]]:
    """What we said that fields should certainly hold: whoever did as told buries nothing."""
    return {
        (change.field, change.value) for cause in before.causes if cause.certain for change in cause.explanations[0]
    }


def _buried(total: Field, wheres: Sequence[str], before: Verification, after: Verification) -> Finding:
    old, new = (held_text(each.submission.held[total.key]) for each in (before, after))
    message = (
        f"{'、'.join(wheres)}：仅修改了总计（“{total.says}”由 {old} 改为 {new}），各明细都没有变；"
        "请确认明细无误，不是为了凑平才改总计"
    )
    return Finding(CODE, severity(CODE), message, (total.key,), (after.submission.places[total.key],), None, new)


def _only_total_changed(relation: Relation, before: Verification, after: Verification) -> bool:
    if len(relation.left_keys) != 1 or len(relation.right_keys) < 2:
        return False
    (total,) = relation.left_keys
    if total not in before.values or before.values[total] == after.values[total]:
        return False
    return all(before.values.get(key) == after.values[key] for key in relation.right_keys)
