"""Texts of several looks (ECMA-376 part 1, 18.4): taken apart and put together."""

from __future__ import annotations

import re
from xml.parsers import expat

from xlcheck.copies.splice import escaped
from xlcheck.model.tuples import NamedTuple

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What would be read as the escape of another character (22.9.2.19)."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Run(NamedTuple):
    """A piece of a text in one look."""

    look: bytes
    """Its properties as they stand in the file."""
    text: str


def last(old: list[Run], kept: str) -> list[Run]:
    """The runs at whose end `kept` stands, cut to it; one plain run where it does not stand there."""
    if not "".join(run.text for run in old).endswith(kept):
        return [Run(b"", kept)]
    found: list[Run] = []
    left = len(kept)
    for run in reversed(old):
        if left:
            found.append(run._replace(text=run.text[-left:]))
            left -= len(found[-1].text)
    return found[::-1]


def run_of(text: str, look: bytes = b"") -> bytes:
    """A run as XML, without prefixes."""
    return b"<r>%s%s</r>" % (look, t_of(text))


def t_of(text: str) -> bytes:
    """The text element of a run, or of a whole string."""
    return b'<t xml:space="preserve">%s</t>' % escaped(_ESCAPE.sub("_x005F_", text) if "_x" in text else text)


def runs(xml: bytes, holder: str = "t") -> list[Run]:
    """The pieces of a rich text (18.4.7) and their looks; readings above the text are left out."""
    found: list[Run] = []
    look = b""
    path: list[str] = []
    pieces: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal look
        path.append(tag.rpartition(":")[2])
        if path[-1] == "rPr":
            look = b"%d" % parser.CurrentByteIndex
        elif path[-1] == "r":
            look = b""

    def end(_: str) -> None:
        nonlocal look
        name = path.pop()
        if name == "rPr":
            stop = parser.CurrentByteIndex
            look = xml[int(look) : xml.index(b">", stop) + 1]
        elif name == holder and "rPh" not in path:
            found.append(Run(look, _ESCAPED.sub(_unescaped, "".join(pieces))))
            pieces.clear()

    def said(text: str) -> None:
        if path and path[-1] == holder and "rPh" not in path:
            pieces.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    if xml:
        parser.Parse(xml, True)
    return found


def _unescaped(found: re.Match[str]) -> str:
    """The character that an escape stands for; those that XML cannot hold stay as they are."""
    char = chr(int(found[1], 16))
    return char if char.isprintable() or char in "\t\n" else "" if char == "\r" else found[0]
