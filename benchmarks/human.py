"""What people do to tables, by kind: what is forgotten, what follows from a wrong number, what is put in the wrong place.

Unlike :mod:`benchmarks.mistakes`, whose fields are wrong independently of each other, one mistake here may leave many
fields wrong: who forgets a number also adds up without it. The truth is always the clean table. A damaged value of None
is a blank. Each kind gives what is typed, or None if the table does not allow it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.mistakes import ONE, Damage
from benchmarks.tables import GROUPS, OUTCOMES, PARTIES

Clean = Mapping[str, int]
Cell = tuple[str, str]
"""Row and column of the requests, or group and outcome of the disputes."""

ENDS = ("received", "carried_in", "carried_out")
"""The rows that are neither a result nor their sum."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a mistake is made with."""

    rng: random.Random
    clean: Clean
    last: Clean
    """Last year's table of the same office."""

    @property
    def rows(self) -> list[str]:
        """The rows of the requests, from top to bottom."""
        return list(dict.fromkeys(key.split(".")[1] for key in self.clean if key.startswith("requests.")))

    def requests(self, row: str, column: str) -> int:
        """What belongs there."""
        return self.clean[f"requests.{row}.{column}"]

    def filled(self, details: bool = False) -> Cell | None:
        """One of the cells that are typed and not added up, and not 0; of `details` only the results."""
        rows = [row for row in self.rows if row != "handled" and not (details and row in ENDS)]
        cells = [(row, party) for row in rows for party in PARTIES if self.requests(row, party)]
        return self.rng.choice(cells) if cells else None

    def cell(self) -> Cell:
        """Mostly one that is not 0, as mistakes happen where there is something to write."""
        some = self.filled() if self.rng.random() < 0.7 else None
        return some or (self.rng.choice([row for row in self.rows if row != "handled"]), self.rng.choice(PARTIES))

    def typed(self, numbers: Iterable[tuple[str, int | None]]) -> Damage | None:
        """Those that differ from the truth, if any does and none is negative."""
        damage = {key: number for key, number in numbers if number != self.clean[key]}
        return damage if damage and all(number is None or number >= 0 for number in damage.values()) else None

    def off(self, cells: Iterable[Cell], by: int) -> Damage | None:
        """`cells` of the requests, all wrong by so much."""
        return self.typed([(f"requests.{r}.{c}", self.requests(r, c) + by) for r, c in cells])


Human = Callable[[Desk], Damage | None]


def sums(cell: Cell, along: str) -> list[Cell]:
    """The cell, and the totals that were added up from it: along its row, its column, or both."""
    row, party = cell
    return [
        cell,
        *([(row, "total")] if along != "column" else []),
        *([("handled", party)] if along != "row" else []),
        *([("handled", "total")] if along == "both" else []),
    ]


def _forgotten(desk: Desk) -> Damage | None:
    """A number is left at 0; all totals know it."""
    cell = desk.filled()
    return desk.off([cell], -desk.requests(*cell)) if cell else None


def _forgotten_along(along: str) -> Human:
    """A result is left at 0, and totals are added up without it."""

    def mistake(desk: Desk) -> Damage | None:
        cell = desk.filled(details=True)
        return desk.off(sums(cell, along), -desk.requests(*cell)) if cell else None

    return mistake


def _propagated(along: str) -> Human:
    """A wrong number, miscounted or mistyped, and the total that was added up from it."""

    def mistake(desk: Desk) -> Damage | None:
        cell = desk.cell()
        if along != "row" and cell[0] in ENDS:
            return None
        wrong = _wrong(desk.rng, desk.requests(*cell))
        return desk.off(sums(cell, along), wrong - desk.requests(*cell))

    return mistake


def _wrong(rng: random.Random, right: int) -> int:
    """Miscounted, mistyped, or another number of the same size."""
    way = rng.randrange(3)
    if way == 0:
        return max(right + rng.choice((-3, -2, -1, 1, 2, 3)), 0)
    if way == 1:
        return rng.randint(0, max(9, 2 * right))
    text = str(right)
    place = rng.randrange(len(text))
    return int(text[:place] + str(rng.randint(0, 9)) + text[place + 1 :])


