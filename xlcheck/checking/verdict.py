"""What one cell means, and what is wrong with it.

A cell's verdict is a number where it means one, and the codes of the rules it breaks. No float arithmetic: a stored
number is taken by its shortest text.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from decimal import Decimal

from xlcheck.forms.rules import fixed_rule
from xlcheck.model.form import FieldKind
from xlcheck.model.numbers import (
    DIGITS,
    FINEST,
    Number,
    is_nothing,
    magnitude,
    minus,
    multiple,
    rounded,
    significant_digits,
)
from xlcheck.model.submission import Held, NoValue
from xlcheck.model.tuples import NamedTuple

ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
"""Excel's error values."""

_WIDE = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BLANKS = _SPACES + _UNSEEN
"""All white space of the basic plane, and what takes no room; spelt out, since startup time counts."""
_NUMBER = r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\Z"
_LONGEST = 1_000
"""No number with its unit is longer; longer texts are not looked at, so that a stranger's novel costs nothing."""
_COUNT_UNITS = ("件次", "人次", "件", "条", "份", "次", "个", "宗", "起", "人", "项", "部", "笔", "户", "名")
_AMOUNT_UNITS = ("万元人民币", "万元")
_ROOMY = 10**9
"""Below it 15 digits hold six decimals, which is a fen in 万元."""
_CENT = Decimal("0.01")
"""What amounts of such a size are told to, at the most."""
_ULPS = 4
"""Steps from one stored number to the next that a sum of a few numbers is off by."""
_MANY = 32
"""Those of a sum of some sixty: each addition is off by half a step at the most."""


class Verdict(NamedTuple):
    """What a cell means."""

    value: Number | None
    """The number, or None where there is none."""
    codes: tuple[str, ...] = ()
    """The rules it breaks, the telling one first."""

    @property
    def is_sure(self) -> bool:
        """Whether the cell means its number beyond doubt, however it is kept."""
        rules = map(fixed_rule, self.codes)
        return self.value is not None and all(rule is not None and rule.mends for rule in rules)


VOID = Verdict(None, ("C101",))
"""The verdict on a blank cell, or one that holds nothing but white space."""


_WITHOUT: Mapping[str, Verdict] = {
    "blank": VOID,
    "unproved": Verdict(None),
    "error": Verdict(None, ("C106",)),
    "formula": Verdict(None, ("C110",)),
    "covered": Verdict(None, ("C111",)),
    "raised": Verdict(None, ("C103",)),
    "doubtful": Verdict(None, ("C112",)),
}
"""The verdicts on what stands in place of a value; that a place is not proved is said of the labels."""


def judge(kind: FieldKind, held: Held) -> Verdict:
    """The verdict on a cell of a field of `kind` that holds `held`."""
    if isinstance(held, NoValue):
        if held.gives:
            value, codes = _judge_number(kind, Decimal(held.gives))
            return Verdict(value, ("C104" if held.kind == "noted" else "C110", *codes))
        return _WITHOUT[held.kind]
    if isinstance(held, str):
        return _judge_text(kind, held)
    if isinstance(held, bool | datetime.date | datetime.time | datetime.timedelta):
        return Verdict(None, ("C107",))
    if not math.isfinite(held):
        return Verdict(None, ("C103",))
    return _judge_number(kind, _stored(kind, held))


def _stored(kind: FieldKind, held: float) -> Decimal:
    """The number that a stored one stands for: 7 for 6.999999999999999, and 0.3 for 0.30000000000000004.

    Spreadsheet programs show 15 digits, and nobody sees what their arithmetic left behind these. A number is taken for
    what it shows if that is one that may stand in the field; if not, it is judged as it is stored.
    """
    if is_nothing(held):
        return Decimal()
    exactly = Decimal(repr(held))
    if significant_digits(exactly) <= DIGITS:
        return exactly
    shown = rounded(exactly, DIGITS)
    if _is_noise(kind, held, shown):
        return shown
    return _summed(held, exactly) if kind == "amount" and abs(held) < _ROOMY else exactly


def _summed(held: float, exactly: Decimal) -> Decimal:
    """The amount to the fen that a sum of many came by; else the number as it is."""
    fen = exactly.quantize(FINEST)
    left = magnitude(minus(fen, Decimal(held)))
    return fen if left <= _MANY * Decimal(math.ulp(held)) and left < FINEST / 2 else exactly


def _is_noise(kind: FieldKind, held: float, shown: Decimal) -> bool:
    """Whether what a number has beyond 15 digits is below all that its field can hold, or left there by arithmetic."""
    if abs(held) < _ROOMY:
        return multiple(shown, FINEST if kind == "amount" else Decimal(1))
    # 15 digits have no room for a fen: more digits may well be meant.
    left = magnitude(minus(shown, Decimal(held)))
    return kind == "amount" and multiple(shown, _CENT) and left <= _ULPS * Decimal(math.ulp(held))


def _judge_text(kind: FieldKind, text: str) -> Verdict:
    bare = strip(text)
    if not bare:
        return VOID
    if len(bare) > _LONGEST:
        return Verdict(None, ("C103",))
    if bare.upper() in ERRORS:
        return Verdict(None, ("C106",))
    meant = meant_number(kind, bare)
    if meant is None:
        return Verdict(None, ("C103",))
    value, codes = _judge_number(kind, _shown(kind, meant))
    return Verdict(value, ("C104", *codes))


def _shown(kind: FieldKind, meant: Decimal) -> Decimal:
    """The number that a text of more than 15 digits stands for, as if it were stored: programs write 0.1 + 0.2 so."""
    if significant_digits(meant) <= DIGITS or magnitude(meant) >= _ROOMY:
        return meant
    shown = _stored(kind, float(meant))
    return shown if significant_digits(shown) <= DIGITS else meant


def _judge_number(kind: FieldKind, number: Decimal) -> Verdict:
    codes: list[str] = []
    if number < 0 and kind != "change":
        codes.append("C102")
    whole = number == number.to_integral_value()
    if kind != "amount" and not whole:
        codes.append("C105")
    elif significant_digits(number) > DIGITS or magnitude(number) >= 10**DIGITS:
        codes.append("C108")
    elif kind == "amount" and not multiple(number, FINEST):
        codes.append("C109")
    if kind != "amount" and whole:
        return Verdict(int(number), tuple(codes))
    return Verdict(number or Decimal(), tuple(codes))


def strip(text: str) -> str:
    """`text` without white space of any kind at its ends."""
    return text.strip(_BLANKS)


def meant_number(kind: FieldKind, text: str) -> Decimal | None:
    """The number that a text means beyond doubt, or None.

    Full-width digits, thousands separators in their places and the unit of the field are understood; anything that
    would be a guess (``约5``, ``5-6``, ``1,23``, ``5000元``) is not.
    """
    bare = strip(text.translate(_WIDE))
    for unit in _AMOUNT_UNITS if kind == "amount" else _COUNT_UNITS:
        if bare.endswith(unit):
            bare = strip(bare.removesuffix(unit))
            break
    match = re.match(_NUMBER, bare, re.ASCII)
    if not match or len(bare) > 40:
        return None
    sign, whole, fraction = match.groups()
    return Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}")
