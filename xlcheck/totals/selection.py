"""Which submissions are added up: one a unit, all of one year, and none whose numbers are in another one as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from xlcheck.model.errors import Error
from xlcheck.model.submission import Part, front_of, nameless
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.identity import code_key, identity, name_key
from xlcheck.roster.match import Handed, match
from xlcheck.roster.units import Unit
from xlcheck.totals.sums import Contribution, LeftOut, Numbers

FAILED = "不通过的请发回改正后再汇总；也可以加 --include-failed，把其中可用的数一并汇总"
YEAR = "一次只汇总一个年度；其他年度的用 --year 另行汇总"
NAMELESS = "请对方在封面（文档在标题里）写明单位名称和报告年度后重新报送"
STRAY = "不在名单里的，请核对单位名单；确实要汇总的，加进名单后重新运行"
OLDER = "同一单位报送了几份的，以最后保存的一份为准；应以另一份为准的，请移走较新的一份"
OVERLAP = "汇总表里的单位又单独报送的，为避免重复相加，没有汇总这份汇总表；应以汇总表为准的，请移走单独报送的几份"
MISSING = "没有报送的请催报"


class Given(NamedTuple):
    """One file, as far as adding up goes.

    It is no :class:`~xlcheck.results.record.Record`: that tells of findings, this of numbers, and a total needs no document.
    """

    path: str
    modified: float
    """When it was last written, in seconds since 1970."""
    state: Literal["passed", "failed", "foreign", "unreadable"]
    """``foreign`` is a readable workbook of another form."""
    reason: str = ""
    """Why it has not passed, in a clerk's words."""
    unit: str = ""
    code: str = ""
    year: int | None = None
    numbers: Numbers = ()
    """Those that can be right."""
    parts: tuple[Part, ...] = ()
    """Of a total: whose numbers it contains."""
    unexplained: str = ""
    """Which warnings nobody explained, in a clerk's words; empty where there are none."""
    document: str = ""
    """What kind of document it is; empty for a workbook."""
    is_other: bool = False
    """Of an unreadable one: whether it is no report at all, as far as can be seen."""


class Selection(NamedTuple):
    """What is added up, and what is not."""

    year: int
    """0 where nothing is added up."""
    contributions: tuple[Contribution, ...]
    """In the order of the list of units; without one in the order given."""
    left_out: tuple[LeftOut, ...]
    """In the order given, then the units that handed in nothing."""
    notices: tuple[str, ...] = ()
    """What a person should know of those that are added up, in a clerk's words."""


def kinds_left_out(left_out: Sequence[LeftOut]) -> str:
    """How much of each kind is left out, in brackets; empty where all is of one kind.

    What is missing must not hide among files that newer ones replace.
    """
    missing = sum(not one.path for one in left_out)
    older = sum(one.advice == OLDER for one in left_out)
    rest = len(left_out) - missing - older
    kinds = (
        (missing, f"没有报送的 {missing} 个单位"),
        (rest, f"不能汇总的 {rest} 份"),
        (older, f"有更新报送的旧件 {older} 份"),
    )
    said = [says for number, says in kinds if number]
    return f"（{'，'.join(said)}）" if len(said) > 1 else ""


class MixedYears(Error):
    """Submissions of several years, and nobody said which; the message says so to a clerk."""

    code = "years"


_Reasons = dict[str, tuple[str, str]]
"""By path: why a file is not added up, and what to do about it; both in a clerk's words."""


class _Pick(NamedTuple):
    """The newest submission of a unit, and what it replaces."""

    unit: Unit
    newest: Given
    older: tuple[Given, ...]
    notices: tuple[str, ...] = ()


def select(
    given: Sequence[Given], units: Sequence[Unit] = (), year: int | None = None, include_failed: bool = False
) -> Selection:
    """Choose what is added up.

    Args:
        given: all files.
        units: the list of units; without one, submissions belong together by code or by name.
        year: the only year that counts; None for the one that all have.
        include_failed: whether submissions with errors count, as far as their numbers can be right.

    Raises:
        MixedYears: `year` is None, and those that would be added up are of several years.
    """
    left = {one.path: reason for one in given if (reason := _unfit(one, include_failed))}
    fit = _without(left, given)
    year = year if year is not None else _year(fit, include_failed)
    if year is not None:
        left |= {one.path: (f"是 {one.year} 年的", YEAR) for one in fit if one.year != year}
    picks, aside = _picks(_without(left, fit), units, include_failed)
    left |= aside
    for pick in picks:
        left |= _passed_over(pick, include_failed)
    chosen = [pick for pick in picks if pick.newest.path not in left]
    return Selection(
        year or 0,
        tuple(_contribution(pick) for pick in chosen),
        (*_left_out(given, picks, left, guessed := _guessed(given, units)), *_missing(given, units, guessed)),
        tuple(f"“{pick.newest.path}”：{notice}" for pick in chosen for notice in pick.notices),
    )


