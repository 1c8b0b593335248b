"""The list of reporting units: what its columns are called, and what each line says."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from xlcheck.model.errors import Error
from xlcheck.model.labels import fold
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.codes import typed_code
from xlcheck.roster.identity import identity

_OTHERS = ((b"<", "网页或 XML"), (b"%PDF", " PDF 文件"))
"""What is often given for a list and is none, by what it begins with."""
_LONGEST = 2_000
"""Characters of a cell of the list: no name is so long, and few lists of addresses for copies."""
_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("单位名称", "name", "单位全称", "单位", "名称", "部门名称", "部门", "机构名称", "机关名称", "填报单位", "报送单位"),
    "code": ("统一社会信用代码", "code", "社会信用代码", "信用代码", "代码", "单位代码", "机构代码"),
    "email": ("电子邮箱", "email", "e-mail", "邮箱", "邮箱地址", "电子邮件", "联系邮箱"),
    "parent": ("上级单位", "parent", "上级", "上级主管部门", "主管部门", "主管单位"),
    "contact": ("联系人", "contact", "联系人姓名"),
    "cc": ("抄送", "cc", "抄送邮箱"),
    "phone": ("联系电话", "phone", "电话", "电话号码", "手机", "手机号", "手机号码", "办公电话"),
    "reports": ("是否报送", "reports"),
}  # fmt: skip
"""What the columns are called, after folding; the first is what we call them, and earlier ones are taken first."""

_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_HEAD_WITHIN = 10
"""Lines among which the heads are looked for: titles and notes stand above them."""
_ANSWERS = {"": "", "是": "是", "yes": "是", "true": "是", "否": "否", "no": "否", "false": "否"}
_SUMS = frozenset({"合计", "总计", "小计", "共计"})
"""What stands in place of a name in a line that counts the others."""
_DELIMITERS = ("\t", "，", "；", ";")
"""What may part the cells of a line where its heads hold no comma."""
_TOLD = 5
"""Of more lines that cannot be used only the first are told."""


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
    phone: str = ""
    """联系电话."""
    reports: str = ""
    """是否报送: 是, 否, or empty where the list does not say."""


class UnitList(NamedTuple):
    """The units of a list, and what a person should know of it."""

    units: tuple[Unit, ...]
    doubts: tuple[str, ...] = ()
    """Codes that are oddly written or cannot be right, each with its line, in a clerk's words."""


class Listing(NamedTuple):
    """A sheet that may hold a list, as texts."""

    name: str
    """Of the sheet; empty for a file that has none."""
    lines: Sequence[Sequence[str]]
    """From its first line on."""


def parse_units(data: bytes) -> UnitList:
    """The units of a CSV file.

    UTF-8 with or without a mark, GB 18030 as Chinese Excel saves CSV, or UTF-16 as it saves "Unicode text".

    Raises:
        InvalidUnits: it is no CSV, or as :func:`list_units` says.
    """
    if other := next((kind for mark, kind in _OTHERS if data.lstrip().startswith(mark)), ""):
        raise InvalidUnits(f"这是{other}，不是名单；请把名单另存为 .xlsx 或 CSV 后再用")
    text = _decode(data)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    try:
        lines = list(rows)
    except csv.Error as error:
        raise InvalidUnits(f"第 {rows.line_num} 行不是正确的 CSV，引号可能不成对") from error
    return list_units([Listing("", lines)])


def list_units(sheets: Sequence[Listing]) -> UnitList:
    """The units of one list that stands on one or several sheets.

    Columns are known by their heads, which stand in one of the first lines; only 单位名称 must be there. Sheets without it
    are no part of the list.

    Raises:
        InvalidUnits: no such column, or lines without a name, with a code that is lost, or with a unit that is listed twice:
            the first of them are all told.
    """
    units: list[Unit] = []
    doubts: list[str] = []
    faults: list[str] = []
    seen: dict[tuple[str, str], str] = {}
    found = [(sheet, at) for sheet in sheets if (at := _head(sheet.lines)) is not None]
    if not found:
        raise InvalidUnits(_no_head(sheets))
    for sheet, (number, columns) in found:
        named = f"工作表“{sheet.name}”" if len(found) > 1 else ""
        for line, row in enumerate(sheet.lines[number + 1 :], start=number + 2):
            place = f"{named}第 {line} 行"
            try:
                unit = _unit(row, columns, place, doubts)
                if unit is not None:
                    _enter(unit, seen, place)
                    units.append(unit)
            except InvalidUnits as fault:
                faults.append(fault.message)
    if faults:
        more = [f"还有 {len(faults) - _TOLD} 行也不能用"] if len(faults) > _TOLD else []
        raise InvalidUnits("\n".join((*faults[:_TOLD], *more)))
    if not units:
        raise InvalidUnits("没有列出任何单位，请在表头下面每行填一个单位")
    return UnitList(tuple(units), tuple(doubts))


