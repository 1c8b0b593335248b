"""Codes of units as lists hold them (GB 32100-2015)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.roster.codes import check_sign, typed_code

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REAL = "91350100M000100Y43"
"""The example of the standard's explanations."""

bodies = st.text(SIGNS, min_size=17, max_size=17)


def test_the_example_of_the_standard() -> None:
    assert typed_code(REAL) == (REAL, "")


@given(bodies)
def test_a_sound_code_is_taken_without_a_word(body: str) -> None:
    code = body + check_sign(body)
    assert typed_code(code) == (code, "")


@given(bodies, st.integers(0, 17), st.sampled_from(SIGNS))
def test_every_single_wrong_character_is_told(body: str, place: int, sign: str) -> None:
    code = body + check_sign(body)
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong != code:
        typed = typed_code(wrong)
        assert typed.code == wrong
        assert "校验位不对" in typed.doubt


@pytest.mark.parametrize(
    ("text", "told"),
    [(f'="{REAL}"', "公式的写法"), (f"'{REAL}", "单引号"), ("9135 0100 M000100Y43", "空格"), ("91350100M000\n100Y43", "空格或换行"),
     (REAL.lower(), "小写字母"), ("９１350100M000100Y43", "全角字符"), ("９１350100m0 00100y43", "空格或换行、全角字符、小写字母"), (f'=" {REAL.lower()}"', "公式的写法")],
)  # fmt: skip
def test_what_is_odd_about_it_is_told_and_it_is_used_all_the_same(text: str, told: str) -> None:
    typed = typed_code(text)
    assert typed.code == REAL
    assert told in typed.doubt
    assert typed.doubt.endswith(f"已按“{REAL}”使用")


@pytest.mark.parametrize(
    ("text", "told"),
    [("1151040000800000", "16 位"), ("A1", "应为 18 位"), (REAL + "1", "19 位"), ("91350100MO00100Y43", "“O”"), ("9135010SMI00100Y43", "“S”“I”"), ("91350100-000100Y43", "“-”"),
     ("115104000087000000", "曾被当成数"), ("115104000087001000", "曾被当成数"), ("91350100M000100Y44", "最后一位应为 3")],
)  # fmt: skip
def test_what_cannot_be_right_is_told(text: str, told: str) -> None:
    typed = typed_code(text)
    assert typed.code == text
    assert told in typed.doubt


@pytest.mark.parametrize("text", ["1.15104E+17", "1.15104e+17", "9E+17", "1.15104000087E17"])
def test_a_number_in_place_of_a_code_is_lost(text: str) -> None:
    typed = typed_code(text)
    assert not typed.code
    assert "当成数" in typed.doubt


def test_a_code_with_an_e_in_it_is_no_number() -> None:
    body = "1234567890123456E"
    assert typed_code(body + check_sign(body)).code == body + check_sign(body)


def test_no_code_is_no_fault() -> None:
    assert typed_code("  ") == ("", "")
