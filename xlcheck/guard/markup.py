"""XML as a workbook may hold it: without a document type, of bounded tags and depth, and in UTF-8 for the parsers.

calamine reads a sheet in UTF-16 as an empty one, although ECMA-376 part 2 clause 9.1.7 allows UTF-16. The same clause
forbids document types. Only members that a parser of ours reads are held to this.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from xlcheck.guard.limits import Limits
from xlcheck.model.errors import Refused, damaged, too_much

_BOM = b"\xef\xbb\xbf"
_SAYS = rb"""<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']%b["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>"""
"""A declaration (XML 1.0, productions 23 to 32)."""
_DECLARATION = _SAYS % rb"(?i:utf-?8|us-ascii)"
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:" + _DECLARATION + rb")?\s*<[A-Za-z_]")
"""All that usually stands before the root: no document type, and no encoding but UTF-8."""
_ENCODING = rb"""(?i)\sencoding\s*=\s*["']([\w.:-]{1,40})["']"""
_UNICODE = rb"(?i)utf-?8|us-ascii|utf-?16(?:le|be)?|ucs-2"
"""Encodings that a member may name; whether it is in UTF-16 is told by its bytes, since some programs name it wrongly."""
_LIKE_ASCII = rb"(?i)gb2312|gbk|gb18030|big5|iso-?8859-\d{1,2}|latin-?1|windows-125\d"
"""Encodings in which bytes below 128 mean what they mean in UTF-8."""
_KNOWN = {
    "gb2312": "gbk", "gbk": "gbk", "gb18030": "gb18030", "iso-8859-1": "latin-1", "iso8859-1": "latin-1",
    "windows-1252": "cp1252",
}  # fmt: skip
"""Of these, those that the programs of offices read alike; what is called GB2312 is read with the characters of GBK."""
_CONTROLS = re.compile("[\x80-\x9f]")
"""What ISO 8859-1 has where Windows has letters: which are meant, programs do not agree on."""
_STRICT = re.compile(_SAYS % rb"([A-Za-z][\w.-]*)")
_LOOSE = re.compile(rb"""(?i)<\?xml(?:\s+(?:version|encoding|standalone)\s*=\s*(?:"[\w.:-]*"|'[\w.:-]*'))*\s*\Z""")
"""What some exporters declare, with capitals or in another order, up to its end."""
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
"""How a member in UTF-16 begins, with its mark or without."""
_BEFORE = re.compile(rb"\s*(<!--|<\?)")
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
_WORDLESS = rb"(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>"
DEPTH = 64
"""The deepest nesting of tags; drawings of real files stay under 40."""


def is_xml(name: str, data: bytes) -> bool:
    """Whether some parser may take the member for XML: by its name, or by its first bytes whatever its name."""
    return name.lower().endswith((".xml", ".rels", ".vml")) or data.lstrip()[:2] in (
        b"<?", b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\xef\xbb",
    )  # fmt: skip


def readable(data: bytes, what: str, limits: Limits) -> bytes:
    """A member as the parsers behind the guard take it: XML in UTF-8, declared as such or not at all.

    A document type can only stand before the root (XML 1.0, production 22), so the usual prologs are known by heart.
    UTF-16 is written anew in UTF-8: both are XML's own (4.3.3), and one of the parsers reads the second only.

    Args:
        data: its bytes.
        what: what the member is, in a clerk's words.
        limits: what it may hold.

    Raises:
        Refused: F101 another encoding, a document type or no XML at all, F104 a tag too long.
    """
    if not _PROLOG.match(data):
        data = _respelt(what, data)
    if b"\0" in data:
        raise damaged(f"{what}的内容无法识别")
    if len(data) > limits.tag_bytes and has_long_tag(data, limits.tag_bytes):
        raise too_much(f"{what}中有过长的标记")
    return data


def is_strict(data: bytes) -> bool:
    """Whether a member declares what every parser takes, and is in the encoding that it says; UTF-16 is told by its bytes."""
    if _PROLOG.match(data):
        return True
    try:
        bare = _decoded("", data).removeprefix(_BOM)
    except Refused:
        return False
    if not bare.startswith(b"<?xml") or not bare[5:6].isspace():
        return bare.startswith(b"<")
    found = _STRICT.match(bare)
    return found is not None and (data[:2] in _WIDE or not (found[1] or b"").lower().startswith((b"utf-16", b"utf16")))


def _respelt(what: str, data: bytes) -> bytes:
    """The member in UTF-8, with a declaration that every parser takes."""
    bare = _decoded(what, data).removeprefix(_BOM).lstrip()
    if bare[:5].lower() == b"<?xml" and bare[5:6].isspace():
        declaration, _, bare = bare.partition(b"?>")
        if not _LOOSE.match(declaration):
            raise damaged(f"{what}的内容无法识别")
        if data[:2] not in _WIDE:
            bare = _in_utf8(what, declaration, bare)
    root = _root(bare)
    if bare.startswith(b"<!", root):
        raise damaged(f"{what}含有不受支持的声明")
    if not bare.startswith(b"<", root):
        raise damaged(f"{what}的内容无法识别")
    return _HEAD + bare


