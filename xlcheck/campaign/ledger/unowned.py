"""Why something that came in is no unit's: nobody knows whose it is, it is no submission, or it was not taken in."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, func, select

from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import ARRIVALS, ASSIGNMENTS, CONTENTS, UNOWNED
from xlcheck.campaign.ledger.texts import entered_note
from xlcheck.campaign.ledger.values import Unowned
from xlcheck.model.tuples import NamedTuple

_COLUMNS = [UNOWNED.c[name] for name in Unowned._fields]
_later = UNOWNED.alias("later")


class RefusedFiles(NamedTuple):
    """What was not taken in of all that came from one side."""

    files: int
    size: int
    """Bytes of them together."""
    newest: str
    """Digest of the last of them; or empty."""


def enter_unowned(connection: Connection, arrival: int, why: Unowned) -> None:
    """Say why an arrival is no unit's; it may be said again."""
    add_row(connection, UNOWNED, {**why._asdict(), "reason": entered_note(why.reason), "arrival": arrival})


def counts_of_unowned() -> ColumnElement[bool]:
    """Whether a row of `unowned` is what counts of its arrival, which is given to no unit."""
    is_owned = select(ASSIGNMENTS.c.id).where(ASSIGNMENTS.c.arrival == UNOWNED.c.arrival).exists()
    is_older = select(_later.c.id).where(_later.c.arrival == UNOWNED.c.arrival, _later.c.id > UNOWNED.c.id).exists()
    return ~is_owned & ~is_older


def unowned_of(connection: Connection, arrivals: Collection[int]) -> dict[int, Unowned]:
    """Why each of some arrivals is no unit's; those that are a unit's are left out."""
    wanted = select(UNOWNED.c.arrival, *_COLUMNS).where(UNOWNED.c.arrival.in_(arrivals), counts_of_unowned())
    return {number: Unowned(*rest) for number, *rest in connection.execute(wanted)}


def refused_files(connection: Connection, campaign: int, unit: int | None, since: int) -> RefusedFiles:
    """What was not taken in since a time of all that came by a unit's links and addresses; with None, of all others.

    What was given to a unit later counts, too.
    """
    joined = UNOWNED.join(ARRIVALS, ARRIVALS.c.id == UNOWNED.c.arrival)
    joined = joined.join(CONTENTS, CONTENTS.c.digest == ARRIVALS.c.digest)
    lately = [UNOWNED.c.kind == "refused", UNOWNED.c.at >= since, ARRIVALS.c.campaign == campaign]
    lately.append(UNOWNED.c.unit.is_(None) if unit is None else UNOWNED.c.unit == unit)
    sums = select(func.count(), func.coalesce(func.sum(CONTENTS.c.size), 0)).select_from(joined).where(*lately)
    last = select(ARRIVALS.c.digest).select_from(joined).where(*lately).order_by(UNOWNED.c.id.desc()).limit(1)
    files, size = connection.execute(sums).one()
    return RefusedFiles(int(files), int(size), connection.execute(last).scalar() or "")
