"""Writes docs/use/visible.md: what the relations can see, field by field.

Run ``python -m docs.visible`` (``poe visible``; some minutes). The first part comes from the form and is compared by a
test; the shares come from simulation with a fixed seed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.tables import sparse
from xlcheck.forms.file import load_form
from xlcheck.locating.locate import Located, locate
from xlcheck.model.form import Field, Form

PAGE = Path(__file__).parent / "use" / "visible.md"
TRIES = 12
"""Simulated errors of each kind for each field."""
SEED = 2021

HEAD = """# What the rules can see

"Passed" means that every cell holds a number of the right kind and that all relations hold. It does not mean that the
numbers are true. This page says, field by field, which relations cover it and what becomes of errors in it.

The shares are from simulation (`python -m docs.visible`, seed {seed}, {tries} errors of each kind a field, on made
tables of a department with small sparse counts):

- **one error**: the field holds another number of the same size; everything else is right;
- **two errors**: a second field, anywhere in the form, is wrong as well;
- **opposite errors**: a second field of the same relation is wrong by the same amount, so that the relation still holds.

*seen*: at least one relation is broken. *first*: the first explanation of every cause names just the wrong fields and
their true values. *given*: the truth is among the explanations. *certain*: it is first, and is called certain (疑为). What
is not *seen* is invisible to the relations: only comparison with last year, plausibility warnings or a person can find it.

Certain is less than first on purpose. A number that is larger than its row and column say may be a late case that only
the totals do not know, and a relation of its own tells nothing of which of its fields is wrong. How often certain is wrong
where one mistake leaves many fields wrong is measured apart: [How errors are located](../inside/locating.md).

"""


class Shares(NamedTuple):
    """Of the simulated errors, in per cent."""

    seen: int
    first: int
    given: int
    certain: int


def covering(form: Form) -> dict[str, list[str]]:
    """The relations that each field stands in, as code and place."""
    covered: dict[str, list[str]] = {field.key: [] for field in form.fields}
    for relation in form.relations:
        for key in relation.keys:
            covered[key].append(f"{relation.code} {relation.where}".strip())
    return covered


def _another(rng: random.Random, value: int) -> int:
    """Another number of the same size: what slips of the hand and of the eye have in common."""
    most = max(9, value * 2)
    return rng.choice(
        [number for number in (rng.randint(0, most) for _ in range(20)) if number != value] or [value + 1]
    )


def _shares(form: Form, errors: list[tuple[Mapping[str, int], dict[str, int]]]) -> Shares:
    seen = right = given = certain = 0
    for clean, wrong in errors:
        causes = locate(form, {**clean, **wrong})
        truth = {key: clean[key] for key in wrong}
        if not causes:
            continue
        seen += 1
        first = {change.field: change.new for cause in causes for e in cause.explanations[:1] for change in e.changes}
        right += first == truth
        given += _among(causes, truth)
        certain += first == truth and all(cause.certain for cause in causes)
    return Shares(*(round(100 * number / len(errors)) for number in (seen, right, given, certain)))


def _among(causes: Sequence[Located], truth: Mapping[str, int]) -> bool:
    """Whether explanations, one of each cause, together say the whole truth."""
    named: set[str] = set()
    for cause in causes:
        right = (e for e in cause.explanations if all(truth.get(change.field) == change.new for change in e.changes))
        named.update(change.field for explanation in right for change in explanation.changes)
    return named == set(truth)


def _opposite(form: Form, field: Field, clean: Mapping[str, int], rng: random.Random) -> dict[str, int] | None:
    """Two errors that leave a relation of `field` in balance; None where it stands in none."""
    relations = [relation for relation in form.relations if field.key in relation.keys]
    if not relations:
        return None
    relation = rng.choice(relations)
    other = rng.choice([key for key in relation.keys if key != field.key])
    same_side = (field.key in relation.left_keys) == (other in relation.left_keys)
    amount = rng.randint(1, 9)
    moved = clean[other] - amount if same_side else clean[other] + amount
    if moved < 0:
        moved, amount = clean[other] + amount, -amount
        if clean[field.key] + amount < 0:
            return None
    return {field.key: clean[field.key] + amount, other: moved}


def simulate(form: Form, field: Field, tries: int = TRIES) -> tuple[Shares, Shares, Shares | None]:
    """What becomes of one error, two errors, and two opposite errors; None where there are no opposite ones."""
    rng = random.Random(f"{SEED} {field.key}")
    one: list[tuple[Mapping[str, int], dict[str, int]]] = []
    two: list[tuple[Mapping[str, int], dict[str, int]]] = []
    opposite: list[tuple[Mapping[str, int], dict[str, int]]] = []
    others = [other.key for other in form.fields if other.key != field.key]
    for _ in range(tries):
        clean = sparse(form, rng)
        wrong = {field.key: _another(rng, clean[field.key])}
        second = rng.choice(others)
        one.append((clean, wrong))
        two.append((clean, {**wrong, second: _another(rng, clean[second])}))
        pair = _opposite(form, field, clean, rng)
        if pair:
            opposite.append((clean, pair))
    return _shares(form, one), _shares(form, two), _shares(form, opposite) if opposite else None


def cover_table(form: Form) -> str:
    """The part that follows from the form alone: the fields and their relations."""
    lines = ["## Fields and their relations\n", "| field | cell | relations |", "|---|---|---|"]
    covered = covering(form)
    for field in form.fields:
        relations = "; ".join(covered[field.key]) or "**none**"
        lines.append(f"| `{field.key}` | {field.address} | {relations} |")
    return "\n".join(lines) + "\n"


def _cell(shares: Shares | None) -> str:
    return "–" if shares is None else " / ".join(map(str, shares))


def main() -> None:
    """Write the page."""
    form = load_form()
    simulated = {field.key: simulate(form, field) for field in form.fields}
    lines = ["## What becomes of errors\n", "Per cent seen / first / given / certain.\n"]
    lines += ["| field | one error | two errors | opposite errors |", "|---|---|---|---|"]
    lines += [f"| `{key}` | {' | '.join(map(_cell, shares))} |" for key, shares in simulated.items()]
    for table in form.tables:
        parts = list(zip(*(simulated[field.key] for field in table.fields), strict=True))
        lines.append(f"| **{table.key}, mean** | {' | '.join(_mean(part) for part in parts)} |")
    text = HEAD.format(seed=SEED, tries=TRIES) + cover_table(form) + "\n" + "\n".join(lines) + "\n"
    PAGE.write_text(text, encoding="utf-8")


def _mean(part: tuple[Shares | None, ...]) -> str:
    known = [shares for shares in part if shares is not None]
    if not known:
        return "–"
    return " / ".join(str(round(sum(column) / len(known))) for column in zip(*known, strict=True))


if __name__ == "__main__":
    main()
