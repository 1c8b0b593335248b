"""A sentence as tokens: words, numbers and marks, each with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcheck.forms.vocabulary import vocabulary
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.prose.spelling import LONGEST_SENTENCE, Quantity, quantity
from xlcheck.reading.prose.subject import Subject
from xlcheck.reading.prose.times import time_at


class Token(NamedTuple):
    """A word, a number or a mark of a plain sentence."""

    kind: str
    """One letter: see :mod:`.grammar`."""
    text: str
    at: int
    """Where it begins in the sentence."""
    quantity: Quantity | None = None

    @property
    def fact(self) -> str:
        """The fact, or part of one, that it names; empty where it names none."""
        return vocabulary().facts.get(self.text, "")

    @property
    def end(self) -> int:
        """Where it ends in the sentence."""
        return self.at + len(self.text)


MARKS = ",;:()、"
"""What parts clauses, besides the sentence's end."""
_QUIET = ".·“”\"'‘’《》<>〈〉【】[]—-~*#_"
"""Marks that say nothing."""
_TORN = re.compile(r"[\d\ufffd.,]*[\d\ufffd]")
"""A number that nobody can read."""
_SHARE = 4
"""Characters of the longest word of a share: the whole that it is taken of is named right behind it."""
_OFFICE = r"(?:街道|办事处|学校|办公室|管委会|委员会|开发区|中心|单位|行政机关|机关|部门|政府|[镇乡局委办厅室院所站队处部会街校])"
_OWN = (
    re.compile(r"全(?:[乡镇局校]|街道)"),
    *(re.compile(rf"[我本](?:[省市区县旗州盟](?=[镇乡街局委办厅政]))?{_OFFICE * parts}") for parts in (1, 2, 3)),
)
"""What an office calls itself: 我局, 本街道办事处, 我镇政府办公室."""
_NAME = re.compile(r"[\u4e00-\u9fff]{2,24}")
_NAME_ENDS = "局委办室厅镇乡道处府会院所队部心站校"
_ALL_WAYS = re.compile(
    r"(?:通过|以)(?:[^,;:()]{2,30}等(?:多种|各种|各类|多个|不同)?|各类|各种|多种)(?:公开|申请)?(?:渠道|方式|途径|形式)"
    r"(?=(?:共|总共|累计|总计|合计)?(?:计)?[收受接])"
)
"""All ways in which requests came, with a number for all of them."""
_IN_NAME_OF = re.compile(r"以[^,;:()\d]{2,20}名义")
"""Whose numbers they are, where an office answers for another."""
_TITLE = re.compile(r"《[^《》]{1,80}》")
"""A document's name: its words are not the sentence's."""
_REASONS = re.compile(r"(?:因|由于)[^,;:()\d]{2,30}?等(?:多种|各种)?(?:原因|理由|情[形况](?=[不无部]))")
"""Some of the reasons of a result, which is named behind them."""
_PHRASES = (("以", _IN_NAME_OF, "s"), ("通以", _ALL_WAYS, ""), ("因由", _REASONS, ""), ("《", _TITLE, ""))
"""Phrases by what they begin with, each with its kind."""
_PIECES = re.compile(
    r"(?:依法?申请|申请|请求|政府|政务|信息|公开|有关|相关|获取|事项|信件|案件|来件|办件|件|书|表|函|类|的|依){2,16}"
)
_ASKING = re.compile(r"申请|请求")
_MARKER = re.compile(
    r"\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)|[一二三四五六七八九十]{1,2}(?:是|、)|第[一二三四五六]、?|\d{1,2}[.、](?!\d)"
)


def tokens(text: str, subject: Subject) -> list[Token]:
    """The tokens of a plain sentence, without the words that change nothing.

    Of all ways to part it into words the one counts that leaves the fewest characters unknown, then the one of the
    fewest words.

    Args:
        text: the sentence, as :func:`.spelling.squeezed` gives it.
        subject: whose report it is.
    """
    found: list[Token] = []
    for token in _parted(text, subject):
        if token.kind == "?" and found and found[-1].kind == "?" and found[-1].end == token.at:
            found[-1] = found[-1]._replace(text=found[-1].text + token.text)
        elif token.kind:
            found.append(token)
    return found


def _parted(text: str, subject: Subject) -> Iterator[Token]:
    first, best = _begin(text), list[Token]()
    costs = [0] * (len(text) + 1)
    for at in range(len(text) - 1, first - 1, -1):
        token = min(_choices(text, at, subject), key=lambda token: _cost(token) + costs[token.end])
        costs[at] = _cost(token) + costs[token.end]
        best.append(token)
    at = first
    while at < len(text):
        token = best[len(text) - 1 - at]
        yield token
        at = token.end


def _begin(text: str) -> int:
    """Where a sentence begins behind the number of its paragraph."""
    marker = _MARKER.match(text)
    return len(marker[0]) if marker else 0


def _cost(token: Token) -> int:
    return 1 + (LONGEST_SENTENCE * len(token.text) if token.kind == "?" else 0)


def _choices(text: str, at: int, subject: Subject) -> list[Token]:
    """What may stand at a place, the longest first; a mark, a time and a number leave no choice."""
    char = text[at]
    if char in MARKS:
        if char in ",;:、" and (marker := _MARKER.match(text, at + 1)):
            return [Token(char, text[at : marker.end()], at)]
        return [Token(char, char, at)]
    for begins, phrase, kind in _PHRASES:
        if char in begins and (said := phrase.match(text, at)):
            return [Token(kind, said[0], at)]
    if char in _QUIET:
        return [Token("", char, at)]
    if time := time_at(text, at, subject.year):
        return [Token(time.kind, text[at : at + time.length], at)]
    if number := _number(text, at):
        return [number]
    found = [*_whose(text, at, subject), *_request(text, at), *_words(text, at)]
    return [*sorted(found, key=lambda token: -len(token.text)), Token("?", char, at)]


def _number(text: str, at: int) -> Token | None:
    told = quantity(text, at)
    if told is None:
        # Not even a part of what cannot be read is a number.
        torn = _TORN.match(text, at)
        return Token("?", torn[0], at) if torn else None
    counted = "n" if told.digits else "N"
    kind = {"": "n", "%": "P", "万元": "m"}.get(told.unit, counted)
    return Token(kind if told.sure else "n", text[at : at + told.length], at, told)


def _words(text: str, at: int) -> Iterator[Token]:
    words = vocabulary()
    for length in words.lengths.get(text[at], ()):
        kind = words.kinds.get(text[at : at + length])
        if kind is not None and (kind != "z" or "占" in text[max(at - _SHARE, 0) : at]):
            yield Token(kind, text[at : at + length], at)


def _request(text: str, at: int) -> Iterator[Token]:
    """A request for information, however its name is put together: 依申请公开政府信息申请, 政府信息公开申请件, …"""
    found = _PIECES.match(text, at)
    name = found[0] if found else ""
    if text.startswith("人", at + len(name)):
        name = name.removesuffix("申请")
    if "公开" in name and _ASKING.search(name):
        yield Token("Q", name, at)


def _whose(text: str, at: int, subject: Subject) -> Iterator[Token]:
    """The unit itself: 我局, 本机关, or its own name, whole or shortened."""
    for own in _OWN if text[at] in "我本全" else ():
        if called := own.match(text, at):
            yield Token("@", called[0], at)
    name = _NAME.match(text, at)
    for length in range(len(name[0]) if name else 0, 1, -1):
        if text[at + length - 1] in _NAME_ENDS and subject.named(text[at : at + length]):
            yield Token("@", text[at : at + length], at)
            return
