"""How true "疑为" is: what localisation says of what people do to tables.

Clean tables of offices of all sizes (:mod:`benchmarks.offices`) are damaged as people damage them
(:mod:`benchmarks.human`). Per kind this prints, in per cent of the tables in which a relation is broken:

- ``right``, ``wrong``: a cause is called certain, and all that is certain is true, or not;
- ``first``, ``given``: the truth is put first; it is among the explanations given;
- ``erased``: tables in which a certain answer makes a number 0 (not in per cent);
- the processor time in milliseconds: median and longest.

Usage: ``python -m benchmarks.habits [--cases N] [--seed N] [--sizes NAME ...] [--kinds NAME ...]``.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.human import KINDS, Desk
from benchmarks.locate import damaged_values, share
from benchmarks.mistakes import Case
from benchmarks.offices import OFFICES
from xlcheck.forms.file import load_form
from xlcheck.locating.locate import Located, locate
from xlcheck.model.form import Form


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a case."""

    case: Case
    right: bool
    wrong: bool
    first: bool
    given: bool
    erased: bool
    milliseconds: float


def cases(
    form: Form, sizes: Sequence[str], kinds: Sequence[str], count: int, seed: int
) -> list[tuple[Case, dict[str, int]]]:
    """Damaged tables, each with last year's; the kinds that a table does not allow are tried with others."""
    made: list[tuple[Case, dict[str, int]]] = []
    for size in sizes:
        for kind in kinds:
            rng = random.Random(f"{seed} {size} {kind}")
            for _ in range(count):
                for _ in range(30):
                    clean, last = OFFICES[size](form, rng), OFFICES[size](form, rng)
                    damage = KINDS[kind](Desk(rng, clean, last))
                    if damage:
                        made.append((Case(size, kind, len(damage), clean, damage), last))
                        break
    return made


def told(form: Form, case: Case) -> Told | None:
    """What is said of a case; None where nothing is broken."""
    values, unknown = damaged_values(case)
    start = time.process_time()
    causes = locate(form, values, unknown)
    taken = 1000 * (time.process_time() - start)
    if not causes:
        return None
    truth = {key: case.clean[key] for key in case.damage}
    sure = [cause for cause in causes if cause.certain]
    wrong = any(not _true(cause, 0, truth) for cause in sure)
    erased = any(c.new == 0 and c.old for cause in sure for c in cause.explanations[0].changes)
    first = _whole([0 if cause.explanations and _true(cause, 0, truth) else None for cause in causes], causes, truth)
    best = [next((k for k in range(len(c.explanations)) if _true(c, k, truth)), None) for c in causes]
    return Told(case, bool(sure) and not wrong, wrong, first, _whole(best, causes, truth), erased, taken)


def _true(cause: Located, number: int, truth: dict[str, int]) -> bool:
    return all(truth.get(change.field) == change.new for change in cause.explanations[number].changes)


def _whole(numbers: Sequence[int | None], causes: Sequence[Located], truth: dict[str, int]) -> bool:
    """Whether these explanations together say the whole truth; a blank that should be 0 need not be said."""
    said = {
        change.field
        for number, cause in zip(numbers, causes, strict=True)
        if number is not None
        for change in cause.explanations[number].changes
    }
    return None not in numbers and said >= {key for key, value in truth.items() if value or key in said}


HEAD = f"{'':30} {'cases':>6} {'unseen':>6} {'right':>6} {'wrong':>6} {'first':>6} {'given':>6} {'erased':>6} {'median':>7} {'max':>7}"


def line(name: str, results: Sequence[Told | None]) -> str:
    """One line of the table."""
    seen = [one for one in results if one]
    times = [one.milliseconds for one in seen] or [0.0]
    shares = [
        share(sum(getattr(one, name) for one in seen), len(seen)) for name in ("right", "wrong", "first", "given")
    ]
    return (
        f"{name:30} {len(results):6} {len(results) - len(seen):6} {' '.join(f'{one:>6}' for one in shares)} "
        f"{sum(one.erased for one in seen):6} {statistics.median(times):7.1f} {max(times):7.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=40, help="per size and kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", nargs="+", default=list(OFFICES), choices=list(OFFICES))
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    options = parser.parse_args()
    form = load_form()
    made = cases(form, options.sizes, options.kinds, options.cases, options.seed)
    results = [(case, told(form, case)) for case, _ in made]
    print(f"{len(made)} damaged tables, seed {options.seed}\n\n{HEAD}")
    for kind in options.kinds:
        print(line(kind, [one for case, one in results if case.kind == kind]))
    print()
    for size in options.sizes:
        print(line(size, [one for case, one in results if case.table == size]))
    print(line("all", [one for _, one in results]))


if __name__ == "__main__":
    main()
