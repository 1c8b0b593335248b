"""The facts of a campaign's units, read from the rows by one query: whatever was entered last is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, Subquery, case, func, select, true

from xlcheck.campaign.ledger.arrivals import owned_arrivals
from xlcheck.campaign.ledger.campaigns import terms_of
from xlcheck.campaign.ledger.schema import (
    ANSWERS,
    ARRIVALS,
    CHECKS,
    OFFICE_DECISIONS,
    REMINDERS,
    REPLIES,
    UNIT_ENTRIES,
    WARNINGS,
)
from xlcheck.campaign.ledger.standings import UnitFacts, UnitStanding, standing_of
from xlcheck.campaign.ledger.units import UNIT_COLUMNS, newest_entries, unit_of_row

_FACTS = UnitFacts._fields[1:]
_UNIT = [column.name for column in UNIT_COLUMNS]


def unit_facts(campaign: int) -> Subquery:
    """A query of one row a unit: the columns of :data:`UNIT_COLUMNS`, `name_key` and `code_key`, and those of :class:`UnitFacts`.

    Units that need not hand in are there where they did, and those withdrawn are not.
    """
    entry = newest_entries(campaign).add_columns(UNIT_ENTRIES.c.name_key, UNIT_ENTRIES.c.code_key).subquery("entry")
    owned = owned_arrivals(ARRIVALS.c.campaign == campaign).subquery("owned")
    newest = select(owned).where(owned.c.back == 1).subquery("newest")
    last_check = select(func.max(CHECKS.c.id)).where(CHECKS.c.arrival == newest.c.id).correlate(newest)
    last_decision = (
        select(func.max(OFFICE_DECISIONS.c.id)).where(OFFICE_DECISIONS.c.arrival == newest.c.id).correlate(newest)
    )
    waiting = select(func.count()).select_from(REPLIES).where(REPLIES.c.arrival == newest.c.id, unanswered())
    waiting_now = waiting.correlate(newest).scalar_subquery()
    reminded = select(func.count()).select_from(REMINDERS).where(REMINDERS.c.unit == entry.c.unit)
    joined = (
        entry.outerjoin(newest, newest.c.unit == entry.c.unit)
        .outerjoin(CHECKS, CHECKS.c.id == last_check.scalar_subquery())
        .outerjoin(OFFICE_DECISIONS, OFFICE_DECISIONS.c.id == last_decision.scalar_subquery())
    )
    facts = (
        select(
            *entry.c,
            newest.c.id.label("arrival"),
            func.coalesce(newest.c.number, 0).label("number"),
            func.coalesce(newest.c.first, 0).label("first"),
            func.coalesce(newest.c.at, 0).label("at"),
            func.coalesce(CHECKS.c.status, "").label("status"),
            func.coalesce(CHECKS.c.errors, 0).label("errors"),
            func.coalesce(CHECKS.c.warnings, 0).label("warnings"),
            _unexplained().label("unexplained"),
            case((func.coalesce(OFFICE_DECISIONS.c.kind, "") == "accepted", 0), else_=waiting_now).label("unanswered"),
            func.coalesce(OFFICE_DECISIONS.c.kind, "").label("decision"),
            reminded.scalar_subquery().label("reminded"),
        )
        .select_from(joined)
        .where(~entry.c.withdrawn, entry.c.hands_in | newest.c.id.is_not(None))
    )
    return facts.subquery("facts")


def _unexplained() -> ScalarSelect[int]:
    """How many warnings of a check have no explanation that stands."""
    reply = REPLIES.alias("said")
    same = (reply.c.arrival == CHECKS.c.arrival, reply.c.code == WARNINGS.c.code, reply.c.cells == WARNINGS.c.cells)
    newest = select(func.max(reply.c.id)).where(*same).correlate(WARNINGS, CHECKS).scalar_subquery()
    answer = select(ANSWERS.c.accepted).where(ANSWERS.c.reply == REPLIES.c.id).order_by(ANSWERS.c.id.desc()).limit(1)
    stands = select(REPLIES.c.id).where(REPLIES.c.id == newest, func.coalesce(answer.scalar_subquery(), true()))
    wanted = select(func.count()).select_from(WARNINGS).where(WARNINGS.c.check == CHECKS.c.id, ~stands.exists())
    return wanted.correlate(CHECKS).scalar_subquery()


def unanswered() -> ColumnElement[bool]:
    """The condition that a reply is what counts of its warning, and that the office did not answer it yet."""
    later = REPLIES.alias("later")
    is_rewritten = select(later.c.id).where(
        later.c.arrival == REPLIES.c.arrival,
        later.c.code == REPLIES.c.code,
        later.c.cells == REPLIES.c.cells,
        later.c.id > REPLIES.c.id,
    )
    is_answered = select(ANSWERS.c.id).where(ANSWERS.c.reply == REPLIES.c.id)
    return ~is_rewritten.exists() & ~is_answered.exists()


def columns_of_facts(facts: Subquery) -> Select[Any]:
    """The query that :func:`facts_of_row` reads."""
    return select(*(facts.c[name] for name in (*_UNIT, *_FACTS)))


def facts_of_row(row: Sequence[Any]) -> UnitFacts:
    """What a row of :func:`columns_of_facts` says."""
    return UnitFacts(unit_of_row(row), *row[len(_UNIT) :])


def unit_standings(connection: Connection, campaign: int, now: int) -> tuple[UnitStanding, ...]:
    """How every unit stands, in the order of the list."""
    deadline = terms_of(connection, campaign).deadline
    facts = unit_facts(campaign)
    wanted = columns_of_facts(facts).order_by(facts.c.place, facts.c.unit)
    return tuple(standing_of(facts_of_row(row), deadline, now) for row in connection.execute(wanted))


def unit_standing(connection: Connection, campaign: int, unit: int, now: int) -> UnitStanding | None:
    """How a unit stands; None where it need not hand in, or is on the list no more."""
    facts = unit_facts(campaign)
    row = connection.execute(columns_of_facts(facts).where(facts.c.unit == unit)).first()
    return standing_of(facts_of_row(row), terms_of(connection, campaign).deadline, now) if row else None
