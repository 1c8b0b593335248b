"""How a campaign stands, as JSON for programs and as text for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from xlcheck import __version__
from xlcheck.campaign.history import CampaignRound, History
from xlcheck.campaign.ledger.arrivals import unowned_arrivals
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.letter_turns import LetterTurn
from xlcheck.campaign.ledger.standings import STATE_WORDS, UNIT_STATES, UnitStanding
from xlcheck.campaign.ledger.unowned import unowned_of
from xlcheck.campaign.ledger.values import DECISION_WORDS, WAY_WORDS, Campaign, CampaignArrival, CampaignTerms
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.report.tally import notice_tally
from xlcheck.mail.sending.lists import STATES
from xlcheck.mail.sending.plan import KINDS
from xlcheck.model.text import clean
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.writing import SCHEMA

if TYPE_CHECKING:
    from xlcheck.campaign.document import CampaignJson, StatementJson, UnitStandingJson


class UnownedArrival(NamedTuple):
    """Something of which nobody knows whose it is."""

    arrival: CampaignArrival
    reason: str
    """Why, in a clerk's words."""


class CampaignStatement(NamedTuple):
    """How a campaign stands at a moment."""

    campaign: Campaign
    terms: CampaignTerms
    units: tuple[UnitStanding, ...]
    """In the order of the list; those that need not hand in are there where they did."""
    unowned: tuple[UnownedArrival, ...]

    @property
    def is_done(self) -> bool:
        """Whether every unit passed, and nothing waits to be assigned."""
        return not self.unowned and all(one.state == "passed" for one in self.units)


def statement_of(opened: OpenCampaign, now: int) -> CampaignStatement:
    """How a campaign stands now."""
    terms = opened.terms
    with reading(opened.engine) as connection:
        units = unit_standings(connection, opened.campaign.id, now)
        arrivals = unowned_arrivals(connection, opened.campaign.id)
        why = unowned_of(connection, [one.id for one in arrivals])
    unowned = tuple(UnownedArrival(one, why[one.id].reason) for one in arrivals)
    return CampaignStatement(opened.campaign, terms, units, unowned)


# --- for people ------------------------------------------------------------------------------------------------------


def statement_text(told: CampaignStatement, *, whole: bool = False) -> str:
    """What a person reads of it, ending with a line end; without `whole` units that passed are only counted."""
    terms, day = told.terms, told.terms.deadline
    head = [f"{told.campaign.year} 年", told.campaign.name, terms.office]
    head += [f"截止 {day.isoformat()}"] if day else []
    tally = notice_tally(told.units)
    said = [f"应报 {tally.due}", *(f"{STATE_WORDS[state]} {len(tally.of(state))}" for state in reversed(UNIT_STATES))]
    said += [f"另有不要求单独报送的 {len(tally.besides)}"] if tally.besides else []
    shown = [one for one in told.units if whole or one.state != "passed"]
    lines = ["　".join(filter(None, head)), "　".join(said)]
    lines += [_unit_line(one) for one in sorted(shown, key=lambda one: UNIT_STATES.index(one.state))]
    lines += [
        f"归属不明　编号 {one.arrival.id}　{one.arrival.name}　{said_time(one.arrival.at)}　{one.reason}"
        for one in told.unowned
    ]
    return _text(lines)


def _unit_line(one: UnitStanding) -> str:
    parts = [STATE_WORDS[one.state], one.unit.unit.name]
    if one.number:
        parts += [f"第 {one.number} 次", said_time(one.at)]
    parts += [f"强制性 {one.errors} 处"] if one.errors else []
    parts += [f"待说明 {one.unexplained} 处"] if one.unexplained else []
    parts += [f"待审说明 {one.unanswered} 处"] if one.unanswered else []
    parts += ["晚于截止日期"] if one.is_late and one.number else []
    parts += [f"已催 {one.reminded} 次"] if one.reminded else []
    return "　".join(parts)


