"""The last look at a letter: what it says and carries is read back from the very bytes that are about to leave."""

from __future__ import annotations

import email
from collections.abc import Callable, Sequence
from email.message import Message
from email.utils import getaddresses

from xlcheck.mail.address import Address
from xlcheck.mail.sending.attachment import Unfit, open_enclosure, stranger
from xlcheck.mail.sending.plan import Draft
from xlcheck.model.submission import Submission
from xlcheck.model.text import quote
from xlcheck.reading.open import Forms
from xlcheck.workers.spread import Task


def prove(message: bytes, draft: Draft, attached: Callable[[bytes], str] | None) -> str:
    """Why these bytes must not go to the unit of `draft`; empty if they may.

    Args:
        message: the whole message.
        draft: whose letter it should be.
        attached: says what is wrong with the bytes of the attachment; None where there must be none.
    """
    # Beyond ASCII there are addresses only (RFC 6532), and those are UTF-8.
    parsed = email.message_from_string(message.decode("utf-8"))
    if not (_names(parsed, "To", draft.to) and _names(parsed, "Cc", draft.cc)):
        return f"信件的收件人与“{quote(draft.unit.name)}”的邮箱不一致"
    parts = [part for part in parsed.walk() if part.get_content_disposition() == "attachment"]
    if len(parts) != (attached is not None):
        return "信件的附件数目不对"
    return attached(bytes(parts[0].get_payload(decode=True))) if attached else ""


Reopened = tuple[Submission, str] | str
"""What an attachment holds, as :func:`xlcheck.mail.sending.attachment.open_enclosure` tells it, or why it cannot be told."""


def opening_again(forms: Forms) -> Task:
    """Opens attachments in a process of its own, read as one of `forms`; a job are the bytes, and :data:`Reopened` comes of it."""
    return Task(_opened, _lost, forms)


def _opened(data: bytes, forms: Forms) -> Reopened:
    try:
        return open_enclosure(data, forms)
    except Unfit as unfit:
        return str(unfit)


def _lost(data: bytes, reason: str, forms: Forms) -> Reopened:
    del data, forms
    return f"附件：{reason}"


def prove_again(message: bytes, draft: Draft, content: str, opened: Callable[[bytes], Reopened]) -> str:
    """:func:`prove`, with the attachment opened and its cover read once more.

    Args:
        message: the whole message.
        draft: whose letter it should be.
        content: what its attachment must hold, as :func:`xlcheck.mail.sending.attachment.open_enclosure` tells it; empty for none.
        opened: does :func:`opening_again`.
    """

    def attached(data: bytes) -> str:
        found = opened(data)
        if isinstance(found, str):
            return found
        submission, held = found
        return stranger(submission, draft.named) if held == content else _CHANGED

    return prove(message, draft, attached if content else None)


_CHANGED = "附件与核对过的审核副本不一致"


def same(data: bytes) -> Callable[[bytes], str]:
    """Wants the attachment to be just these bytes, which were opened before."""
    return lambda attached: "" if attached == data else _CHANGED


def _names(message: Message, header: str, addresses: Sequence[Address]) -> bool:
    """Whether the header names just these addresses."""
    return [spec for _, spec in getaddresses(message.get_all(header, []))] == [address.spec for address in addresses]
