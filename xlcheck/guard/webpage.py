"""A saved web page, before a parser makes a tree of it: decoded, without programs, and of bounded tags.

What programs of a page would do to it is nobody's to know; what stands in the page is read.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO

from xlcheck.guard.budget import Budget
from xlcheck.guard.encodings import marked, unmarked_utf16
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.markup import has_long_tag
from xlcheck.model.errors import Refused, too_much
from xlcheck.model.tuples import NamedTuple

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_DECLARED_IN = 4096
"""Bytes in which a page says how it is written; the standard has 1,024, and comments stand before it in saved pages."""
_CODECS = {
    "utf8": "utf-8", "utf16": "utf-16-le", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "big5": "big5hkscs",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "hzgb2312": "hz", "xgbk": "gb18030",
    "iso88591": "cp1252", "usascii": "cp1252", "windows1252": "cp1252", "latin1": "cp1252",
}  # fmt: skip
"""Encodings by the names that pages give, letters and digits only; others are tried as gb18030."""
_UNSEEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|title|textarea|xmp|noscript|template)\b[^<>]*>(.*?)(?:</\1\b[^<>]*>?|\Z)""",
    re.IGNORECASE | re.DOTALL,
)
"""Comments, and elements whose content is no markup."""
_KEPT = ("title", "textarea", "xmp")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
"""What no tree holds (XML 1.0, 2.2)."""
_INSTEAD = "\ufffd"
_PIECE = 1 << 16
"""Characters that are written at once."""
_EMBEDDED = re.compile(rb"""(=\s{0,9}["']?\s{0,9}data:)[^"'\s<>\x80-\xff]{400,}""", re.IGNORECASE)
"""A picture written into an attribute."""
_TAG = re.compile(rb"<(?=[A-Za-z/!?])")
_COSTS = (
    (b"<", 0.3), (b"<td", 20.0), (b"<th", 20.0), (b"<table", 45.0), (b"=", 3.2), (b";", 1.1),
)  # fmt: skip
"""Microseconds for what stands in a page, its copy included: what may begin a tag, cells and tables besides, attributes, and
declarations of styles."""
_PER_TAG = 8.0
"""Microseconds for a tag besides: it is made into a tree and walked through, twice where there is a copy."""
_TREE = 550
"""Bytes of memory that an element takes in a tree."""
_PER_CHARACTER = 1 / 20
_ATTRIBUTES = 500
"""Of one tag: the parser compares each with all before it."""


class WebPage(NamedTuple):
    """A page that harms no parser."""

    markup: bytes
    """In UTF-8, without comments, programs and styles."""
    styles: str
    """The contents of its style elements."""


def check_page(data: bytes, limits: Limits = LIMITS) -> WebPage:
    """Open a saved web page, or one in an archive (.mht).

    Args:
        data: the file's bytes.
        limits: what it may hold.

    Raises:
        Refused: F101 damaged, F104 beyond `limits`.
    """
    try:
        return _open_page(data, limits)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever else a hostile file provokes is a damaged file, too
        raise damaged_page("内容无法识别") from error


def damaged_page(what: str) -> Refused:
    """F101: `what` of a page is broken."""
    return Refused("F101", f"网页不完整（{what}），请用浏览器打开原网页后重新保存，或请报送单位另存为 .docx 后报送")


def _open_page(data: bytes, limits: Limits) -> WebPage:
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    budget = Budget(data, limits)
    said = ""
    if is_archive(data):
        budget.charge(work=_PER_CHARACTER * len(data), room=2 * len(data))
        found = _archived(data.removeprefix(b"\xef\xbb\xbf").lstrip())
        if found is None:
            raise damaged_page("单个文件网页里没有网页")
        data, said = found
    budget.charge(work=_PER_CHARACTER * len(data) + _COSTS[0][1] * data.count(_COSTS[0][0]), room=2 * len(data))
    markup, styles = _bared(data, said, budget)
    tags = len(_TAG.findall(markup))
    budget.charge(work=_PER_TAG * tags, room=_TREE * tags)
    small = markup.lower()
    budget.charge(work=sum(each * small.count(mark) for mark, each in _COSTS))
    if has_long_tag(markup, limits.tag_bytes):
        _check_attributes(markup)
    return WebPage(markup, styles)


