"""Labels are compared by their wording; width, spacing, quotes and the mark after a number do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import form
from tests.making.work import steps
from xlcheck.model.labels import fold

TEXTS = [label.text for table in form().tables for label in table.printed]


@pytest.mark.parametrize(
    ("printed", "official"),
    [
        ("1、属于国家秘密", "1.属于国家秘密"),
        ("１．属于国家秘密", "1.属于国家秘密"),
        ("1 . 属于国家秘密", "1.属于国家秘密"),
        ("（一) 予以公开", "（一）予以公开"),
        ("结 果\n维持", "结果维持"),
        ('3.危及"三安全一稳定"', "3.危及“三安全一稳定”"),
        ("3.危及「三安全一稳定」", "3.危及“三安全一稳定”"),
        ("3.危及‘三安全一稳定’", "3.危及“三安全一稳定”"),
        ("本年收费金额(单位:万元)", "本年收费金额（单位：万元）"),
        ("自\u200b然\ufeff人", "自然人"),
        ("3.危及＂三安全一稳定＇", "3.危及“三安全一稳定”"),
    ],
)
def test_the_same_wording(printed: str, official: str) -> None:
    assert fold(printed) == fold(official)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.其他", "3.其他"),
        ("（一）予以公开", "予以公开"),
        ("总计", "合计"),
        ("1.5", "15"),
        ("第十条", "第一十条"),
        ("结果维持", "结果纠正"),
        ("其他", "3.其他"),
    ],
)
def test_another_wording(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_official_labels_stay_apart() -> None:
    different = set(TEXTS)
    assert len({fold(text) for text in different}) == len(different)


@given(st.text("甲乙结果 12.．、，（）()“”'\"「」:：\u200b\u3000\n", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(" \n\t\u3000\u00a0\u200b\u2003")), max_size=5),
)
def test_white_space_anywhere_changes_nothing(text: str, spaces: list[tuple[int, str]]) -> None:
    spaced = text
    for at, space in spaces:
        spaced = spaced[:at] + space + spaced[at:]
    assert fold(spaced) == fold(text)


def test_texts_that_unfold_cost_no_more_than_others() -> None:
    fold("甲\ufdfa1234a\u0301\u0323")  # what each character folds to is worked out once
    plain = steps(lambda: fold("甲" * 400 + "1"))
    assert steps(lambda: fold("\ufdfa" * 400 + "2")) == plain > 0
    assert steps(lambda: fold("a\u0301\u0323" * 15_000 + "3")) <= plain
