"""An OOXML workbook (ECMA-376): its parts, before calamine, or where a form is drafted openpyxl, sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlcheck.guard.binding import STRINGS_SAID, Binding, bound_together, odd_part, said_of
from xlcheck.guard.budget import PER_ODD_TAG, SPARSE, Budget
from xlcheck.guard.clean import Values
from xlcheck.guard.container import Contents
from xlcheck.guard.formats import dated
from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import check_whole, is_strict, is_xml, local_name, readable, scan, unfolded
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.parts import Relationship, rels_of
from xlcheck.guard.plain import PlainBook, PlainCells, plain_cells
from xlcheck.guard.sheet import Census, area_of, census, least_weight, shared_text
from xlcheck.guard.sheet_list import check_list
from xlcheck.guard.spelling import check_spelling, is_plainly_spelt, shared_strings
from xlcheck.guard.texts import SharedStrings
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

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


def check_ooxml(contents: Contents, limits: Limits, budget: Budget, ask: Ask = afresh) -> Workbook:
    """Refuse what is no workbook, or one that harms a parser; what no parser of ours reads may be as it is.

    Its sheets are taken from the budget. `ask` may know what was found out about members of other files.

    Raises:
        Refused: F101 damaged, F103 another kind of document, F104 beyond the limits.
    """
    binding = bound_together(contents, limits, ask)
    parts, titles = binding.placed(contents.parts), binding.titles
    for name, what in binding.filled.items():
        # Programs that cannot read one part show the others without it.
        if binding.must_be_strict and not is_strict(parts[name]):
            raise odd_part(what)
        parts[name] = readable(parts[name], what, limits)
    strings = _unfolded(parts[binding.strings], STRINGS_SAID) if binding.strings else None
    _check_tags(parts, titles, limits, ask)
    _check_links(parts, binding, limits)
    _check_ranged(parts, binding.links, limits)
    looks = {member: ask(_look, parts[member], said_of(title), limits.cells, ask) for member, title in titles.items()}
    read = {member: look.data for member, look in looks.items()}
    budget.charge_grid(_check_cells(read, looks, strings, titles, limits, ask), SPARSE)
    days = frozenset[int]() if binding.styles is None else ask(dated, binding.styles)
    texts, cells, odd = _check_one_reading(parts, binding, read, strings, looks, budget, ask)
    by_title = {sheet.title: cells[sheet.member] for sheet in binding.sheets if sheet.member in cells}
    return Workbook(
        parts,
        PlainBook(tuple(sheet.title for sheet in binding.sheets), by_title, texts, days),
        Values(parts[binding.main], binding.sheets, {**read, **odd}, strings, binding.styles),
    )


class _Look(NamedTuple):
    """A worksheet without comments and instructions, and what a look at its cells tells."""

    data: bytes
    plain: PlainCells | None


def _look(data: bytes, what: str, most: int, ask: Ask) -> _Look:
    """Look at a worksheet, unless it holds more cells than `most`."""
    if len(data) > most and least_weight(data) > most:
        return _Look(_unfolded(data, what), None)
    plain = plain_cells(data, ask)
    if plain and not ask(_is_folded, plain.around):
        return _Look(data, plain)
    bare = _unfolded(data, what)
    return _Look(bare, plain if bare is data else plain_cells(bare, ask))


def _is_folded(data: bytes) -> bool:
    return unfolded(data) is not data


def _check_one_reading(
    parts: Mapping[str, bytes],
    binding: Binding,
    sheets: Mapping[str, bytes],
    table: bytes | None,
    looks: Mapping[str, _Look],
    budget: Budget,
    ask: Ask,
) -> tuple[Sequence[str] | None, Mapping[str, PlainCells], Mapping[str, bytes]]:
    """Refuse what is spelt so that programs could read different values.

    Answers the shared strings and the sheets that are plainly spelt, as far as they are, and others as a parser may have them.
    """
    keys = tuple(link[0] for link in binding.main_links)
    space = ask(check_list, parts[binding.main], parts[rels_of(binding.main)], keys)
    strings = SharedStrings(0, ()) if table is None else shared_strings(table, space)
    cells: dict[str, PlainCells] = {}
    odd: dict[str, bytes] = {}
    for member, data in sheets.items():
        plain, title = looks[member].plain, binding.titles[member]
        if plain is not None and is_plainly_spelt(plain, title, strings.total, space, ask):
            cells[member] = plain
        else:
            budget.charge(work=PER_ODD_TAG * data.count(b"<"))
            odd[member] = ask(check_spelling, data, title, strings.total, space)
    return strings.texts, cells, odd


def _unfolded(data: bytes, what: str) -> bytes:
    """A part without comments, whose comments are such as every parser passes over."""
    bare = unfolded(data)
    if bare is not data:
        check_whole(data, what)
    return bare


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


def _check_links(parts: Mapping[str, bytes], binding: Binding, limits: Limits) -> None:
    """Bound what a parser loads that follows every relationship, loops included."""
    if binding.is_met_once and (_UNFOLDED + 1) * sum(map(len, parts.values())) <= limits.unfolded_bytes:
        return  # no more than one step leads to any part, so that none is met more than once at each step
    below = {source: [target for _, _, target in found if target in parts] for source, found in binding.links.items()}
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
