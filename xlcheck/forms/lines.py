"""On which line of a form file each of its values stands, so that a fault leads there.

TOML's reader does not tell. The text was read by it before, so that what is looked at here is known to be TOML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_SPACE = re.compile(r"(?:[\s,]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')""")
_TEXT = re.compile(r'\"{3}(?:[^\\]|\\.)*?\"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_PLAIN = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")


def toml_lines(text: str) -> Mapping[str, int]:
    """The line of each table and value by its place, such as ``tables[0].rows[2].cells``."""
    return _Scan(text).found


def line_at(lines: Mapping[str, int], place: str) -> int | None:
    """The line of a place, or of the nearest one around it that is there; None for none of the file."""
    while place:
        if place in lines:
            return lines[place]
        place = re.sub(r"(?:\.?[^.\[\]]+|\[\d+\])\Z", "", place) if re.search(r"[.\[]", place) else ""
    return None


class _Scan:
    """Goes through a text once."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line, self.counted = text, 0, 1, 0
        self.found: dict[str, int] = {}
        self.last: dict[str, str] = {}
        """Of an array of tables, the place of its last one."""
        around = ""
        while self._skip() < len(text):
            around = self._head() if text[self.at] == "[" else self._pair(around)

    def _skip(self) -> int:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        return self.at

    def _note(self, place: str) -> None:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        self.found.setdefault(place, self.line)

    def _path(self) -> list[str]:
        path: list[str] = []
        while match := _KEY.match(self.text, self.at):
            key = match[0].strip()
            path.append(json.loads(key) if key.startswith('"') else key.strip("'"))
            self.at = match.end()
            while self.text[self.at : self.at + 1] in (" ", "\t"):
                self.at += 1
            if self.text[self.at : self.at + 1] != ".":
                break
            self.at += 1
        return path

    def _head(self) -> str:
        """``[table]`` or ``[[array]]``; answers its place."""
        many = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 1 + many
        path = self._path()
        end = self.at
        self.at = start
        place = ""
        for number, key in enumerate(path):
            place = f"{place}.{key}" if place else key
            if many and number == len(path) - 1:
                before = self.last.get(place)
                count = int(before.rpartition("[")[2][:-1]) + 1 if before else 0
                self.last[place] = f"{place}[{count}]"
            place = self.last.get(place, place)
            self._note(place)
        self.at = self.text.index("]", end) + 1 + many
        return place

    def _pair(self, around: str) -> str:
        """``key = value`` within the table at `around`, which is answered."""
        start = self.at
        path = self._path()
        end, self.at = self.at, start
        place = ".".join([around, *path]) if around else ".".join(path)
        self._note(place)
        self.at = self.text.index("=", end) + 1
        self._value(place)
        return around

    def _value(self, place: str) -> None:
        self._skip()
        self._note(place)
        first = self.text[self.at]
        if first in "[{":
            self.at += 1
            number = 0
            while self.text[self._skip()] not in "]}":
                if first == "{":
                    self._pair(place)
                else:
                    self._value(f"{place}[{number}]")
                    number += 1
            self.at += 1
        elif match := (_TEXT if first in "\"'" else _PLAIN).match(self.text, self.at):
            self.at = match.end()
