"""The content of an .ods written anew in the usual spelling, which is all that calamine knows.

calamine goes by prefixes, not by namespaces, takes blanks between the cells of a row for damage, and the text of a
drawing within a cell for the cell's own. So each element comes by its namespace, and blanks between elements, comments,
drawings, annotations and tables within cells stay behind.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import lru_cache
from io import StringIO

from xlcheck.guard.markup import DEPTH, attribute, escaped_text, parse_xml
from xlcheck.model.errors import damaged

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    f"{_ODF}office:1.0": "office",
    f"{_ODF}table:1.0": "table",
    f"{_ODF}text:1.0": "text",
    f"{_ODF}style:1.0": "style",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_CELLS = ("table:table-cell", "table:covered-table-cell")
_PARAGRAPH = "text:p"
_NO_SHEETS = {"office:scripts", "office:forms", "table:dde-links", "table:shapes", "table:tracked-changes"}
"""What may hold tables and cells that are none of a sheet."""


def usual(
    what: str,
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    said: Callable[[str], None],
) -> bytes:
    """The content in the usual spelling; the handlers see all that is written, and may stop it.

    Raises:
        Refused: F101 not well-formed, or a document type; what the handlers raise.
    """
    writer = _Writer(start, end, said)
    parse_xml(what, data, writer.opened, writer.closed, writer.text, spaces=not _is_spelt_so(data))
    return writer.written.getvalue().encode("utf-8", "replace")


def _is_spelt_so(data: bytes) -> bool:
    """Whether every namespace that matters has its usual prefix, so that names are what they seem."""
    return all(
        data.count(namespace.encode()) == data.count(f'xmlns:{prefix}="{namespace}"'.encode())
        for namespace, prefix in _PREFIXES.items()
    )


class _Writer:
    """The state of one pass: where it is, and what was written."""

    def __init__(
        self, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], said: Callable[[str], None]
    ) -> None:
        self.start, self.end, self.said = start, end, said
        self.written = StringIO()
        self.cell = self.paragraph = self.left_out = 0  # how deep inside of each

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        name = _usual_name(tag)
        if self.left_out or self._is_none_of_it(name, attributes):
            self.left_out += 1
            if self.left_out > DEPTH:
                raise damaged("内容嵌套过深")
            return
        if self.paragraph or name == _PARAGRAPH:
            self.paragraph += 1
        if self.cell or name in _CELLS:
            self.cell += 1
        known = {_usual_name(key): value for key, value in attributes.items()}
        self.start(name, known)
        self.written.write(f"<{name}{''.join(itertools.starmap(attribute, known.items()))}>")

    def _is_none_of_it(self, name: str, attributes: dict[str, str]) -> bool:
        """Whether an element belongs to no sheet, or is none of a cell's own text: a drawing, a note, a reading."""
        if self.paragraph:
            return not name.startswith("text:") or name in ("text:note", "text:ruby-text")
        if self.cell:
            return name != _PARAGRAPH
        if name == "table:table":
            # What another document's sheet held, kept beside the sheets (LibreOffice).
            title = next((value for key, value in attributes.items() if _usual_name(key) == "table:name"), "")
            return title.startswith("'") and "'#" in title
        return name in _NO_SHEETS

    def closed(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
            return
        self.paragraph -= self.paragraph > 0
        self.cell -= self.cell > 0
        name = _usual_name(tag)
        self.end(name)
        self.written.write(f"</{name}>")

    def text(self, text: str) -> None:
        if self.paragraph and not self.left_out:
            self.said(text)
            self.written.write(escaped_text(text))


@lru_cache(maxsize=1024)
def _usual_name(name: str) -> str:
    """``namespace local prefix`` as a name with the usual prefix; without a prefix of its own it is of two words."""
    words = name.split(" ")
    if len(words) == 1:
        return name
    local, prefix = words[1], words[2] if len(words) > 2 else ""
    prefix = _PREFIXES.get(words[0], prefix)
    return f"{prefix}:{local}" if prefix else local
