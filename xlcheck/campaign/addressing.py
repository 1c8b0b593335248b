"""Who gets which letter of a campaign, and who gets none and why: decided from the ledger alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from sqlalchemy import Connection

from xlcheck.campaign.explained import as_explained
from xlcheck.campaign.ledger.arrivals import arrival_of
from xlcheck.campaign.ledger.checks import check_of
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.replies import answers_of, replies_of, standing_answers, standing_replies
from xlcheck.campaign.ledger.standings import UnitStanding, UnitState
from xlcheck.files.names import original_name
from xlcheck.mail.sending.attachment import copy_name
from xlcheck.mail.sending.plan import (
    ENCLOSING,
    KINDS,
    NO_COPY,
    Draft,
    LetterKind,
    Plan,
    Unasked,
    Withheld,
    addressed,
    shared_mailboxes,
)
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import of_entry
from xlcheck.roster.units import Unit

LetterTopic = Literal["templates", "results", "reminders"]
"""下发, 发回结果, 催报."""

_OF_STATES: Mapping[UnitState, LetterKind] = {
    "unreadable": "unreadable",
    "returned": "failed",
    "review": "review",
    "passed": "passed",
}
"""The letter that tells a unit how it stands."""


class LetterWish(NamedTuple):
    """Which letters are asked for."""

    topic: LetterTopic
    passed: bool = True
    """Whether units that passed are told so."""
    round: int | None = None
    """Which reminder, or which time templates go out; None for the one that is under way."""
    units: Collection[int] | None = None
    """The numbers of the units that are meant; None for all."""


class CopyToSend(NamedTuple):
    """An annotated copy that is kept in the ledger."""

    digest: str
    name: str
    """What the letter calls it."""
    original: str
    """The name of the file that it is the copy of."""
    year: int | None
    """报告年度 on its cover."""


class DecidedLetters(NamedTuple):
    """What is to be written, and to whom."""

    plan: Plan
    copies: Mapping[Unit, CopyToSend]
    """What goes with the letters of results, as far as they have something."""
    units: tuple[Unit, ...]
    """All that are meant, in the order of the list."""
    concerned: tuple[Unit, ...]
    """Whose letters of earlier runs, as far as they never left, are meant no more unless they are written again."""
    kinds: Collection[LetterKind]
    """Of these kinds."""


def decide_campaign_letters(connection: Connection, campaign: int, wish: LetterWish, now: int) -> DecidedLetters:
    """Decide on a letter for each unit that is meant."""
    standings = [
        one for one in unit_standings(connection, campaign, now) if wish.units is None or one.unit.id in wish.units
    ]
    if wish.topic == "results":
        return _results(connection, standings, wish)
    kind: LetterKind = "template" if wish.topic == "templates" else "reminder"
    decided = [_asked(one, kind) for one in standings]
    units = tuple(one.unit.unit for one in standings)
    return DecidedLetters(_plan(decided), {}, units, units, (kind,))


def _asked(standing: UnitStanding, kind: LetterKind) -> Draft | Withheld | Unasked:
    """A letter to a unit that handed in nothing yet."""
    unit = standing.unit.unit
    if standing.number:
        return Unasked(unit, f"已经报送（第 {standing.number} 次），不{KINDS[kind]}")
    return addressed(unit, kind, None)


def _plan(decided: Sequence[Draft | Withheld | Unasked]) -> Plan:
    drafts = tuple(one for one in decided if isinstance(one, Draft))
    withheld = tuple(one for one in decided if isinstance(one, Withheld))
    unasked = tuple(one for one in decided if isinstance(one, Unasked))
    return Plan(drafts, withheld, unasked, shared_mailboxes(drafts))


# --- results ---------------------------------------------------------------------------------------------------------


def _results(connection: Connection, standings: Sequence[UnitStanding], wish: LetterWish) -> DecidedLetters:
    decided: list[Draft | Withheld | Unasked] = []
    copies = {}
    concerned = []
    for standing in standings:
        unit = standing.unit.unit
        if standing.arrival is None:
            decided.append(Unasked(unit, "没有报送；要催报的，请发催报信"))
            continue
        concerned.append(unit)
        one, copy = _result(connection, standing, standing.arrival, wish)
        decided.append(one)
        if copy is not None:
            copies[unit] = copy
    units = tuple(one.unit.unit for one in standings)
    return DecidedLetters(_plan(decided), copies, units, tuple(concerned), tuple(KINDS))


def _result(
    connection: Connection, standing: UnitStanding, arrival: int, wish: LetterWish
) -> tuple[Draft | Withheld | Unasked, CopyToSend | None]:
    unit = standing.unit.unit
    if standing.state == "passed" and not wish.passed:
        return Unasked(unit, "审核通过，没有要求告知"), None
    if standing.unanswered and standing.state in ("passed", "review"):
        said = f"有 {standing.unanswered} 条情况说明还没有答复，采纳或者退回以后再告知结果"
        return Unasked(unit, said), None
    check = check_of(connection, arrival)
    if check is None:
        return Withheld(unit, "报送的文件还没有审核"), None
    record = as_explained(connection, arrival, of_entry(check.entry))
    kind = _OF_STATES[standing.state]
    if kind not in ENCLOSING or not record.lines:
        return addressed(unit, kind, record, _remarks(connection, arrival)), None
    name = arrival_of(connection, arrival).name
    if not check.copy:
        reason = NO_COPY if record.document == "text" else "没有审核副本；请把问题另行告知"
        return Withheld(unit, f"“{quote(name)}”{reason}"), None
    copy = CopyToSend(check.copy, copy_name(record.annotated), original_name(name), record.year)
    draft = addressed(unit, kind, record, _remarks(connection, arrival))
    # That the file is the unit's own, whatever its cover calls it, was decided when it was taken in.
    return (draft._replace(cover=Unit(record.unit, record.unit_code)) if isinstance(draft, Draft) else draft), copy


def _remarks(connection: Connection, arrival: int) -> tuple[str, ...]:
    """What the office says of it in its own words: of the whole, and of explanations that do not stand."""
    decision = decision_of(connection, arrival)
    answers = standing_answers(answers_of(connection, arrival))
    said = [decision.note] if decision else []
    for reply in standing_replies(replies_of(connection, arrival)).values():
        answer = answers.get(reply.id)
        if answer is not None and not answer.accepted:
            why = f"：{answer.note}" if answer.note else ""
            said.append(f"{reply.code} 的情况说明“{quote(reply.text)}”没有采纳{why}")
    return tuple(filter(None, said))
