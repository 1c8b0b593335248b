"""What came in, and whose it is."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from xlcheck.campaign.ledger.campaigns import all_terms
from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import ARRIVALS, ASSIGNMENTS, UNOWNED
from xlcheck.campaign.ledger.standings import was_late
from xlcheck.campaign.ledger.unowned import counts_of_unowned, enter_unowned, unowned_of
from xlcheck.campaign.ledger.values import ActRefused, CampaignArrival, Unowned, UnownedKind, Way
from xlcheck.model.labels import fold
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of receipts: those that nobody mistakes when he hears or writes them."""


class EnteredArrival(NamedTuple):
    """An arrival in the ledger."""

    arrival: CampaignArrival
    is_new: bool
    """Or it stood there before: the same was taken in from the same place, or the unit handed it in right before or after."""


def enter_arrival(
    connection: Connection,
    campaign: int,
    unit: int | None,
    digest: str,
    name: str,
    at: int,
    way: Way,
    sender: str,
    by: str,
    origin: str = "",
    unowned: Unowned = Unowned(),  # noqa: B008  # a frozen value
) -> EnteredArrival:
    """Enter what came in; its content is kept already.

    Args:
        connection: of the ledger, for writing.
        campaign: which.
        unit: whose it is; None where it is no unit's.
        digest: of its content.
        name: the file's.
        at: when it reached the office.
        way: how.
        sender: from where; or empty.
        by: who took it in.
        origin: what it was taken from; what has the same origin is the same arrival. Empty where there is none.
        unowned: why it is no unit's, where it is none's; when and by whom is put in.
    """
    found = arrival_from(connection, campaign, origin)
    if found is None and unit is not None:
        found = same_beside(connection, campaign, unit, digest, at)
    if found is not None:
        return EnteredArrival(found, is_new=False)
    new = {
        "campaign": campaign, "digest": digest, "name": entered(name), "at": at, "way": way, "sender": entered(sender),
        "by": by, "receipt": _receipt(connection), "origin": origin,
    }  # fmt: skip
    number = add_row(connection, ARRIVALS, new)
    if unit is None:
        enter_unowned(connection, number, unowned._replace(at=at, by=by))
    else:
        _assign(connection, number, unit, at, by)
    return EnteredArrival(arrival_of(connection, number), is_new=True)


def same_beside(connection: Connection, campaign: int, unit: int, digest: str, at: int) -> CampaignArrival | None:
    """What of the same content a unit handed in right before a moment, or right behind it: the same, sent by two ways.

    What is there only behind the deadline is not the same as what came in time: that tells when the unit handed in first.
    """
    mine = arrivals_of(connection, unit)
    beside = (*[one for one in mine if one.at <= at][-1:], *[one for one in mine if one.at > at][:1])
    same = next((one for one in beside if one.digest == digest), None)
    if same is None or same.at <= at or same.number > 1:
        return same
    announced = all_terms(connection, campaign)
    return None if was_late(same.at, announced) and not was_late(at, announced) else same


def _receipt(connection: Connection) -> str:
    while True:
        signs = "".join(secrets.choice(_SIGNS) for _ in range(8))
        receipt = f"{signs[:4]}-{signs[4:]}"
        if connection.execute(select(ARRIVALS.c.id).filter_by(receipt=receipt)).first() is None:
            return receipt


def assign_arrival(connection: Connection, arrival: int, unit: int, at: int, by: str) -> CampaignArrival:
    """Say whose an arrival is; it may be said again.

    Raises:
        ActRefused: it is that unit's already.
    """
    if arrival_of(connection, arrival).unit == unit:
        raise ActRefused("这份材料已经归这个单位了")
    _assign(connection, arrival, unit, at, by)
    return arrival_of(connection, arrival)


def _assign(connection: Connection, arrival: int, unit: int, at: int, by: str) -> None:
    add_row(connection, ASSIGNMENTS, {"arrival": arrival, "unit": unit, "at": at, "by": by})


def set_arrival_aside(connection: Connection, arrival: int, note: str, at: int, by: str) -> None:
    """Say that something of which nobody knows whose it is is no submission (不是报送材料); it can be given to a unit all the same.

    Raises:
        ActRefused: it is a unit's, was set aside before, or was not taken in at all.
        LookupError: there is none.
    """
    if arrival_of(connection, arrival).unit is not None:
        raise ActRefused("这份材料已经归到单位，不能再标为“不是报送材料”")
    kind = unowned_of(connection, [arrival])[arrival].kind
    if kind != "unknown":
        said = "已经标为“不是报送材料”" if kind == "aside" else "当时没有收下，不用再处理"
        raise ActRefused(f"这份材料{said}")
    enter_unowned(connection, arrival, Unowned("aside", note, None, at, by))


# --- reading ---------------------------------------------------------------------------------------------------------


_later = ASSIGNMENTS.alias("later")


def is_whose() -> ColumnElement[bool]:
    """Whether an assignment is what counts of its arrival."""
    return (
        ~select(_later.c.id).where(_later.c.arrival == ASSIGNMENTS.c.arrival, _later.c.id > ASSIGNMENTS.c.id).exists()
    )


