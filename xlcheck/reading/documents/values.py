"""What a cell of a document holds, as the reader of a workbook would give it.

A document knows no numbers, only digits: plain ones are numbers. What stands beside them (a remark, another unit) is told,
and the number counts that is meant.
"""

from __future__ import annotations

import re
from decimal import Decimal

from xlcheck.model.form import Field
from xlcheck.model.labels import fold
from xlcheck.model.numbers import EXACT, exact
from xlcheck.model.submission import BLANK, Held, NoValue
from xlcheck.model.text import LONGEST_LINE, entered

_FIGURE = r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"
_PLAIN = re.compile(_FIGURE + r"\Z")
_REMARK = r"(?:\([^()]*\))?\Z"
_COUNTED = re.compile(_FIGURE + r"(?:件|条|份|次|个|宗|起|人|项|部|笔|户|名|件次|人次)?" + _REMARK)
_PAID = re.compile(_FIGURE + r"(?:万元(?:人民币)?)?" + _REMARK)
_IN_YUAN = re.compile(_FIGURE + r"元(?:人民币)?\Z")
_WIDE = str.maketrans("０１２３４５６７８９．，－＋（）", "0123456789.,-+()")
"""Not all that Unicode has: ``3²`` is not 32."""
_YUAN = re.compile(r"(?:单位[:：]?|[(])(?:人民币)?元(?:人民币)?\)?")
_MOST = 30
"""Digits of what is taken for a number; more are kept as they are written."""
_PER = Decimal(10_000)
"""元 in 万元."""


def held_by(field: Field, text: str, doubt: str = "", head: str = "") -> Held:
    """What a field holds.

    Args:
        field: says which kind of number, and in which unit.
        text: what its cell says.
        doubt: why nobody may rely on that; empty for no doubt.
        head: what its column head says, where the unit stands.
    """
    if doubt:
        return NoValue("doubtful", entered(text), why=entered(doubt))
    folded = "".join(text.translate(_WIDE).split())
    if not folded:
        return BLANK
    if len(folded) > LONGEST_LINE or _is_split(text):
        return text.strip()
    in_yuan = _counts_wan(field) and _YUAN.search(fold(head)) is not None and "万元" not in fold(head)
    if (match := _PLAIN.match(folded)) and len(folded) <= _MOST:
        return NoValue("noted", f"{folded}（表头单位为元）", gives=_wan(match[1])) if in_yuan else _number(match[1])
    if match := (_COUNTED if field.whole else _PAID).match(folded):
        return NoValue("noted", text.strip(), gives=_wan(match[1]) if in_yuan else exact(_decimal(match[1])))
    if _counts_wan(field) and (match := _IN_YUAN.match(folded)):
        return NoValue("noted", text.strip(), gives=_wan(match[1]))
    return text.strip()


def _is_split(text: str) -> bool:
    """Whether white space stands between digits, so that there may be two numbers."""
    return re.search(r"\d\s+\d", text.strip()) is not None


def _counts_wan(field: Field) -> bool:
    """Whether the form counts the field in 万元."""
    return field.kind == "amount" and any("万元" in label for label in field.labels)


def _decimal(figure: str) -> Decimal:
    return Decimal(figure.replace(",", ""))


def _wan(figure: str) -> str:
    return exact(EXACT.divide(_decimal(figure), _PER))


def _number(figure: str) -> int | float:
    number = _decimal(figure)
    if number == number.to_integral_value():
        return float(number) if abs(number) < 10**15 else int(number)
    return float(number)
