"""Submissions to compare with, found in a file or folder: by unit code, then by name."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from xlcheck.files.content import read_bytes
from xlcheck.files.paths import absolute, exists, is_folder, workbooks
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form
from xlcheck.model.submission import Submission
from xlcheck.model.text import names
from xlcheck.reading.open import open_workbook
from xlcheck.roster.identity import code_key, name_key

_NAMED = 5
"""Of more files that could be meant only the first are named."""


class Earlier(NamedTuple):
    """One submission on the shelf; its numbers are read when they are needed."""

    path: Path
    """Absolute."""
    unit_code: str
    unit: str
    year: int | None


class Shelf(NamedTuple):
    """What was found, and what could not be read."""

    by_code: Mapping[str, tuple[Earlier, ...]]
    by_unit: Mapping[str, tuple[Earlier, ...]]
    unreadable: tuple[str, ...]
    """The paths of files that are no readable submissions."""

    def of(self, submission: Submission, besides: Path | None = None) -> tuple[Earlier, ...]:
        """The entries of the unit that handed in `submission`: by its code, or where that finds none, by its name."""
        itself = absolute(besides) if besides is not None else ""
        for entries in (
            self.by_code.get(code_key(submission.unit_code), ()) if submission.unit_code else (),
            self.by_unit.get(name_key(submission.unit), ()) if submission.unit else (),
        ):
            others = tuple(entry for entry in entries if str(entry.path) != itself)
            if others:
                return others
        return ()

    def paths(self) -> tuple[str, ...]:
        """Of all entries, each once, in order."""
        found = {str(entry.path) for group in (self.by_code, self.by_unit) for of in group.values() for entry in of}
        return tuple(sorted(found))


class Against(NamedTuple):
    """Other submissions to compare with."""

    last_year: Shelf | None = None
    """Last year's."""
    last_round: Shelf | None = None
    """Those before these ones."""


ALONE = Against()
"""Nothing to compare with."""


def stock(place: Path, form: Form) -> Shelf:
    """Look through a file or a folder (with what is below it).

    Raises:
        FileNotFoundError: there is nothing at `place`.
    """
    if not exists(place):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place))
    entries: list[Earlier] = []
    unreadable: list[str] = []
    for path in workbooks(place) if is_folder(place) else [place]:
        try:
            submission = submission_in(path, form)
        except Refused:
            unreadable.append(str(path))
            continue
        if submission.held:
            place_of = path if absolute(path) == str(path) else Path(absolute(path))
            entries.append(Earlier(place_of, submission.unit_code, submission.unit, submission.year))
        else:
            unreadable.append(str(path))
    return Shelf(
        _grouped((code_key(entry.unit_code), entry) for entry in entries),
        _grouped((name_key(entry.unit), entry) for entry in entries),
        tuple(unreadable),
    )


def _grouped(pairs: Iterable[tuple[str, Earlier]]) -> dict[str, tuple[Earlier, ...]]:
    found: dict[str, tuple[Earlier, ...]] = {}
    for key, entry in pairs:
        if key:
            found[key] = (*found.get(key, ()), entry)
    return found


def submission_in(path: Path, form: Form) -> Submission:
    """The submission in a file.

    Raises:
        Refused: it cannot be read.
    """
    return open_workbook(read_bytes(path), form).submission


def find(shelf: Shelf, submission: Submission, year: int | None, besides: Path | None = None) -> Earlier | str:
    """The one entry of the unit for `year`, or why there is none, in a clerk's words."""
    if not submission.unit and not submission.unit_code:
        return "封面没有填单位，无法找到对应的报送表"
    mine = shelf.of(submission, besides)
    if not mine:
        return f"没有找到“{submission.unit}”的报送表"
    fit = [entry for entry in mine if entry.year == year]
    if len(fit) == 1:
        return fit[0]
    if fit:
        some = names(entry.path.name for entry in fit[:_NAMED]) + ("等" if len(fit) > _NAMED else "")
        return f"找到“{submission.unit}”{year} 年的报送表 {len(fit)} 份，不能确定用哪一份：{some}"
    years = "、".join(sorted({str(entry.year or "未填年度") for entry in mine}))
    return f"只找到“{submission.unit}”{years} 的报送表，没有 {year if year else '对应年度'} 年的"
