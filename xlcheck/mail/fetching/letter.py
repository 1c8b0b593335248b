"""Strangers' letters, taken apart: who sent them, and what is attached."""

from __future__ import annotations

import hashlib
import os
import re
from binascii import a2b_base64
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesFeedParser, BytesParser
from email.policy import compat32
from io import BytesIO
from typing import Literal

from xlcheck.mail.fetching.authentication import without_comments
from xlcheck.mail.fetching.elsewhere import has_link, uuencoded
from xlcheck.mail.fetching.names import attachment_name, decode, headers, words
from xlcheck.model.errors import Error
from xlcheck.model.text import LONGEST_LINE, entered
from xlcheck.model.tuples import NamedTuple

_LONGEST_ENDING = 20
_MOST_PARTS = 1_000
_MOST_LINES = 2_000_000
"""An honest letter of 30 MiB has some 550,000."""
_MOST_STEPS = 20_000_000
"""The parser compares each line with the boundary of each multipart around it, five million in a second."""
_PIECE = 1 << 16
"""Bytes, and characters of base64, that are looked at together."""
_FAULTLESS = re.compile(r"[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*")
_DEEPER = re.compile(rb"(?i)boundary|message/")
_LONGEST_FROM = 2_000
_ADDRESS = r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+"
_MAILBOX = re.compile(
    rf"\s*(?:(?P<before>{_ADDRESS})?[^@<>(),:;\\\[\]]*<\s*(?P<bracketed>{_ADDRESS})\s*>|(?P<alone>{_ADDRESS}))\s*"
)
"""One mailbox (RFC 5322, 3.4), whose comments and quoted strings are taken away."""


_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 1 << 16
"""Bytes of a letter in which its head lies."""


class Unparseable(Error):
    """A letter that is not taken apart; the message says why, for a clerk."""

    code = "letter"


class Attachment(NamedTuple):
    """One attachment, decoded."""

    name: str
    """As the letter has it, as text; may be empty, and may be hostile."""
    type: str
    """The content type it claims to be."""
    data: bytes
    shown: bool = False
    """Whether it is a picture within the text, such as a logo."""


class Letter(NamedTuple):
    """One letter, as far as a submission goes."""

    sender: str
    """The one address in From, as written; empty where there is none, or more than one."""
    subject: str
    message_id: str
    identity: str
    """Hex; equal for copies of the letter wherever they lie, and whatever servers wrote at its head on the way."""
    attachments: tuple[Attachment, ...]
    nested: tuple[Attachment, ...]
    """The attachments of letters within this letter."""
    kind: Literal["letter", "bounce"] = "letter"
    authentication: tuple[str, ...] = ()
    """The headers Authentication-Results, whoever wrote them."""
    linked: bool = False
    """Whether its text links to a file that is kept elsewhere."""
    uuencoded: tuple[str, ...] = ()
    """The names of files that are written into its text."""


def parse_letter(data: bytes) -> Letter:
    """Take a letter apart (RFC 5322, RFC 2045 to 2047).

    Raises:
        Unparseable: it has so many parts or lines, or is nested so deeply, that no honest sender wrote it.
    """
    lines = data.count(b"\n")
    if lines > _MOST_LINES or lines * (1 + len(_DEEPER.findall(data))) > _MOST_STEPS:
        raise Unparseable("信的结构过于复杂，没有打开")
    try:
        return _letter(_parsed(data), data)
    except Unparseable:
        raise
    except Exception as error:  # whatever else a hostile letter provokes
        raise Unparseable("信的格式无法识别，没有打开") from error


def _parsed(data: bytes) -> Message:
    """The letter as the library has it; piece by piece, since it makes four bytes of each byte that it is given at once."""
    parser = BytesFeedParser(_Counting().message, policy=compat32)
    for at in range(0, len(data), _PIECE):
        parser.feed(data[at : at + _PIECE])
    return parser.close()


class _Counting:
    """Makes the parser's messages, up to a number of them."""

    def __init__(self) -> None:
        self.left = _MOST_PARTS

    def message(self) -> Message:
        self.left -= 1
        if self.left < 0:
            raise Unparseable("信的结构过于复杂，没有打开")
        return Message(policy=compat32)


def parse_head(data: bytes) -> tuple[str, str]:
    """The sender and the subject of a letter of which only the head was fetched."""
    message = BytesParser(policy=compat32).parsebytes(data, headersonly=True)
    return _sender(message), _subject(message)


def head_of(data: bytes) -> bytes:
    """The lines of a letter before its text, as far as they are not longer than any honest head."""
    end = _HEAD_END.search(data, 0, _LONGEST_HEAD)
    return data[: end.end() if end else _LONGEST_HEAD]


