"""Times in a sentence: the report's year is no news, another's makes a number another's, and 结转 says which way it goes."""

from __future__ import annotations

import re

from xlcheck.model.tuples import NamedTuple


class Time(NamedTuple):
    """A year or a date, or a part of a year."""

    kind: str
    """``o`` the report's year, ``d`` another or a part of one, ``C`` carried in of the year before, ``O`` carried out."""
    length: int
    """Its characters."""


_SPAN = re.compile(
    r"(?:自|从)?(20\d\d)年1月(?:1日)?(?:起|以来)?(?:至|到|-|—|~)+(?:\1年)?(?:12月(?:31日)?|年?底)(?:底|止|期间)?"
    r"|(?:截至|截止到?|至)(?:(20\d\d)年)?(?:12月(?:31日|底)?|年?底)(?:止)?"
)
_SINCE = re.compile(
    r"(?:自|从)?(20\d\d)年(?:1月)?(?:1日)?(\d{1,2}月)?(?:\d{1,2}日)?(?:起(?![诉草])|[^,;:()\d]{0,12}(?:以来|至今))"
)
_DATED = re.compile(r"(20\d\d)(?:年(?:度|全年)?|(?=全年))")
_PART = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:月份?|季度|日)|[上下]半年|[前后][一二三四五六七八九十\d]{1,2}个?(?:月|季度)"
)
_TIMELY = frozenset("0123456789一二三四五六七八九十自从截至上下前后结转顺递")
"""What a time begins with."""
_OUT = re.compile(r"(?:结转|转结|转接|顺延|转入|递延|转)(?:至|到|入|于)?(20\d\d)年(?:度)?(?:继续|办理|处理|答复)*")
_IN = re.compile(
    r"(?:结转|转结|转入)(?:自)?(20\d\d)年(?:度)?"
    r"|(?:从)?(20\d\d)年(?:度)?(?:结转|转结|转入)(?:(?:至|到|入)?(?:20\d\d年(?:度)?|本年(?:度)?))?(?:办理|办结|申请)?"
)


def time_at(text: str, at: int, year: int | None) -> Time | None:
    """The time that begins at `at` of a plain sentence; None where none does.

    Args:
        text: the sentence.
        at: where to look.
        year: the year of the figures; where it is not known, no year is this one.
    """
    if text[at] not in _TIMELY:
        return None
    kinds = ((_OUT, "O", 1), (_IN, "C", -1), (_SPAN, "o", 0), (_SINCE, "o", 0), (_DATED, "o", 0))
    for pattern, kind, off in kinds:
        if found := pattern.match(text, at):
            years = [one for one in found.groups() if one]
            same = not years or (year is not None and years == [f"{year + off}"])
            return Time(kind if same else "d", len(found[0]))
    found = _PART.match(text, at)
    return Time("d", len(found[0])) if found else None
