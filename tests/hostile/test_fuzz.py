"""The fuzzer's changes get past the container, and what it is after holds for a few of them without the fuzzer."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from fuzz.mutate import cross, mutate
from fuzz.seeds import MOST, seeds
from fuzz.target import one_input
from tests.hostile.corpus import books
from tests.hostile.makers import ADMITTED
from tests.hostile.verdicts import verdict
from xlcheck.reading.open import Forms

FORMS = {"xlsx": books.xlsx, "ods": books.ods, "xls": books.xls}


def change(data: bytes, most: int) -> bytes:
    """A blind change, as libFuzzer makes them."""
    if not data:
        return b"\0"[:most]
    random = Random(len(data))
    changed = bytearray(data)
    changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(changed[:most])


@pytest.mark.parametrize("kind", FORMS)
def test_most_changes_are_inside_a_whole_container(kind: str) -> None:
    data = FORMS[kind](books.book())
    made = [mutate(data, 100_000, seed, change) for seed in range(120)]
    assert len(set(made)) > 60
    # Many a change makes a spelling that programs read differently, which is refused.
    assert Counter(map(verdict, made))[ADMITTED] > 20
    # A byte changed anywhere hardly ever gets that far.
    blind = [change(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], 100_000) for at in range(0, len(data), 61)]
    assert kind == "xls" or Counter(map(verdict, blind))[ADMITTED] < len(blind) / 4


@pytest.mark.parametrize("kind", FORMS)
def test_no_change_provokes_what_no_file_may(kind: str) -> None:
    data = FORMS[kind](books.book(requests__received__person=9))
    forms = Forms()
    told = Counter(one_input(mutate(data, 100_000, seed, change), forms) for seed in range(150))
    assert told["read"] > 10


def test_the_same_seed_makes_the_same_change() -> None:
    data = books.xlsx(books.book())
    assert mutate(data, 100_000, 7, change) == mutate(data, 100_000, 7, change)
    assert len(mutate(data, len(data) // 2, 7, change)) <= len(data) // 2


def test_a_crossing_has_members_of_both() -> None:
    one, other = books.xlsx(books.book()), books.xlsx(books.book(requests__received__person=9))
    crossed = {cross(one, other, 100_000, seed) for seed in range(20)}
    assert len(crossed) > 1
    assert all(verdict(each) == ADMITTED for each in crossed)


def test_it_starts_from_small_files_of_every_kind() -> None:
    found = dict(seeds())
    assert {name.rpartition(".")[2] for name in found} >= {"xlsx", "xlsm", "xls", "ods"}
    assert all(len(data) <= MOST for data in found.values())
