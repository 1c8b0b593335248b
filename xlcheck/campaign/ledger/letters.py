"""The letters of a campaign: what :class:`xlcheck.mail.sending.entries.LetterLedger` promises, in the campaign's database.

Rows are only added: a letter, each turn that it takes, and what became of each recipient. What was read when the record was
opened stays in mind, since only one sends at a time (:func:`sending_alone`); should another send all the same, no letter
begins that took a turn since.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from xlcheck.campaign.ledger.contents import keep_content
from xlcheck.campaign.ledger.database import reading, session_lock, writing
from xlcheck.campaign.ledger.reminders import enter_reminder, reminders_of
from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import LETTER_DELIVERIES, LETTER_TURNS, LETTERS, UNITS
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.mail.sending.entries import (
    INTERRUPTED,
    LetterEntry,
    LetterState,
    Reply,
    after_try,
    may_have_arrived,
    message_id,
    round_of,
    unlisted,
)
from xlcheck.mail.sending.ledger import locked
from xlcheck.mail.sending.plan import LetterKind
from xlcheck.model.errors import LedgerTrouble
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.identity import code_key, identity, name_key
from xlcheck.roster.units import Unit

_DROPPED = "dropped"
"""The state of a letter that was forgotten before it left; it is on record no more, unless it is entered again."""
_UNLISTED = "unlisted"
"""The fate of a recipient who is not waited for any more."""
_LOCK = 0x6C657472
"""The advisory lock of who sends in PostgreSQL; its second number is the campaign's."""


class _Kept(NamedTuple):
    """A letter as it stands."""

    entry: LetterEntry
    unit: int
    turn: int
    """The number of its newest turn; 0 for one that is only rehearsed."""
    dropped: bool


