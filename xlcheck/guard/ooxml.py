"""An OOXML workbook (ECMA-376): its parts, before calamine, or where a form is drafted openpyxl, sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from posixpath import dirname

from xlcheck.guard.budget import PER_ODD_TAG, SPARSE, Budget
from xlcheck.guard.clean import Values
from xlcheck.guard.container import Contents
from xlcheck.guard.formats import dated
from xlcheck.guard.limits import Limits
from xlcheck.guard.linked import Linked, linked
from xlcheck.guard.markup import check_whole, has_long_tag, is_xml, local_name, scan, short_pieces, unfolded
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import (
    BOOK_SAID,
    LINKS_SAID,
    MAIN_TYPE,
    PROPERTIES,
    TYPES,
    TYPES_SAID,
    Listed,
    Relationship,
    listed,
    main_part,
    relations,
    rels_of,
)
from xlcheck.guard.plain import PlainBook, PlainCells, plain_cells
from xlcheck.guard.sheet import Census, area_of, census, least_weight, shared_text
from xlcheck.guard.sheet_list import check_list
from xlcheck.guard.spelling import check_spelling, is_plainly_spelt, shared_strings
from xlcheck.guard.texts import SharedStrings
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

_STRINGS_SAID, _STYLES_SAID, _PROPERTIES_SAID = "文字表", "单元格格式", "文件属性"
_OTHERS = (
    (b"ms-excel.sheet.binary", "这是二进制工作簿（.xlsb），请用 Excel 或 WPS 另存为 .xlsx 后报送"),
    (b"wordprocessingml", "这是 Word 文档，请报送填报用的工作簿"),
    (b"presentationml", "这是演示文稿，请报送填报用的工作簿"),
    (b"ms-word", "这是 Word 文档，请报送填报用的工作簿"),
    (b"ms-powerpoint", "这是演示文稿，请报送填报用的工作簿"),
    (b"visio", "这是 Visio 绘图，请报送填报用的工作簿"),
)
_CLAIM = re.compile(rb"""uniqueCount\s*=\s*["']\s*\+?([0-9]{1,40})""")
_SMALL = 65_536
"""Bytes of a part whose tags are not counted one by one."""
_UNFOLDED = 5
"""Steps along relationships that openpyxl, where a form is drafted, goes at most: package, workbook, sheet, drawing, chart or picture."""


class Workbook(NamedTuple):
    """A workbook that harms no parser."""

    parts: dict[str, bytes]
    """Its parts by the names that others refer to them by; those that a parser of ours reads are in UTF-8."""
    plain: PlainBook
    values: Values
    """What a parser needs to read it."""


class _Read(NamedTuple):
    """What parsers of ours read of a workbook."""

    sheets: dict[str, bytes]
    strings: bytes | None
    styles: bytes | None


def check_ooxml(contents: Contents, limits: Limits, budget: Budget, ask: Ask = afresh) -> Workbook:
    """Refuse what is no workbook, or one that harms a parser; what no parser of ours reads may be as it is.

    Its sheets are taken from the budget. `ask` may know what was found out about members of other files.

    Raises:
        Refused: F101 damaged, F103 another kind of document, F104 beyond the limits.
    """
    package = linked(contents, limits, ask)
    parts = package.parts
    is_odd = package.is_odd(TYPES)
    parts[TYPES] = package.part(TYPES, TYPES_SAID, limits, ask)
    _check_kind(parts[TYPES])
    main = main_part(parts, ask)
    is_odd |= package.is_odd(rels_of("")) or package.is_odd(main)
    if not is_odd and package.is_odd(rels_of(main)):
        raise damaged(f"{LINKS_SAID}的名称或文字编码不合规")
    parts[main] = package.part(main, BOOK_SAID, limits, ask)
    parts[rels_of(main)] = package.part(rels_of(main), LINKS_SAID, limits, ask)
    links = relations(parts, main, ask)
    sheets = listed(parts[main], links, ask)
    titles = _check_listed(sheets, limits)
    read = _read(package, main, links, titles, is_odd, limits, ask)
    _check_slow_texts(parts[main], read.styles or b"", limits, ask)
    _check_tags(parts, titles, limits, ask)
    _check_links(parts, package.links, limits)
    _check_ranged(parts, package.links, limits)
    looks = {member: _look(data, f"工作表“{titles[member]}”", limits, ask) for member, data in read.sheets.items()}
    read = read._replace(sheets={member: look.data for member, look in looks.items()})
    budget.charge_grid(_check_cells(read.sheets, looks, read.strings, titles, limits, ask), SPARSE)
    texts, cells, odd = _check_one_reading(parts[main], parts[rels_of(main)], links, titles, read, looks, budget, ask)
    days = frozenset[int]() if read.styles is None else ask(dated, read.styles)
    by_title = {sheet.title: cells[sheet.member] for sheet in sheets if sheet.member in cells}
    return Workbook(
        parts,
        PlainBook(tuple(sheet.title for sheet in sheets), by_title, texts, days),
        Values(parts[main], tuple(sheets), {**read.sheets, **odd}, read.strings, read.styles),
    )


