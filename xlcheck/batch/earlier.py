"""Submissions to compare with, found in a file or folder: by unit code, then by name."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.batch.found import workbooks
from xlcheck.files.content import read_bytes
from xlcheck.files.names import may_be_report
from xlcheck.files.paths import absolute, exists, is_folder
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form
from xlcheck.model.submission import Submission
from xlcheck.model.text import names, quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, open_submission
from xlcheck.roster.identity import code_key, identity, name_key
from xlcheck.roster.roll import NOBODY, Roll, is_short_for, roll_of
from xlcheck.workers.calls import Bounds
from xlcheck.workers.spread import BOUNDS, Task, crew_for, in_child, spread

if TYPE_CHECKING:  # most runs have no list of units, and startup time counts
    from xlcheck.checking.copying import Original
    from xlcheck.checking.explanations import SaidBefore
    from xlcheck.roster.units import Unit

_NAMED = 5
"""Of more files that could be meant only the first are named."""


class Earlier(NamedTuple):
    """One submission on the shelf; of many the numbers are read when they are needed."""

    path: Path
    """Absolute."""
    shown: str
    """The same as it was given, or found in a folder that was given."""
    unit_code: str
    unit: str
    year: int | None
    read: Submission | None = None
    """All of it, where there is no other file: it is large enough to be read once only, and one has room."""
    content: bytes | None = None
    """Its bytes, where it is no file; its path is then only what it is called."""


class Shelf(NamedTuple):
    """What was found, and what could not be read."""

    by_code: Mapping[str, tuple[Earlier, ...]]
    by_unit: Mapping[str, tuple[Earlier, ...]]
    unreadable: tuple[str, ...]
    """The paths of files that are no readable submissions."""
    listed: Roll = NOBODY
    """The codes and names of the list of units."""
    certain: Earlier | None = None
    """The one that is the unit's whatever the two covers say, where somebody knows; without a year it fits any."""

    def paths(self) -> tuple[str, ...]:
        """Of all entries, each once, in order."""
        return tuple(sorted(str(entry.path) for entry in self.entries()))

    def entries(self) -> Collection[Earlier]:
        """All of them, each once."""
        return {
            entry.path: entry for group in (self.by_code, self.by_unit) for of in group.values() for entry in of
        }.values()


class Against(NamedTuple):
    """What is collected, and other submissions to compare with."""

    last_year: Shelf | None = None
    """Last year's."""
    last_round: Shelf | None = None
    """Those before these ones."""
    year: int | None = None
    """The year that is collected; None for any."""
    original: Original | None = None
    """What the numbers were copied from."""
    said: tuple[SaidBefore, ...] = ()
    """What was said of warnings in the rounds before that of `last_round`."""


ALONE = Against()
"""Nothing to compare with."""


class Stocking(NamedTuple):
    """How files are read that nobody has looked at: each in a process that it alone can bring down."""

    form: Form
    bounds: Bounds = BOUNDS
    """What one file may take."""
    file_bytes: int = LIMITS.file_bytes
    """Of the largest file that is read."""
    workers: int | None = None
    """How many files at a time; None for what the machine has."""
    keeps: bool = False
    """Whether an entry holds all that was read."""


def stock(place: Path, reading: Stocking, listed: Iterable[Unit] = ()) -> Shelf:
    """Look through a file or a folder (with what is below it).

    Args:
        place: the file or the folder.
        reading: as what it is read, and how.
        listed: the list of units, which tells units that were renamed from those that use another's code.

    Raises:
        FileNotFoundError: there is nothing at `place`.
        WorkersLost: the processes that read fail.
    """
    if not exists(place):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place))
    missed: dict[str, str] = {}
    paths = list(workbooks(place, missed.__setitem__)) if is_folder(place) else [place]
    reading = reading._replace(keeps=len(paths) == 1)
    entries: list[Earlier] = []
    unreadable: list[str] = []
    with crew_for(len(paths), reading.workers) as crew:
        for path, entry in zip(
            paths, spread(Task(entry_of, _no_entry, reading, reading.bounds), paths, crew), strict=True
        ):
            if entry is None:
                if path == place or not may_be_report(path.name):  # a document in a folder may be anything
                    unreadable.append(str(path))
            else:
                entries.append(entry)
    return shelf_of(entries, (*unreadable, *missed), listed)


def shelf_of(entries: Sequence[Earlier], unreadable: Iterable[str] = (), listed: Iterable[Unit] = ()) -> Shelf:
    """The shelf that holds these entries; see :func:`stock`."""
    return Shelf(
        _grouped((code_key(entry.unit_code), entry) for entry in entries),
        _grouped((name_key(entry.unit), entry) for entry in entries),
        tuple(unreadable),
        roll_of(listed),
    )


