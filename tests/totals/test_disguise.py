"""Submissions that are the sum of others are found without a list of units, and none is made up of small numbers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from benchmarks.tables import city, sparse
from tests.making.filling import form
from xlcheck.model.numbers import Number
from xlcheck.totals import disguise
from xlcheck.totals.disguise import disguised
from xlcheck.totals.sums import Contribution, Numbers, sums_of


def given(unit: str, numbers: Numbers) -> Contribution:
    return Contribution(unit, "", f"{unit}.xlsx", passed=True, numbers=numbers)


def invented(seed: int, count: int) -> list[Contribution]:
    rng = random.Random(seed)
    tables = [rng.choice((sparse, sparse, city))(form(), rng) for _ in range(count)]
    return [
        given(f"{number}局", tuple(table[field.key] for field in form().fields)) for number, table in enumerate(tables)
    ]


def with_parents(units: Sequence[Contribution], *families: Sequence[int]) -> list[Contribution]:
    sums = [sums_of([units[child].numbers for child in children]) for children in families]
    return [*units, *(given(f"上级{number}", numbers) for number, numbers in enumerate(sums))]


def told(contributions: Sequence[Contribution]) -> dict[str, list[str]]:
    return {one.unit: [other.unit for other in others] for one, others in disguised(contributions)}


@pytest.mark.parametrize("seed", range(3))
def test_families_are_found_and_nothing_else(seed: int) -> None:
    units = invented(seed, 40)
    assert told(units) == {}
    families = ((1, 5, 8), tuple(range(10, 22)))
    found = told(with_parents(units, *families))
    for parent, children in zip(("上级0", "上级1"), families, strict=True):
        # Who has nothing but 0 belongs to any sum.
        assert found.pop(parent) == [units[child].unit for child in children if any(units[child].numbers)]
    assert found == {}


def test_one_field_more_is_no_sum() -> None:
    units = with_parents(invented(7, 12), (2, 3, 4))
    *numbers, last = units[-1].numbers
    assert told([*units[:-1], given("上级", (*numbers, (last or 0) + 1))]) == {}


def test_small_numbers_prove_nothing_and_all_others_are_told_elsewhere() -> None:
    small = [given(str(number), (1,) * 30) for number in range(4)]
    assert told(with_parents(small, (0, 1, 2))) == {}
    assert told(with_parents(invented(3, 6), range(6))) == {}
    assert told([]) == told(small[:1]) == {}


def test_there_is_an_end_of_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many alike come to one another in no end of ways."""
    monkeypatch.setattr(disguise, "STEPS", 50)
    alike = [given(str(number), (2,) * 30) for number in range(40)]
    assert told([*alike, given("单", (77,) * 30)]) == {}


def test_looking_does_not_grow_with_the_square_of_the_submissions(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    fits = disguise._Search._fits

    def counted(self: disguise._Search, number: int, within: Mapping[int, Number]) -> bool:
        compared.append(number)
        return fits(self, number, within)

    monkeypatch.setattr(disguise._Search, "_fits", counted)
    assert told([given(str(number), (30,) * 20) for number in range(800)]) == {}
    assert len(compared) < 800 * 800 / 5
