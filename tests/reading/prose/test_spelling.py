"""Numbers as people write them, and what nobody can read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.reading.prose.spelling import LONGEST_SENTENCE, chinese_number, quantity, sentences, squeezed

UNITS = "件条起宗份例个项"


def chinese(number: int) -> str:
    """A number from 1 to 9,999 as a clerk writes it in words."""
    said, gap = "", False
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // step % 10
        if digit:
            said += ("零" if gap and said else "") + "零一二三四五六七八九"[digit] + name
        gap = bool(said) and not digit
    return said.removeprefix("一") if 10 <= number < 20 else said


@given(st.integers(1, 9_999))
def test_a_number_in_words_is_read_back(number: int) -> None:
    assert chinese_number(chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0),
        ("〇", 0),
        ("两", 2),
        ("十", 10),
        ("二十", 20),
        ("一百零五", 105),
        ("两千", 2000),
        ("一万二千", 12_000),
    ],
)
def test_other_spellings(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["二三", "十百", "百", "一百二", "零零", "一零", "三五十", "一百十", "十零", "万"])
def test_what_is_no_number_in_words(text: str) -> None:
    assert chinese_number(text) is None


def spellings(number: int) -> list[str]:
    """All ways in which a count is printed."""
    grouped = f"{number:,}"
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    found = [str(number), grouped, grouped.replace(",", " "), f" {number} ", str(number).translate(wide)]
    return [*found, chinese(number)] if number else found


@given(st.integers(0, 9_999), st.sampled_from(UNITS))
def test_every_spelling_means_the_same(number: int, unit: str) -> None:
    for spelt in spellings(number):
        text = squeezed(f"收到{spelt}{unit}")
        told = quantity(text, 2)
        assert told is not None, spelt
        assert (told.number, told.unit, told.sure, 2 + told.length) == (Decimal(number), unit, True, len(text))


@pytest.mark.parametrize(
    "text",
    ["12余件", "12件余", "十余件", "12多件", "1.3万件", "几十件", "12，345件", "1 2件", "12,34件", "１２，３４５件"],
)
def test_what_is_no_exact_count_is_not_read_as_one(text: str) -> None:
    said = squeezed(text)
    told = [quantity(said, at) for at in range(len(said))]
    assert not [one for one in told if one and one.sure and one.unit]


@pytest.mark.parametrize("text", ["第一件", "统一件", "同一件", "每一件", "某一项"])
def test_an_ordinal_is_no_count(text: str) -> None:
    assert quantity(text, 1) is None


@pytest.mark.parametrize("text", ["5项目", "3条例", "2起诉", "3例如", "20个工作日", "6个月"])
def test_a_longer_word_is_no_unit(text: str) -> None:
    told = quantity(text, 0)
    assert told is not None
    assert told.unit == ""


def test_amounts_are_in_units_of_ten_thousand() -> None:
    assert [
        (one.number, one.unit, one.digits) for text in ("12.5万元", "125000元", "0.3亿元") if (one := quantity(text, 0))
    ] == [
        (Decimal("12.5"), "万元", 1),
        (Decimal("12.5"), "万元", 4),
        (3000, "万元", -3),
    ]


def test_a_sentence_ends_with_its_mark() -> None:
    assert list(sentences("甲。 乙！？丙\n丁")) == ["甲", "乙", "丙\n丁"]


def test_what_is_too_long_is_no_sentence() -> None:
    long = "收" * (LONGEST_SENTENCE + 1)
    assert list(sentences(f"{long}。乙")) == ["乙"]
