"""XML as a workbook may hold it: UTF-8, without a document type, of bounded tags and depth.

calamine reads a sheet in UTF-16 as an empty one and openpyxl reads it in full, so UTF-8 is all that passes, although
ECMA-376 part 2 clause 9.1.7 allows UTF-16. The same clause forbids document types.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from xlcheck.guard.limits import Limits
from xlcheck.model.errors import damaged, too_much

_BOM = b"\xef\xbb\xbf"
_PROLOG = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*"""
    rb"""(?:<\?xml(?:\s+(?:version|standalone)\s*=\s*["'][\w.]+["']|\s+encoding\s*=\s*["'](?i:utf-?8|us-ascii)["'])*\s*\?>\s*)?"""
    rb"""<[A-Za-z_]"""
)
"""All that usually stands before the root: no document type, and no encoding but UTF-8."""
_DECLARED = rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["'](?!utf-?8["']|us-ascii["'])"""
DEPTH = 64
"""The deepest nesting of tags; drawings of real files stay under 40."""


def is_xml(name: str, data: bytes) -> bool:
    """Whether some parser may take the member for XML: by its name, or by its first bytes whatever its name."""
    return name.lower().endswith((".xml", ".rels", ".vml")) or data.lstrip()[:2] in (
        b"<?", b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\xef\xbb",
    )  # fmt: skip


def check_xml(name: str, data: bytes, limits: Limits) -> None:
    """Refuse what no member may hold, mostly without parsing it.

    A document type can only stand before the root (XML 1.0, production 22), so the usual prologs are known by heart
    and only others are parsed. VML that Office writes need not be well-formed.

    Raises:
        Refused: F101 another encoding or a document type, F104 a tag too long.
    """
    if not _PROLOG.match(data):
        bare = data.removeprefix(_BOM)
        if not bare.lstrip().startswith(b"<") or b"\0" in bare or re.match(_DECLARED, bare, re.IGNORECASE):
            raise damaged(f"{name} 不是 UTF-8 编码的 XML")
        if b"<!doctype" in bare.lower():
            raise damaged(f"{name} 含有文档类型声明")
        if not name.lower().endswith(".vml"):
            scan(name, data, _ignore)
    if b"\0" in data:
        raise damaged(f"{name} 不是完好的 XML")
    if len(data) > limits.tag_bytes and has_long_tag(data, limits.tag_bytes):
        raise too_much(f"{name} 中有过长的标记")


def _ignore(tag: str, attributes: dict[str, str]) -> None:
    """A handler for a scan that only wants to know whether a member is well-formed."""


def has_long_tag(data: bytes, most: int) -> bool:
    """Whether a tag of `data` is longer than `most` bytes; text may be."""
    return not short_pieces(data, most) and any(
        len(piece) > most and not 0 <= piece.find(b">") <= most for piece in data.split(b"<")
    )


def short_pieces(data: bytes, most: int) -> bool:
    """Whether no two ``<`` can be more than `most` bytes apart; False says that some may be."""
    # A longer piece would cover one of these blocks.
    block = most // 2
    return all(data.find(b"<", at, at + block) >= 0 for at in range(0, len(data) - block + 1, block))


def scan(
    name: str,
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse `data` in full; the handlers get names with their prefixes.

    Raises:
        Refused: F101 not well-formed, a document type, or nested too deeply; what the handlers raise.
    """
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise damaged(f"{name} 嵌套过深")
        start(tag, attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(tag)

    parse_xml(name, data, opened, closed, text)


def parse_xml(
    name: str,
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """As :func:`scan`, for handlers that bound the depth themselves: expat keeps every open tag."""

    def doctype(*_: object) -> None:
        raise damaged(f"{name} 含有文档类型声明")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    if text:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise damaged(f"{name} 不是完好的 XML") from None


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """A name without its prefix: calamine looks at nothing else."""
    return tag.rpartition(":")[2]
