"""Who did what (操作日志)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import AUDIT
from xlcheck.campaign.ledger.values import AuditLine
from xlcheck.model.text import entered

_COLUMNS = [AUDIT.c[name] for name in AuditLine._fields]


def enter_audit(
    connection: Connection, at: int, who: str, what: str, about: str = "", campaign: int | None = None
) -> AuditLine:
    """Somebody did something; in the same transaction as what he did."""
    new = AuditLine(0, campaign, at, entered(who), entered(what), entered(about))
    return new._replace(id=add_row(connection, AUDIT, new._asdict()))


def audit_lines(
    connection: Connection, *, campaign: int | None = None, start: int = 0, count: int = 100
) -> tuple[AuditLine, ...]:
    """What was done, newest first; of a campaign, or all."""
    wanted = select(*_COLUMNS).order_by(AUDIT.c.id.desc()).offset(start).limit(count)
    if campaign is not None:
        wanted = wanted.where(AUDIT.c.campaign == campaign)
    return tuple(AuditLine(*row) for row in connection.execute(wanted))


def audit_count(connection: Connection, *, campaign: int | None = None) -> int:
    """How many lines there are; of a campaign, or all."""
    wanted = select(func.count()).select_from(AUDIT)
    return int(connection.execute(wanted if campaign is None else wanted.filter_by(campaign=campaign)).scalar_one())
