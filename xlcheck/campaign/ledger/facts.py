"""The facts of a campaign's units, read from the rows by one query: whatever was entered last is in them.

All that belongs to a unit is looked up by indexes from the unit on, so a page takes no longer where there are more of them, and
counting takes as long as there are units.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Join,
    ScalarSelect,
    Select,
    Subquery,
    Table,
    case,
    func,
    select,
    true,
)

from xlcheck.campaign.ledger.arrivals import is_whose
from xlcheck.campaign.ledger.campaigns import all_terms
from xlcheck.campaign.ledger.schema import (
    ANSWERS,
    ARRIVALS,
    ASSIGNMENTS,
    CHECKS,
    OFFICE_DECISIONS,
    REMINDERS,
    REPLIES,
    UNIT_ENTRIES,
    UNITS,
    WARNINGS,
)
from xlcheck.campaign.ledger.standings import UNCHECKED, UnitFacts, UnitStanding, UnitState, standing_of, state_of
from xlcheck.campaign.ledger.units import LISTED, UNIT_COLUMNS, unit_of_row

# --- from a unit to what counts of it --------------------------------------------------------------------------------

NEWEST = ARRIVALS.alias("newest")
"""What a unit handed in last."""


def _mine(*columns: Any) -> Select[Any]:
    """Of all that a unit handed in."""
    owned = ASSIGNMENTS.join(ARRIVALS, ARRIVALS.c.id == ASSIGNMENTS.c.arrival)
    return select(*columns).select_from(owned).where(ASSIGNMENTS.c.unit == UNITS.c.id, is_whose()).correlate(UNITS)


_last_check = CHECKS.alias("last_check")
_last_decision = OFFICE_DECISIONS.alias("last_decision")
_newest = _mine(ARRIVALS.c.id).order_by(ARRIVALS.c.at.desc(), ARRIVALS.c.id.desc()).limit(1).scalar_subquery()


def _with_what_counts(arrivals: FromClause) -> Join:
    """Arrivals, with the newest check and decision of each."""
    check = select(func.max(_last_check.c.id)).where(_last_check.c.arrival == NEWEST.c.id).scalar_subquery()
    decision = select(func.max(_last_decision.c.id)).where(_last_decision.c.arrival == NEWEST.c.id).scalar_subquery()
    checked = arrivals.outerjoin(CHECKS, CHECKS.c.id == check)
    return checked.outerjoin(OFFICE_DECISIONS, OFFICE_DECISIONS.c.id == decision)


BOARD = _with_what_counts(LISTED.outerjoin(NEWEST, NEWEST.c.id == _newest))
"""All units, with what the list says now, and of what they handed in last the newest check and decision."""


def _last(table: Table, column: str) -> Subquery:
    """Of each value of a column the number of the newest row."""
    newest = select(table.c[column].label("of"), func.max(table.c.id).label("id"))
    return newest.group_by(table.c[column]).subquery()


def whole_board(connection: Connection, campaign: int) -> FromClause:
    """:data:`BOARD` for questions about all units of a campaign.

    PostgreSQL works out at once what counts of each: it would look up twice for each row what a join compares. SQLite joins by
    nothing but looking up.
    """
    return _joined_at_once(campaign) if connection.dialect.name == "postgresql" else BOARD


def _joined_at_once(campaign: int) -> FromClause:
    mine = ARRIVALS.c.campaign == campaign
    place = func.row_number().over(
        partition_by=ASSIGNMENTS.c.unit, order_by=(ARRIVALS.c.at.desc(), ARRIVALS.c.id.desc())
    )
    owned = select(ASSIGNMENTS.c.unit, ARRIVALS.c.id, place.label("place"))
    ranked = owned.join_from(ASSIGNMENTS, ARRIVALS, ARRIVALS.c.id == ASSIGNMENTS.c.arrival).where(is_whose(), mine)
    newest, entry = ranked.subquery(), _last(UNIT_ENTRIES, "unit")
    check, decision = _last(CHECKS, "arrival"), _last(OFFICE_DECISIONS, "arrival")
    return (
        UNITS.join(entry, entry.c.of == UNITS.c.id)
        .join(UNIT_ENTRIES, UNIT_ENTRIES.c.id == entry.c.id)
        .outerjoin(newest, (newest.c.unit == UNITS.c.id) & (newest.c.place == 1))
        .outerjoin(NEWEST, NEWEST.c.id == newest.c.id)
        .outerjoin(check, check.c.of == newest.c.id)
        .outerjoin(CHECKS, CHECKS.c.id == check.c.id)
        .outerjoin(decision, decision.c.of == newest.c.id)
        .outerjoin(OFFICE_DECISIONS, OFFICE_DECISIONS.c.id == decision.c.id)
    )


def is_on_board(campaign: int) -> ColumnElement[bool]:
    """Whether a unit is the campaign's, the list still names it, and it must hand in or did so."""
    is_named = (UNITS.c.campaign == campaign) & ~UNIT_ENTRIES.c.withdrawn
    return is_named & (UNIT_ENTRIES.c.hands_in | NEWEST.c.id.is_not(None))


