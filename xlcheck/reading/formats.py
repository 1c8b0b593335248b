"""What a number format shows of a number (ECMA-376 part 1, 18.8.31): nothing, the number, or another one.

Only what misleads is worked out: formats without digits, literal digits, percentages, thousands that are left out, and
digits of which none but noughts is left. Dates, fractions and conditions are others' business, and so is honest rounding.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from xlcheck.model.numbers import EXACT
from xlcheck.model.tuples import NamedTuple

_LONGEST = 255
"""Characters of a format; the most that a program allows."""
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|!(?P<marked>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<plain>.)',
    re.DOTALL,
)
_DIGITS = "0#?"
_WHITE = ("white", "白色", "color2", "颜色2", "颜色 2")
_OTHERS = re.compile(r"h|m|s|dbnum")
"""In brackets: a span of time, digits of another script."""
_UNTOLD = re.compile(r"[ymdhsYMDHSeEgGbB/@]|General|G/通用格式", re.IGNORECASE)
"""What no digits stand for alone: dates, exponents, fractions, texts and the general format."""


class ShownNumber(NamedTuple):
    """What is seen of a number."""

    text: str
    """As it stands in the cell; empty for nothing."""
    is_white: bool
    """Whether the format paints it white."""


def misleads(code: str, value: Decimal) -> ShownNumber | None:
    """What a format shows of a number other than 0 where that is not the number; None where it is, or is not worked out."""
    if not value or len(code) > _LONGEST or re.search(r"\[[<>=]", code):
        return None
    sections = _sections(code)
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    return _section(section, abs(value), len(sections) > 1)


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[str, ...]:
    found, begin = [], 0
    for piece in _PIECE.finditer(code):
        if piece["plain"] == ";":
            found.append(code[begin : piece.start()])
            begin = piece.end()
    return (*found, code[begin:])


def _section(section: str, value: Decimal, is_one_of_more: bool) -> ShownNumber | None:
    pieces = list(_PIECE.finditer(section))
    brackets = [piece["bracket"].lower() for piece in pieces if piece["bracket"] is not None]
    if any(_OTHERS.match(bracket) for bracket in brackets):
        return None
    is_white = any(bracket in _WHITE for bracket in brackets)
    plain = "".join(piece["plain"] or "" for piece in pieces)
    if _UNTOLD.search(plain) or not (section or is_one_of_more):
        return ShownNumber(f"{value:f}", True) if is_white else None
    places = [number for number, piece in enumerate(pieces) if piece["plain"] and piece["plain"] in _DIGITS]
    if not places:
        return ShownNumber("".join(map(_literal, pieces)).strip(), is_white)
    number, honest = _rounded(pieces, places, plain, value)
    said = "".join(
        (
            *map(_literal, pieces[: places[0]]),
            _inside(pieces[places[0] : places[-1] + 1], number),
            *map(_literal, pieces[places[-1] + 1 :]),
        )
    ).strip()
    return ShownNumber(said, is_white) if is_white or not honest or _reads(said) != honest else None


def _rounded(pieces: list[re.Match[str]], places: list[int], plain: str, value: Decimal) -> tuple[Decimal, Decimal]:
    """The number whose digits are shown, and the one whose digits should be, with as many decimals."""
    digits = "".join(piece["plain"] or "" for piece in pieces[places[0] : places[-1] + 1])
    behind = "".join(piece["plain"] or " " for piece in pieces[places[-1] + 1 :])
    scale = 2 * plain.count("%") - 3 * (len(behind) - len(behind.lstrip(",")))
    step = Decimal(1).scaleb(-sum(digits.partition(".")[2].count(sign) for sign in _DIGITS))
    return _to(step, EXACT.scaleb(value, scale)), _to(step, value)


def _to(step: Decimal, number: Decimal) -> Decimal:
    return number.quantize(step, rounding=ROUND_HALF_UP, context=EXACT)


def _inside(pieces: list[re.Match[str]], number: Decimal) -> str:
    """The digits, and what stands among them."""
    point = next((at for at, piece in enumerate(pieces) if piece["plain"] == "."), len(pieces))
    whole, _, fraction = f"{number:f}".partition(".")
    left = whole.lstrip("0")
    told: list[str] = []
    for piece in reversed(pieces[:point]):
        if piece["plain"] and piece["plain"] in _DIGITS:
            told.append(left[-1:] or piece["plain"].strip("#?"))
            left = left[:-1]
        else:
            told.append(_literal(piece))
    text = left + "".join(reversed(told))
    behind = iter(fraction)
    return text + "".join(
        next(behind, "") if piece["plain"] and piece["plain"] in _DIGITS else piece["plain"] or _literal(piece)
        for piece in pieces[point:]
    )


def _literal(piece: re.Match[str]) -> str:
    """What a piece of a format says that stands for no digit."""
    bracket = piece["bracket"] or ""
    if bracket.startswith("$"):
        return bracket[1:].partition("-")[0]
    said = piece["quoted"] or piece["escaped"] or piece["marked"] or piece["plain"] or ""
    return "" if piece["plain"] and said in ",.;" + _DIGITS else said


def _reads(said: str) -> Decimal | None:
    """The one number that is read in a text; None where there is none, more than one, or a percentage."""
    found = re.findall(r"[0-9][0-9.]*", said)
    if len(found) != 1 or "%" in said or found[0].count(".") > 1:
        return None
    return Decimal(found[0].rstrip("."))
