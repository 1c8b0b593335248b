"""What strangers' headers say, as text, and the names of their attachments, as names of files.

Senders write other than ASCII in many ways: as encoded words (RFC 2047), also within quotes, where RFC 2047 section 5
forbids them; as RFC 2231 parameters; as plain bytes of UTF-8 or GBK. All are in use by Chinese mail programs.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import os
import quopri
import re
from email.message import Message
from urllib.parse import unquote_to_bytes

from xlcheck.files.names import ENDINGS, REPORT_ENDINGS
from xlcheck.roster.stems import file_stem

_LONGEST = 8_192
"""Characters of a header that are looked at; a name has at most some hundred."""

_WORD = r"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*)\?="
_WORDS = re.compile(rf"{_WORD}(?:\s*{_WORD})*")
_ONE_WORD = re.compile(_WORD)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
"""What is called the smaller set often holds characters of the larger one."""
_CHARSETS = re.compile(r"utf-(8|16|32)|gb18030|hz|big5|cp\d|iso8859|euc|shift_jis|koi8|ascii|iso2022")
"""Codecs of charsets; Python has others, which are no charsets."""

_MARK = re.compile(r"(?:\.(?:审核|建议)(?:\.\d+)?)+\Z")
"""What the names of our copies end with, before the ending."""
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def decode(data: bytes, charset: str = "") -> str:
    """Bytes as text: in the charset they claim to be in, or else in UTF-8 or GB 18030, whichever they are."""
    try:
        known = codecs.lookup(charset).name
    except (LookupError, ValueError):
        known = ""
    claimed = [_WIDER.get(known, known)] if _CHARSETS.match(known) else []
    for each in (*claimed, "utf-8", "gb18030"):
        try:
            return data.decode(each)
        except ValueError:
            continue
    return data.decode("latin-1")


def headers(part: Message, name: str) -> list[str]:
    """All headers of that name, unfolded; plain bytes are made text, encoded words stay."""
    return [
        decode(value[:_LONGEST].encode("ascii", "surrogateescape")).replace("\r", "").replace("\n", "")
        for key, value in part.raw_items()
        if key.lower() == name and isinstance(value, str)
    ]


def words(text: str) -> str:
    """The text with its encoded words decoded.

    Neighbours of one charset are joined before they are decoded: some programs cut a character in two.
    """
    return _WORDS.sub(lambda run: _joined(run[0]), text)


def _joined(run: str) -> str:
    pieces: list[tuple[str, bytes]] = []
    for charset, how, encoded in _ONE_WORD.findall(run):
        language_free = charset.partition("*")[0].lower()  # RFC 2231 section 5
        try:
            data = _unpacked(encoded.encode("utf-8"), how)
        except binascii.Error:
            return run
        if pieces and pieces[-1][0] == language_free:
            pieces[-1] = (language_free, pieces[-1][1] + data)
        else:
            pieces.append((language_free, data))
    return "".join(decode(data, charset) for charset, data in pieces)


def _unpacked(encoded: bytes, how: str) -> bytes:
    if how in "Qq":
        return quopri.decodestring(encoded, header=True)
    return base64.b64decode(encoded.rstrip(b"=") + b"===")


def attachment_name(part: Message) -> str:
    """The name of an attachment, or empty: of Content-Disposition, else of Content-Type."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        for text in headers(part, header):
            name = _parameter(text, parameter)
            if name:
                return name
    return ""


def _parameter(text: str, wanted: str) -> str:
    plain = Message()
    plain["Content-Type"] = text
    found = [value for name, value in plain.get_params([], "content-type") if name.lower() == wanted]
    # RFC 2231 writes name*=charset'language'value. Where both forms stand, the other one is for old programs.
    for value in sorted(found, key=lambda value: isinstance(value, str)):
        name = words(_unquoted(value)) if isinstance(value, str) else _extended(*value)
        if name.strip():
            return name
    return ""


def _extended(charset: str | None, _language: str | None, value: str) -> str:
    try:
        return words(decode(value.encode("latin-1"), charset or ""))
    except UnicodeEncodeError:
        return words(value)


def _unquoted(name: str) -> str:
    """Some web mailers write percent signs as in an address; what is not UTF-8 then was none."""
    if not _PERCENT.search(name):
        return name
    try:
        plain = unquote_to_bytes(name).decode("utf-8")
    except ValueError:
        return name
    return name if plain.isascii() else plain


def file_name(name: str, kind: str) -> str:
    """A safe name for a workbook that came as `name`, and that a folder's search finds.

    The mark of our annotated copies (``.审核.``) is taken off: a search passes over names with it, and a department
    sends back just such a copy.

    Args:
        name: as the letter has it.
        kind: what the guard says the workbook is; the ending where the name has none of a workbook.
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, ending = os.path.splitext(last.strip())
    if ending.lower() not in ENDINGS | REPORT_ENDINGS:
        stem, ending = last, f".{kind}"
    return f"{file_stem(_MARK.sub('', stem.strip()) or '附件')}{ending.lower()}"
