"""The list of reporting units, and file names made of their names."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import NamedTuple

from xlcheck.files.names import COPIES, is_skipped
from xlcheck.model.text import clean

_HEADS = {
    "name": ("name", "单位名称", "单位", "名称"),
    "code": ("code", "统一社会信用代码", "代码", "单位代码"),
    "email": ("email", "电子邮箱", "邮箱"),
    "parent": ("parent", "上级单位", "上级"),
    "contact": ("contact", "联系人"),
    "cc": ("cc", "抄送"),
}
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|\Z)")
_LONGEST = 180
"""Bytes of a file name in UTF-8: Linux takes 255, Windows as many characters, and endings and folders come on top."""


class InvalidUnits(ValueError):
    """A list of units that cannot be used; the message says why and in which line, for a clerk."""


class Unit(NamedTuple):
    """One reporting unit."""

    name: str
    code: str = ""
    """统一社会信用代码."""
    email: str = ""
    """电子邮箱; several are parted by semicolons or commas."""
    parent: str = ""
    """The name or code of the unit above (上级单位), as the list gives it."""
    contact: str = ""
    """Who is written to (联系人)."""
    cc: str = ""
    """抄送: who gets a copy of each letter; parted like `email`."""


def parse_units(data: bytes) -> tuple[Unit, ...]:
    """The units of a CSV file, by the names of its columns; only name (单位名称) must be there.

    The others are code (统一社会信用代码), email (电子邮箱), parent (上级单位), contact (联系人) and cc (抄送).

    UTF-8 with or without a mark, or GB 18030 as Chinese Excel saves CSV.

    Raises:
        InvalidUnits: no name column, an empty name, or a unit listed twice.
    """
    rows = csv.reader(io.StringIO(_decode(data), newline=""), strict=True)
    try:
        table = [[cell.strip() for cell in row] for row in rows]
    except csv.Error as error:
        raise InvalidUnits(f"第 {rows.line_num} 行不是正确的 CSV，引号可能不成对") from error
    head = [cell.lower() for cell in table[0]] if table else []
    columns = {key: next((head.index(name) for name in known if name in head), None) for key, known in _HEADS.items()}
    if columns["name"] is None:
        raise InvalidUnits("第 1 行要有“name”（或“单位名称”）一列")
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(table[1:], start=2):
        if not any(row):
            continue
        unit = Unit(**{key: row[at] if at is not None and at < len(row) else "" for key, at in columns.items()})
        if not unit.name:
            raise InvalidUnits(f"第 {line} 行没有单位名称")
        for identity in filter(None, (unit.name, unit.code)):
            if identity in seen:
                raise InvalidUnits(f"第 {line} 行的“{identity}”与第 {seen[identity]} 行重复")
            seen[identity] = line
        units.append(unit)
    if not units:
        raise InvalidUnits("没有列出任何单位")
    return tuple(units)


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidUnits("不是 UTF-8 或 GB 18030 编码的文本")


def file_stem(name: str) -> str:
    """A file name without ending that Windows, macOS and Linux all take, made of a unit's name."""
    stem = clean(_UNSAFE.sub("_", unicodedata.normalize("NFC", name)))
    for part in COPIES:
        # A folder's search passes over our copies, and must not pass over this.
        stem = stem.replace(part, part.replace(".", "_"))
    stem = stem.encode("utf-8")[:_LONGEST].decode("utf-8", "ignore").strip(" .")
    if _RESERVED.match(stem) or is_skipped(f"{stem}.xlsx"):
        stem = f"_{stem}"
    return stem or "_"


def file_stems(units: tuple[Unit, ...]) -> tuple[str, ...]:
    """One file name a unit; equal ones, also those that differ in case only, are told apart by code or number."""
    taken: set[str] = set()
    stems: list[str] = []
    for unit in units:
        stem = file_stem(unit.name)
        if stem.casefold() in taken and unit.code:
            stem = f"{file_stem(unit.name[:40])}_{file_stem(unit.code[:20])}"
        number, free = 2, stem
        while free.casefold() in taken:
            free = f"{stem}_{number}"
            number += 1
        taken.add(free.casefold())
        stems.append(free)
    return tuple(stems)
