"""The costly steps of writing a letter. They look at nothing but what they are given, so any process can do them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from xlcheck.mail.sending import mime, proof
from xlcheck.mail.sending.attachment import Enclosure, Offered, Unfit, enclose
from xlcheck.mail.sending.letter import Words
from xlcheck.mail.sending.plan import Draft
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.roster.units import Unit
from xlcheck.workers.spread import Crew, Task, spread


class Terms(NamedTuple):
    """What the steps of all letters of a run share."""

    forms: Forms
    """Which form attachments are read as."""
    largest: int
    """Bytes of a whole message."""


class Enclosing(NamedTuple):
    """What is to go with the letter to a unit."""

    unit: Unit
    """Whom its cover must name."""
    offered: Offered


class Writing(NamedTuple):
    """What a letter is written from."""

    draft: Draft
    headers: mime.Headers
    words: Words
    attachment: Enclosure | None


class WrittenLetter(NamedTuple):
    """A letter that was taken apart again, and is the unit's own."""

    message: bytes
    digest: bytes
    """SHA-256 of the message."""


_Given = Enclosing | Writing | str | None


def take_steps(crew: Crew | None, terms: Terms) -> Callable[[Iterable[_Given]], Iterator[Any]]:
    """Does one step for each thing given, and answers in their order; what is attached is opened in other processes.

    An :class:`Enclosing` becomes its :class:`Enclosure`, a :class:`Writing` its :class:`WrittenLetter`, and either a text
    where that must not be sent: why, in a clerk's words. None and texts stay what they are.
    """
    # No more lie ready than keep the crew at work: attachments can be large.
    few = crew._replace(workers=1, chunk=2) if crew is not None else None
    task = Task(_step, _give_up, terms)
    return lambda given: spread(task, given, few)


def _step(given: _Given, terms: Terms) -> Enclosure | WrittenLetter | str | None:
    if isinstance(given, Enclosing):
        return _enclosed(given, terms)
    return _written(given, terms) if isinstance(given, Writing) else given


def _give_up(given: _Given, reason: str, terms: Terms) -> str:
    del given, terms
    return f"附件：{reason}"


def _enclosed(given: Enclosing, terms: Terms) -> Enclosure | str:
    try:
        return enclose(given.offered, given.unit, terms.forms)
    except Unfit as unfit:
        return str(unfit)


def _written(writing: Writing, terms: Terms) -> WrittenLetter | str:
    draft, headers, words, attachment = writing
    if attachment and (size := len(attachment.data) * 4 // 3) > terms.largest:  # in base64
        return _too_large(size, terms)
    message = mime.compose(headers, words, (attachment.name, attachment.data) if attachment else None)
    if len(message) > terms.largest:
        return _too_large(len(message), terms)
    if reason := proof.prove(message, draft, proof.same(attachment.data) if attachment else None):
        return reason
    return WrittenLetter(message, hashlib.sha256(message).digest())


def _too_large(size: int, terms: Terms) -> str:
    return f"信件连同附件 {_megabytes(size)} MB，超过 {_megabytes(terms.largest)} MB（--max-size）"


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f}"
