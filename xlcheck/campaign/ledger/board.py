"""The board: how the units stand, a page at a time, found and counted by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, case, func, literal, or_, select

from xlcheck.campaign.ledger.campaigns import all_terms
from xlcheck.campaign.ledger.facts import BOARD, FACT_COLUMNS, facts_of_units, is_on_board, whole_board
from xlcheck.campaign.ledger.schema import UNIT_ENTRIES, UNITS
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
    unreachable: int
    """How many of those found, whatever state is asked for, the list has no mail address of, so that no letter leaves for them."""


def board_page(
    connection: Connection,
    campaign: int,
    now: int,
    *,
    state: UnitState | None = None,
    words: str = "",
    parent: str = "",
    unreachable: bool = False,
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
        unreachable: only those that the list has no mail address of.
        order: what comes first.
        start: how many rows to pass over.
        count: how many rows at most.
    """
    announced = all_terms(connection, campaign)
    end = closes(announced[-1].deadline)
    which = _state(literal(end is not None and now >= end))
    conditions = _found(words, parent)
    board = BOARD if conditions else whole_board(connection, campaign)
    wanted = select(UNITS.c.id, which, ~UNIT_ENTRIES.c.email.contains("@")).select_from(board)
    wanted = wanted.where(is_on_board(campaign), *conditions)
    found = connection.execute(wanted.order_by(*_order(which, order))).all()
    counts = Counter(at for _, at, is_mute in found if is_mute or not unreachable)
    of_state = [(unit, is_mute) for unit, at, is_mute in found if state is None or UNIT_STATES[at] == state]
    numbers = [unit for unit, is_mute in of_state if is_mute or not unreachable]
    page = numbers[start : start + count]
    facts = {one.unit.id: one for one in facts_of_units(connection, UNITS.c.id.in_(page))}
    rows = tuple(standing_of(facts[unit], announced, now) for unit in page)
    return BoardPage(
        rows, {one: counts[at] for at, one in enumerate(UNIT_STATES)}, len(numbers), sum(mute for *_, mute in found)
    )


def board_parents(connection: Connection, campaign: int) -> tuple[str, ...]:
    """The units above of all that are on the board, as the list writes them."""
    parent = UNIT_ENTRIES.c.parent
    wanted = (
        select(parent)
        .select_from(whole_board(connection, campaign))
        .where(is_on_board(campaign), parent != "")
        .group_by(parent)
    )
    return tuple(connection.execute(wanted.order_by(func.min(UNIT_ENTRIES.c.place))).scalars())


def _state(is_over: ColumnElement[bool]) -> ColumnElement[int]:
    """Which of the states a unit is in, as its place among them."""
    conditions = [(holds, UNIT_STATES.index(state)) for state, holds in state_conditions(FACT_COLUMNS, is_over)]
    return case(*conditions, else_=UNIT_STATES.index("review"))


def _found(words: str, parent: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [UNIT_ENTRIES.c.parent == parent] if parent else []
    for word in map(fold, words.split()):
        conditions.append(
            or_(
                UNIT_ENTRIES.c.name_key.contains(word, autoescape=True),
                UNIT_ENTRIES.c.code_key.contains(word.upper(), autoescape=True),
                UNIT_ENTRIES.c.contact.contains(word, autoescape=True),
            )
        )
    return conditions


def _order(which: ColumnElement[int], order: BoardOrder) -> tuple[ColumnElement[Any], ...]:
    listed = (UNIT_ENTRIES.c.place, UNITS.c.id)
    orders: Mapping[BoardOrder, tuple[ColumnElement[Any], ...]] = {
        "list": listed,
        "state": (which, *listed),
        "newest": (FACT_COLUMNS.at.desc(), *listed),
        # Who never handed in comes last in both.
        "oldest": (case((FACT_COLUMNS.at == 0, 1), else_=0), FACT_COLUMNS.at, *listed),
    }
    return orders[order]
