"""How often error localisation finds what was damaged, and how fast.

Clean tables (one published, others made; :mod:`tables`) are damaged in known ways (:mod:`mistakes`), and the answer is
compared with the truth. Per kind of mistake and number of wrong fields this prints

- ``cases``, and of them ``unseen``: no relation is broken, so nothing can be located;
- ``ident``: how many are identifiable (defined and decided in :mod:`rivals`, independently); ``?``: undecided;
- ``exact``: all first explanations together are the truth, fields and values; per cent of the identifiable ones, and
  ``exact/all`` of all that break a relation, ambiguous ones included;
- ``given``: not first, but among the explanations given; ``honest``: not given, and the answer says that it is not
  certain or that nothing small explains it; ``wrong``: a wrong explanation called certain. Per cent of all broken;
- the processor time of :func:`xlcheck.locating.locate.locate`, in milliseconds: median and longest.

Usage: ``python -m benchmarks.locate [--cases N] [--seed N] [--wrong N ...] [--kind KIND] [--slips] [--banff N] [--highs N]``. With
``--slips`` only the requests of a city's table are damaged, and only by slips of the digits: how many of them are too
many? From six wrong fields on, whether the truth is identifiable is not decided: there are too many rivals. With ``--banff N`` the same N
damaged tables (the 175 fields of the requests) per kind are also given to Statistics Canada's banff, and with
``--highs N`` to a mixed-integer programme (:mod:`solver`). Both are told to take 5 s a table, and only the fields are
compared, as banff gives no values.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.mistakes import KINDS, MIXED_SLIPS, SLIPS, Case, damaged
from benchmarks.rivals import Rivals
from benchmarks.tables import TABLES
from xlcheck.forms.file import load_form
from xlcheck.locating.locate import Located, locate
from xlcheck.model.form import Form

WRONG = (1, 2, 3, 5)

DECIDED = 5
"""Up to so many wrong fields it is decided whether the truth is identifiable."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case."""

    case: Case
    outcome: str
    """unseen, exact, given, honest or wrong."""
    identifiable: bool | None
    seconds: float
    fields_right: bool
    """Are the changed fields of the first explanations the damaged ones?"""
    lone: bool
    """Is whatever is put first and wrong the one change of a relation that shares no field with another broken one?"""
    suggestions: tuple[tuple[bool, bool], ...]
    """Per change with a reason in a first explanation: is its cause certain, is the value right?"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is damaged, and how."""

    tables: tuple[str, ...]
    kinds: tuple[str, ...]
    wrong: tuple[int, ...]
    """Numbers of wrong fields."""
    requests: tuple[str, ...]
    """Tables of which only the requests are damaged."""
    cases: int
    """Per table, kind and number of wrong fields."""
    seed: int


def cases(form: Form, plan: Plan) -> list[Case]:
    """The cases of `plan`, where the tables allow them."""
    related = {f.key for relation in form.relations for f in relation.fields}
    fields = [f for f in form.fields if f.key in related]
    made: list[Case] = []
    for table in plan.tables:
        for kind in plan.kinds:
            for wrong in plan.wrong:
                rng = random.Random(f"{plan.seed} {table} {kind} {wrong}")
                for _ in range(plan.cases):
                    of = [f for f in fields if f.table == "requests"] if table in plan.requests else fields
                    case = damaged(rng, form, of, (table, TABLES[table](form, rng)), kind, wrong)
                    if case:
                        made.append(case)
    return made


def damaged_values(case: Case) -> tuple[dict[str, int], frozenset[str]]:
    """What is typed, and the keys of the blanks."""
    values = {**case.clean, **{key: value for key, value in case.damage.items() if value is not None}}
    unknown = frozenset(key for key, value in case.damage.items() if value is None)
    return {key: value for key, value in values.items() if key not in unknown}, unknown


def measure(form: Form, rivals: Rivals, case: Case) -> Result:
    """Run one case."""
    values, unknown = damaged_values(case)
    start = time.process_time()
    causes = locate(form, values, unknown)
    seconds = time.process_time() - start
    truth = {key: case.clean[key] for key in case.damage}
    outcome = judge(causes, truth, unknown)
    identifiable = None
    if causes and case.wrong <= DECIDED:
        identifiable = rivals.identifiable({**values, **dict.fromkeys(unknown, 0)}, unknown, truth)
    first = [(cause, change) for cause in causes for e in cause.explanations[:1] for change in e.changes]
    return Result(
        case,
        outcome,
        identifiable,
        seconds,
        {change.field for _, change in first} - unknown == set(truth) - unknown,
        lone(causes, truth),
        tuple((cause.certain, truth.get(change.field) == change.new) for cause, change in first if change.reason),
    )


def judge(causes: Sequence[Located], truth: dict[str, int], unknown: frozenset[str]) -> str:
    """Compare the answer with the truth. A blank need not be filled in, but not with a wrong number."""
    if not causes:
        return "unseen"
    right = [[_right(e.changes, truth) for e in cause.explanations] for cause in causes]
    numbers = {key for key in truth if key not in unknown}
    if all(row and row[0] for row in right):
        found = {c.field for cause in causes for c in cause.explanations[0].changes}
        if numbers <= found:
            return "exact"
    given = {c.field for row, cause in zip(right, causes, strict=True) if True in row
             for c in cause.explanations[row.index(True)].changes}  # fmt: skip
    if all(True in row for row in right) and numbers <= given:
        return "given"
    # Right as far as it goes: what is left broke nothing of its own.
    certain = [cause.certain and not row[0] for row, cause in zip(right, causes, strict=True) if row]
    return "wrong" if any(certain) else "honest"


