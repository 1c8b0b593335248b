"""The parts of an OOXML package (ECMA-376): relationships, sheets, and the names of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from posixpath import dirname, normpath

from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.memory import Ask, afresh

_REF = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")


_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # ECMA-376 part 1, 18.18.7 and the limits of every program that writes it


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
    if not 0 < row <= _LAST_ROW or column > _LAST_COLUMN:
        raise ValueError(ref)
    return row - 1, column - 1


WORKBOOK = "xl/workbook.xml"


_STRAY_SHEET = rb"[<:]sheet[\s/>]"

Relationship = tuple[str, str, str]
"""Id, type and target; the target is a member's name, or empty when it lies outside."""


def relations(parts: Mapping[str, bytes], source: str, ask: Ask = afresh) -> Sequence[Relationship]:
    """The relationships of a part (ECMA-376 part 2, 9.3); `source` is empty for the package itself.

    Raises:
        Refused: F101 not well-formed.
    """
    folder, _, name = source.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".removeprefix("/")
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

    scan(rels, data, start)
    return tuple(found)


def _resolve(folder: str, target: str) -> str:
    """The member that a target in a part of `folder` names; empty for none."""
    target = target.partition("#")[0]
    if "%" in target:
        from urllib.parse import unquote  # late: rare, and startup time counts

        target = unquote(target)
    if not target:
        return ""
    path = target if target.startswith("/") or not folder else f"{folder}/{target}"
    return normpath(path).lstrip("/") if "." in path.replace(".xml", "") or "//" in path else path.lstrip("/")


def sheets_of(
    parts: Mapping[str, bytes], links: Sequence[Relationship] | None = None, ask: Ask = afresh
) -> list[tuple[str, str]]:
    """Title and member name of every sheet, in the workbook's order (ECMA-376 part 1, 18.2.19).

    `links` are the workbook's relationships, if they are known.

    Raises:
        Refused: F101 not well-formed.
    """
    targets = {key: target for key, _, target in (relations(parts, WORKBOOK, ask) if links is None else links)}
    return [(title, targets.get(key, "")) for title, key in ask(_listed, parts.get(WORKBOOK, b""))]


def _listed(workbook: bytes) -> Sequence[tuple[str, str]]:
    """Title and relationship of every sheet."""
    found: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet":
            key = next((value for name, value in attributes.items() if local_name(name) == "id"), "")
            found.append((attributes.get("name", ""), key))

    scan(WORKBOOK, _sheet_list(workbook), start)
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