class _Look(NamedTuple):
    """A worksheet without comments and instructions, and what a look at its cells tells."""

    data: bytes
    plain: PlainCells | None


def _look(data: bytes, what: str, limits: Limits, ask: Ask) -> _Look:
    """Look at a worksheet, unless it holds too much to be looked at."""
    if len(data) > limits.cells and least_weight(data) > limits.cells:
        return _Look(_unfolded(data, what), None)
    plain = plain_cells(data, ask)
    if plain and not ask(_is_folded, plain.around):
        return _Look(data, plain)
    bare = _unfolded(data, what)
    return _Look(bare, plain if bare is data else plain_cells(bare, ask))


def _is_folded(data: bytes) -> bool:
    return unfolded(data) is not data


def _check_one_reading(
    workbook: bytes,
    rels: bytes,
    links: Sequence[Relationship],
    titles: Mapping[str, str],
    read: _Read,
    looks: Mapping[str, _Look],
    budget: Budget,
    ask: Ask,
) -> tuple[Sequence[str] | None, Mapping[str, PlainCells], Mapping[str, bytes]]:
    """Refuse what is spelt so that programs could read different values.

    Answers the shared strings and the sheets that are plainly spelt, as far as they are, and others as a parser may have them.
    """
    space = ask(check_list, workbook, rels, tuple(link[0] for link in links))
    strings = SharedStrings(0, ()) if read.strings is None else shared_strings(read.strings, space)
    cells: dict[str, PlainCells] = {}
    odd: dict[str, bytes] = {}
    for member, data in read.sheets.items():
        plain, title = looks[member].plain, titles.get(member, member)
        if plain is not None and is_plainly_spelt(plain, title, strings.total, space, ask):
            cells[member] = plain
        else:
            budget.charge(work=PER_ODD_TAG * data.count(b"<"))
            odd[member] = ask(check_spelling, data, title, strings.total, space)
    return strings.texts, cells, odd


def _check_kind(types: bytes) -> None:
    """The content type of the main part says what kind of document it is (ECMA-376 part 2, 10.1.2)."""
    if MAIN_TYPE.search(types):
        return
    for mark, what in _OTHERS:
        if mark in types:
            raise Refused("F103", what)
    raise Refused("F103", "不是 Excel、WPS 或 LibreOffice 的工作簿，请另存为 .xlsx 后报送")


def _check_listed(sheets: Sequence[Listed], limits: Limits) -> dict[str, str]:
    """The title of each worksheet by its member; two titles for one member would be read twice."""
    if len(sheets) > limits.sheets:
        raise too_much(f"有 {len(sheets):,} 张工作表")
    if not any(sheet.member for sheet in sheets):
        raise damaged("工作表目录不完整")
    members = [sheet.member.lower() for sheet in sheets if sheet.member]
    if len(set(members)) != len(members) or len({sheet.title.lower() for sheet in sheets}) != len(sheets):
        raise damaged("工作表目录有重复")
    # Sheets of charts, dialogs and macros of old have no cells that belong to a form.
    return {sheet.member: entered(sheet.title) for sheet in sheets if sheet.kind == "worksheet"}