class CampaignLetterLedger:
    """The open record of a campaign's letters."""

    def __init__(
        self, engine: Engine, campaign: int, by: str, clock: Callable[[], int], *, rehearse: bool = False
    ) -> None:
        """Open the record.

        Args:
            engine: of the campaign's database.
            campaign: its number there.
            by: who sends.
            clock: tells the time, in seconds since 1970.
            rehearse: keep all in mind and write nothing. What another is sending just now stands as uncertain then.

        Raises:
            LedgerTrouble: it cannot be read.
        """
        self._engine, self._campaign, self._by, self._clock = engine, campaign, by, clock
        self._rehearses = rehearse
        self.reload()
        if rehearse:
            self.interrupted()

    def reload(self) -> None:
        """Read anew what stands in the database.

        Raises:
            LedgerTrouble: it cannot be read.
        """
        with reading(self._engine) as connection:
            units = campaign_units(connection, self._campaign, withdrawn=True)
            self._letters = _letters(connection, self._campaign)
            self._replies = _deliveries(connection, self._campaign)
        self._of_unit: dict[int, list[int]] = {}
        for number, kept in self._letters.items():
            self._of_unit.setdefault(kept.unit, []).append(number)
        # Of the same name or code a unit that the list names now is meant, not one that it names no more.
        named = sorted(units, key=lambda one: not one.withdrawn)
        self._numbers = {one.unit: one.id for one in named}
        self._by_key = {key: one.id for one in named for key in identity(one.unit.name, one.unit.code).keys}

    # --- what is known -----------------------------------------------------------------------------------------------

    def letters(self) -> tuple[LetterEntry, ...]:
        """All letters, in the order in which they were entered."""
        return tuple(kept.entry for kept in self._letters.values() if not kept.dropped)

    def of(self, unit: Unit) -> tuple[LetterEntry, ...]:
        """All letters to a unit."""
        kept = (self._letters[number] for number in self._of_unit.get(self._number(unit), ()))
        return tuple(one.entry for one in kept if not one.dropped)

    def deliveries(self, letter: LetterEntry) -> Mapping[str, Reply]:
        """What became of each recipient so far."""
        return dict(self._replies.get(letter.id, {}))

    def _number(self, unit: Unit) -> int:
        known = self._numbers.get(unit)
        if known is None:
            keys = (("code", code_key(unit.code)), ("name", name_key(unit.name)))
            known = next((self._by_key[key] for key in keys if key in self._by_key), None)
        if known is None:
            raise LedgerTrouble(f"单位名单里没有“{unit.name}”")
        return known

    # --- letters -----------------------------------------------------------------------------------------------------

    def enter(self, unit: Unit, kind: LetterKind, content: str, domain: str, now: int) -> LetterEntry:
        """The letter with this identity, entered as ``planned`` if it is new."""
        number = self._number(unit)
        same = (self._letters[one] for one in self._of_unit.get(number, ()))
        found = next((one for one in same if (one.entry.kind, one.entry.content) == (kind, content)), None)
        if found is not None and not found.dropped:
            return found.entry
        if found is not None:
            again = LetterEntry(found.entry.id, unit.name, kind, content, found.entry.message_id, now, "planned")
            self._take_turns([again])
            return again
        made = message_id(secrets.token_hex(16), unit, kind, content, domain)
        new = LetterEntry(-len(self._letters) - 1, unit.name, kind, content, made, now, "planned")
        turn = 0
        if not self._rehearses:
            with writing(self._engine) as connection:
                row = {"unit": number, "name": unit.name, "kind": kind, "content": content, "message_id": made}
                new = new._replace(id=add_row(connection, LETTERS, row))
                turn = add_row(connection, LETTER_TURNS, self._columns(new, new.state))
        self._letters[new.id] = _Kept(new, number, turn, dropped=False)
        self._of_unit.setdefault(number, []).append(new.id)
        return new

    def change(self, letters: Iterable[LetterEntry], texts: Iterable[str] = ()) -> None:
        """Write down what is known of letters, all at once; identity and Message-ID stay. Each text is kept once."""
        self._take_turns([it._replace(moved=self._letters[it.id].entry.moved) for it in letters], texts=texts)

    def unfile(self, letter: LetterEntry) -> None:
        """Its .eml is in the outbox no more."""
        self._take_turns([self._letters[letter.id].entry._replace(file="", file_digest="")])

    def drop(self, letters: Iterable[LetterEntry]) -> None:
        """Forget letters that never left."""
        standing = [self._letters[letter.id].entry for letter in letters]
        never = [it for it in standing if it.state in ("planned", "written", "refused")]
        self._take_turns([it for it in never if not may_have_arrived(self.deliveries(it))], _DROPPED)

    # --- sending -----------------------------------------------------------------------------------------------------

    def interrupted(self) -> int:
        """Call what a run left as ``sending`` uncertain; answers how many. Only for who is :func:`sending_alone`."""
        left = [kept.entry for kept in self._letters.values() if kept.entry.state == "sending" and not kept.dropped]
        for letter in left:
            uncertain = {
                address: reply._replace(fate="uncertain")
                for address, reply in self.deliveries(letter).items()
                if reply.fate == "later"
            }
            self._take_turns([letter._replace(state="uncertain", note=INTERRUPTED)], replies=uncertain)
        return len(left)

    def begin(self, letter: LetterEntry, addresses: Sequence[str], listed: Container[str]) -> None:
        """The letter is about to be handed over to `addresses`; this is on the disk when the call returns.

        Recipients that are not `listed` any more and have not got it are no longer waited for.

        Raises:
            LedgerTrouble: another took it up since.
        """
        known = self.deliveries(letter)
        waiting = after_try(known, dict.fromkeys(addresses, Reply("later", ""))).replies
        going = self._letters[letter.id].entry._replace(state="sending", note="", moved=self._clock())
        self._take_turns([going], replies=waiting, gone=unlisted(known, listed), is_first=True)

    def settle(self, letter: LetterEntry, replies: Mapping[str, Reply]) -> LetterState:
        """What came of it; answers its state."""
        after = after_try(self.deliveries(letter), replies)
        settled = self._letters[letter.id].entry._replace(state=after.state, note=after.note)
        self._take_turns([settled], replies=after.replies)
        return after.state

    # --- rows --------------------------------------------------------------------------------------------------------

    def _take_turns(
        self,
        letters: Sequence[LetterEntry],
        state: str = "",
        *,
        texts: Iterable[str] = (),
        replies: Mapping[str, Reply] | None = None,
        gone: Sequence[str] = (),
        is_first: bool = False,
    ) -> None:
        """Letters take a turn, in one transaction.

        Args:
            letters: as they stand from now on.
            state: for all of them, where it is none of theirs.
            texts: what they say, unless it is kept already.
            replies: what became of recipients; only for one letter.
            gone: recipients of it that are not waited for any more.
            is_first: nobody else may have given it a turn.
        """
        if not letters:
            return
        turns = dict.fromkeys((it.id for it in letters), 0)
        if not self._rehearses:
            with writing(self._engine) as connection:
                if is_first:
                    self._refuse_others(connection, letters)
                for text in texts:
                    keep_content(connection, text.encode())
                turns = self._written(connection, letters, state)
                self._enter_fates(connection, letters[0].id, replies or {}, gone)
                for letter in letters:
                    self._note_reminder(connection, letter)
        for letter in letters:
            kept = self._letters[letter.id]
            self._letters[letter.id] = kept._replace(entry=letter, turn=turns[letter.id], dropped=state == _DROPPED)
        known = self._replies.setdefault(letters[0].id, {})
        known.update(replies or {})
        for address in gone:
            del known[address]

    def _refuse_others(self, connection: Connection, letters: Sequence[LetterEntry]) -> None:
        for letter in letters:
            newest = select(func.max(LETTER_TURNS.c.id)).where(LETTER_TURNS.c.letter == letter.id)
            if connection.execute(newest).scalar() != self._letters[letter.id].turn:
                raise LedgerTrouble(_OTHERS)

    def _written(self, connection: Connection, letters: Sequence[LetterEntry], state: str) -> dict[int, int]:
        rows = [self._columns(letter, state or letter.state) for letter in letters]
        if len(rows) == 1:
            return {letters[0].id: add_row(connection, LETTER_TURNS, rows[0])}
        connection.execute(insert(LETTER_TURNS), rows)
        newest = select(LETTER_TURNS.c.letter, func.max(LETTER_TURNS.c.id)).group_by(LETTER_TURNS.c.letter)
        joined = newest.join(LETTERS, LETTERS.c.id == LETTER_TURNS.c.letter).join(UNITS, UNITS.c.id == LETTERS.c.unit)
        return dict(map(tuple, connection.execute(joined.where(UNITS.c.campaign == self._campaign))))

    def _columns(self, letter: LetterEntry, state: str) -> dict[str, Any]:
        rest = {"letter": letter.id, "state": state, "at": self._clock(), "by": self._by}
        rest["text_digest"] = letter.text_digest or None
        return {**{name: getattr(letter, name) for name in _TURN}, **rest}

    def _enter_fates(
        self, connection: Connection, letter: int, replies: Mapping[str, Reply], gone: Sequence[str]
    ) -> None:
        told = [*((address, *reply) for address, reply in replies.items()), *((one, _UNLISTED, "") for one in gone)]
        same = {"letter": letter, "at": self._clock()}
        rows = [{**same, "address": address, "fate": fate, "reply": said} for address, fate, said in told]
        if rows:
            connection.execute(insert(LETTER_DELIVERIES), rows)

    def _note_reminder(self, connection: Connection, letter: LetterEntry) -> None:
        """A reminder that somebody got, or that is to be sent by hand, is noted, once a round."""
        if letter.kind != "reminder" or letter.state not in ("written", "sent", "partly"):
            return
        unit, number = self._letters[letter.id].unit, round_of(letter.content)
        if not any((one.way, one.round) == ("letter", number) for one in reminders_of(connection, unit)):
            enter_reminder(connection, unit, "letter", number, letter.recipients, self._clock(), self._by)


