"""The last look at a letter: what it says and carries is read back from the very bytes that are about to leave."""

from __future__ import annotations

import email
from collections.abc import Sequence
from email.message import Message
from email.utils import getaddresses

from xlcheck.mail.address import Address
from xlcheck.mail.attachment import Unfit, opened, stranger
from xlcheck.mail.plan import Draft
from xlcheck.wording import quote


def check(message: bytes, draft: Draft, content: str, form: str | None) -> str:
    """Why these bytes must not go to the unit of `draft`; empty if they may.

    Args:
        message: the whole message.
        draft: whose letter it should be.
        content: what its attachment must hold, as :func:`xlcheck.mail.attachment.opened` tells it; empty for none.
        form: the form of the attachment; None takes what it says.
    """
    # Beyond ASCII there are addresses only (RFC 6532), and those are UTF-8.
    parsed = email.message_from_string(message.decode("utf-8"))
    if not (_names(parsed, "To", draft.to) and _names(parsed, "Cc", draft.cc)):
        return f"信件的收件人与“{quote(draft.unit.name)}”的邮箱不一致"
    attached = [part for part in parsed.walk() if part.get_content_disposition() == "attachment"]
    if len(attached) != bool(content):
        return "信件的附件数目不对"
    if not content:
        return ""
    try:
        submission, held = opened(bytes(attached[0].get_payload(decode=True)), form)
    except Unfit as unfit:
        return str(unfit)
    if held != content:
        return "附件与核对过的审核副本不一致"
    return stranger(submission, draft.unit)


def _names(message: Message, header: str, addresses: Sequence[Address]) -> bool:
    """Whether the header names just these addresses."""
    return [spec for _, spec in getaddresses(message.get_all(header, []))] == [address.spec for address in addresses]
