"""A sentence as tokens: the longest words first, each with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xlcheck.forms.vocabulary import vocabulary
from xlcheck.reading.prose.spelling import Quantity, quantity
from xlcheck.reading.prose.subject import Subject


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


_OWN = re.compile(
    r"[我本](?:[省市区县旗州盟](?=[镇乡街局委办厅政]))?"
    r"(?:街道|办事处|办公室|管委会|委员会|开发区|中心|单位|机关|部门|政府|[镇乡局委办厅室院所站队处部会街]){1,3}"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,24}")
_NAME_ENDS = "局委办室厅镇乡道处府会院所队部心站"
_SPAN = re.compile(
    r"(?:自|从)?(20\d\d)年1月(?:1日)?(?:起|以来)?(?:至|到|-|—|~)+(?:\1年)?(?:12月(?:31日)?|年?底)(?:底|止|期间)?"
    r"|(?:截至|截止到?|至)(?:(20\d\d)年)?(?:12月(?:31日|底)|年?底)(?:止)?"
)
_DATED = re.compile(r"(20\d\d)年(?:度|全年)?")
_PART = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:月份?|季度|日)|[上下]半年|[前后][一二三四五六七八九十\d]{1,2}个?(?:月|季度)"
)
_TIMELY = frozenset("0123456789一二三四五六七八九十自从截至上下前后结转顺递")
"""What a time begins with."""
_OUT = re.compile(r"(?:结转|转结|顺延|转入|递延|转)(?:至|到|入|于)?(20\d\d)年(?:度)?(?:继续|办理|处理|答复)*")
_IN = re.compile(
    r"(?:结转|转结|转入)(?:自)?(20\d\d)年(?:度)?"
    r"|(?:从)?(20\d\d)年(?:度)?(?:结转|转结|转入)(?:(?:至|到|入)?(?:20\d\d年(?:度)?|本年(?:度)?))?(?:办理|办结|申请)?"
)
_ALL_WAYS = re.compile(
    r"(?:通过|以)[^,;:()]{2,30}等(?:多种|各种|各类|多个|不同)?(?:渠道|方式|途径|形式)(?=(?:共|总共|累计|总计|合计)(?:计)?[收受接])"
)
"""All ways in which requests came, with a number for all of them."""
_PIECES = re.compile(
    r"(?:依法?申请|申请|请求|政府|政务|信息|公开|有关|相关|获取|事项|信件|案件|来件|办件|件|书|表|函|类|的|依){2,16}"
)
_ASKING = re.compile(r"申请|请求")
_MARKER = re.compile(
    r"\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)|[一二三四五六七八九十]{1,2}(?:是|、)|第[一二三四五六]、?|\d{1,2}[.、](?!\d)"
)


def tokens(text: str, subject: Subject) -> list[Token]:
    """The tokens of a plain sentence, without the words that change nothing.

    Args:
        text: the sentence, as :func:`.spelling.squeezed` gives it.
        subject: whose report it is.
    """
    found: list[Token] = []
    for token in _all(text, subject):
        if token.kind == "?" and found and found[-1].kind == "?" and found[-1].end == token.at:
            found[-1] = found[-1]._replace(text=found[-1].text + token.text)
        elif token.kind:
            found.append(token)
    return found


def _all(text: str, subject: Subject) -> Iterator[Token]:
    marker = _MARKER.match(text)
    at = len(marker[0]) if marker else 0
    while at < len(text):
        token = _next(text, at, subject)
        yield token
        at = token.end


def _next(text: str, at: int, subject: Subject) -> Token:
    char = text[at]
    if char in MARKS:
        if char in ",;:、" and (marker := _MARKER.match(text, at + 1)):
            return Token(char, text[at : marker.end()], at)
        return Token(char, char, at)
    if char in _QUIET:
        return Token("", char, at)
    if char in "通以" and (ways := _ALL_WAYS.match(text, at)):
        return Token("", ways[0], at)
    return (
        _time(text, at, subject)
        or _number(text, at)
        or max(_whose(text, at, subject), _word(text, at), _request(text, at), key=lambda token: len(token.text))
    )


def _time(text: str, at: int, subject: Subject) -> Token | None:
    """A year or a date: this year's is no news, another's makes a number another's, and 结转 says which way it goes."""
    if text[at] not in _TIMELY:
        return None
    for pattern, kind, off in ((_OUT, "O", 1), (_IN, "C", -1), (_SPAN, "", 0), (_DATED, "", 0)):
        if found := pattern.match(text, at):
            years = [int(year) for year in found.groups() if year]
            same = not years or (subject.year is not None and years == [subject.year + off])
            return Token(kind if same else "d", found[0], at)
    found = _PART.match(text, at)
    return Token("d", found[0], at) if found else None


def _number(text: str, at: int) -> Token | None:
    told = quantity(text, at)
    if told is None:
        # Not even a part of what cannot be read is a number.
        torn = re.compile(r"[\d\ufffd.,]*[\d\ufffd]").match(text, at)
        return Token("?", torn[0], at) if torn else None
    counted = "n" if told.digits else "N"
    kind = {"": "n", "%": "P", "万元": "m"}.get(told.unit, counted)
    return Token(kind if told.sure else "n", text[at : at + told.length], at, told)


def _word(text: str, at: int) -> Token:
    words = vocabulary()
    for length in words.lengths.get(text[at], ()):
        kind = words.kinds.get(text[at : at + length])
        if kind is not None:
            return Token(kind, text[at : at + length], at)
    return Token("?", text[at], at)


def _request(text: str, at: int) -> Token:
    """A request for information, however its name is put together: 依申请公开政府信息申请, 政府信息公开申请件, …"""
    found = _PIECES.match(text, at)
    name = found[0] if found else ""
    if text.startswith("人", at + len(name)):
        name = name.removesuffix("申请")
    named = "公开" in name and _ASKING.search(name)
    return Token("Q", name, at) if named else Token("", "", at)


def _whose(text: str, at: int, subject: Subject) -> Token:
    """The unit itself: 我局, 本机关, or its own name, whole or shortened."""
    if own := _OWN.match(text, at):
        return Token("@", own[0], at)
    name = _NAME.match(text, at)
    for length in range(len(name[0]) if name else 0, 1, -1):
        if text[at + length - 1] in _NAME_ENDS and subject.named(text[at : at + length]):
            return Token("@", text[at : at + length], at)
    return Token("", "", at)
