"""Verifying a submission: a verdict on every cell, an outcome for every relation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import localcontext
from typing import TYPE_CHECKING

from xlcheck.checking import plausibility
from xlcheck.checking.balance import Forced, evaluate_relation
from xlcheck.checking.cell_findings import cell_findings
from xlcheck.checking.explanations import explained
from xlcheck.checking.plausibility import Doubt
from xlcheck.checking.verdict import VOID, Verdict, judge
from xlcheck.checking.words import imbalance
from xlcheck.forms.rules import family, severity
from xlcheck.model.finding import Cause, Finding, Outcome, Suggestion
from xlcheck.model.form import Check, Form, Relation
from xlcheck.model.numbers import EXACT, Number, exact, exact_sum
from xlcheck.model.submission import Held, Submission
from xlcheck.model.tuples import NamedTuple

if TYPE_CHECKING:
    from xlcheck.locating.evidence import YearBefore


class Verification(NamedTuple):
    """What checking a submission found."""

    submission: Submission
    findings: tuple[Finding, ...]
    """Structure first, then cells, then checks, then balances by their causes; each in the order of the form."""
    outcomes: tuple[Outcome, ...]
    """One a relation, then one a check, in the order of the form."""
    values: Mapping[str, Number]
    """What the readable fields mean, by key."""
    causes: tuple[Cause, ...] = ()
    """What may be wrong behind broken balances, by cause."""
    last_year: str = ""
    """The path of last year's workbook that it was compared with; empty where it was compared with none."""

    @property
    def waiting(self) -> int:
        """How many rules could not be evaluated because of what the workbook holds."""
        return count_waiting(self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether nothing must be mended; warnings are allowed."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def needs_review(self) -> bool:
        """Whether it passes, but with warnings that nobody explained."""
        return self.passed and any(not finding.explanation for finding in self.findings)


_PLAIN = 1e15
"""A whole number below this is exact, and shown to the last digit."""
NOTHING_READ = "没有可以核对的表"
"""Why nothing was evaluated where no table was found."""


class LastYear(NamedTuple):
    """Last year's submission, to compare with."""

    values: Mapping[str, Number] | None
    """Its numbers; None where there is none."""
    missing: str = ""
    """Why there is none, in a clerk's words."""
    path: str = ""
    """Its workbook, as it was given or found; empty where there is none, or only its bytes were given."""
    form: Form | None = None
    """Its form, where that may be another edition; None for this year's."""
    doubtful: frozenset[str] = frozenset()
    """The keys of what stands in a balance that did not hold: one of them is wrong, and nobody knows which."""


def count_waiting(outcomes: Iterable[Outcome]) -> int:
    """How many of `outcomes` wait for a blank or an unreadable cell; a missing last year is another matter."""
    return len(_waiting(outcomes))


def say_waiting(outcomes: Iterable[Outcome]) -> str:
    """The same for a clerk: ``另有勾稽关系 5 处、合理性 1 处因…``; empty where nothing waits."""
    counts = Counter(family(outcome.code).title for outcome in _waiting(outcomes))
    said = "、".join(f"{title} {count} 处" for title, count in counts.items())
    return f"另有{said}因有关的格空着或填写有误，暂不能核对" if said else ""


def _waiting(outcomes: Iterable[Outcome]) -> list[Outcome]:
    missing = [outcome for outcome in outcomes if outcome.status == "not_evaluated" and outcome.reason != NOTHING_READ]
    return [outcome for outcome in missing if outcome.fields or not family(outcome.code).wants_last_year]


def verify_submission(submission: Submission, last_year: LastYear | None = None) -> Verification:
    """Check every cell, every relation and every check of a submission.

    Args:
        submission: what was handed in.
        last_year: last year's numbers, or why they are not there; None leaves comparisons with last year out.
    """
    with localcontext(EXACT):
        return _verify(submission, last_year)


def _verify(submission: Submission, last_year: LastYear | None) -> Verification:
    values, verdicts = judge_all(submission)
    blank = {key for key, verdict in verdicts.items() if verdict is VOID}
    outcomes: list[Outcome] = []
    forced: dict[str, list[Forced]] = {}
    failed: list[Relation] = []
    for relation in submission.form.relations:
        if not submission.held:
            outcomes.append(Outcome(relation.code, "not_evaluated", relation.keys, NOTHING_READ))
            continue
        outcome, only = evaluate_relation(relation, values, blank)
        outcomes.append(outcome)
        if outcome.status == "failed":
            failed.append(relation)
        for one in only:
            forced.setdefault(one.key, []).append(one)
    findings, doubts = list(submission.structure), list[Finding]()
    doubted = {key for key, verdict in verdicts.items() if verdict is not VOID and not verdict.is_sure}
    doubted.update(key for relation in failed for key in relation.keys)
    for field in submission.form.fields if verdicts else ():
        if field.key in verdicts:
            said = [_told_sound(one, doubted) for one in forced.get(field.key, [])]
            findings += cell_findings(submission, field, verdicts[field.key], said)
    if submission.held:
        before = last_year or LastYear(None)
        results = plausibility.evaluate_checks(
            submission.form, _sound(values, verdicts), before.values, before.missing, before.form
        )
        outcomes += [result.outcome for result in results]
        doubts = [_doubt_finding(submission, result.check, result.doubt) for result in results if result.doubt]
    if submission.held and submission.paragraphs:
        # Only documents have a text.
        from xlcheck.checking.prose import prose_findings

        doubts += prose_findings(submission, _sound(values, verdicts))
    may_explain = {check.code for check in submission.form.checks if check.explainable}
    findings, doubts = (
        [explained(finding, submission.notes, finding.code in may_explain) for finding in some]
        for some in (findings, doubts)
    )
    # What must be mended comes first: what is unlikely may only follow from it. What needs nothing more comes last.
    findings += [_balance_finding(submission, relation, values) for relation in failed]
    findings += sorted(doubts, key=_urgency)
    path = last_year.path if last_year else ""
    if not failed:
        return Verification(submission, tuple(findings), tuple(outcomes), values, last_year=path)
    # Localisation is costly to import, and clean workbooks never need it.
    from xlcheck.checking.diagnosis import diagnose
    from xlcheck.locating.locate import locate

    unknown = [field.key for field in submission.form.fields if field.key not in values]
    located = locate(submission.form, values, unknown, _year_before(submission.form, last_year))
    told, causes = diagnose(findings, located, submission, unknown)
    return Verification(submission, told, tuple(outcomes), values, causes, path)


def _urgency(finding: Finding) -> tuple[bool, bool]:
    return finding.severity != "error", bool(finding.explanation)


def _told_sound(one: Forced, doubted: Collection[str]) -> Forced:
    return one._replace(sound=not any(key in doubted and key != one.key for key in one.relation.keys))


def _year_before(form: Form, last_year: LastYear | None) -> YearBefore | None:
    """Last year's numbers for localisation; those that must stand here again are carried over by a check of equality."""
    from xlcheck.locating.evidence import YearBefore

    if last_year is None or last_year.values is None:
        return None
    held = last_year.values
    settled = held.keys() - last_year.doubtful
    return YearBefore(held, {key: held[before] for key, before in form.carried.items() if before in settled})


def _doubt_finding(submission: Submission, check: Check, doubt: Doubt) -> Finding:
    places = tuple(submission.places[key] for key in check.keys)
    suggestions = (
        (Suggestion(check.keys[0], places[0], exact(doubt.value), doubt.reason),) if doubt.value is not None else ()
    )
    return Finding(
        check.code, check.severity, doubt.message, check.keys, places, doubt.expected, doubt.actual, suggestions
    )


def year_before(submission: Submission, path: str = "") -> LastYear:
    """What a submission says to the next year's.

    Args:
        submission: last year's.
        path: its workbook, as it was given or found; empty where only its bytes were given.
    """
    values, verdicts = judge_all(submission)
    blank = {key for key, verdict in verdicts.items() if verdict is VOID}
    failed = (
        relation.keys
        for relation in submission.form.relations
        if submission.held and evaluate_relation(relation, values, blank)[0].status == "failed"
    )
    doubtful = frozenset(key for keys in failed for key in keys)
    return LastYear(_sound(values, verdicts), path=path, form=submission.form, doubtful=doubtful)


def sound_values(submission: Submission) -> dict[str, Number]:
    """The numbers of the fields that can be right, by key."""
    return _sound(*judge_all(submission))


def _sound(values: Mapping[str, Number], verdicts: Mapping[str, Verdict]) -> dict[str, Number]:
    """A number that cannot be right is told once, and not doubted besides."""
    wrong = {key for key, verdict in verdicts.items() if not verdict.is_sure}
    return {key: value for key, value in values.items() if key not in wrong} if wrong else dict(values)


def judge_all(submission: Submission) -> tuple[dict[str, Number], dict[str, Verdict]]:
    """The numbers of all readable fields by key, and the verdicts on the cells that break a rule."""
    held = submission.held
    values, doubtful = _plain_counts(held)
    fields = submission.form.by_key
    verdicts: dict[str, Verdict] = {}
    for key in (*doubtful, *(key for key in submission.form.amounts if key in held)):
        verdict = judge(fields[key].kind, held[key])
        if verdict.value is not None:
            values[key] = verdict.value
        if verdict.codes:
            verdicts[key] = verdict
    return values, verdicts


def _plain_counts(held: Mapping[str, Held]) -> tuple[dict[str, Number], list[str]]:
    """What the fields mean that hold a plain count, as nearly all do, so that no verdict is made for them; and all other fields."""
    if set(map(type, held.values())) == {float}:
        stored: list[float] = [*held.values()]  # type: ignore[list-item]
        # A sum that is less is none of infinite numbers, nor of what is no number.
        if min(stored) >= 0 and sum(stored) < _PLAIN and (counts := [*map(int, stored)]) == stored:
            return dict(zip(held, counts, strict=True)), []
    values: dict[str, Number] = {}
    for key, value in held.items():
        if type(value) is float and 0 <= value < _PLAIN and value == (number := int(value)):
            values[key] = number
    return values, [key for key in held if key not in values]


def _balance_finding(submission: Submission, relation: Relation, values: Mapping[str, Number]) -> Finding:
    complete = all(key in values for key in relation.keys)
    left, right = (exact_sum(values.get(key, 0) for key in keys) for keys in (relation.left_keys, relation.right_keys))
    return Finding(
        code=relation.code,
        severity=severity(relation.code),
        message=imbalance(relation, values),
        fields=relation.keys,
        places=tuple(submission.places[key] for key in relation.keys),
        expected=exact(right) if complete else None,
        actual=exact(left) if complete else None,
    )
