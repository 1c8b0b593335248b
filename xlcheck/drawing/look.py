"""How our workbooks look, and how one is drawn (XlsxWriter)."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

SONG: Mapping[str, Any] = {"font_name": "宋体", "font_family": 1, "font_charset": 134}


HEI: Mapping[str, Any] = {"font_name": "黑体", "font_family": 2, "font_charset": 134}


_CREATED = datetime.datetime(2021, 9, 1)
"""Fixed, so that the same inputs give the same bytes."""


class _Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """XlsxWriter protects sheets but not the workbook's structure; the element belongs right after workbookPr."""

    def _write_workbook_pr(self) -> None:
        super()._write_workbook_pr()
        self._xml_empty_tag("workbookProtection", [("lockStructure", 1)])


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