def lone(causes: Sequence[Located], truth: dict[str, int]) -> bool:
    """Is every wrong first explanation one number of one relation, which nothing else can tell from the truth?"""
    wrong = [cause for cause in causes if not (cause.explanations and _right(cause.explanations[0].changes, truth))]
    return all(len(c.relations) == 1 and c.explanations and len(c.explanations[0].changes) == 1 for c in wrong)


def _right(changes: Iterable[object], truth: dict[str, int]) -> bool:
    return all(truth.get(c.field) == c.new for c in changes)  # type: ignore[attr-defined]


def share(part: int, whole: int) -> str:
    """Per cent, or a dash of nothing."""
    return f"{100 * part / whole:.1f}" if whole else "-"


HEAD = (
    f"{'':20} {'wrong':>5} {'cases':>5} {'unseen':>6} {'ident':>6} {'?':>4} {'exact':>6} {'exact/all':>9} "
    f"{'given':>6} {'honest':>6} {'wrong':>6} {'median':>7} {'max':>7}"
)


def line(name: str, wrong: str, results: Sequence[Result]) -> str:
    """One line of the table."""
    count = Counter(r.outcome for r in results)
    seen = [r for r in results if r.outcome != "unseen"]
    sure = [r for r in seen if r.identifiable]
    times = sorted(1000 * r.seconds for r in seen) or [0.0]
    exact = share(sum(r.outcome == "exact" for r in sure), len(sure))
    shares = [share(count[outcome], len(seen)) for outcome in ("exact", "given", "honest", "wrong")]
    return (
        f"{name:20} {wrong:>5} {len(results):5} {count['unseen']:6} {len(sure):6} "
        f"{sum(r.identifiable is None for r in seen):4} {exact:>6} {shares[0]:>9} {shares[1]:>6} {shares[2]:>6} "
        f"{shares[3]:>6} {statistics.median(times):7.1f} {times[-1]:7.1f}"
    )


def report(results: Sequence[Result], plan: Plan) -> None:
    """Print the tables."""
    print(HEAD)
    for kind in plan.kinds:
        for wrong in plan.wrong:
            some = [r for r in results if r.case.kind == kind and r.case.wrong == wrong]
            if some:
                print(line(kind, str(wrong), some))
    print("\nby table")
    for table in plan.tables:
        for wrong in plan.wrong:
            print(line(table, str(wrong), [r for r in results if r.case.table == table and r.case.wrong == wrong]))
    print("\nall")
    for wrong in plan.wrong:
        print(line("all kinds", str(wrong), [r for r in results if r.case.wrong == wrong]))
    print("\nidentifiable and not put first, and of these in one lone relation, which one number explains as well")
    for kind in plan.kinds:
        missed = [r for r in results if r.case.kind == kind and r.identifiable and r.outcome not in ("unseen", "exact")]
        counts = [
            f"{sum(r.case.wrong == wrong for r in missed)}, {sum(r.case.wrong == wrong and r.lone for r in missed)}"
            for wrong in plan.wrong
        ]
        if missed:
            print(
                f"{kind:20} "
                + "; ".join(f"{wrong} wrong: {count}" for wrong, count in zip(plan.wrong, counts, strict=True))
            )
    given = [s for r in results for s in r.suggestions]
    sure = [right for certain, right in given if certain]
    print(f"\ntyping-error suggestions right: {share(sum(sure), len(sure))} % of {len(sure)} called certain, "
          f"{share(sum(right for _, right in given), len(given))} % of all {len(given)} put first")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=20, help="per table, kind and number of wrong fields")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--wrong", type=int, nargs="+", default=WRONG, metavar="N", help="numbers of wrong fields")
    parser.add_argument("--slips", action="store_true", help="only slips of the digits, in the requests of a city")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind of mistakes; may be repeated")
    parser.add_argument("--banff", type=int, default=0, metavar="N", help="compare with banff on N tables per kind")
    parser.add_argument("--highs", type=int, default=0, metavar="N", help="compare with HiGHS on N tables per kind")
    options = parser.parse_args()
    form = load_form()
    rivals = Rivals(form)
    tables, kinds = (
        (("city",), (*SLIPS, MIXED_SLIPS)) if options.slips else (tuple(TABLES), tuple(options.kind or KINDS))
    )
    requests = tables if options.slips else ("baseline",)
    plan = Plan(tables, kinds, tuple(options.wrong), requests, options.cases, options.seed)
    made = cases(form, plan)
    print(f"{len(made)} damaged tables, seed {options.seed}\n")
    report([measure(form, rivals, case) for case in made], plan)
    if options.banff or options.highs:
        from benchmarks import contest

        contest.run(form, [case for case in made if case.table == "baseline"], options.banff, options.highs)


if __name__ == "__main__":
    main()
