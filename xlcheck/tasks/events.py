"""What happens while a task works, as frozen values: a progress bar, a log and a web page can each listen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from xlcheck.model.tuples import NamedTuple

if TYPE_CHECKING:
    from xlcheck.batch.run import Told
    from xlcheck.mail.fetching.receive import Arrival
    from xlcheck.mail.sending.entries import LetterState
    from xlcheck.results.counts import Counts
    from xlcheck.results.document import RosterJson
    from xlcheck.totals.selection import Selection


class Notice(NamedTuple):
    """Something a person should know; the work goes on."""

    text: str
    """One sentence, in a clerk's words."""


class Started(NamedTuple):
    """Files are about to be worked on."""

    files: int
    """All of them."""
    done: int = 0
    """How many need no work, since an earlier run did them."""


class FileDone(NamedTuple):
    """One file is done."""

    path: str
    """As the user gave it."""
    told: Told | None = None
    """What checking it came to; None where it was only read."""


class Finished(NamedTuple):
    """All files are checked, and everything is written."""

    counts: Counts
    """Over all files."""
    is_written: bool
    """Whether every copy that was asked for could be written."""
    entries: Iterable[str] | None
    """The entries of the JSON document, to be read while this is told; None where no folder keeps the results."""
    further: RosterJson | None
    """What the document says of the list of units; None where there is none."""


class Selected(NamedTuple):
    """It is decided what is added up, and what is not."""

    selection: Selection
    addresses: tuple[str, ...]
    """Of the form's fields, in their order."""


class LetterTried(NamedTuple):
    """A letter was handed to the server once."""

    number: int
    """Which try of the run this is, from 1."""
    letters: int
    """How many letters there are to send."""
    unit: str
    state: LetterState
    """What became of it."""
    said: str
    """What the server said, if it took not all; or empty."""


class LetterFetched(NamedTuple):
    """One letter was fetched, and what it held is put away."""

    arrival: Arrival


Event = Notice | Started | FileDone | Finished | Selected | LetterTried | LetterFetched

Listener = Callable[[Event], object]
"""Is told of each event as it happens, in the thread of whoever asked for the task."""


def ignore(event: Event) -> None:
    """Nobody listens."""
    del event
