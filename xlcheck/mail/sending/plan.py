"""Who gets which letter, and who gets none and why: decided from the list and the results alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Literal

from xlcheck.checking.year import WRONG_YEAR
from xlcheck.files.names import ENDINGS, STDIN, is_workbook, may_be_report
from xlcheck.mail.address import Address, InvalidAddress, several
from xlcheck.model.submission import front_of
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Conclusion
from xlcheck.results.record import Record
from xlcheck.roster.identity import Identity, code_key, identity, name_key
from xlcheck.roster.match import Roster, RosterLine, Stray, match
from xlcheck.roster.units import Unit

LetterKind = Literal["unreadable", "failed", "review", "passed", "reminder", "notice", "template"]
KINDS: Mapping[LetterKind, str] = {
    "unreadable": "打不开",
    "failed": "退改",
    "review": "核实",
    "passed": "通过",
    "reminder": "催报",
    "notice": "通知",
    "template": "下发",
}
"""The kinds of letters, and what a clerk calls them."""
ENCLOSING: Collection[LetterKind] = ("failed", "review")
"""The kinds that hold the annotated copy, which is to come back."""


NO_COPY = "是纯文本，没有地方写批注，没有审核副本；请把屏幕上列出的问题另行告知"
"""Why a result has no annotated copy that could go with a letter, in a clerk's words."""


class Wanted(NamedTuple):
    """Which letters are asked for, besides those to units that have something to mend or to explain."""

    passed: bool = False
    remind: bool = False
    notice: str = ""
    """Where the file can be fetched; letters then hold neither attachment nor figures."""
    round: int = 1
    """Which reminder this is; of templates, how often they went out with this one."""


class Heard(NamedTuple):
    """A unit of which it is known that it handed something in before, though not what these results tell of."""

    who: Identity
    said: str
    """How that is known, in a clerk's words."""


class Draft(NamedTuple):
    """A letter to be written."""

    unit: Unit
    kind: LetterKind
    record: Record | None
    """The result it tells; None for a reminder and a template."""
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    remarks: tuple[str, ...] = ()
    """What the office says of the result in its own words."""
    cover: Unit | None = None
    """Whom the cover of its attachment names, where it is known to be the unit's own under that name; None for the unit."""

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody who gets it."""
        return (*self.to, *self.cc)

    @property
    def named(self) -> Unit:
        """Whom the cover of its attachment must name."""
        return self.cover or self.unit

    @property
    def verdict(self) -> Conclusion:
        """What its unit is told: of a result what the office concludes, which may be more than checking says."""
        if self.kind in ("unreadable", "failed", "review", "passed"):
            return self.kind
        return self.record.tally.conclusion if self.record else "missing"


class Withheld(NamedTuple):
    """A letter that is not sent, or a workbook that belongs to nobody."""

    unit: Unit | None
    reason: str
    """In a clerk's words."""
    path: str = ""
    """The workbook meant, where there is no unit."""


class Unasked(NamedTuple):
    """A unit to which no letter was asked for."""

    unit: Unit
    reason: str
    """In a clerk's words."""


class Plan(NamedTuple):
    """What is to be done, in the order of the list."""

    drafts: tuple[Draft, ...]
    withheld: tuple[Withheld, ...]
    """What a person must look at."""
    unasked: tuple[Unasked, ...]
    remarks: tuple[str, ...]
    """What a person should know, in a clerk's words."""


def belongs(unit: Unit, name: str, code: str) -> bool:
    """Whether a cover with this name and code is the unit's: the same name, and the same code where both have one."""
    return identity(unit.name, unit.code).agrees(identity(name, code))