_OWNED = (
    select(ARRIVALS, ASSIGNMENTS.c.unit)
    .join_from(ASSIGNMENTS, ARRIVALS, ARRIVALS.c.id == ASSIGNMENTS.c.arrival)
    .where(is_whose())
    .order_by(ARRIVALS.c.at, ARRIVALS.c.id)
)


def _of_units(connection: Connection, units: Collection[int]) -> dict[int, CampaignArrival]:
    """All that some units handed in by their numbers, oldest first."""
    rows = connection.execute(_OWNED.where(ASSIGNMENTS.c.unit.in_(units))).all()
    seen: Counter[int] = Counter()
    found = {}
    for row in rows:
        seen[row.unit] += 1
        found[row.id] = _arrival(row, row.unit, seen[row.unit])
    return found


def arrivals_of(connection: Connection, unit: int) -> tuple[CampaignArrival, ...]:
    """All that a unit handed in, oldest first."""
    return tuple(_of_units(connection, [unit]).values())


def newest_arrival(connection: Connection, unit: int) -> CampaignArrival | None:
    """What a unit handed in last."""
    return next(reversed(arrivals_of(connection, unit)), None)


def recent_arrivals(
    connection: Connection, campaign: int, start: int = 0, count: int = 50
) -> tuple[CampaignArrival, ...]:
    """What came in, newest first, with what nobody knows whose it is."""
    owner = select(ASSIGNMENTS.c.unit).where(ASSIGNMENTS.c.arrival == ARRIVALS.c.id)
    unit = owner.order_by(ASSIGNMENTS.c.id.desc()).limit(1).scalar_subquery()
    wanted = select(ARRIVALS, unit.label("unit")).where(ARRIVALS.c.campaign == campaign)
    wanted = wanted.order_by(ARRIVALS.c.at.desc(), ARRIVALS.c.id.desc()).offset(start).limit(count)
    rows = connection.execute(wanted).all()
    owned = _of_units(connection, {row.unit for row in rows if row.unit is not None})
    return tuple(owned.get(row.id) or _arrival(row) for row in rows)


def how_many_arrived(connection: Connection, campaign: int) -> int:
    """How much came in."""
    wanted = select(func.count()).select_from(ARRIVALS).where(ARRIVALS.c.campaign == campaign)
    return int(connection.execute(wanted).scalar_one())


def unowned_arrivals(
    connection: Connection, campaign: int, kind: UnownedKind = "unknown"
) -> tuple[CampaignArrival, ...]:
    """What is no unit's, for one of the reasons that there are, oldest first."""
    wanted = select(ARRIVALS).join_from(UNOWNED, ARRIVALS, ARRIVALS.c.id == UNOWNED.c.arrival)
    wanted = wanted.where(*_unowned(campaign, kind)).order_by(ARRIVALS.c.at, ARRIVALS.c.id)
    return tuple(_arrival(row) for row in connection.execute(wanted))


def how_many_unowned(connection: Connection, campaign: int, kind: UnownedKind = "unknown") -> int:
    """How much is no unit's, for one of the reasons that there are."""
    wanted = select(func.count()).select_from(UNOWNED.join(ARRIVALS, ARRIVALS.c.id == UNOWNED.c.arrival))
    return int(connection.execute(wanted.where(*_unowned(campaign, kind))).scalar_one())


def _unowned(campaign: int, kind: UnownedKind) -> tuple[ColumnElement[bool], ...]:
    return ARRIVALS.c.campaign == campaign, UNOWNED.c.kind == kind, counts_of_unowned()


def arrival_of(connection: Connection, arrival: int) -> CampaignArrival:
    """The arrival with this number.

    Raises:
        LookupError: there is none.
    """
    wanted = select(ASSIGNMENTS.c.unit).filter_by(arrival=arrival).order_by(ASSIGNMENTS.c.id.desc()).limit(1)
    unit = connection.execute(wanted).scalar()
    if unit is not None:
        return _of_units(connection, [unit])[arrival]
    row = connection.execute(select(ARRIVALS).filter_by(id=arrival)).first()
    if row is None:
        raise LookupError(arrival)
    return _arrival(row)


def arrival_from(connection: Connection, campaign: int, origin: str) -> CampaignArrival | None:
    """What was taken in from a place before; of no place at all, nothing."""
    same = select(ARRIVALS.c.id).filter_by(campaign=campaign, origin=origin)
    number = connection.execute(same).scalar() if origin else None
    return None if number is None else arrival_of(connection, number)


def arrival_with_receipt(connection: Connection, receipt: str) -> CampaignArrival | None:
    """The arrival that a unit asks about, as it types the receipt."""
    signs = fold(receipt).upper().replace("-", "")
    number = connection.execute(select(ARRIVALS.c.id).filter_by(receipt=f"{signs[:4]}-{signs[4:]}")).scalar()
    return None if number is None else arrival_of(connection, number)


def _arrival(row: Row[Any], unit: int | None = None, number: int = 0) -> CampaignArrival:
    return CampaignArrival(
        row.id,
        row.campaign,
        unit,
        number,
        row.digest,
        row.name,
        row.at,
        row.way,
        row.sender,
        row.by,
        row.receipt,
        row.origin,
    )
