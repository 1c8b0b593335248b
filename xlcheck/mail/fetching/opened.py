"""Opening a letter: taken apart and sorted at once, so that one process can do all of what a stranger's bytes may harm."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from xlcheck.mail.fetching.kinds import HeldBack
from xlcheck.mail.fetching.letter import Unparseable, head_of, parse_head, parse_letter
from xlcheck.mail.fetching.sort import Addresses, Sorted, sort
from xlcheck.model.form import Form
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.units import Unit
from xlcheck.workers.spread import Task


class Sorting(NamedTuple):
    """What letters are sorted by."""

    units: Sequence[Unit]
    known: Addresses
    form: Form
    own: str = ""
    """The office's own address."""
    server: str = ""
    """What its mail server calls itself in Authentication-Results; empty to not look at them."""


class OpenedLetter(NamedTuple):
    """What a letter is and comes to."""

    sender: str
    subject: str
    identity: str
    """As :class:`~xlcheck.mail.fetching.letter.Letter` has it; of one that is not taken apart, its digest."""
    found: Sorted
    is_sorted: bool
    """Whether it could be taken apart."""


def opening(sorting: Sorting) -> Task:
    """Opens letters, given by their bytes."""
    return Task(open_letter, _lost, sorting)


def open_letter(data: bytes, sorting: Sorting) -> OpenedLetter:
    """Take a letter apart, and decide what becomes of it."""
    try:
        letter = parse_letter(data)
    except Unparseable as error:
        return _unopened(data, *parse_head(head_of(data)), str(error))
    found = sort(letter, sorting.units, sorting.known, sorting.form, sorting.own, sorting.server)
    return OpenedLetter(letter.sender, letter.subject, letter.identity, found, is_sorted=True)


def _lost(data: bytes, reason: str, sorting: Sorting) -> OpenedLetter:
    """A letter on which the process was lost: all of it waits for a person, and it is not fetched again."""
    del sorting
    return _unopened(data, "", "", f"{reason.partition('；')[0]}；请人工处理这封信")


def _unopened(data: bytes, sender: str, subject: str, reason: str) -> OpenedLetter:
    found = Sorted("stranger", held=(HeldBack("", reason),))
    return OpenedLetter(sender, subject, hashlib.sha256(data).hexdigest(), found, is_sorted=False)
