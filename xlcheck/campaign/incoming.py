"""A file that came in, and how it is entered."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from sqlalchemy import Connection

from xlcheck.campaign.ledger.arrivals import EnteredArrival, enter_arrival
from xlcheck.campaign.ledger.contents import keep_content
from xlcheck.campaign.ledger.values import Unowned, Way
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

_OF_THE_OFFICE = ("folder", "hand")
_BY_A_PAGE = ("upload", "api")


class Incoming(NamedTuple):
    """A file that came in."""

    name: str
    """The file's; folders before it are dropped."""
    data: bytes
    way: Way
    sender: str = ""
    """From where: an address, a folder; or empty."""
    unit_id: int | None = None
    """Whose it is, where the link, the letter or the clerk says so; None to go by its cover."""
    origin: str = ""
    """What it is taken from; the same is taken in once only. Empty where nothing says so."""
    is_found: bool = False
    """Whether it was found in a folder, and not named: a document there that is no report is of no concern."""

    @property
    def called(self) -> str:
        """Its name as it is kept."""
        name = PurePosixPath(PureWindowsPath(self.name).name).name
        return entered(name).strip() or "文件"

    @property
    def is_of_the_office(self) -> bool:
        """Whether the office gives it itself, and has it still where it is not taken in."""
        return self.way in _OF_THE_OFFICE

    @property
    def is_handed_in(self) -> bool:
        """Whether somebody handed it in who is told at once that it is not taken in; a letter is tried again by its cover."""
        return self.way in _BY_A_PAGE


def enter_incoming(
    connection: Connection, campaign: int, incoming: Incoming, unit: int | None, why: Unowned, by: str, at: int
) -> EnteredArrival:
    """Enter a file with its content.

    Args:
        connection: of the ledger, for writing.
        campaign: which.
        incoming: the file.
        unit: whose it is; None where it is no unit's.
        why: of what is no unit's, why; of others it says nothing.
        by: who enters it.
        at: when it reached the office.
    """
    digest = keep_content(connection, incoming.data)
    way, sender, origin = incoming.way, incoming.sender, incoming.origin
    return enter_arrival(connection, campaign, unit, digest, incoming.called, at, way, sender, by, origin, why)
