"""Who was reminded, and how."""

from __future__ import annotations

from sqlalchemy import Connection, select

from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import REMINDERS
from xlcheck.campaign.ledger.texts import entered_note
from xlcheck.campaign.ledger.values import Reminder, ReminderWay

_COLUMNS = [REMINDERS.c[name] for name in Reminder._fields]


def enter_reminder(
    connection: Connection, unit: int, way: ReminderWay, number: int, note: str, at: int, by: str
) -> Reminder:
    """A unit was reminded, in the round with this number."""
    new = Reminder(0, unit, way, number, entered_note(note), at, by)
    return new._replace(id=add_row(connection, REMINDERS, new._asdict()))


def reminders_of(connection: Connection, unit: int) -> tuple[Reminder, ...]:
    """How a unit was reminded, first to last."""
    wanted = select(*_COLUMNS).where(REMINDERS.c.unit == unit).order_by(REMINDERS.c.id)
    return tuple(Reminder(*row) for row in connection.execute(wanted))
