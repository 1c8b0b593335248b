"""The words of the text: lists that can be trusted."""

from __future__ import annotations

import re
import unicodedata

from xlcheck.forms.facts import APPLICANT_GROUPS, DECISION_FACTS, DISPUTE_FACTS, DOCUMENT_FACTS, RESULT_FACTS
from xlcheck.forms.vocabulary import (
    ANYBODY,
    CITIZENS,
    DISCLOSED,
    FACT_KINDS,
    PROSE_WORDS,
    WORD_KINDS,
    prose_lists,
    vocabulary,
)

LISTS = prose_lists()


def test_every_list_has_its_kind() -> None:
    assert set(LISTS) == {*FACT_KINDS, "kinds"}
    assert set(LISTS["kinds"]) == set(WORD_KINDS)


def test_words_name_facts_that_there_are() -> None:
    assert set(LISTS["applicants"]) == {*APPLICANT_GROUPS, ANYBODY, CITIZENS}
    assert set(LISTS["results"]) == {*RESULT_FACTS, DISCLOSED}
    assert {f"review.{state}" for state in LISTS["outcomes"]} < set(DISPUTE_FACTS)
    assert {f"{kind}.issued" for kind in LISTS["documents"]} < set(DOCUMENT_FACTS)
    assert set(LISTS["decisions"]) == set(DECISION_FACTS)


def test_no_word_stands_on_two_lists() -> None:
    words = [word for lists in LISTS.values() for text in lists.values() for word in text.split()]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_words_are_spelt_as_sentences_are_read() -> None:
    for word in vocabulary().kinds:
        assert unicodedata.normalize("NFKC", word) == word
        assert not re.search(r"[0-9%]", word), word


def test_lengths_are_those_of_the_words() -> None:
    words = vocabulary()
    assert all(len(word) in words.lengths[word[0]] for word in words.kinds)
    assert all(list(lengths) == sorted(lengths, reverse=True) for lengths in words.lengths.values())


def test_what_is_kept_ready_is_what_is_written() -> None:
    text = PROSE_WORDS.read_text(encoding="utf-8")
    from xlcheck.forms import toml

    assert toml.loads(text) == LISTS
