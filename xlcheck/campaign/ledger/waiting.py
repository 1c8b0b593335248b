"""What waits for the office: explanations of what units handed in last that it neither answered nor accepted as a whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from xlcheck.campaign.ledger.facts import BOARD, FACT_COLUMNS, NEWEST, is_on_board, is_unanswered
from xlcheck.campaign.ledger.replies import REPLY_COLUMNS, reply_of_row
from xlcheck.campaign.ledger.schema import ANSWERS, ASSIGNMENTS, REPLIES, UNITS
from xlcheck.campaign.ledger.values import WarningReply


def waiting_replies(connection: Connection, campaign: int) -> tuple[WarningReply, ...]:
    """The explanations that wait, oldest first."""
    wanted = _waiting(campaign, *REPLY_COLUMNS).order_by(REPLIES.c.id)
    return tuple(map(reply_of_row, connection.execute(wanted)))


def how_many_wait(connection: Connection, campaign: int) -> int:
    """How many explanations wait."""
    return int(connection.execute(_waiting(campaign, func.count())).scalar_one())


def _waiting(campaign: int, *columns: ColumnElement[Any]) -> Select[Any]:
    joined = BOARD.join(REPLIES, REPLIES.c.arrival == NEWEST.c.id)
    wanted = select(*columns).select_from(joined).where(is_on_board(campaign), UNITS.c.id.in_(_ASKING))
    return wanted.where(FACT_COLUMNS.decision != "accepted", is_unanswered())


_said = REPLIES.alias("said")
_owner = ASSIGNMENTS.alias("owner")
_ASKING = (
    select(_owner.c.unit)
    .join_from(_said, _owner, _owner.c.arrival == _said.c.arrival)
    .where(~select(ANSWERS.c.id).where(ANSWERS.c.reply == _said.c.id).exists())
)
"""The units with an explanation without an answer, of whatever age: few of them where the office keeps up."""
