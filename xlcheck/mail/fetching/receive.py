"""Fetching the units' replies: each new letter's workbooks into the folders of their units."""

from __future__ import annotations

import datetime
import hashlib
import os
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from xlcheck.files.below import below
from xlcheck.files.content import open_file, write_bytes
from xlcheck.mail.address import folded
from xlcheck.mail.fetching.imap import Envelope, Mailbox
from xlcheck.mail.fetching.ledger import File, HeldEntry, InboxLedger, Key, Receipt
from xlcheck.mail.fetching.letter import head_of, parse_head
from xlcheck.mail.fetching.opened import OpenedLetter
from xlcheck.mail.fetching.sort import Addresses, Sorted, Taken
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.units import Unit

QUARANTINE = "隔离"
"""The folder of whole letters that something is held back of; it holds no workbooks, so `verify` finds none."""

_UNGIVEN = "服务器没有给出这封信，下次收取时会再取"


class FetchLimits(NamedTuple):
    """The most that one run fetches."""

    letter_bytes: int = 30 << 20
    """Of one letter; the guard takes workbooks of 20 MiB, which are 27 MiB in a letter."""
    letters: int = 1_000
    total_bytes: int = 2 << 30


class SavedFile(NamedTuple):
    """A workbook that a unit sent, on the disk, before its letter counts as taken."""

    origin: str
    """As :func:`origin_of` gives it: the same on every machine."""
    unit: Unit
    name: str
    """As the letter has it."""
    path: Path
    data: bytes
    received: datetime.datetime
    sender: str
    """As the letter has it."""


def origin_of(identity: str, number: int) -> str:
    """What an attachment was taken from: its letter's identity, and which of the workbooks in it, from 1; with 0, the letter."""
    return f"letter {identity}/{number}"


class HeldLetter(NamedTuple):
    """A letter that something is held back of, before it counts as looked at."""

    origin: str
    """As :func:`origin_of` gives it: the same on every machine."""
    unit: Unit | None
    """Whose address it came from; None where it is no unit's, or that of several."""
    sender: str
    """As the letter has it; empty where it names none."""
    subject: str
    received: datetime.datetime
    reason: str
    """Why, of everything that is held back of it, in a clerk's words."""
    head: bytes
    """Its first lines: sender and subject, at least, as far as the server gives them."""
    data: bytes | None
    """All of it; None where it was too large to be fetched."""


def keep_only(saved: SavedFile | HeldLetter) -> None:
    """Nobody wants more of it than that it lies in its folder."""
    del saved


class Desk(NamedTuple):
    """Where letters are sorted."""

    folder: Path
    ledger: InboxLedger
    units: Sequence[Unit]
    stems: Sequence[str]
    """The name of each unit's folder."""
    known: Addresses
    mailbox: str
    """The account and the folder, for the ledger."""
    opened: Callable[[bytes], OpenedLetter]
    """Opens a letter, wherever that is done."""
    hand_on: Callable[[SavedFile], object] = keep_only
    """Is given each workbook before its letter is done with. Who is stopped in between is given it again: with the same origin."""
    hold: Callable[[HeldLetter], object] = keep_only
    """Is given each letter that something is held back of, likewise."""
    larger: str = ""
    """What a person can do so that larger letters are fetched, in a clerk's words; or empty."""


class Item(NamedTuple):
    """One attachment, or a letter as a whole, and what became of it."""

    name: str
    """As the letter has it; empty for the letter itself."""
    state: Literal["saved", "known", "held"]
    unit: str = ""
    path: str = ""
    """Relative to the folder, with ``/``."""
    reason: str = ""
    """Why it is held back, or what is odd about it, in a clerk's words."""

    @property
    def said(self) -> str:
        """The reason, with what it is about."""
        return f"“{quote(self.name)}”：{self.reason}" if self.name else self.reason


