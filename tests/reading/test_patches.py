"""Values by cell: what is repeated far is found in every cell, and is nowhere laid out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.reading.patches import Patches

_SPANS = st.sampled_from([1, 2, 30, 300])


@given(_SPANS, _SPANS, st.integers(0, 3), st.integers(0, 3))
def test_every_cell_has_what_was_put_there_and_no_other_has(rows: int, columns: int, row: int, column: int) -> None:
    patches: Patches[str] = Patches()
    patches.put((row, rows, column, columns), "a")
    patches.put((row + rows, 1, column, 1), "b")
    assert len(patches) == rows * columns + 1 == len(set(patches))
    assert {patches[row, column], patches[row + rows - 1, column + columns - 1]} == {"a"}
    assert patches[row + rows, column] == "b"
    assert (row, column + columns) not in patches
    assert (row - 1, column) not in patches
    with pytest.raises(KeyError):
        patches[row + rows + 1, column]


def test_what_is_repeated_far_takes_no_room() -> None:
    patches: Patches[str] = Patches()
    patches.put((0, 16_000, 0, 500), "a")
    assert not patches.near
