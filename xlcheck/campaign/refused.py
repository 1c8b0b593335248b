"""What came in and is not taken in, handed in or in a letter: kept with the reason, as far as one side may fill the ledger."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from xlcheck.campaign.incoming import Incoming, enter_incoming
from xlcheck.campaign.ledger.arrivals import arrival_from
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.texts import entered_note
from xlcheck.campaign.ledger.unowned import RefusedFiles, enter_unowned, refused_files, unowned_of
from xlcheck.campaign.ledger.values import CampaignArrival, Unowned
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.model.numbers import MIB

MOST_FILES = 20
"""That are kept within :data:`LATELY` of one unit, or of all whose unit nobody knows."""
MOST_BYTES = 60 * MIB
LATELY = 24 * 60 * 60
"""Seconds."""
_HEAD_ALONE = "；台账里只存了信头，原信请到邮箱里看"


def keep_refused(opened: OpenCampaign, incoming: Incoming, reason: str, by: str, at: int) -> CampaignArrival | None:
    """Keep a file that is not taken in, as no unit's; the same twice is kept once.

    Args:
        opened: the campaign.
        incoming: the file.
        reason: why it is not taken in, in a clerk's words.
        by: who handed it in.
        at: when.

    Returns:
        The new arrival; None where it is kept already, or so much came lately that no more is kept.

    Raises:
        LedgerTrouble: the ledger cannot be used.
    """
    digest = hashlib.sha256(incoming.data).hexdigest()
    with writing(opened.engine) as connection:
        lately = refused_files(connection, opened.campaign.id, incoming.unit_id, at - LATELY)
        if digest == lately.newest or arrival_from(connection, opened.campaign.id, incoming.origin) is not None:
            return None
        if not _has_room(lately, incoming.data):
            return None
        why = Unowned("refused", reason, incoming.unit_id)
        return enter_incoming(connection, opened.campaign.id, incoming, None, why, by, at).arrival


def keep_letter(opened: OpenCampaign, letter: Incoming, head: bytes, reason: str, by: str, at: int) -> None:
    """Keep a letter that something is held back of, once; where so much came lately that it is too much, its head alone.

    Where it is kept and another reason holds now, that is written down, too.

    Args:
        opened: the campaign.
        letter: the letter, with its origin; of one that was not fetched, its head.
        head: its first lines.
        reason: why it is held back, in a clerk's words.
        by: who fetched it.
        at: when it reached the office.

    Raises:
        LedgerTrouble: the ledger cannot be used.
    """
    with writing(opened.engine) as connection:
        known = arrival_from(connection, opened.campaign.id, letter.origin)
        if known is not None:
            _say_anew(connection, known, Unowned("refused", reason, letter.unit_id, at, by))
            return
        if not _has_room(refused_files(connection, opened.campaign.id, letter.unit_id, at - LATELY), letter.data):
            letter = letter._replace(data=head)
        said = reason + _HEAD_ALONE if letter.data == head else reason
        why = Unowned("refused", said, letter.unit_id)
        enter_incoming(connection, opened.campaign.id, letter, None, why, by, at)


def _has_room(lately: RefusedFiles, data: bytes) -> bool:
    return lately.files < MOST_FILES and lately.size + len(data) <= MOST_BYTES


def _say_anew(connection: Connection, known: CampaignArrival, why: Unowned) -> None:
    """Write down why a letter is held back now, unless that is said or somebody dealt with it."""
    before = unowned_of(connection, [known.id]).get(known.id)
    if before is None or before.kind != "refused":
        return
    reason = why.reason + _HEAD_ALONE if before.reason.endswith(_HEAD_ALONE) else why.reason
    if entered_note(reason) != before.reason:
        enter_unowned(connection, known.id, why._replace(reason=reason))