class Arrival(NamedTuple):
    """A letter and what became of it."""

    received: datetime.datetime
    sender: str
    subject: str
    state: Literal["submission", "stranger", "unrelated", "known", "large", "unavailable"]
    items: tuple[Item, ...] = ()
    others: tuple[str, ...] = ()
    """The names of attachments that were left in the letter."""
    kept: str = ""
    """The whole letter, relative to the folder; empty unless something is held back."""

    @property
    def is_held(self) -> bool:
        """Whether a person must look at it."""
        return any(item.state == "held" for item in self.items)


def new_letters(mailbox: Mailbox, desk: Desk, limits: FetchLimits, since: datetime.date | None) -> list[Envelope]:
    """The letters that were not looked at yet, in the order they came."""
    settled = desk.ledger.settled(desk.mailbox, mailbox.validity, limits.letter_bytes, desk.known)
    return list(mailbox.envelopes([uid for uid in mailbox.uids(since) if uid not in settled]))


def within(envelopes: Sequence[Envelope], limits: FetchLimits) -> Sequence[Envelope]:
    """As many of the letters, from the first, as one run fetches; at least one."""
    total = 0
    for number, envelope in enumerate(envelopes[: limits.letters]):
        total += envelope.size if envelope.size <= limits.letter_bytes else 0
        if total > limits.total_bytes and number:
            return envelopes[:number]
    return envelopes[: limits.letters]


def receive(mailbox: Mailbox, desk: Desk, envelope: Envelope, limits: FetchLimits) -> Arrival:
    """Fetch one letter, save its workbooks, keep what is held back, and be done with it.

    Raises:
        MailTrouble: the connection is lost; the letter is fetched by the next run.
        OSError: something cannot be written; likewise.
    """
    key = Key(desk.mailbox, mailbox.validity, envelope.uid)
    if envelope.size > limits.letter_bytes:
        return _too_large(mailbox, desk, key, envelope, limits)
    data = mailbox.letter(envelope.uid)
    if data is None:
        return Arrival(envelope.received, "", "", "unavailable", (Item("", "held", reason=_UNGIVEN),))
    if len(data) > limits.letter_bytes:  # the server did not say how large it is
        return _too_large(mailbox, desk, key, envelope._replace(size=len(data)), limits)
    letter = desk.opened(data)
    entry = Receipt(key, letter.identity, "settled", envelope.size, folded(letter.sender))
    arrival = Arrival(envelope.received, letter.sender, letter.subject, "known")
    if state := desk.ledger.known(letter.identity, desk.known):
        desk.ledger.settle(entry._replace(state=state))
        return arrival
    found = letter.found
    if letter.is_sorted:
        entry = entry._replace(state="stranger" if found.kind == "stranger" else "settled")
    return _settle(desk, entry, found, arrival._replace(state=found.kind), data)


def _settle(desk: Desk, entry: Receipt, found: Sorted, arrival: Arrival, data: bytes) -> Arrival:
    files: list[File] = []
    items = [_save(desk, taken, arrival.received, files) for taken in found.taken]
    for number, (taken, item) in enumerate(zip(found.taken, items, strict=True), 1):
        path = below(desk.folder, item.path)
        saved = SavedFile(
            origin_of(entry.identity, number),
            desk.units[taken.unit],
            taken.name,
            path,
            taken.data,
            arrival.received,
            arrival.sender,
        )
        desk.hand_on(saved)
    items += [Item(held.name, "held", reason=held.reason) for held in found.held]
    arrival = arrival._replace(items=tuple(items), others=found.others)
    name = f"{entry.identity[:12]}.eml"
    if arrival.is_held:
        arrival = arrival._replace(kept=f"{QUARANTINE}/{arrival.received.astimezone():%Y%m%d-%H%M}-{name}")
        _write(desk.folder, arrival.kept, data, arrival.received)
        _hold(desk, entry, arrival, head_of(data), data)
    desk.ledger.settle(entry, files, _lines(arrival))
    if not arrival.is_held:
        for kept in below(desk.folder, QUARANTINE).glob(f"*-{name}"):  # before its sender was listed
            kept.unlink(missing_ok=True)
    return arrival