def _read(
    package: Linked,
    main: str,
    links: Sequence[Relationship],
    titles: Mapping[str, str],
    is_odd: bool,
    limits: Limits,
    ask: Ask,
) -> _Read:
    """What is read of the workbook, put among the parts in UTF-8 and checked as XML.

    `is_odd` says whether other programs open nothing of the workbook, so that none shows a part of it.
    """
    parts = package.parts
    properties = [target for _, kind, target in package.links.get("", ()) if kind.endswith("/custom-properties")]
    for name in properties or [PROPERTIES]:
        if name in parts:
            parts[name] = package.part(name, _PROPERTIES_SAID, limits, ask)
    strings, styles = _strings(package, main, links), _beside(package, main, links, "styles")
    said = {member: f"工作表“{title}”" for member, title in titles.items()} | dict.fromkeys(strings, _STRINGS_SAID)
    for name, what in said.items():
        # Programs that do not find one part, or cannot read it, show the others without it.
        if not is_odd and package.is_odd(name, in_any_case=name in strings):
            raise damaged(f"{what}的名称或文字编码不合规")
    said |= dict.fromkeys(styles[:1], _STYLES_SAID)
    for name, what in said.items():
        parts[name] = package.part(name, what, limits, afresh if name in titles else ask)
    return _Read(
        {member: parts[member] for member in titles},
        _unfolded(parts[strings[0]], _STRINGS_SAID) if strings else None,
        unfolded(parts[styles[0]]) if styles else None,
    )


def _unfolded(data: bytes, what: str) -> bytes:
    """A part without comments, whose comments are such as every parser passes over."""
    bare = unfolded(data)
    if bare is not data:
        check_whole(data, what)
    return bare


def _strings(package: Linked, main: str, links: Sequence[Relationship]) -> list[str]:
    """The table of shared strings, or nothing; one that only has the name of one is none for some programs."""
    found = _beside(package, main, links, "sharedStrings")
    targets = [target for _, kind, target in links if kind.endswith("/sharedStrings")]
    if len(found) > 1 or len(set(targets)) > 1:
        raise damaged("有两份文字表")
    return found if targets and targets[0] in found else []


def _beside(package: Linked, main: str, links: Sequence[Relationship], kind: str) -> list[str]:
    """The members that some program takes for a part of the workbook: by relationship, or else by name."""
    linked_ = [target for _, type_, target in links if type_.endswith(f"/{kind}")]
    usual = f"{dirname(main)}/{kind}.xml".removeprefix("/").lower()
    named = [name for name in package.parts if name.lower() == usual]
    there = [name for name in linked_ if name in package.parts or name.lower() in package.unsure]
    return list(dict.fromkeys([*there, *named]))


def _check_slow_texts(workbook: bytes, styles: bytes, limits: Limits, ask: Ask) -> None:
    """Bound the texts that openpyxl, where a form is drafted, matches with expressions which take quadratic time."""
    if ask(_squares, workbook) > limits.name_chars**2:
        raise too_much("工作簿中的名称过长")
    if ask(has_long_tag, styles, limits.style_tag_bytes):
        raise too_much("单元格格式过长")


def _squares(workbook: bytes) -> int:
    """The summed squares of the longer texts and tags; 0 where there are none."""
    if short_pieces(workbook, 512):
        return 0
    return sum(len(piece) ** 2 for piece in workbook.split(b"<") if len(piece) > 256)


def _check_tags(parts: Mapping[str, bytes], titles: Mapping[str, str], limits: Limits, ask: Ask) -> None:
    """Bound the tags of all parts: those with cells, also another workbook's, and texts; all others are looked through for marks."""
    if all(len(data) < _SMALL for data in parts.values()):
        most = sum(map(len, parts.values())) // 4
        if most <= min(limits.tags, limits.other_tags):
            return  # whatever these parts are
    tags = other_tags = 0
    for name, data in parts.items():
        if name in titles or name.lower().endswith("sharedstrings.xml") or b"sheetData" in data:
            tags += _tags(data)
        elif is_xml(name, data):
            other_tags += ask(_tags, data)
    if other_tags > limits.other_tags or tags > limits.tags:
        raise too_much("文件中的格式、名称或图形过多")


def _tags(data: bytes) -> int:
    """Tags of a part; an upper bound for a small one, where counting would cost more than it tells."""
    return len(data) // 4 if len(data) < _SMALL else data.count(b"<")


