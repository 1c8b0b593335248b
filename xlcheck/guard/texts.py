"""Texts as nearly every program spells them: the shared strings of a workbook, and what stands in cells (ECMA-376 part 1, 18.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from xlcheck.guard.plain import PLAIN_TEXT, WHITE_SPACE
from xlcheck.model.tuples import NamedTuple

_SIMPLE = re.compile(rb"<si>%b(?:<phoneticPr [^<>]*/>)?</si>" % PLAIN_TEXT)
"""A string without runs, as most are."""
_RUN = rb"<r>(?:<rPr>(?:<[A-Za-z]{1,20}(?: [A-Za-z]{1,20}=\"[^\"<>]*\")* ?/>)*</rPr>)?%b</r>"
_T = rb'(?:<t(?: xml:space="preserve")?>[^<]*</t>|<t(?: xml:space="preserve")? ?/>)'
_FIRST, _BETWEEN, _LAST = "<si><t>", "</t></si><si><t>", "</t></si>"
"""What stands around strings that are nothing but a text each."""
_TAGS_BETWEEN = _BETWEEN.count("<")
_ALOUD = r"<phoneticPr [^<>]*/></si>"
_STRING = rb"<si ?/>|<si>(?:%b|(?:%b){0,999})(?:<rPh [^<>]*>%b</rPh>){0,999}(?:<phoneticPr [^<>]*/>)?</si>" % (
    _T,
    _RUN % _T,
    _T,
)
_READ_ALOUD = rb"(?s)<rPh .*?</rPh>"
"""How a text is read aloud: no part of it."""
_BLANKS = " \t\n"
_REFERENCE = r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));"
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class SharedStrings(NamedTuple):
    """A table of shared strings."""

    total: int
    """How many there are."""
    texts: Sequence[str] | None
    """What they say; None where a parser has to be asked."""


def count_strings(body: bytes) -> int | None:
    """How many strings there are within the tags of a table; None where they are not spelt as usual."""
    if re.sub(_STRING, b"", body).strip(WHITE_SPACE):
        return None
    return body.count(b"<si>") + body.count(b"<si/>") + body.count(b"<si />")


def strings_of(body: bytes) -> SharedStrings | None:
    """What stands within the tags of a table; None as above."""
    if (bare := _bare_texts(body)) is not None:
        return SharedStrings(len(bare), bare)
    pieces = _SIMPLE.split(body)
    if not b"".join(pieces[::3]).strip(WHITE_SPACE):
        texts = pieces[2::3]
        return SharedStrings(len(texts), texts_said(texts, pieces[1::3]))
    if count_strings(body) is None:
        return None
    strings = [re.findall(PLAIN_TEXT, re.sub(_READ_ALOUD, b"", found[0])) for found in re.finditer(_STRING, body)]
    runs = texts_said(
        [text for runs in strings for _, text in runs], [preserve for runs in strings for preserve, _ in runs]
    )
    if runs is None:
        return SharedStrings(len(strings), None)
    told = iter(runs)
    return SharedStrings(len(strings), ["".join(islice(told, len(string))) for string in strings])


def _bare_texts(body: bytes) -> list[str] | None:
    """The texts of a table where each string is nothing but a text, to the letter and without blanks around it, as mostly."""
    try:
        table = body.decode()
    except UnicodeDecodeError:
        return None
    if "&" in table or _means_more(table):
        return None
    if "<phoneticPr" in table:
        table = re.sub(_ALOUD, "</si>", table)
    table = table.replace('<t xml:space="preserve">', "<t>")
    if not (table.startswith(_FIRST) and table.endswith(_LAST)):
        return None
    texts = table[len(_FIRST) : -len(_LAST)].split(_BETWEEN)
    if table.count("<") != _TAGS_BETWEEN * len(texts) or texts != [text.strip(_BLANKS) for text in texts]:
        return None
    return texts


def _means_more(text: str) -> bool:
    """Whether characters may stand for others: line ends are made one kind, and _x000D_ is what XML cannot hold (18.4.1, ST_Xstring)."""
    return "\r" in text or "_x" in text


def texts_said(texts: Sequence[bytes], preserved: Iterable[object]) -> list[str] | None:
    """What texts say; None where a parser has to be asked.

    Args:
        texts: as they are spelt.
        preserved: of each, whether the blanks around it count.
    """
    if not texts:
        return []
    try:
        whole = b"\0".join(texts).decode()
    except UnicodeDecodeError:
        return None
    if _means_more(whole):
        return None
    try:
        told = meant(whole).split("\0")
    except ValueError:
        return None
    return [text if preserve else text.strip(_BLANKS) for text, preserve in zip(told, preserved, strict=True)]


def meant(text: str) -> str:
    """What a text says that is spelt so.

    Raises:
        ValueError: a reference is none, or one to what XML cannot hold.
    """
    if "&" not in text:
        return text
    if len(re.findall(_REFERENCE, text)) != text.count("&"):
        raise ValueError(text)
    return re.sub(_REFERENCE, _meant, text)


def _meant(found: re.Match[str]) -> str:
    """The character that is referred to.

    Raises:
        ValueError: it is a control character, half a one, or none at all.
    """
    if found[1]:
        return _NAMED[found[1]]
    code = int(found[2]) if found[2] else int(found[3], 16)
    if (code < 32 and code not in (9, 10)) or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
        raise ValueError(code)
    return chr(code)
