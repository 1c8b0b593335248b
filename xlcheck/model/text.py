"""How things are said to a clerk, and how strangers' texts become values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 30
LONGEST_LINE = 200
"""Characters of a stranger's text of one line: no name, title or subject is longer."""
LONGEST_CELL = 32_767
"""Characters that a cell holds (ECMA-376 part 1 leaves it open; every program stops there)."""

_LONGEST_TITLE = 64
"""Of a sheet's title; Excel and WPS take 31 characters."""
NOTHING = frozenset(["无", "没有", "暂无", "无此项", "/", "\\", "-", "—", "——", "―", "－", "一", "×", "〇", "○", "零"])
"""Texts by which clerks say that there was nothing."""

_SUBSTITUTE = "\ufffd"
_TURNING = range(0x202A, 0x202F), range(0x2066, 0x206A)
"""What turns the reading direction of the text behind it (UAX #9, 2.1 to 2.4)."""


def _steers(code: int) -> bool:
    return unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or code in (0xFFFE, 0xFFFF)


class _Bare(dict[int, int | str]):
    """What becomes of each character in :func:`clean`, worked out once."""

    def __missing__(self, code: int) -> int | str:
        self[code] = kept = "" if _steers(code) else code
        return kept


class _Entered(dict[int, int | str]):
    """What becomes of each character in :func:`entered`, worked out once."""

    def __missing__(self, code: int) -> int | str:
        bare = unicodedata.category(chr(code)) == "Cf" and not any(code in some for some in _TURNING)
        self[code] = kept = code if not _steers(code) else "" if bare else _SUBSTITUTE
        return kept


_ENDS = "\r\x85\u2028\u2029"
_bare = _Bare({ord(char): " " for char in "\r\n\t"})
_line = _Entered({ord(char): " " for char in "\n\t\x0b\x0c" + _ENDS})
_cell = _Entered({**{ord(char): "\n" for char in _ENDS}, 9: 9, 10: 10})


def entered(text: str, most: int = LONGEST_LINE, *, lines: bool = False) -> str:
    """A stranger's text as it becomes a value: whatever holds one took it from here.

    For what steers a terminal, turns the reading direction, is half a character or one of somebody's own font U+FFFD
    stands, so that what is left is not taken for the whole, nor ``21`` for a 12 that it looks like. What merely takes no
    room is gone, and so is what lies beyond `most` characters. All else stays to the letter, rare Chinese characters and
    full-width ones included.

    Args:
        text: the title of a sheet, the name of a part, a subject, a cell, a comment, …
        most: its longest length in characters, the mark of what was cut included.
        lines: whether its lines and tabs stay; else they become blanks.
    """
    if len(text) > most:
        text = text[: most - 1] + "…"
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").translate(_cell if lines else _line)


def told_apart(titles: Iterable[str]) -> list[str]:
    """Strangers' titles, each :func:`entered`; those that are the same then get a number."""
    told: dict[str, None] = {}
    for title in titles:
        name = free = entered(title, _LONGEST_TITLE)
        number = 1
        while free in told:
            number += 1
            free = f"{name} ({number})"
        told[free] = None
    return list(told)


def clean(text: str) -> str:
    """A text on one line, without characters that steer a terminal or turn the reading direction.

    For what must stay to the letter as a value: paths of files, what the user typed. All else was :func:`entered`.
    U+FFFE and U+FFFF go, too: XML, and so a workbook, cannot hold them (XML 1.0, 2.2).
    """
    return text if text.isprintable() else text.translate(_bare)


def literal(text: str) -> str:
    """The text, told apart from what XlsxWriter takes for rich text and writes into the XML as it is."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def quote(text: str) -> str:
    """:func:`clean`, and not longer than a clerk wants to read."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def names(texts: Iterable[str]) -> str:
    """``“甲”、“乙”``."""
    return "、".join(f"“{quote(text)}”" for text in texts)


_PLAIN_NUMBER = r"-[0-9]+(?:\.[0-9]+)?"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; plain negative numbers stay as they are (OWASP, CSV injection)."""
    text = clean(text)
    if text[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") and not re.fullmatch(_PLAIN_NUMBER, text):
        return f"'{text}"
    return text


# --- on a terminal ---------------------------------------------------------------------------------------------------

_STEERS = re.compile(r"\x1b\[[0-9;]*m")
"""What colours a text (ECMA-48, 8.3.117): it takes no room."""


def across(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two, combining ones and colours none."""
    text = _STEERS.sub("", text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)


def shortened(text: str, most: int) -> str:
    """A text that takes no more columns than `most`, with … where something was left out."""
    if across(text) <= most:
        return text
    while across(text) > most - 1:
        text = text[:-1]
    return f"{text}…"


def hung(text: str, width: int) -> str:
    """Lines broken to a terminal's width; what goes on stands further in than what began."""
    return "\n".join(_hung(line, width) for line in text.split("\n"))


def _hung(line: str, width: int) -> str:
    indent = len(line) - len(line.lstrip(" ")) + 4
    if across(line) <= width or indent > width // 2:
        return line
    return f"\n{'':{indent}}".join(cut_to(line, width, width - indent))


def cut_to(line: str, width: int, later: int) -> list[str]:
    """A line in pieces of no more columns than `width`, from the second on of no more than `later`."""
    lines, used = [""], 0
    for piece in re.findall(_PIECES, line):
        if used and used + across(piece) > width:
            lines.append("")
            used, width = 0, later
        put = piece if used or len(lines) == 1 else piece.lstrip(" ")
        lines[-1] += put
        used += across(put)
    return [each.rstrip(" ") for each in lines]


_PIECES = r"(?:\x1b\[[0-9;]*m)*(?: +|[!-~]+|.)[，。；：、！？）”》]*(?:\x1b\[[0-9;]*m)*"
"""What stays on one line: a word of ASCII, or a character, with the marks that may not begin a line."""
