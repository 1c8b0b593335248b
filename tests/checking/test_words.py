"""Strangers' texts before they are shown."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from xlcheck.model.text import clean

STEER = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@given(st.text())
def test_nothing_that_steers_is_left_and_nothing_else_is_lost(text: str) -> None:
    kept = [char for char in text if unicodedata.category(char) not in STEER and char not in "\ufffe\uffff"]
    cleaned = clean(text)
    assert not {unicodedata.category(char) for char in cleaned} & STEER
    assert [char for char in cleaned if char != " "] == [char for char in kept if char != " "]
    assert clean(cleaned) == cleaned


def test_line_ends_become_blanks() -> None:
    assert clean("甲\r\n乙\t丙\u2028丁") == "甲  乙 丙丁"


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert clean("甲\ufffe乙\uffff") == "甲乙"
