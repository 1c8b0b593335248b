"""Who of the list has handed in what: submissions matched to units, by code, then by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from xlcheck.model.submission import front_of, nameless
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.families import merely_adds_up, parents
from xlcheck.roster.identity import code_key, name_key
from xlcheck.roster.roll import is_body_of
from xlcheck.roster.units import Unit


class Handed(NamedTuple):
    """One workbook, as far as matching goes: who it is from, and when.

    What it holds plays no part, so that a cover read from a letter is matched like a file that was checked.
    """

    path: str
    unit: str
    """单位名称 on its cover, or empty."""
    code: str
    """统一社会信用代码 on its cover, or empty."""
    modified: float
    """When the file was last written, in seconds since 1970."""
    year: int | None = None
    """报告年度 on its cover, or None."""
    unread: bool = False
    """Whether it could not be read, a file or a whole folder; then its name is all that tells whose it is."""
    document: str = ""
    """What kind of document it is, which has neither cover nor code; empty for a workbook."""


class RosterLine(NamedTuple):
    """One unit of the list, and what it handed in."""

    unit: Unit
    handed: tuple[Handed, ...] = ()
    """Newest first; what is written at the same moment goes by path, the last one first."""
    notices: tuple[str, ...] = ()
    """What a person should know of the newest, in a clerk's words."""
    only_adds_up: bool = False
    """Whether nothing is expected of the unit itself: others name it as theirs above, or the list says 否."""

    @property
    def newest(self) -> Handed | None:
        """The one that counts; None for a unit that is missing."""
        return self.handed[0] if self.handed else None

    @property
    def older(self) -> tuple[Handed, ...]:
        """Those that the newest one replaces."""
        return self.handed[1:]


class Stray(NamedTuple):
    """A workbook that belongs to no unit of the list, or to none for certain."""

    handed: Handed
    reason: str
    """In a clerk's words."""
    unit: Unit | None = None
    """Whose it is, where nothing but its year is another one than the one collected."""


class Roster(NamedTuple):
    """The list of units with what came in."""

    entries: tuple[RosterLine, ...]
    """One for each unit, in the order of the list."""
    strays: tuple[Stray, ...]
    """In the order given."""

    @property
    def missing(self) -> tuple[Unit, ...]:
        """The units that should have handed in, and did not."""
        return tuple(entry.unit for entry in self.entries if not entry.handed and not entry.only_adds_up)

    @property
    def unasked(self) -> tuple[Unit, ...]:
        """The units that handed in nothing, and need not."""
        return tuple(entry.unit for entry in self.entries if not entry.handed and entry.only_adds_up)


def match(units: Sequence[Unit], handed: Iterable[Handed], year: int | None = None) -> Roster:
    """Give each workbook to its unit: by code, or where the list has no such code, by exact name.

    Codes and names are compared after NFKC and without white space. A workbook whose code is one unit's and whose name is
    another's belongs to neither, since one of the two was mistaken; so does one with a unit's code and the name of a body below it,
    which may use that code. A unit that others name as theirs above need not hand
    in itself, unless the list says so (是否报送).

    Args:
        units: the list.
        handed: what came in.
        year: the year that is collected: a workbook of another one is not what its unit hands in. None for any.
    """
    by_code = {code_key(unit.code): number for number, unit in enumerate(units) if unit.code}
    by_name = {name_key(unit.name): number for number, unit in enumerate(units)}
    above = parents(units)
    found: dict[int, list[Handed]] = {}
    strays: list[Stray] = []
    for one in handed:
        code = by_code.get(code_key(one.code)) if one.code else None
        name = by_name.get(name_key(one.unit)) if one.unit else None
        owner = name if code is None else code
        if code is not None and name is not None and code != name:
            strays.append(
                Stray(one, f"代码是“{units[code].name}”的，名称却是“{units[name].name}”的，不能确定属于哪个单位")
            )
        elif owner is not None and is_body_of(name_key(units[owner].name), name_key(one.unit)):
            strays.append(
                Stray(one, f"代码是“{units[owner].name}”的，名称却是“{quote(one.unit)}”，不能确定属于哪个单位")
            )
        elif owner is not None and year is not None and one.year not in (None, year):
            reason = f"报告年度是 {one.year}，不是本次的 {year}，没有算作“{units[owner].name}”的报送"
            strays.append(Stray(one, reason, units[owner]))
        elif owner is not None:
            found.setdefault(owner, []).append(one)
        elif one.unit or one.code:
            strays.append(Stray(one, "单位名单里没有这个单位"))
        else:
            strays.append(Stray(one, nameless(one.document)))
    strays = _by_their_names(units, found, strays)
    entries = []
    for number, unit in enumerate(units):
        mine = sorted(found.get(number, ()), key=lambda one: (one.modified, one.path), reverse=True)
        entries.append(RosterLine(unit, tuple(mine), _notices(unit, mine), merely_adds_up(unit, above)))
    return Roster(tuple(entries), tuple(strays))


def _by_their_names(units: Sequence[Unit], found: dict[int, list[Handed]], strays: Sequence[Stray]) -> list[Stray]:
    """Give what could not be read to the units that it is named after and that handed in nothing else; answers the rest."""
    numbers = {name_key(unit.name): number for number, unit in enumerate(units) if name_key(unit.name)}
    lengths = sorted({len(name) for name in numbers}, reverse=True)
    left = []
    for stray in strays:
        name = name_key(PurePath(stray.handed.path).stem) if stray.handed.unread else ""
        # Of 市教育局 and 市教育局考试中心 the longer one is meant.
        spans = ((at, at + length) for length in lengths for at in range(len(name) - length + 1))
        named = (span for span in spans if name[slice(*span)] in numbers and _stands_alone(name, *span))
        owner = next((numbers[name[slice(*span)]] for span in named), None)
        if owner is None or owner in found:
            left.append(stray)
        else:
            found[owner] = [stray.handed._replace(unit=units[owner].name)]
    return left


_ABOUT = (
    "政府", "信息", "公开", "工作", "报送", "填报", "上报", "统计", "年度", "年报", "报告", "表", "的", "关于", "依申请", "修改",
    "改", "最终", "终", "副本",
)  # fmt: skip
"""What may follow a unit's name in that of its file; anything else could make another unit's name of it."""


def _stands_alone(name: str, begin: int, end: int) -> bool:
    before, after = name[:begin], name[end:]
    return not _is_chinese(before[-1:]) and (not _is_chinese(after[:1]) or after.startswith(_ABOUT))


def _is_chinese(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or sign > "\uffff"


def _notices(unit: Unit, handed: Sequence[Handed]) -> tuple[str, ...]:
    if not handed:
        return ()
    newest = handed[0]
    if newest.unread:
        return (f"已报但打不开：“{newest.path}”疑为它的（按文件名）；请重新报送，有打开密码的先取消密码",)
    notices = []
    if len(handed) > 1:
        notices.append(f"报送了 {len(handed)} 份，以最新的“{newest.path}”为准")
    front = front_of(newest.document)
    if name_key(newest.unit) != name_key(unit.name):
        notices.append(f"{front}的单位名称是“{newest.unit}”，名单中是“{unit.name}”")
    if unit.code and code_key(newest.code) != code_key(unit.code) and not newest.document:
        notices.append(f"{front}的代码是“{newest.code or '（空）'}”，名单中是“{unit.code}”")
    return tuple(notices)
