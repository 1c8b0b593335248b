"""A saved web page, before a parser makes a tree of it: decoded, without programs, and of bounded tags.

What programs of a page would do to it is nobody's to know; what stands in the page is read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from xlcheck.guard.budget import Budget
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.markup import has_long_tag
from xlcheck.model.errors import Refused, damaged, too_much

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
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
_EMBEDDED = re.compile(r"""(=\s{0,9}["']?\s{0,9}data:)[^"'\s>]{400,}""", re.IGNORECASE)
"""A picture written into an attribute."""
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_PER_TAG = 11.0
"""Microseconds for a tag: it is made into a tree and walked through."""
_PER_LINE = 2.5
"""Microseconds for a line of an archived page."""
_TREE = 550
"""Bytes of memory that an element takes in a tree."""
_PER_CHARACTER = 1 / 40
_ATTRIBUTES = 500
"""Of one tag: the parser compares each with all before it."""


class WebPage(NamedTuple):
    """A page that harms no parser."""

    text: str
    """Its markup, decoded, without comments, programs and styles."""
    styles: str
    """The contents of its style elements."""
    whole: str
    """Its markup as it was, decoded."""


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
        raise damaged("内容无法识别") from error


def _open_page(data: bytes, limits: Limits) -> WebPage:
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    budget = Budget(data, limits)
    said = ""
    if is_archive(data):
        budget.charge(work=_PER_LINE * data.count(b"\n"), room=2 * len(data))
        data, said = _archived(data)
    budget.charge(work=_PER_CHARACTER * len(data), room=6 * len(data))
    whole = decoded(data, said).replace("\0", "\ufffd")
    styles: list[str] = []

    def bared(found: re.Match[str]) -> str:
        name = (found[1] or "").lower()
        if name == "style":
            styles.append(found[2])
        return found[0] if name in _KEPT else ""

    text = _EMBEDDED.sub(r"\1", _UNSEEN.sub(bared, whole))
    tags = len(_TAG.findall(text))
    budget.charge(work=_PER_TAG * tags, room=_TREE * tags)
    spelt = text.encode("utf-8", "replace")
    if has_long_tag(spelt, limits.tag_bytes):
        _check_attributes(text)
    return WebPage(text, "\n".join(styles), whole)


def _check_attributes(text: str) -> None:
    """Bound the attributes of a tag; a text may be long."""
    for piece in text.split("<"):
        tag = piece.partition(">")[0]
        if tag[:1].isalpha() and tag.count("=") > _ATTRIBUTES:
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
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[:1] == b"<" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        found = _CHARSET.search(data[:_DECLARED_IN])
        named = found[1].decode("ascii", "replace") if found else said
        codec = _CODECS.get(re.sub(r"[^a-z0-9]", "", named.lower()), "gb18030")
        return data.decode("gb18030" if codec.startswith("utf-16") else codec, "replace")


# --- archives --------------------------------------------------------------------------------------------------------

_HEADED = re.compile(rb"(?:[\w-]{2,40}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){1,40}?\r?\n", re.IGNORECASE)


def is_archive(data: bytes) -> bool:
    """Whether a file is a web page in an archive (.mht, RFC 2557): it begins like a letter."""
    head = _HEADED.match(data[:16_384].removeprefix(b"\xef\xbb\xbf").lstrip())
    return head is not None and b"mime-version:" in head[0].lower()


def _archived(data: bytes) -> tuple[bytes, str]:
    """The page in an archive, and the encoding that is named for it.

    Raises:
        Refused: F101 there is none.
    """
    from email import message_from_bytes, policy  # late: few pages are archived

    message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content, str(part.get_param("charset") or "")
    raise damaged("单个文件网页里没有网页")
