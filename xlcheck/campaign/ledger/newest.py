"""What an act of the office must be about: what the unit handed in last."""

from __future__ import annotations

from sqlalchemy import Connection

from xlcheck.campaign.ledger.arrivals import arrival_of, newest_arrival
from xlcheck.campaign.ledger.values import ActRefused, CampaignArrival


def refuse_unless_newest(connection: Connection, arrival: int) -> CampaignArrival:
    """The arrival, which is what its unit handed in last.

    Raises:
        ActRefused: it is nobody's, or the unit handed in again.
        LookupError: there is none.
    """
    found = arrival_of(connection, arrival)
    if found.unit is None:
        raise ActRefused("还不知道这份材料是哪个单位的，请先归到单位")
    newest = newest_arrival(connection, found.unit)
    if newest and newest.id != arrival:
        raise ActRefused(f"该单位已经又报送了，请看第 {newest.number} 次报送")
    return found
