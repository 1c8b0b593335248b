"""What units say of warnings, and what the office answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.newest import refuse_unless_newest
from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import ANSWERS, CHECKS, REPLIES, WARNINGS
from xlcheck.campaign.ledger.texts import cells_in, entered_note, text_of_cells
from xlcheck.campaign.ledger.values import ActRefused, OfficeAnswer, WarningReply
from xlcheck.results.record import Line

REPLY_COLUMNS = tuple(REPLIES.c[name] for name in WarningReply._fields)

IN_WORKBOOK = "填报表"
"""Who says what stands in the file itself."""


def enter_reply(
    connection: Connection, arrival: int, code: str, cells: Sequence[str], text: str, at: int, by: str
) -> WarningReply:
    """What a unit says of a warning of what it handed in last.

    Raises:
        ActRefused: there is no such warning, nothing is said, or the unit handed in again since.
    """
    refuse_unless_newest(connection, arrival)
    newest = select(func.max(CHECKS.c.id)).where(CHECKS.c.arrival == arrival).scalar_subquery()
    same = select(WARNINGS.c.id).filter_by(code=code, cells=text_of_cells(cells)).where(WARNINGS.c.check == newest)
    if connection.execute(same).first() is None:
        raise ActRefused(f"这次报送没有 {code} 这一条需要说明的提示，请刷新页面后再看")
    if not entered_note(text):
        raise ActRefused("请写明情况说明")
    said = standing_replies(replies_of(connection, arrival)).get((code, tuple(cells)))
    if said is not None and said.text == entered_note(text):
        return _said_again(connection, said)
    new = WarningReply(0, arrival, code, tuple(cells), entered_note(text), at, by)
    return new._replace(id=add_row(connection, REPLIES, {**new._asdict(), "cells": text_of_cells(cells)}))


def _said_again(connection: Connection, said: WarningReply) -> WarningReply:
    """What stands, which is said once more in the same words.

    Raises:
        ActRefused: the office turned it down.
    """
    answer = standing_answers(answers_of(connection, said.arrival)).get(said.id)
    if answer is not None and not answer.accepted:
        raise ActRefused("这条说明办公室没有采纳，请改写后再交")
    return said


def enter_workbook_replies(
    connection: Connection, arrival: int, lines: Iterable[Line], at: int, *, anew: bool = False
) -> None:
    """What the file itself says of its warnings; what it said before already is said again only where it is to be said anew."""
    said = {} if anew else standing_replies(replies_of(connection, arrival))
    told = {(line.code, line.cells): entered_note(line.explanation) for line in lines}
    new = [
        {"arrival": arrival, "code": code, "cells": text_of_cells(cells), "text": text, "at": at, "by": IN_WORKBOOK}
        for (code, cells), text in told.items()
        if (code, cells) not in said
    ]
    if new:
        connection.execute(insert(REPLIES), new)


def refuse_page_replies(connection: Connection, arrival: int, note: str, at: int, by: str) -> None:
    """Explanations of an arrival that do not stand in its file hold no more."""
    for reply in standing_replies(replies_of(connection, arrival)).values():
        if reply.by != IN_WORKBOOK:
            add_row(connection, ANSWERS, OfficeAnswer(0, reply.id, False, note, at, by)._asdict())


def replies_of(connection: Connection, arrival: int) -> tuple[WarningReply, ...]:
    """All that was said of an arrival's warnings, oldest first."""
    wanted = select(*REPLY_COLUMNS).where(REPLIES.c.arrival == arrival).order_by(REPLIES.c.id)
    return tuple(map(reply_of_row, connection.execute(wanted)))


def standing_replies(replies: Iterable[WarningReply]) -> dict[tuple[str, tuple[str, ...]], WarningReply]:
    """By code and cells what counts of what was said, where it is given oldest first."""
    return {(one.code, one.cells): one for one in replies}


def standing_answers(answers: Iterable[OfficeAnswer]) -> dict[int, OfficeAnswer]:
    """By the number of the explanation what counts of what was answered, where it is given oldest first."""
    return {one.reply: one for one in answers}


def reply_of_row(row: Sequence[Any]) -> WarningReply:
    """What a row of :data:`REPLY_COLUMNS` says."""
    found = WarningReply(*row)
    return found._replace(cells=cells_in(row[3]))


def arrival_of_reply(connection: Connection, reply: int) -> int:
    """The number of the arrival that an explanation is about.

    Raises:
        LookupError: there is no such explanation.
    """
    found = connection.execute(select(REPLIES.c.arrival).where(REPLIES.c.id == reply)).scalar()
    if found is None:
        raise LookupError(reply)
    return int(found)


def enter_answer(connection: Connection, reply: int, *, accepted: bool, note: str, at: int, by: str) -> OfficeAnswer:
    """What the office says of an explanation.

    Raises:
        ActRefused: the unit says something else since, or handed in again, or the office accepted it all.
        LookupError: there is no such explanation.
    """
    asked = select(REPLIES.c.arrival, REPLIES.c.code, REPLIES.c.cells).where(REPLIES.c.id == reply)
    about = connection.execute(asked).first()
    if about is None:
        raise LookupError(reply)
    refuse_unless_newest(connection, about.arrival)
    same = select(func.max(REPLIES.c.id)).filter_by(arrival=about.arrival, code=about.code, cells=about.cells)
    if connection.execute(same).scalar() != reply:
        raise ActRefused("该单位已经改写了这条说明，请看新的说明")
    decided = decision_of(connection, about.arrival)
    if not accepted and decided and decided.kind == "accepted":
        raise ActRefused("这次报送已经审核通过；说明不能采纳时，请退回这次报送")
    new = OfficeAnswer(0, reply, accepted, entered_note(note), at, by)
    return new._replace(id=add_row(connection, ANSWERS, new._asdict()))


def answers_of(connection: Connection, arrival: int) -> tuple[OfficeAnswer, ...]:
    """All that the office answered to explanations of an arrival, oldest first."""
    columns = [ANSWERS.c[name] for name in OfficeAnswer._fields]
    joined = ANSWERS.join(REPLIES, REPLIES.c.id == ANSWERS.c.reply)
    wanted = select(*columns).select_from(joined).where(REPLIES.c.arrival == arrival).order_by(ANSWERS.c.id)
    return tuple(OfficeAnswer(*row) for row in connection.execute(wanted))