def _late(desk: Desk) -> Damage | None:
    """Some requests were added to a result only; it is right, and all sums and what was received are old."""
    cell = desk.filled(details=True)
    if not cell:
        return None
    (row, party), rng = cell, desk.rng
    few = min(desk.requests(*cell), rng.choice((1, 1, 2, 3, rng.randint(1, 12), desk.requests(*cell))))
    stale = [(row, "total"), ("handled", party), ("handled", "total")]
    if rng.random() < 0.7:
        return desk.off([*stale, ("received", party), ("received", "total")], -few)
    open_ = desk.off([("carried_out", party), ("carried_out", "total")], few)
    done = desk.off(stale, -few)
    return {**done, **open_} if done and open_ else None


def _miscounted(desk: Desk) -> Damage | None:
    return desk.off([desk.cell()], desk.rng.choice((-3, -2, -1, 1, 2, 3)))


def _row_left(with_total: bool) -> Human:
    """A row is left at 0, with its total or without."""

    def mistake(desk: Desk) -> Damage | None:
        cell = desk.filled()
        columns = (*PARTIES, "total") if with_total else PARTIES
        return desk.typed([(f"requests.{cell[0]}.{column}", 0) for column in columns]) if cell else None

    return mistake


def _column_left(desk: Desk) -> Damage | None:
    """The column of one kind of applicants is left at 0; the totals know it."""
    cell = desk.filled()
    return desk.typed([(f"requests.{row}.{cell[1]}", 0) for row in desk.rows]) if cell else None


def _totals_left(what: int | None) -> Human:
    return lambda desk: desk.typed(
        [(f"requests.{row}.total", what) for row in desk.rows if desk.requests(row, "total")]
    )


def _total_left(desk: Desk) -> Damage | None:
    """One total is left at 0: of a row, or of a column."""
    keys = [f"requests.{row}.total" for row in desk.rows] + [f"requests.handled.{party}" for party in PARTIES]
    filled = [key for key in keys if desk.clean[key]]
    return {desk.rng.choice(filled): 0} if filled else None


def _moved(by: Callable[[Desk, Cell], Cell | None]) -> Human:
    """A number in another cell, over what belongs there or added to it; its own is 0."""

    def mistake(desk: Desk) -> Damage | None:
        cell = desk.filled()
        other = by(desk, cell) if cell else None
        if not cell or not other:
            return None
        number = desk.requests(*cell) + desk.rng.choice((0, desk.requests(*other)))
        return desk.typed([(f"requests.{'.'.join(cell)}", 0), (f"requests.{'.'.join(other)}", number)])

    return mistake


def _next(names: Sequence[str], name: str, rng: random.Random) -> str | None:
    place = names.index(name) + rng.choice((1, -1))
    return names[place] if 0 <= place < len(names) else None


def _next_row(desk: Desk, cell: Cell) -> Cell | None:
    row = _next(desk.rows, cell[0], desk.rng)
    return (row, cell[1]) if row else None


def _next_column(desk: Desk, cell: Cell) -> Cell | None:
    column = _next(PARTIES, cell[1], desk.rng)
    return (cell[0], column) if column else None


def _any_row(desk: Desk, cell: Cell) -> Cell | None:
    rows = [row for row in desk.rows if row not in (*ENDS, "handled", cell[0])]
    return (desk.rng.choice(rows), cell[1]) if cell[0] not in ENDS else None


def _pasted_low(desk: Desk) -> Damage | None:
    """A column, or only its results, one row too low; what stands below is lost, and the first cell is 0."""
    cell = desk.filled()
    rows = desk.rows if desk.rng.random() < 0.5 else desk.rows[2:-2]
    if not cell:
        return None
    numbers = [0, *(desk.requests(row, cell[1]) for row in rows[:-1])]
    return desk.typed((f"requests.{row}.{cell[1]}", number) for row, number in zip(rows, numbers, strict=True))


def _last_year(desk: Desk) -> Damage | None:
    """A cell that was not typed over in last year's file."""
    row, party = desk.cell()
    return desk.typed([(f"requests.{row}.{party}", desk.last[f"requests.{row}.{party}"])])


def _last_column(desk: Desk) -> Damage | None:
    """A column that was not typed over in last year's file; the totals are new."""
    cell = desk.filled()
    return (
        desk.typed((key, desk.last[key]) for row in desk.rows if (key := f"requests.{row}.{cell[1]}")) if cell else None
    )