def history_text(history: History) -> str:
    """What a person reads of one unit's year, newest round first."""
    unit, standing = history.unit.unit, history.standing
    head = ["　".join(filter(None, (unit.name, unit.code, unit.contact, unit.phone)))]
    lines = [*head, STATE_WORDS[standing.state] if standing else "不用报送"]
    for one in history.rounds:
        lines += _round_lines(one)
    for reminder in history.reminders:
        way = {"phone": "电话", "letter": "信件"}[reminder.way]
        lines.append(f"催报（{way}）　{said_time(reminder.at)}　{reminder.by}　{_one_line(reminder.note)}".rstrip("　"))
    lines += (
        f"信函　{said_time(one.at)}　{letter_says(one)}　{one.recipients}".rstrip("　") for one in history.letters
    )
    return _text(lines)


def letter_says(turn: LetterTurn) -> str:
    """What became of a letter."""
    return f"{KINDS[turn.kind]}：{STATES[turn.state]}{f'（{turn.note}）' if turn.note else ''}"


def _round_lines(one: CampaignRound) -> Iterable[str]:
    arrival, counts = one.arrival, one.file.tally
    yield (
        f"第 {arrival.number} 次　{said_time(arrival.at)}　{WAY_WORDS[arrival.way]}　{arrival.name}　{one.says}"
        f"　强制性 {counts.errors} 处，核实性 {counts.warnings} 处　回执 {arrival.receipt}"
    )
    if one.closed or one.new or one.remaining:
        yield f"  比上次：改好 {len(one.closed)} 处，还剩 {len(one.remaining)} 处，新出现 {len(one.new)} 处"
    for cell in one.changed:
        advice = "按建议" if cell.is_as_advised else f"建议 {cell.advised}" if cell.advised else ""
        yield f"  {cell.cell} {cell.says}：{cell.old or '（空）'} → {cell.new or '（空）'}{f'（{advice}）' if advice else ''}"
    for line in one.file.lines:
        yield f"  {line.code} {line.message}"
    for warning in one.warnings:
        if warning.reply:
            answer = {None: "待审", True: "采纳", False: "不采纳"}[warning.answer.accepted if warning.answer else None]
            yield f"  说明 {warning.code}：{_one_line(warning.reply.text)}（{answer}）"
    for decision in one.decisions:
        yield f"  {DECISION_WORDS[decision.kind]}　{said_time(decision.at)}　{decision.by}　{_one_line(decision.note)}".rstrip(
            "　"
        )


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{clean(line)}\n" for line in lines)


# --- for programs ----------------------------------------------------------------------------------------------------


def statement_json(told: CampaignStatement) -> StatementJson:
    """The document of ``xlcheck campaign status --format json``."""
    counts = Counter(one.state for one in told.units)
    return {
        "xlcheck": __version__,
        "schema": SCHEMA,
        "campaign": campaign_json(told.campaign, told.terms),
        "counts": {state: counts[state] for state in UNIT_STATES},  # type: ignore[typeddict-item]
        "units": [unit_json(one) for one in told.units],
        "unassigned": [
            {"id": one.arrival.id, "name": one.arrival.name, "at": one.arrival.at, "reason": one.reason}
            for one in told.unowned
        ],
    }


def campaign_json(campaign: Campaign, terms: CampaignTerms) -> CampaignJson:
    """What is collected, for programs."""
    return {
        "form": campaign.form,
        "year": campaign.year,
        "name": campaign.name,
        "office": terms.office,
        "deadline": terms.deadline.isoformat() if terms.deadline else None,
    }


def unit_json(one: UnitStanding) -> UnitStandingJson:
    """How a unit stands, for programs."""
    unit = one.unit.unit
    return {
        "name": unit.name,
        "code": unit.code,
        "state": one.state,
        "number": one.number,
        "at": one.at or None,
        "late": one.is_late,
        "errors": one.errors,
        "warnings": one.warnings,
        "unexplained": one.unexplained,
        "unanswered": one.unanswered,
        "decision": one.decision or None,  # type: ignore[typeddict-item]
        "reminded": one.reminded,
    }
