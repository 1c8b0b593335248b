"""What checking came to: the file's entry of ``results.json``, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from xlcheck.campaign.ledger.replies import enter_workbook_replies
from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import CHECKS, WARNINGS
from xlcheck.campaign.ledger.texts import cells_in, text_of_cells
from xlcheck.campaign.ledger.values import ArrivalCheck, ArrivalWarning
from xlcheck.model.errors import LedgerTrouble
from xlcheck.results.record import record


def enter_check(
    connection: Connection,
    arrival: int,
    at: int,
    version: str,
    entry: str,
    *,
    copy: str = "",
    suffix: str = "",
    last_year: str = "",
    drawn: str = "",
    moved: bool = False,
) -> ArrivalCheck:
    """Enter what checking an arrival came to, with the explanations that stand in the file itself.

    Args:
        connection: of the ledger, for writing.
        arrival: which.
        at: when it was checked.
        version: of xlcheck.
        entry: the file's entry in ``results.json``.
        copy: digest of the annotated copy, which is kept already; or empty.
        suffix: how the copy's name ends; or empty.
        last_year: what it was compared with, for a clerk; or empty.
        drawn: digest of what the form with red cells is drawn from, kept already; or empty.
        moved: whether it went to another unit, so that what was answered to its explanations is not of it.
    """
    read = record(json.loads(entry))
    counts = read.tally
    new = ArrivalCheck(
        0, arrival, at, version, read.status, counts.needs_review, counts.errors, counts.warnings, copy, suffix, last_year,
        drawn, entry,
    )  # fmt: skip
    check = add_row(connection, CHECKS, {**new._asdict(), "copy": copy or None, "drawn": drawn or None})
    warnings = [line for line in read.lines if line.severity == "warning"]
    keys = dict.fromkeys((line.code, text_of_cells(line.cells)) for line in warnings)
    if keys:
        connection.execute(insert(WARNINGS), [{"check": check, "code": code, "cells": cells} for code, cells in keys])
    enter_workbook_replies(connection, arrival, [line for line in warnings if line.explanation], at, anew=moved)
    return new._replace(id=check)


_COLUMNS = [CHECKS.c[name] for name in ArrivalCheck._fields]


def check_of(connection: Connection, arrival: int) -> ArrivalCheck | None:
    """What checking an arrival came to last."""
    wanted = select(*_COLUMNS).where(CHECKS.c.arrival == arrival).order_by(CHECKS.c.id.desc()).limit(1)
    row = connection.execute(wanted).first()
    return _check(row) if row else None


def checks_of(connection: Connection, arrivals: Sequence[int]) -> dict[int, ArrivalCheck]:
    """What checking each of several arrivals came to last."""
    newest = select(func.max(CHECKS.c.id)).where(CHECKS.c.arrival.in_(arrivals)).group_by(CHECKS.c.arrival)
    found = map(_check, connection.execute(select(*_COLUMNS).where(CHECKS.c.id.in_(newest))))
    return {one.arrival: one for one in found}


def warnings_of(connection: Connection, check: int) -> tuple[ArrivalWarning, ...]:
    """What of a check wants an explanation, in the order of its findings."""
    wanted = select(WARNINGS.c.code, WARNINGS.c.cells).where(WARNINGS.c.check == check).order_by(WARNINGS.c.id)
    return tuple(ArrivalWarning(code, cells_in(cells)) for code, cells in connection.execute(wanted))


def _check(row: Sequence[Any]) -> ArrivalCheck:
    found = ArrivalCheck(*row)
    try:
        json.loads(found.entry)
    except ValueError as error:
        raise LedgerTrouble(f"台账里第 {found.arrival} 号材料的审核结果读不出来，台账已损坏；请从备份恢复") from error
    return found._replace(copy=found.copy or "", drawn=found.drawn or "")
