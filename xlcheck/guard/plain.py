"""Cells as nearly every program spells them: one look, for whoever counts them and for whoever asks how they are read.

One expression names all that may stand in a row. What it does not know is told by nobody here: it has to be parsed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from xlcheck.guard.parts import position

NUMBER = rb"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
"""A number as it is plainly spelt."""
WHITE_SPACE = b" \t\r\n"
"""White space (XML 1.0, production 3)."""
_HEAD = rb'<c r="[A-Z]{1,3}\1"(?: s="[0-9]{1,9}")?'
_META = rb'(?: [cv]m="[0-9]{1,9}")* ?'
_FORMULA = rb'(?:<f(?: [a-z0-9]{1,9}="[^"<>&]{0,99}")*(?:/>|>[^<]*</f>))?'
_TEXT = rb'<is><t(?: xml:space="preserve")?>[^<]*</t></is>'
_CELL = (
    _HEAD
    + rb"(?:"
    + rb'(?: t="n")?%b(?:/>|>%b(?:<v>%b</v>|<v ?/>)?</c>)' % (_META, _FORMULA, NUMBER)
    + rb'| t="s"%b(?:/>|><v>[0-9]{1,8}</v></c>)' % _META
    + rb'| t="(?:str|e)"%b(?:/>|>%b(?:<v>[^<]*</v>|<v ?/>)?</c>)' % (_META, _FORMULA)
    + rb'| t="b"%b(?:/>|>%b<v>[01]</v></c>)' % (_META, _FORMULA)
    + rb'| t="inlineStr"%b(?:/>|>%b(?:%b)?</c>)' % (_META, _FORMULA, _TEXT)
    + rb")"
)
ROW_SAYS = rb'(?: [A-Za-z][A-Za-z0-9]{0,20}(?::[A-Za-z]{1,20})?="[^"<>&]{0,99}"){0,24}'
"""What a row may say of itself."""
_ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"%b ?(?:/>|>(?:%b){0,2000}</row>)' % (ROW_SAYS, _CELL))
"""A row, spelt as nearly every program spells it, whose cells say that they are of it."""
_REFERENCE = re.compile(rb' r="([A-Z]{1,3}[0-9]{1,7})"')
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
_ROW_NUMBER = re.compile(rb'<row r="([0-9]+)"')
_INDEX = re.compile(rb' t="s"[^<>]*><v>([0-9]+)<')
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"


class PlainCells(NamedTuple):
    """A worksheet whose rows and cells are all plainly spelt, each named, and none of them twice."""

    begin: int
    """Where its cells begin, with the tag around them."""
    end: int
    """Where they end."""
    rows: int
    """The number of the last row; 0 for none."""
    columns: int
    """The number of the last column; 0 for none."""
    highest: int
    """Of the shared strings that it shows, the last one; -1 for none."""
    has_shares: bool
    """Whether a formula says more than its text, as those do that cells share."""


def plain_cells(data: bytes) -> PlainCells | None:
    """What a look at a worksheet tells; None where it tells nothing."""
    begin, end = data.find(_OPEN), data.find(_CLOSE)
    if not 0 <= begin < end or data.find(_CLOSE, end + 1) >= 0:
        return None
    body = data[begin + len(_OPEN) : end]
    if b":r=" in body or b"xmlns" in body or _ROW.sub(b"", body).strip(WHITE_SPACE):
        return None
    rows = _ROW_NUMBER.findall(body)
    for found in (_REFERENCE.findall(body), rows):
        if len(set(found)) != len(found):
            return None
    try:
        last = max((position(name.decode() + "1")[1] for name in set(_COLUMN.findall(body))), default=-1)
    except ValueError:
        return None
    highest = max(map(int, _INDEX.findall(body)), default=-1)
    return PlainCells(begin, end + len(_CLOSE), max(map(int, rows), default=0), last + 1, highest, b"<f " in body)