def _without(left: _Reasons, given: Sequence[Given]) -> list[Given]:
    return [one for one in given if one.path not in left]


def _picks(fit: Sequence[Given], units: Sequence[Unit], include_failed: bool) -> tuple[list[_Pick], _Reasons]:
    """One a unit, and what is in none: files of nobody, and totals whose numbers are in another one as well."""
    left: _Reasons = {}
    while True:
        rest = _without(left, fit)
        picks, strays = _listed(rest, units) if units else (_unlisted(rest), {})
        twice = _overlaps([pick for pick in picks if include_failed or pick.newest.state == "passed"])
        if not twice:
            return picks, left | strays
        left |= twice  # and what was behind such a total comes forward


def _passed_over(pick: _Pick, include_failed: bool) -> _Reasons:
    """What of a unit is not added up."""
    left: _Reasons = {one.path: (_replaced(one, pick.newest), OLDER) for one in pick.older}
    if pick.newest.state == "failed" and not include_failed:
        left[pick.newest.path] = _failed(pick), FAILED
    return left


def _left_out(
    given: Sequence[Given], picks: Iterable[_Pick], left: _Reasons, guessed: Mapping[str, Unit]
) -> Iterator[LeftOut]:
    """What is not added up, in the order given, each by the name of its unit."""
    owners = {one.path: pick.unit for pick in picks for one in (pick.newest, *pick.older)}
    for one in given:
        if one.path in left:
            unit = owners.get(one.path) or guessed.get(one.path) or Unit(one.unit, one.code)
            reason, mend = left[one.path]
            yield LeftOut(
                unit.name,
                unit.code,
                one.path,
                f"疑为它的（按文件名），但打不开：{reason}" if one.path in guessed else reason,
                mend,
            )


def _guessed(given: Iterable[Given], units: Sequence[Unit]) -> dict[str, Unit]:
    """Whose the files are that cannot be read, by their names: of units that handed in nothing else."""
    handed = (Handed(one.path, one.unit, one.code, one.modified, unread=one.state == "unreadable") for one in given)
    return {
        entry.newest.path: entry.unit for entry in match(units, handed).entries if entry.newest and entry.newest.unread
    }


# --- one by one ------------------------------------------------------------------------------------------------------


def _unfit(one: Given, include_failed: bool) -> tuple[str, str] | None:
    """Why a file can't be added up whatever the others are, and what to do."""
    if one.state in ("unreadable", "foreign"):
        return one.reason, ""
    if one.year is not None and (one.unit or one.code):
        return None
    if not include_failed:
        return f"不通过，{one.reason}", FAILED
    said = f"{front_of(one.document)}没有{'写' if one.document else '填'}报告年度"
    return said if one.year is None else nameless(one.document), NAMELESS


def _year(fit: Iterable[Given], include_failed: bool) -> int | None:
    """The one year of those that would be added up."""
    years: dict[int, list[str]] = {}
    for one in fit:
        if one.year is not None and (include_failed or one.state == "passed"):
            years.setdefault(one.year, []).append(one.path)
    if len(years) > 1:
        said = "；".join(f"{year} 年的有{_several(years[year])}" for year in sorted(years, reverse=True))
        raise MixedYears(f"报送表不是同一年度的：{said}；请用 --year 指明汇总哪一年")
    return next(iter(years), None)


def _several(paths: Sequence[str]) -> str:
    told = "、".join(f"“{path}”" for path in paths[:2])
    return f"{told}等 {len(paths)} 个文件" if len(paths) > 2 else told


def _failed(pick: _Pick) -> str:
    reason = f"不通过，{pick.newest.reason}"
    passed = next((one.path for one in pick.older if one.state == "passed"), "")
    return f"{reason}（较早的“{passed}”是通过的）" if passed else reason