def _letter(message: Message, data: bytes) -> Letter:
    leaves = list(_leaves(message, 0))
    texts = [_text(part) for part, _ in leaves if part.get_content_maintype() == "text"]
    attachments: list[Attachment] = []
    nested: list[Attachment] = []
    for part, depth in leaves:
        name = _entered_name(attachment_name(part))
        if name or part.get_content_maintype() not in ("text", "image") or _disposition(part) == "attachment":
            attachment = Attachment(name, part.get_content_type(), _content(part), _is_shown(part, texts))
            part.set_payload("")
            (nested if depth else attachments).append(attachment)
    sender, message_id = _sender(message), "".join(headers(message, "message-id")[:1]).strip()
    return Letter(
        sender,
        _subject(message),
        message_id,
        _identity(message, data),
        tuple(attachments),
        tuple(nested),
        "bounce" if message.get_param("report-type") == "delivery-status" else "letter",  # RFC 3464 section 2
        tuple(headers(message, "authentication-results")),
        any(map(has_link, texts)),
        tuple(name for text in texts for name in uuencoded(text)),
    )


def _text(part: Message) -> str:
    return decode(_content(part), str(part.get_param("charset", "")))


def _is_shown(part: Message, texts: Sequence[str]) -> bool:
    """Whether it is a picture that one of the texts shows (RFC 2392)."""
    own = "".join(headers(part, "content-id")[:1]).strip(" <>")
    return part.get_content_maintype() == "image" and own != "" and any(f"cid:{own}" in text for text in texts)


def _disposition(part: Message) -> str:
    return "".join(headers(part, "content-disposition")[:1]).partition(";")[0].strip().lower()


def _content(part: Message) -> bytes:
    content = _base64(part) or part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _base64(part: Message) -> bytes:
    """What a part says in faultless base64, as the library decodes it but without its copies; empty for another."""
    text = part.get_payload()
    if not isinstance(text, str) or str(part.get("content-transfer-encoding", "")).lower() != "base64":
        return b""
    if not _FAULTLESS.fullmatch(text):
        return b""
    found, rest = BytesIO(), ""
    for at in range(0, len(text), _PIECE):
        piece = rest + text[at : at + _PIECE].replace("\n", "").replace("\r", "")
        rest = piece[len(piece) // 4 * 4 :]
        found.write(a2b_base64(piece[: len(piece) - len(rest)]))
    return b"" if rest else found.getvalue()


def _entered_name(name: str) -> str:
    """A file's name as a value; its ending, which says what it is, stays however long the name is."""
    stem, ending = os.path.splitext(name)
    return entered(stem, LONGEST_LINE) + entered(ending, _LONGEST_ENDING)


_TRACE = frozenset({"received", "return-path", "delivered-to", "envelope-to", "status"})
"""Fields that servers and programs add on the way, besides ``X-…`` (RFC 5321, 4.4)."""


def _identity(message: Message, data: bytes) -> str:
    """A letter that is not quite the same must not be taken for it, or a forged one would make the genuine one vanish.

    So all counts that decides what becomes of a letter: the body, and the whole head but what servers add on the way.
    What the office's own server found out about the sender is no such addition.
    """
    digest = hashlib.sha256()
    for name, value in message.raw_items():
        folded = name.lower()
        if folded not in _TRACE and not folded.startswith("x-"):
            digest.update(f"{folded}\0{value}\0".encode("utf-8", "surrogatepass"))
    head_end = re.search(rb"\r?\n\r?\n", data)
    digest.update(memoryview(data)[head_end.end() :] if head_end else b"")
    return digest.hexdigest()


def _leaves(part: Message, depth: int) -> Iterator[tuple[Message, int]]:
    """The parts that are no containers, and in how many letters within the letter each lies."""
    content = part.get_payload()
    # Of these the parser takes for a letter what is a piece of one, or only says where it lies (RFC 2046, 5.2.2 and 5.2.3).
    if not isinstance(content, list) or part.get_content_type() in ("message/partial", "message/external-body"):
        yield part, depth
        return
    inner = depth + (part.get_content_maintype() == "message")
    for each in content:
        if isinstance(each, Message):
            yield from _leaves(each, inner)


def _subject(message: Message) -> str:
    return entered(words("".join(headers(message, "subject")[:1])).strip())


def _sender(message: Message) -> str:
    """The address in From, if it is exactly one whoever reads the line (RFC 5322 section 3.6.2 allows more)."""
    given = headers(message, "from")
    bare = without_comments(given[0]) if len(given) == 1 and len(given[0]) <= _LONGEST_FROM else None
    found = _MAILBOX.fullmatch(bare) if bare is not None else None
    if found is None:
        return ""
    before, bracketed, alone = found["before"], found["bracketed"], found["alone"]
    # Some programs repeat the address as the name; another one there makes it two.
    address = "" if before and before.casefold() != bracketed.casefold() else bracketed or alone
    # One with strange characters in it is nobody's; without them it could be somebody's.
    return address if entered(address, _LONGEST_FROM) == address else ""
