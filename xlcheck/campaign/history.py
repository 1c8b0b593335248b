"""One unit's year: all that it handed in, round beside round, what changed between them, and whether that was what we suggested."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xlcheck.campaign.acts import unit_in
from xlcheck.campaign.comparing import is_compared_with
from xlcheck.campaign.ledger.arrivals import arrivals_of
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decisions_of
from xlcheck.campaign.ledger.facts import round_states, unit_standing
from xlcheck.campaign.ledger.letter_turns import LetterTurn, letter_turns
from xlcheck.campaign.ledger.reminders import reminders_of
from xlcheck.campaign.ledger.replies import answers_of, replies_of, standing_answers, standing_replies
from xlcheck.campaign.ledger.standings import UnitStanding, UnitState
from xlcheck.campaign.ledger.values import (
    ArrivalCheck,
    CampaignArrival,
    CampaignUnit,
    Decision,
    OfficeAnswer,
    Reminder,
    WarningReply,
)
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import CONCLUSIONS
from xlcheck.results.record import Record, record
from xlcheck.tasks.given import form_of

if TYPE_CHECKING:
    from xlcheck.model.form import Form
    from xlcheck.results.document import FileJson, FindingJson


class ChangedCell(NamedTuple):
    """A cell that holds something else than in the round before."""

    field: str
    """Its key."""
    says: str
    """What it is called."""
    cell: str
    """``依申请公开!D5``."""
    old: str
    new: str
    advised: str
    """What we suggested that it should hold; of several what it holds now, or else the first. Empty where we suggested nothing."""
    is_certain: bool
    """Whether we were sure of it."""

    @property
    def is_as_advised(self) -> bool:
        """Whether it holds what we suggested."""
        return bool(self.advised) and self.new == self.advised


class ToldWarning(NamedTuple):
    """A warning, with what the unit says of it and what the office answers."""

    code: str
    cells: tuple[str, ...]
    message: str
    reply: WarningReply | None
    answer: OfficeAnswer | None


class CampaignRound(NamedTuple):
    """One time that a unit handed in."""

    arrival: CampaignArrival
    check: ArrivalCheck
    file: Record
    """What was found in it."""
    closed: tuple[str, ...]
    """What was found in the round before and is gone: messages."""
    new: tuple[int, ...]
    """Numbers (from 0) of findings that were not there in the round before."""
    remaining: tuple[int, ...]
    """Numbers (from 0) of findings that were there in the round before."""
    changed: tuple[ChangedCell, ...]
    warnings: tuple[ToldWarning, ...]
    decisions: tuple[Decision, ...]
    """What the office decided, oldest first; the last one counts."""
    state: UnitState
    """What it came to by itself."""

    @property
    def decision(self) -> str:
        """``accepted``, ``returned``, or empty where nothing holds."""
        kind = self.decisions[-1].kind if self.decisions else "withdrawn"
        return "" if kind == "withdrawn" else kind

    @property
    def says(self) -> str:
        """What became of it, in a clerk's words."""
        if self.decision:
            return {"accepted": "通过（办公室确认）", "returned": "退改"}[self.decision]
        # What was explained on the page, and what was turned down, the file itself does not know.
        return CONCLUSIONS[self.state if self.state in ("passed", "review") else self.file.tally.conclusion]


class History(NamedTuple):
    """All that stands in the ledger of a unit."""

    unit: CampaignUnit
    standing: UnitStanding | None
    """None where it need not hand in, and did not, or is on the list no more."""
    rounds: tuple[CampaignRound, ...]
    """Newest first."""
    reminders: tuple[Reminder, ...]
    """First to last."""
    letters: tuple[LetterTurn, ...]
    """What became of its letters, first to last."""


def history_of(opened: OpenCampaign, unit: int, now: int) -> History:
    """What became of a unit until now.

    Raises:
        ActRefused: it is none of the campaign's.
        LedgerTrouble: the ledger cannot be read.
    """
    form = form_of(opened.form)
    with reading(opened.engine) as connection:
        found = unit_in(connection, opened, unit)
        arrivals = arrivals_of(connection, unit)
        checks = checks_of(connection, [one.id for one in arrivals])
        states = round_states(connection, list(checks))
        rounds: list[CampaignRound] = []
        before: _Before | None = None
        for arrival in arrivals:
            if arrival.id not in checks:
                continue
            file: FileJson = json.loads(checks[arrival.id].entry)
            rounds.append(_round(connection, arrival, checks[arrival.id], file, before, form, states[arrival.id]))
            if file["status"] != "unreadable":
                before = _Before(arrival, file)
        standing = unit_standing(connection, opened.campaign.id, unit, now)
        return History(
            found, standing, tuple(reversed(rounds)), reminders_of(connection, unit), letter_turns(connection, unit)
        )


class _Before(NamedTuple):
    """The round before, as far as it could be read."""

    arrival: CampaignArrival
    file: FileJson


def _round(
    connection: Connection,
    arrival: CampaignArrival,
    check: ArrivalCheck,
    file: FileJson,
    before: _Before | None,
    form: Form,
    state: UnitState,
) -> CampaignRound:
    previous = file.get("previous")
    if before is None or previous is None or not is_compared_with(previous["path"], before.arrival):
        # What came out of order stands between the two since: what became of that one's findings is not known.
        previous = None
    changed = previous["changed"] if previous else []
    advice = _advice(before.file) if before else {}
    return CampaignRound(
        arrival,
        check,
        record(file),
        tuple(one["message"] for one in previous["closed"]) if previous else (),
        tuple(previous["new"]) if previous else (),
        tuple(previous["remaining"]) if previous else (),
        tuple(
            _changed(form, one["field"], one["cell"], one["old"], one["new"], advice.get(one["field"], ()))
            for one in changed
        ),
        _warnings(connection, arrival.id, file["findings"]),
        decisions_of(connection, arrival.id),
        state,
    )


def _changed(form: Form, key: str, cell: str, old: str, new: str, advised: Sequence[tuple[str, bool]]) -> ChangedCell:
    said, certain = next((one for one in advised if one[0] == new), advised[0] if advised else ("", False))
    return ChangedCell(key, form.by_key[key].says if key in form.by_key else key, cell, old, new, said, certain)


def _advice(file: FileJson) -> Mapping[str, Sequence[tuple[str, bool]]]:
    """By field what we suggested that it should hold, and whether we were sure; what we were sure of comes first."""
    sure = [
        change
        for cause in file["causes"]
        if cause["certain"]
        for changes in cause["explanations"][:1]
        for change in changes
    ]
    other = [change for cause in file["causes"] for changes in cause["explanations"] for change in changes]
    other += [change for finding in file["findings"] for change in finding["suggestions"]]
    found: dict[str, list[tuple[str, bool]]] = {}
    for certain, changes in ((True, sure), (False, other)):
        for change in changes:
            found.setdefault(change["field"], []).append((change["value"], certain))
    return found


def _warnings(connection: Connection, arrival: int, findings: Sequence[FindingJson]) -> tuple[ToldWarning, ...]:
    """The warnings of a round, each once, with what was said of them."""
    replies = standing_replies(replies_of(connection, arrival))
    answers = standing_answers(answers_of(connection, arrival))
    told: dict[tuple[str, tuple[str, ...]], ToldWarning] = {}
    for finding in findings:
        key = finding["code"], tuple(finding["cells"])
        if finding["severity"] == "warning" and key not in told:
            reply = replies.get(key)
            told[key] = ToldWarning(*key, finding["message"], reply, answers.get(reply.id) if reply else None)
    return tuple(told.values())
