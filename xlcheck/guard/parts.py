"""The parts of an OOXML package (ECMA-376): relationships, the workbook, its sheets, and the names of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from posixpath import dirname, normpath

from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.errors import damaged
from xlcheck.model.tuples import NamedTuple

_REF = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")


LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # ECMA-376 part 1, 18.18.7 and the limits of every program that writes it
_COLUMN = "XFD"  # the last one


def position(ref: str) -> tuple[int, int]:
    """``D5`` → ``(4, 3)``, in either case, as calamine and openpyxl take it.

    Raises:
        ValueError: `ref` is no cell within the sheet.
    """
    match = _REF.match(ref)
    if not match:
        raise ValueError(ref)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if not 0 < row <= LAST_ROW or column > _LAST_COLUMN:
        raise ValueError(ref)
    return row - 1, column - 1


def block(ref: str) -> tuple[int, int, int, int]:
    """``A1:C3`` → ``(0, 0, 2, 2)``: top, left, bottom and right; ``A:C`` are whole columns, ``1:3`` whole rows.

    Raises:
        ValueError: `ref` is no range within the sheet.
    """
    first, _, last = ref.replace("$", "").partition(":")
    last = last or first
    if ":" in ref and first.isalpha() and last.isalpha():
        first, last = f"{first}1", f"{last}{LAST_ROW}"
    elif ":" in ref and first.isdecimal() and last.isdecimal():
        first, last = f"A{first}", f"{_COLUMN}{last}"
    (top, left), (bottom, right) = position(first), position(last)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


TYPES = "[Content_Types].xml"
"""The part that says what each part is (ECMA-376 part 2, 10.1.2)."""
MAIN_TYPE = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.spreadsheetml\.(?:sheet|template)"
    rb"|ms-excel\.(?:sheet|template|addin)\.macroEnabled)\.main\+xml"
)
"""What a workbook part is."""
PROPERTIES = "docProps/custom.xml"
"""Where the custom document properties usually are (ECMA-376 part 1, 22.3)."""
TYPES_SAID, LINKS_SAID, BOOK_SAID = "文件目录", "文件内部的链接", "工作表目录"
"""What these parts are, in a clerk's words."""

_STRAY_SHEET = rb"[<:]sheet[\s/>]"

Relationship = tuple[str, str, str]
"""Id, type and target; the target is a member's name, or empty when it lies outside."""


class Listed(NamedTuple):
    """A sheet of the workbook's list."""

    title: str
    member: str
    """Where it is; empty where no relationship says so."""
    kind: str
    """The last step of that relationship's type: ``worksheet``, ``chartsheet``."""
    state: str
    """``visible``, ``hidden`` or ``veryHidden`` (ECMA-376 part 1, 18.18.68)."""


@lru_cache(maxsize=1024)
def rels_of(source: str) -> str:
    """Where the relationships of a part stand; of the package itself if `source` is empty."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels".removeprefix("/")


def relations(parts: Mapping[str, bytes], source: str, ask: Ask = afresh) -> Sequence[Relationship]:
    """The relationships of a part (ECMA-376 part 2, 9.3); `source` is empty for the package itself.

    Raises:
        Refused: F101 not well-formed.
    """
    rels = rels_of(source)
    return ask(relationships, parts[rels], rels) if rels in parts else ()


def relationships(data: bytes, rels: str) -> Sequence[Relationship]:
    """What the part of that name with these bytes lists.

    Raises:
        Refused: F101 not well-formed.
    """
    found: list[Relationship] = []
    folder = dirname(dirname(rels))

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship":
            target = "" if attributes.get("TargetMode") == "External" else attributes.get("Target", "")
            found.append((attributes.get("Id", ""), attributes.get("Type", ""), _resolve(folder, target)))

    scan(LINKS_SAID, data, start)
    return tuple(found)


def _resolve(folder: str, target: str) -> str:
    """The member that a target in a part of `folder` names; empty for none."""
    target = target.partition("#")[0].replace("\\", "/")
    if "%" in target:
        from urllib.parse import unquote  # late: rare, and startup time counts

        target = unquote(target)
    if not target:
        return ""
    path = target if target.startswith("/") or not folder else f"{folder}/{target}"
    return normpath(path).lstrip("/") if "." in path.replace(".xml", "") or "//" in path else path.lstrip("/")


def main_part(parts: Mapping[str, bytes], ask: Ask = afresh) -> str:
    """The workbook part: where the package's relationships lead to, or else what its list of types says.

    Raises:
        Refused: F101 not well-formed, or there is none.
    """
    for _, kind, target in relations(parts, "", ask):
        if kind.endswith("/officeDocument") and target in parts:
            return target
    declared = [name for name in ask(main_types, parts.get(TYPES, b"")) if name in parts]
    if not declared:
        raise damaged("缺少工作簿部分")
    return declared[0]


def main_types(types: bytes) -> Sequence[str]:
    """The parts that the list of types calls a workbook.

    Raises:
        Refused: F101 not well-formed.
    """
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Override" and MAIN_TYPE.fullmatch(attributes.get("ContentType", "").encode()):
            found.append(attributes.get("PartName", "").removeprefix("/"))

    if types:
        scan(TYPES_SAID, types, start)
    return tuple(found)


def sheets_of(parts: Mapping[str, bytes], ask: Ask = afresh) -> list[tuple[str, str]]:
    """Title and member name of every sheet, in the workbook's order (ECMA-376 part 1, 18.2.19).

    Raises:
        Refused: F101 not well-formed.
    """
    main = main_part(parts, ask)
    return [(sheet.title, sheet.member) for sheet in listed(parts[main], relations(parts, main, ask), ask)]


def listed(workbook: bytes, links: Sequence[Relationship], ask: Ask = afresh) -> list[Listed]:
    """The sheets that a workbook part lists; `links` are its relationships.

    Raises:
        Refused: F101 not well-formed.
    """
    targets = {key: (target, kind.rpartition("/")[2]) for key, kind, target in links}
    return [Listed(title, *targets.get(key, ("", "")), state) for title, key, state in ask(_listed, workbook)]


def _listed(workbook: bytes) -> Sequence[tuple[str, str, str]]:
    """Title, relationship and state of every sheet."""
    found: list[tuple[str, str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet":
            key = next((value for name, value in attributes.items() if local_name(name) == "id"), "")
            found.append((attributes.get("name", ""), key, attributes.get("state", "visible")))

    scan(BOOK_SAID, _sheet_list(workbook), start)
    return tuple(found)


def _sheet_list(workbook: bytes) -> bytes:
    """The part of a workbook that lists its sheets, or all of it if another part could.

    A workbook of 200 names spends most of its scan on them.
    """
    begin, end = workbook.find(b"<sheets>"), workbook.find(b"</sheets>")
    if not 0 <= begin < end:
        return workbook
    rest = workbook[:begin] + workbook[end:]
    strange = b"<sheet" in rest or b":sheet" in rest
    if b"<!" in workbook or (strange and re.search(_STRAY_SHEET, rest)):
        return workbook
    return workbook[begin : end + len(b"</sheets>")]
