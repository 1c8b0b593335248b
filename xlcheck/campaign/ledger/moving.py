"""What came in goes from one unit to another (归错了的再归一次)."""

from __future__ import annotations

from sqlalchemy import Connection

from xlcheck.campaign.ledger.arrivals import arrival_of, assign_arrival
from xlcheck.campaign.ledger.decisions import decision_of, withdraw_decision
from xlcheck.campaign.ledger.replies import refuse_page_replies
from xlcheck.campaign.ledger.values import CampaignArrival

_MOVED = "这份材料原先归在别的单位"


def move_arrival(connection: Connection, arrival: int, unit: int, at: int, by: str) -> CampaignArrival:
    """Say whose an arrival is. What the office decided of it as another unit's, and that unit said of it, holds no more.

    Raises:
        ActRefused: it is that unit's already.
    """
    former = arrival_of(connection, arrival).unit
    moved = assign_arrival(connection, arrival, unit, at, by)
    if former is not None:
        if decision_of(connection, arrival) is not None:
            withdraw_decision(connection, arrival, _MOVED, at, by)
        refuse_page_replies(connection, arrival, _MOVED, at, by)
    return moved
