"""An OpenDocument spreadsheet (OASIS ODF 1.3), before calamine sees it.

calamine 0.37 lays out all sheets of a document at once when it opens it, and writes repeated cells out; empty ones,
styled or not, it skips. What it is given are the tables as :mod:`xlcheck.guard.ods_tables` writes them anew, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlcheck.guard.budget import DENSE, Budget
from xlcheck.guard.container import Contents
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.markup import readable
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.ods_found import OdsContent, OdsStyled, OdsTable
from xlcheck.guard.stored import stored
from xlcheck.guard.usual import look_through
from xlcheck.model.errors import LOCKED, Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_SPREADSHEETS = (_SPREADSHEET, _SPREADSHEET + b"-template")
_OTHERS = ((b"opendocument.text", "文字文档"), (b"opendocument.presentation", "演示文稿"), (b"epub", "电子书"))
_BEFORE = "<office:document-content><office:body><office:spreadsheet>"
_AFTER = "</office:spreadsheet></office:body></office:document-content>"
_NO_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_KIND = re.compile(rb"application/(?:vnd\.oasis\.opendocument\.[\w-]+|epub\+zip)")


class OpenDocument(NamedTuple):
    """A spreadsheet that harms no parser."""

    parts: dict[str, bytes]
    """Its members by name."""
    safe: bytes | None
    """The container to read it from; None where all that it holds is told."""
    tables: tuple[OdsTable, ...]
    named: Mapping[str, str]
    """Ranges by their names."""
    styled: OdsStyled | None
    """Its own styles and those that it names, if that is told."""


def check_ods(contents: Contents, limits: Limits, budget: Budget, ask: Ask = afresh) -> OpenDocument:
    """Refuse what is no spreadsheet, or one that harms the parser; what no parser of ours reads may be as it is.

    Its cells are taken from the budget. `ask` may know what was found out about parts of other documents.

    Raises:
        Refused: F101 damaged, F102 encrypted, F103 another kind of document, F104 beyond the limits.
    """
    parts = contents.parts
    if contents.unsure & {_CONTENT, _MANIFEST.lower(), "mimetype", "meta.xml", _STYLES}:
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
    if len(parts[_CONTENT]) > limits.tags and parts[_CONTENT].count(b"<") > limits.tags:
        raise too_much("文件中的标记过多")
    for name, what in ((_CONTENT, "表格部分"), ("meta.xml", "文件属性"), (_STYLES, "单元格格式")):
        if name in parts:
            parts[name] = readable(parts[name], what, limits)
    tables = look_through(parts[_CONTENT], parts.get(_STYLES, b""), limits, ask)
    budget.charge_grid(tables.grid, DENSE)
    written = _respelt(tables) if tables.written else None
    return OpenDocument(parts, written, tuple(tables.found), tables.named, tables.styled)


def respelt(parts: Mapping[str, bytes]) -> bytes:
    """The container to read an admitted spreadsheet from, which holds the tables and nothing else."""
    return _respelt(look_through(parts[_CONTENT], parts.get(_STYLES, b""), LIMITS, writes=True))


def _respelt(tables: OdsContent) -> bytes:
    content = "".join((_BEFORE, *tables.written, _AFTER)).encode("utf-8", "replace")
    return stored({"mimetype": _SPREADSHEET, _MANIFEST: _NO_MANIFEST, _CONTENT: content})


def _first_kind(manifest: bytes) -> bytes:
    """What the list of members says the document is (ODF 1.3 part 2, 4.8.4), where nothing else does."""
    found = _KIND.search(manifest)
    return found[0] if found else b""
