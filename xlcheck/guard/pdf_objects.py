"""The objects of a PDF as the slower of its parsers has them (pdfminer.six), before it walks through a page.

It counts from the first number of a range to the last, and draws a form as often as it is named: a few bytes may ask for
years of work.
"""

from __future__ import annotations

import re
from io import BytesIO
from itertools import islice
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1

from xlcheck.guard.limits import Limits
from xlcheck.model.errors import too_much
from xlcheck.model.tuples import NamedTuple

_WIDTHS = 200_000
"""Characters whose widths all fonts of a page give."""
_BYTES = 3
"""Of a text, for a character of it."""
_DEEPEST = 12
"""Forms within forms."""


def check_objects(resources: Any, contents: Any, limits: Limits) -> None:
    """Look at the fonts of a page and its forms.

    Args:
        resources: pdfminer's resources of the page.
        contents: its streams.
        limits: what it may hold.

    Raises:
        Refused: F104 it asks for more work than any report.
    """
    _Page(limits).look(resources, list(contents or ()))


def check_pages(data: bytes, limits: Limits) -> None:
    """The same of all pages of a file.

    Raises:
        Refused: F104 it asks for more work than any report.
    """
    document = PDFDocument(PDFParser(BytesIO(data)))
    looked = _Page(limits)
    for page in islice(PDFPage.create_pages(document), limits.pdf_pages + 1):
        looked.look(page.resources, list(page.contents))


class _Cost(NamedTuple):
    """What is walked through, forms as often as they are drawn."""

    size: int
    """Bytes of operators."""
    letters: int
    """Bytes of the texts among them."""


_NOTHING = _Cost(0, 0)
_TEXT = re.compile(rb"<[0-9A-Fa-f\s]{2,}>|\((?:[^()\\]|\\.)*\)", re.DOTALL)


class _Page:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._widths = _WIDTHS
        self._costs: dict[int, _Cost] = {}
        self._open: set[int] = set()

    def look(self, resources: Any, contents: list[Any]) -> None:
        cost = self._cost(resources, contents, 0)
        if cost.size > self._limits.pdf_content_bytes or cost.letters > _BYTES * self._limits.pdf_table_marks:
            raise too_much("PDF 的文字或图形过多")

    def _cost(self, resources: Any, contents: list[Any], depth: int) -> _Cost:
        if depth > _DEEPEST:
            raise too_much("PDF 的图形嵌套过深")
        found = _entries(resources)
        for font in _entries(found.get("Font")).values():
            self._font(_entries(font))
        streams = [resolve1(content) for content in contents]
        data = b"\n".join(stream.get_data() for stream in streams if isinstance(stream, PDFStream))
        forms = [self._form(form, found, depth) for form in _entries(found.get("XObject")).values()]
        drawn = data.count(b"Do")
        letters = sum(len(text) // 2 if text[:1] == b"<" else len(text) for text in _TEXT.findall(data))
        return _Cost(
            len(data) + drawn * max((form.size for form in forms), default=0),
            letters + drawn * max((form.letters for form in forms), default=0),
        )

    def _form(self, form: Any, outer: dict[str, Any], depth: int) -> _Cost:
        stream = resolve1(form)
        if not isinstance(stream, PDFStream) or "Form" not in str(resolve1(stream.get("Subtype"))):
            return _NOTHING
        if id(stream) in self._open:
            raise too_much("PDF 的图形嵌套过深")  # it draws itself
        if id(stream) not in self._costs:
            self._open.add(id(stream))
            self._costs[id(stream)] = self._cost(stream.get("Resources") or outer, [stream], depth + 1)
            self._open.discard(id(stream))
        return self._costs[id(stream)]

    def _font(self, font: dict[str, Any]) -> None:
        for part in (font, *map(_entries, _items(font.get("DescendantFonts")))):
            for key in ("W", "W2"):
                self._ranges([resolve1(item) for item in _items(part.get(key))])

    def _ranges(self, items: list[Any]) -> None:
        """Widths are given as ``first [w w w]`` or ``first last w`` (ISO 32000-1, 9.7.4.3)."""
        numbers: list[float] = []
        for item in items:
            if isinstance(item, list):
                self._take(len(item))
                numbers = []
            elif isinstance(item, int | float):
                numbers.append(item)
                if len(numbers) > 1:
                    self._take(max(0, int(numbers[-1] - numbers[-2])) if len(numbers) == 2 else 0)
                if len(numbers) == 3:
                    numbers = []

    def _take(self, count: int) -> None:
        self._widths -= count
        if self._widths < 0:
            raise too_much("PDF 的字体过大")


def _entries(thing: Any) -> dict[str, Any]:
    found = resolve1(thing)
    return found if isinstance(found, dict) else {}


def _items(thing: Any) -> list[Any]:
    found = resolve1(thing)
    return found if isinstance(found, list) else []
