"""What is the same in all workbooks that come of one template: what holds their sheets and texts together.

Of a filled workbook only worksheets and shared strings are its own. All other parts that a parser of ours reads, and how they
lead to each other, are judged here, and of the next workbook with the same ones they need not be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import dirname

from xlcheck.guard.container import Contents
from xlcheck.guard.limits import Limits
from xlcheck.guard.linked import Linked, linked
from xlcheck.guard.markup import has_long_tag, short_pieces, unfolded
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
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.numbers import MIB
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

STRINGS_SAID, _STYLES_SAID, _PROPERTIES_SAID = "文字表", "单元格格式", "文件属性"
_OTHERS = (
    (b"ms-excel.sheet.binary", "这是二进制工作簿（.xlsb），请用 Excel 或 WPS 另存为 .xlsx 后报送"),
    (b"wordprocessingml", "这是 Word 文档，请报送填报用的工作簿"),
    (b"presentationml", "这是演示文稿，请报送填报用的工作簿"),
    (b"ms-word", "这是 Word 文档，请报送填报用的工作簿"),
    (b"ms-powerpoint", "这是演示文稿，请报送填报用的工作簿"),
    (b"visio", "这是 Visio 绘图，请报送填报用的工作簿"),
)
_STEADY = (".rels", "[content_types].xml", "workbook.xml", "styles.xml", "custom.xml")
"""How the names of parts end, in small letters, that are mostly the same in all workbooks of a template."""
_MOST = MIB // 8
"""Bytes of all these parts above which nothing is remembered of them together."""


class Binding(NamedTuple):
    """What holds the sheets and texts of a workbook together."""

    names: Mapping[str, str]
    """How those parts are referred to that are spelt in another case in the container."""
    parts: Mapping[str, bytes]
    """What of itself is read, in UTF-8, by the names that others refer to it by."""
    links: Mapping[str, Sequence[Relationship]]
    """The relationships of each part that is reached; of the package itself under the empty name."""
    is_met_once: bool
    """Whether none of its parts is referred to more than once."""
    main: str
    main_links: Sequence[Relationship]
    """Those of the main part."""
    sheets: tuple[Listed, ...]
    titles: Mapping[str, str]
    """Of each worksheet, by its member."""
    strings: str
    """The member with the shared strings; empty for none."""
    styles: bytes | None
    """The formats, without comments."""
    filled: Mapping[str, str]
    """The worksheets and the shared strings, and what each is in a clerk's words."""
    must_be_strict: bool
    """Whether programs that cannot read one of these show the others without it."""

    def placed(self, parts: Mapping[str, bytes]) -> dict[str, bytes]:
        """The parts of a container by the names that others refer to them by, with what is read in UTF-8."""
        spelt = {self.names.get(name, name): data for name, data in parts.items()} if self.names else dict(parts)
        spelt.update(self.parts)
        return spelt


def bound_together(contents: Contents, limits: Limits, ask: Ask = afresh) -> Binding:
    """What holds a workbook together; `ask` may know it of another one.

    Raises:
        Refused: F101 damaged, F103 another kind of document, F104 beyond the limits.
    """
    names, unsure, respelt = tuple(contents.parts), contents.unsure, contents.respelt
    steady = tuple(one for one in contents.parts.items() if one[0].lower().endswith(_STEADY))
    if sum(len(data) for _, data in steady) <= _MOST:
        binding = ask(_known, b"", names, steady, unsure, respelt, limits)
        if binding is not None:
            return binding
    return _binding(names, contents.parts, unsure, respelt, limits, ask)


def odd_part(what: str) -> Refused:
    """F101: some programs do not find a part, or cannot read it."""
    return damaged(f"{what}的名称或文字编码不合规")


def said_of(title: str) -> str:
    """A worksheet in a clerk's words."""
    return f"工作表“{title}”"


class _Unknown(Exception):
    """Of a part that is read only the name is known."""


def _known(
    _: bytes,
    names: Sequence[str],
    steady: Sequence[tuple[str, bytes]],
    unsure: frozenset[str],
    respelt: frozenset[str],
    limits: Limits,
) -> Binding | None:
    """What holds a workbook together; None if other parts must be known for that."""
    try:
        return _binding(names, dict(steady), unsure, respelt, limits)
    except _Unknown:
        return None


def _binding(
    names: Sequence[str],
    known: Mapping[str, bytes],
    unsure: frozenset[str],
    respelt: frozenset[str],
    limits: Limits,
    ask: Ask = afresh,
) -> Binding:
    """What holds a workbook together with parts of these names, of which some are known besides.

    Raises:
        _Unknown: another one must be.
        Refused: as :func:`bound_together` does.
    """
    package = linked(Contents({name: known.get(name, b"") for name in names}, unsure, respelt), limits, ask)
    parts = package.parts
    unknown = {spelt for name, spelt in zip(names, parts, strict=True) if name not in known}
    is_odd = package.is_odd(TYPES)
    read = {TYPES: package.part(TYPES, TYPES_SAID, limits, ask)}
    _check_kind(read[TYPES])
    main = main_part(parts, ask)
    if main in unknown:
        raise _Unknown
    is_odd |= package.is_odd(rels_of("")) or package.is_odd(main)
    if not is_odd and package.is_odd(rels_of(main)):
        raise odd_part(LINKS_SAID)
    read[main] = package.part(main, BOOK_SAID, limits, ask)
    read[rels_of(main)] = package.part(rels_of(main), LINKS_SAID, limits, ask)
    parts.update(read)
    links = relations(parts, main, ask)
    sheets = tuple(listed(parts[main], links, ask))
    titles = _check_listed(sheets, limits)
    strings, styles = _strings(package, main, links), _beside(package, main, links, "styles")[:1]
    properties = [name for name in _properties(package) if name in parts]
    if not unknown.isdisjoint((*properties, *styles)):
        raise _Unknown
    read |= {name: package.part(name, _PROPERTIES_SAID, limits, ask) for name in properties}
    filled = {member: said_of(title) for member, title in titles.items()} | dict.fromkeys(strings, STRINGS_SAID)
    _check_filled(package, filled, strings, is_odd=is_odd)
    read |= {name: package.part(name, _STYLES_SAID, limits, ask) for name in styles}
    formats = unfolded(read[styles[0]]) if styles else None
    _check_slow_texts(read[main], formats or b"", limits, ask)
    reached = [target for found in package.links.values() for _, _, target in found if target in parts]
    return Binding(
        {name: spelt for name, spelt in zip(names, parts, strict=True) if name != spelt},
        {name: parts[name] for name in parts if name not in unknown and name not in filled} | read,
        package.links,
        len(set(reached)) == len(reached),
        main,
        links,
        sheets,
        titles,
        strings[0] if strings else "",
        formats,
        filled,
        not is_odd,
    )


def _check_filled(package: Linked, filled: Mapping[str, str], strings: Sequence[str], *, is_odd: bool) -> None:
    """The parts that each workbook has of its own, by their names and what a clerk calls them, can be found and read."""
    for name, what in filled.items():
        # Programs that do not find one part show the others without it.
        if not is_odd and package.is_unfound(name, in_any_case=name in strings):
            raise odd_part(what)
    for name, what in filled.items():
        package.check(name, what)


def _properties(package: Linked) -> Sequence[str]:
    """Where the custom document properties may be."""
    found = [target for _, kind, target in package.links.get("", ()) if kind.endswith("/custom-properties")]
    return found or [PROPERTIES]


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
