"""Lines that were broken within a sentence."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.reading.prose.flow import LONGEST_PARAGRAPH, flowing


def flowed(*paragraphs: str) -> list[tuple[int, str]]:
    """The paragraphs with their numbers, ends of lines as ``/``."""
    return [(number, text.replace("\n", "/")) for number, text in flowing(paragraphs)]


@pytest.mark.parametrize(
    "line", ["12件，均已答复。", "１２件。", "，均已答复。", "）12件", "件，均已答复", "3,204件。", "％；不予公开2件"]
)
def test_no_paragraph_begins_like_this(line: str) -> None:
    assert flowed("全年共收到申请", line) == [(0, f"全年共收到申请/{line}")]


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("全年共收到申请。", "12件均已答复。"),
        ("（二）依申请公开情况", "12件申请均已答复。"),
        ("（二）依申请公开", "12件申请均已答复。"),
        ("某某局2024年政府信息公开工作年度报告", "2024 年，我局收到申请3件"),
        ("某某局2024年政府信息公开工作年度报告", "2024全年收到申请3件"),
        ("一、总体情况", "1.主动公开"),
        ("一、总体情况", "（一）主动公开"),
        ("全年共收到申请", "办结12件"),
        ("其中：", "12件予以公开"),
    ],
)
def test_what_begins_anew(before: str, line: str) -> None:
    assert flowed(before, line) == [(0, before), (1, line)]


@pytest.mark.parametrize("page", ["3", "- 3 -", "— 3 —", "第 3 页", "第3页 共12页", "３"])
def test_a_page_number_parts_no_sentence(page: str) -> None:
    assert flowed("全年共收到申请", page, "12件。", page, "3件申请均已答复。") == [
        (0, "全年共收到申请/12件。"),
        (4, "3件申请均已答复。"),
    ]


SENTENCES = [
    "（一）主动公开情况",
    "全年通过门户网站主动公开政府信息，及时回应社会关切，不断提高政府工作的透明度，切实保障人民群众的知情权、参与权和监督权。",
    "（二）依申请公开情况",
    "全年共收到政府信息公开申请，严格按照规定的程序和时限办理，依法保障申请人获取政府信息的权利，全部按时作出了书面的答复。",
    "（三）监督保障情况",
    "明确专人负责政府信息公开工作，定期开展业务培训和自查自纠，未发生因政府信息公开工作引起的行政复议和行政诉讼。",
] * 3


@given(st.integers(15, 40))
def test_text_wrapped_at_any_width_reads_as_it_was_written(width: int) -> None:
    wrapped = [line for text in SENTENCES for line in textwrap.wrap(text, width)]
    assert [text.replace("/", "") for _, text in flowed(*wrapped)] == SENTENCES


def test_lines_of_a_paragraph_are_lines() -> None:
    assert flowed("一、总体情况\n全年收到申请\n12件。", "二") == [
        (0, "一、总体情况"),
        (0, "全年收到申请/12件。"),
        (1, "二"),
    ]


def test_what_is_too_long_is_left_out() -> None:
    assert flowed("甲" * LONGEST_PARAGRAPH + "。", "乙。") == [(1, "乙。")]
    assert flowed(*["1"] * (LONGEST_PARAGRAPH // 2 + 2)) == []
