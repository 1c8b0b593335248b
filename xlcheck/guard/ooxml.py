"""An OOXML workbook (ECMA-376): its parts, before calamine or openpyxl sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from posixpath import dirname, join

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import check_xml, has_long_tag, is_xml, local_name, scan, short_pieces
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import WORKBOOK, Relationship, relationships, sheets_of
from xlcheck.guard.sheet import Census, area_of, census, shared_text
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.text import entered

_WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_STRINGS = "xl/sharedstrings.xml"
_TYPES = "[Content_Types].xml"
_MAIN = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.spreadsheetml\.(?:sheet|template)"
    rb"|ms-excel\.(?:sheet|template|addin)\.macroEnabled)\.main\+xml"
)
_OTHERS = (
    (b"ms-excel.sheet.binary", "这是二进制工作簿（.xlsb）"),
    (b"wordprocessingml", "这是 Word 文档"),
    (b"presentationml", "这是演示文稿"),
    (b"ms-word", "这是 Word 文档"),
    (b"ms-powerpoint", "这是演示文稿"),
    (b"visio", "这是 Visio 绘图"),
)
_CLAIM = re.compile(rb"""uniqueCount\s*=\s*["']\s*\+?([0-9]{1,40})""")
_CELLS, _EARLY = b"sheetData", 2_048
_UNFOLDED = 5
"""Steps openpyxl goes along relationships at most: package, workbook, sheet, drawing, chart or picture."""


def check_ooxml(parts: Mapping[str, bytes], limits: Limits, ask: Ask = afresh) -> None:
    """Refuse what is no workbook, or one that harms a parser.

    `ask` may know what was found out about members of other files.

    Raises:
        Refused: F101 damaged, F103 another kind of document, F104 beyond the limits.
    """
    _check_kind(parts, ask)
    _check_slow_texts(parts, limits, ask)
    links = {name: ask(relationships, data, name) for name, data in parts.items() if name.endswith(".rels")}
    sheets, tables = _check_parts(parts, _string_tables(parts, links), limits, ask)
    titles = _check_sheets_listed(parts, links.get(_WORKBOOK_RELS, ()), limits, ask)
    _check_links(parts, links, limits)
    _check_ranged(parts, links, limits)
    _check_cells(sheets, tables, titles, limits, ask)


def _check_slow_texts(parts: Mapping[str, bytes], limits: Limits, ask: Ask) -> None:
    """Bound the texts that openpyxl matches with expressions which take quadratic time."""
    if ask(_squares, parts[WORKBOOK]) > limits.name_chars**2:
        raise too_much("工作簿中的名称过长")
    if ask(has_long_tag, parts.get(_STYLES, b""), limits.style_tag_bytes):
        raise too_much("单元格格式过长")


def _squares(workbook: bytes) -> int:
    """The summed squares of the longer texts and tags; 0 where there are none."""
    if short_pieces(workbook, 512):
        return 0
    return sum(len(piece) ** 2 for piece in workbook.split(b"<") if len(piece) > 256)


def _string_tables(parts: Mapping[str, bytes], links: Mapping[str, Sequence[Relationship]]) -> set[str]:
    """Members that some parser takes for the table of shared strings: by name, or by relationship."""
    # One parser goes by the name and one by the relationship: two tables would be read differently.
    linked = {target for found in links.values() for _, kind, target in found if kind.endswith("/sharedStrings")}
    tables = linked & parts.keys() | {name for name in parts if name.lower() == _STRINGS}
    if len(tables) > 1:
        raise damaged("有两份文字表")
    return tables


