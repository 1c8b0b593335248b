"""How our workbooks look, and how one is drawn (XlsxWriter)."""

from __future__ import annotations

import datetime
import io
import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

SONG: Mapping[str, Any] = {"font_name": "宋体", "font_family": 1, "font_charset": 134}


HEI: Mapping[str, Any] = {"font_name": "黑体", "font_family": 2, "font_charset": 134}


_CREATED = datetime.datetime(2021, 9, 1)
"""Fixed, so that the same inputs give the same bytes."""


class _Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """XlsxWriter protects sheets but not the workbook's structure; the element belongs right after workbookPr."""

    def _write_workbook_pr(self) -> None:
        super()._write_workbook_pr()
        self._xml_empty_tag("workbookProtection", [("lockStructure", 1)])


class GrowingSheet(Worksheet):  # type: ignore[misc]
    """A worksheet some of whose rows grow while somebody types: they have a height, but none that they must keep."""

    def __init__(self) -> None:
        """Begin an empty sheet."""
        super().__init__()
        self.growing: set[int] = set()

    def grow(self, row: int, points: float) -> None:
        """Give a row the height that it has until its text takes more."""
        self.set_row(row, points)
        self.growing.add(row)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, self._free(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, self._free(tag, attributes))

    def _free(self, tag: str, attributes: Any) -> Any:
        """XlsxWriter fixes every height that it is given (ECMA-376 part 1, 18.3.1.73: customHeight)."""
        if tag != "row" or dict(attributes)["r"] - 1 not in self.growing:
            return attributes
        return [(name, value) for name, value in attributes if name != "customHeight"]


Draw = Callable[[xlsxwriter.Workbook], None]
"""Draws into a workbook."""


def drawn(draw: Draw, title: str, subject: str, folder: str | None = None) -> bytes:
    """A workbook of locked structure that `draw` draws.

    Args:
        draw: draws its sheets.
        title: for its properties.
        subject: for its properties.
        folder: where its members are kept until it is packed; None keeps them in memory.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": folder is None,
        "tmpdir": folder,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with warnings.catch_warnings():
        # XlsxWriter warns and leaves out what Excel would not take; a workbook with a part missing must not go out.
        warnings.simplefilter("error")
        book = _Workbook(buffer, options)
        book.set_properties({"title": title, "subject": subject, "created": _CREATED})
        draw(book)
        book.close()
    return buffer.getvalue()


def must(result: int | None) -> None:
    """XlsxWriter answers below zero when it leaves something out."""
    if result:
        raise XlsxWriterException(f"XlsxWriter refused a part of the template ({result})")


# --- how much room texts take ----------------------------------------------------------------------------------------


def breadth(text: str) -> float:
    """How many characters wide a text is; Chinese ones are two wide."""
    # In UTF-8 these take three bytes, and ASCII takes one.
    return (len(text) + len(text.encode())) / 2


def lines(full: float) -> int:
    """How many lines a text takes that is wrapped; they end where words do, so they are seldom full."""
    return 1 if full <= 1 else math.ceil(full * 1.08)


def text_height(text: str, width: float, size: float, indent: int = 0) -> float:
    """The height in points that a wrapped text takes in its font.

    Args:
        text: the text; it may have several lines.
        width: of the column, in characters of the usual font, which are 7 pixels wide, and 5 pixels around them.
        size: of the font, in points; a Chinese character is as wide as it is high.
        indent: steps of 9 pixels on the left.
    """
    character = size * 4 / 3
    across = (width * 7 - 9 * indent) // character * 2
    count = sum(lines(breadth(part) / across) for part in text.split("\n"))
    return count * size * 1.4 + 4