def _check_links(parts: Mapping[str, bytes], links: Mapping[str, Sequence[Relationship]], limits: Limits) -> None:
    """Bound what a parser loads that follows every relationship, loops included."""
    reached = [target for found in links.values() for _, _, target in found if target in parts]
    if len(set(reached)) == len(reached) and (_UNFOLDED + 1) * sum(map(len, parts.values())) <= limits.unfolded_bytes:
        return  # no more than one step leads to any part, so that none is met more than once at each step
    below = {source: [target for _, _, target in found if target in parts] for source, found in links.items()}
    own = {name: len(data) for name, data in parts.items()}
    total = dict.fromkeys(below, 0) | own
    for _ in range(_UNFOLDED):
        total |= {name: own.get(name, 0) + sum(total[target] for target in targets) for name, targets in below.items()}
    if max(total.values()) > limits.unfolded_bytes:
        raise too_much("文件内的图片或图形被重复引用过多")


def _check_ranged(parts: Mapping[str, bytes], links: Mapping[str, Sequence[Relationship]], limits: Limits) -> None:
    """A comment belongs to one cell; of a table without columns openpyxl, which drafts forms, reads the range."""
    for found in links.values():
        for _, kind, target in found:
            if kind.endswith(("/comments", "/table")) and target in parts:
                _check_refs(parts[target], limits)


def _check_refs(data: bytes, limits: Limits) -> None:
    """What cannot be read of it is nobody's harm: no parser of ours reads it unless it is to be changed."""
    refs: dict[str, list[str]] = {"comment": [], "table": []}
    columns = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal columns
        tag = local_name(tag)
        if tag in refs:
            refs[tag].append(attributes.get("ref", ""))
        columns += tag == "tableColumn"

    try:
        scan("批注或表格", data, start)
        large = any(map(area_of, refs["comment"])) or (not columns and sum(map(area_of, refs["table"])) > limits.area)
    except (Refused, ValueError):
        return
    if large:
        raise too_much("批注或表格的范围过大")


def _check_cells(
    sheets: Mapping[str, bytes],
    looks: Mapping[str, _Look],
    table: bytes | None,
    titles: Mapping[str, str],
    limits: Limits,
    ask: Ask,
) -> int:
    """Count the cells of all sheets together, and the text that they show; answers what they take laid out densely."""
    counts = {name: census(titles[name], data, looks[name].plain, limits, ask) for name, data in sheets.items()}
    whole = Census(*map(sum, zip(Census(0, 0, 0, 0, 0), *counts.values(), strict=True)))
    if whole.cells > limits.cells:
        raise too_much("单元格或行过多（含只有格式的空白行列）")
    if whole.area > limits.area:
        raise too_much("合并单元格或超链接的范围过大")
    if whole.rules > limits.rules:
        raise too_much("条件格式、数据有效性等规则过多")
    if whole.cells / limits.cells + whole.area / limits.area + whole.rules / limits.rules > 1:
        raise too_much("单元格、合并区域和规则合计过多")
    if table is not None:
        _check_strings(table, whole.strings, sheets, titles, limits)
    return whole.grid


def _check_strings(
    table: bytes, shown: int, sheets: Mapping[str, bytes], titles: Mapping[str, str], limits: Limits
) -> None:
    """Bound the table of shared strings, of which `shown` cells show one."""
    # calamine reserves memory for as many strings as this claims, before it reads one.
    if any(int(claim) > limits.strings for claim in _CLAIM.findall(table)):
        raise damaged("文字表的个数不正确")
    if table.count(b"<") > 2 * limits.strings:
        raise too_much("文字表中的标记过多")
    if len(table) > limits.string_bytes:
        raise too_much(f"文字内容超过 {limits.string_bytes >> 20} MB")
    if len(table) * shown > limits.text_bytes:
        _check_text(table, sheets, titles, limits)


def _check_text(table: bytes, sheets: Mapping[str, bytes], titles: Mapping[str, str], limits: Limits) -> None:
    """Bound the text of all cells: each gets a copy of its shared string."""
    lengths = [len(piece) for piece in re.split(rb"<(?:[^\s<>/:]{1,99}:)?si[\s/>]", table)[1:]]
    strings = sum(data.count(b"<") for data in sheets.values()) // 2
    if max(lengths, default=0) * strings <= limits.text_bytes:
        return
    if sum(shared_text(titles[name], data, limits, lengths) for name, data in sheets.items()) > limits.text_bytes:
        raise too_much(f"单元格文字合计超过 {limits.text_bytes >> 20} MB")