def _slip(kind: str, table: str) -> Human:
    """One number of the table, mistyped; the fields are those that have enough digits for it."""

    def mistake(desk: Desk) -> Damage | None:
        keys = [
            _Key(key)
            for key, number in desk.clean.items()
            if key.startswith(table) and (number or desk.rng.random() < 0.05)
        ]
        return ONE[kind](desk.rng, None, keys, desk.clean) if keys else None  # type: ignore[arg-type]

    return mistake


@dataclass(frozen=True, slots=True)
class _Key:
    """All that a slip asks of a field."""

    key: str


# 复议诉讼: a group stands under one relation only.


def _group(change: Callable[[random.Random, list[int], list[int]], list[int] | None]) -> Human:
    """A mistake in one group: from its outcomes and its total to what is typed."""

    def mistake(desk: Desk) -> Damage | None:
        groups = [group for group in GROUPS if desk.clean[f"disputes.{group}.total"]]
        if not groups:
            return None
        group = desk.rng.choice(groups)
        keys = [f"disputes.{group}.{name}" for name in (*OUTCOMES, "total")]
        numbers = change(desk.rng, [desk.clean[key] for key in keys], [desk.last[key] for key in keys])
        return desk.typed(zip(keys, numbers, strict=True)) if numbers else None

    return mistake


def _with(numbers: list[int], place: int, number: int) -> list[int]:
    return [*numbers[:place], number, *numbers[place + 1 :]]


def _some(rng: random.Random, numbers: list[int]) -> int:
    """The place of an outcome that is not 0."""
    return rng.choice([place for place, number in enumerate(numbers[:-1]) if number])


def _group_late(rng: random.Random, numbers: list[int], last: list[int]) -> list[int]:
    return _with(numbers, -1 + len(numbers), numbers[-1] - min(numbers[-1], rng.choice((1, 1, 2, 3))))


def _group_miscounted(rng: random.Random, numbers: list[int], last: list[int]) -> list[int]:
    place = rng.randrange(len(numbers))
    return _with(numbers, place, numbers[place] + rng.choice((-3, -2, -1, 1, 2, 3)))


def _group_copied(rng: random.Random, numbers: list[int], last: list[int]) -> list[int]:
    place, other = rng.sample(range(len(numbers)), 2)
    return _with(numbers, place, numbers[other])


def _group_last(rng: random.Random, numbers: list[int], last: list[int]) -> list[int]:
    place = rng.randrange(len(numbers))
    return _with(numbers, place, last[place])


REQUESTS: dict[str, Human] = {
    "forgotten": _forgotten,
    "forgotten with row total": _forgotten_along("row"),
    "forgotten with column total": _forgotten_along("column"),
    "forgotten with all totals": _forgotten_along("both"),
    "row left at 0": _row_left(with_total=False),
    "row left at 0 with total": _row_left(with_total=True),
    "column left at 0": _column_left,
    "total left at 0": _total_left,
    "total column left at 0": _totals_left(0),
    "total column left blank": _totals_left(None),
    "added late to a result": _late,
    "wrong with row total": _propagated("row"),
    "wrong with column total": _propagated("column"),
    "miscounted": _miscounted,
    "in the next row": _moved(_next_row),
    "in the next column": _moved(_next_column),
    "in another result row": _moved(_any_row),
    "column one row low": _pasted_low,
    "last year's number": _last_year,
    "last year's column": _last_column,
    **{kind: _slip(kind, "requests") for kind in ("replaced digit", "swapped digits", "dropped digit", "added digit")},
}
DISPUTES: dict[str, Human] = {
    "disputes: forgotten": _group(lambda rng, numbers, last: _with(numbers, _some(rng, numbers), 0)),
    "disputes: total left at 0": _group(lambda rng, numbers, last: _with(numbers, 4, 0)),
    "disputes: added late": _group(_group_late),
    "disputes: miscounted": _group(_group_miscounted),
    "disputes: copied": _group(_group_copied),
    "disputes: last year's": _group(_group_last),
    **{
        f"disputes: {kind}": _slip(kind, "disputes")
        for kind in ("replaced digit", "swapped digits", "dropped digit", "added digit")
    },
}


def _two(desk: Desk) -> Damage | None:
    """Two mistakes in the requests, of whatever kind, in different cells."""
    one, other = (REQUESTS[desk.rng.choice(list(REQUESTS))](desk) for _ in range(2))
    return {**one, **other} if one and other and not one.keys() & other.keys() else None


KINDS = {**REQUESTS, **DISPUTES, "two of these": _two}