def _bared(data: bytes, said: str, budget: Budget) -> tuple[bytes, str]:
    """The markup without what is not seen of it, in UTF-8, and the contents of its style elements.

    A character may take four bytes in a text, as many as the one that takes most, and a page may be large: so there is never
    more than one such text of it.
    """
    whole = decoded(data, said)
    budget.charge(room=3 * sys.getsizeof(whole))
    spelt = BytesIO()
    styles: list[str] = []
    done = 0
    for found in _UNSEEN.finditer(whole):
        name = (found[1] or "").lower()
        if name in _KEPT:
            continue
        if name == "style":
            styles.append(_CONTROL.sub(_INSTEAD, found[2]))
        _write(whole, done, found.start(), spelt)
        done = found.end()
    _write(whole, done, len(whole), spelt)
    del whole
    return _EMBEDDED.sub(rb"\1", spelt.getvalue()), "\n".join(styles)


def _write(text: str, start: int, end: int, spelt: BytesIO) -> None:
    """Write a part of a text, piece by piece."""
    for at in range(start, end, _PIECE):
        piece = text[at : min(at + _PIECE, end)]
        spelt.write(_CONTROL.sub(_INSTEAD, piece).encode("utf-8", "replace"))


def _check_attributes(markup: bytes) -> None:
    """Bound the attributes of a tag; a text may be long."""
    for piece in markup.split(b"<"):
        tag = piece.partition(b">")[0]
        if tag[:1].isalpha() and tag.count(b"=") > _ATTRIBUTES:
            raise too_much("网页中有过长的标记")


# --- how it is written -----------------------------------------------------------------------------------------------


def decoded(data: bytes, said: str = "") -> str:
    """The page as text.

    A text of more than ASCII that is good UTF-8 was written as that, whatever else it says: editors rewrite the text and
    leave the label. Else the label counts, and where there is none, the encoding that Chinese pages have.

    Args:
        data: the page's bytes.
        said: the encoding that an archive names for it; empty for none.
    """
    codec, length = marked(data)
    if codec := codec or unmarked_utf16(data):
        return data[length:].decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        found = _CHARSET.search(data[:_DECLARED_IN])
        named = found[1].decode("ascii", "replace") if found else said
        codec = _CODECS.get(re.sub(r"[^a-z0-9]", "", named.lower()), "gb18030")
        return data.decode("gb18030" if codec.startswith("utf-16") else codec, "replace")


# --- archives --------------------------------------------------------------------------------------------------------

_PARTS, _DEEPEST, _HEAD_BYTES = 2_000, 4, 65_536
"""Parts of an archive that are looked at, how deep they lie within each other, and how much of their heads is read."""
_EMPTY = re.compile(rb"\n\r?\n|\r\r|\A\r?\n")
_HEADED = re.compile(rb"(?:[\w-]{2,40}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){1,40}?\r?\n", re.IGNORECASE)


def is_archive(data: bytes) -> bool:
    """Whether a file is a web page in an archive (.mht, RFC 2557): it begins like a letter."""
    head = _HEADED.match(data[:16_384].removeprefix(b"\xef\xbb\xbf").lstrip())
    return head is not None and b"mime-version:" in head[0].lower()


def _archived(data: bytes, depth: int = 0) -> tuple[bytes, str] | None:
    """The first page in an archive, or in a part of it, and the encoding that is named for it; None for none.

    Only the parts that lead there are looked into, and of these the heads: pictures make up most of an archive.
    """
    from email import parser, policy  # late: few pages are archived

    head, content = _halves(data)
    said = parser.BytesHeaderParser(policy=policy.compat32).parsebytes(head[:_HEAD_BYTES])
    kind = said.get_content_type()
    if kind in ("text/html", "application/xhtml+xml"):
        encoding = str(said.get("content-transfer-encoding", "")).strip().lower()
        return _unwrapped(content, encoding), str(said.get_param("charset") or "")
    boundary = said.get_param("boundary")
    if kind.startswith("multipart/") and isinstance(boundary, str) and boundary and depth < _DEEPEST:
        for part in (b"\n" + content).split(b"\n--" + boundary.encode("utf-8", "replace"), _PARTS)[1:]:
            found = _archived(part.partition(b"\n")[2], depth + 1)
            if found is not None:
                return found
    return None


def _halves(data: bytes) -> tuple[bytes, bytes]:
    """What stands before the first empty line, and behind it."""
    empty = _EMPTY.search(data)
    return (data, b"") if empty is None else (data[: empty.start()], data[empty.end() :])


def _unwrapped(content: bytes, encoding: str) -> bytes:
    """A part as it was before it was made fit for letters (RFC 2045, 6)."""
    import binascii

    if encoding == "base64":
        return binascii.a2b_base64(content[: len(content) // 4 * 4] if b"\n" not in content else content)
    return binascii.a2b_qp(content) if encoding == "quoted-printable" else content
