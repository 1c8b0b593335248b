"""The list of reporting units (CSV)."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

from xlcheck.model.errors import Error
from xlcheck.roster.identity import identity

_HEADS = {
    "name": ("name", "单位名称", "单位", "名称"),
    "code": ("code", "统一社会信用代码", "代码", "单位代码"),
    "email": ("email", "电子邮箱", "邮箱"),
    "parent": ("parent", "上级单位", "上级"),
    "contact": ("contact", "联系人"),
    "cc": ("cc", "抄送"),
}


class InvalidUnits(Error):
    """A list of units that cannot be used; the message says why and in which line, for a clerk."""

    code = "units"


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
    seen: dict[tuple[str, str], int] = {}
    for line, row in enumerate(table[1:], start=2):
        if not any(row):
            continue
        unit = Unit(**{key: row[at] if at is not None and at < len(row) else "" for key, at in columns.items()})
        if not unit.name:
            raise InvalidUnits(f"第 {line} 行没有单位名称")
        keys = identity(unit.name, unit.code).keys
        for key in sorted(keys, reverse=True):
            if key in seen:
                said = unit.name if key[0] == "name" else unit.code
                raise InvalidUnits(f"第 {line} 行的“{said}”与第 {seen[key]} 行重复")
        seen |= dict.fromkeys(keys, line)
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
