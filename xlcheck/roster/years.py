"""Which year is collected, where nobody said so."""

from __future__ import annotations

from collections.abc import Mapping


def collected_year(files: Mapping[int, int]) -> int | None:
    """The year that most files report on, of several the latest; None where there are none.

    Args:
        files: how many there are of each year.
    """
    return max(files, key=lambda year: (files[year], year), default=None)
