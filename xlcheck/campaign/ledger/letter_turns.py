"""What became of the letters to a unit: each turn that one took, as somebody may ask for it in spring."""

from __future__ import annotations

from typing import get_args

from sqlalchemy import Connection, select

from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.schema import LETTER_TURNS, LETTERS
from xlcheck.mail.sending.entries import LetterState, round_of
from xlcheck.mail.sending.plan import LetterKind
from xlcheck.model.tuples import NamedTuple


class LetterTurn(NamedTuple):
    """A letter that was written, left, or did not."""

    letter: int
    kind: LetterKind
    round: int
    """Which reminder, or which time templates go out; 0 of a letter that tells a result."""
    state: LetterState
    note: str
    """Why it is not sent, or which recipients refused, in a clerk's words."""
    text: str
    """What it says, without the link in it; empty where it is not kept."""
    subject: str
    recipients: str
    attachment: str
    """Its file name, or empty."""
    at: int
    by: str


_QUIET = ("planned", "sending")
"""The states of which nothing is told unless there is something to say: it is about to leave."""


def letter_turns(connection: Connection, unit: int) -> tuple[LetterTurn, ...]:
    """What happened to the letters to a unit, first to last; what only was about to happen is left out."""
    names = ("state", "note", "subject", "recipients", "attachment", "at", "by", "text_digest")
    columns = (LETTERS.c.id, LETTERS.c.kind, LETTERS.c.content, *(LETTER_TURNS.c[name] for name in names))
    joined = LETTER_TURNS.join(LETTERS, LETTERS.c.id == LETTER_TURNS.c.letter)
    wanted = select(*columns).select_from(joined).where(LETTERS.c.unit == unit).order_by(LETTER_TURNS.c.id)
    told: list[LetterTurn] = []
    last: dict[int, tuple[str, str]] = {}
    for letter, kind, content, state, note, *rest, digest in connection.execute(wanted).all():
        known, last[letter] = last.get(letter), (state, note)
        if state in get_args(LetterState) and known != (state, note) and (note or state not in _QUIET):
            text = content_of(connection, digest).decode() if digest else ""
            told.append(LetterTurn(letter, kind, round_of(content), state, note, text, *rest))
    return tuple(told)
