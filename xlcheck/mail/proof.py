"""The last look at a letter: what it says and carries is read back from the very bytes that are about to leave."""

from __future__ import annotations

from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTPUTF8

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
    parsed = BytesParser(EmailMessage, policy=SMTPUTF8).parsebytes(message)
    for name, addresses in (("To", draft.to), ("Cc", draft.cc)):
        if _specs(parsed, name) != [address.spec for address in addresses]:
            return f"信件的收件人与“{quote(draft.unit.name)}”的邮箱不一致"
    attached = list(parsed.iter_attachments())
    if len(attached) != bool(content):
        return "信件的附件数目不对"
    if not content:
        return ""
    try:
        submission, held = opened(attached[0].get_payload(decode=True), form)  # type: ignore[arg-type]
    except Unfit as unfit:
        return str(unfit)
    if held != content:
        return "附件与核对过的审核副本不一致"
    return stranger(submission, draft.unit)


def _specs(message: EmailMessage, name: str) -> list[str]:
    header = message[name]
    return [address.addr_spec for address in header.addresses] if isinstance(header, AddressHeader) else []
