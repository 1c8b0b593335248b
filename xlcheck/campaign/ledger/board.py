"""The board: how the units stand, a page at a time, found and counted by the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, literal, or_, select

from xlcheck.campaign.ledger.campaigns import terms_of
from xlcheck.campaign.ledger.facts import columns_of_facts, facts_of_row, unit_facts
from xlcheck.campaign.ledger.standings import (
    UNIT_STATES,
    UnitStanding,
    UnitState,
    closes,
    standing_of,
    state_conditions,
)
from xlcheck.model.labels import fold
from xlcheck.model.tuples import NamedTuple

BoardOrder = Literal["list", "state", "newest", "oldest"]
"""In the order of the list, of what is to be done, or of when units handed in last."""

BOARD_ORDERS: tuple[BoardOrder, ...] = get_args(BoardOrder)


class BoardPage(NamedTuple):
    """Some of the units."""

    rows: tuple[UnitStanding, ...]
    counts: Mapping[UnitState, int]
    """How many of those found are in which state, whatever state is asked for; all states are there."""
    total: int
    """How many rows there are on all pages."""


def board_page(
    connection: Connection,
    campaign: int,
    now: int,
    *,
    state: UnitState | None = None,
    words: str = "",
    parent: str = "",
    order: BoardOrder = "list",
    start: int = 0,
    count: int = 50,
) -> BoardPage:
    """One page of the board.

    Args:
        connection: of the ledger.
        campaign: whose units.
        now: the moment by which units are overdue.
        state: only those in this state.
        words: only those whose name, code or contact has each of these words, parted by white space.
        parent: only those below it, as the list writes it.
        order: what comes first.
        start: how many rows to pass over.
        count: how many rows at most.
    """
    deadline = terms_of(connection, campaign).deadline
    end = closes(deadline)
    facts = unit_facts(campaign)
    found = _found(facts, words, parent)
    which = _state(facts, literal(end is not None and now >= end))
    counted = connection.execute(select(which, func.count()).where(*found).group_by(which))
    counts: dict[UnitState, int] = dict.fromkeys(UNIT_STATES, 0) | {UNIT_STATES[at]: many for at, many in counted}
    total = sum(counts.values()) if state is None else counts[state]
    wanted = columns_of_facts(facts).where(*found)
    if state is not None:
        wanted = wanted.where(which == UNIT_STATES.index(state))
    wanted = wanted.order_by(*_order(facts, which, order)).offset(start).limit(count)
    rows = tuple(standing_of(facts_of_row(row), deadline, now) for row in connection.execute(wanted))
    return BoardPage(rows, counts, total)


def board_parents(connection: Connection, campaign: int) -> tuple[str, ...]:
    """The units above of all that are on the board, as the list writes them."""
    facts = unit_facts(campaign)
    wanted = select(facts.c.parent).where(facts.c.parent != "").group_by(facts.c.parent)
    return tuple(connection.execute(wanted.order_by(func.min(facts.c.place))).scalars())


def _state(facts: Subquery, is_over: ColumnElement[bool]) -> ColumnElement[int]:
    """Which of the states a unit is in, as its place among them."""
    conditions = [(holds, UNIT_STATES.index(state)) for state, holds in state_conditions(facts.c, is_over)]
    return case(*conditions, else_=UNIT_STATES.index("review"))


def _found(facts: Subquery, words: str, parent: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [facts.c.parent == parent] if parent else []
    for word in map(fold, words.split()):
        conditions.append(
            or_(
                facts.c.name_key.contains(word, autoescape=True),
                facts.c.code_key.contains(word.upper(), autoescape=True),
                facts.c.contact.contains(word, autoescape=True),
            )
        )
    return conditions


def _order(facts: Subquery, which: ColumnElement[int], order: BoardOrder) -> tuple[ColumnElement[Any], ...]:
    listed = (facts.c.place, facts.c.unit)
    orders: Mapping[BoardOrder, tuple[ColumnElement[Any], ...]] = {
        "list": listed,
        "state": (which, *listed),
        "newest": (facts.c.at.desc(), *listed),
        "oldest": (facts.c.at, *listed),
    }
    return orders[order]
