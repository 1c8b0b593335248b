"""One reading: a few hundred spellings of one workbook, read by us and by openpyxl; tests/office asks LibreOffice, too."""

from __future__ import annotations

from fuzz.readings import Difference, Reading, apart, openpyxls, ours, run, small, spelt
from tests.hostile import makers


def test_the_workbook_that_is_spelt_in_other_ways_is_read_alike() -> None:
    data = makers.pack(small(), 0)
    mine, theirs = ours(data), openpyxls(data)
    assert mine
    assert not isinstance(theirs, str)
    assert len(mine) > 10
    assert apart(mine, theirs) == apart(theirs, mine) == []


def test_the_same_seed_spells_the_same() -> None:
    assert spelt(7) == spelt(7)
    assert len({spelt(seed)[0] for seed in range(60)}) > 40


def test_what_is_admitted_and_what_openpyxl_loads_is_read_alike() -> None:
    found: list[Difference] = []
    counts = run(range(1_500), found.append, set())
    assert counts["admitted"] > 250
    assert counts["refused"] > 500
    # openpyxl leaves out sheets of old, which have no relationship.
    loaded = [one for one in found if titles(one.theirs) == titles(one.ours)]
    assert [(one.seed, one.changes) for one in loaded] == []


def titles(reading: Reading) -> int:
    return sum(cell.endswith("!") for cell in reading)
