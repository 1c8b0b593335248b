"""Clean tables to damage: one that was published, and three kinds of made ones. All satisfy every relation."""

from __future__ import annotations

import random
from collections.abc import Callable

from xlcheck.model.form import Form

PARTIES = ("person", "business", "research", "welfare", "legal", "other")
OUTCOMES = ("upheld", "corrected", "other", "pending")
GROUPS = ("review", "suit_direct", "suit_after_review")

Values = dict[str, int]
Draw = Callable[[random.Random, str], int]
"""Draws a detail count for a column."""

SEED = {"received": 6, "granted": 1, "unavailable_not_held": 2, "declined_repeat": 3, "handled": 6}
"""The rows that are not 0, alike in the columns ``person`` and ``total``: 攀枝花市人民政府办公室, 2021."""


def published(form: Form, _: random.Random) -> Values:
    """The published table; no numbers are drawn."""
    values = dict.fromkeys(form.by_key, 0)
    for row, value in SEED.items():
        values[f"requests.{row}.person"] = values[f"requests.{row}.total"] = value
    return values


def sparse(form: Form, rng: random.Random) -> Values:
    """A department: mostly 0, natural persons first, a few requests a year."""
    return _made(form, rng, lambda r, party: _rare(r, 0.35 if party == "person" else 0.08, 60))


def city(form: Form, rng: random.Random) -> Values:
    """A city's sum: the columns differ by orders of magnitude, totals reach 10^7."""
    scale = {party: 10 ** rng.randint(2, 6) for party in PARTIES}
    return _made(
        form, rng, lambda r, party: r.choice((0, r.randint(0, scale[party]), r.randint(0, scale[party] // 10)))
    )


def baseline(form: Form, rng: random.Random) -> Values:
    """The distribution that banff was first measured on."""
    return _made(form, rng, _baseline_count)


TABLES = {"published": published, "sparse": sparse, "city": city, "baseline": baseline}


def _rare(rng: random.Random, share: float, most: int) -> int:
    if rng.random() > share:
        return 0
    return rng.choice((rng.randint(1, 9), rng.randint(1, 9), rng.randint(1, most)))


def _baseline_count(rng: random.Random, party: str) -> int:
    if party == "person":
        return rng.choice((0, rng.randint(0, 40), rng.randint(10, 400)))
    return rng.choice((0, 0, 0, rng.randint(0, 9), rng.randint(0, 60)))


def _made(form: Form, rng: random.Random, draw: Draw) -> Values:
    values = dict.fromkeys(form.by_key, 0)
    rows = [f.key.split(".")[1] for f in form.fields if f.key.startswith("requests.") and f.key.endswith(".person")]
    details = rows[2:-2]
    for party in PARTIES:
        for row in details:
            values[f"requests.{row}.{party}"] = draw(rng, party)
        handled = sum(values[f"requests.{row}.{party}"] for row in details)
        out = rng.randint(0, max(handled // 10, 3))
        carried = rng.randint(0, min(max(handled // 10, 3), handled + out))
        values[f"requests.handled.{party}"] = handled
        values[f"requests.carried_out.{party}"] = out
        values[f"requests.carried_in.{party}"] = carried
        values[f"requests.received.{party}"] = handled + out - carried
    for row in rows:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{party}"] for party in PARTIES)
    for group in GROUPS:
        for outcome in OUTCOMES:
            values[f"disputes.{group}.{outcome}"] = draw(rng, "other")
        values[f"disputes.{group}.total"] = sum(values[f"disputes.{group}.{outcome}"] for outcome in OUTCOMES)
    return values
