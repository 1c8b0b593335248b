"""Letters as bytes (RFC 5322, MIME), so that Foxmail, Outlook and QQ Mail show names, subjects and files right.

Headers with Chinese are encoded here by the standard library's :mod:`email.header`, not by the policy: it writes
encoded words of 75 characters at most that never part a character (RFC 2047, 2 and 5), alike in every Python version.
"""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote
from urllib.parse import quote as percent

from xlcheck.mail.address import Address
from xlcheck.mail.sending.letter import Words
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".html": "text/html",
}
_XLSX = f"{_OFFICE}.spreadsheetml.sheet"


def _type(name: str) -> str:
    """The media type of an attachment, by what its name ends with: copies are workbooks but for those of documents."""
    return next((kind for ending, kind in _TYPES.items() if name.endswith(ending)), _XLSX)


class Headers(NamedTuple):
    """Everything of a message but its words and its attachment."""

    sender: Address | None
    """None only in the outbox: the mail program that opens the letter fills it in."""
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    message_id: str
    date: int
    """Seconds since 1970."""
    unsent: bool = False
    """Whether it is a draft for a mail program."""


class _Folded(str):
    """A header's value that is encoded and folded; the policy takes it as it is (email.policy: header objects)."""

    name: str

    def __new__(cls, name: str, value: str) -> _Folded:
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: object) -> str:
        """The header's lines."""
        del policy
        return f"{self.name}: {self}\r\n"


def compose(envelope: Headers, words: Words, attachment: tuple[str, bytes] | None) -> bytes:
    """The message; the same arguments give the same bytes.

    Args:
        envelope: who, when, and its Message-ID.
        words: subject, text and HTML.
        attachment: file name and bytes of a workbook, or None.
    """
    import datetime

    everybody = [*envelope.to, *envelope.cc, *envelope.reply_to, *filter(None, [envelope.sender])]
    utf8 = not all(address.local.isascii() for address in everybody)
    message = EmailMessage(policy=SMTP.clone(utf8=utf8))
    message["Date"] = format_datetime(datetime.datetime.fromtimestamp(envelope.date).astimezone())
    if envelope.sender:
        _put(message, "From", _mailboxes([envelope.sender]))
    for name, addresses in (("To", envelope.to), ("Cc", envelope.cc), ("Reply-To", envelope.reply_to)):
        if addresses:
            _put(message, name, _mailboxes(addresses))
    _put(message, "Subject", _words(words.subject, len("Subject: ")))
    message["Message-ID"] = envelope.message_id
    if envelope.unsent:
        message["X-Unsent"] = "1"  # Outlook then opens it as a draft, ready to be sent
    _fill(message, words, attachment)
    _number_boundaries(message, envelope.message_id)
    return message.as_bytes()


def words_of(message: bytes) -> Words:
    """The words of a message that :func:`compose` made."""
    parsed = message_from_bytes(message, policy=SMTP)
    text, html = (
        part.get_content().replace("\r\n", "\n") for part in map(parsed.get_body, (("plain",), ("html",))) if part
    )
    return Words(str(parsed["Subject"]), text, html.removesuffix("\n"))


def _fill(message: EmailMessage, words: Words, attachment: tuple[str, bytes] | None) -> None:
    # Base64, because quoted-printable of Chinese is larger, and long lines of it are broken by old servers.
    message.set_content(words.text, cte="base64")
    message.add_alternative(words.html, subtype="html", cte="base64")
    if attachment is None:
        return
    name, data = attachment
    message.make_mixed()
    part = EmailMessage(policy=message.policy)
    part.set_content(data, *_type(name).split("/"))
    for header in ("Content-Type", "Content-Disposition"):
        del part[header]
    # RFC 2231 for whoever follows it; an encoded word in `name` is against RFC 2047, 5, yet it is what Outlook writes
    # itself, and what Foxmail and QQ Mail look at first.
    _put(part, "Content-Type", f'{_type(name)};\r\n name="{_words(quote(clean(name)), 7)}"')
    _put(part, "Content-Disposition", f"attachment;\r\n filename*=utf-8''{percent(clean(name), safe='')}")
    message.attach(part)


def _put(message: EmailMessage, name: str, value: str) -> None:
    message[name] = _Folded(name, value)


def _words(text: str, taken: int) -> str:
    """A text as it is, or as encoded words, folded; `taken` characters of the first line are gone."""
    text = clean(text)
    if text.isascii() and "=?" not in text and len(text) + taken <= 76:
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name="x" * max(0, taken - 2)).encode(linesep="\r\n")


def _mailboxes(addresses: Sequence[Address]) -> str:
    """An address list (RFC 5322, 3.4), one mailbox a line."""
    return ",\r\n ".join(_mailbox(address) for address in addresses)


def _mailbox(address: Address) -> str:
    if not address.name:
        return address.spec
    encoded = _words(address.name, 10)
    shown = f'"{quote(encoded)}"' if encoded.isascii() and not encoded.startswith("=?") else encoded
    return f"{shown}\r\n <{address.spec}>"


def _number_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries made of the Message-ID, not of chance; ``=_`` never stands in base64 (RFC 2045, 6.7)."""
    stem = message_id.strip("<>").partition("@")[0]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{stem}")
