"""Whose report a text is, and of which year: who may be meant where a sentence names a unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from xlcheck.model.tuples import NamedTuple

_HAN = r"[\u4e00-\u9fff]"
_REPORT = r"(?:政府|政务)?信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:情况)?(?:的)?(?:报告|年报)"
_TITLES = tuple(
    re.compile(title)
    for title in (
        rf"(?<!{_HAN})(?P<unit>{_HAN}{{2,40}}?)(?P<year>20\d\d)年?度?(?:的)?{_REPORT}",
        rf"(?<!\d)(?P<year>20\d\d)年?度?(?P<unit>{_HAN}{{2,40}}?){_REPORT}",
        rf"(?<!{_HAN})(?P<unit>{_HAN}{{2,40}}?){_REPORT}\((?P<year>20\d\d)年?度?\)",
    )
)
"""How titles name the unit and the year."""
_LATE = re.compile(r"(20\d\d)年?度?(?:政府|政务)?信息公开(?:工作)?(?:情况)?年度(?:工作)?报告$")
_BRANCH = re.compile(rf"({_HAN}{{1,12}}?[省市州盟区县旗])({_HAN}{{2,12}})局({_HAN}{{2,10}})分局")
"""A bureau's branch: 某市公安局甲区分局 is 甲区公安分局, too."""
_SCHOOLS = ("大学", "学院", "学校")
_SPAN = re.compile(r"(20\d\d)年1月1日(?:起)?(?:至|到|-|—|~)+(?:\1年)?12月31日")
_FIRST = 12
"""Paragraphs in which a title and the span of the figures are looked for."""
_WORDS = 400
"""Characters of each that are looked at."""


class Subject(NamedTuple):
    """Whose report it is."""

    names: tuple[str, ...]
    """The unit's names, shortened as :func:`_short` does."""
    year: int | None
    """The year of the figures, where it can be known."""

    def named(self, text: str) -> bool:
        """Whether a name in a sentence can be this unit's: ``市公安局`` and ``市局`` of 某某市公安局."""
        short = _short(text)
        return len(text) > 1 and short != "" and any(_shortens(short, name) for name in self.names)


def subject(paragraphs: Sequence[str], unit: str = "", year: int | None = None) -> Subject:
    """Whose report a text is, by its title and the span that it names.

    Args:
        paragraphs: the text.
        unit: who reports, where this is known.
        year: the year that it is for, where this is known.
    """
    names = {_short(unit)} if unit else set()
    years = {year} if year else set()
    head = [_bare(text[:_WORDS]) for text in paragraphs[:_FIRST]]
    for above, text in zip(["", *head], head, strict=False):
        for found in (found for title in _TITLES for found in title.finditer(text)):
            names.add(_short(re.sub(r"^.*(?:公布|发布|公开|将|编制|的)", "", found["unit"])))
            years.add(int(found["year"]))
        if (late := _LATE.match(text)) and re.fullmatch(r"[\u4e00-\u9fff]{2,40}", above):
            names.add(_short(above))
            years.add(int(late[1]))
        years.update(int(found[1]) for found in _SPAN.finditer(text))
    names |= {f"{one[1]}{one[3]}{one[2]}分局" for name in names if (one := _BRANCH.fullmatch(name))}
    names |= {"学校" for name in names if name.endswith(_SCHOOLS)}
    names -= {"", "政府", "政务"}
    if year:
        return Subject(tuple(sorted(names)), year)
    # Two years that are named in the title and in the span leave open which one a sentence means.
    return Subject(tuple(sorted(names)), years.pop() if len(years) == 1 else None)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _short(name: str) -> str:
    name = _bare(name)
    for long, short in (("人民政府", "政府"), ("委员会", "委"), ("办事处", ""), ("办公室", "办")):
        name = name.replace(long, short)
    # A town is its government; a county is more than that.
    return re.sub(r"(?<=[镇乡道])政府$|(?<=街道)办$", "", name)


def _shortens(short: str, name: str) -> bool:
    """Whether one leaves out characters of the other only, and both end alike."""
    if short[-1] != name[-1] or (name.endswith("分局") and not short.endswith("分局")):
        return False
    tail = name[max(name.rfind(short[0]), 0) :]
    if len(short) > len(tail) > 3 and not name.endswith("政府办"):
        short, name = tail, short
    rest = iter(name)
    return all(char in rest for char in short)
