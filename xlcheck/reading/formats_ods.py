"""The number formats of an .ods in the notation of Excel (ODF 1.3 part 3, 16.29)."""

from __future__ import annotations

from collections.abc import Mapping

FORMAT_ELEMENTS = frozenset(
    ("number-style", "currency-style", "percentage-style", "text-style", "date-style", "time-style", "boolean-style")
)
"""The elements that are formats."""
_LONGEST = 30
"""Digits that are looked at."""
_SECTIONS = {
    ("value()>=0",): (0, None),
    ("value()>0", "value()<0"): (0, 1, None),
    ("value()>0", "value()<0", "value()=0"): (0, 1, 2),
}
"""By the conditions of a format which of the formats that they lead to stands for which numbers; None is the format itself."""
_WHITE = "#ffffff"
_NOTHING = '""'
"""A format that shows nothing; an empty one would be the general one in the other notation."""


class Format:
    """A format, as it is told element by element."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.code: str | None = ""
        """In the notation of Excel; None for one that is not worked out."""
        self.maps: list[tuple[str, str]] = []
        """Conditions, and the names of the formats that they lead to."""

    def take(self, name: str, said: Mapping[str, str]) -> None:
        """An element within it, with its attributes."""
        if name == "map":
            self.maps.append((said.get("condition", "").replace(" ", ""), said.get("apply-style-name", "")))
        elif name == "number":
            self._add(_digits(said))
        elif name == "text-properties":
            if said.get("color", "").lower() == _WHITE:
                self._add("[white]")
        elif name == "text-content":
            self._add("@")
        elif name not in ("text", "currency-symbol", "fill-character"):
            self.code = None

    def say(self, name: str, text: str) -> None:
        """A piece of text within an element of it."""
        if name == "fill-character":
            self._add("".join("*" + sign for sign in text))
        elif name in ("text", "currency-symbol"):
            percent = self._kind == "percentage-style"
            self._add("".join(sign if percent and sign == "%" else "\\" + sign for sign in text))

    def _add(self, code: str | None) -> None:
        self.code = None if code is None or self.code is None else self.code + code


def _digits(said: Mapping[str, str]) -> str | None:
    """What stands for digits; None where it is not worked out."""
    if "decimal-places" not in said and "display-factor" not in said:
        return "General"
    whole, places = (_number(said.get(key, "0")) for key in ("min-integer-digits", "decimal-places"))
    least = _number(said.get("min-decimal-places", said.get("decimal-places", "0")))
    factor = said.get("display-factor", "1").partition(".")[0]
    thousands, rest = divmod(len(factor) - 1, 3)
    if factor.strip("0") != "1" or rest or not factor.isascii():
        return None
    code = "0" * whole or "#"
    if said.get("grouping") == "true":
        code = code.rjust(4, "#")
        code = f"{code[:-3]},{code[-3:]}"
    decimals = "0" * least + "#" * (places - least)
    return code + ("." + decimals if decimals else "") + "," * thousands


def _number(text: str) -> int:
    return min(int(text), _LONGEST) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def code_of(name: str, formats: Mapping[str, Format]) -> str:
    """The format of that name; empty for one that is not there, or not worked out."""
    whole = formats.get(name)
    if whole is None:
        return ""
    if not whole.maps:
        return _NOTHING if whole.code == "" else whole.code or ""
    sections = _SECTIONS.get(tuple(condition for condition, _ in whole.maps))
    if sections is None:
        return ""
    parts = [whole if at is None else formats.get(whole.maps[at][1]) for at in sections]
    codes = [part.code if part else None for part in parts]
    return "" if None in codes else ";".join(code or "" for code in codes)
