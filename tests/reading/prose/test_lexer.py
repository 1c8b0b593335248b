"""A sentence as tokens."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.forms.vocabulary import vocabulary
from xlcheck.reading.prose import lexer
from xlcheck.reading.prose.lexer import Token, tokens
from xlcheck.reading.prose.subject import Subject, subject

ABOUT = subject([], "某某市水利局", 2024)


def said(text: str) -> list[str]:
    """The words with their kinds."""
    return [f"{token.kind} {token.text}" for token in tokens(text, ABOUT)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("已按照相关要求进行书面答复", ["H 书面答复"]),
        ("我局办理申请", ["@ 我局", "h 办理", "q 申请"]),
        ("办结申请12件", ["D 办结", "q 申请", "N 12件"]),
        ("占办结申请总数的5%", ["% 占", "D 办结", "z 申请总数的", "P 5%"]),
        ("按照《依申请公开2件事办法》收到", ["R 收到"]),
        ("因本机关不掌握、没有现成信息等原因无法提供", ["G 无法提供"]),
    ],
)
def test_words_are_parted_so_that_least_is_unknown(text: str, expected: list[str]) -> None:
    assert said(text) == expected


WORDS = sorted(vocabulary().kinds)


@given(st.lists(st.sampled_from([*WORDS, "12件", "甲", "，"]), max_size=12))
def test_tokens_stand_one_behind_the_other(words: list[str]) -> None:
    text = "".join(words)
    found = tokens(text, ABOUT)
    assert all(text[token.at : token.end] == token.text for token in found)
    assert all(one.end <= other.at for one, other in pairwise(found))


@pytest.mark.parametrize(
    "piece", ["收到", "1", "《", "以", "因公开", "申请公开", "某某市水利局", "我局办公室", "自2024年"]
)
def test_every_place_of_a_sentence_is_looked_at_once(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    choices = lexer._choices

    def counted(text: str, at: int, about: Subject) -> list[Token]:
        looked.append(at)
        return choices(text, at, about)

    monkeypatch.setattr(lexer, "_choices", counted)
    text = (piece * 500)[:900]
    tokens(text, ABOUT)
    assert sorted(looked) == list(range(min(looked), len(text)))
