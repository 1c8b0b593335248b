"""The board of a campaign (报送台账): how every unit stands, found, filtered and paged by the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from xlcheck.campaign.ledger.board import BOARD_ORDERS, BoardOrder, BoardPage, board_page, board_parents
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.standings import STATE_WORDS, UNIT_STATES, UnitStanding, UnitState
from xlcheck.mail.sending.plan import Withheld, addressed
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.units import Unit
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.frame import BOARD_TAB, address_of_campaign, frame
from xlcheck.web.rendering import show
from xlcheck.web.routing import Asked, get

_PAGE = 50
"""Units on a page."""
_ORDER_WORDS: Mapping[BoardOrder, str] = {
    "list": "名单次序",
    "state": "要办的在前",
    "newest": "新报的在前",
    "oldest": "早报的在前",
}


class BoardQuery(NamedTuple):
    """Which units are asked for."""

    state: UnitState | None
    words: str
    parent: str
    unreachable: bool
    order: BoardOrder
    page: int

    def address(self, base: str, **changes: object) -> str:
        """Where the board is asked for with some of this changed."""
        wanted = {**self._asdict(), "page": 1, **changes}
        usual = {"state": None, "words": "", "parent": "", "unreachable": False, "order": "list", "page": 1}
        said = {name: int(value) if value is True else value for name, value in wanted.items() if value != usual[name]}
        return f"{base}?{urlencode(said)}"


class StateChip(NamedTuple):
    """How many units are in a state."""

    state: str
    says: str
    units: int
    href: str
    chosen: bool


class UnitRow(NamedTuple):
    """How one unit stands, as the board shows it."""

    name: str
    parent: str
    href: str
    state: str
    says: str
    number: int
    at: str
    late: bool
    errors: int
    warnings: int
    unanswered: int
    reminded: int
    mute: str
    """Why no letter can leave for it, in a clerk's words; or empty."""


def _board(asked: Asked) -> Response:
    query = _query(asked.query)
    base = address_of_campaign(asked)
    with opened(asked) as one:
        with reading(one.engine) as connection:
            wanted = query._asdict() | {"start": (query.page - 1) * _PAGE, "count": _PAGE}
            wanted.pop("page")
            found = board_page(connection, one.campaign.id, asked.at, **wanted)
            parents = board_parents(connection, one.campaign.id)
        board = {
            **query._asdict(),
            "counts": _chips(found, query, base),
            "mute": _mute(found, query, base),
            "rows": [_row(standing, base) for standing in found.rows],
            "parents": parents,
            "orders": list(_ORDER_WORDS.items()),
            "total": found.total,
            "listed": sum(found.counts.values()),
            **_pages(found.total, query, base),
        }
        return show(asked, "board.html", campaign=frame(asked, one, BOARD_TAB), board=board)


def _query(given: Mapping[str, str]) -> BoardQuery:
    """What is asked for; what cannot be meant is passed over."""
    state = next((one for one in UNIT_STATES if one == given.get("state")), None)
    order = next((one for one in BOARD_ORDERS if one == given.get("order")), BOARD_ORDERS[0])
    unreachable = given.get("unreachable") == "1"
    words, parent = given.get("words", "").strip(), given.get("parent", "")
    return BoardQuery(state, words, parent, unreachable, order, page_number(given))


def page_number(given: Mapping[str, str]) -> int:
    """The page of a list that is asked for, from 1."""
    text = given.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _chips(found: BoardPage, query: BoardQuery, base: str) -> list[StateChip]:
    every = StateChip("", "全部", sum(found.counts.values()), query.address(base, state=None), query.state is None)
    return [
        every,
        *(
            StateChip(state, says, found.counts[state], query.address(base, state=state), query.state == state)
            for state, says in STATE_WORDS.items()
        ),
    ]


def _mute(found: BoardPage, query: BoardQuery, base: str) -> StateChip | None:
    """How many units no letter leaves for; None where every unit has an address."""
    if not found.unreachable and not query.unreachable:
        return None
    href = query.address(base, unreachable=not query.unreachable)
    return StateChip("mute", "没有邮箱", found.unreachable, href, query.unreachable)


def _why_mute(unit: Unit) -> str:
    letter = addressed(unit, "reminder", None)
    return letter.reason if isinstance(letter, Withheld) else ""


def _row(standing: UnitStanding, base: str) -> UnitRow:
    unit = standing.unit
    return UnitRow(
        unit.unit.name,
        unit.unit.parent,
        f"{base}/unit/{unit.id}",
        standing.state,
        STATE_WORDS[standing.state],
        standing.number,
        said_time(standing.at) if standing.at else "",
        bool(standing.number) and standing.is_late,
        standing.errors,
        standing.warnings,
        standing.unanswered,
        standing.reminded,
        _why_mute(unit.unit),
    )


def _pages(total: int, query: BoardQuery, base: str) -> dict[str, object]:
    pages = max(1, -(-total // _PAGE))
    return {
        "pages": pages,
        "before": query.address(base, page=query.page - 1) if query.page > 1 else "",
        "after": query.address(base, page=query.page + 1) if query.page < pages else "",
    }


BOARD_ROUTES = (get("/c/{campaign}", _board, "viewer"),)