def _enter(unit: Unit, seen: dict[tuple[str, str], str], place: str) -> None:
    """Enter what a unit is known by, and where it stands."""
    keys = identity(unit.name, unit.code).keys
    for key in sorted(keys, reverse=True):
        if key in seen:
            said = unit.name if key[0] == "name" else unit.code
            raise InvalidUnits(f"{place}的“{said}”与{seen[key]}重复，请只留一行")
    seen |= dict.fromkeys(keys, place)


def _unit(row: Sequence[str], columns: Mapping[str, int], place: str, doubts: list[str]) -> Unit | None:
    """The unit of a line; None where all columns that we know are blank there."""
    texts = {key: _cell(row[at], place) if at < len(row) else "" for key, at in columns.items()}
    if not any(texts.values()):
        return None
    if not texts["name"]:
        raise InvalidUnits(f"{place}没有单位名称，请补上，或者删除这一行")
    if reason := _no_name(texts["name"]):
        raise InvalidUnits(f"{place}的单位名称是“{texts['name']}”，{reason}")
    if texts.get("code"):
        typed = typed_code(texts["code"])
        if not typed.code:
            raise InvalidUnits(f"{place}的统一社会信用代码{typed.doubt}")
        if typed.doubt:
            doubts.append(f"{place}的统一社会信用代码{typed.doubt}")
        texts["code"] = typed.code
    if texts.get("reports"):
        answer = _ANSWERS.get(fold(texts["reports"]).lower())
        if answer is None:
            raise InvalidUnits(f"{place}“是否报送”一列是“{texts['reports']}”，请填“是”或“否”")
        texts["reports"] = answer
    return Unit(**texts)


def _no_name(text: str) -> str:
    """Why a text can be no unit's name; empty if it may be one."""
    name = _plain(text)
    if name in _SUMS or name.replace(".", "").isdecimal():
        return "不是单位的名称；合计行、序号请从名单里删除"
    if any(name in known for key, known in _HEADS.items() if key != "name"):
        return "像是填报表的一项，不是单位名单；请指定单位名单，一行一个单位"
    return ""


# --- the heads -------------------------------------------------------------------------------------------------------


def _head(lines: Sequence[Sequence[str]]) -> tuple[int, Mapping[str, int]] | None:
    """The number of the line with the heads, from 0, and by what a column means where it stands."""
    for number, row in enumerate(lines[:_HEAD_WITHIN]):
        heads = [_plain(cell) for cell in row]
        columns = {
            key: next((heads.index(name) for name in known if name in heads), None) for key, known in _HEADS.items()
        }
        if columns["name"] is not None and (number == 0 or sum(map(bool, heads)) > 1 or _is_alone(lines[number + 1 :])):
            return number, {key: at for key, at in columns.items() if at is not None}
    return None


def _is_alone(lines: Iterable[Sequence[str]]) -> bool:
    """Whether lines have nothing beyond their first filled cell."""
    return all(sum(bool(cell.strip()) for cell in row) <= 1 for row in lines)


def _plain(head: str) -> str:
    """A head as it is compared: without blanks, line ends, marks, and what stands in brackets."""
    return _BRACKETS.sub("", fold(head)).strip("*:").lower()


def _no_head(sheets: Sequence[Listing]) -> str:
    said = "第 1 行要有“单位名称”一列的表头"
    first = next((row for sheet in sheets for row in sheet.lines if any(cell.strip() for cell in row)), None)
    if first is None:
        return f"{said}；现在是空的"
    some = "”“".join(entered(cell, 20).strip() for cell in first[:5] if cell.strip())
    return f"{said}；没有找到，最上面一行是“{some}”"


# --- texts -----------------------------------------------------------------------------------------------------------


def _delimiter(text: str) -> str:
    """What parts the cells of a line, by the first one."""
    head = text.partition("\n")[0]
    return "," if "," in head else next((sign for sign in _DELIMITERS if sign in head), ",")


def _cell(text: str, place: str) -> str:
    # A list of addresses that is cut would be another list.
    if len(text) > _LONGEST:
        raise InvalidUnits(f"{place}有一格超过 {_LONGEST:,} 个字，请核对")
    return entered(text, _LONGEST).strip()


def _decode(data: bytes) -> str:
    codings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in codings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidUnits("不是 UTF-8 或 GB 18030 编码的文本，请用 Excel 或 WPS 另存为 .xlsx 后再用")
