"""The official labels as documents word them: numbered otherwise, with a remark or a year, and still unmistakable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from xlcheck.model.labels import fold_label

_NUMBERING = re.compile(
    r"\([一二三四五六七八九十]{1,3}\)[、.,:]?|[一二三四五六七八九十]{1,3}[、.,:]|\(?\d{1,2}(?:[).、,:]+|(?=[^\W\d]))"
)
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|\([^()]*\Z")
_MARKS = re.compile(r"[\W_]+")
_LONGEST = 200
"""No label is longer, with any remark."""
_SHORTEST = 4
"""Characters of a wording that is part of another one and still says which."""
_MORE = 8
"""Characters that a label may have besides the official ones."""
_ALIKE = 0.8
"""Of two wordings with a letter wrong or missing (the ratio of difflib)."""
_APART = 0.12
"""How much less alike all other labels must be."""
_WORDY = 6
"""Characters of a label that a wrong letter is forgiven in."""


def worded(text: str) -> str:
    """A wording without white space, quotes and marks, its numbering included: ``1、属于国家秘密`` → ``1属于国家秘密``."""
    return _MARKS.sub("", fold_label(text))


def core(text: str) -> str:
    """What a wording says, without its numbering and its remarks: ``（二）部分公开（区分处理的…）`` → ``部分公开``."""
    folded = fold_label(text)
    bare = _NUMBERING.sub("", folded, count=1) if _NUMBERING.match(folded) else folded
    said = _MARKS.sub("", _REMARK.sub("", bare)) or _MARKS.sub("", folded)
    return "总计" if said == "合计" else said


class Wording:
    """Some official labels, told apart however a document words them."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._labels = tuple(dict.fromkeys(labels))
        self._exact = {fold_label(label): label for label in self._labels}
        self._cores: dict[str, list[str]] = {}
        for label in self._labels:
            self._cores.setdefault(core(label), []).append(label)
        self._known: dict[str, str | None] = {}
        self._held: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        """Whether these words are one of the labels, whichever."""
        if text not in self._held:
            self._held[text] = len(text) <= _LONGEST and (fold_label(text) in self._exact or core(text) in self._cores)
        return self._held[text]

    def official(self, text: str) -> str | None:
        """The label that these words are, numbering and remarks aside; None for none of them."""
        folded = fold_label(text)
        if folded in self._exact:
            return self._exact[folded]
        alike = self._cores.get(core(text), ())
        if len(alike) > 1:
            alike = [label for label in alike if worded(label) == worded(text)]
        return alike[0] if len(alike) == 1 else None

    def read(self, text: str) -> str | None:
        """The one label that these words can be, shortened, added to or misspelt; None where there is none, or several."""
        if len(text) > _LONGEST or not text.strip():
            return None
        if text not in self._known:
            self._known[text] = self.official(text) or self._partly(core(text)) or self._nearly(core(text))
        return self._known[text]

    def _partly(self, said: str) -> str | None:
        """The label that the words are a part of, or that is a part of the words."""
        if len(said) < _SHORTEST:
            return None
        found = [labels for of, labels in self._cores.items() if _is_part(said, of)]
        return found[0][0] if len(found) == 1 and len(found[0]) == 1 else None

    def _nearly(self, said: str) -> str | None:
        """The label that is nearly so worded, where no other is."""
        if len(said) < _WORDY:
            return None
        ranked = sorted(
            ((SequenceMatcher(None, said, of, autojunk=False).ratio(), of) for of in self._cores), reverse=True
        )
        if not ranked or ranked[0][0] < _ALIKE or len(self._cores[ranked[0][1]]) > 1:
            return None
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        return self._cores[ranked[0][1]][0] if ranked[0][0] - second >= _APART else None


def _is_part(said: str, of: str) -> bool:
    if len(of) < _SHORTEST:
        return False
    short, long = sorted((said, of), key=len)
    if not long.startswith(short) and not long.endswith(short):
        return False
    return len(long) - len(short) <= _MORE if short == of else 2 * len(said) >= len(of)
