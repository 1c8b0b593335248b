"""The words by which a report's text is read, from ``prose.toml``: each with what it does, and the fact it names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from xlcheck.forms.ready import kept
from xlcheck.model.tuples import NamedTuple

PROSE_WORDS = Path(__file__).parent / "prose.toml"
"""The words that hold for every form."""

WORD_KINDS: Mapping[str, str] = {
    "request": "Q", "asked": "q", "disclosure": "b", "cause": "E", "received": "R", "accepted": "r",
    "newly_received": "e", "answered": "H", "finished": "D", "dealt_with": "h", "carried_in": "C", "carried_out": "O",
    "review": "V", "suit": "L", "suit_direct": "T", "suit_after_review": "A", "trouble": "U",
    "issued": "i", "repealed": "w", "in_force": "v", "among": "I", "besides": "l", "all": "J", "each": "j",
    "joined": "x", "none": "0", "share": "%", "whole": "z", "roughly": "~", "filler": "", "period": "o", "within": "k",
    "channel": "c", "unlisted": "y", "unfinished": "u", "other_times": "d", "compared": "B", "other_talk": "t", "published": "p", "other_units": "s",
}  # fmt: skip
"""The letter of each kind of words; :mod:`xlcheck.reading.prose.grammar` says what they stand for."""

FACT_KINDS: Mapping[str, str] = {"applicants": "M", "results": "G", "outcomes": "K", "documents": "Y", "decisions": "a"}
"""The letter of each list of words that name facts."""

ANYBODY, CITIZENS = "anybody", "citizens"
"""What words name that mean applicants of every group, and those that mean people, or everybody."""

DISCLOSED = "disclosed"
"""What words name that mean a result only beside other results."""


class Vocabulary(NamedTuple):
    """The words of the text."""

    kinds: Mapping[str, str]
    """What each word does, as a letter; an empty text where it changes nothing."""
    facts: Mapping[str, str]
    """The fact, or part of one, that a word names."""
    lengths: Mapping[str, tuple[int, ...]]
    """How long the words are that begin with a character, the longest first."""


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of ``prose.toml``; of a word on two lists the first list counts."""
    lists = prose_lists()
    kinds: dict[str, str] = {}
    facts: dict[str, str] = {}
    for name, letter in FACT_KINDS.items():
        for fact, words in lists[name].items():
            for word in words.split():
                kinds.setdefault(word, letter)
                facts.setdefault(word, fact)
    for name, words in lists["kinds"].items():
        for word in words.split():
            kinds.setdefault(word, WORD_KINDS[name])
    lengths: dict[str, set[int]] = {}
    for word in kinds:
        lengths.setdefault(word[0], set()).add(len(word))
    return Vocabulary(kinds, facts, {char: tuple(sorted(some, reverse=True)) for char, some in lengths.items()})


def prose_lists() -> dict[str, dict[str, str]]:
    """The lists as they are written."""
    text = PROSE_WORDS.read_text(encoding="utf-8")
    lists: Any = kept(PROSE_WORDS.with_suffix(".json"), text)
    if lists is None:
        from xlcheck.forms import toml  # late: costly, and mostly the words are kept ready

        lists = toml.loads(text)
    found: dict[str, dict[str, str]] = lists
    return found