def decide_letters(
    units: Sequence[Unit],
    known: Sequence[Unit],
    records: Sequence[Record],
    wanted: Wanted,
    year: int | None = None,
    heard: Iterable[Heard] = (),
) -> Plan:
    """Match results to units and decide on a letter for each.

    Args:
        units: the list given.
        known: units of earlier lists. Workbooks of theirs are nobody else's, and are not reported as unknown.
        records: the results.
        wanted: which letters are asked for.
        year: the year that is collected, if that is known.
        heard: units that are not reminded, since they handed something in before.
    """
    taken = {pair for unit in units for pair in _keys(unit)}
    everyone = (*units, *(unit for unit in known if taken.isdisjoint(_keys(unit))))
    roster = match(everyone, [one.handed for one in records], year)
    guessed = {one.path for entry in roster.entries for one in entry.handed if one.unread}
    unread = [one for one in records if one.status == "unreadable" and one.path not in guessed]
    doubts = _doubts(everyone, roster, unread)
    by_path = {one.path: one for one in records}
    mine = roster.entries[: len(units)]
    before = {pair: one.said for one in heard for pair in one.who.keys}
    late = {stray.unit: stray for stray in sorted(roster.strays, key=lambda one: one.handed.modified) if stray.unit}
    decided = [
        _decide(
            _with_wrong_year(entry, late.get(entry.unit), by_path),
            by_path,
            doubts.get(entry.unit, ""),
            next((before[pair] for pair in sorted(_keys(entry.unit)) if pair in before), ""),
            wanted,
        )
        for entry in mine
    ]
    drafts = tuple(one for one in decided if isinstance(one, Draft))
    withheld = [one for one in decided if isinstance(one, Withheld)]
    known_strays = [stray for stray in roster.strays if not stray.unit and not stray.handed.unread]
    withheld += [Withheld(None, stray.reason, stray.handed.path) for stray in known_strays]
    withheld += [Withheld(None, "无法读取，不知道是哪个单位的", one.path) for one in unread]
    unasked = tuple(one for one in decided if isinstance(one, Unasked))
    return Plan(drafts, tuple(withheld), unasked, _remarks(drafts, roster, len(units)))


def _with_wrong_year(entry: RosterLine, late: Stray | None, by_path: Mapping[str, Record]) -> RosterLine:
    """Where a unit handed in nothing but a workbook of another year, it is told of that one, and not that it is missing."""
    if late is None or entry.handed:
        return entry
    if any(line.code == WRONG_YEAR for line in by_path[late.handed.path].lines):
        return entry._replace(handed=(late.handed,))
    return entry._replace(notices=(f"“{quote(late.handed.path)}”{late.reason}",))


def _decide(
    entry: RosterLine, by_path: Mapping[str, Record], doubt: str, heard: str, wanted: Wanted
) -> Draft | Withheld | Unasked:
    """Which letter a unit gets.

    Args:
        entry: what it handed in.
        by_path: the results.
        doubt: why its result is not certain; or empty.
        heard: how it is known that it handed in before; or empty.
        wanted: which letters are asked for.
    """
    unit = entry.unit
    record = by_path[entry.newest.path] if entry.newest else None
    if record is None and entry.only_adds_up:
        return Unasked(unit, "只由下级单位汇总，不单独报送")
    if record is None and entry.notices:
        return Withheld(unit, f"{entry.notices[0]}；请用 xlcheck verify --year 核对后再发")
    if record is None and heard:
        return Unasked(unit, f"{heard}，不催报；请把以前的报送和这次的一起核对")
    if record is None and not wanted.remind:
        return Unasked(unit, "没有报送（要催报请加 --remind）")
    if record is not None and record.tally.conclusion == "passed" and not wanted.passed:
        return Unasked(unit, "审核通过（要告知请加 --passed）")
    reason = doubt or _mistrust(entry, by_path, record)
    if record is not None and record.status == "unreadable" and not _is_file(PurePath(record.path).name):
        reason = f"“{quote(record.path)}”无法读取，从名称看可能是它的"  # a folder, or a link: nothing that it sent
    if not reason and record is not None and not record.annotated and _kind(record, wanted) in ENCLOSING:
        reason = f"“{quote(record.path)}”{NO_COPY if record.document == 'text' else '没有审核副本，请重新运行 xlcheck verify'}"
    return Withheld(unit, reason) if reason else addressed(unit, _kind(record, wanted), record)


def addressed(unit: Unit, kind: LetterKind, record: Record | None, remarks: tuple[str, ...] = ()) -> Draft | Withheld:
    """A letter to a unit, or why it cannot be sent: the list has no address of the unit, or a wrong one."""
    try:
        to, cc = several(unit.email), several(unit.cc)
    except InvalidAddress as error:
        return Withheld(unit, str(error))
    if not to:
        return Withheld(unit, "名单里没有电子邮箱")
    twice = {address.key for address in to}
    return Draft(unit, kind, record, to, tuple(each for each in cc if each.key not in twice), remarks)


def _is_file(name: str) -> bool:
    return is_workbook(name) or may_be_report(name)


def _kind(record: Record | None, wanted: Wanted) -> LetterKind:
    if record is None:
        return "reminder"
    if record.status == "unreadable":
        return "unreadable"
    if wanted.notice:
        return "notice"
    return "review" if record.tally.needs_review else "passed" if record.status == "passed" else "failed"