def is_unanswered() -> ColumnElement[bool]:
    """Whether a reply is what counts of its warning, and the office did not answer it yet."""
    later = REPLIES.alias("later")
    is_rewritten = select(later.c.id).where(
        later.c.arrival == REPLIES.c.arrival,
        later.c.code == REPLIES.c.code,
        later.c.cells == REPLIES.c.cells,
        later.c.id > REPLIES.c.id,
    )
    is_answered = select(ANSWERS.c.id).where(ANSWERS.c.reply == REPLIES.c.id)
    return ~is_rewritten.exists() & ~is_answered.exists()


def _unexplained() -> ScalarSelect[int]:
    """How many warnings of the newest check have no explanation that stands."""
    said = REPLIES.alias("said")
    same = (said.c.arrival == CHECKS.c.arrival, said.c.code == WARNINGS.c.code, said.c.cells == WARNINGS.c.cells)
    newest = select(func.max(said.c.id)).where(*same).correlate(WARNINGS, CHECKS).scalar_subquery()
    answer = select(ANSWERS.c.accepted).where(ANSWERS.c.reply == REPLIES.c.id).order_by(ANSWERS.c.id.desc()).limit(1)
    stands = select(REPLIES.c.id).where(REPLIES.c.id == newest, func.coalesce(answer.scalar_subquery(), true()))
    wanted = select(func.count()).select_from(WARNINGS).where(WARNINGS.c.check == CHECKS.c.id, ~stands.exists())
    return wanted.correlate(CHECKS).scalar_subquery()


# --- facts -----------------------------------------------------------------------------------------------------------


def _facts() -> dict[str, ColumnElement[Any]]:
    kind = OFFICE_DECISIONS.c.kind
    decision = case((kind.is_(None) | (kind == "withdrawn"), ""), else_=kind)
    waiting = select(func.count()).select_from(REPLIES).where(REPLIES.c.arrival == NEWEST.c.id, is_unanswered())
    reminded = select(func.count()).select_from(REMINDERS).where(REMINDERS.c.unit == UNITS.c.id)
    return {
        "arrival": NEWEST.c.id,
        "number": _mine(func.count()).scalar_subquery(),
        "first": func.coalesce(_mine(func.min(ARRIVALS.c.at)).scalar_subquery(), 0),
        "at": func.coalesce(NEWEST.c.at, 0),
        "status": case((NEWEST.c.id.is_(None), ""), else_=func.coalesce(CHECKS.c.status, UNCHECKED)),
        "errors": func.coalesce(CHECKS.c.errors, 0),
        "warnings": func.coalesce(CHECKS.c.warnings, 0),
        "unexplained": case((CHECKS.c.warnings > 0, _unexplained()), else_=0),
        "unanswered": case((decision == "accepted", 0), else_=waiting.scalar_subquery()),
        "decision": decision,
        "reminded": reminded.scalar_subquery(),
    }


FACT_COLUMNS = SimpleNamespace(**_facts())
"""The fields of :class:`UnitFacts` as columns of :data:`BOARD`."""

_ROWS = select(*UNIT_COLUMNS, *(getattr(FACT_COLUMNS, name) for name in UnitFacts._fields[1:]))


def facts_of_units(connection: Connection, *which: ColumnElement[bool], board: FromClause = BOARD) -> list[UnitFacts]:
    """The facts of those units of a board that conditions name, in the order of the list."""
    wanted = _ROWS.select_from(board).where(*which).order_by(UNIT_ENTRIES.c.place, UNITS.c.id)
    return [_facts_of_row(row) for row in connection.execute(wanted)]


def _facts_of_row(row: Sequence[Any]) -> UnitFacts:
    return UnitFacts(unit_of_row(row), *row[len(UNIT_COLUMNS) :])


def round_states(connection: Connection, arrivals: Collection[int]) -> dict[int, UnitState]:
    """What each of some arrivals came to by itself: the state that its unit has while it is the newest."""
    names = ("status", "decision", "unexplained")
    columns = (getattr(FACT_COLUMNS, name).label(name) for name in names)
    wanted = select(NEWEST.c.id, *columns).select_from(_with_what_counts(NEWEST)).where(NEWEST.c.id.in_(arrivals))
    return {row.id: state_of(row, is_over=False) for row in connection.execute(wanted)}


def unit_standings(connection: Connection, campaign: int, now: int) -> tuple[UnitStanding, ...]:
    """How every unit stands, in the order of the list."""
    announced = all_terms(connection, campaign)
    return tuple(
        standing_of(one, announced, now)
        for one in facts_of_units(connection, is_on_board(campaign), board=whole_board(connection, campaign))
    )


def unit_standing(connection: Connection, campaign: int, unit: int, now: int) -> UnitStanding | None:
    """How a unit stands; None where it need not hand in, or is on the list no more."""
    found = facts_of_units(connection, is_on_board(campaign), UNITS.c.id == unit)
    return standing_of(found[0], all_terms(connection, campaign), now) if found else None
