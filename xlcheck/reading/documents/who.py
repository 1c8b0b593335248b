"""Who reports, and for which year: a document says it in its title and where it is signed, and has no cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from xlcheck.model.finding import Finding
from xlcheck.model.labels import fold
from xlcheck.model.submission import parse_year
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.structure import fault

_YEAR = re.compile(r"((?:19|20)\d\d)年?度?|([〇○零一二三四五六七八九]{4})年度?")
_REPORT = r"(?:工作|情况|的|年度)*(?:报告|年报)"
_TITLE = re.compile(
    rf"(?:(?:政府|政务)?信息公开|政府信息与政务公开|政务公开)(?:工作|情况|的)*(?:(?:19|20)\d\d年?度?)?{_REPORT}"
)
_END_OF_TITLE = re.compile(_REPORT)
_TRAIL = re.compile(r"[>/|»]")
"""What parts the steps of the trail that a web page shows of itself; the last one is the page's own."""
_DATED = re.compile(
    r"(.*?)((?:19|20)\d\d)年(\d{1,2})月(?:\d{1,2}日)?[)]?\Z|(.*?)([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月.{0,4}\Z"
)
_PERIOD = re.compile(r"((?:19|20)\d\d)年1月1日(?:起|开始)?(?:至|到|-|—|~)\1?年?12月31日")
_ENDS = re.compile(
    r"(?:局|委|委员会|办|办公室|政府|厅|院|会|中心|处|队|站|所|司|部|署|公司|大学|学院|学校|中学|小学|医院|银行|社|馆|街道|镇|乡|区|县|市|省)[)]?\Z"
)
_LEADING = re.compile(r"\A(?:附件\d*:?|(?:信息|文件)?(?:名称|标题):?|关于印发|关于|《|【)+")
_AROUND = re.compile(r"\A(?:关于|《|【)|(?:关于|的|年度|年|》)\Z")
_NO_TITLE = re.compile(r"[,。;]|格式|通知")
"""What does not stand behind a title: it is a sentence then, or the order to report."""
_STOPS = re.compile(r"[,。;:、?!\d\"]")
_LONGEST_TITLE = 90
_LONGEST_NAME = 40
_TOP = 40
"""Paragraphs in which a title is looked for: web pages have menus before it."""
_END = 15
"""Paragraphs in which a signature is looked for."""
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_MONTHS = {name: number for number, name in enumerate([*"一二三四五六七八九十", "十一", "十二"], 1)}


class Signature(NamedTuple):
    """Where a report is signed."""

    unit: str
    year: int | None
    """Of the day of signing."""
    month: int


class Who(NamedTuple):
    """What a document says of its unit and year."""

    unit: str
    year: int | None
    titled: tuple[str, int | None]
    """What the title says."""
    signed: Signature | None

    @property
    def cover(self) -> dict[str, str]:
        """The same as entries of a cover."""
        return {"unit": self.unit, "year": str(self.year or "")}


def read_who(paragraphs: Sequence[str]) -> Who:
    """Find out who reports and for which year."""
    folded = [fold(text) for text in paragraphs]
    period = next((int(match[1]) for text in folded if (match := _PERIOD.search(text))), None)
    unit, year = _titled(folded, period)
    signed = _signed(folded)
    found = year or period or (_year_reported(signed) if signed else None)
    return Who(unit or (signed.unit if signed else ""), found, (unit, year), signed)


def _titled(folded: Sequence[str], period: int | None) -> tuple[str, int | None]:
    """The unit and the year of the title: of what reads like one, what says most, and first of these what fits the period.

    Web pages name themselves several times, in menus and trails, too.
    """
    lines = _unwrapped(folded[:_TOP])
    found = [titled for at in range(len(lines)) if (titled := _title(lines, at))]
    return max(found, key=lambda one: (bool(one[0]) + bool(one[1]), one[1] == period), default=("", None))


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines, a title's last one put behind the one before it: 政府信息公开工作 / 年度报告."""
    out: list[str] = []
    for line in lines:
        if out and _END_OF_TITLE.fullmatch(line) and _TITLE.search(out[-1] + line) and not _TITLE.search(out[-1]):
            out[-1] += line
        else:
            out.append(line)
    return out