def _replaced(one: Given, newest: Given) -> str:
    same_name, same_code = name_key(one.unit) == name_key(newest.unit), code_key(one.code) == code_key(newest.code)
    doubt = ""
    if not same_name:
        doubt = f"（代码相同，名称不同：“{one.unit}”和“{newest.unit}”）" if same_code else ""
    elif one.code and newest.code and not same_code:
        doubt = f"（名称相同，代码不同：{one.code} 和 {newest.code}；如果是两个单位，请用 --units 给出单位名单）"
    return f"同一单位有更新的“{newest.path}”{doubt}"


def _contribution(pick: _Pick) -> Contribution:
    newest = pick.newest
    code = pick.unit.code or newest.code
    return Contribution(pick.unit.name, code, newest.path, newest.state == "passed", newest.numbers, newest.unexplained)


def _missing(given: Iterable[Given], units: Sequence[Unit], guessed: Mapping[str, Unit]) -> list[LeftOut]:
    """Units of the list that should have handed in, and of which there is no file at all."""
    seen = {pair for one in given for pair in identity(one.unit, one.code).keys}
    seen |= {pair for unit in guessed.values() for pair in identity(unit.name, unit.code).keys}
    return [
        LeftOut(unit.name, unit.code, "", "没有报送", MISSING)
        for unit in (entry.unit for entry in match(units, ()).entries if not entry.only_adds_up)
        if not seen & identity(unit.name, unit.code).keys
    ]


# --- one a unit ------------------------------------------------------------------------------------------------------


def _listed(fit: Sequence[Given], units: Sequence[Unit]) -> tuple[list[_Pick], _Reasons]:
    """The newest of each unit of the list, and what belongs to none."""
    by_path = {one.path: one for one in fit}
    roster = match(units, (Handed(one.path, one.unit, one.code, one.modified, document=one.document) for one in fit))
    picks = [
        _Pick(
            entry.unit,
            by_path[entry.newest.path],
            tuple(by_path[one.path] for one in entry.older),
            # That there are several is told with each of the older ones.
            entry.notices[bool(entry.older) :],
        )
        for entry in roster.entries
        if entry.newest is not None
    ]
    return picks, {stray.handed.path: (stray.reason, STRAY) for stray in roster.strays}


def _unlisted(fit: Sequence[Given]) -> list[_Pick]:
    """The newest of each unit, where units are the same that share a code or a name."""
    groups: dict[tuple[str, str], list[Given]] = {}
    for one in fit:
        known = identity(one.unit, one.code).keys
        joined = {id(groups[pair]): groups[pair] for pair in known if pair in groups}
        group: list[Given] = joined.popitem()[1] if joined else []
        for other in joined.values():
            group += other
            groups.update((pair, group) for member in other for pair in identity(member.unit, member.code).keys)
        group.append(one)
        groups.update(dict.fromkeys(known, group))
    place = {one.path: number for number, one in enumerate(fit)}
    picks = []
    for group in {id(group): group for group in groups.values()}.values():
        newest, *older = sorted(group, key=lambda one: (one.modified, one.path), reverse=True)
        picks.append(_Pick(Unit(newest.unit or newest.code, newest.code), newest, tuple(older)))
    return sorted(picks, key=lambda pick: place[pick.newest.path])


def _overlaps(picks: Sequence[_Pick]) -> _Reasons:
    """Totals with numbers that are in another one as well, and why they are left out.

    What a unit handed in itself comes before any total; of totals the newest comes first.
    """
    claimed: dict[tuple[str, str], _Pick] = {}
    for pick in picks:
        if not pick.newest.parts:
            claimed.update(dict.fromkeys(_known(pick), pick))
    left: _Reasons = {}
    totals = sorted((pick for pick in picks if pick.newest.parts), key=lambda pick: -pick.newest.modified)
    for pick in totals:
        contained = {part.unit or part.code: identity(part.unit, part.code).keys for part in pick.newest.parts}
        contained[pick.unit.name] = _known(pick)
        twice = {name: claimed[pair] for name, known in contained.items() for pair in known if pair in claimed}
        if twice:
            name, other = next(iter(twice.items()))
            more = f"等 {len(twice)} 个单位" if len(twice) > 1 else ""
            left[pick.newest.path] = f"这是汇总表，其中的“{name}”{more}另有报送（“{other.newest.path}”）", OVERLAP
        else:
            claimed.update((pair, pick) for known in contained.values() for pair in known)
    return left


def _known(pick: _Pick) -> frozenset[tuple[str, str]]:
    return identity(pick.unit.name, pick.unit.code).keys | identity(pick.newest.unit, pick.newest.code).keys
