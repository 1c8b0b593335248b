"""The workbook that goes with a letter: read once, and proved to be the unit's own and unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

from xlcheck.copies.seal import is_whole
from xlcheck.files.content import read_bytes
from xlcheck.files.names import COPIES, original_name
from xlcheck.mail.sending.plan import ENCLOSING, Draft, belongs
from xlcheck.model.errors import Error, Refused
from xlcheck.model.submission import Submission
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms, OpenedReport, open_submission
from xlcheck.results.record import Record
from xlcheck.roster.stems import file_stem
from xlcheck.roster.units import Unit


class Unfit(Error):
    """An attachment that must not be sent; the message says why, for a clerk."""

    code = "attachment"


class Enclosure(NamedTuple):
    """A workbook that goes with a letter."""

    name: str
    """Its file name, free of everything that a mail program or a disk could take amiss."""
    data: bytes
    content: str
    """SHA-256 of what the workbook holds. The bytes of two copies that hold the same differ in the times of the zip."""


class Offered(NamedTuple):
    """A file that is to go with a letter, before anybody looked into it."""

    name: str
    """What the letter calls it."""
    data: bytes
    year: int | None
    """The year that it must be about."""
    original: str = ""
    """The name of the file that it is the annotated copy of; empty for a template."""

    @property
    def said(self) -> str:
        """What a clerk calls it."""
        return f"{'审核副本' if self.original else '填报表'}“{quote(self.name)}”"


def copies_in(folder: Path) -> Callable[[Draft], Offered | None]:
    """The annotated copies of a folder of results, each read once: what is proved from then on are the bytes that are sent."""

    def attached(draft: Draft) -> Offered | None:
        return _copy(folder, draft.record) if draft.record and draft.kind in ENCLOSING else None

    return attached


def _copy(folder: Path, record: Record) -> Offered:
    path = folder / record.annotated
    try:
        data = read_bytes(path)
    except Refused as refused:
        raise Unfit(f"审核副本“{quote(path.name)}”{refused.message}") from refused
    return Offered(copy_name(record.annotated), data, record.year, original_name(PurePath(record.path).name))


def copy_name(annotated: str) -> str:
    """What a letter calls an annotated copy, of whose path we are given."""
    name = PurePath(annotated).name
    return f"{file_stem(name.partition(COPIES[0])[0])}{COPIES[0]}{_ending(name)}"


def enclose(offered: Offered, unit: Unit, forms: Forms) -> Enclosure:
    """What goes with the letter to a unit.

    Raises:
        Unfit: it cannot be read, was changed since it was written, or is not the unit's.
    """
    if offered.original and not is_whole(offered.data, offered.original):
        raise Unfit(f"{offered.said}在核对之后被改动过，请重新运行 xlcheck verify")
    submission, content = open_enclosure(offered.data, forms)
    if reason := stranger(submission, unit):
        raise Unfit(f"{offered.said}{reason}")
    if submission.year != offered.year:
        raise Unfit(f"{offered.said}的报告年度与核对结果不一致，请重新运行 xlcheck verify")
    return Enclosure(offered.name, offered.data, content)


def open_enclosure(data: bytes, forms: Forms) -> tuple[Submission, str]:
    """What a workbook holds, and SHA-256 of all of it.

    Raises:
        Unfit: it cannot be read.
    """
    try:
        workbook = open_submission(data, forms)
    except Refused as refused:
        raise Unfit(f"附件打不开：{refused.message}") from refused
    if isinstance(workbook, OpenedReport):
        return workbook.submission, hashlib.sha256(data).hexdigest()
    return workbook.submission, _content(workbook.package.parts)


def _ending(name: str) -> str:
    """How the name of a copy ends, without the dot."""
    return PurePath(name).suffix.lower().removeprefix(".") or "xlsx"


def stranger(submission: Submission, unit: Unit) -> str:
    """Why a workbook is not the unit's, by its own cover; empty if it is."""
    if belongs(unit, submission.unit, submission.unit_code):
        return ""
    code = f"（{quote(submission.unit_code)}）" if submission.unit_code else ""
    return f"{submission.front}的单位是“{quote(submission.unit) or '（空）'}”{code}，不是“{quote(unit.name)}”"


def _content(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(f"{name}\0{hashlib.sha256(parts[name]).hexdigest()}\n".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
