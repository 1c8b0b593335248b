"""An OpenDocument spreadsheet (OASIS ODF 1.3), before calamine sees it.

calamine 0.37 lays out all sheets of a document at once when it opens it, and writes repeated cells out; empty ones,
styled or not, it skips. What it is given is the content as :mod:`xlcheck.guard.usual` writes it anew, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from xlcheck.guard.budget import DENSE, Budget
from xlcheck.guard.container import Contents
from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import DEPTH, local_name, readable
from xlcheck.guard.sheet import far
from xlcheck.guard.stored import stored
from xlcheck.guard.usual import usual
from xlcheck.model.errors import LOCKED, Refused, damaged, too_much
from xlcheck.model.text import entered

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_SPREADSHEETS = (_SPREADSHEET, _SPREADSHEET + b"-template")
_OTHERS = ((b"opendocument.text", "文字文档"), (b"opendocument.presentation", "演示文稿"), (b"epub", "电子书"))
_CELLS = ("table-cell", "covered-table-cell")
_NO_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_KIND = re.compile(rb"application/(?:vnd\.oasis\.opendocument\.[\w-]+|epub\+zip)")


class Document(NamedTuple):
    """A spreadsheet that harms no parser."""

    parts: dict[str, bytes]
    """Its members by name; the content as it is written anew."""
    safe: bytes
    """The container to read it from."""


def check_ods(contents: Contents, limits: Limits, budget: Budget) -> Document:
    """Refuse what is no spreadsheet, or one that harms the parser; what no parser of ours reads may be as it is.

    Its cells are taken from the budget.

    Raises:
        Refused: F101 damaged, F102 encrypted, F103 another kind of document, F104 beyond the limits.
    """
    parts = contents.parts
    if contents.unsure & {_CONTENT, _MANIFEST.lower(), "mimetype", "meta.xml", "styles.xml"}:
        raise damaged("压缩包内有重名成员")
    manifest = parts.get(_MANIFEST, b"")
    kind = parts.get("mimetype", b"").strip() or _first_kind(manifest)
    for mark, what in _OTHERS:
        if mark in kind:
            raise Refused("F103", f"这是{what}，不是报表工作簿，请报送填报用的工作簿")
    # ODF 1.3 part 2, 3.4; LibreOffice from 24.8 on wraps the whole package instead.
    if b"encryption-data" in manifest or "encrypted-package" in parts:
        raise Refused("F102", LOCKED)
    if kind not in _SPREADSHEETS:
        raise Refused("F103", "不是 Excel、WPS 或 LibreOffice 的工作簿，请另存为 .xlsx 后报送")
    if _CONTENT not in parts:
        raise damaged("缺少内容部分")
    if parts[_CONTENT].count(b"<") > limits.tags:
        raise too_much("文件中的标记过多")
    walk = _Walk(limits)
    parts[_CONTENT] = usual("表格部分", readable(parts[_CONTENT], "表格部分", limits), walk.start, walk.end, walk.said)
    budget.charge_grid(walk.grid, DENSE)
    for name, what in (("meta.xml", "文件属性"), ("styles.xml", "单元格格式")):
        if name in parts:
            parts[name] = readable(parts[name], what, limits)
    return Document(parts, stored({"mimetype": _SPREADSHEET, _MANIFEST: _NO_MANIFEST, _CONTENT: parts[_CONTENT]}))


def _first_kind(manifest: bytes) -> bytes:
    """What the list of members says the document is (ODF 1.3 part 2, 4.8.4), where nothing else does."""
    found = _KIND.search(manifest)
    return found[0] if found else b""


def repeats(attributes: Mapping[str, str], what: str) -> int:
    """How often a row or cell stands in a row (ODF 1.3 part 3, 19.679 and 19.681).

    Raises:
        Refused: F101 not a number above zero.
    """
    text = attributes.get(f"table:number-{what}-repeated", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise damaged("重复次数不合规")
    return int(text)


class _Walk:
    """The state of one pass over the content: position, extent of the filled cells, and counts."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.title = ""
        self.row = self.column = 0
        self.rows = self.columns = 1  # repeats of the row and of the cell
        self.bottom = self.right = 0
        self.cells = self.sheets = self.grid = self.shown = 0
        self.row_text = self.text = 0  # of the row's filled cells, of the cell
        self.depth = 0
        self.inside = 0  # depth below a cell, which may hold a table of its own

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        self.depth += 1
        if self.depth > DEPTH:
            raise damaged("内容嵌套过深")
        if self.inside:
            self.inside += 1
            if name == "s":
                self._blanks(attributes.get("text:c", "1"))
        elif name == "table":
            self._table(attributes.get("table:name", ""))
        elif name == "table-row":
            self.rows = repeats(attributes, "rows")
            self.column = self.row_text = 0
            self._count(4)
        elif name in _CELLS:
            self.inside = 1
            self._cell(attributes)
        elif name == "s":
            self._blanks(attributes.get("text:c", "1"))

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.inside > 1:
            self.inside -= 1
        elif self.inside:
            self.inside = 0
            self.column += self.columns
            self.row_text += self.columns * self.text
        elif (name := local_name(tag)) == "table-row":
            self.row += self.rows
            self.shown += self.rows * self.row_text
            if self.shown > self.limits.text_bytes:
                raise too_much(f"单元格文字合计超过 {self.limits.text_bytes >> 20} MB")
        elif name == "table":
            self.grid += self.bottom * self.right
            if self.grid > self.limits.grid:
                raise too_much("各工作表的范围过大")

    def said(self, text: str) -> None:
        self.text += 4 * len(text)

    def _table(self, title: str) -> None:
        self.title = entered(title)
        self.row = self.column = self.bottom = self.right = 0
        self.sheets += 1
        if self.sheets > self.limits.sheets:
            raise too_much(f"工作表超过 {self.limits.sheets} 张")

    def _cell(self, attributes: dict[str, str]) -> None:
        self.columns = repeats(attributes, "columns")
        self._count(1)
        # A cell without a type or value is empty for calamine, whatever its style or text.
        values = [
            value
            for name, value in attributes.items()
            if name.startswith(("office:", "calcext:")) or name == "table:formula"
        ]
        self.text = sum(map(len, values))
        if values:
            self._filled(self.row + self.rows, self.column + self.columns)

    def _filled(self, bottom: int, right: int) -> None:
        self.bottom, self.right = max(self.bottom, bottom), max(self.right, right)
        limits = self.limits
        if bottom > limits.rows or right > limits.columns or self.bottom * self.right > limits.grid:
            raise far(self.title, min(bottom, 1 << 20) - 1, min(right, 1 << 14) - 1)

    def _count(self, weight: int) -> None:
        self.cells += weight
        if self.cells > self.limits.cells:
            raise too_much(f"工作表“{self.title}”的单元格或行过多（含只有格式的空白行列）")

    def _blanks(self, count: str) -> None:
        """A run of blanks (ODF 1.3 part 3, 6.1.3) takes a few bytes, however long it is."""
        if not (count.isascii() and count.isdigit() and len(count) < 10):
            raise damaged("空格个数不合规")
        self.text += int(count)
        if self.text > self.limits.text_bytes:
            raise too_much(f"单元格文字合计超过 {self.limits.text_bytes >> 20} MB")
