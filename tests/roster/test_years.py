"""The year that is collected, where nobody said so."""

from __future__ import annotations

from xlcheck.roster.years import collected_year


def test_most_files_say_which_and_of_equals_the_latest() -> None:
    assert collected_year({}) is None
    assert collected_year({2024: 1}) == 2024
    assert collected_year({2025: 2, 2024: 3}) == 2024
    assert collected_year({2024: 2, 2025: 2, 2023: 1}) == 2025
