"""How sentences and their numbers are spelt: blanks, full-width characters, separators, Chinese numerals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from xlcheck.model.tuples import NamedTuple

LONGEST_SENTENCE = 1_000
"""Characters; what is longer is no sentence that a person wrote, and is not read."""

_UNSURE = "\ufffd"
"""Stands where nobody can say whether two digits belong to one number."""

_DIGITS = {ord(char): str(number) for number, char in enumerate("０１２３４５６７８９")}
_GROUPED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:[ \u00a0\u3000]\d{3}){1,4}(?![ \u00a0\u3000]*\d)")
_TORN = re.compile(r"(?<=\d)(?:\s+|，|,(?!\d{3}(?!\d)))(?=\d)")


def sentences(paragraph: str) -> Iterator[str]:
    """The sentences of a paragraph; those that are too long are left out."""
    for sentence in re.split(r"[。！？!?]+", paragraph):
        if len(sentence) <= LONGEST_SENTENCE and sentence.strip():
            yield sentence.strip()


def squeezed(sentence: str) -> str:
    """A sentence without blanks, its digits and punctuation half-width.

    What stands between two digits and may or may not part two numbers becomes U+FFFD: no number is read beside it.
    """
    text = sentence.translate(_DIGITS)
    text = _GROUPED.sub(lambda found: re.sub(r"\s", "", found[0]), text)
    text = _TORN.sub(_UNSURE, text)
    return "".join(unicodedata.normalize("NFKC", text).split())


class Quantity(NamedTuple):
    """A number as it stands in a sentence."""

    number: Decimal
    unit: str
    """``件``, ``%``, ``万元`` and their like; empty for a bare number."""
    digits: int
    """How many digits stand behind the point; of amounts in 元, in 万元."""
    length: int
    """Characters that number and unit take."""
    sure: bool
    """Whether it is said exactly (not ``10 余件``)."""


_UNITS = r"件次?(?!套)|条(?!例)|起(?!诉|草)|宗|份(?!额)|例(?!如)|个(?!月|百|工作|小时|方面)|项(?!目)"
_ARABIC = re.compile(
    rf"(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(?![\d{_UNSURE}.])([余多几]?)"
    rf"(万元|亿元|元|%|{_UNITS}|万)?([余多]?)"
)
_CHINESE = re.compile(rf"([零〇一二两三四五六七八九十百千万]{{1,9}})([余多几]?)({_UNITS})([余多]?)")
_NOT_COUNTED = frozenset("第统同每任单逐某这那唯专哪几数多余")
"""What before a Chinese numeral makes it no count: 第一件, 统一, 同一件."""
_MONEY = {"元": -4, "万元": 0, "亿元": 4}


def quantity(text: str, at: int) -> Quantity | None:
    """The number that begins at `at` of a plain sentence; None where none does, or nobody can say which."""
    before = text[at - 1] if at else ""
    if before.isdigit():
        return None
    if found := _ARABIC.match(text, at):
        if before in (".", ",", _UNSURE) and at > 1 and not (before == "," and not text[at - 2].isdigit()):
            return None
        whole, fraction, about, unit, after = found.groups()
        number = Decimal(whole.replace(",", "") + (fraction or ""))
        return _told(number, len(fraction or ".") - 1, unit or "", found, not (about or after or unit == "万"))
    if before not in _NOT_COUNTED and (found := _CHINESE.match(text, at)):
        value = chinese_number(found[1])
        return None if value is None else _told(Decimal(value), 0, found[3], found, not (found[2] or found[4]))
    return None


def _told(number: Decimal, digits: int, unit: str, found: re.Match[str], sure: bool) -> Quantity:
    shift = _MONEY.get(unit)
    if shift is not None:
        number, digits, unit = number.scaleb(shift), digits - shift, "万元"
    return Quantity(number, unit, digits, len(found[0]), sure)


_ONES = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int | None:
    """``一百二十三`` → 123; None for what is no number in the usual spelling.

    >>> chinese_number("十二"), chinese_number("两千零五"), chinese_number("一百二"), chinese_number("二三")
    (12, 2005, None, None)
    """
    head, separator, tail = text.rpartition("万")
    if separator:
        if not head:
            return None
        high, low = chinese_number(head), chinese_number(tail.lstrip("零〇")) if tail else 0
        return None if high is None or low is None else high * 10_000 + low
    total, least, digit, gap = 0, 10_000, None, False
    for char in text:
        if char in _STEPS:
            step = _STEPS[char]
            if step >= least or digit == 0 or (digit is None and (total or step != 10)):
                return None
            total, least, digit, gap = total + (digit or 1) * step, step, None, False
        elif digit is not None:
            return None
        elif char in "零〇" and len(text) > 1:
            if gap or not total:
                return None
            gap = True
        else:
            digit = _ONES[char]
    if gap and digit is None:
        return None
    if digit is not None and total and not gap and least != 10:
        return None
    return total + (digit or 0)
