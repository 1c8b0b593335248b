"""Which formats of a workbook make a date or a time of a number (ECMA-376 part 1, 18.8.30)."""

from __future__ import annotations

import re

from xlcheck.guard.markup import check_whole
from xlcheck.model.errors import Refused

_NUMBERS = frozenset((*range(14), *range(37, 45), 48, 49))
"""The formats that every program knows by their numbers, and that show a number or a text."""
_CODES = re.compile(rb"<numFmts[ >].*?</numFmts>", re.DOTALL)
_CODE = re.compile(rb'<numFmt numFmtId="([0-9]{1,9})" formatCode="([^"<>]*)" ?/>')
_SHOWS_NUMBER = rb"(?:General|\[(?:Red|Blue|Black|Green)\]|[0#?.,%()@*;_ \-+\\]|&quot;[^&a-zA-Z]*&quot;)+\Z"
"""A format of the user's own that shows a number, however a program reads it."""
_CELLS = re.compile(rb"<cellXfs[ >].*?</cellXfs>", re.DOTALL)
_XF = re.compile(rb'<xf (?:[A-Za-z]{1,20}="[^"<>]*" )*?numFmtId="([0-9]{1,9})"')


def dated(styles: bytes) -> frozenset[int] | None:
    """The formats of cells, by their position, that may make a date or a time of a number; None where it is not plain."""
    codes, cells = _CODES.findall(styles), _CELLS.findall(styles)
    if len(cells) != 1 or len(codes) > 1 or styles.count(b"numFmts") > 2 or styles.count(b"cellXfs") != 2:
        return None
    named = _CODE.findall(codes[0]) if codes else []
    formats = _XF.findall(cells[0])
    if len(named) != sum(code.count(b"<numFmt ") for code in codes) or len(formats) != cells[0].count(b"<xf"):
        return None
    try:
        check_whole(styles, "单元格格式")
    except Refused:
        return None
    shown = {int(key) for key, code in named if re.match(_SHOWS_NUMBER, code)}
    numbers = (_NUMBERS | shown) - {int(key) for key, code in named if not re.match(_SHOWS_NUMBER, code)}
    return frozenset(place for place, key in enumerate(formats) if int(key) not in numbers)
