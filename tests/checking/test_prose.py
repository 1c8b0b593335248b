"""The text against the tables: told only where no meaning fits."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making import sentences
from tests.making.filling import clean_values, clean_workbook, form, submission_of, workbook
from xlcheck.checking import prose
from xlcheck.checking.verify import verify_submission
from xlcheck.model.finding import Finding
from xlcheck.model.numbers import Number
from xlcheck.model.submission import BLANK, Note, Submission

CLEAN = submission_of(clean_workbook())


def told(*text: str, of: Submission = CLEAN) -> list[Finding]:
    """What is said of a submission with this text, but for what is said without it."""
    found = verify_submission(of._replace(paragraphs=text)).findings
    return [one for one in found if one not in verify_submission(of).findings]


def codes(*text: str, of: Submission = CLEAN) -> list[str]:
    """The codes of the same."""
    return [one.code for one in told(*text, of=of)]


def changed(**values: int | float) -> Submission:
    """A submission with other numbers; ``__`` stands for the dots of their keys."""
    return submission_of(workbook(clean_values(**values)))


TWO_MEANINGS = changed(
    requests__carried_in__person=2,
    requests__carried_in__total=2,
    requests__carried_out__person=2,
    requests__carried_out__total=2,
)
"""6 received and 2 carried in; 6 handled and 2 carried out."""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("收到政府信息公开申请6件。", []),
        ("收到政府信息公开申请8件。", []),
        ("收到政府信息公开申请7件。", ["N101"]),
        ("新收政府信息公开申请8件。", ["N101"]),
        ("新收政府信息公开申请6件。", []),
        ("办结政府信息公开申请4件。", []),
        ("办结政府信息公开申请8件。", ["N101"]),
        ("办理政府信息公开申请8件。", []),
        ("未收到政府信息公开申请。", ["N101"]),
        ("收到政府信息公开申请6件，结转下年度办理1件。", ["N101"]),
    ],
)
def test_it_is_told_where_no_meaning_fits(sentence: str, expected: list[str]) -> None:
    assert codes(sentence, of=TWO_MEANINGS) == expected


def test_a_text_without_numbers_says_nothing() -> None:
    assert codes("认真做好政府信息公开工作。", "一、总体情况") == []


def test_what_is_told() -> None:
    (one,) = told("", "全年共收到政府信息公开申请 9 件，均已答复。")
    assert (one.code, one.severity, one.expected, one.actual) == ("N101", "warning", "6", "9")
    assert one.message == (
        "正文第 2 段写“全年共收到政府信息公开申请9件，均已答复”；表中“一、本年新收政府信息公开申请数量／总计”为 6，"
        "“二、上年结转政府信息公开申请数量／总计”为 0，与正文的 9 不一致。"
        "请核对原始登记：正文写错的改正文，表格填错的改表格；统计口径不同的，请写明情况"
    )
    assert one.fields == ("requests.received.total", "requests.carried_in.total")
    assert one.places == tuple(CLEAN.places[key] for key in one.fields)


def test_a_group_is_named_by_the_head_that_its_fields_share() -> None:
    (one,) = told("办结政府信息公开申请6件，无法提供3件。")
    assert "表中“三、本年度办理结果 （四）无法提供／总计”为 2" in one.message
    assert len(one.fields) == 3


def quoted(sentence: str) -> list[str]:
    """What is quoted of a sentence in what is told of it."""
    return [one.message.partition("写“")[2].partition("”；表中")[0] for one in told(sentence)]


def test_a_long_sentence_is_quoted_in_part() -> None:
    talk = "我局高度重视" * 30
    assert quoted(f"收到政府信息公开申请9件，{talk}") == ["收到政府信息公开申请9件…"]
    assert quoted(f"{talk}，收到政府信息公开申请９ 件") == ["…收到政府信息公开申请９件"]
    assert quoted(f"{talk}，收到信息公开申请6件，自然人、法人分别提出5件、 7 件。") == [
        "…收到信息公开申请6件，自然人、法人分别提出5件…",
        "…收到信息公开申请6件，自然人、法人分别提出5件、7件",
    ]


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("办结政府信息公开申请6件，予以公开4件。", "N102"),
        ("因政府信息公开引发行政复议1件。", "N103"),
        ("制发行政规范性文件2件。", "N104"),
        ("现行有效规章2件。", "N104"),
        ("办结政府信息公开申请6件，不予处理3件，占40%。", "N105"),
        ("收取行政事业性收费125万元。", "N106"),
        ("作出行政许可决定3件。", "N106"),
    ],
)
def test_each_kind_of_fact_has_its_rule(sentence: str, code: str) -> None:
    assert codes(sentence) == [code]


@pytest.mark.parametrize("share", ["16.7", "16.67", "17", "16.6", "16"])
def test_a_share_fits_as_it_is_rounded(share: str) -> None:
    assert codes(f"办结政府信息公开申请6件，予以公开1件，占{share}%。") == []


@pytest.mark.parametrize("amount", ["12.5万元", "125000元", "13万元", "12万元"])
def test_an_amount_fits_as_it_is_rounded(amount: str) -> None:
    assert codes(f"收取行政事业性收费{amount}。") == []


@pytest.mark.parametrize("held", [BLANK, "见附件", -3.0, 2.5])
def test_what_the_table_does_not_say_is_not_compared(held: object) -> None:
    key = "requests.carried_in.total"
    spoilt = CLEAN._replace(held={**CLEAN.held, key: held})  # type: ignore[dict-item]
    assert "N101" not in codes("收到政府信息公开申请9件。", of=spoilt)
    assert "N102" in codes("办结政府信息公开申请6件，予以公开4件。", of=spoilt)


def test_a_fact_that_the_form_does_not_hold_is_not_compared() -> None:
    facts = {fact: keys for fact, keys in form().facts.items() if fact != "carried_in"}
    without = CLEAN._replace(form=form()._replace(facts=facts))
    sentence = "收到政府信息公开申请9件，办结9件，予以公开4件。"
    assert codes(sentence, of=without) == ["N102"]
    assert codes(sentence, of=CLEAN._replace(form=form()._replace(facts={}))) == []


def test_the_same_is_told_once() -> None:
    assert codes("收到政府信息公开申请9件。", "今年收到政府信息公开申请9件。", "收到政府信息公开申请8件。") == [
        "N101",
        "N101",
    ]


def test_a_text_that_belongs_to_other_tables_is_not_told_line_by_line() -> None:
    text = [f"收到政府信息公开申请{number}件。" for number in range(10, 200)]
    assert len(told(*text)) == prose._MOST_TOLD


def test_a_warning_can_be_explained() -> None:
    explained = CLEAN._replace(notes=(Note("N101", "正文含电话咨询"),))
    (one,) = told("收到政府信息公开申请9件。", of=explained)
    assert one.explanation == "正文含电话咨询"
    assert verify_submission(explained._replace(paragraphs=("收到政府信息公开申请9件。",))).passed


def test_nothing_is_compared_where_no_table_was_found() -> None:
    assert codes("收到政府信息公开申请9件。", of=CLEAN._replace(held={}, places={})) == []


# --- whatever a text says --------------------------------------------------------------------------------------------


def findings_of(values: dict[str, Number], *text: str) -> list[Finding]:
    """What is said of a text beside tables that hold these values."""
    return prose.prose_findings(CLEAN._replace(paragraphs=text), values)


def mixed(said: list[str], random: Random) -> list[str]:
    """Paragraphs of these sentences in their order, with others between them."""
    told = [
        one
        for sentence in said
        for one in (sentence, sentences.aside(random))
        if random.random() < 0.7 or one == sentence
    ]
    cuts = sorted(random.sample(range(len(told) + 1), min(3, len(told))))
    parts = [told[low:high] for low, high in pairwise([0, *cuts, len(told)])]
    return ["。".join(part) + "。" for part in parts if part]


RANDOMS = st.integers(0, 2**32).map(Random)


@given(RANDOMS, st.sampled_from([3, 40, 900]))
def test_a_text_that_says_what_the_tables_hold_is_never_told(random: Random, most: int) -> None:
    values = sentences.table_of(random, most)
    said = [sentences.written(one, values, random) for one in random.choices(sentences.STATING, k=4)]
    assert [one.message for one in findings_of(values, *mixed(said, random))] == []


PLACES = [(sentence, fact) for sentence in sentences.STATING for fact in sentences.facts_of(sentence)]


@given(RANDOMS, st.sampled_from(PLACES), st.sampled_from([3, 40, 900]), st.integers(1, 10_000))
def test_one_number_that_is_changed_is_told_of_its_own_fields_or_not_at_all(
    random: Random, place: tuple[str, str], most: int, step: int
) -> None:
    sentence, fact = place
    values = sentences.table_of(random, most)
    wrong = (fact, sentences.held(values, fact) + step)
    said = [sentences.written(one, values, random) for one in random.choices(sentences.STATING, k=2)]
    found = findings_of(values, *mixed([sentences.written(sentence, values, random, wrong), *said], random))
    assert len(found) <= 1
    assert all(sentences.keys_of(fact) <= set(one.fields) and one.actual == str(wrong[1]) for one in found)


def test_a_number_that_nothing_can_explain_is_told() -> None:
    random = Random(7)
    values = sentences.table_of(random, 9)
    wrong = [sentences.written(sentence, values, random, (fact, 123_456)) for sentence, fact in PLACES]
    assert [one for one in wrong if [found.actual for found in findings_of(values, one)] != ["123456"]] == []
