"""What a record of letters promises, whoever keeps it: what identifies a letter, its states, and which may follow.

A letter is identified by unit, kind and content. Its Message-ID is fixed when it is entered, and its state is
``sending`` on the disk before a server sees the first byte of it. So whatever is found as ``sending`` afterwards may or
may not have been accepted: it is ``uncertain``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Literal, Protocol

from xlcheck.mail.sending.plan import LetterKind
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.identity import name_key
from xlcheck.roster.units import Unit

LetterState = Literal["planned", "written", "sending", "sent", "partly", "refused", "uncertain"]
"""docs/use/commands/mail.md tells what each means and what may follow."""

Fate = Literal["accepted", "refused", "later", "uncertain"]
"""What became of one recipient."""

INTERRUPTED = "发送时中断，服务器可能已经收下"
"""What is noted of a letter that a run left as ``sending``."""


class LetterEntry(NamedTuple):
    """One line of the record."""

    id: int
    name: str
    """The unit, as the list had it."""
    kind: LetterKind
    content: str
    message_id: str
    """With its angle brackets."""
    date: int
    """When it was written, in seconds since 1970."""
    state: LetterState
    note: str = ""
    """Why it is not sent, or which recipients refused, in a clerk's words."""
    subject: str = ""
    recipients: str = ""
    attachment: str = ""
    """Its file name, or empty."""
    file: str = ""
    """The name of its .eml in the outbox, or empty."""
    file_digest: str = ""
    """SHA-256 of that .eml as it was written."""
    moved: int = 0
    """When it was last handed over, in seconds since 1970; 0 if never."""
    text_digest: str = ""
    """SHA-256 of what it says as it is kept, without its link; empty where the record keeps no texts."""


class Reply(NamedTuple):
    """What became of one recipient, and what the server said."""

    fate: Fate
    text: str


class AfterTry(NamedTuple):
    """What a try leaves of a letter."""

    replies: Mapping[str, Reply]
    """Of those who were tried, by recipient."""
    state: LetterState
    note: str


class LetterLedger(Protocol):
    """A record of letters. Every method is one transaction."""

    def letters(self) -> tuple[LetterEntry, ...]:
        """All letters, in the order in which they were entered."""

    def of(self, unit: Unit) -> tuple[LetterEntry, ...]:
        """All letters to a unit. One that changed its name or got its code since is still the same."""

    def enter(self, unit: Unit, kind: LetterKind, content: str, domain: str, now: int) -> LetterEntry:
        """The letter with this identity, entered as ``planned`` if it is new."""

    def change(self, letters: Iterable[LetterEntry], texts: Iterable[str] = ()) -> None:
        """Write down what is known of letters, all at once; identity and Message-ID stay.

        `texts` are what they say, for a record that keeps it.
        """

    def unfile(self, letter: LetterEntry) -> None:
        """Its .eml is in the outbox no more."""

    def drop(self, letters: Iterable[LetterEntry]) -> None:
        """Forget letters that never left."""

    def interrupted(self) -> int:
        """Call what a run left as ``sending`` uncertain; answers how many. Only for who holds the lock."""

    def begin(self, letter: LetterEntry, addresses: Sequence[str], listed: Container[str]) -> None:
        """The letter is about to be handed over to `addresses`; this is on the disk when the call returns.

        Recipients that are not `listed` any more and have not got it are no longer waited for.
        """

    def settle(self, letter: LetterEntry, replies: Mapping[str, Reply]) -> LetterState:
        """What came of it; answers its state."""

    def deliveries(self, letter: LetterEntry) -> Mapping[str, Reply]:
        """What became of each recipient so far."""


_ROUND = "round "


def of_round(number: int) -> str:
    """The content of a letter that tells no result: which reminder it is, or which time templates go out."""
    return f"{_ROUND}{number}"


def round_of(content: str) -> int:
    """Which of them a letter with this content is; 0 for one that tells a result."""
    return int(content.removeprefix(_ROUND)) if content.startswith(_ROUND) else 0


def message_id(secret: str, unit: Unit, kind: LetterKind, content: str, domain: str) -> str:
    """The Message-ID (RFC 5322, 3.6.4) of the letter with this identity.

    It is made with a secret of its record, so that the reminder of another year is another message.
    """
    identity = "\0".join((secret, name_key(unit.name), kind, content))
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{domain}>"


def after_try(known: Mapping[str, Reply], replies: Mapping[str, Reply]) -> AfterTry:
    """What a try leaves of a letter of whose recipients so much was known."""
    heard = {address: _agreed(known.get(address), reply) for address, reply in replies.items()}
    everyone = {**known, **heard}
    note = "；".join(f"{address} {reply.text}" for address, reply in everyone.items() if reply.fate != "accepted")
    return AfterTry(heard, _state([reply.fate for reply in everyone.values()]), note)


def unlisted(known: Mapping[str, Reply], listed: Container[str]) -> list[str]:
    """The recipients that are not waited for any more: who is on the list no longer and certainly has not got it."""
    return [address for address, reply in known.items() if address not in listed and reply.fate in ("refused", "later")]


def may_have_arrived(known: Mapping[str, Reply]) -> bool:
    """Whether somebody has got it, or may have."""
    return any(reply.fate in ("accepted", "uncertain") for reply in known.values())


def _agreed(before: Reply | None, now: Reply) -> Reply:
    # Who may have got it stays so, unless the server takes it now: no later refusal proves the contrary.
    if before is not None and before.fate == "uncertain" and now.fate != "accepted":
        return now._replace(fate="uncertain")
    return now


def _state(fates: Sequence[Fate]) -> LetterState:
    if "uncertain" in fates:
        return "uncertain"
    if all(fate == "accepted" for fate in fates):
        return "sent"
    if "accepted" in fates:
        return "partly"
    return "planned" if "later" in fates else "refused"