def entry_of(path: Path, reading: Stocking) -> Earlier | None:
    """What is on the shelf of a file, read in this process; None for no readable submission."""
    try:
        submission = submission_in(path, Forms(usual=reading.form), reading.file_bytes)
    except Refused:
        return None
    if not submission.held:
        return None
    place = path if absolute(path) == str(path) else Path(absolute(path))
    kept = submission if reading.keeps else None
    return Earlier(place, str(path), submission.unit_code, submission.unit, submission.year, kept)


def _no_entry(path: Path, reason: str, reading: Stocking) -> None:
    del path, reason, reading


def _grouped(pairs: Iterable[tuple[str, Earlier]]) -> dict[str, tuple[Earlier, ...]]:
    found: dict[str, tuple[Earlier, ...]] = {}
    for key, entry in pairs:
        if key:
            found[key] = (*found.get(key, ()), entry)
    return found


def submission_behind(entry: Earlier, form: Form, reading: Form | Forms) -> Submission:
    """All of an entry's submission: what is kept of it as `form`, or else read in this process.

    Raises:
        Refused: it cannot be read, or no longer.
    """
    if entry.read is not None and entry.read.form == form:
        return entry.read
    if entry.content is not None:
        return open_submission(entry.content, reading).submission
    return submission_in(entry.path, reading)


def submission_in(path: Path, form: Form | Forms, file_bytes: int = LIMITS.file_bytes) -> Submission:
    """The submission in a file, read in this process.

    Raises:
        Refused: it cannot be read.
    """
    return open_submission(read_bytes(path, file_bytes), form, LIMITS._replace(file_bytes=file_bytes)).submission


def submission_alone(path: Path, form: Form | Forms) -> Submission:
    """The submission in a file, read in a process that it alone can bring down.

    Raises:
        Refused: it cannot be read.
    """
    answer: Submission | Refused = in_child(Task(_submission, _lost, form), path)
    if isinstance(answer, Refused):
        raise answer
    return answer


def _submission(path: Path, form: Form | Forms) -> Submission | Refused:
    try:
        return submission_in(path, form)
    except Refused as refused:
        return refused


def _lost(path: Path, reason: str, form: Form | Forms) -> Refused:
    del path, form
    return Refused("F105", reason)


def find(shelf: Shelf, submission: Submission, year: int | None, besides: Path | None = None) -> Earlier | str:
    """The one entry of the unit for `year`, or why there is none, in a clerk's words.

    By code, or where the shelf has no such code, by name. An entry of the same code under another name is taken only
    where it is certainly the same unit's: one of the two may have used another's code.

    Args:
        shelf: where it is looked for.
        submission: whose entry is looked for.
        year: of the entry.
        besides: the submission's own file, which is never compared with itself.
    """
    if shelf.certain is not None:
        fits = shelf.certain.year in (None, year)
        return (
            shelf.certain
            if fits
            else f"只有 {shelf.certain.year} 年的报送表，没有{f' {year} 年' if year else '上一年度'}的"
        )
    if not submission.unit and not submission.unit_code:
        return f"{submission.front}没有填单位，无法找到对应的报送表"
    itself = absolute(besides) if besides is not None else ""
    by_code, by_name = (
        [entry for entry in entries if str(entry.path) != itself]
        for entries in (
            shelf.by_code.get(code_key(submission.unit_code), ()),
            shelf.by_unit.get(name_key(submission.unit), ()),
        )
    )
    fit = [entry for entry in by_code or by_name if entry.year == year]
    named = [entry for entry in fit if name_key(entry.unit) == name_key(submission.unit)]
    fit = named or fit
    if len(fit) > 1:
        some = names(entry.path.name for entry in fit[:_NAMED]) + ("等" if len(fit) > _NAMED else "")
        return f"找到“{submission.unit}”{year} 年的报送表 {len(fit)} 份，不能确定用哪一份：{some}"
    if fit:
        return _anothers(fit[0], submission, by_name, shelf.listed) or fit[0]
    mine = by_code or by_name
    if not mine and itself and itself in shelf.paths():
        return "指明的就是这个文件本身"
    if not mine:
        return f"没有找到“{submission.unit}”的报送表"
    years = "、".join(sorted({f"{entry.year} 年" if entry.year else "未填年度" for entry in mine}))
    return f"只找到“{submission.unit}”{years}的报送表，没有{f' {year} 年' if year else '上一年度'}的"


def _anothers(entry: Earlier, submission: Submission, by_name: Sequence[Earlier], listed: Roll) -> str:
    """Why an entry is not certainly the unit's, in a clerk's words; empty if it is."""
    mine, theirs = identity(submission.unit, submission.unit_code), identity(entry.unit, entry.unit_code)
    if not mine.name or not theirs.name or mine.name == theirs.name:
        return ""
    if not by_name and (listed.is_renamed(mine, theirs) or is_short_for(mine.name, theirs.name)):
        return ""
    return (
        f"“{quote(entry.path.name)}”的代码与本表相同，单位名称却是“{quote(entry.unit)}”，不能确定是不是同一单位的；"
        "请核对代码；确是同一单位更名的，请用 --units 给出有这个代码的单位名单"
    )
