"""The same damaged tables for xlcheck, Statistics Canada's banff and HiGHS: are the changed fields the damaged ones?

banff and HiGHS give one set of fields; so of xlcheck only the first explanations count here. Blanks are for all three
to be filled in and not compared.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.mistakes import KINDS, Case
from xlcheck.locating.locate import locate
from xlcheck.model.form import Form

SECONDS = 5.0
"""What banff and HiGHS may take for a table."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one contestant made of some tables."""

    exact: int
    answered: int
    of: int
    milliseconds: float
    """Per table: the median, or of banff, which takes all tables at once, the mean."""

    def __str__(self) -> str:
        return f"{100 * self.exact / self.of:6.1f} {100 * self.answered / self.of:6.1f} {self.milliseconds:8.1f}"


def run(form: Form, cases: Sequence[Case], banff: int, highs: int) -> None:
    """Print how the contestants fare, `banff` and `highs` tables each per kind and number of wrong fields."""
    print(f"\nfields right, on tables of the 175 fields of the requests; {SECONDS:.0f} s a table")
    print("exact: per cent; answ.: per cent with an answer; ms: median per table (banff: mean)\n")
    head = f"{'exact':>6} {'answ.':>6} {'ms':>8}"
    print(
        f"{'':20} {'':>5} {'':>6} | {'xlcheck':^22} | {'banff' if banff else '':^22} | {'HiGHS' if highs else '':^22}"
    )
    print(f"{'':20} {'wrong':>5} {'tables':>6} | {head} | {head} | {head}")
    for kind in KINDS:
        for wrong in sorted({case.wrong for case in cases}):
            some = [c for c in cases if c.kind == kind and c.wrong == wrong]
            # Five wrong fields take banff and HiGHS all of their time.
            of = {who: (n + 2) // 3 if wrong > 3 else n for who, n in (("banff", banff), ("highs", highs))}
            some = some[: max(of.values())]
            if some:
                scores = [
                    _xlcheck(form, some),
                    _banff(form, some[: of["banff"]]) if banff else None,
                    _highs(form, some[: of["highs"]]) if highs and kind != "blank" else None,
                ]
                print(
                    f"{kind:20} {wrong:5} {len(some):6} | " + " | ".join(f"{score or ''!s:22}" for score in scores),
                    flush=True,
                )


def _score(found: Iterable[set[str] | None], cases: Sequence[Case], milliseconds: float) -> Score:
    answers = list(found)
    truths = [{key for key, value in case.damage.items() if value is not None} for case in cases]
    blanks = [set(case.damage) - truth for case, truth in zip(cases, truths, strict=True)]
    exact = sum(
        fields is not None and fields - blank == truth
        for fields, truth, blank in zip(answers, truths, blanks, strict=True)
    )
    return Score(exact, sum(fields is not None for fields in answers), len(cases), milliseconds)


def _typed(case: Case) -> dict[str, int]:
    wrong = {key: value for key, value in case.damage.items() if value is not None}
    return {key: wrong.get(key, value) for key, value in case.clean.items() if key not in case.damage or key in wrong}


def _xlcheck(form: Form, cases: Sequence[Case]) -> Score:
    found: list[set[str] | None] = []
    times = []
    for case in cases:
        typed = _typed(case)
        start = time.perf_counter()
        causes = locate(form, typed)
        times.append(1000 * (time.perf_counter() - start))
        empty = any(not cause.explanations for cause in causes)
        found.append(None if empty else {c.field for cause in causes for c in cause.explanations[0].changes})
    return _score(found, cases, statistics.median(times))


def _highs(form: Form, cases: Sequence[Case]) -> Score:
    from benchmarks import solver

    found: list[set[str] | None] = []
    times = []
    for case in cases:
        start = time.perf_counter()
        changed = solver.smallest(form, _typed(case), SECONDS)
        times.append(1000 * (time.perf_counter() - start))
        found.append(None if changed is None else set(changed))
    return _score(found, cases, statistics.median(times))


@contextmanager
def _silence() -> Iterator[None]:
    """banff's C code writes all its edits to the standard output."""
    sys.stdout.flush()
    kept = os.dup(1), os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            for number in kept:
                os.close(number)


def _banff(form: Form, cases: Sequence[Case]) -> Score:
    import banff
    import pandas

    requests = [f.key for f in form.fields if f.table == "requests"]
    column = {key: f"v{number}" for number, key in enumerate(requests)}
    relations = [r for r in form.relations if r.fields[0].key in column]
    edits = " ".join(
        f"{' + '.join(column[f.key] for f in r.left_fields)} = {' + '.join(column[f.key] for f in r.right_fields)};"
        for r in relations
    )
    records: list[dict[str, Any]] = [
        {"id": f"R{number:05d}", **{column[key]: typed.get(key) for key in requests}}
        for number, typed in enumerate(map(_typed, cases))
    ]
    table: Any = pandas.DataFrame(records).astype(dict.fromkeys(column.values(), float))
    start = time.perf_counter()
    with _silence():
        result = banff.errorloc(
            indata=table,
            unit_id="id",
            edits=edits,
            seed=1,
            time_per_obs=SECONDS,
            outstatus="pandas dataframe",
            outreject="pandas dataframe",
        )
    elapsed = 1000 * (time.perf_counter() - start) / len(cases)
    names = {name: key for key, name in column.items()}
    by_record: dict[str, set[str]] = {}
    for record, name in zip(result.outstatus["id"], result.outstatus["FIELDID"], strict=True):
        by_record.setdefault(record, set()).add(names[name])
    rejected = set(result.outreject["id"]) if len(result.outreject) else set()
    ids = [record["id"] for record in records]
    return _score([None if i in rejected else by_record.get(i, set()) for i in ids], cases, elapsed)
