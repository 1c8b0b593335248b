"""How things are said to a clerk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from xlcheck.model.finding import Diagnosis
from xlcheck.model.form import Relation, Term
from xlcheck.model.numbers import Number, exact, magnitude, total

_LONGEST = 30


class _Kept(dict[int, int | str]):
    """What becomes of each character in :func:`clean`, worked out once."""

    def __missing__(self, code: int) -> int | str:
        steers = unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        self[code] = kept = "" if steers or code in (0xFFFE, 0xFFFF) else code
        return kept


_kept = _Kept({ord(char): " " for char in "\r\n\t"})


def clean(text: str) -> str:
    """A stranger's text on one line, without characters that steer a terminal or turn the reading direction.

    U+FFFE and U+FFFF go, too: XML, and so a workbook, cannot hold them (XML 1.0, 2.2).
    """
    return text if text.isprintable() else text.translate(_kept)


def literal(text: str) -> str:
    """The text, told apart from what XlsxWriter takes for rich text and writes into the XML as it is."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def quote(text: str) -> str:
    """:func:`clean`, and not longer than a clerk wants to read."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def names(texts: Iterable[str]) -> str:
    """``“甲”、“乙”``."""
    return "、".join(f"“{quote(text)}”" for text in texts)


def side(terms: Iterable[Term], values: Mapping[str, Number]) -> str:
    """One side of a relation: ``第一项 6 ＋ 第二项 0 ＝ 6``; a blank operand is said to be blank."""
    said: list[str] = []
    numbers: list[Number] = []
    terms = tuple(terms)
    blank = False
    for term in terms:
        known = [values[field.key] for field in term.fields if field.key in values]
        missing = len(term.fields) - len(known)
        amount = total(known)
        numbers += known
        blank = blank or missing > 0
        if missing == len(term.fields):
            said.append(f"{term.name}（空）")
        elif missing:
            said.append(f"{term.name} {exact(amount)}（另有 {missing} 格空着）")
        else:
            said.append(f"{term.name} {exact(amount)}")
    text = " ＋ ".join(said)
    return text if blank or len(terms) == 1 else f"{text} ＝ {exact(total(numbers))}"


def imbalance(relation: Relation, values: Mapping[str, Number]) -> str:
    """Both sides of a relation that does not hold, and the difference where both are known."""
    where = f"{relation.where}：" if relation.where else ""
    both = f"{where}{side(relation.left, values)}，{side(relation.right, values)}"
    if all(key in values for key in relation.keys):
        gap = total([*(values[key] for key in relation.left_keys), *(-values[key] for key in relation.right_keys)])
        return f"{both}，相差 {exact(magnitude(gap))}"
    return f"{both}；空着的格无论填多少，两边都不会相等"


def possible(diagnosis: Diagnosis) -> str:
    """What may be behind broken balances, a line an explanation."""
    if not diagnosis.explanations:
        return "没有简单的解释，请逐格核对"
    lines = [
        "，".join(f"{change.place.address} 应为 {change.value}" for change in explanation)
        for explanation in diagnosis.explanations
    ]
    if diagnosis.certain:
        return lines[0]
    return "\n".join(f"可能{number}：{line}" for number, line in enumerate(lines, start=1))


_PLAIN_NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; plain negative numbers stay as they are (OWASP, CSV injection)."""
    text = clean(text)
    if text[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