def _mistrust(entry: RosterLine, by_path: Mapping[str, Record], record: Record | None) -> str:
    """Why the newest workbook is not certainly what the unit's letter must be about; empty if it is."""
    if record is None or record.status == "unreadable":
        return ""
    unit = entry.unit
    if not belongs(unit, record.unit, record.unit_code):
        front = front_of(record.document)
        return next((notice for notice in reversed(entry.notices) if notice.startswith(front)), f"{front}与名单不一致")
    rivals = [by_path[one.path] for one in entry.older if one.modified == record.modified]
    if any(not one.digest or one.digest != record.digest for one in rivals):
        return f"报送了 {len(entry.handed)} 份，修改时间相同，不能确定以哪一份为准"
    return ""


# --- doubts ----------------------------------------------------------------------------------------------------------


def _doubts(units: Sequence[Unit], roster: Roster, unreadable: Sequence[Record]) -> dict[Unit, str]:
    """Units whose result is not certain, and why."""
    names = Counter(name_key(unit.name) for unit in units)
    codes = Counter(code_key(unit.code) for unit in units if unit.code)
    alike = {unit for unit in units if names[name_key(unit.name)] > 1 or codes[code_key(unit.code)] > 1}
    single = [entry for entry in roster.entries if entry.unit not in alike]
    return {
        **dict.fromkeys(alike, "名单里有另一个单位与它的名称或代码相同"),
        **_strayed(single, roster.strays),
        **_behind(single, unreadable),
        **_unread(single, unreadable),
    }


def _strayed(entries: Iterable[RosterLine], strays: Iterable[Stray]) -> dict[Unit, str]:
    """Units that share a name or a code with a workbook of nobody: the last one of each."""
    last = {
        pair: (number, stray)
        for number, stray in enumerate(strays)
        if stray.unit is None
        for pair in identity(stray.handed.unit, stray.handed.code).keys
    }
    found: dict[Unit, str] = {}
    for entry in entries:
        if shared := [last[pair] for pair in _keys(entry.unit) if pair in last]:
            _, stray = max(shared, key=lambda one: one[0])
            found[entry.unit] = f"“{quote(stray.handed.path)}”可能也是它的：{stray.reason}"
    return found


def _unread(entries: Iterable[RosterLine], unreadable: Iterable[Record]) -> dict[Unit, str]:
    """Units whose name stands in that of an unreadable file no older than what they handed in: the last one of each."""
    named = {name_key(entry.unit.name): entry for entry in entries}
    lengths = {len(name) for name in named}
    found: dict[Unit, str] = {}
    for one in unreadable:
        for name in _pieces(name_key(PurePath(one.path).name), lengths) & named.keys():
            entry = named[name]
            if entry.newest is None or one.modified >= entry.newest.modified:
                found[entry.unit] = f"“{quote(one.path)}”无法读取，从文件名看可能是它的"
    return found


def _behind(entries: Iterable[RosterLine], unreadable: Iterable[Record]) -> dict[Unit, str]:
    """Units that handed in nothing, where a folder that is named after none of them was not looked into."""
    entries = list(entries)
    names = {name_key(entry.unit.name) for entry in entries}
    lengths = {len(name) for name in names}
    for one in unreadable:
        path = PurePath(one.path)
        if (
            path.suffix.lower() not in ENDINGS
            and one.path != STDIN
            and not _pieces(name_key(path.name), lengths) & names
        ):
            reason = f"文件夹“{quote(one.path)}”没有打开，可能已经报送在里面"
            return {entry.unit: reason for entry in entries if entry.newest is None}
    return {}


def _pieces(text: str, lengths: Iterable[int]) -> set[str]:
    """What of these lengths stands in a text; looking each up takes no longer for ten thousand units than for ten."""
    return {text[at : at + length] for length in lengths for at in range(len(text) - length + 1)}


def _remarks(drafts: Iterable[Draft], roster: Roster, listed: int) -> tuple[str, ...]:
    remarks = shared_mailboxes(drafts)
    if others := sum(len(entry.handed) for entry in roster.entries[listed:]):
        return (*remarks, f"另有 {others} 份报送表属于以前的名单里的单位，本次名单没有列出，没有处理")
    return remarks


def shared_mailboxes(drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Of addresses that several units share: whose they are, in a clerk's words."""
    shared: dict[str, list[str]] = {}
    for draft in drafts:
        for address in draft.recipients:
            shared.setdefault(address.key, []).append(draft.unit.name)
    return tuple(
        f"{key} 是 {len(names)} 个单位共用的邮箱：{'、'.join(map(quote, names))}"
        for key, names in shared.items()
        if len(names) > 1
    )


def _keys(unit: Unit) -> frozenset[tuple[str, str]]:
    return identity(unit.name, unit.code).keys
