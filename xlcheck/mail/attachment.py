"""The annotated workbook of a letter: read once, and proved to be the unit's own and unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import NamedTuple

from xlcheck import guard
from xlcheck.check import choose_form
from xlcheck.copies.seal import is_whole
from xlcheck.files import COPIES, read_bytes
from xlcheck.guard import Refused
from xlcheck.mail.plan import belongs
from xlcheck.read import read
from xlcheck.record import Record
from xlcheck.submission import Submission
from xlcheck.units import Unit, file_stem
from xlcheck.wording import quote


class Unfit(Exception):
    """An attachment that must not be sent; the message says why, for a clerk."""


class Attachment(NamedTuple):
    """A workbook that goes with a letter."""

    name: str
    """Its file name, free of everything that a mail program or a disk could take amiss."""
    data: bytes
    content: str
    """SHA-256 of what the workbook holds. The bytes of two copies that hold the same differ in the times of the zip."""


def fetch(folder: Path, record: Record, unit: Unit, form: str | None) -> Attachment:
    """Read the annotated copy of `record` once; what was proved are the bytes that are sent.

    Raises:
        Unfit: it cannot be read, was changed since it was written, or is not the unit's.
    """
    path = folder / record.annotated
    try:
        data = read_bytes(path)
    except Refused as refused:
        raise Unfit(f"审核副本“{quote(path.name)}”{refused.reason}") from refused
    if not is_whole(data, PurePath(record.path).name):
        raise Unfit(f"审核副本“{quote(path.name)}”在核对之后被改动过，请重新运行 xlcheck verify")
    submission, content = opened(data, form)
    if reason := stranger(submission, unit):
        raise Unfit(f"审核副本“{quote(path.name)}”{reason}")
    if submission.year != record.year:
        raise Unfit(f"审核副本“{quote(path.name)}”的报告年度与核对结果不一致，请重新运行 xlcheck verify")
    return Attachment(f"{file_stem(path.name.partition(COPIES[0])[0])}{COPIES[0]}xlsx", data, content)


def opened(data: bytes, form: str | None) -> tuple[Submission, str]:
    """What a workbook holds, and SHA-256 of all of it.

    Raises:
        Unfit: it cannot be read.
    """
    try:
        package = guard.admit(data)
        return read(package, data, choose_form(package, form)), _content(package.parts)
    except Refused as refused:
        raise Unfit(f"附件打不开：{refused.reason}") from refused


def stranger(submission: Submission, unit: Unit) -> str:
    """Why a workbook is not the unit's, by its own cover; empty if it is."""
    if belongs(unit, submission.unit, submission.unit_code):
        return ""
    code = f"（{quote(submission.unit_code)}）" if submission.unit_code else ""
    return f"封面的单位是“{quote(submission.unit) or '（空）'}”{code}，不是“{quote(unit.name)}”"


def _content(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(f"{name}\0{hashlib.sha256(parts[name]).hexdigest()}\n".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
