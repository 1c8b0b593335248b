"""Two mistakes that leave the same numbers: how often is each behind them, where people make both equally often?

    python -m benchmarks.mirrored

In a group of 复议诉讼 one relation tells of all numbers. A number y that was forgotten beside a number x, and a number x that
was put into the cell beside its own, over the number y there, leave the same: 0 beside x, and a total that is y too large.
Groups are drawn as :mod:`benchmarks.tables` draws them; one number of each, chosen at random, is forgotten, and one is moved.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.tables import GROUPS, OUTCOMES, TABLES
from xlcheck.forms.file import load_form

GROUPS_DRAWN = 30_000
"""Of each origin."""


def beside(place: int, group: Sequence[int]) -> list[int]:
    """The places to the left and right."""
    return [other for other in (place - 1, place + 1) if 0 <= other < len(group)]


def main() -> None:
    """Print the shares."""
    form = load_form()
    for origin in ("sparse", "baseline", "city"):
        rng = random.Random(2024)
        forgotten = moved = 0
        for _ in range(GROUPS_DRAWN // len(GROUPS)):
            table = TABLES[origin](form, rng)
            for name in GROUPS:
                group = [table[f"disputes.{name}.{outcome}"] for outcome in OUTCOMES]
                filled = [place for place, number in enumerate(group) if number]
                if filled:
                    forgotten += any(group[other] for other in beside(rng.choice(filled), group))
                    moved += bool(group[rng.choice(beside(rng.choice(filled), group))])
        share = 100 * forgotten / (forgotten + moved)
        print(f"{origin:9} {forgotten:6} forgotten, {moved:6} moved: {share:.1f} % of what looks alike was forgotten")


if __name__ == "__main__":
    main()