_TURN = ("note", "date", "subject", "recipients", "attachment", "file", "file_digest", "moved")
"""What of a letter's entry its turns hold under the same name."""
_OTHERS = "另一处正在发这项工作的信，请等它结束再运行；已经发出的不会重发"


@contextmanager
def sending_alone(engine: Engine, campaign: int) -> Iterator[None]:
    """Be the only one to send a campaign's letters, whoever else has its database open; the lock ends with the process.

    Raises:
        LedgerTrouble: somebody else is sending, or the lock cannot be had.
    """
    if engine.dialect.name == "sqlite":
        with locked(Path(str(engine.url.database)).parent, _OTHERS):
            yield
        return
    with session_lock(engine, _LOCK, campaign) as is_mine:
        if not is_mine:
            raise LedgerTrouble(_OTHERS)
        yield


def letters_to(connection: Connection, unit: int) -> tuple[LetterEntry, ...]:
    """All letters to a unit that left or are to leave, first to last."""
    return tuple(one.entry for one in _read(connection, LETTERS.c.unit == unit).values() if not one.dropped)


def _letters(connection: Connection, campaign: int) -> dict[int, _Kept]:
    units = select(UNITS.c.id).where(UNITS.c.campaign == campaign)
    return _read(connection, LETTERS.c.unit.in_(units))


def _read(connection: Connection, which: Any) -> dict[int, _Kept]:
    newest = select(func.max(LETTER_TURNS.c.id)).where(LETTER_TURNS.c.letter == LETTERS.c.id).correlate(LETTERS)
    joined = LETTERS.join(LETTER_TURNS, LETTER_TURNS.c.id == newest.scalar_subquery())
    columns = (
        *(LETTERS.c[name] for name in ("id", "unit", "name", "kind", "content", "message_id")),
        LETTER_TURNS.c.id,
    )
    text = func.coalesce(LETTER_TURNS.c.text_digest, "")
    turn = (LETTER_TURNS.c.state, text, *(LETTER_TURNS.c[name] for name in _TURN))
    found = connection.execute(select(*columns, *turn).select_from(joined).where(which).order_by(LETTERS.c.id))
    kept = {}
    for number, unit, name, kind, content, made, turn_id, state, digest, *rest in found:
        known = {**dict(zip(_TURN, rest, strict=True)), "text_digest": digest}
        is_dropped = state == _DROPPED
        entry = LetterEntry(number, name, kind, content, made, state="planned" if is_dropped else state, **known)
        kept[number] = _Kept(entry, unit, turn_id, is_dropped)
    return kept


def _deliveries(connection: Connection, campaign: int) -> dict[int, dict[str, Reply]]:
    columns = [LETTER_DELIVERIES.c[name] for name in ("letter", "address", "fate", "reply")]
    joined = LETTER_DELIVERIES.join(LETTERS, LETTERS.c.id == LETTER_DELIVERIES.c.letter)
    joined = joined.join(UNITS, UNITS.c.id == LETTERS.c.unit)
    wanted = select(*columns).select_from(joined).where(UNITS.c.campaign == campaign).order_by(LETTER_DELIVERIES.c.id)
    found: dict[int, dict[str, Reply]] = {}
    for letter, address, fate, reply in connection.execute(wanted):
        known = found.setdefault(letter, {})
        if fate == _UNLISTED:
            known.pop(address, None)
        else:
            known[address] = Reply(fate, reply)
    return found
