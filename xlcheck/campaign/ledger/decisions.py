"""What the office decided."""

from __future__ import annotations

from sqlalchemy import Connection, select

from xlcheck.campaign.ledger.newest import refuse_unless_newest
from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import CHECKS, OFFICE_DECISIONS
from xlcheck.campaign.ledger.texts import entered_note
from xlcheck.campaign.ledger.values import ActRefused, Decision, DecisionKind

_COLUMNS = [OFFICE_DECISIONS.c[name] for name in Decision._fields]


def enter_decision(connection: Connection, arrival: int, kind: DecisionKind, note: str, at: int, by: str) -> Decision:
    """The office accepts or returns what a unit handed in last.

    Raises:
        ActRefused: it handed in again since, or what is to be accepted does not balance or cannot be read.
    """
    refuse_unless_newest(connection, arrival)
    if kind == "accepted":
        _refuse_what_cannot_pass(connection, arrival)
    new = Decision(0, arrival, kind, entered_note(note), at, by)
    return new._replace(id=add_row(connection, OFFICE_DECISIONS, new._asdict()))


def withdraw_decision(connection: Connection, arrival: int, note: str, at: int, by: str) -> None:
    """What was decided of an arrival holds no more."""
    add_row(connection, OFFICE_DECISIONS, Decision(0, arrival, "withdrawn", note, at, by)._asdict())


def _refuse_what_cannot_pass(connection: Connection, arrival: int) -> None:
    wanted = select(CHECKS.c.status, CHECKS.c.errors).where(CHECKS.c.arrival == arrival)
    check = connection.execute(wanted.order_by(CHECKS.c.id.desc()).limit(1)).first()
    if check is None:
        raise ActRefused("这次报送还没有审核，不能通过")
    if check.status == "unreadable":
        raise ActRefused("这次报送打不开，不能通过；请退回，让单位重新报送")
    if check.status != "passed":
        raise ActRefused(f"这次报送还有 {check.errors} 处错误，不能通过；请退回，让单位改正后重新报送")


def decision_of(connection: Connection, arrival: int) -> Decision | None:
    """What the office decided of an arrival last, as long as it holds."""
    last = next(reversed(decisions_of(connection, arrival)), None)
    return None if last is None or last.kind == "withdrawn" else last


def decisions_of(connection: Connection, arrival: int) -> tuple[Decision, ...]:
    """All that the office decided of an arrival, oldest first."""
    wanted = select(*_COLUMNS).where(OFFICE_DECISIONS.c.arrival == arrival).order_by(OFFICE_DECISIONS.c.id)
    return tuple(Decision(*row) for row in connection.execute(wanted))
