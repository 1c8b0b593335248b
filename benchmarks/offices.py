"""Clean tables of offices of all sizes, made as such tables come about: requests arrive, and each gets one result.

Sizes are those of published reports: a department with a handful of requests in a year, one with some dozens, a
district, a city's sum. Nothing of :mod:`benchmarks.tables` is used, whose cells are drawn one by one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.tables import GROUPS, OUTCOMES, PARTIES, Values
from xlcheck.model.form import Form

SIZES: dict[str, tuple[int, int]] = {
    "handful": (1, 9),
    "department": (10, 80),
    "district": (100, 1_500),
    "city": (3_000, 60_000),
}
"""Requests in a year, from and to."""


def office(form: Form, rng: random.Random, size: str) -> Values:
    """The year of an office; all relations hold."""
    low, high = SIZES[size]
    values = dict.fromkeys(form.by_key, 0)
    rows = list(dict.fromkeys(f.key.split(".")[1] for f in form.fields if f.table == "requests"))
    requests = round(low * (high / low) ** rng.random())
    persons = rng.choice((1.0, rng.uniform(0.7, 1.0), rng.uniform(0.3, 0.9)))
    others = _shares(rng, 5)
    shares = dict(zip(PARTIES, (persons, *((1 - persons) * share for share in others)), strict=True))
    results = dict(zip(rows[2:-2], _shares(rng, len(rows[2:-2]), few=size in ("handful", "department")), strict=True))
    for party, count in _spread(rng, requests, shares).items():
        open_ = _some(rng, count, rng.choice((0, 0, 0.05, 0.15)))
        for row, number in _spread(rng, count - open_, results).items():
            values[f"requests.{row}.{party}"] = number
        carried = _some(rng, count, rng.choice((0, 0, 0.05, 0.15)))
        values[f"requests.received.{party}"] = count - carried
        values[f"requests.carried_in.{party}"] = carried
        values[f"requests.carried_out.{party}"] = open_
    _disputes(rng, values, requests)
    return added_up(values, rows)


def added_up(values: Values, rows: Sequence[str]) -> Values:
    """`values` with all totals worked out from the details."""
    for party in PARTIES:
        values[f"requests.handled.{party}"] = sum(values[f"requests.{row}.{party}"] for row in rows[2:-2])
    for row in rows:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{party}"] for party in PARTIES)
    for group in GROUPS:
        values[f"disputes.{group}.total"] = sum(values[f"disputes.{group}.{outcome}"] for outcome in OUTCOMES)
    return values


def _disputes(rng: random.Random, values: Values, requests: int) -> None:
    for group in GROUPS:
        cases = _some(rng, requests, rng.choice((0, 0.02, 0.1))) + rng.choice((0, 0, rng.randint(0, 4)))
        for outcome, number in _spread(rng, cases, dict(zip(OUTCOMES, _shares(rng, 4), strict=True))).items():
            values[f"disputes.{group}.{outcome}"] = number


def _shares(rng: random.Random, count: int, few: bool = False) -> list[float]:
    """Very unequal shares that add up to 1; with `few`, many of them are 0."""
    drawn = [rng.paretovariate(0.7) * (not few or rng.random() < 0.35) for _ in range(count)]
    drawn[rng.randrange(count)] += 0.1
    return [share / sum(drawn) for share in drawn]


def _spread(rng: random.Random, count: int, shares: dict[str, float]) -> dict[str, int]:
    """`count` things put under the names; each by chance where they are few."""
    if sum(shares.values()) <= 0:
        return dict.fromkeys(shares, 0)
    if count <= 2_000:
        drawn = rng.choices(list(shares), list(shares.values()), k=count)
        return {name: drawn.count(name) for name in shares}
    found = {name: int(count * share * rng.uniform(0.9, 1.0)) for name, share in shares.items()}
    found[max(shares, key=lambda name: shares[name])] += count - sum(found.values())
    return found


def _some(rng: random.Random, count: int, share: float) -> int:
    if count <= 2_000:
        return sum(rng.random() < share for _ in range(count))
    return int(count * share * rng.uniform(0.9, 1.1))


OFFICES: dict[str, Callable[[Form, random.Random], Values]] = {size: partial(office, size=size) for size in SIZES}
"""By size."""