def _title(lines: Sequence[str], at: int) -> tuple[str, int | None] | None:
    """The unit and the year of a line that is a title; what it lacks may stand in the lines before it."""
    text = _TRAIL.split(lines[at])[-1]
    match = _TITLE.search(text)
    if match is None or len(text) > _LONGEST_TITLE or _NO_TITLE.search(text[match.end() :]):
        return None
    head = _LEADING.sub("", text[: match.start()])
    if _STOPS.search(_YEAR.sub("", head)):
        return None
    year = _YEAR.search(match[0])
    for before in reversed(lines[max(at - 2, 0) : at]):
        if _is_name(_bare(head)) and (year or _YEAR.search(head)):
            break
        if not (_is_name(_bare(before)) or _YEAR.fullmatch(before)):
            break
        head = before + head
    year = _YEAR.search(head) or year
    name = _bare(head)
    return (name if _is_name(name, strict=False) else ""), _as_year(year) if year else None


def _bare(head: str) -> str:
    """A title's beginning without its year and what leads from one word to the next."""
    name = _YEAR.sub("", head)
    while (shorter := _AROUND.sub("", name)) != name:
        name = shorter
    return name


def _as_year(match: re.Match[str]) -> int | None:
    return parse_year(match[1] or match[2].translate(_DIGITS))


def _is_name(text: str, strict: bool = True) -> bool:
    """Whether a text can be a unit's name."""
    if not 2 <= len(text) <= _LONGEST_NAME or _STOPS.search(text):
        return False
    return not strict or _ENDS.search(text) is not None


def _signed(folded: Sequence[str]) -> Signature | None:
    """The last unit and date near the end."""
    last = folded[-_END:]
    for before, text in reversed([*pairwise(["", *last])]):
        match = _DATED.fullmatch(text)
        if match is None:
            continue
        name, year, month = match.groups()[:3] if match[2] else match.groups()[3:]
        number = int(month) if match[2] else _MONTHS.get(month, 0)
        name = next((one.strip("(") for one in (name, before) if _is_name(one.strip("("))), "")
        return Signature(name, int(year.translate(_DIGITS)), number)
    name = next((text for text in last[-2:] if _is_name(text)), "")
    return Signature(name, None, 0) if name else None


def _year_reported(signed: Signature) -> int | None:
    """The year that a report of that day is about: the one before, if it was signed in time."""
    return signed.year - 1 if signed.year and signed.month <= 6 else None


# --- findings --------------------------------------------------------------------------------------------------------


def who_findings(who: Who) -> list[Finding]:
    """S106, S111, S112: what the document does not say of its unit and year, and where it says two things."""
    found = []
    if not who.unit:
        found.append(
            fault(
                "S106",
                "文档的标题和落款里没有找到单位名称；请在标题写明单位全称，例如“某某市教育局2025年政府信息公开工作年度报告”",
            )
        )
    if who.year is None:
        found.append(
            fault(
                "S106",
                "文档的标题和落款里没有找到报告年度；请在标题写明四位数字的年度，例如“2025年政府信息公开工作年度报告”",
            )
        )
    signed, (unit, year) = who.signed, who.titled
    if signed and signed.year and year and not _can_be(year, signed):
        message = f"标题写的是 {year} 年度，落款日期却是 {signed.year} 年 {signed.month} 月；请核对标题的年度和落款日期，把写错的改正"
        found.append(fault("S111", message)._replace(expected=str(year), actual=str(signed.year)))
    if signed and signed.unit and unit and not may_be_same(unit, signed.unit):
        message = f"标题的单位是“{quote(unit)}”，落款是“{quote(signed.unit)}”；请核对是否同一个单位，把写错的改正"
        found.append(fault("S112", message)._replace(expected=unit, actual=signed.unit))
    return found


def _can_be(year: int, signed: Signature) -> bool:
    """Whether a report on a year can be signed then: in the year after it, or at the very end of it."""
    return signed.year == year + 1 or (signed.year == year and signed.month >= 11)


def may_be_same(one: str, other: str) -> bool:
    """Whether one name is the other one shortened: 市住建局 for 市住房和城乡建设局."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(char in rest for char in short) or short[:-2] in long
