"""Sending what is ready: one connection, not too fast, patient with temporary refusals, and nothing twice."""

from __future__ import annotations

import hashlib
import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from xlcheck.mail.sending import proof
from xlcheck.mail.sending.entries import LetterLedger, LetterState, Reply
from xlcheck.mail.sending.prepare import Ready, Spool
from xlcheck.mail.sending.smtp import Attempt, Unreachable, Unusable
from xlcheck.model.tuples import NamedTuple

TRIES = 5
"""How often a letter, or a connection, is tried at most."""

FRESH = 60.0
"""A letter that was read longer ago than so many seconds is read again before it leaves."""


class Connection(Protocol):
    """What :class:`xlcheck.mail.sending.smtp.Session` offers."""

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Attempt:
        """Hand one letter over."""

    def close(self) -> None:
        """Say good-bye."""


class Pace(NamedTuple):
    """How fast, and how patient."""

    gap: float = 0.0
    """Seconds from the start of one letter to that of the next."""
    pause: float = 30.0
    """Seconds before the second try; each further pause is twice as long."""

    def before(self, tried: int) -> float:
        """The pause after `tried` tries."""
        return self.pause * float(2 ** (tried - 1))


class Sending(NamedTuple):
    """A letter in the queue; the earliest due first, then in the order of the list."""

    due: float
    number: int
    ready: Ready
    addresses: tuple[str, ...]
    tried: int


class Sent(NamedTuple):
    """What sending came to."""

    states: dict[int, LetterState]
    """By the number of the letter in the record, of those that were tried."""
    failures: dict[int, str]
    """Why a letter was not even tried, in a clerk's words."""
    stopped: str = ""
    """Why the run ended before its end, in a clerk's words; or empty."""


class Sender:
    """One run."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        sender: str,
        ledger: LetterLedger,
        spool: Spool,
        pace: Pace,
        opened: Callable[[bytes], proof.Reopened],
    ) -> None:
        """Prepare to send.

        Args:
            connect: makes a connection; raises Unreachable or Unusable.
            sender: the envelope's sender.
            ledger: the record.
            spool: holds the messages.
            pace: how fast.
            opened: opens an attachment again, as :func:`xlcheck.mail.sending.proof.opening_again` does.
        """
        self._connect, self._sender, self._ledger, self._spool = connect, sender, ledger, spool
        self._pace, self._opened = pace, opened
        self._connection: Connection | None = None
        self._free = 0.0  # when the next letter may start

    def run(self, letters: Sequence[Ready], tell: Callable[[Ready, LetterState, str], object]) -> Sent:
        """Send all of them; `tell` hears of each try: the letter, its state, and what the server said.

        Raises:
            Unusable: the first connection could not be made; nothing was sent.
        """
        queue = [Sending(0.0, n, one, tuple(to.spec for to in one.left), 0) for n, one in enumerate(letters)]
        sent = Sent({}, {})
        if not queue:
            return sent
        try:
            self._connection = self._connected()
            while queue:
                self._one(heapq.heappop(queue), queue, sent, tell)
        except (Unusable, Unreachable) as error:
            if not sent.states:
                raise Unusable(str(error)) from error
            return sent._replace(stopped=str(error))
        finally:
            if self._connection:
                self._connection.close()
        return sent

    def _one(
        self, task: Sending, queue: list[Sending], sent: Sent, tell: Callable[[Ready, LetterState, str], object]
    ) -> None:
        ready = task.ready
        message = self._spool.read(ready)
        if reason := self._unfit(ready, message):
            sent.failures[ready.letter.id] = reason
            return
        self._wait(max(task.due, self._free))
        self._free = time.monotonic() + self._pace.gap
        connection = self._connection = self._connection or self._connected()
        self._ledger.begin(ready.letter, task.addresses, {address.spec for address in ready.draft.recipients})
        outcome = self._hand_over(connection, task.addresses, message)
        state = self._ledger.settle(ready.letter, outcome.replies)
        sent.states[ready.letter.id] = state
        later = tuple(address for address, reply in outcome.replies.items() if reply.fate == "later")
        if later and task.tried + 1 < TRIES:
            due = time.monotonic() + self._pace.before(task.tried + 1)
            heapq.heappush(queue, task._replace(due=due, addresses=later, tried=task.tried + 1))
        tell(ready, state, _said(outcome.replies))

    def _unfit(self, ready: Ready, message: bytes) -> str:
        """Why these bytes must not leave; empty if they may."""
        if hashlib.sha256(message).digest() != ready.digest:
            return "信件与检查过的不一致"
        if time.monotonic() - ready.read < FRESH:
            return ""
        return proof.prove_again(message, ready.draft, ready.content, self._opened)

    def _hand_over(self, connection: Connection, addresses: Sequence[str], message: bytes) -> Attempt:
        """One try. A connection that the server closed while nothing was said is made anew, and that is no try."""
        outcome = connection.send(self._sender, addresses, message)
        if outcome.lost and outcome.idle:
            self._connection = None
            try:
                connection = self._connection = self._connected()
            except (Unreachable, Unusable):
                return outcome
            outcome = connection.send(self._sender, addresses, message)
        if outcome.lost:
            self._connection = None
        return outcome

    def _connected(self) -> Connection:
        """A new connection, tried several times."""
        tried = 0
        while True:
            try:
                return self._connect()
            except Unreachable:
                tried += 1
                if tried == TRIES:
                    raise
                time.sleep(self._pace.before(tried))

    @staticmethod
    def _wait(until: float) -> None:
        if (left := until - time.monotonic()) > 0:
            time.sleep(left)


def _said(replies: Mapping[str, Reply]) -> str:
    return "；".join(f"{address} {reply.text}" for address, reply in replies.items() if reply.fate != "accepted")
