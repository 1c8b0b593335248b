"""Several things and their numbers in one breath."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reading.prose.test_read import stated

NAMES = {
    "予以公开": "granted",
    "部分公开": "partly_granted",
    "不予公开": "refused",
    "无法提供": "unavailable",
    "不予处理": "declined",
    "其他处理": "other_results",
}


@given(
    st.lists(st.sampled_from(sorted(NAMES)), min_size=2, max_size=6, unique=True),
    st.sampled_from(["分别为", "分别是", "分别", "分别有"]),
    st.data(),
)
def test_each_name_has_its_own_number(names: list[str], each: str, data: st.DataObject) -> None:
    numbers = [data.draw(st.integers(0, 9_999)) for _ in names]
    listed = "、".join(names[:-1]) + data.draw(st.sampled_from("、和")) + names[-1]
    counts = (
        "、".join(f"{number}件" for number in numbers[:-1]) + data.draw(st.sampled_from("、和")) + f"{numbers[-1]}件"
    )
    said = [(NAMES[name], str(number)) for name, number in zip(names, numbers, strict=True)]
    assert stated(f"信息公开申请中，{listed}{each}{counts}") == said
    assert stated(f"信息公开申请中，{listed}{each}{counts}、1件") == []
    assert stated(f"信息公开申请中，{listed}、拒收{each}{counts}、1件") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("收到信息公开申请15件，自然人、法人分别提出12件、3件", ["received 15", "received.person 12", "received.organisations 3"]),
        ("全年收到、办结信息公开申请分别为12件、11件", ["received 12", "handled 11"]),
        ("因信息公开引起的行政复议、行政诉讼分别为2件、1件", ["review.total 2", "suits.total 1"]),
        ("政府信息公开行政诉讼3件，分别为未经复议直接起诉2件、复议后起诉1件", ["suits.total 3", "suit_direct.total 2", "suit_after_review.total 1"]),
        ("办结信息公开申请12件，自然人、法人分别答复9件、3件", ["handled 12"]),
    ],
)  # fmt: skip
def test_words_that_are_said_of_all(sentence: str, expected: list[str]) -> None:
    assert [" ".join(one) for one in stated(sentence)] == expected
