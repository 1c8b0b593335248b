"""One list: of a workbook every program opens the same sheets, with the same texts, or it is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.parsers import expat

from xlcheck.guard.spelling import MAIN
from xlcheck.model.errors import Refused, damaged

_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODD_TARGET = re.compile(r"[#?%\\]|/\./|//|^\./")
"""What some programs take for another place, or for none."""
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
"""A character as some programs read it in texts and titles (ECMA-376 part 1, 22.9.2.19)."""
_UNTITLED = re.compile(r"[\[\]:*?/\\]")
"""What no title may hold: some programs give the sheet another title then, others leave it out."""
_STRAY = re.compile(rb"[<:]sheets?[ \t\r\n/>]")


def check_list(workbook: bytes, rels: bytes, keys: Sequence[str]) -> str:
    """Refuse a list of sheets of which two programs could open different ones; answers the workbook's namespace.

    Args:
        workbook: the part that lists the sheets.
        rels: its relationships.
        keys: their ids.

    Raises:
        Refused: F101.
    """
    if len(set(keys)) != len(keys):
        raise _two_readings()
    _check_links(rels)
    return _List().take(workbook)


class _List:
    """A pass over the workbook part."""

    def __init__(self) -> None:
        self._space = ""
        self._path: list[str] = []
        self._lists = 0
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartCdataSectionHandler = self._strange
        self._data = b""

    def take(self, workbook: bytes) -> str:
        """Look at all of it; answers its namespace.

        Raises:
            Refused: F101.
        """
        self._data = workbook
        try:
            self._parser.Parse(workbook, True)
        except expat.ExpatError:
            raise damaged("工作表目录不是完好的 XML") from None
        self._require(self._lists == 1)
        return self._space

    def _require(self, usual: bool) -> None:
        if not usual:
            raise _two_readings()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if not self._path:
            self._require(space in MAIN and name == "workbook")
            self._space = space
        elif name == "sheets":
            self._require(space == self._space and len(self._path) == 1)
            self._lists += 1
        elif self._path[-1] == "sheets":
            self._require(space == self._space and name == "sheet" and _is_usual(attributes))
        else:
            self._require(name != "sheet")
        self._path.append(name)

    def _end(self, _: str) -> None:
        if self._path.pop() == "sheets" and not _STRAY.search(self._data, self._parser.CurrentByteIndex + 9):
            # A workbook of 200 names spends most of its time on them.
            parser = self._parser
            parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None

    def _strange(self, *_: object) -> None:
        self._require("sheets" not in self._path)

    def _said(self, text: str) -> None:
        self._require("sheets" not in self._path or not text.strip())


def _is_usual(attributes: dict[str, str]) -> bool:
    """Whether a sheet has one name and one relationship, of their namespace; one of old without any is no worksheet."""
    links = [name for name in attributes if name.rpartition(" ")[2] == "id"]
    titles = [name for name in attributes if name.rpartition(" ")[2] == "name"]
    if (
        titles != ["name"]
        or not attributes["name"]
        or _ESCAPED.search(attributes["name"])
        or _UNTITLED.search(attributes["name"])
    ):
        return False
    return not links or (len(links) == 1 and links[0].rpartition(" ")[0] in _LINKS)


def _check_links(rels: bytes) -> None:
    """Refuse relationships of which one parser sees what another does not."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        usual = space == _PACKAGE and name == ("Relationship" if begun else "Relationships")
        if begun:
            usual = usual and {"Id", "Type", "Target"} <= attributes.keys() <= {"Id", "Type", "Target", "TargetMode"}
        if begun and usual and _is_read(attributes["Type"]):
            usual = attributes.get("TargetMode") != "External" and not _ODD_TARGET.search(attributes["Target"])
            usual = usual and attributes["Id"] != "" and attributes["Type"].rpartition("/")[0] in _LINKS
        begun.append(name)
        if not usual:
            raise _two_readings()

    def said(text: str) -> None:
        if text.strip():
            raise _two_readings()

    begun: list[str] = []
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.CharacterDataHandler = start, said
    try:
        parser.Parse(rels, True)
    except expat.ExpatError:
        raise _two_readings() from None


def _is_read(kind: str) -> bool:
    return kind.endswith(("/worksheet", "/sharedStrings"))


def _two_readings() -> Refused:
    return damaged("工作表目录的写法不合规，各软件打开的工作表可能不一样")