def _check_parts(
    parts: Mapping[str, bytes], strings: set[str], limits: Limits, ask: Ask
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Check each member as XML, if it is; give the sheets and the string tables.

    A sheet is whatever says ``sheetData``, wherever a relationship may find it.
    """
    sheets, tables = {}, {}
    tags = other_tags = 0
    for name, data in parts.items():
        # A sheet says so early on, and is the same in no other file.
        look = afresh if _CELLS in data[:_EARLY] else ask
        found = look(_looked_at, data, name, limits)
        if found is None:
            continue
        holds_cells, count = found
        if holds_cells:
            sheets[name] = data
        if name in strings:
            tables[name] = data
        if holds_cells or name in strings:
            tags += count
        else:
            other_tags += count
    if other_tags > limits.other_tags or tags > limits.tags:
        raise too_much("文件中的格式、名称或图形过多")
    return sheets, tables


def _looked_at(data: bytes, name: str, limits: Limits) -> tuple[bool, int] | None:
    """Whether a member that is checked as XML holds cells, and how many tags; None for any other."""
    holds_cells = _CELLS in data
    if not holds_cells and not is_xml(name, data):
        return None
    check_xml(name, data, limits)
    return holds_cells, _tags(data)


def _tags(data: bytes) -> int:
    """Tags of a part; an upper bound for a small one, where counting would cost more than it tells."""
    return len(data) // 4 if len(data) < 65_536 else data.count(b"<")


def _check_kind(parts: Mapping[str, bytes], ask: Ask) -> None:
    """The content type of the main part says what kind of document it is (ECMA-376 part 2, 10.1.2)."""
    types = parts.get(_TYPES, b"")
    if _MAIN.search(types):
        if WORKBOOK not in parts:
            raise damaged("缺少工作簿部分")
        return ask(_check_main_part, types)
    for mark, what in _OTHERS:
        if mark in types:
            raise Refused("F103", f"{what}，不是报表工作簿，请用 Excel 或 WPS 另存为 .xlsx 后报送")
    raise Refused("F103", "不是 Excel、WPS 或 LibreOffice 的工作簿，请另存为 .xlsx 后报送")


def _check_main_part(types: bytes) -> None:
    """calamine goes to the usual place, openpyxl to where the content types say: they must be one."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        main = local_name(tag) == "Override" and _MAIN.fullmatch(attributes.get("ContentType", "").encode())
        if main and attributes.get("PartName", "").lower() != f"/{WORKBOOK}":
            raise damaged("工作簿部分不在应在的位置")

    scan(_TYPES, types, start)


def _check_sheets_listed(
    parts: Mapping[str, bytes], links: Sequence[Relationship], limits: Limits, ask: Ask
) -> dict[str, str]:
    """The title of each sheet by its member; two titles for one member would be read twice."""
    listed = sheets_of(parts, links, ask)
    if len(listed) > limits.sheets:
        raise too_much(f"有 {len(listed):,} 张工作表")
    members = [member.lower() for _, member in listed if member]
    if len(set(members)) != len(members) or len({title.lower() for title, _ in listed}) != len(listed):
        raise damaged("工作表目录有重复")
    return {member: entered(title) for title, member in listed}


def _check_links(parts: Mapping[str, bytes], links: Mapping[str, Sequence[Relationship]], limits: Limits) -> None:
    """Bound what a parser loads that follows every relationship, loops included."""
    if sum(map(len, links.values())) > limits.links:
        raise too_much("文件内的链接过多")
    below = {}
    for name, found in links.items():
        source = join(dirname(dirname(name)), name.rpartition("/")[2].removesuffix(".rels"))
        below[source] = [target for _, _, target in found if target in parts]
    own = {name: len(data) for name, data in parts.items()}
    total = dict.fromkeys(below, 0) | own
    for _ in range(_UNFOLDED):
        total |= {name: own.get(name, 0) + sum(total[target] for target in targets) for name, targets in below.items()}
    if max(total.values()) > limits.unfolded_bytes:
        raise too_much("文件内的图片或图形被重复引用过多")


def _check_ranged(parts: Mapping[str, bytes], links: Mapping[str, Sequence[Relationship]], limits: Limits) -> None:
    """A comment belongs to one cell; a table without columns makes openpyxl read its whole range."""
    for found in links.values():
        for _, kind, target in found:
            if kind.endswith(("/comments", "/table")) and target in parts:
                _check_refs(target, parts[target], limits)


def _check_refs(name: str, data: bytes, limits: Limits) -> None:
    refs: dict[str, list[str]] = {"comment": [], "table": []}
    columns = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal columns
        tag = local_name(tag)
        if tag in refs:
            refs[tag].append(attributes.get("ref", ""))
        columns += tag == "tableColumn"

    scan(name, data, start)
    try:
        if any(map(area_of, refs["comment"])) or (not columns and sum(map(area_of, refs["table"])) > limits.area):
            raise too_much(f"{name} 中批注或表格的范围过大")
    except ValueError:
        raise damaged(f"{name} 中有不合规的单元格位置") from None


def _check_cells(
    sheets: Mapping[str, bytes], tables: Mapping[str, bytes], titles: Mapping[str, str], limits: Limits, ask: Ask
) -> None:
    """Count the cells of all sheets together, and the text that they show."""
    counts = {name: census(titles.get(name, name), data, limits, ask) for name, data in sheets.items()}
    whole = Census(*map(sum, zip(Census(0, 0, 0, 0), *counts.values(), strict=True)))
    if whole.cells > limits.cells:
        raise too_much("单元格或行过多（含只有格式的空白行列）")
    if whole.area > limits.area:
        raise too_much("合并单元格或超链接的范围过大")
    if whole.rules > limits.rules:
        raise too_much("条件格式、数据有效性等规则过多")
    if whole.cells / limits.cells + whole.area / limits.area + whole.rules / limits.rules > 1:
        raise too_much("单元格、合并区域和规则合计过多")
    # calamine reserves memory for as many strings as this claims, before it reads one.
    if any(int(claim) > limits.strings for table in tables.values() for claim in _CLAIM.findall(table)):
        raise damaged("文字表的个数不正确")
    if sum(table.count(b"<") for table in tables.values()) > 2 * limits.strings:
        raise too_much("文字表中的标记过多")
    size = sum(map(len, tables.values()))
    if size > limits.string_bytes:
        raise too_much(f"文字内容超过 {limits.string_bytes >> 20} MB")
    if size * whole.strings > limits.text_bytes:
        _check_text(tables.values(), sheets, titles, limits)


def _check_text(
    tables: Iterable[bytes], sheets: Mapping[str, bytes], titles: Mapping[str, str], limits: Limits
) -> None:
    """Bound the text of all cells: each gets a copy of its shared string."""
    lengths = [len(piece) for table in tables for piece in re.split(rb"<(?:[^\s<>/:]{1,99}:)?si[\s/>]", table)[1:]]
    strings = sum(data.count(b"<") for data in sheets.values()) // 2
    if max(lengths, default=0) * strings <= limits.text_bytes:
        return
    shown = sum(shared_text(titles.get(name, name), data, limits, lengths) for name, data in sheets.items())
    if shown > limits.text_bytes:
        raise too_much(f"单元格文字合计超过 {limits.text_bytes >> 20} MB")
