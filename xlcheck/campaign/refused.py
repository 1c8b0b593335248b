"""What a unit or another system handed in and is not taken in: kept with the reason, as far as one of them may fill the ledger."""

from __future__ import annotations

import hashlib

from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.ledger.arrivals import arrival_from, enter_arrival
from xlcheck.campaign.ledger.contents import keep_content
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.unowned import refused_files
from xlcheck.campaign.ledger.values import CampaignArrival, Unowned
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.model.numbers import MIB

MOST_FILES = 20
"""That are kept within :data:`LATELY` of one unit, or of all whose unit nobody knows."""
MOST_BYTES = 60 * MIB
LATELY = 24 * 60 * 60
"""Seconds."""


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
    campaign, unit = opened.campaign.id, incoming.unit_id
    with writing(opened.engine) as connection:
        lately = refused_files(connection, campaign, unit, at - LATELY)
        if digest == lately.newest or arrival_from(connection, campaign, incoming.origin) is not None:
            return None
        if lately.files >= MOST_FILES or lately.size + len(incoming.data) > MOST_BYTES:
            return None
        kept = keep_content(connection, incoming.data)
        why = Unowned("refused", reason, unit)
        return enter_arrival(
            connection,
            campaign,
            None,
            kept,
            incoming.called,
            at,
            incoming.way,
            incoming.sender,
            by,
            incoming.origin,
            why,
        ).arrival
