"""Figures of eight offices, made by script: from one that never gets a request to a city with numbers of seven digits."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tests.making.filling import clean_values, form

_PARTIES = ("person", "business", "research", "welfare", "legal", "other")


def _drawn(seed: int, count: Callable[[random.Random, str], int], fee: str) -> dict[str, str]:
    """Figures whose details are drawn by `count`, summed up as the form asks."""
    rng = random.Random(seed)
    values = {field.key: count(rng, field.key) for field in form().fields}
    rows = list(dict.fromkeys(key.split(".")[1] for key in values if key.startswith("requests.")))
    for party in _PARTIES:
        handled = sum(values[f"requests.{row}.{party}"] for row in rows[2:-2])
        carried = min(values[f"requests.carried_in.{party}"], handled)
        values[f"requests.handled.{party}"], values[f"requests.carried_in.{party}"] = handled, carried
        values[f"requests.received.{party}"] = handled + values[f"requests.carried_out.{party}"] - carried
    for row in rows:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{party}"] for party in _PARTIES)
    for group in ("review", "suit_direct", "suit_after_review"):
        parts = [values[f"disputes.{group}.{one}"] for one in ("upheld", "corrected", "other", "pending")]
        values[f"disputes.{group}.total"] = sum(parts)
    return {key: str(value) for key, value in values.items()} | {"disclosure.fees.amount": fee}


def _sparse(rng: random.Random, key: str) -> int:
    return rng.randint(1, 9) if rng.random() < (0.3 if key.endswith(".person") else 0.06) else 0


def _city(rng: random.Random, key: str) -> int:
    return rng.randint(0, 10 ** rng.randint(1, 5))


def _huge(rng: random.Random, key: str) -> int:
    return rng.randint(1_000_000, 9_999_999)


FIGURES: Mapping[str, Mapping[str, str]] = {
    "clean": {key: str(value) for key, value in clean_values().items()},
    "nothing": {field.key: "0" for field in form().fields},
    "all different": {field.key: str(1000 + number) for number, field in enumerate(form().fields)},
    "department": _drawn(1, _sparse, "0"),
    "another department": _drawn(2, _sparse, "0.35"),
    "city": _drawn(3, _city, "72701.2578"),
    "another city": _drawn(4, _city, "1024.5"),
    "seven digits": _drawn(5, _huge, "1573179.08"),
    "one digit": _drawn(6, lambda rng, key: rng.randint(0, 1), "3"),
}
"""What a report says of each field, by its key."""
