"""Letters of units into a campaign: fetched from the office's mailbox, or given one by one; stopped anywhere, none is lost or doubled.

Each workbook is entered into the ledger before its letter counts as fetched, under an origin that is the same on every machine.
So what was entered when a run was stopped is known when the letter comes again, and so is what somebody else fetched.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import TakenIn, take_in
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import WAY_WORDS, ActRefused
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.refused import keep_letter
from xlcheck.model.errors import LedgerTrouble
from xlcheck.model.text import quote
from xlcheck.model.times import CHINA
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.stems import file_stem
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of
from xlcheck.tasks.inbox import InboxOptions, fetch_letters
from xlcheck.workers.spread import WorkersLost

if TYPE_CHECKING:
    from xlcheck.mail.fetching.receive import HeldLetter, SavedFile
    from xlcheck.roster.units import Unit

FETCHED_FOLDER = "来信"
"""Where fetched workbooks lie, and letters that something is held back of; in the campaign's folder."""


class FetchWish(NamedTuple):
    """Which letters are fetched."""

    since: datetime.date | None = None
    """Only those received on this day or later; None for the day on which the campaign was made."""
    letters: int = 1_000
    """The most that one run fetches."""
    ask: Callable[[str], str] | None = None
    """Shows a person the text and answers the password that was typed; None where there is nobody to ask."""


class FetchedInto(NamedTuple):
    """What fetching came to."""

    taken: tuple[TakenIn, ...]
    """What was entered, and what stood in the ledger already."""
    left: int
    """How many new letters were not fetched yet."""
    trouble: str
    """Why it ended early, or what could not be written, for a clerk; or empty."""


class LetterTaken(NamedTuple):
    """What one letter came to."""

    sender: str
    """As the letter has it."""
    taken: tuple[TakenIn, ...]
    said: tuple[str, ...]
    """What of it was not taken in and why, in a clerk's words."""


def fetch_into(
    opened: OpenCampaign,
    by: str,
    wish: FetchWish = FetchWish(),  # noqa: B008  # a frozen value
    listen: Listener = ignore,
    executor: Executor | None = None,
) -> FetchedInto:
    """Fetch what is new in the office's mailbox, as the settings name it, into the campaign.

    A letter that something is held back of is kept as what is not taken in (:func:`.refused.keep_letter`).

    Args:
        opened: the campaign.
        by: who fetches.
        wish: which letters.
        listen: is told of each letter once it is done with.
        executor: does the checking in processes that are there already; None starts one each time.

    Raises:
        CannotDo: the settings name no mailbox, or it cannot be used.
        LedgerTrouble: the ledger cannot be read.
    """
    said = opened.settings.fetch
    if not said.imap:
        raise CannotDo("letters", "campaign.toml 的 [fetch] 里没有写邮箱（imap），不知道到哪里收信")
    units = _units(opened)
    taken: list[TakenIn] = []

    def hold(letter: HeldLetter) -> None:
        called = f"{file_stem(letter.subject.strip() or WAY_WORDS['letter'])}.eml"
        data = letter.head if letter.data is None else letter.data
        unit = None if letter.unit is None else units[letter.unit]
        incoming = Incoming(called, data, "letter", letter.sender, unit, letter.origin)
        try:
            keep_letter(opened, incoming, letter.head, letter.reason, by, int(letter.received.timestamp()))
        except LedgerTrouble as error:
            raise CannotDo("output", error.message) from error

    def hand_on(saved: SavedFile) -> None:
        received = int(saved.received.timestamp())
        incoming = Incoming(
            saved.name or saved.path.name, saved.data, "letter", saved.sender, units[saved.unit], saved.origin
        )
        try:
            taken.append(_taken(opened, incoming, by, received, executor))
        except ActRefused as refused:
            listen(Notice(f"“{quote(str(saved.path))}”没有收入台账：{refused.message}"))
        except LedgerTrouble as error:
            raise CannotDo("output", error.message) from error
        except WorkersLost as error:
            raise CannotDo("workers", f"核对的进程异常中断（{error}）；请重新运行") from error

    options = InboxOptions(
        said.imap,
        opened.folder / FETCHED_FOLDER,
        tuple(units),
        since=wish.since or datetime.datetime.fromtimestamp(opened.campaign.created, CHINA).date(),
        letters=wish.letters,
        password_file=opened.folder / said.password_file if said.password_file else None,
        ask=wish.ask,
        server=said.server,
        form=opened.form,
    )
    left, trouble = fetch_letters(options, listen, hand_on, hold)
    return FetchedInto(tuple(taken), left, trouble)


def take_in_letter(
    opened: OpenCampaign, data: bytes, by: str, at: int, executor: Executor | None = None
) -> LetterTaken:
    """Take in the workbooks of a letter that somebody saved as a file; one that is fetched as well counts once.

    Args:
        opened: the campaign.
        data: the letter (RFC 5322).
        by: who gives it.
        at: when.
        executor: does the checking in processes that are there already; None starts one each time.

    Raises:
        LedgerTrouble: the ledger cannot be used.
        WorkersLost: the executor failed.
    """
    from xlcheck.mail.fetching.opened import Sorting, opening
    from xlcheck.mail.fetching.receive import origin_of
    from xlcheck.mail.fetching.sort import addresses
    from xlcheck.workers.spread import in_child

    units = _units(opened)
    listed = tuple(units)
    sorting = Sorting(listed, addresses(listed), form_of(opened.form), server=opened.settings.fetch.server)
    letter = in_child(opening(sorting), data)
    taken: list[TakenIn] = []
    said = [f"“{quote(one.name)}”：{one.reason}" if one.name else one.reason for one in letter.found.held]
    for number, one in enumerate(letter.found.taken, 1):
        incoming = Incoming(
            one.name or one.file, one.data, "letter", letter.sender, units[listed[one.unit]],
            origin_of(letter.identity, number),
        )  # fmt: skip
        try:
            taken.append(_taken(opened, incoming, by, at, executor))
        except ActRefused as refused:
            said.append(f"“{quote(incoming.called)}”：{refused.message}")
    if not taken and not said:
        said.append("信里没有报送的文件")
    return LetterTaken(letter.sender, tuple(taken), tuple(said))


def _units(opened: OpenCampaign) -> Mapping[Unit, int]:
    """The units by what the list says of them, and their numbers."""
    with reading(opened.engine) as connection:
        return {one.unit: one.id for one in campaign_units(connection, opened.campaign.id)}


def _taken(opened: OpenCampaign, incoming: Incoming, by: str, at: int, executor: Executor | None) -> TakenIn:
    """Take in what the sender's address gives to a unit; where the cover speaks against that, nobody knows whose it is.

    Raises:
        ActRefused: it is not taken in even so.
    """
    try:
        return take_in(opened, incoming, by, at, executor)
    except ActRefused:
        return take_in(opened, incoming._replace(unit_id=None), by, at, executor)
