"""Mistakes that clerks make, by kind. Each gives what the damaged fields hold afterwards, or None if it can't be made.

A mistake of one field changes one; a move, an exchange and a misplaced total change two. A damaged value of None is a
blank. A mistake never leaves a field as it was.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlcheck.model.form import Field, Form

Damage = dict[str, int | None]
Mistake = Callable[[random.Random, Form, Sequence[Field], Mapping[str, int]], Damage | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged table."""

    table: str
    kind: str
    wrong: int
    """How many fields are wrong."""
    clean: Mapping[str, int]
    damage: Mapping[str, int | None]


def _one(change: Callable[[random.Random, str], str | None]) -> Mistake:
    """A mistake in the digits of one number."""

    def mistake(rng: random.Random, form: Form, fields: Sequence[Field], clean: Mapping[str, int]) -> Damage | None:
        for _ in range(60):
            key = rng.choice(fields).key
            text = change(rng, str(clean[key]))
            if text is not None and int(text) != clean[key]:
                return {key: int(text)}
        return None

    return mistake


def _replaced(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + str(rng.randint(0, 9)) + text[place + 1 :]


def _swapped(rng: random.Random, text: str) -> str | None:
    if len(text) < 2:
        return None
    place = rng.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _dropped(rng: random.Random, text: str) -> str | None:
    if len(text) < 2:
        return None
    place = rng.randrange(len(text))
    return text[:place] + text[place + 1 :]


def _added(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + str(rng.randint(0, 9)) + text[place:]


def _negated(rng: random.Random, text: str) -> str:
    return f"-{text}"


def _random(rng: random.Random, text: str) -> str:
    return str(rng.randint(0, 10 ** (len(text) + rng.randint(0, 1)) - 1))


def _moved(rows: int, columns: int) -> Mistake:
    """A number put so many rows below or columns to the right, over what belongs there; its own cell holds 0."""

    def mistake(rng: random.Random, form: Form, fields: Sequence[Field], clean: Mapping[str, int]) -> Damage | None:
        at = {(f.sheet, f.cell): f.key for f in fields}
        for _ in range(60):
            field, way = rng.choice(fields), rng.choice((1, -1))
            other = at.get((field.sheet, (field.cell[0] + way * rows, field.cell[1] + way * columns)))
            if other and clean[field.key] and clean[other] != clean[field.key]:
                return {field.key: 0, other: clean[field.key]}
        return None

    return mistake


def _exchanged(rng: random.Random, form: Form, fields: Sequence[Field], clean: Mapping[str, int]) -> Damage | None:
    """Two cells side by side or one below the other changed places; both hold a number."""
    at = {(f.sheet, f.cell): f.key for f in fields}
    for _ in range(300):
        field, (down, right) = rng.choice(fields), rng.choice(((1, 0), (0, 1)))
        other = at.get((field.sheet, (field.cell[0] + down, field.cell[1] + right)))
        if other and clean[field.key] and clean[other] and clean[other] != clean[field.key]:
            return {field.key: clean[other], other: clean[field.key]}
    return None


def _misplaced(rng: random.Random, form: Form, fields: Sequence[Field], clean: Mapping[str, int]) -> Damage | None:
    """A column's total put in any other row of the column, over what belongs there; its own cell holds 0."""
    for _ in range(60):
        column = rng.choice([f for f in fields if f.key.startswith("requests.handled.")])
        party = column.key.rsplit(".", 1)[1]
        other = rng.choice([f.key for f in fields if f.key.startswith("requests.") and f.key.endswith(f".{party}")])
        if clean[column.key] and clean[other] != clean[column.key]:
            return {column.key: 0, other: clean[column.key]}
    return None


def _copied(rng: random.Random, form: Form, fields: Sequence[Field], clean: Mapping[str, int]) -> Damage | None:
    """A column's total typed once more, in any other row of the column."""
    for _ in range(60):
        other = rng.choice([f.key for f in fields if f.key.startswith("requests.")])
        total = clean["requests.handled." + other.rsplit(".", 1)[1]]
        if total != clean[other]:
            return {other: total}
    return None


def _blanked(rng: random.Random, form: Form, fields: Sequence[Field], clean: Mapping[str, int]) -> Damage | None:
    """A number that is not 0, left out."""
    filled = [f.key for f in fields if clean[f.key]]
    return {rng.choice(filled): None} if filled else None


REPLACED = _one(_replaced)
ONE: dict[str, Mistake] = {
    "replaced digit": REPLACED,
    "swapped digits": _one(_swapped),
    "dropped digit": _one(_dropped),
    "added digit": _one(_added),
    "sign flipped": _one(_negated),
    "random value": _one(_random),
    "total copied": _copied,
}
TWO: dict[str, Mistake] = {
    "neighbour row": _moved(1, 0),
    "neighbour column": _moved(0, 1),
    "exchanged cells": _exchanged,
    "total in wrong row": _misplaced,
}
KINDS = (*ONE, *TWO, "blank", "mixed")
SLIPS = ("replaced digit", "swapped digits", "dropped digit", "added digit", "sign flipped")
"""The slips of the digits."""
MIXED_SLIPS = "mixed slips"
"""Any of these, each field by itself."""


def plan(rng: random.Random, kind: str, wrong: int) -> list[Mistake]:
    """The mistakes of a case: `wrong` fields, as many as can be of `kind`, the others replaced digits.

    A blank breaks nothing on its own, so half of the fields (the smaller half) are blank.
    """
    if kind in ONE:
        return [ONE[kind]] * wrong
    if kind == MIXED_SLIPS:
        return [ONE[rng.choice(SLIPS)] for _ in range(wrong)]
    if kind in TWO:
        return [TWO[kind]] * (wrong // 2) + [REPLACED] * (wrong % 2)
    if kind == "blank":
        return [_blanked] * (wrong // 2) + [REPLACED] * (wrong - wrong // 2)
    mistakes: list[Mistake] = []
    while wrong:
        pair = wrong > 1 and rng.random() < 0.3
        mistakes.append(rng.choice(list((TWO if pair else ONE).values())))
        wrong -= 2 if pair else 1
    return mistakes


def damaged(
    rng: random.Random, form: Form, fields: Sequence[Field], table: tuple[str, Mapping[str, int]], kind: str, wrong: int
) -> Case | None:
    """A case, if the table allows it; no field is damaged twice."""
    name, clean = table
    if wrong == 1 and kind in (*TWO, "blank"):
        return None
    for _ in range(20):
        damage: Damage = {}
        for mistake in plan(rng, kind, wrong):
            free = [f for f in fields if f.key not in damage]
            more = mistake(rng, form, free, clean)
            if more is None:
                break
            damage.update(more)
        if len(damage) == wrong:
            return Case(name, kind, wrong, clean, damage)
    return None
