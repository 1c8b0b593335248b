"""A report against the workbook that its numbers were copied from: where the two differ, one of them was mistyped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from xlcheck.checking.verify import Verification, judge_all
from xlcheck.forms.rules import severity
from xlcheck.model.finding import Finding
from xlcheck.model.labels import fold
from xlcheck.model.numbers import Number, exact
from xlcheck.model.submission import Submission, held_text
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.who import may_be_same

DIFFERS = "S114"
"""The rule of :func:`copied_right`."""


class Original(NamedTuple):
    """What numbers were copied from."""

    submission: Submission
    shown: str
    """Its file, as the user gave it."""


def copied_right(verification: Verification, original: Original) -> Verification:
    """The same with a finding for each field that does not hold what the original holds."""
    submission, other = verification.submission, original.submission
    theirs, _ = judge_all(other)
    found = [
        _finding(submission, key, original, verification.values, theirs)
        for key in submission.held
        if key in other.held and key in submission.places and verification.values.get(key) != theirs.get(key)
    ]
    return verification._replace(findings=(*verification.findings, *found)) if found else verification


def other_origin(submission: Submission, original: Original) -> list[str]:
    """What is said where the original is not of the same unit or year: equal numbers prove nothing then."""
    other, name = original.submission, quote(PurePath(original.shown).name)
    ours, theirs = fold(submission.unit), fold(other.unit)
    differing = []
    if ours and theirs and not may_be_same(ours, theirs):
        differing.append(("单位", submission.unit, other.unit))
    if submission.year and other.year and submission.year != other.year:
        differing.append(("年度", f"{submission.year} 年", f"{other.year} 年"))
    return [
        f"{what}不同：这里是“{quote(here)}”，“{name}”是“{quote(there)}”；请核对 --against 给的是不是原来的填报表"
        for what, here, there in differing
    ]


def _finding(
    submission: Submission, key: str, original: Original, ours: Mapping[str, Number], theirs: Mapping[str, Number]
) -> Finding:
    here, there = submission.places[key], original.submission.places.get(key)
    says = f"{submission.form.by_key[key].says}：这里是{_said(submission, key, ours)}"
    where = f"（{there.found}）" if there else ""
    message = f"{says}，“{quote(PurePath(original.shown).name)}”{where}是{_said(original.submission, key, theirs)}；请核对哪一处抄错，改为一致"
    return Finding(
        DIFFERS,
        severity(DIFFERS),
        message,
        (key,),
        (here,),
        expected=exact(theirs[key]) if key in theirs else None,
        actual=exact(ours[key]) if key in ours else None,
    )


def _said(submission: Submission, key: str, values: Mapping[str, Number]) -> str:
    if key in values:
        return f" {exact(values[key])}"
    text = held_text(submission.held[key])
    return f"“{quote(text)}”" if text else "空的"