def _too_large(mailbox: Mailbox, desk: Desk, key: Key, envelope: Envelope, limits: FetchLimits) -> Arrival:
    head = mailbox.head(envelope.uid) or b""
    sender, subject = parse_head(head)
    size = f"信有 {envelope.size / (1 << 20):.1f} MB，超过 {limits.letter_bytes >> 20} MB"
    reason = f"{size}，没有取；请对方只发工作簿" + (f"，{desk.larger}" if desk.larger else "")
    arrival = Arrival(envelope.received, sender, subject, "large", (Item("", "held", reason=reason),))
    entry = Receipt(key, key.text, "large", envelope.size, folded(sender))
    _hold(desk, entry, arrival, head, None)
    desk.ledger.settle(entry, held=_lines(arrival))
    return arrival


def _hold(desk: Desk, entry: Receipt, arrival: Arrival, head: bytes, data: bytes | None) -> None:
    mine = desk.known.get(entry.sender, ())
    unit = desk.units[mine[0]] if len(mine) == 1 else None
    said = "\n".join(one.said for one in arrival.items if one.state == "held")
    origin = origin_of(entry.identity, 0)
    desk.hold(HeldLetter(origin, unit, arrival.sender, arrival.subject, arrival.received, said, head, data))


def _lines(arrival: Arrival) -> list[HeldEntry]:
    """The lines of the list of what is held back."""
    received = f"{arrival.received.astimezone():%Y-%m-%d %H:%M}"
    return [
        HeldEntry(received, arrival.sender, arrival.subject, item.name, item.reason, arrival.kept)
        for item in arrival.items
        if item.state == "held"
    ]


def _save(desk: Desk, taken: Taken, received: datetime.datetime, files: list[File]) -> Item:
    """Write a workbook, unless its unit sent the same before; what is new is added to `files`."""
    unit = desk.units[taken.unit]
    identity, digest = unit.code or unit.name, hashlib.sha256(taken.data).hexdigest()
    earlier = next((file.path for file in files if file[:2] == (identity, digest)), None)
    path = earlier or desk.ledger.path(identity, digest)
    if path is not None:
        target = below(desk.folder, path)
        if _digest(target) == digest:
            # Sent again after something else, it is the newest again.
            _date(target, max(received.timestamp(), target.stat().st_mtime))
        return Item(taken.name, "known", unit.name, path, taken.notice)
    path = _free(desk.folder, desk.stems[taken.unit], taken.file, digest)
    files.append(File(identity, digest, path))
    _write(desk.folder, path, taken.data, received)
    return Item(taken.name, "saved", unit.name, path, taken.notice)


def _free(folder: Path, stem: str, name: str, digest: str) -> str:
    """A path for a new file; where the same content lies already, somebody was stopped before it was noted."""
    inside = below(folder, stem)
    there = {_folded(each): each for each in os.listdir(inside)} if inside.is_dir() else {}
    base, ending = os.path.splitext(name)
    number, free = 2, name
    while (other := there.get(_folded(free))) is not None:
        if _digest(inside / other) == digest:
            return f"{stem}/{other}"
        free = f"{base}_{number}{ending}"
        number += 1
    return f"{stem}/{free}"


def _folded(name: str) -> str:
    """Windows and macOS take names that differ in case or in composition only for the same."""
    return unicodedata.normalize("NFC", name).casefold()


def _digest(path: Path) -> str:
    try:
        with open_file(path) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _write(folder: Path, inside: str, data: bytes, received: datetime.datetime) -> None:
    path = below(folder, inside)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, data)
    _date(path, received.timestamp())


def _date(path: Path, seconds: float) -> None:
    os.utime(path, (seconds, seconds))
