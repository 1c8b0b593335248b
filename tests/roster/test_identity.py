"""The same unit, however its code and name are typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlcheck.roster.identity import Identity, code_key, identity, name_key

TEXTS = st.text(st.sampled_from("甲乙局 ab\u3000ＡＢxX１1"), max_size=6)


def test_a_code_in_small_or_wide_letters_is_the_same_code() -> None:
    assert code_key("11510400mb0123456x") == code_key("１１510400 MB0123456X") == "11510400MB0123456X"


def test_a_name_keeps_its_case_and_loses_its_blanks() -> None:
    assert name_key("市 教育局（Ａ）") == name_key("市教育局(A)")
    assert name_key("a局") != name_key("A局")


def test_either_a_code_or_a_name_in_common_may_be_the_same_unit() -> None:
    assert identity("甲局", "1x").shares(identity("乙局", "1X"))
    assert identity("甲局", "1").shares(identity("甲 局", "2"))
    assert not identity("甲局", "1").shares(identity("乙局", "2"))


def test_a_code_and_a_name_that_read_alike_are_not_in_common() -> None:
    assert not identity("1", "").shares(identity("", "1"))


def test_nothing_is_in_common_with_nobody() -> None:
    assert not identity("", "").shares(identity("", ""))


def test_only_one_name_with_no_two_codes_is_certainly_the_same_unit() -> None:
    assert identity("甲局", "1x").agrees(identity("甲局", "1X"))
    assert identity("甲局", "").agrees(identity("甲局", "1"))
    assert not identity("甲局", "1").agrees(identity("甲局", "2"))
    assert not identity("甲局", "1").agrees(identity("乙局", "1"))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_who_agrees_and_is_somebody_shares_and_order_does_not_matter(a: str, b: str, c: str, d: str) -> None:
    one, other = identity(a, b), identity(c, d)
    assert one.shares(other) == other.shares(one)
    assert one.agrees(other) == other.agrees(one)
    if one.agrees(other) and one.name:
        assert one.shares(other)


@given(TEXTS, TEXTS)
def test_keys_are_stable(name: str, code: str) -> None:
    once = identity(name, code)
    assert identity(once.name, once.code) == once == Identity(*once)