def _decoded(what: str, data: bytes) -> bytes:
    """UTF-16, with its mark or without, as UTF-8; anything else as it is."""
    encoding = _WIDE.get(data[:2])
    if encoding is None:
        return data
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError:
        raise damaged(f"{what}的文字编码不正确") from None


def _in_utf8(what: str, declaration: bytes, rest: bytes) -> bytes:
    """What stands behind a declaration, in UTF-8; refused where programs may read it differently."""
    found = re.search(_ENCODING, declaration)
    if not found or re.fullmatch(_UNICODE, found[1]):
        return rest
    try:
        if re.fullmatch(_LIKE_ASCII, found[1]) and rest.isascii():
            return rest
        text = rest.decode(_KNOWN[found[1].decode().lower()])
    except (KeyError, UnicodeError):
        raise damaged(f"{what}的文字编码不受支持") from None
    if _CONTROLS.search(text):
        raise damaged(f"{what}的文字编码不受支持")
    return text.encode()


def _root(data: bytes) -> int:
    """Where the first tag begins that is neither a comment nor an instruction (XML 1.0, production 22)."""
    at = 0
    while found := _BEFORE.match(data, at):
        end = data.find(b"-->" if found[1] == b"<!--" else b"?>", found.end())
        if end < 0:
            break
        at = end + (3 if found[1] == b"<!--" else 2)
    return len(data) - len(data[at:].lstrip())


def unfolded(data: bytes) -> bytes:
    """A part without comments and instructions, and what stands in CDATA spelt as other text is.

    calamine takes a value in CDATA for a blank, and a comment within a value for its end.
    """
    # Single bytes are found much quicker than pairs, and most sheets have neither behind their declaration.
    if b"!" not in data and data.find(b"?", data.find(b">") + 1) < 0 and data[:1] == b"<":
        return data
    if b"<!" not in data and data.find(b"<?", 8) < 0:
        return data
    return re.sub(_WORDLESS, _as_text, data)


def _as_text(found: re.Match[bytes]) -> bytes:
    text = found[1]
    if text is None:
        return b""
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


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


def check_whole(data: bytes, what: str) -> None:
    """Refuse what is no well-formed XML with namespaces, without looking into it; `what` it is in a clerk's words.

    Raises:
        Refused: F101.
    """
    try:
        expat.ParserCreate("utf-8", " ").Parse(data, True)
    except expat.ExpatError:
        raise damaged(f"{what}不是完好的 XML") from None


def scan(
    what: str,
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse `data` in full, which is `what` in a clerk's words; the handlers get names with their prefixes.

    Raises:
        Refused: F101 not well-formed, a document type, or nested too deeply; what the handlers raise.
    """
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise damaged(f"{what}嵌套过深")
        start(tag, attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(tag)

    parse_xml(what, data, opened, closed, text)


def parse_xml(
    what: str,
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
    *,
    spaces: bool = False,
) -> None:
    """As :func:`scan`, for handlers that bound the depth themselves: expat keeps every open tag.

    With `spaces` each name comes as its namespace, the local name and the prefix, with blanks between.
    """
    parser = xml_parser(what, spaces=spaces)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if text:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    feed(parser, what, data)


def xml_parser(what: str, *, spaces: bool = False) -> expat.XMLParserType:
    """A parser for :func:`feed` that takes no document type, as yet without other handlers; `spaces` as above."""

    def doctype(*_: object) -> None:
        raise damaged(f"{what}含有不受支持的声明")

    parser = expat.ParserCreate("utf-8", " " if spaces else None)
    parser.namespace_prefixes = spaces
    parser.StartDoctypeDeclHandler = doctype
    return parser


def feed(parser: expat.XMLParserType, what: str, data: bytes, *, is_last: bool = True) -> None:
    """Give the parser a piece of what it reads.

    Raises:
        Refused: F101 not well-formed, or a document type; what the handlers raise.
    """
    try:
        parser.Parse(data, is_last)
    except expat.ExpatError:
        raise damaged(f"{what}的内容不完整") from None


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """A name without its prefix: calamine looks at nothing else."""
    return tag.rpartition(":")[2]


def attribute(name: str, value: str) -> str:
    """An attribute as it stands in a tag, with the blank before it."""
    if not value.isalnum():
        value = (
            escaped_text(value)
            .replace('"', "&quot;")
            .replace("\n", "&#10;")
            .replace("\t", "&#9;")
            .replace("\r", "&#13;")
        )
    return f' {name}="{value}"'


def escaped_text(text: str) -> str:
    """A text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
